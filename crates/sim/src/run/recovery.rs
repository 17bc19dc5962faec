//! How long it takes after the last fault until clients fare as they did before the first.

use serde::Serialize;

use super::Run;
use crate::engine::faults::span;
use crate::recording::Outcome;
use crate::time::{millis, nanos};

/// How the clients fared after the last fault.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Recovery {
    /// When the last fault ended, in milliseconds.
    pub fault_ended_ms: f64,
    /// From then until requests succeeded as they had before the first fault; nothing where they never did.
    pub took_ms: Option<f64>,
}

/// Requests are judged in stretches of this length, by when they were sent.
const STRETCH_MS: f64 = 500.0;
/// A stretch is bad when its share of successes is below so much of the share before the first fault.
const AS_BEFORE: f64 = 0.95;
/// And by more than chance explains: standard deviations of a binomial share. Without, a share that is usually below 1
/// would have bad stretches for ever.
const BEYOND_CHANCE: f64 = 3.0;
/// A stretch with fewer requests says nothing.
const FEWEST: u32 = 5;

#[derive(Clone, Copy, Default)]
struct Stretch {
    sent: u32,
    good: u32,
}

impl Run {
    /// Nothing where no fault ends while requests are sent.
    pub(super) fn recovery(&self) -> Option<Recovery> {
        let spans = self.scenario.faults.iter().map(span);
        let begin = spans.clone().map(|(begins, _)| begins).min()?;
        // A fault without an end goes on to the last.
        let end = spans.map(|(_, ends)| ends).try_fold(0, |last: u64, ends| Some(last.max(ends?)))?;
        if end >= self.scenario.duration_nanos() {
            return None;
        }
        let width = nanos(STRETCH_MS);
        let stretches = self.stretches(width);
        let before = stretches.iter().take((begin / width) as usize).fold(Stretch::default(), add);
        let usual = if before.sent < FEWEST { 1.0 } else { f64::from(before.good) / f64::from(before.sent) };
        let bad = |stretch: &Stretch| {
            let sent = f64::from(stretch.sent);
            let chance = BEYOND_CHANCE * (sent * usual * (1.0 - usual)).sqrt();
            stretch.sent >= FEWEST && f64::from(stretch.good) < AS_BEFORE * usual * sent - chance
        };
        let last_bad = stretches.iter().rposition(bad).filter(|&at| (at as u64 + 1) * width > end);
        let took = match last_bad {
            None => Some(0),
            Some(at) if at + 1 >= stretches.len() => None,
            Some(at) => Some((at as u64 + 1) * width - end),
        };
        Some(Recovery { fault_ended_ms: millis(end), took_ms: took.map(millis) })
    }

    /// The requests of clients by when they were sent; what is left over of the last stretch is left out.
    fn stretches(&self, width: u64) -> Vec<Stretch> {
        let requests = &self.recording.requests;
        let mut stretches = vec![Stretch::default(); (self.scenario.duration_nanos() / width) as usize];
        for row in (0..requests.len()).filter(|&row| requests.ends_request(row)) {
            let sent = requests.sent[requests.first(row) as usize];
            if let Some(own) = stretches.get_mut((sent / width) as usize) {
                own.sent += 1;
                own.good += u32::from(requests.outcome(row) == Outcome::Succeeded);
            }
        }
        stretches
    }
}

fn add(sum: Stretch, other: &Stretch) -> Stretch {
    Stretch { sent: sum.sent + other.sent, good: sum.good + other.good }
}
