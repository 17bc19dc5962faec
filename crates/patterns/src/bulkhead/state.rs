//! The bulkhead's state: who may go on, who waits, and who has waited too long.

use std::time::Duration;

use super::limit::{Answer, Limit};
use super::slots::{List, Slots, Stage};
use super::{Admission, BulkheadConfig, Entry, LimitChange, MOST_PLACES, Outcome, Permit, Place, Refusal, Release};
use super::{BulkheadView, TimedOut, Waiter};
use crate::time::nanos_from_millis;
use crate::{ConfigError, Instant, check_all};

/// A bulkhead. See the [module](super) for an example and for what can be relied on.
///
/// Whenever somebody waits, as many calls as the limit allows are under way: slots that come free go to waiters in
/// the same call.
#[derive(Clone, Debug)]
pub struct Bulkhead {
    max_waiting: u32,
    longest_wait: Option<Duration>,
    limit: Limit,
    slots: Slots,
    in_flight: u32,
    refused: u64,
    timed_out: u64,
}

impl Bulkhead {
    /// A bulkhead with all slots free.
    ///
    /// # Errors
    /// Every mistake of the configuration, with its path.
    pub fn try_new(config: &BulkheadConfig, now: Instant) -> Result<Self, Vec<ConfigError>> {
        check_all(config)?;
        Ok(Self {
            max_waiting: config.max_waiting,
            longest_wait: config.max_wait_ms.map(|millis| Duration::from_nanos(nanos_from_millis(millis))),
            limit: Limit::new(config, now),
            slots: Slots::new(),
            in_flight: 0,
            refused: 0,
            timed_out: 0,
        })
    }

    /// Asks for a slot on behalf of `caller`, a number of the caller's choosing by which it will be named if it has
    /// to wait.
    #[inline]
    pub fn try_acquire(&mut self, now: Instant, caller: u64) -> Entry {
        self.try_acquire_within(now, caller, self.longest_wait)
    }

    /// The same with a longest wait of its own: none waits as long as it takes, zero not at all.
    #[inline]
    pub fn try_acquire_within(&mut self, now: Instant, caller: u64, longest_wait: Option<Duration>) -> Entry {
        self.settle(now);
        if self.in_flight < self.limit.current() {
            let slot = self.slots.take(now, caller);
            self.admit(now, slot, Stage::Running);
            return Entry::Admit(Permit(self.slots.handle(slot)));
        }
        let deadline = longest_wait.map_or(Instant::FAR_FUTURE, |wait| now + wait);
        let waiting = self.slots.len(List::Queue);
        if deadline <= now || waiting >= self.max_waiting {
            self.refused += 1;
            return Entry::Refuse(if deadline <= now || waiting == 0 {
                Refusal::NoSlot { in_flight: self.in_flight, limit: self.limit.current() }
            } else {
                Refusal::QueueFull { waiting }
            });
        }
        let slot = self.slots.take(now, caller);
        let call = self.slots.call(slot);
        call.stage = Stage::Waiting;
        call.deadline = deadline;
        self.slots.push(List::Queue, slot);
        if deadline != Instant::FAR_FUTURE {
            self.slots.push_deadline(slot);
        }
        Entry::Wait(Place(self.slots.handle(slot)))
    }

    /// Gives a permit back and says how the call ended and how long it took. The latency matters to adaptive limits
    /// only. Waiters that get in are told by [`Bulkhead::next_admitted`].
    #[inline]
    pub fn on_release(&mut self, now: Instant, permit: Permit, outcome: Outcome, latency: Duration) -> Release {
        self.settle(now);
        let from = self.limit.current();
        let counted = self.slots.is_at(permit.0, Stage::Running);
        if counted {
            let call = *self.slots.call(permit.0.slot);
            self.slots.give_back(permit.0.slot);
            self.in_flight -= 1;
            let answer = Answer { cuts: call.cuts, in_flight: call.in_flight, outcome, latency };
            self.limit.on_answer(now, &answer);
            self.admit_waiters(now);
        }
        Release { counted, limit: LimitChange { from, to: self.limit.current() } }
    }

    /// The next waiter that got in since, in the order of coming; none when all have been told. Its slot is its own
    /// whether it has been told or not.
    pub fn next_admitted(&mut self) -> Option<Admission> {
        let slot = self.slots.pop(List::Admitted)?;
        let permit = Permit(self.slots.handle(slot));
        let call = self.slots.call(slot);
        call.stage = Stage::Running;
        Some(Admission { caller: call.caller, permit, since: call.since, at: call.admitted_at })
    }

    /// Takes a waiter out that gave up. Says whether it still waited; if not, [`Bulkhead::next_admitted`] or
    /// [`Bulkhead::on_deadline`] has told its caller, or will, and a permit it got is to be given back.
    pub fn cancel(&mut self, now: Instant, place: Place) -> bool {
        self.settle(now);
        let waits = self.slots.is_at(place.0, Stage::Waiting);
        if waits {
            self.slots.leave_queue(place.0.slot);
            self.slots.give_back(place.0.slot);
        }
        waits
    }

    /// Changes the number of slots while in use; beyond [`MOST_PLACES`] it is that. With an adaptive limit it is the
    /// most that this may grow to.
    pub fn resize(&mut self, now: Instant, max_concurrent: u32) -> LimitChange {
        self.settle(now);
        let from = self.limit.current();
        self.limit.set_max(max_concurrent.min(MOST_PLACES));
        self.admit_waiters(now);
        LimitChange { from, to: self.limit.current() }
    }

    /// Whether nobody waits and nobody has to be told of anything, so that there is no deadline either.
    #[inline]
    pub fn is_quiet(&self) -> bool {
        [List::Queue, List::Admitted, List::TimedOut].iter().all(|&list| self.slots.len(list) == 0)
    }

    /// When [`Bulkhead::on_deadline`] is to be called next.
    pub fn next_deadline(&self) -> Option<Instant> {
        let first = self.slots.first(List::TimedOut).or_else(|| self.slots.first(List::Deadlines));
        first.map(|call| call.deadline)
    }

    /// The next waiter whose longest wait is over, in the order in which they ended; none when all have been told.
    pub fn on_deadline(&mut self, now: Instant) -> Option<TimedOut> {
        self.settle(now);
        let slot = self.slots.pop(List::TimedOut)?;
        let call = *self.slots.call(slot);
        self.slots.give_back(slot);
        Some(TimedOut { caller: call.caller, since: call.since, at: call.deadline })
    }

    /// The state at `now`.
    pub fn view(&self, now: Instant) -> BulkheadView {
        let due = self.slots.iter(List::Deadlines).take_while(|call| call.deadline <= now).count() as u32;
        BulkheadView {
            limit: self.limit.current(),
            max_concurrent: self.limit.max(),
            in_flight: self.in_flight,
            free: self.limit.current().saturating_sub(self.in_flight),
            waiting: self.slots.len(List::Queue) - due,
            max_waiting: self.max_waiting,
            oldest_since: self.waiters(now).next().map(|waiter| waiter.since),
            refused: self.refused,
            timed_out: self.timed_out + u64::from(due),
            estimate: self.limit.estimate(),
            long_latency: self.limit.long_latency(),
        }
    }

    /// Who waits at `now`, in the order of coming.
    pub fn waiters(&self, now: Instant) -> impl Iterator<Item = Waiter> {
        let waiting = self.slots.iter(List::Queue).filter(move |call| call.deadline > now);
        waiting.map(|call| Waiter { caller: call.caller, since: call.since, deadline: call.deadline })
    }

    /// Takes out of the queue whoever's longest wait is over by now, so that what follows is the same whether or not
    /// `on_deadline` was called before.
    #[inline]
    fn settle(&mut self, now: Instant) {
        if self.slots.len(List::Deadlines) > 0 {
            self.time_out(now);
        }
    }

    fn time_out(&mut self, now: Instant) {
        while self.slots.first(List::Deadlines).is_some_and(|call| call.deadline <= now) {
            let slot = self.slots.leave_first(List::Deadlines).expect("there is a first one");
            self.slots.call(slot).stage = Stage::TimedOut;
            self.slots.push(List::TimedOut, slot);
            self.timed_out += 1;
        }
    }

    #[inline]
    fn admit_waiters(&mut self, now: Instant) {
        if self.slots.len(List::Queue) > 0 {
            self.admit_those_that_may(now);
        }
    }

    fn admit_those_that_may(&mut self, now: Instant) {
        while self.in_flight < self.limit.current()
            && let Some(slot) = self.slots.leave_first(List::Queue)
        {
            self.admit(now, slot, Stage::Admitted);
            self.slots.push(List::Admitted, slot);
        }
    }

    #[inline]
    fn admit(&mut self, now: Instant, slot: u32, stage: Stage) {
        self.in_flight += 1;
        let call = self.slots.call(slot);
        call.stage = stage;
        call.admitted_at = now;
        call.cuts = self.limit.cuts();
        call.in_flight = self.in_flight;
    }
}
