//! Sequences of operations on a bulkhead against plain lists of those under way and of those who wait: never more in
//! flight than the limit, in the order of coming, whatever is told late, twice or never.
#![no_main]

#[path = "shared/drawing.rs"]
mod drawing;

use std::collections::VecDeque;
use std::time::Duration;

use arbitrary::{Result, Unstructured};
use drawing::draw;
use libfuzzer_sys::fuzz_target;
use sandtable_patterns::Instant;
use sandtable_patterns::bulkhead::{
    Bulkhead, BulkheadConfig, Entry, LimitKind, MOST_PLACES, Outcome, Permit, Place, Refusal, Waiter,
};

const MOST_OPS: usize = 200;
/// The last moment there is before the far future, at which even those are over that wait as long as it takes.
const LAST: Instant = Instant::from_nanos(u64::MAX - 1);

fuzz_target!(|bytes: &[u8]| {
    let _ = rehearse(&mut Unstructured::new(bytes));
});

struct Rehearsal {
    bulkhead: Bulkhead,
    config: BulkheadConfig,
    now: Instant,
    limit: u32,
    /// Who waits, in the order of coming, with the place that each has.
    waiting: Vec<(Waiter, Place)>,
    /// Let in, and told so.
    running: Vec<Permit>,
    /// Let in, and not told yet: who, since when, and when it was let in.
    admitted: VecDeque<(u64, Instant, Instant)>,
    /// Over, and not told yet.
    over: VecDeque<Waiter>,
    old_permits: Vec<Permit>,
    old_places: Vec<Place>,
    callers: u64,
    refused: u64,
    timed_out: u64,
}

fn rehearse(u: &mut Unstructured<'_>) -> Result<()> {
    let config: BulkheadConfig = draw(u, "BulkheadConfig")?;
    let now = Instant::from_nanos(if u.arbitrary()? { u.arbitrary()? } else { 0 }).min(LAST);
    let Ok(bulkhead) = Bulkhead::try_new(&config, now) else { return Ok(()) };
    let mut rehearsal = Rehearsal::new(config, bulkhead, now);
    rehearsal.compare();
    for step in 0..MOST_OPS {
        if u.is_empty() {
            break;
        }
        let before = rehearsal.in_flight();
        rehearsal.step(u)?;
        let after = rehearsal.in_flight();
        // After the limit has shrunk more may be under way, but nobody new.
        assert!(after <= before || after <= rehearsal.limit as usize);
        rehearsal.compare();
        if step % 8 == 0 {
            rehearsal.look();
        }
    }
    rehearsal.look();
    Ok(())
}

impl Rehearsal {
    fn new(config: BulkheadConfig, bulkhead: Bulkhead, now: Instant) -> Self {
        let limit = match config.limit {
            LimitKind::Fixed => config.max_concurrent,
            _ => config.initial_limit.max(config.min_limit).min(config.max_concurrent),
        };
        Self {
            bulkhead,
            config,
            now,
            limit,
            waiting: Vec::new(),
            running: Vec::new(),
            admitted: VecDeque::new(),
            over: VecDeque::new(),
            old_permits: Vec::new(),
            old_places: Vec::new(),
            callers: 0,
            refused: 0,
            timed_out: 0,
        }
    }

    fn in_flight(&self) -> usize {
        self.running.len() + self.admitted.len()
    }

    fn step(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        match u.int_in_range(0..=15)? {
            0..=3 => self.acquire(None),
            4 | 5 => self.acquire(Some(draw_wait(u)?)),
            6..=8 => self.release(u)?,
            9 => self.release_again(u)?,
            10 => self.cancel(u)?,
            11 => self.resize(if u.ratio(1, 8)? { u.arbitrary()? } else { u.int_in_range(0..=6)? }),
            12 => self.pass(u)?,
            13 => self.now = self.bulkhead.next_deadline().unwrap_or(self.now).max(self.now).min(LAST),
            14 => self.tell_admitted(),
            _ => self.tell_timed_out(),
        }
        Ok(())
    }

    fn pass(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let nanos = u.int_in_range(0..=40_000_000)?;
        let near_the_end = Instant::from_nanos(u64::MAX - nanos).max(self.now);
        self.now = if u.ratio(1, 32)? { near_the_end } else { self.now + Duration::from_nanos(nanos) }.min(LAST);
        Ok(())
    }

    /// Whoever's longest wait is over leaves the queue, in the order of the ends and then of coming.
    fn expire(&mut self) {
        let (mut over, waiting): (Vec<_>, _) =
            std::mem::take(&mut self.waiting).into_iter().partition(|(waiter, _)| waiter.deadline <= self.now);
        self.waiting = waiting;
        over.sort_by_key(|(waiter, _)| waiter.deadline);
        self.timed_out += over.len() as u64;
        for (waiter, place) in over {
            self.over.push_back(waiter);
            self.old_places.push(place);
        }
    }

    fn admit(&mut self) {
        while self.in_flight() < self.limit as usize && !self.waiting.is_empty() {
            let (waiter, place) = self.waiting.remove(0);
            self.admitted.push_back((waiter.caller, waiter.since, self.now));
            self.old_places.push(place);
        }
    }

    fn acquire(&mut self, own_wait: Option<Option<Duration>>) {
        self.expire();
        let caller = self.callers;
        self.callers += 1;
        let of_config = self.config.max_wait_ms.map(|ms| Duration::from_nanos((ms * 1e6).round() as u64));
        let entry = match own_wait {
            Some(wait) => self.bulkhead.try_acquire_within(self.now, caller, wait),
            None => self.bulkhead.try_acquire(self.now, caller),
        };
        let deadline = own_wait.unwrap_or(of_config).map_or(Instant::FAR_FUTURE, |wait| self.now + wait);
        let waiting = self.waiting.len() as u32;
        match entry {
            Entry::Admit(permit) => {
                assert!(self.in_flight() < self.limit as usize, "more in flight than the limit");
                self.running.push(permit);
            }
            Entry::Wait(place) => {
                assert!(self.in_flight() >= self.limit as usize && waiting < self.config.max_waiting);
                assert!(deadline > self.now);
                self.waiting.push((Waiter { caller, since: self.now, deadline }, place));
            }
            Entry::Refuse(refusal) => {
                assert!(self.in_flight() >= self.limit as usize);
                assert!(deadline <= self.now || waiting >= self.config.max_waiting);
                let (in_flight, limit) = (self.in_flight() as u32, self.limit);
                let full = deadline > self.now && waiting > 0;
                let expected = if full { Refusal::QueueFull { waiting } } else { Refusal::NoSlot { in_flight, limit } };
                assert_eq!(refusal, expected);
                self.refused += 1;
            }
        }
    }

    fn release(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if self.running.is_empty() {
            return Ok(());
        }
        let permit = self.running.remove(u.choose_index(self.running.len())?);
        let outcome = *u.choose(&[Outcome::Succeeded, Outcome::Dropped, Outcome::Ignored])?;
        let latency = draw_wait(u)?.unwrap_or(Duration::MAX);
        self.expire();
        let release = self.bulkhead.on_release(self.now, permit, outcome, latency);
        assert!(release.counted && release.limit.from == self.limit);
        if self.config.limit == LimitKind::Fixed || outcome == Outcome::Ignored {
            assert_eq!(release.limit.to, self.limit);
        }
        self.old_permits.push(permit);
        self.take_on_limit(release.limit.to);
        Ok(())
    }

    fn release_again(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if !self.old_permits.is_empty() {
            let permit = *u.choose(&self.old_permits)?;
            self.expire();
            let release = self.bulkhead.on_release(self.now, permit, Outcome::Dropped, Duration::ZERO);
            assert!(!release.counted && release.limit.from == self.limit && release.limit.to == self.limit);
        }
        Ok(())
    }

    fn cancel(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        self.expire();
        if !self.waiting.is_empty() && u.arbitrary()? {
            let (_, place) = self.waiting.remove(u.choose_index(self.waiting.len())?);
            assert!(self.bulkhead.cancel(self.now, place));
            self.old_places.push(place);
        } else if !self.old_places.is_empty() {
            assert!(!self.bulkhead.cancel(self.now, *u.choose(&self.old_places)?));
        }
        Ok(())
    }

    fn resize(&mut self, size: u32) {
        self.expire();
        self.config.max_concurrent = size.min(MOST_PLACES);
        let change = self.bulkhead.resize(self.now, size);
        assert_eq!(change.from, self.limit);
        self.take_on_limit(change.to);
    }

    /// An adaptive limit is the bulkhead's own decision: believed, within its bounds.
    fn take_on_limit(&mut self, limit: u32) {
        let max = self.config.max_concurrent;
        let least = if self.config.limit == LimitKind::Fixed { max } else { self.config.min_limit.min(max) };
        assert!((least..=max).contains(&limit), "{least} <= {limit} <= {max}");
        self.limit = limit;
        self.admit();
    }

    fn tell_admitted(&mut self) {
        while let Some(told) = self.bulkhead.next_admitted() {
            assert_eq!(self.admitted.pop_front(), Some((told.caller, told.since, told.at)));
            self.running.push(told.permit);
        }
        assert!(self.admitted.is_empty());
    }

    fn tell_timed_out(&mut self) {
        self.expire();
        while let Some(told) = self.bulkhead.on_deadline(self.now) {
            let waiter = self.over.pop_front().expect("nobody else's wait is over");
            assert_eq!((told.caller, told.since, told.at), (waiter.caller, waiter.since, waiter.deadline));
        }
        assert!(self.over.is_empty());
    }

    /// Looking changes nothing.
    fn look(&self) {
        let before = format!("{:?}", self.bulkhead);
        self.compare();
        for at in [Instant::ZERO, Instant::FAR_FUTURE] {
            assert_eq!(self.bulkhead.view(at), self.bulkhead.view(at));
        }
        assert_eq!(before, format!("{:?}", self.bulkhead));
    }

    /// What is to be seen is what the lists hold.
    fn compare(&self) {
        let view = self.bulkhead.view(self.now);
        let waiting: Vec<Waiter> =
            self.waiting.iter().map(|&(waiter, _)| waiter).filter(|waiter| waiter.deadline > self.now).collect();
        let unnoticed = (self.waiting.len() - waiting.len()) as u64;
        assert_eq!((view.limit, view.in_flight as usize), (self.limit, self.in_flight()));
        assert_eq!(view.free, self.limit.saturating_sub(view.in_flight));
        assert_eq!((view.refused, view.timed_out), (self.refused, self.timed_out + unnoticed));
        assert_eq!((view.waiting as usize, view.oldest_since), (waiting.len(), waiting.first().map(|one| one.since)));
        assert!(view.estimate.is_finite() && view.waiting <= self.config.max_waiting);
        assert_eq!(self.bulkhead.waiters(self.now).collect::<Vec<_>>(), waiting);
        assert!(waiting.is_empty() || view.free == 0, "a slot is free and somebody waits");
        let deadlines = self.over.iter().chain(self.waiting.iter().map(|(waiter, _)| waiter)).map(|one| one.deadline);
        assert_eq!(self.bulkhead.next_deadline(), deadlines.min().filter(|&next| next != Instant::FAR_FUTURE));
    }
}

/// None is for ever.
fn draw_wait(u: &mut Unstructured<'_>) -> Result<Option<Duration>> {
    Ok(match u.int_in_range(0..=7)? {
        0 => None,
        1 => Some(Duration::from_nanos(u.arbitrary()?)),
        2 => Some(Duration::MAX),
        _ => Some(Duration::from_millis(u.int_in_range(0..=40)?)),
    })
}
