use sandtable_patterns::breaker::BreakerConfig;
use sandtable_patterns::bulkhead::BulkheadConfig;
use sandtable_patterns::retry::RetryConfig;
use sandtable_patterns::{choices, parameters};

choices! {
    /// What a breaker watches.
    pub enum BreakerScope {
        /// The call as a whole: whatever fails behind it counts together.
        Call = "call", "The call";
        /// One breaker for each instance, shard or side, kept where it is chosen: an instance whose breaker is open is passed over.
        Instance = "instance", "Each instance";
    }
}

parameters! {
    /// A call: the edge between a caller and a service, with what the caller does about failures.
    ///
    /// Around each attempt the policies wrap in one fixed order, from the outside: retry, circuit breaker, bulkhead,
    /// timeout. Retry is outermost, so that each attempt asks the others anew and a pause between attempts holds no
    /// slot. The breaker comes before the bulkhead, so that what it refuses takes neither a slot nor a place to wait.
    /// The timeout is innermost: its clock starts when the attempt leaves, since the wait in the bulkhead has a bound
    /// of its own.
    pub struct Call {
        /// The service called, by name; nothing stands for the first.
        ["To", range 0 ..= 60, level "hidden"]
        pub to: String = String::new();
        /// Of a client's calls each request makes one, in proportion to these; of a service's calls a request makes each with this probability, one after another, while its slot stays taken.
        ["Share", unit "%", range 0.0 ..= 100.0, level "more"]
        pub share_percent: f64 = 100.0;
        /// An attempt without an answer by then is given up; 0 waits for ever.
        ["Timeout", unit "ms", range 0.0 ..= 3_600_000.0, level "basic"]
        pub timeout_ms: f64 = 0.0;
        /// Whether giving an attempt up also ends its work; otherwise the instance goes on with it for nobody.
        ["Cancel the work", level "more"]
        pub cancel: bool = false;
        /// Trying again after a failure. What the breaker or the bulkhead refused is not tried again.
        ["Retry", level "basic"]
        pub retry: RetryConfig = RetryConfig::default();
        /// Whether a retry avoids the instances that were tried before, as long as there is another.
        ["Retry elsewhere", level "more"]
        pub retry_elsewhere: bool = true;
        /// The circuit breaker.
        ["Circuit breaker", level "basic"]
        pub breaker: BreakerPolicy = BreakerPolicy::default();
        /// The bulkhead.
        ["Bulkhead", level "basic"]
        pub bulkhead: BulkheadPolicy = BulkheadPolicy::default();
    }

    /// A circuit breaker on the call.
    pub struct BreakerPolicy {
        /// Whether there is a breaker.
        ["Circuit breaker", level "basic"]
        pub enabled: bool = false;
        /// What one breaker watches.
        ["Watches", level "more", when "enabled=true"]
        pub scope: BreakerScope = BreakerScope::Call;
        /// When it opens, for how long, and how it closes again.
        ["Rule", level "basic", when "enabled=true"]
        pub rule: BreakerConfig = BreakerConfig::default();
    }

    /// A bulkhead on the call, or one for all calls of a caller.
    pub struct BulkheadPolicy {
        /// Whether there is a bulkhead.
        ["Bulkhead", level "basic"]
        pub enabled: bool = false;
        /// How many at a time, and how many may wait.
        ["Size", level "basic", when "enabled=true"]
        pub rule: BulkheadConfig = BulkheadConfig::default();
    }
}
