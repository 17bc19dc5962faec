//! What changed, and why, in numbers and in a sentence.

use std::fmt;
use std::time::Duration;

use super::{Command, TripRule};
use crate::Instant;

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Calls are let through and counted.
    Closed,
    /// Calls are refused.
    Open {
        /// The first instant at which one may be let through again.
        retry_at: Instant,
    },
    /// A few trial calls are let through, to see whether the service has recovered.
    HalfOpen,
    /// Calls are refused until a command says otherwise.
    ForcedOpen,
    /// Calls are let through and not counted.
    Disabled,
    /// Calls are let through and counted, and nothing follows from it.
    MeasuringOnly,
}

impl State {
    /// Its name in data.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open { .. } => "open",
            Self::HalfOpen => "half_open",
            Self::ForcedOpen => "forced_open",
            Self::Disabled => "disabled",
            Self::MeasuringOnly => "measuring_only",
        }
    }
}

/// Which rules the counts fulfil.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Too many failures.
    pub by_failures: bool,
    /// Too many slow calls.
    pub by_slow_calls: bool,
}

impl Verdict {
    /// Whether any is.
    pub const fn any(self) -> bool {
        self.by_failures || self.by_slow_calls
    }
}

/// Of what the calls of a [`Trip`] are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The last calls.
    LastCalls,
    /// The calls of the last stretch of time.
    Last(Duration),
    /// All since the breaker closed.
    SinceClosed,
    /// The trial calls.
    Trials,
}

/// The numbers that made a breaker open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trip {
    /// Which of the rules were fulfilled.
    pub verdict: Verdict,
    /// The rule on failures.
    pub rule: TripRule,
    /// Of what the calls are.
    pub over: Over,
    /// Calls that the rate is of.
    pub calls: u64,
    /// Those that failed.
    pub failures: u64,
    /// Those that failed since the last success.
    pub failures_in_a_row: u64,
    /// Those that were slow.
    pub slow: u64,
    /// So many failures are too many, where the rule is not a rate.
    pub failures_max: u32,
    /// The threshold of the failure rate, in ten-thousandths of a percent.
    pub failure_rate: u32,
    /// The threshold of the slow rate, in ten-thousandths of a percent.
    pub slow_rate: u32,
}

/// Why a breaker changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The calls fulfilled a rule.
    Tripped(Trip),
    /// It had been open for long enough.
    WaitOver {
        /// How long it had been open.
        waited: Duration,
    },
    /// The trial calls went well.
    TrialsPassed {
        /// Those that succeeded.
        successes: u64,
        /// Those that were answered.
        answered: u64,
    },
    /// Too few successes could still come.
    TrialsFailed {
        /// Those that failed.
        failures: u64,
        /// Those that were answered.
        answered: u64,
        /// So many had to succeed.
        needed: u32,
        /// Out of so many.
        trials: u32,
    },
    /// It was half-open for too long without a decision.
    HalfOpenTooLong {
        /// For how long.
        stayed: Duration,
        /// The trial calls that were answered.
        answered: u64,
    },
    /// Somebody said so.
    Commanded(Command),
}

/// A change of state. Its text is a sentence, as in «opened at 12.412 s: 6 of the last 10 calls failed (threshold
/// 50 %)».
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// When.
    pub at: Instant,
    /// What it was before.
    pub from: State,
    /// What it is now. The same as before, where it began anew.
    pub to: State,
    /// Why.
    pub cause: Cause,
}

impl Transition {
    /// It as a sentence.
    pub fn sentence(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.at.as_nanos() / 1_000_000;
        let what = match (self.from, self.to) {
            (State::Closed, State::Open { .. }) => "opened",
            (State::Open { .. }, State::Open { .. }) => "stays open",
            (_, State::Open { .. }) => "opened again",
            (_, State::HalfOpen) => "turned half-open",
            (State::Closed, State::Closed) => "emptied",
            (_, State::Closed) => "closed again",
            (_, State::ForcedOpen) => "was forced open",
            (_, State::Disabled) => "was disabled",
            (_, State::MeasuringOnly) => "was set to measure only",
        };
        write!(f, "{what} at {}.{:03} s: {}", millis / 1_000, millis % 1_000, self.cause)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tripped(trip) => trip.fmt(f),
            Self::WaitOver { waited } => write!(f, "the wait is over after {}", Seconds(*waited)),
            Self::TrialsPassed { successes, answered } => {
                write!(f, "{successes} of {answered} trial calls succeeded")
            }
            Self::TrialsFailed { failures, answered, needed, trials } => {
                write!(f, "{failures} of {answered} trial calls failed ({needed} of {trials} had to succeed)")
            }
            Self::HalfOpenTooLong { stayed, answered } => {
                write!(f, "half-open for {} without a decision, trial calls answered: {answered}", Seconds(*stayed))
            }
            Self::Commanded(_) => f.write_str("by command"),
        }
    }
}

impl fmt::Display for Trip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { verdict, rule, calls, failures, slow, .. } = self;
        if verdict.by_failures {
            if *rule == TripRule::Consecutive {
                write!(f, "{} calls in a row failed (threshold {})", self.failures_in_a_row, self.failures_max)?;
            } else {
                self.share(f, *failures, *calls, "failed")?;
                match rule {
                    TripRule::FailureRate => write!(f, " (threshold {})", Percent(self.failure_rate))?,
                    _ => write!(f, " (threshold {})", self.failures_max)?,
                }
            }
        }
        if verdict.by_slow_calls {
            f.write_str(if verdict.by_failures { "; " } else { "" })?;
            self.share(f, *slow, *calls, "were slow")?;
            write!(f, " (threshold {})", Percent(self.slow_rate))?;
        }
        Ok(())
    }
}

impl Trip {
    fn share(&self, f: &mut fmt::Formatter<'_>, part: u64, calls: u64, what: &str) -> fmt::Result {
        match self.over {
            Over::LastCalls => write!(f, "{part} of the last {calls} calls {what}"),
            Over::Last(time) => write!(f, "{part} of {calls} calls in the last {} {what}", Seconds(time)),
            Over::SinceClosed => write!(f, "{part} of {calls} calls since it closed {what}"),
            Over::Trials => write!(f, "{part} of {calls} trial calls {what}"),
        }
    }
}

/// To the millisecond, without zeros at the end.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal(f, self.0.as_secs(), self.0.subsec_millis(), 3)?;
        f.write_str(" s")
    }
}

/// Ten-thousandths of a percent.
struct Percent(u32);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal(f, u64::from(self.0 / 10_000), self.0 % 10_000, 4)?;
        f.write_str(" %")
    }
}

fn decimal(f: &mut fmt::Formatter<'_>, whole: u64, mut fraction: u32, mut places: usize) -> fmt::Result {
    write!(f, "{whole}")?;
    if fraction == 0 {
        return Ok(());
    }
    while fraction.is_multiple_of(10) {
        fraction /= 10;
        places -= 1;
    }
    write!(f, ".{fraction:0places$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64, cause: Cause) -> String {
        let (from, to) = (State::Closed, State::Open { retry_at: Instant::ZERO });
        Transition { at: Instant::from_millis_f64(seconds * 1e3), from, to, cause }.sentence()
    }

    const TRIP: Trip = Trip {
        verdict: Verdict { by_failures: true, by_slow_calls: false },
        rule: TripRule::FailureRate,
        over: Over::LastCalls,
        calls: 10,
        failures: 6,
        failures_in_a_row: 3,
        slow: 9,
        failures_max: 3,
        failure_rate: 500_000,
        slow_rate: 333_330,
    };

    #[test]
    fn an_opening_tells_its_numbers() {
        assert_eq!(
            at(12.412, Cause::Tripped(TRIP)),
            "opened at 12.412 s: 6 of the last 10 calls failed (threshold 50 %)"
        );
        let over = Over::Last(Duration::from_millis(2_500));
        let verdict = Verdict { by_failures: true, by_slow_calls: true };
        assert_eq!(
            at(0.05, Cause::Tripped(Trip { rule: TripRule::Failures, over, verdict, ..TRIP })),
            "opened at 0.050 s: 6 of 10 calls in the last 2.5 s failed (threshold 3); \
             9 of 10 calls in the last 2.5 s were slow (threshold 33.333 %)"
        );
        assert_eq!(
            at(60.0, Cause::Tripped(Trip { rule: TripRule::Consecutive, ..TRIP })),
            "opened at 60.000 s: 3 calls in a row failed (threshold 3)"
        );
    }

    #[test]
    fn each_other_change_tells_why() {
        let told = |from, to, cause| Transition { at: Instant::from_millis_f64(6_220.4), from, to, cause }.sentence();
        let open = State::Open { retry_at: Instant::ZERO };
        let seconds = Duration::from_millis;
        assert_eq!(
            told(open, State::HalfOpen, Cause::WaitOver { waited: seconds(5_000) }),
            "turned half-open at 6.220 s: the wait is over after 5 s"
        );
        assert_eq!(
            told(State::HalfOpen, State::Closed, Cause::TrialsPassed { successes: 3, answered: 4 }),
            "closed again at 6.220 s: 3 of 4 trial calls succeeded"
        );
        let failed = Cause::TrialsFailed { failures: 2, answered: 3, needed: 4, trials: 5 };
        assert_eq!(
            told(State::HalfOpen, open, failed),
            "opened again at 6.220 s: 2 of 3 trial calls failed (4 of 5 had to succeed)"
        );
        let trip = Trip { over: Over::Trials, calls: 4, failures: 2, ..TRIP };
        assert_eq!(
            told(State::HalfOpen, open, Cause::Tripped(trip)),
            "opened again at 6.220 s: 2 of 4 trial calls failed (threshold 50 %)"
        );
        assert_eq!(
            told(State::HalfOpen, open, Cause::HalfOpenTooLong { stayed: seconds(1_050), answered: 1 }),
            "opened again at 6.220 s: half-open for 1.05 s without a decision, trial calls answered: 1"
        );
        assert_eq!(
            told(State::Closed, State::ForcedOpen, Cause::Commanded(Command::ForceOpen)),
            "was forced open at 6.220 s: by command"
        );
        assert_eq!(
            told(open, open, Cause::Tripped(Trip { rule: TripRule::Consecutive, ..TRIP })),
            "stays open at 6.220 s: 3 calls in a row failed (threshold 3)"
        );
    }
}
