//! The caller's side of an attempt: retry, breaker, bulkhead and timeout around it, in this order from the outside.
//!
//! An attempt has two ends. Its caller waits for it until it is answered or given up; beyond, it goes on until its
//! answer is back, whether or not anybody still waits. What is known of it is kept until both are over.

use std::time::Duration;

use sandtable_patterns::balancer::Decision;
use sandtable_patterns::bulkhead::{self, Entry};
use sandtable_patterns::retry::RetryDecision;

use crate::random::{Stream, derived};
use crate::recording::{Input, Outcome, Reason};

use super::callers::{Callers, Policies};
use super::checks::sooner;
use super::live::Live;
use super::queue::Event;
use super::requests::Draft;
use super::{EventKind, Simulation};

pub(super) const UNDER_WAY: &str = "callers and attempts under way exist where calls have policies";

impl Simulation {
    #[inline]
    pub(super) fn callers(&mut self) -> &mut Callers {
        self.callers.as_mut().expect(UNDER_WAY)
    }

    #[inline]
    pub(super) fn live(&mut self, row: u32) -> Option<&mut Live> {
        self.callers.as_mut()?.lives.get_mut(row)
    }

    #[inline]
    pub(super) fn policies(&self, call: u8) -> &Policies {
        &self.callers.as_ref().expect(UNDER_WAY).policies[usize::from(call)]
    }

    /// A client makes a request, for which there is a row.
    #[inline]
    pub(super) fn client_calls(&mut self, row: u32, call: u8, entity: u64) {
        self.callers().lives.open(row, call, entity, entity);
        self.first_attempt(row, call, 0);
    }

    #[inline]
    pub(super) fn first_attempt(&mut self, row: u32, call: u8, party: u16) {
        let now = self.instant();
        if let Some(retry) = self.callers().retry_of(call, party) {
            retry.on_request(now);
        }
        self.attempt(row, call, party);
    }

    /// The policies are asked one after another; if all agree, the attempt leaves.
    fn attempt(&mut self, row: u32, call: u8, party: u16) {
        self.under_way += 1;
        if self.policies(call).breaker
            && !self.ask_breaker(row, self.policies(call).edge.breaker(usize::from(party), 0))
        {
            return self.refused(row, Reason::BreakerOpen);
        }
        let now = self.instant();
        let callers = self.callers.as_mut().expect(UNDER_WAY);
        let Some(bulkhead) = callers.bulkhead_of(call, party) else { return self.leave(row, call, None) };
        match callers.bulkheads[bulkhead].try_acquire(now, row.into()) {
            Entry::Admit(permit) => self.leave(row, call, Some(permit)),
            Entry::Wait(_) => self.follow_bulkhead(bulkhead),
            Entry::Refuse(_) => self.refused(row, Reason::BulkheadFull),
        }
    }

    /// Whether a breaker lets the attempt pass.
    #[inline]
    pub(super) fn ask_breaker(&mut self, row: u32, number: usize) -> bool {
        let now = self.now;
        let callers = self.callers();
        let breaker = &mut callers.breakers[number];
        let changes = breaker.transitions.len();
        let passes = breaker.ask(now, row);
        let changed = breaker.transitions.len() != changes;
        if passes {
            callers.lives.get_mut(row).expect(UNDER_WAY).breaker = Some(number as u32);
        }
        if changed {
            self.follow_breaker(number);
        }
        passes
    }

    /// The attempt leaves its caller, whose patience begins to run.
    fn leave(&mut self, row: u32, call: u8, permit: Option<bulkhead::Permit>) {
        let callers = self.callers();
        let live = callers.lives.get_mut(row).expect(UNDER_WAY);
        (live.out, live.bulkhead) = (true, permit);
        let timeout = callers.policies[usize::from(call)].timeout;
        if timeout > 0 {
            let event = Event::new(EventKind::TimedOut, row);
            self.queue.push_in_lane(usize::from(call), self.now.saturating_add(timeout), event);
        }
        self.set_out(row);
    }

    /// The caller's own policies refuse an attempt, which never leaves.
    fn refused(&mut self, row: u32, reason: Reason) {
        let requests = &mut self.recording.requests;
        let ways = [&mut requests.to_balancer, &mut requests.to_instance, &mut requests.work];
        let back = [&mut requests.back_to_balancer, &mut requests.back_to_client];
        ways.into_iter().chain(back).for_each(|column| column.set(row, 0));
        requests.reason[row as usize] = reason;
        self.settle(row);
    }

    /// The balancer chooses; instances whose breaker is open are passed over, and those tried before where a retry is
    /// to go elsewhere.
    pub(super) fn choose_with_policies(&mut self, row: u32, service: usize) -> Decision {
        let call = self.recording.requests.call.get(row);
        let (entity, party) = self.live(row).map_or((0, 0), |live| (live.entity, usize::from(live.party)));
        if self.recording.requests.previous(row).is_some() {
            return self.choose_among(row, service, self.tried_before(row), Vec::new());
        }
        let decision = self.choose(row, service, entity, &[]);
        if !self.policies(call).breaker_each {
            return decision;
        }
        let Decision::Send(choice) = decision else { return decision };
        if self.ask_breaker(row, self.policies(call).edge.breaker(party, choice.instance as usize)) {
            return decision;
        }
        self.abandon(service, choice.instance);
        self.choose_among(row, service, vec![choice.instance], vec![choice.instance])
    }

    /// The same where some have been tried before, in earlier attempts or, behind an open breaker, in this one.
    #[inline(never)]
    fn choose_among(&mut self, row: u32, service: usize, mut tried: Vec<u32>, mut open: Vec<u32>) -> Decision {
        let call = self.recording.requests.call.get(row);
        let (entity, party) = self.live(row).map_or((0, 0), |live| (live.entity, usize::from(live.party)));
        loop {
            // One of those tried before is better than none.
            let decision = match self.choose(row, service, entity, &tried) {
                Decision::Refuse(sandtable_patterns::balancer::Refusal::AllTried) if tried.len() > open.len() => {
                    tried.clone_from(&open);
                    continue;
                }
                decision => decision,
            };
            let Decision::Send(choice) = decision else { return decision };
            if !self.policies(call).breaker_each
                || self.ask_breaker(row, self.policies(call).edge.breaker(party, choice.instance as usize))
            {
                return decision;
            }
            self.abandon(service, choice.instance);
            tried.push(choice.instance);
            open.push(choice.instance);
        }
    }

    /// The balancer's choice is not followed.
    fn abandon(&mut self, service: usize, instance: u32) {
        let now = self.instant();
        if let Some(balancer) = self.stations[service].balancer_mut() {
            let changes = balancer.on_abandoned(now, instance);
            self.note(service, changes);
        }
    }

    /// Where earlier attempts went, counted within the service.
    fn tried_before(&self, row: u32) -> Vec<u32> {
        let requests = &self.recording.requests;
        if !self.policies(requests.call.get(row)).elsewhere {
            return Vec::new();
        }
        let first = self.stations[self.service(row)].first;
        let before = std::iter::successors(requests.previous(row), |&row| requests.previous(row));
        before.filter_map(|row| requests.instance(row)).map(|instance| (instance - first) as u32).collect()
    }

    /// An answer has come back to the caller, whether or not it still waits.
    #[inline]
    pub(super) fn at_caller(&mut self, row: u32) {
        let Some(live) = self.live(row) else { return };
        live.out = false;
        if !live.wanted || self.settled(row) {
            self.close(row);
        }
    }

    /// The attempt is over for its caller, and perhaps altogether.
    pub(super) fn settle(&mut self, row: u32) {
        if self.settled(row) {
            self.close_if_over(row);
        }
    }

    /// The policies learn how an attempt ended; it is made again, or its caller waits for nothing more.
    fn settled(&mut self, row: u32) -> bool {
        let requests = &self.recording.requests;
        let reason = requests.reason(row);
        let took = self.now - requests.left(row);
        let Some(live) = self.live(row) else { return false };
        live.wanted = false;
        let (call, party, parent, origin) = (live.call, live.party, live.parent, live.origin);
        let (breaker, permit) = (live.breaker.take(), live.bulkhead.take());
        let first = self.queue.first_in_lane(usize::from(call));
        if reason == Reason::TimedOut || first.is_some_and(|event| event.number() == row) {
            self.drop_stale_timeouts(call);
        }
        if let Some(number) = breaker {
            self.tell_breaker(row, number as usize, reason, took);
        }
        if let Some(permit) = permit {
            self.release(call, party, permit, reason, took);
        }
        let well = reason.outcome() == Outcome::Succeeded;
        if reason == Reason::Moved {
            // The answer said where the key is now, so it is asked for there; that is no retry.
            self.live(row).expect(UNDER_WAY).wanted = true;
            self.schedule(self.now, EventKind::TryAgain, row);
            return false;
        }
        if !well && !reason.stayed() && reason != Reason::Rejected && self.makes_again(row) {
            return false;
        }
        // No further attempt is made: whoever wanted the call made goes on.
        match parent {
            None if self.asked_by_users => self.user_answered(row, self.now, origin),
            None => {}
            Some(parent) => self.service_call_over(parent, well),
        }
        true
    }

    /// Whether an attempt that failed is to be followed by another, after a pause.
    fn makes_again(&mut self, row: u32) -> bool {
        let now = self.instant();
        let mut rng = self.seed.generator(Stream::Backoff, self.entity(row));
        let Some(live) = self.live(row) else { return false };
        let (call, party, attempt, pause) = (live.call, live.party, live.attempt, live.pause);
        let Some(retry) = self.callers().retry_of(call, party) else { return false };
        let RetryDecision::After(pause) = retry.decide(now, &mut rng, attempt, Duration::from_nanos(pause)) else {
            return false;
        };
        let pause = pause.as_nanos() as u64;
        let live = self.live(row).expect(UNDER_WAY);
        (live.wanted, live.pause) = (true, pause);
        self.schedule(self.now.saturating_add(pause), EventKind::TryAgain, row);
        true
    }

    /// Most attempts are answered long before their timeouts, which then needn't happen. The first in a lane is never stale
    /// for long: what settles its attempt, or makes it the first, ends here.
    #[inline]
    fn drop_stale_timeouts(&mut self, call: u8) {
        let lane = usize::from(call);
        while let Some(event) = self.queue.first_in_lane(lane)
            && !self.live(event.number()).is_some_and(|live| live.wanted && live.out)
        {
            self.queue.drop_first_in_lane(lane);
        }
    }

    #[inline]
    pub(super) fn tell_breaker(&mut self, row: u32, number: usize, reason: Reason, took: u64) {
        let now = self.now;
        let input = match reason {
            // A command that is rejected was answered.
            Reason::None | Reason::Rejected => Input::Success,
            // It never left: that says nothing about the service.
            reason if reason.stayed() || reason == Reason::Moved => Input::Ignored,
            _ => Input::Failure,
        };
        let breaker = &mut self.callers().breakers[number];
        let changes = breaker.transitions.len();
        breaker.tell(now, row, input, took);
        if breaker.transitions.len() != changes {
            self.follow_breaker(number);
        }
    }

    #[inline]
    fn release(&mut self, call: u8, party: u16, permit: bulkhead::Permit, reason: Reason, took: u64) {
        let now = self.instant();
        let outcome = match reason {
            Reason::None | Reason::Rejected => bulkhead::Outcome::Succeeded,
            Reason::QueueFull | Reason::TimedOut => bulkhead::Outcome::Dropped,
            _ => bulkhead::Outcome::Ignored,
        };
        let callers = self.callers.as_mut().expect(UNDER_WAY);
        let Some(number) = callers.bulkhead_of(call, party) else { return };
        // A division of 64 bits, spared where nobody reads its result.
        let adapts = callers.policies[usize::from(call)].adapts;
        let took = if adapts { Duration::from_nanos(took) } else { Duration::ZERO };
        let limit = callers.bulkheads[number].on_release(now, permit, outcome, took).limit;
        if limit.from != limit.to {
            self.recording.limits.push((self.now, number as u32, limit.to));
        }
        if !self.callers().bulkheads[number].is_quiet() {
            self.admit(number);
        }
    }

    /// Those that waited and have a slot now leave.
    fn admit(&mut self, number: usize) {
        while let Some(admission) = self.callers().bulkheads[number].next_admitted() {
            let row = admission.caller as u32;
            let waited = self.now - self.recording.requests.sent[row as usize];
            self.recording.requests.pooled.set(row, waited);
            let call = self.recording.requests.call.get(row);
            self.leave(row, call, Some(admission.permit));
        }
        self.follow_bulkhead(number);
    }

    /// The pause is over: the next attempt, with a row of its own.
    pub(super) fn try_again(&mut self, before: u32) {
        let Some(live) = self.live(before) else { return };
        live.wanted = false;
        let (call, party, parent, origin) = (live.call, live.party, live.parent, live.origin);
        let (attempt, pause) = (live.attempt, live.pause);
        let requests = &self.recording.requests;
        let (client, key) = (requests.client.get(before), requests.key[before as usize]);
        let kind = requests.kind(before);
        let entity = derived(origin, u64::from(call) << 32 | u64::from(attempt));
        let row = self.draw(Draft { client, call, key, kind, entity });
        self.recording.requests.follow(before, row);
        if let Some(parent) = parent {
            self.recording.requests.call_for(parent, row);
        }
        let next = self.callers().lives.open(row, call, entity, origin);
        (next.parent, next.party, next.attempt, next.pause) = (parent, party, attempt + 1, pause);
        self.close_if_over(before);
        self.attempt(row, call, party);
    }

    pub(super) fn close_if_over(&mut self, row: u32) {
        let over = self.live(row).is_some_and(|live| !live.wanted && !live.out);
        if over {
            self.close(row);
        }
    }

    #[inline]
    pub(super) fn close(&mut self, row: u32) {
        #[cfg(feature = "stores")]
        if self.stored {
            self.forget_data(row);
        }
        self.callers().lives.close(row);
        self.under_way -= 1;
    }

    pub(super) fn breaker_deadline(&mut self, number: u32) {
        let now = self.now;
        let callers = self.callers();
        callers.breaker_deadlines[number as usize] = None;
        let breaker = &mut callers.breakers[number as usize];
        if breaker.next_deadline().is_some_and(|deadline| deadline.as_nanos() <= now) {
            breaker.wake(now);
        }
        self.follow_breaker(number as usize);
    }

    /// Keeps one event in the queue for the breaker's next deadline, which moves only when the breaker changes.
    fn follow_breaker(&mut self, number: usize) {
        let callers = self.callers.as_mut().expect(UNDER_WAY);
        let next = callers.breakers[number].next_deadline();
        if next != callers.breaker_deadlines[number]
            && let Some(at) = sooner(next, &mut callers.breaker_deadlines[number])
        {
            self.schedule(at.max(self.now), EventKind::BreakerDeadline, number as u32);
        }
    }

    pub(super) fn bulkhead_deadline(&mut self, number: u32) {
        let now = self.instant();
        self.callers().bulkhead_deadlines[number as usize] = None;
        while let Some(late) = self.callers().bulkheads[number as usize].on_deadline(now) {
            let row = late.caller as u32;
            let waited = self.now - self.recording.requests.sent[row as usize];
            self.recording.requests.pooled.set(row, waited);
            self.refused(row, Reason::BulkheadWait);
        }
        self.follow_bulkhead(number as usize);
    }

    #[inline]
    fn follow_bulkhead(&mut self, number: usize) {
        let callers = self.callers.as_mut().expect(UNDER_WAY);
        let next = callers.bulkheads[number].next_deadline();
        if next != callers.bulkhead_deadlines[number]
            && let Some(at) = sooner(next, &mut callers.bulkhead_deadlines[number])
        {
            self.schedule(at.max(self.now), EventKind::BulkheadDeadline, number as u32);
        }
    }
}
