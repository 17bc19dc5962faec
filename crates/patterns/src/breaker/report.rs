//! Reporting how calls ended.

use std::time::Duration;

use super::{
    Breaker, Cause, Counts, Judged, LateAnswers, Outcome, Over, Permit, State, Transition, TrialLimit, TrialRule, Trip,
    TripRule, Verdict,
};
use crate::Instant;

impl Breaker {
    /// A call succeeded at `now` and took `duration`. Whether that is slow is decided here.
    ///
    /// A second answer to the same trial call is dropped. Among other calls, which are not looked up, one too many is
    /// noticed and dropped when all of them are answered.
    #[inline]
    pub fn on_success(&mut self, now: Instant, permit: Permit, duration: Duration) -> Option<Transition> {
        self.on_answer(now, permit, false, duration)
    }

    /// A call failed at `now` and took `duration`. What holds for [`Breaker::on_success`] holds here.
    #[inline]
    pub fn on_failure(&mut self, now: Instant, permit: Permit, duration: Duration) -> Option<Transition> {
        self.on_answer(now, permit, true, duration)
    }

    /// A call ended at `now` in a way that says nothing about the service: cancelled, or refused by its own caller. A
    /// trial call gives its place back. Nothing changes by it today; the type is that of the other reports.
    pub fn on_ignored(&mut self, now: Instant, permit: Permit) -> Option<Transition> {
        let own = self.receive(now, permit)?;
        match self.state {
            State::Closed | State::MeasuringOnly => {
                let bucket = self.bucket_of(now, permit, own);
                self.closed.ignore_in(bucket);
            }
            State::HalfOpen => {
                self.trials.ignore_in(0);
                if own && self.rules.config.trial_limit != TrialLimit::OnePerWait {
                    self.trials_free += 1;
                }
            }
            State::Open { .. } | State::ForcedOpen | State::Disabled => {}
        }
        None
    }

    #[inline]
    fn on_answer(&mut self, now: Instant, permit: Permit, failed: bool, duration: Duration) -> Option<Transition> {
        let own = self.receive(now, permit)?;
        let outcome = Outcome::new(failed, self.rules.is_slow(duration));
        match self.state {
            State::Closed | State::MeasuringOnly => {
                let bucket = self.bucket_of(now, permit, own);
                self.closed.record_in(bucket, outcome, duration);
                self.judge(now, outcome)
            }
            State::HalfOpen => {
                self.trials.record_in(0, outcome, duration);
                if own && self.rules.config.trial_limit == TrialLimit::AtATime {
                    self.trials_free += 1;
                }
                self.judge_trials(now, outcome, duration)
            }
            State::Open { .. } => self.on_late_answer(now, outcome, duration),
            State::ForcedOpen | State::Disabled => None,
        }
    }

    /// Whether the call was admitted in this generation (or nobody asked); nothing if its answer counts for nothing.
    #[inline]
    fn receive(&mut self, now: Instant, permit: Permit) -> Option<bool> {
        if matches!(self.state, State::Closed | State::MeasuringOnly) && self.closed.begins_anew(now) {
            self.roll(now);
        }
        if permit == Permit::UNASKED {
            return Some(true);
        }
        let own = permit.generation == self.generation;
        if own && permit.trial && !self.places.give_back(permit.bucket) {
            return None;
        }
        let outstanding = if own { &mut self.outstanding } else { &mut self.outstanding_before };
        *outstanding = outstanding.checked_sub(1)?;
        (own || self.rules.config.late_answers == LateAnswers::Counted).then_some(own)
    }

    /// The bucket in which an answer counts.
    #[inline]
    fn bucket_of(&mut self, now: Instant, permit: Permit, own: bool) -> u64 {
        self.closed.advance(now);
        let from_admission = self.rules.counts_from_admission && own && permit != Permit::UNASKED;
        if from_admission { permit.bucket } else { self.closed.bucket() }
    }

    #[inline]
    fn judge(&mut self, now: Instant, outcome: Outcome) -> Option<Transition> {
        if self.rules.config.judged == Judged::Failures && outcome == Outcome::Success {
            return None;
        }
        let counts = self.closed.counts_then();
        let verdict = self.rules.judge(counts);
        if !verdict.any() {
            return None;
        }
        if self.state == State::MeasuringOnly {
            self.exceeded.by_failures |= verdict.by_failures;
            self.exceeded.by_slow_calls |= verdict.by_slow_calls;
            return None;
        }
        let cause = Cause::Tripped(self.trip(verdict, counts, self.rules.calls(counts), self.rules.over()));
        Some(self.open(now, None, cause))
    }

    /// Too late to open anything, but not to be seen, and under one option not to prolong the wait.
    fn on_late_answer(&mut self, now: Instant, outcome: Outcome, duration: Duration) -> Option<Transition> {
        if !self.rules.config.window_kept {
            return None;
        }
        if self.shows_trials {
            self.trials.record_in(0, outcome, duration);
            return None;
        }
        self.closed.record(now, outcome, duration);
        if self.rules.config.late_failures_prolong && outcome.failed() { self.judge(now, outcome) } else { None }
    }

    fn judge_trials(&mut self, now: Instant, outcome: Outcome, duration: Duration) -> Option<Transition> {
        let counts = *self.trials.counts_then();
        let cause = match self.rules.config.trial_rule {
            TrialRule::Successes => self.enough_successes(&counts)?,
            TrialRule::Rates => match self.rules.judge_trials(&counts)? {
                (_, true) => Ok(()),
                (verdict, false) if verdict.any() => {
                    Err(Cause::Tripped(self.trip(verdict, &counts, counts.answered(), Over::Trials)))
                }
                _ => return None,
            },
        };
        let passed = Cause::TrialsPassed { successes: counts.successes, answered: counts.answered() };
        Some(match cause {
            Ok(()) => {
                let transition = self.enter(now, State::Closed, passed);
                if self.rules.config.closing_trial_counts {
                    self.closed.record(now, outcome, duration);
                }
                transition
            }
            Err(cause) => self.open(now, None, cause),
        })
    }

    fn enough_successes(&self, counts: &Counts) -> Option<Result<(), Cause>> {
        let (trials, needed) = (self.rules.config.trials, self.rules.config.trial_successes);
        if counts.successes >= u64::from(needed) {
            return Some(Ok(()));
        }
        let (failures, answered) = (counts.failures, counts.answered());
        (failures > u64::from(trials - needed)).then_some(Err(Cause::TrialsFailed {
            failures,
            answered,
            needed,
            trials,
        }))
    }

    fn trip(&self, verdict: Verdict, counts: &Counts, calls: u64, over: Over) -> Trip {
        Trip {
            verdict,
            // The trial calls are judged by rates alone.
            rule: if over == Over::Trials { TripRule::FailureRate } else { self.rules.config.trip_rule },
            over,
            calls,
            failures: counts.failures,
            failures_in_a_row: counts.failures_in_a_row,
            slow: counts.slow(),
            failures_max: self.rules.config.failures,
            failure_rate: self.rules.failure_rate(),
            slow_rate: self.rules.slow_rate(),
        }
    }
}
