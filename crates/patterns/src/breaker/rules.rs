//! The validated form of [`BreakerConfig`]: whole numbers, and the comparisons made with them.

use std::time::Duration;

use super::{
    BreakerConfig, CountedFrom, Counts, Over, RateRounding, TrialRule, TripRule, Verdict, WaitEnd, Window, WindowKind,
};
use crate::time::nanos_from_millis;
use crate::{ConfigError, Instant, check_all};

/// Rates are compared as whole numbers: a threshold is rounded to a ten-thousandth of a percent, and both sides are
/// multiplied by the other's denominator.
const WHOLE: u64 = 1_000_000;

#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) config: BreakerConfig,
    failure_rate: u32,
    slow_rate: u32,
    slow: Duration,
    window: Duration,
    pub(super) wait_ns: u64,
    wait_ns_max: u64,
    pub(super) half_open_max: Option<Duration>,
    pub(super) counts_from_admission: bool,
    /// Whether no rule is fulfilled by good calls alone, as a rate of 0 % would be.
    needs_bad_calls: bool,
}

impl Rules {
    pub(super) fn try_new(config: &BreakerConfig) -> Result<Self, Vec<ConfigError>> {
        check_all(config)?;
        check_together(config)?;
        let nanos = |ms| Duration::from_nanos(nanos_from_millis(ms));
        let wait_ns = nanos_from_millis(config.wait_ms);
        Ok(Self {
            needs_bad_calls: config.failures > 0
                && parts(config.failure_rate_percent) > 0
                && parts(config.slow_rate_percent) > 0,
            failure_rate: parts(config.failure_rate_percent),
            slow_rate: parts(config.slow_rate_percent),
            slow: nanos(config.slow_call_ms),
            window: nanos(config.window_ms),
            wait_ns,
            wait_ns_max: nanos_from_millis(config.wait_ms_max).max(wait_ns),
            half_open_max: (config.half_open_ms_max > 0.0).then(|| nanos(config.half_open_ms_max)),
            counts_from_admission: config.counted_from == CountedFrom::Admission && config.window != WindowKind::Calls,
            config: config.clone(),
        })
    }

    pub(super) fn closed_window(&self, now: Instant) -> Window {
        let config = &self.config;
        match config.window {
            WindowKind::Calls => Window::calls(now, config.window_calls),
            WindowKind::Time => Window::time(now, self.window, config.window_buckets, config.bucket_start),
            WindowKind::Unlimited => Window::unlimited(now),
        }
    }

    pub(super) fn is_slow(&self, duration: Duration) -> bool {
        self.config.slow_calls && duration > self.slow
    }

    /// The calls that a rate in the closed window is of.
    pub(super) fn calls(&self, counts: &Counts) -> u64 {
        if self.counts_from_admission { counts.admitted.saturating_sub(counts.ignored) } else { counts.answered() }
    }

    /// No rate of the closed window is looked at before.
    pub(super) fn minimum(&self) -> u64 {
        let config = &self.config;
        match config.window {
            WindowKind::Calls => config.minimum_calls.min(config.window_calls).into(),
            WindowKind::Time | WindowKind::Unlimited => config.minimum_calls.into(),
        }
    }

    pub(super) fn minimum_trials(&self) -> u64 {
        self.config.minimum_calls.min(self.config.trials).into()
    }

    /// What the closed window's counts amount to.
    #[inline]
    pub(super) fn judge(&self, counts: &Counts) -> Verdict {
        if self.needs_bad_calls && counts.failures == 0 && counts.slow() == 0 {
            return Verdict::default();
        }
        let calls = self.calls(counts);
        let enough = calls >= self.minimum();
        let limit = u64::from(self.config.failures);
        Verdict {
            by_failures: match self.config.trip_rule {
                TripRule::Consecutive => counts.failures_in_a_row >= limit,
                TripRule::Failures => counts.failures >= limit,
                TripRule::FailureRate => enough && self.reaches(counts.failures, calls, self.failure_rate),
            },
            by_slow_calls: self.config.slow_calls && enough && self.reaches(counts.slow(), calls, self.slow_rate),
        }
    }

    /// What the trial calls' rates amount to; nothing before there are enough of them. Whether they are good enough
    /// is rounded on its own, so that under rounding both can be true.
    pub(super) fn judge_trials(&self, counts: &Counts) -> Option<(Verdict, bool)> {
        let calls = counts.answered();
        if calls < self.minimum_trials() {
            return None;
        }
        let by_failures = self.reaches(counts.failures, calls, self.failure_rate);
        let by_slow_calls = self.config.slow_calls && self.reaches(counts.slow(), calls, self.slow_rate);
        let good = match self.config.rate_rounding {
            RateRounding::Exact => !by_failures,
            RateRounding::WholePercent => {
                percent(counts.successes, calls) * WHOLE / 100 > WHOLE - u64::from(self.failure_rate)
            }
        };
        Some((Verdict { by_failures, by_slow_calls }, good && !by_slow_calls))
    }

    /// Of what the closed window's counts are, for a sentence.
    pub(super) const fn over(&self) -> Over {
        match (self.config.trip_rule, self.config.window) {
            (_, WindowKind::Calls) => Over::LastCalls,
            (_, WindowKind::Time) => Over::Last(self.window),
            (_, WindowKind::Unlimited) => Over::SinceClosed,
        }
    }

    pub(super) const fn failure_rate(&self) -> u32 {
        self.failure_rate
    }

    pub(super) const fn slow_rate(&self) -> u32 {
        self.slow_rate
    }

    /// A rate as it is compared, in percent.
    pub(super) fn rate_percent(&self, part: u64, calls: u64) -> Option<f64> {
        (calls > 0).then(|| match self.config.rate_rounding {
            RateRounding::Exact => 100.0 * part as f64 / calls as f64,
            RateRounding::WholePercent => percent(part, calls) as f64,
        })
    }

    /// The wait that begins now, if the next one in the row would be `wait_ns`.
    pub(super) fn capped(&self, wait_ns: u64) -> Duration {
        Duration::from_nanos(wait_ns.min(self.wait_ns_max))
    }

    /// The wait after one of `wait_ns`: rounded down to the millisecond where it has one.
    pub(super) fn grown(&self, wait_ns: u64) -> u64 {
        if self.config.wait_growth == 1.0 {
            return wait_ns;
        }
        let grown = (wait_ns as f64 * self.config.wait_growth) as u64;
        if grown >= 1_000_000 { grown - grown % 1_000_000 } else { grown }
    }

    /// The first instant at which a wait that begins now is over.
    pub(super) fn over_at(&self, now: Instant, wait: Duration) -> Instant {
        let end = now + wait;
        match self.config.wait_end {
            WaitEnd::At => end,
            WaitEnd::After => end + Duration::from_nanos(1),
        }
    }

    #[inline]
    fn reaches(&self, part: u64, calls: u64, threshold: u32) -> bool {
        let threshold = u64::from(threshold);
        match self.config.rate_rounding {
            _ if calls == 0 => false,
            // Saturates past 10¹³ calls in one window.
            RateRounding::Exact => part.saturating_mul(WHOLE) >= threshold.saturating_mul(calls),
            RateRounding::WholePercent => percent(part, calls) * WHOLE / 100 >= threshold,
        }
    }
}

/// What one field allows only together with another.
fn check_together(config: &BreakerConfig) -> Result<(), Vec<ConfigError>> {
    let mut errors = Vec::new();
    let mut most = |field: &str, found: u32, bound: u32| {
        if found > bound {
            errors.push(ConfigError::new(field, found, format!("1 to {bound}")));
        }
    };
    if config.trip_rule == TripRule::Failures && config.window == WindowKind::Calls {
        most("failures", config.failures, config.window_calls);
    }
    if config.trial_rule == TrialRule::Successes {
        most("trial_successes", config.trial_successes, config.trials);
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Percent in parts of [`WHOLE`].
fn parts(percent: f64) -> u32 {
    (percent * (WHOLE / 100) as f64).round() as u32
}

/// A share in whole percent, halves up.
const fn percent(part: u64, calls: u64) -> u64 {
    (200 * part + calls) / (2 * calls)
}
