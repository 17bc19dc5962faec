//! What the breakers were told, in order, so that each can be played again up to any moment.

use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::breaker::{Breaker, Permit, Transition};

use super::Requests;

/// How often a copy of the breaker is kept, in inputs: no moment is further than this from one.
const SPACING: usize = 512;
/// Copies of a breaker with a large window are further apart, so that they take no more than this for an input.
const BYTES_OF_COPIES: usize = 8;

/// What a breaker is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Input {
    /// An attempt asks whether it may go.
    Ask = 0,
    /// It succeeded.
    Success,
    /// It failed.
    Failure,
    /// It ended in a way that says nothing about the service.
    Ignored,
    /// The breaker is woken; no attempt is concerned.
    Wake,
}

const INPUTS: [Input; 5] = [Input::Ask, Input::Success, Input::Failure, Input::Ignored, Input::Wake];
const INPUT_BITS: u32 = 3;

/// A breaker, and the permits that are out.
#[derive(Clone, Debug)]
struct Held {
    breaker: Breaker,
    permits: Vec<(u32, Permit)>,
}

impl Held {
    /// Whether an attempt may go.
    #[inline]
    fn ask(&mut self, now: Instant, row: u32, transitions: &mut Vec<Transition>) -> bool {
        let (admission, transition) = self.breaker.try_acquire(now);
        if let Some(transition) = transition {
            transitions.push(transition);
        }
        let permit = admission.permit();
        if let Some(permit) = permit {
            self.permits.push((row, permit));
        }
        permit.is_some()
    }

    /// Tells the breaker one thing; what changes goes to `transitions`. For one that asks, the answer; for all others,
    /// that it was heard.
    #[inline]
    fn step(
        &mut self,
        now: Instant,
        row: u32,
        input: Input,
        took: Duration,
        transitions: &mut Vec<Transition>,
    ) -> bool {
        if input == Input::Ask {
            return self.ask(now, row, transitions);
        }
        if input == Input::Wake {
            transitions.extend(self.breaker.on_deadline(now));
            return true;
        }
        let Some(place) = self.permits.iter().position(|&(holder, _)| holder == row) else { return false };
        let (_, permit) = self.permits.swap_remove(place);
        let transition = match input {
            Input::Success => self.breaker.on_success(now, permit, took),
            Input::Failure => self.breaker.on_failure(now, permit, took),
            _ => self.breaker.on_ignored(now, permit),
        };
        if let Some(transition) = transition {
            transitions.push(transition);
        }
        true
    }
}

/// A breaker at work, and what it was told. When it was told is not kept: it follows from the attempts concerned.
#[derive(Clone, Debug)]
pub(crate) struct RecordedBreaker {
    /// As it is after the last input.
    now: Held,
    /// Whether it watches single instances, and so is asked at the balancer.
    at_balancer: bool,
    /// Whether it cares how long calls take.
    times_calls: bool,
    /// The attempt's row, or which of the wakes it is, and the kind of input below.
    inputs: Vec<u32>,
    wakes: Vec<u64>,
    /// How many inputs apart copies are kept.
    spacing: usize,
    /// Before which input the next one is made.
    next_copy: usize,
    /// Before the inputs 0, `spacing`, 2 × `spacing`, …, with the time of that input.
    copies: Vec<(u64, Held)>,
    /// Its changes, in order.
    pub(crate) transitions: Vec<Transition>,
}

impl RecordedBreaker {
    pub(crate) fn new(breaker: Breaker, at_balancer: bool) -> Self {
        Self {
            at_balancer,
            times_calls: breaker.config().slow_calls,
            spacing: SPACING.max(breaker.config().memory_bytes() / BYTES_OF_COPIES),
            now: Held { breaker, permits: Vec::new() },
            inputs: Vec::new(),
            wakes: Vec::new(),
            next_copy: 0,
            copies: Vec::new(),
            transitions: Vec::new(),
        }
    }

    /// Whether the attempt may go.
    #[inline]
    pub(crate) fn ask(&mut self, now: u64, row: u32) -> bool {
        self.record(now, row, Input::Ask);
        self.now.ask(Instant::from_nanos(now), row, &mut self.transitions)
    }

    /// The time has come at which it asked to be woken.
    pub(crate) fn wake(&mut self, now: u64) {
        self.wakes.push(now);
        self.tell(now, self.wakes.len() as u32 - 1, Input::Wake, 0);
    }

    /// How an attempt ended that was let through, and how many nanoseconds it took.
    #[inline]
    pub(crate) fn tell(&mut self, now: u64, row: u32, input: Input, took: u64) -> bool {
        self.record(now, row, input);
        let took = self.duration(took);
        self.now.step(Instant::from_nanos(now), row, input, took, &mut self.transitions)
    }

    #[inline]
    fn record(&mut self, now: u64, number: u32, input: Input) {
        if self.inputs.len() == self.next_copy {
            self.next_copy += self.spacing;
            self.copies.push((now, self.now.clone()));
        }
        self.inputs.push(number << INPUT_BITS | input as u32);
    }

    /// A division of 64 bits, spared where nobody reads its result.
    #[inline]
    fn duration(&self, nanos: u64) -> Duration {
        if self.times_calls { Duration::from_nanos(nanos) } else { Duration::ZERO }
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.now.breaker.next_deadline()
    }

    /// The breaker as it was at `t`, after all that it was told by then.
    pub(crate) fn at(&self, requests: &Requests, t: u64) -> Breaker {
        let before = self.copies.partition_point(|&(at, _)| at <= t);
        let Some(copy) = before.checked_sub(1) else {
            return self.copies.first().map_or(&self.now, |(_, first)| first).breaker.clone();
        };
        let mut held = self.copies[copy].1.clone();
        let mut known = Vec::new();
        let start = copy * self.spacing;
        for &packed in &self.inputs[start..(start + self.spacing).min(self.inputs.len())] {
            let (number, input) = (packed >> INPUT_BITS, INPUTS[(packed & 7) as usize]);
            let at = self.time(requests, number, input);
            if at > t {
                break;
            }
            let took = if input == Input::Wake { 0 } else { at.saturating_sub(requests.left(number)) };
            held.step(Instant::from_nanos(at), number, input, self.duration(took), &mut known);
        }
        held.breaker
    }

    /// When it was told something.
    fn time(&self, requests: &Requests, number: u32, input: Input) -> u64 {
        match input {
            Input::Wake => self.wakes[number as usize],
            Input::Ask if self.at_balancer => requests.moments(number).at_balancer,
            Input::Ask => requests.sent[number as usize],
            _ => requests.moments(number).freed,
        }
    }

    pub(crate) fn digest(&self, hasher: &mut super::Hasher) {
        self.inputs.iter().for_each(|input| hasher.update(&input.to_le_bytes()));
        self.wakes.iter().for_each(|time| hasher.update(&time.to_le_bytes()));
        for transition in &self.transitions {
            hasher.update(&transition.at.as_nanos().to_le_bytes());
            hasher.update(transition.to.name().as_bytes());
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let copy = self.now.breaker.config().memory_bytes() + size_of::<Vec<(u32, Permit)>>();
        self.wakes.capacity() * 8 + self.inputs.capacity() * 4 + self.copies.len() * copy
    }
}

#[cfg(test)]
mod tests {
    use sandtable_patterns::breaker::BreakerConfig;

    use super::*;

    /// Calls of 5 ns, three of four of which fail for a while; the record is played again up to every moment.
    #[test]
    fn a_breaker_played_again_stands_as_it_stood() {
        let config = BreakerConfig { wait_ms: 0.000_2, ..BreakerConfig::default() };
        let mut recorded = RecordedBreaker::new(Breaker::try_new(&config, Instant::ZERO).expect("it is valid"), false);
        let (mut requests, mut views) = (Requests::default(), Vec::new());
        for row in 0..2_000_u32 {
            let at = u64::from(row) * 10;
            requests.sent.push(at);
            requests.work.set(row, 5);
            if recorded.ask(at, row) {
                let fails = (500..1_500).contains(&row) && row % 4 != 0;
                recorded.tell(at + 5, row, if fails { Input::Failure } else { Input::Success }, 5);
            }
            let t = at + 5;
            views.push((
                t,
                recorded.now.breaker.view(Instant::from_nanos(t)),
                recorded.now.breaker.cells(Instant::from_nanos(t)),
            ));
        }
        assert!(recorded.transitions.len() > 10);
        for (t, view, cells) in views {
            let (again, at) = (recorded.at(&requests, t), Instant::from_nanos(t));
            assert_eq!((again.view(at), again.cells(at)), (view, cells), "at {t}");
        }
    }
}
