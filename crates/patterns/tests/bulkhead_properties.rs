//! Random sequences of calls against a slow and obviously right model: lists of those under way and of those who
//! wait, gone through from the beginning each time. And what adaptive limits do under loads whose answer is known.

#![allow(clippy::unwrap_used)] // Where a test can't go on it should stop.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use sandtable_patterns::Instant;
use sandtable_patterns::bulkhead::{
    Bulkhead, BulkheadConfig, BulkheadPreset, BulkheadView, Entry, LimitKind, MOST_PLACES, Outcome, Permit, Place,
    Refusal, Waiter,
};

const MILLISECOND: u64 = 1_000_000;

#[derive(Clone, Debug)]
enum Op {
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

fn op() -> impl Strategy<Value = Op> {
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

fn config() -> impl Strategy<Value = BulkheadConfig> {
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
enum Fate {
    Waiting,
    Running,
    TimedOut,
    Cancelled,
    /// Gave its permit back.
    Left,
}

struct Rehearsal {
    bulkhead: Bulkhead,
    config: BulkheadConfig,
    now: Instant,
    max: u32,
    limit: u32,
    /// Who waits, in the order of coming.
    waiting: Vec<Waiter>,
    /// Let in, and told so.
    running: Vec<(u64, Permit)>,
    /// Let in, and not told yet: who, since when, and when it was let in.
    admitted: Vec<(u64, Instant, Instant)>,
    /// Over, and not told yet.
    over: Vec<Waiter>,
    fates: BTreeMap<u64, Fate>,
    places: Vec<(u64, Place)>,
    old_permits: Vec<Permit>,
    refused: u64,
    timed_out: u64,
}

impl Rehearsal {
    fn new(config: BulkheadConfig) -> Self {
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

    fn in_flight(&self) -> usize {
        self.running.len() + self.admitted.len()
    }

    /// Whoever's longest wait is over leaves the queue, in the order of the ends and then of coming.
    fn expire(&mut self) {
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

    fn admit(&mut self) {
        while self.in_flight() < self.limit as usize && !self.waiting.is_empty() {
            let waiter = self.waiting.remove(0);
            self.fates.insert(waiter.caller, Fate::Running);
            self.admitted.push((waiter.caller, waiter.since, self.now));
        }
    }

    fn step(&mut self, op: &Op) {
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

    fn asked(&mut self, caller: u64, wait: Option<u64>, entry: Entry) {
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

    fn release(&mut self, caller: u64, permit: Permit, outcome: Outcome, latency: Duration) {
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
    fn take_on_limit(&mut self, limit: u32) {
        let least = if self.config.limit == LimitKind::Fixed { self.max } else { self.config.min_limit.min(self.max) };
        assert!((least..=self.max).contains(&limit), "{least} <= {limit} <= {}", self.max);
        self.limit = limit;
        self.admit();
    }

    fn tell_admitted(&mut self) {
        for (caller, since, at) in std::mem::take(&mut self.admitted) {
            let told = self.bulkhead.next_admitted().expect("one more was let in");
            assert_eq!((told.caller, told.since, told.at), (caller, since, at));
            self.running.push((caller, told.permit));
        }
        assert_eq!(self.bulkhead.next_admitted(), None);
    }

    fn tell_timed_out(&mut self) {
        for waiter in std::mem::take(&mut self.over) {
            let told = self.bulkhead.on_deadline(self.now).expect("one more is over");
            assert_eq!((told.caller, told.since, told.at), (waiter.caller, waiter.since, waiter.deadline));
        }
        assert_eq!(self.bulkhead.on_deadline(self.now), None);
    }

    fn compare(&self) {
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
    fn leave(&mut self) {
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_calls_agrees_with_the_model(config in config(), ops in prop::collection::vec(op(), 0..150)) {
        let mut rehearsal = Rehearsal::new(config);
        rehearsal.compare();
        for op in &ops {
            let before = rehearsal.in_flight();
            rehearsal.step(op);
            let after = rehearsal.in_flight();
            // After the limit has shrunk more may be under way, but nobody new.
            prop_assert!(after <= before || after <= rehearsal.limit as usize);
        }
        rehearsal.leave();
    }

    /// The model of a plain semaphore with nothing told late: who gets in doesn't depend on when deadlines are
    /// reported.
    #[test]
    fn reporting_deadlines_early_or_late_decides_nothing(
        config in config(),
        ops in prop::collection::vec(op(), 0..80),
    ) {
        let fates = |eager: bool| {
            let mut rehearsal = Rehearsal::new(config.clone());
            for op in &ops {
                if eager {
                    rehearsal.step(&Op::TellTimedOut);
                }
                // Told late, a deadline that was waited for would be another moment.
                if !matches!(op, Op::WaitForDeadline) {
                    rehearsal.step(op);
                }
            }
            (rehearsal.fates, rehearsal.limit)
        };
        prop_assert_eq!(fates(true), fates(false));
    }

    #[test]
    fn extreme_values_saturate(
        max in any::<u32>(),
        nanos in any::<u64>(),
        wait in any::<u64>(),
        latency in any::<u64>(),
        kind in prop::sample::select(LimitKind::ALL),
    ) {
        let config = BulkheadConfig { limit: kind, sample_ms: 0.0, ..Default::default() };
        let mut bulkhead = Bulkhead::try_new(&config, Instant::ZERO).unwrap();
        let now = Instant::from_nanos(nanos);
        bulkhead.resize(now, max);
        for caller in 0..30 {
            if let Entry::Admit(permit) = bulkhead.try_acquire_within(now, caller, Some(Duration::from_secs(wait))) {
                let _ = bulkhead.on_release(now, permit, Outcome::Succeeded, Duration::from_secs(latency));
            }
        }
        let view = bulkhead.view(Instant::FAR_FUTURE);
        prop_assert!(view.limit <= max && view.estimate.is_finite());
        prop_assert_eq!(view.in_flight, 0);
    }
}

#[test]
fn presets_are_valid_and_refuse_at_once_as_their_libraries_do() {
    for preset in BulkheadPreset::ALL {
        let config = preset.config();
        let mut bulkhead = Bulkhead::try_new(&config, Instant::ZERO).unwrap();
        let entries = (0..=config.max_concurrent).map(|caller| bulkhead.try_acquire(Instant::ZERO, caller.into()));
        let admitted = entries.filter(|entry| entry.permit().is_some()).count() as u32;
        assert_eq!((admitted, bulkhead.view(Instant::ZERO).refused), (config.max_concurrent, 1), "{preset:?}");
    }
}

#[test]
fn mistakes_are_told_with_their_bounds() {
    let config = BulkheadConfig { max_wait_ms: Some(-1.0), backoff: f64::NAN, ..Default::default() };
    let errors = Bulkhead::try_new(&config, Instant::ZERO).unwrap_err();
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["max_wait_ms: found -1; allowed: 0 to 3600000", "backoff: found NaN; allowed: 0.1 to 0.99"]);
}

/// So many callers who always want in, before a service whose answers depend on how many calls are under way. One
/// round is one latency.
struct Load {
    bulkhead: Bulkhead,
    now: Instant,
}

impl Load {
    fn new(limit: LimitKind, initial_limit: u32, max_concurrent: u32) -> Self {
        let config = BulkheadConfig { limit, initial_limit, max_concurrent, max_waiting: 0, ..Default::default() };
        Self { bulkhead: Bulkhead::try_new(&config, Instant::ZERO).unwrap(), now: Instant::ZERO }
    }

    /// `answer`: from the calls under way and the place among them to the outcome and the latency in ms. Gives the
    /// limit after each round.
    fn rounds(&mut self, rounds: usize, demand: u64, answer: impl Fn(u32, u32) -> (Outcome, u64)) -> Vec<u32> {
        let round = |_| {
            let entries: Vec<Entry> = (0..demand).map(|caller| self.bulkhead.try_acquire(self.now, caller)).collect();
            let permits: Vec<Permit> = entries.into_iter().filter_map(Entry::permit).collect();
            let in_flight = permits.len() as u32;
            let answers: Vec<_> = (0..in_flight).map(|place| answer(in_flight, place)).collect();
            let longest = answers.iter().map(|(_, millis)| *millis).max().unwrap_or(1);
            self.now = self.now + Duration::from_nanos(longest * MILLISECOND);
            for (permit, (outcome, millis)) in permits.into_iter().zip(answers) {
                let _ = self.bulkhead.on_release(self.now, permit, outcome, Duration::from_millis(millis));
            }
            self.bulkhead.view(self.now).limit
        };
        (0..rounds).map(round).collect()
    }
}

fn healthy(_: u32, _: u32) -> (Outcome, u64) {
    (Outcome::Succeeded, 20)
}

#[test]
fn a_healthy_service_is_given_all_that_is_asked_for_and_not_much_more() {
    for kind in [LimitKind::Aimd, LimitKind::Gradient2] {
        let mut load = Load::new(kind, 5, 1_000);
        let limits = load.rounds(2_000, 60, healthy);
        assert!(limits.windows(2).all(|pair| pair[0] <= pair[1]), "{kind:?} never falls");
        let last = *limits.last().unwrap();
        // It grows while half of it is in use: to twice the demand, and at most by one step more.
        assert!((60..=125).contains(&last), "{kind:?}: {last}");
    }
}

#[test]
fn an_unused_limit_is_not_raised() {
    for kind in [LimitKind::Aimd, LimitKind::Gradient2] {
        let limits = Load::new(kind, 50, 1_000).rounds(500, 24, healthy);
        assert!(limits.iter().all(|limit| *limit == 50), "{kind:?}");
    }
}

#[test]
fn aimd_swings_about_what_the_service_can_do() {
    let mut load = Load::new(LimitKind::Aimd, 100, 1_000);
    // Twenty calls at a time are answered, further ones dropped.
    let capacity = 20;
    let shedding = |_, place| if place < capacity { (Outcome::Succeeded, 10) } else { (Outcome::Dropped, 1) };
    let limits = load.rounds(400, 500, shedding);
    let settled = &limits[100..];
    // Cut to 0.9 of a little above 20 whenever it passes 20, and grown by half a call a round between.
    assert!(settled.iter().all(|limit| (17..=capacity + 1).contains(limit)), "{settled:?}");
    let recovered = load.rounds(200, 500, healthy);
    assert!(*recovered.last().unwrap() >= 100, "{recovered:?}");
}

#[test]
fn aimd_grows_by_its_increase_in_a_round_and_cuts_once_in_a_round() {
    let mut load = Load::new(LimitKind::Aimd, 40, 1_000);
    let grown = load.rounds(10, 500, healthy);
    // Each call adds 1/limit, but for the half of a round that came in while less than half of the limit was in use.
    assert_eq!((grown[0], *grown.last().unwrap()), (40, 45));
    let cut = load.rounds(1, 500, |_, _| (Outcome::Dropped, 10));
    assert_eq!(cut, [40]);
    let late = load.rounds(1, 500, |_, _| (Outcome::Succeeded, 5_001));
    assert_eq!(late, [36]);
    let told_nothing = load.rounds(1, 500, |_, _| (Outcome::Ignored, 9_000));
    assert_eq!(told_nothing, [36]);
}

#[test]
fn gradient2_falls_when_the_latency_rises_and_recovers_when_it_is_back() {
    let mut load = Load::new(LimitKind::Gradient2, 20, 100);
    // Samples are 100 ms; a round of 20 ms is a fifth of one.
    let limits = load.rounds(1_000, 500, healthy);
    assert_eq!(*limits.last().unwrap(), 100, "as far as it may");
    // Ten times slower: the gradient is at its floor of a half, where the limit goes to 8 = 0.5 · 8 + 4.
    let limits = load.rounds(40, 500, |_, _| (Outcome::Succeeded, 200));
    assert!(limits.windows(2).all(|pair| pair[0] >= pair[1]), "{limits:?}");
    assert!(*limits.last().unwrap() <= 15, "{limits:?}");
    let limits = load.rounds(2_500, 500, healthy);
    assert_eq!(*limits.last().unwrap(), 100);
}

#[test]
fn gradient2_keeps_a_queueing_service_near_its_capacity() {
    let mut load = Load::new(LimitKind::Gradient2, 20, 1_000);
    load.rounds(300, 8, healthy);
    // Ten calls at a time take 20 ms; more of them share the capacity.
    let queueing = |in_flight: u32, _| (Outcome::Succeeded, u64::from(2 * in_flight.max(10)));
    let limits = load.rounds(200, 500, queueing);
    let settled = &limits[100..];
    // At limit L the latency is L/10 of the unloaded one, so the gradient is 1.5 · 10/L, and L = 15 + 4 where it
    // settles; the long-run latency creeps up meanwhile, and L with it.
    assert!(settled.iter().all(|limit| (15..=60).contains(limit)), "{settled:?}");
}

#[test]
fn gradient2_falls_on_drops_whose_answer_was_quick() {
    let mut load = Load::new(LimitKind::Gradient2, 20, 100);
    load.rounds(1_000, 500, healthy);
    let refusing = |_, place| if place < 5 { (Outcome::Succeeded, 20) } else { (Outcome::Dropped, 1) };
    let limits = load.rounds(200, 500, refusing);
    assert!(*limits.last().unwrap() <= 6, "{limits:?}");
}

#[test]
fn gradient2_takes_the_steps_of_its_formula() {
    let config = BulkheadConfig {
        limit: LimitKind::Gradient2,
        initial_limit: 20,
        max_concurrent: 100,
        max_waiting: 0,
        sample_ms: 0.0,
        ..Default::default()
    };
    let mut bulkhead = Bulkhead::try_new(&config, Instant::ZERO).unwrap();
    let now = Instant::ZERO;
    // One sample: ten calls at once, which is half of the limit.
    let mut estimate_after = |millis| {
        let entries: Vec<Entry> = (0..11).map(|caller| bulkhead.try_acquire(now, caller)).collect();
        let [first, ten @ ..] = entries.as_slice() else { panic!("eleven") };
        let _ = bulkhead.on_release(now, first.permit().unwrap(), Outcome::Ignored, Duration::from_secs(9));
        for entry in ten {
            bulkhead.on_release(now, entry.permit().unwrap(), Outcome::Succeeded, Duration::from_millis(millis));
        }
        let view = bulkhead.view(now);
        (view.estimate, view.long_latency)
    };
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    // 20 · 0.8 + 0.2 · (20 · 1 + 4)
    let (estimate, long) = estimate_after(20);
    near(estimate, 20.8);
    assert_eq!(long, Duration::from_millis(20));
    // The long run is the mean (20 + 200) / 2 = 110 ms, the gradient 1.5 · 110 / 200 = 0.825:
    // 20.8 · 0.8 + 0.2 · (20.8 · 0.825 + 4)
    let (estimate, long) = estimate_after(200);
    near(estimate, 20.872);
    assert_eq!(long, Duration::from_millis(110));
}

#[test]
fn gradient2_forgets_a_long_overload_soon() {
    let mut load = Load::new(LimitKind::Gradient2, 20, 100);
    load.rounds(1_000, 500, |_, _| (Outcome::Succeeded, 200));
    assert_eq!(load.bulkhead.view(load.now).long_latency, Duration::from_millis(200));
    // Forty samples of five rounds. 0.95 to the 32nd is a fifth, from where on the average alone moves it; by the
    // average alone it would be at 160 ms still.
    load.rounds(200, 500, healthy);
    let long = load.bulkhead.view(load.now).long_latency;
    assert!(long <= Duration::from_millis(40), "{long:?}");
}
