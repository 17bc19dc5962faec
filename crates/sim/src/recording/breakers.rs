//! What the breakers were told, in order, so that each can be played again up to any moment.

use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::breaker::{Admission, Breaker, Permit, Transition};

use super::Requests;

/// How often a copy of the breaker is kept: no moment is further than this many inputs from one.
const SPACING: usize = 512;

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
    /// Tells the breaker one thing. For one that asks, the answer; for all others, that it was heard.
    fn step(&mut self, now: Instant, row: u32, input: Input, took: Duration) -> (bool, Option<Transition>) {
        if input == Input::Ask {
            let (admission, transition) = self.breaker.try_acquire(now);
            if let Admission::Admitted(permit) = admission {
                self.permits.push((row, permit));
            }
            return (admission.permit().is_some(), transition);
        }
        if input == Input::Wake {
            return (true, self.breaker.on_deadline(now));
        }
        let Some(place) = self.permits.iter().position(|&(holder, _)| holder == row) else { return (false, None) };
        let (_, permit) = self.permits.swap_remove(place);
        let transition = match input {
            Input::Success => self.breaker.on_success(now, permit, took),
            Input::Failure => self.breaker.on_failure(now, permit, took),
            _ => self.breaker.on_ignored(now, permit),
        };
        (true, transition)
    }
}

/// A breaker at work, and what it was told.
#[derive(Clone, Debug)]
pub(crate) struct RecordedBreaker {
    /// As it is after the last input.
    now: Held,
    times: Vec<u64>,
    /// The attempt's row, and the kind of input below.
    inputs: Vec<u32>,
    /// Before the inputs 0, 512, 1024, …
    copies: Vec<Held>,
    /// Its changes, in order.
    pub(crate) transitions: Vec<Transition>,
}

impl RecordedBreaker {
    pub(crate) fn new(breaker: Breaker) -> Self {
        Self {
            now: Held { breaker, permits: Vec::new() },
            times: Vec::new(),
            inputs: Vec::new(),
            copies: Vec::new(),
            transitions: Vec::new(),
        }
    }

    /// Whether the attempt may go.
    pub(crate) fn ask(&mut self, now: u64, row: u32) -> bool {
        self.tell(now, row, Input::Ask, 0)
    }

    /// How an attempt ended that was let through, or that the breaker is woken.
    pub(crate) fn tell(&mut self, now: u64, row: u32, input: Input, took: u64) -> bool {
        if self.inputs.len().is_multiple_of(SPACING) {
            self.copies.push(self.now.clone());
        }
        self.times.push(now);
        self.inputs.push(row << INPUT_BITS | input as u32);
        let (heard, transition) = self.now.step(Instant::from_nanos(now), row, input, Duration::from_nanos(took));
        self.transitions.extend(transition);
        heard
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.now.breaker.next_deadline()
    }

    /// The breaker as it was at `t`, after all that it was told by then.
    pub(crate) fn at(&self, requests: &Requests, t: u64) -> Breaker {
        let told = self.times.partition_point(|&time| time <= t);
        let Some(copy) = self.copies.get(told / SPACING).or(self.copies.last()) else {
            return self.now.breaker.clone();
        };
        let mut held = copy.clone();
        for index in told / SPACING * SPACING..told {
            let (row, input) = (self.inputs[index] >> INPUT_BITS, INPUTS[(self.inputs[index] & 7) as usize]);
            let took = if input == Input::Wake { 0 } else { self.times[index].saturating_sub(requests.left(row)) };
            let _ = held.step(Instant::from_nanos(self.times[index]), row, input, Duration::from_nanos(took));
        }
        held.breaker
    }

    pub(crate) fn digest(&self, hasher: &mut super::Hasher) {
        for (time, input) in self.times.iter().zip(&self.inputs) {
            hasher.update(&time.to_le_bytes());
            hasher.update(&input.to_le_bytes());
        }
        for transition in &self.transitions {
            hasher.update(&transition.at.as_nanos().to_le_bytes());
            hasher.update(transition.to.name().as_bytes());
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.times.capacity() * 8 + self.inputs.capacity() * 4 + self.copies.capacity() * size_of::<Held>()
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
        let mut recorded = RecordedBreaker::new(Breaker::try_new(&config, Instant::ZERO).expect("it is valid"));
        let (mut requests, mut views) = (Requests::default(), Vec::new());
        for row in 0..2_000_u32 {
            let at = u64::from(row) * 10;
            requests.sent.push(at);
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
