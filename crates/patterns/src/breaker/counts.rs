use std::time::Duration;

/// How a call ended, as far as a breaker cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded in time.
    Success,
    /// It failed, quickly.
    Failure,
    /// It succeeded, but took longer than a call should.
    SlowSuccess,
    /// It failed, and took longer than a call should.
    SlowFailure,
}

impl Outcome {
    /// The outcome of a call that failed or not, and was slow or not.
    pub const fn new(failed: bool, slow: bool) -> Self {
        match (failed, slow) {
            (false, false) => Self::Success,
            (true, false) => Self::Failure,
            (false, true) => Self::SlowSuccess,
            (true, true) => Self::SlowFailure,
        }
    }

    /// Whether the call failed.
    pub const fn failed(self) -> bool {
        matches!(self, Self::Failure | Self::SlowFailure)
    }

    /// Whether the call was slow.
    pub const fn slow(self) -> bool {
        matches!(self, Self::SlowSuccess | Self::SlowFailure)
    }
}

/// What a window, or one bucket of it, holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls let through. Counted only where calls count from their admission on
    /// ([`CountedFrom::Admission`](super::CountedFrom::Admission)), and for trial calls.
    pub admitted: u64,
    /// Calls that succeeded, slow ones included.
    pub successes: u64,
    /// Calls that failed, slow ones included.
    pub failures: u64,
    /// Calls that succeeded, but slowly.
    pub slow_successes: u64,
    /// Calls that failed slowly.
    pub slow_failures: u64,
    /// Calls whose outcome says nothing about the service.
    pub ignored: u64,
    /// Successes since the last failure. A window of calls does not cut this short; a window of time does.
    pub successes_in_a_row: u64,
    /// Failures since the last success. A window of calls does not cut this short; a window of time does.
    pub failures_in_a_row: u64,
    /// All durations added up, in nanoseconds.
    pub duration_ns: u128,
}

impl Counts {
    /// Calls that succeeded or failed.
    pub const fn answered(&self) -> u64 {
        self.successes + self.failures
    }

    /// Calls that were slow, whether they succeeded or failed.
    pub const fn slow(&self) -> u64 {
        self.slow_successes + self.slow_failures
    }

    /// The mean duration of the calls answered, rounded down to the nanosecond; zero when there are none.
    pub const fn mean_duration(&self) -> Duration {
        match self.answered() {
            0 => Duration::ZERO,
            calls => Duration::from_nanos((self.duration_ns / calls as u128) as u64),
        }
    }

    #[inline]
    pub(super) fn add(&mut self, outcome: Outcome, duration_ns: u64) {
        *if outcome.failed() { &mut self.failures } else { &mut self.successes } += 1;
        self.go_on(outcome);
        match outcome {
            Outcome::SlowSuccess => self.slow_successes += 1,
            Outcome::SlowFailure => self.slow_failures += 1,
            Outcome::Success | Outcome::Failure => {}
        }
        self.duration_ns += u128::from(duration_ns);
    }

    /// One more in a row, or the first after others.
    #[inline]
    pub(super) fn go_on(&mut self, outcome: Outcome) {
        if outcome.failed() {
            self.failures_in_a_row += 1;
            self.successes_in_a_row = 0;
        } else {
            self.successes_in_a_row += 1;
            self.failures_in_a_row = 0;
        }
    }

    /// Takes one call back out. The runs stay: they concern the latest calls, and the oldest one leaves.
    #[inline]
    pub(super) fn take_call(&mut self, outcome: Outcome, duration_ns: u64) {
        *if outcome.failed() { &mut self.failures } else { &mut self.successes } -= 1;
        match outcome {
            Outcome::SlowSuccess => self.slow_successes -= 1,
            Outcome::SlowFailure => self.slow_failures -= 1,
            Outcome::Success | Outcome::Failure => {}
        }
        self.duration_ns -= u128::from(duration_ns);
    }

    /// Takes the oldest bucket back out. A run that reaches back into it, which is one that spans everything since,
    /// loses the part in there.
    pub(super) fn take_bucket(&mut self, bucket: &Self) {
        let shorten = |run: &mut u64, later: u64, part: u64| {
            if *run == later + part {
                *run -= part;
            }
        };
        let (successes, failures) = (self.successes - bucket.successes, self.failures - bucket.failures);
        shorten(&mut self.successes_in_a_row, successes, bucket.successes_in_a_row);
        shorten(&mut self.failures_in_a_row, failures, bucket.failures_in_a_row);
        self.admitted -= bucket.admitted;
        self.successes = successes;
        self.failures = failures;
        self.slow_successes -= bucket.slow_successes;
        self.slow_failures -= bucket.slow_failures;
        self.ignored -= bucket.ignored;
        self.duration_ns -= bucket.duration_ns;
    }
}
