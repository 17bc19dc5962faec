//! From one moment to the next at which something happens.

use super::Run;
use crate::time::{millis, nanos};

/// What to step to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepTo {
    /// Anything: a request that moves on, a change of state.
    Event,
    /// A request that is sent.
    Request,
}

/// Which way to step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Later.
    Forward,
    /// Earlier.
    Backward,
}

impl Run {
    /// The time of the next or previous event or request, seen from `t_ms`; at the ends, the end itself.
    pub fn step_time(&self, t_ms: f64, to: StepTo, direction: Direction) -> f64 {
        let t = nanos(t_ms).min(self.recording.end);
        let time = match (to, direction) {
            (StepTo::Request, Direction::Forward) => self.sent_after(t),
            (StepTo::Request, Direction::Backward) => self.sent_before(t),
            (StepTo::Event, Direction::Forward) => self.event_after(t),
            (StepTo::Event, Direction::Backward) => self.event_before(t),
        };
        millis(time)
    }

    fn sent_after(&self, t: u64) -> u64 {
        let sent = &self.recording.requests.sent;
        sent.get(sent.partition_point(|&sent| sent <= t)).copied().unwrap_or(self.recording.end)
    }

    fn sent_before(&self, t: u64) -> u64 {
        let sent = &self.recording.requests.sent;
        sent.partition_point(|&sent| sent < t).checked_sub(1).map_or(0, |row| sent[row])
    }

    fn event_after(&self, t: u64) -> u64 {
        let mut next = self.sent_after(t).min(self.change_after(t));
        self.index.under_way(&self.recording.requests, t, t, |request| {
            let moments = self.recording.requests.moments(request).in_order();
            next = moments.into_iter().filter(|&moment| moment > t).fold(next, u64::min);
        });
        next.min(self.recording.end)
    }

    fn event_before(&self, t: u64) -> u64 {
        let mut last = self.sent_before(t).max(self.change_before(t));
        // Whatever happened after `last` happened to a request that had not ended by then.
        self.index.under_way(&self.recording.requests, last.saturating_sub(1), t, |request| {
            let moments = self.recording.requests.moments(request).in_order();
            last = moments.into_iter().filter(|&moment| moment < t).fold(last, u64::max);
        });
        last
    }

    fn change_after(&self, t: u64) -> u64 {
        let changes = &self.recording.transitions;
        let next = changes.partition_point(|change| change.at.as_nanos() <= t);
        let of_balancers = changes.get(next).map(|change| change.at.as_nanos());
        let of_breakers = self.recording.breakers.iter().filter_map(|breaker| {
            let next = breaker.transitions.partition_point(|change| change.at.as_nanos() <= t);
            Some(breaker.transitions.get(next)?.at.as_nanos())
        });
        of_breakers.chain(of_balancers).min().unwrap_or(u64::MAX)
    }

    fn change_before(&self, t: u64) -> u64 {
        let changes = &self.recording.transitions;
        let next = changes.partition_point(|change| change.at.as_nanos() < t);
        let of_balancers = next.checked_sub(1).map(|last| changes[last].at.as_nanos());
        let of_breakers = self.recording.breakers.iter().filter_map(|breaker| {
            let next = breaker.transitions.partition_point(|change| change.at.as_nanos() < t);
            Some(breaker.transitions[next.checked_sub(1)?].at.as_nanos())
        });
        of_breakers.chain(of_balancers).max().unwrap_or(0)
    }
}
