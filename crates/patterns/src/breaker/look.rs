//! Looking: nothing here changes anything.

use std::time::Duration;

use super::{
    AfterWait, Breaker, BreakerConfig, Cell, Counts, HalfOpens, State, TrialLimit, TrialRule, Verdict, Window,
    WindowExpiry,
};
use crate::Instant;

/// How a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Its state, as [`Breaker::state_at`] tells it.
    pub state: State,
    /// What is in the window: that of the trial calls when half-open, and when it opened from there.
    pub counts: Counts,
    /// The calls that the rates are of.
    pub calls: u64,
    /// No rate is looked at before there are so many.
    pub minimum_calls: u64,
    /// The share of failures as it is compared, in percent; nothing before the first call.
    pub failure_percent: Option<f64>,
    /// The share of slow calls as it is compared, in percent; nothing before the first call.
    pub slow_percent: Option<f64>,
    /// Which rules the counts fulfil: in a closed breaker none, or it would not be closed. When only measuring, those
    /// that were fulfilled at any time since it began.
    pub exceeded: Verdict,
    /// The time until a call may be let through again; nothing unless it is open.
    pub half_open_in: Option<Duration>,
    /// The trial calls; all zero unless it is half-open.
    pub trials: Trials,
    /// Calls refused since the window was last cleared.
    pub refused: u64,
    /// How often it opened since it was last closed.
    pub openings: u32,
    /// Calls admitted since the last change of state that are not answered yet.
    pub outstanding: u64,
}

/// How the trial calls of a half-open breaker stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trials {
    /// How many more may go now.
    pub free: u64,
    /// Those under way.
    pub in_flight: u64,
    /// Those that were answered.
    pub answered: u64,
    /// Those that succeeded.
    pub successes: u64,
    /// So many successes close it; 0 where rates decide.
    pub needed: u32,
}

impl Breaker {
    /// What it was made from.
    pub const fn config(&self) -> &BreakerConfig {
        &self.rules.config
    }

    /// Where it stands at `now`, with everything that time alone brings about, also where nobody called
    /// [`Breaker::on_deadline`] yet.
    pub fn state_at(&self, now: Instant) -> State {
        match (self.state, self.next_deadline()) {
            (State::HalfOpen, Some(deadline)) if deadline <= now => {
                // Whoever takes note opens it then.
                let wait = self.rules.capped(self.next_wait_ns);
                self.after_wait(now, self.rules.over_at(now, wait))
            }
            (State::Open { retry_at }, _) => self.after_wait(now, retry_at),
            (state, _) => state,
        }
    }

    fn after_wait(&self, now: Instant, retry_at: Instant) -> State {
        if retry_at > now || self.rules.config.half_opens == HalfOpens::OnCall {
            return State::Open { retry_at };
        }
        match self.rules.config.after_wait {
            AfterWait::HalfOpen => State::HalfOpen,
            AfterWait::Closed => State::Closed,
        }
    }

    /// How it stands at `now`.
    pub fn view(&self, now: Instant) -> View {
        let state = self.state_at(now);
        let (counts, trial) = self.counts_at(now, state);
        let calls = if trial { counts.answered() } else { self.rules.calls(&counts) };
        View {
            state,
            counts,
            calls,
            minimum_calls: if trial { self.rules.minimum_trials() } else { self.rules.minimum() },
            failure_percent: self.rules.rate_percent(counts.failures, calls),
            slow_percent: self.rules.rate_percent(counts.slow(), calls),
            exceeded: self.exceeded,
            half_open_in: match state {
                State::Open { retry_at } => Some(retry_at - now),
                _ => None,
            },
            trials: if state == State::HalfOpen { self.trials_at(now) } else { Trials::default() },
            refused: self.refused,
            openings: self.openings,
            outstanding: self.outstanding,
        }
    }

    /// The pieces of the window at `now`, the oldest first: single calls where it holds calls, and when half-open; else
    /// buckets of time.
    pub fn cells(&self, now: Instant) -> Vec<Cell> {
        match self.window_at(now, self.state_at(now)) {
            Some(window) => window.cells(now),
            None => Vec::new(),
        }
    }

    /// The counts to be seen, and whether they are of trial calls.
    fn counts_at(&self, now: Instant, state: State) -> (Counts, bool) {
        let Some(window) = self.window_at(now, state) else { return (Counts::default(), state == State::HalfOpen) };
        let trial = self.shows_trials;
        let counts = match self.rules.config.window_expiry {
            WindowExpiry::OnTime => window.counts(now),
            WindowExpiry::OnRecord => *window.counts_then(),
        };
        (counts, trial)
    }

    /// The window to be seen; none where time alone changed the state and nobody has taken note, so that it is empty.
    fn window_at(&self, now: Instant, state: State) -> Option<&Window> {
        let kept = match (self.state, state) {
            (State::Open { .. }, State::HalfOpen | State::Closed) => false,
            (State::HalfOpen, State::Open { .. }) => self.rules.config.window_kept,
            (State::HalfOpen, _) => self.tries_at(now),
            _ => true,
        };
        kept.then_some(if self.shows_trials { &self.trials } else { &self.closed })
    }

    /// Whether it is half-open and knows it.
    fn tries_at(&self, now: Instant) -> bool {
        self.state == State::HalfOpen && self.next_deadline().is_none_or(|deadline| deadline > now)
    }

    fn trials_at(&self, now: Instant) -> Trials {
        let config = &self.rules.config;
        let begun = self.tries_at(now);
        let counts = if begun { *self.trials.counts_then() } else { Counts::default() };
        Trials {
            free: match config.trial_limit {
                TrialLimit::OnePerWait => u64::from(!begun || now >= self.next_trial_at),
                _ if begun => self.trials_free,
                _ => config.trials.into(),
            },
            in_flight: if begun { self.outstanding } else { 0 },
            answered: counts.answered(),
            successes: counts.successes,
            needed: if config.trial_rule == TrialRule::Successes { config.trial_successes } else { 0 },
        }
    }
}
