use crate::{choices, parameters};

choices! {
    /// How the delay grows from attempt to attempt.
    pub enum Backoff {
        /// Always the base delay.
        Constant = "constant", "Constant";
        /// The base delay times the number of attempts that failed.
        Linear = "linear", "Linear";
        /// The base delay, times the factor for each further attempt that failed.
        Exponential = "exponential", "Exponential";
    }

    /// How chance spreads the delays, so that callers that failed together don't come back together.
    pub enum Jitter {
        /// Not at all.
        None = "none", "None";
        /// Anywhere between 0 and the delay («full jitter», Brooker).
        Full = "full", "Full";
        /// Anywhere between the base delay and three times the delay before, whatever the backoff («decorrelated jitter», Brooker).
        Decorrelated = "decorrelated", "Decorrelated";
    }
}

parameters! {
    /// Retries of a call: how many, how far apart, and which share of the requests at most.
    pub struct RetryConfig {
        /// Attempts in all; 1 never tries again.
        ["Attempts", unit "attempts", range 1 ..= 100, level "basic"]
        pub attempts: u32 = 1;
        /// How the delay grows from attempt to attempt.
        ["Backoff", level "basic", when "jitter=none|full"]
        pub backoff: Backoff = Backoff::Exponential;
        /// The delay before the first retry.
        ["Base delay", unit "ms", range 0.0 ..= 600_000.0, level "basic"]
        pub base_ms: f64 = 100.0;
        /// Under exponential backoff, each delay is this many times the one before.
        ["Factor", unit "×", range 1.0 ..= 10.0, level "more", when "backoff=exponential"]
        pub factor: f64 = 2.0;
        /// No delay is longer than this, not even the base delay.
        ["Longest delay", unit "ms", range 0.0 ..= 3_600_000.0, level "more"]
        pub max_ms: f64 = 10_000.0;
        /// How chance spreads the delays.
        ["Jitter", level "basic"]
        pub jitter: Jitter = Jitter::Full;
        /// Whether a budget bounds the retries of all requests together.
        ["Retry budget", level "basic"]
        pub budget: bool = false;
        /// The share of the requests that may be retried.
        ["Budget", unit "% of requests", range 0.0 ..= 1_000.0, level "basic", when "budget=true"]
        pub budget_percent: f64 = 20.0;
        /// Retries allowed whatever the traffic, on an average over the window; they may be spent all at once.
        ["Reserve", unit "/s", range 0.0 ..= 1_000_000.0, level "more", when "budget=true"]
        pub budget_min_per_s: f64 = 10.0;
        /// Requests and retries are forgotten after this time.
        ["Window", unit "ms", range 10.0 ..= 3_600_000.0, level "more", when "budget=true", scale "log"]
        pub budget_window_ms: f64 = 10_000.0;
    }
}
