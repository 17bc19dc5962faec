//! The options of the breakers that people know, so that they can be had by name.

use super::{
    AfterWait, BreakerConfig, BucketStart, CountedFrom, HalfOpens, Judged, LateAnswers, RateRounding, TrialLimit,
    TrialRule, TripRule, WaitEnd, WindowExpiry, WindowKind,
};
use crate::choices;

choices! {
    /// A breaker that people know, with the options that make this one behave as it does.
    pub enum BreakerPreset {
        /// resilience4j with a window of calls: failure and slow-call rate, a limited number of trial calls.
        Resilience4jCount = "resilience4j_count", "resilience4j, count window";
        /// resilience4j with a window of time, in buckets of a second by the clock.
        Resilience4jTime = "resilience4j_time", "resilience4j, time window";
        /// sony/gobreaker v2: six failures in a row, then one trial call a time; answers from before a change are ignored.
        Gobreaker = "gobreaker", "gobreaker v2";
        /// Polly v7's circuit breaker: failures in a row, then one trial call for each break.
        PollyConsecutive = "polly_consecutive", "Polly v7";
        /// Polly v7's advanced circuit breaker: failure rate over a sampling duration with a minimum throughput.
        PollyAdvanced = "polly_advanced", "Polly v7, advanced";
        /// failsafe-go: k failures of the last n, trial calls limited at a time.
        FailsafeGo = "failsafe_go", "failsafe-go";
        /// As in the field manual: failures in a row; after more than the reset time everything is let through again, with no trial.
        AsInManual = "as_in_manual", "As in the manual";
    }
}

impl BreakerPreset {
    /// Its options, with the numbers that the library starts with (or, where it has none, shows in its guide).
    pub fn config(self) -> BreakerConfig {
        match self {
            Self::Resilience4jCount => resilience4j(),
            Self::Resilience4jTime => BreakerConfig {
                window: WindowKind::Time,
                window_ms: 100_000.0,
                window_buckets: 100,
                bucket_start: BucketStart::Clock,
                ..resilience4j()
            },
            Self::Gobreaker => gobreaker(),
            Self::PollyConsecutive => polly(),
            Self::PollyAdvanced => BreakerConfig {
                trip_rule: TripRule::FailureRate,
                failure_rate_percent: 50.0,
                minimum_calls: 8,
                window: WindowKind::Time,
                window_ms: 10_000.0,
                window_buckets: 10,
                bucket_start: BucketStart::FirstCall,
                closing_trial_counts: true,
                wait_ms: 30_000.0,
                ..polly()
            },
            Self::FailsafeGo => failsafe_go(),
            Self::AsInManual => as_in_manual(),
        }
    }
}

fn resilience4j() -> BreakerConfig {
    BreakerConfig {
        trip_rule: TripRule::FailureRate,
        failure_rate_percent: 50.0,
        minimum_calls: 100,
        window: WindowKind::Calls,
        window_calls: 100,
        judged: Judged::EveryAnswer,
        slow_calls: true,
        slow_call_ms: 60_000.0,
        slow_rate_percent: 100.0,
        wait_ms: 60_000.0,
        wait_ms_max: 86_400_000.0,
        wait_end: WaitEnd::After,
        half_opens: HalfOpens::OnCall,
        trials: 10,
        trial_limit: TrialLimit::InAll,
        trial_rule: TrialRule::Rates,
        half_open_ms_max: 0.0,
        late_answers: LateAnswers::Counted,
        commands_renew: true,
        commands_strict: true,
        ..BreakerConfig::default()
    }
}

fn gobreaker() -> BreakerConfig {
    BreakerConfig {
        trip_rule: TripRule::Consecutive,
        failures: 6,
        window: WindowKind::Unlimited,
        bucket_start: BucketStart::Closing,
        counted_from: CountedFrom::Admission,
        judged: Judged::Failures,
        wait_ms: 60_000.0,
        wait_end: WaitEnd::After,
        half_opens: HalfOpens::OnTime,
        trials: 1,
        trial_limit: TrialLimit::InAll,
        trial_rule: TrialRule::Successes,
        trial_successes: 1,
        half_open_ms_max: 0.0,
        late_answers: LateAnswers::Ignored,
        window_kept: false,
        ..BreakerConfig::default()
    }
}

fn polly() -> BreakerConfig {
    BreakerConfig {
        trip_rule: TripRule::Consecutive,
        failures: 2,
        window: WindowKind::Unlimited,
        judged: Judged::Failures,
        wait_ms: 60_000.0,
        wait_end: WaitEnd::At,
        half_opens: HalfOpens::OnTime,
        trials: 1,
        trial_limit: TrialLimit::OnePerWait,
        trial_rule: TrialRule::Successes,
        trial_successes: 1,
        half_open_ms_max: 0.0,
        late_answers: LateAnswers::Counted,
        ..BreakerConfig::default()
    }
}

fn failsafe_go() -> BreakerConfig {
    BreakerConfig {
        trip_rule: TripRule::Failures,
        failures: 1,
        window: WindowKind::Calls,
        window_calls: 1,
        bucket_start: BucketStart::Clock,
        window_expiry: WindowExpiry::OnRecord,
        judged: Judged::EveryAnswer,
        rate_rounding: RateRounding::WholePercent,
        wait_ms: 60_000.0,
        wait_end: WaitEnd::At,
        half_opens: HalfOpens::OnCall,
        trials: 1,
        trial_limit: TrialLimit::AtATime,
        trial_rule: TrialRule::Successes,
        trial_successes: 1,
        half_open_ms_max: 0.0,
        late_answers: LateAnswers::Counted,
        ..BreakerConfig::default()
    }
}

fn as_in_manual() -> BreakerConfig {
    BreakerConfig {
        trip_rule: TripRule::Consecutive,
        failures: 5,
        window: WindowKind::Unlimited,
        judged: Judged::Failures,
        wait_ms: 60_000.0,
        wait_end: WaitEnd::After,
        half_opens: HalfOpens::OnCall,
        after_wait: AfterWait::Closed,
        half_open_ms_max: 0.0,
        late_answers: LateAnswers::Counted,
        late_failures_prolong: true,
        ..BreakerConfig::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{read_all, write};

    #[test]
    fn every_preset_comes_back_from_what_is_written_of_it() {
        for preset in BreakerPreset::ALL {
            let config = preset.config();
            let mut read = BreakerConfig::default();
            read_all(&mut read, &write(&config)).unwrap();
            assert_eq!(read, config);
        }
    }
}
