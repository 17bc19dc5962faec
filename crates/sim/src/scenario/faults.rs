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
        /// A shard joins the store; keys move to it.
        AddShard = "add_shard", "Add a shard";
        /// The shard leaves its store as soon as its keys have moved to others.
        RemoveShard = "remove_shard", "Remove a shard";
        /// The shard gets another weight; keys move.
        WeighShard = "weigh_shard", "Weigh a shard";
        /// The store deals its slots or ranges out again.
        EvenOut = "even_out", "Even out";
        /// The projection takes in nothing; its read model answers from what it has.
        StopProjection = "stop_projection", "Stop the projection";
        /// The projection goes down between an event's effect and the note of its position, and comes up at once.
        CrashProjection = "crash_projection", "Crash the projection";
        /// Some events are delivered twice.
        DeliverTwice = "deliver_twice", "Deliver events twice";
        /// Some events come late, after those behind them.
        OutOfOrder = "out_of_order", "Deliver events out of order";
        /// The read model is thrown away and made of the log again.
        Rebuild = "rebuild", "Rebuild the read model";
    }
}

parameters! {
    /// Something that happens at a time, for a time, to a named thing.
    pub struct Fault {
        /// What happens.
        ["Kind", level "basic"]
        pub kind: FaultKind = FaultKind::Crash;
        /// The name of an instance, a shard or a read model, or of a service or a store for all of them; of a group of clients where traffic is multiplied.
        ["Target", range 1 ..= 60, level "basic"]
        pub target: String = "alpha".to_owned();
        /// When it begins.
        ["From", unit "ms", range 0.0 ..= 604_800_000.0, level "basic"]
        pub at_ms: f64 = 0.0;
        /// How long it lasts; until the end where nothing is given.
        ["For", unit "ms", range 0.0 ..= 604_800_000.0, level "basic", when "kind=crash|slow|errors|failing_checks|drain|traffic|stop_projection|deliver_twice|out_of_order"]
        pub for_ms: Option<f64> = None;
        /// How many times slower, how many times the traffic, or how many times the weight of a shard as it is by default.
        ["Factor", unit "×", range 0.01 ..= 1_000.0, level "basic", when "kind=slow|traffic|weigh_shard"]
        pub factor: f64 = 4.0;
        /// Share of the requests that fail, or of the events.
        ["Share", unit "%", range 0.0 ..= 100.0, level "basic", when "kind=errors|deliver_twice|out_of_order"]
        pub percent: f64 = 50.0;
    }
}

impl FaultKind {
    /// Whether it changes the map of a store, for good.
    pub const fn changes_map(self) -> bool {
        matches!(self, Self::AddShard | Self::RemoveShard | Self::WeighShard | Self::EvenOut)
    }

    /// Whether it changes the condition of nodes, for as long as it lasts.
    pub const fn strikes_nodes(self) -> bool {
        !self.changes_map() && !self.concerns_projection() && !matches!(self, Self::Traffic)
    }

    /// Whether it concerns how a read model is kept.
    pub const fn concerns_projection(self) -> bool {
        matches!(
            self,
            Self::StopProjection | Self::CrashProjection | Self::DeliverTwice | Self::OutOfOrder | Self::Rebuild
        )
    }
}
