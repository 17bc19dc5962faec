use crate::{choices, parameters};

/// No bulkhead has more slots, nor more waiting places: in practice, no bound.
pub const MOST_PLACES: u32 = 1_000_000;

choices! {
    /// Where the limit of calls at a time comes from.
    pub enum LimitKind {
        /// As many as there are slots.
        Fixed = "fixed", "Fixed";
        /// Grows by a constant while calls go well, shrinks by a factor when one is dropped or late (Chiu and Jain).
        Aimd = "aimd", "AIMD";
        /// Follows the ratio of long-run to present latency (Netflix).
        Gradient2 = "gradient2", "Gradient2";
    }

    /// Which library to behave as.
    pub enum BulkheadPreset {
        /// The field manual's: a full one refuses at once, for its queue was never used.
        AsInManual = "as_in_manual", "As in the manual";
        /// Polly v7 `Bulkhead`: `maxQueuingActions` may wait, none by default, for as long as it takes.
        Polly = "polly", "Polly";
        /// failsafe-go `bulkhead`: any number may wait, for `WithMaxWaitTime`, which is 0 by default.
        FailsafeGo = "failsafe_go", "failsafe-go";
        /// resilience4j `SemaphoreBulkhead`: any number may wait, for `maxWaitDuration`, which is 0 by default.
        Resilience4j = "resilience4j", "resilience4j";
    }
}

parameters! {
    /// A bulkhead: how many calls at a time, how many may wait and how long, and whether the limit adapts.
    pub struct BulkheadConfig {
        /// Calls at a time; with an adaptive limit, the most it may grow to. 0 lets nobody in.
        ["Slots", unit "calls", range 0 ..= 1_000_000, level "basic", scale "log"]
        pub max_concurrent: u32 = 10;
        /// Calls that may wait for a slot, in the order of their coming; 0 refuses at once when all slots are taken.
        ["Waiting places", unit "calls", range 0 ..= 1_000_000, level "basic", scale "log"]
        pub max_waiting: u32 = 10;
        /// A call waits less than this for its slot; 0 refuses at once, empty lets it wait as long as it takes.
        ["Longest wait", unit "ms", range 0.0 ..= 3_600_000.0, level "basic"]
        pub max_wait_ms: Option<f64> = None;
        /// Where the limit of calls at a time comes from.
        ["Limit", level "more"]
        pub limit: LimitKind = LimitKind::Fixed;
        /// An adaptive limit begins here.
        ["Limit at first", unit "calls", range 1 ..= 1_000_000, level "more", when "limit=aimd|gradient2", scale "log"]
        pub initial_limit: u32 = 10;
        /// An adaptive limit doesn't fall below this (or the slots, if they are fewer).
        ["Least limit", unit "calls", range 1 ..= 1_000_000, level "more", when "limit=aimd|gradient2", scale "log"]
        pub min_limit: u32 = 1;
        /// The limit grows by this much for a round of as many calls that go well; one that came in while less than half of it was in use adds nothing.
        ["Increase", unit "calls", range 0.01 ..= 100.0, level "more", when "limit=aimd"]
        pub increase: f64 = 1.0;
        /// The limit is multiplied by this when a call is dropped or late, once for the calls of one round.
        ["Back off", unit "×", range 0.1 ..= 0.99, level "more", when "limit=aimd"]
        pub backoff: f64 = 0.9;
        /// A call that takes longer than this counts as dropped.
        ["Late after", unit "ms", range 0.1 ..= 3_600_000.0, level "more", when "limit=aimd", scale "log"]
        pub late_ms: f64 = 5_000.0;
        /// The average latency over this time (and over ten calls at least) is one sample.
        ["Sample", unit "ms", range 0.0 ..= 60_000.0, level "more", when "limit=gradient2"]
        pub sample_ms: f64 = 100.0;
        /// Samples over which the long-run latency is averaged.
        ["Long run", unit "samples", range 1 ..= 100_000, level "more", when "limit=gradient2", scale "log"]
        pub long_samples: u32 = 600;
        /// The limit isn't lowered before the latency is this many times the long-run one.
        ["Tolerance", unit "× long run", range 1.0 ..= 100.0, level "more", when "limit=gradient2"]
        pub tolerance: f64 = 1.5;
        /// How much the aim of one sample moves the limit; 1 takes it on at once.
        ["Smoothing", range 0.001 ..= 1.0, level "more", when "limit=gradient2"]
        pub smoothing: f64 = 0.2;
        /// Calls allowed to queue behind the limit; what makes it grow while the latency stays.
        ["Queue allowed", unit "calls", range 0.0 ..= 1_000.0, level "more", when "limit=gradient2"]
        pub queue_allowed: f64 = 4.0;
    }
}

impl BulkheadPreset {
    /// The library as it is without settings of one's own, but for the slots, which only resilience4j presets.
    pub fn config(self) -> BulkheadConfig {
        let none_waits = BulkheadConfig { max_waiting: 0, ..BulkheadConfig::default() };
        let at_once = BulkheadConfig { max_waiting: MOST_PLACES, max_wait_ms: Some(0.0), ..none_waits.clone() };
        match self {
            Self::AsInManual | Self::Polly => none_waits,
            Self::FailsafeGo => at_once,
            Self::Resilience4j => BulkheadConfig { max_concurrent: 25, ..at_once },
        }
    }
}
