//! What is simulated: a scenario is plain data, read from JSON, checked as a whole, and never half applied.

mod call;
#[cfg(feature = "stores")]
mod cqrs;
mod faults;
mod names;
#[cfg(not(feature = "stores"))]
mod no_store;
mod read;
mod service;
mod station;
#[cfg(feature = "stores")]
mod store;
#[cfg(feature = "stores")]
mod stores;
mod topology;
mod traffic;

pub use call::{BreakerPolicy, BreakerScope, BulkheadPolicy, Call};
#[cfg(feature = "stores")]
pub use cqrs::{CommandSide, Cqrs, Model, ModelKind, ModelLayout, SharedModel};
pub use faults::{Fault, FaultKind};
pub use names::instance_name;
#[cfg(not(feature = "stores"))]
pub use no_store::{Cqrs, Store};
pub use read::{SCHEMA, ScenarioError};
pub use service::{Distribution, DistributionKind, Hop, Instances, Service};
pub use station::Station;
#[cfg(feature = "stores")]
pub use store::{GatherKind, Moving, Shards, Store};
pub use topology::{Caller, Edge, Topology};
pub use traffic::{Arrivals, Client, KeyKind, Keys, Trace};

use sandtable_patterns::parameters;

/// The version of the scenario format that this crate reads and writes.
pub const VERSION: u32 = 1;

parameters! {
    /// Who sends what to whom, for how long, and what goes wrong. Everything has a default, so `{}` is a scenario.
    pub struct Scenario {
        /// Version of the format.
        ["Version", range 1 ..= 1, level "hidden"]
        pub version: u32 = VERSION;
        /// A name for people.
        ["Name", range 0 ..= 200, level "hidden"]
        pub name: String = String::new();
        /// Start of all randomness: the same seed gives the same run.
        ["Seed", range 0 ..= 4_294_967_295_u32, level "basic"]
        pub seed: u32 = 1775;
        /// How long requests arrive; those under way at the end are simulated until they end.
        ["Duration", unit "ms", range 1.0 ..= 604_800_000.0, level "basic", scale "log"]
        pub duration_ms: f64 = 60_000.0;
        /// Who sends requests.
        ["Clients", level "basic"]
        pub clients: Vec<Client> = vec![Client::default()];
        /// Who answers them.
        ["Services", level "basic"]
        pub services: Vec<Service> = vec![Service::default()];
        /// Who keeps what is written.
        ["Stores", level "basic"]
        pub stores: Vec<Store> = Vec::new();
        /// Commands and queries, each with a side of its own.
        ["Command and query sides", level "basic"]
        pub cqrs: Vec<Cqrs> = Vec::new();
        /// What goes wrong, and when.
        ["Faults", level "hidden"]
        pub faults: Vec<Fault> = Vec::new();
        /// When to give up rather than use more memory or time.
        ["Limits", level "hidden"]
        pub limits: Limits = Limits::default();
    }

    /// Bounds of a run. Past them it ends with an error, not with an exhausted machine.
    pub struct Limits {
        /// Most requests that a run may have.
        ["Most requests", unit "requests", range 1 ..= 20_000_000, level "hidden"]
        pub requests: u32 = 2_000_000;
        /// Most events that a run may process.
        ["Most events", unit "events", range 1 ..= 1_000_000_000, level "hidden"]
        pub events: u32 = 50_000_000;
    }
}

impl Scenario {
    /// The scenario's duration in nanoseconds.
    pub fn duration_nanos(&self) -> u64 {
        crate::time::nanos(self.duration_ms)
    }
}
