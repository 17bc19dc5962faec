use sandtable_patterns::{choices, parameters};

choices! {
    /// What goes wrong, or what an operator does.
    pub enum FaultKind {
        /// The instance is gone: what it has in hand fails, and so does what still comes.
        Crash = "crash", "Crash";
        /// The instance works slower by a factor, also on what it has in hand.
        Slow = "slow", "Slow down";
        /// The instance answers a share of the requests with an error.
        Errors = "errors", "Fail requests";
        /// The instance serves, but fails its health checks.
        FailingChecks = "failing_checks", "Fail health checks";
        /// The balancer sends no new requests to the instance; what it has in hand is finished.
        Drain = "drain", "Drain";
        /// The clients send a multiple of their requests.
        Traffic = "traffic", "Multiply traffic";
    }
}

parameters! {
    /// Something that happens at a time, for a time, to a named thing.
    pub struct Fault {
        /// What happens.
        ["Kind", level "basic"]
        pub kind: FaultKind = FaultKind::Crash;
        /// The name of an instance, or of a service for all of its instances; of a group of clients where traffic is multiplied.
        ["Target", range 1 ..= 60, level "basic"]
        pub target: String = "alpha".to_owned();
        /// When it begins.
        ["From", unit "ms", range 0.0 ..= 604_800_000.0, level "basic"]
        pub at_ms: f64 = 0.0;
        /// How long it lasts; until the end where nothing is given.
        ["For", unit "ms", range 0.0 ..= 604_800_000.0, level "basic"]
        pub for_ms: Option<f64> = None;
        /// How many times slower, or how many times the traffic.
        ["Factor", unit "×", range 0.01 ..= 1_000.0, level "basic", when "kind=slow|traffic"]
        pub factor: f64 = 4.0;
        /// Share of the requests that fail.
        ["Share", unit "%", range 0.0 ..= 100.0, level "basic", when "kind=errors"]
        pub percent: f64 = 50.0;
    }
}
