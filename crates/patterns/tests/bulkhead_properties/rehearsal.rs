//! A slow and obviously right model, beside the bulkhead that it is to agree with.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use sandtable_patterns::Instant;
use sandtable_patterns::bulkhead::{
    Bulkhead, BulkheadConfig, BulkheadView, Entry, LimitKind, MOST_PLACES, Outcome, Permit, Place, Refusal, Waiter,
};

pub(crate) const MILLISECOND: u64 = 1_000_000;

#[derive(Clone, Debug)]
pub(crate) enum Op {
    Acquire,
    /// With a longest wait of its own, in ms.
    AcquireWithin(Option<u64>),
    /// Of those under way, the first told of the admitted among them.
    Release(prop::sample::Index, Outcome, u64),
    /// Of all permits there ever were, but for those still out.
    ReleaseAgain(prop::sample::Index),
    /// Of all places there ever were.
    Cancel(prop::sample::Index),
    Resize(u32),
    Wait(u64),
    /// Time as it is moved on by one who keeps every deadline.
    WaitForDeadline,
    TellAdmitted,
    TellTimedOut,
}

pub(crate) fn op() -> impl Strategy<Value = Op> {
    let index = any::<prop::sample::Index>;
    let outcome = prop::sample::select(&[Outcome::Succeeded, Outcome::Dropped, Outcome::Ignored]);
    let size = prop_oneof![10 => 0..6_u32, 1 => Just(u32::MAX)];
    prop_oneof![
        12 => Just(Op::Acquire),
        6 => prop::option::of(0..30_u64).prop_map(Op::AcquireWithin),
        10 => (index(), outcome, 0..40_u64).prop_map(|(at, outcome, latency)| Op::Release(at, outcome, latency)),
        2 => index().prop_map(Op::ReleaseAgain),
        3 => index().prop_map(Op::Cancel),
        2 => size.prop_map(Op::Resize),
        6 => (0..20_u64).prop_map(Op::Wait),
        3 => Just(Op::WaitForDeadline),
        6 => Just(Op::TellAdmitted),
        3 => Just(Op::TellTimedOut),
    ]
}

pub(crate) fn config() -> impl Strategy<Value = BulkheadConfig> {
    let sizes = (0..6_u32, 0..5_u32, prop::option::of(0..30_u32));
    let limits = (prop::sample::select(LimitKind::ALL), 1..8_u32, 1..4_u32, 0..3_u32);
    (sizes, limits).prop_map(|((max_concurrent, max_waiting, wait), (limit, initial_limit, min_limit, sample))| {
        BulkheadConfig {
            max_concurrent,
            max_waiting,
            max_wait_ms: wait.map(f64::from),
            limit,
            initial_limit,
            min_limit,
            late_ms: 30.0,
            sample_ms: f64::from(sample),
            ..Default::default()
        }
    })
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fate {
    Waiting,
    Running,
    TimedOut,
    Cancelled,
    /// Gave its permit back.
    Left,
}

pub(crate) struct Rehearsal {
    bulkhead: Bulkhead,
    config: BulkheadConfig,
    now: Instant,
    max: u32,
    pub limit: u32,
    /// Who waits, in the order of coming.
    waiting: Vec<Waiter>,
    /// Let in, and told so.
    running: Vec<(u64, Permit)>,
    /// Let in, and not told yet: who, since when, and when it was let in.
    admitted: Vec<(u64, Instant, Instant)>,
    /// Over, and not told yet.
    over: Vec<Waiter>,
    pub fates: BTreeMap<u64, Fate>,
    places: Vec<(u64, Place)>,
    old_permits: Vec<Permit>,
    refused: u64,
    timed_out: u64,
}

impl Rehearsal {
    pub(crate) fn new(config: BulkheadConfig) -> Self {
        let bulkhead = Bulkhead::try_new(&config, Instant::ZERO).unwrap();
        let max = config.max_concurrent;
        let limit = match config.limit {
            LimitKind::Fixed => max,
            _ => config.initial_limit.max(config.min_limit).min(max),
        };
        Self {
            bulkhead,
            config,
            now: Instant::ZERO,
            max,
            limit,
            waiting: Vec::new(),
            running: Vec::new(),
            admitted: Vec::new(),
            over: Vec::new(),
            fates: BTreeMap::new(),
            places: Vec::new(),
            old_permits: Vec::new(),
            refused: 0,
            timed_out: 0,
        }
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.running.len() + self.admitted.len()
    }

    /// Whoever's longest wait is over leaves the queue, in the order of the ends and then of coming.
    pub(crate) fn expire(&mut self) {
        while let Some(at) = (0..self.waiting.len())
            .filter(|&at| self.waiting[at].deadline <= self.now)
            .min_by_key(|&at| (self.waiting[at].deadline, at))
        {
            let waiter = self.waiting.remove(at);
            self.fates.insert(waiter.caller, Fate::TimedOut);
            self.timed_out += 1;
            self.over.push(waiter);
        }
    }

    pub(crate) fn admit(&mut self) {
        while self.in_flight() < self.limit as usize && !self.waiting.is_empty() {
            let waiter = self.waiting.remove(0);
            self.fates.insert(waiter.caller, Fate::Running);
            self.admitted.push((waiter.caller, waiter.since, self.now));
        }
    }

    pub(crate) fn step(&mut self, op: &Op) {
        match *op {
            Op::Wait(millis) => self.now = self.now + Duration::from_millis(millis),
            Op::WaitForDeadline => self.now = self.bulkhead.next_deadline().unwrap_or(self.now).max(self.now),
            _ => {}
        }
        self.expire();
        match *op {
            Op::Acquire => {
                let wait = self.config.max_wait_ms.map(|millis| millis as u64);
                let caller = self.fates.len() as u64;
                let entry = self.bulkhead.try_acquire(self.now, caller);
                self.asked(caller, wait, entry);
            }
            Op::AcquireWithin(wait) => {
                let caller = self.fates.len() as u64;
                let entry = self.bulkhead.try_acquire_within(self.now, caller, wait.map(Duration::from_millis));
                self.asked(caller, wait, entry);
            }
            Op::Release(at, outcome, millis) if !self.running.is_empty() => {
                let (caller, permit) = self.running.remove(at.index(self.running.len()));
                self.release(caller, permit, outcome, Duration::from_millis(millis));
            }
            Op::ReleaseAgain(at) if !self.old_permits.is_empty() => {
                let permit = self.old_permits[at.index(self.old_permits.len())];
                let release = self.bulkhead.on_release(self.now, permit, Outcome::Dropped, Duration::ZERO);
                assert!(!release.counted && release.limit.from == self.limit && release.limit.to == self.limit);
            }
            Op::Cancel(at) if !self.places.is_empty() => {
                let (caller, place) = self.places[at.index(self.places.len())];
                let waits = self.fates[&caller] == Fate::Waiting;
                assert_eq!(self.bulkhead.cancel(self.now, place), waits);
                if waits {
                    self.waiting.retain(|waiter| waiter.caller != caller);
                    self.fates.insert(caller, Fate::Cancelled);
                }
            }
            Op::Resize(size) => {
                let change = self.bulkhead.resize(self.now, size);
                assert_eq!(change.from, self.limit);
                self.max = size.min(MOST_PLACES);
                self.take_on_limit(change.to);
            }
            Op::TellAdmitted => self.tell_admitted(),
            Op::TellTimedOut => self.tell_timed_out(),
            _ => {}
        }
        self.compare();
    }

    pub(crate) fn asked(&mut self, caller: u64, wait: Option<u64>, entry: Entry) {
        let deadline = wait.map_or(Instant::FAR_FUTURE, |millis| self.now + Duration::from_millis(millis));
        let fate = if self.in_flight() < self.limit as usize {
            let permit = entry.permit().expect("a slot is free");
            self.running.push((caller, permit));
            Fate::Running
        } else if deadline > self.now && self.waiting.len() < self.config.max_waiting as usize {
            let Entry::Wait(place) = entry else { panic!("{entry:?} with a place free") };
            self.waiting.push(Waiter { caller, since: self.now, deadline });
            self.places.push((caller, place));
            Fate::Waiting
        } else {
            let in_flight = self.in_flight() as u32;
            let waits = deadline > self.now && self.config.max_waiting > 0;
            let refusal = match waits {
                true => Refusal::QueueFull { waiting: self.waiting.len() as u32 },
                false => Refusal::NoSlot { in_flight, limit: self.limit },
            };
            assert_eq!(entry, Entry::Refuse(refusal));
            self.refused += 1;
            Fate::Left
        };
        self.fates.insert(caller, fate);
    }

    pub(crate) fn release(&mut self, caller: u64, permit: Permit, outcome: Outcome, latency: Duration) {
        let release = self.bulkhead.on_release(self.now, permit, outcome, latency);
        assert!(release.counted && release.limit.from == self.limit);
        if self.config.limit == LimitKind::Fixed || outcome == Outcome::Ignored {
            assert_eq!(release.limit.to, self.limit);
        }
        self.fates.insert(caller, Fate::Left);
        self.old_permits.push(permit);
        self.take_on_limit(release.limit.to);
    }

    /// An adaptive limit is the bulkhead's own decision: the model believes it, within its bounds.
    pub(crate) fn take_on_limit(&mut self, limit: u32) {
        let least = if self.config.limit == LimitKind::Fixed { self.max } else { self.config.min_limit.min(self.max) };
        assert!((least..=self.max).contains(&limit), "{least} <= {limit} <= {}", self.max);
        self.limit = limit;
        self.admit();
    }

    pub(crate) fn tell_admitted(&mut self) {
        for (caller, since, at) in std::mem::take(&mut self.admitted) {
            let told = self.bulkhead.next_admitted().expect("one more was let in");
            assert_eq!((told.caller, told.since, told.at), (caller, since, at));
            self.running.push((caller, told.permit));
        }
        assert_eq!(self.bulkhead.next_admitted(), None);
    }

    pub(crate) fn tell_timed_out(&mut self) {
        for waiter in std::mem::take(&mut self.over) {
            let told = self.bulkhead.on_deadline(self.now).expect("one more is over");
            assert_eq!((told.caller, told.since, told.at), (waiter.caller, waiter.since, waiter.deadline));
        }
        assert_eq!(self.bulkhead.on_deadline(self.now), None);
    }

    pub(crate) fn compare(&self) {
        let before = format!("{:?}", self.bulkhead);
        let view = self.bulkhead.view(self.now);
        let in_flight = self.in_flight() as u32;
        let expected = BulkheadView {
            limit: self.limit,
            max_concurrent: self.max,
            in_flight,
            free: self.limit.saturating_sub(in_flight),
            waiting: self.waiting.len() as u32,
            max_waiting: self.config.max_waiting,
            oldest_since: self.waiting.first().map(|waiter| waiter.since),
            refused: self.refused,
            timed_out: self.timed_out,
            ..view
        };
        assert_eq!(view, expected);
        assert_eq!(view.estimate as u32, self.limit);
        assert_eq!(self.bulkhead.waiters(self.now).collect::<Vec<_>>(), self.waiting);
        assert!(self.waiting.is_empty() || view.free == 0, "a slot is free and somebody waits");
        let deadlines = self.over.first().into_iter().chain(&self.waiting).map(|waiter| waiter.deadline);
        let next = deadlines.min().filter(|next| *next != Instant::FAR_FUTURE);
        assert_eq!(self.bulkhead.next_deadline(), next);
        assert_eq!(before, format!("{:?}", self.bulkhead), "looking changes nothing");
    }

    /// Everybody leaves, and those who waited get in or are told that their time is over.
    pub(crate) fn leave(&mut self) {
        self.step(&Op::Resize(3));
        while self.in_flight() > 0 || !self.over.is_empty() {
            self.step(&Op::TellAdmitted);
            self.step(&Op::TellTimedOut);
            if !self.running.is_empty() {
                let (caller, permit) = self.running.remove(0);
                self.release(caller, permit, Outcome::Ignored, Duration::ZERO);
                self.compare();
            }
        }
        assert!(self.waiting.is_empty());
        let unanswered = self.fates.values().filter(|fate| matches!(fate, Fate::Waiting | Fate::Running)).count();
        assert_eq!(unanswered, 0);
    }
}
