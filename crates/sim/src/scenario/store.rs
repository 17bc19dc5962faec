use sandtable_patterns::sharding::ShardingConfig;
use sandtable_patterns::{choices, parameters};

use super::service::{Distribution, Hop};

choices! {
    /// How many shards must have answered a query of all shards.
    pub enum GatherKind {
        /// All: the query takes as long as the slowest.
        All = "all", "All shards";
        /// More than half.
        Quorum = "quorum", "More than half";
        /// The first that answers.
        First = "first", "The first";
    }
}

parameters! {
    /// A store: keys spread over shards, each of which reads and writes what is its own.
    pub struct Store {
        /// A name, unique in the scenario.
        ["Name", range 1 ..= 60, level "hidden"]
        pub name: String = "store".to_owned();
        /// How a key finds its shard, and what happens when their number changes.
        ["Sharding", level "basic"]
        pub sharding: ShardingConfig = ShardingConfig::default();
        /// The shards.
        ["Shards", level "basic"]
        pub shards: Shards = Shards::default();
        /// How keys move when the map changes.
        ["Moving", level "basic"]
        pub moving: Moving = Moving::default();
        /// How many keys are stored at the start: those with the lowest numbers.
        ["Keys at the start", unit "keys", range 0 ..= 100_000, level "basic", scale "log"]
        pub keys: u32 = 1_000;
        /// What stands before the number of a key: the 18th is «soldier_17».
        ["Keys begin with", range 0 ..= 40, level "more"]
        pub key_prefix: String = "soldier_".to_owned();
        /// Numbers of keys that are spread over sub-keys because they are hot.
        ["Salted keys", range 0 ..= 9_999_999, level "more"]
        pub salted_keys: Vec<u32> = Vec::new();
        /// Sub-keys of each salted key.
        ["Sub-keys", range 2 ..= 36, level "more"]
        pub sub_keys: u32 = 8;
        /// How many shards must have answered a query of all shards.
        ["A query of all shards needs", level "more"]
        pub gather: GatherKind = GatherKind::All;
        /// How long a copy takes to apply a write, where copies follow later.
        ["Replication lag", unit "ms", range 0.0 ..= 600_000.0, level "more"]
        pub replication_ms: f64 = 200.0;
        /// How far each copy is, relative to the way to a shard: the primary first. Those not given are 1.
        ["Ways of the copies", unit "×", range 0.0 ..= 1_000.0, level "more"]
        pub copy_ways: Vec<f64> = Vec::new();
    }

    /// The shards of a store: how many, how large, how fast.
    pub struct Shards {
        /// How many shards there are at the start.
        ["Shards", unit "shards", range 1 ..= 200, level "basic", scale "log"]
        pub count: u32 = 3;
        /// How long a read takes on a shard of speed 1.
        ["Read", level "basic"]
        pub read_time: Distribution = Distribution { mean_ms: 20.0, ..Distribution::default() };
        /// How long a write takes on a shard of speed 1.
        ["Write", level "basic"]
        pub write_time: Distribution = Distribution { mean_ms: 40.0, ..Distribution::default() };
        /// Reads and writes that a shard works on at a time.
        ["Concurrency", unit "requests", range 1 ..= 10_000, level "basic", scale "log"]
        pub concurrency: u32 = 4;
        /// Requests that wait at a shard; one more is shed.
        ["Queue limit", unit "requests", range 0 ..= 2_000_000, level "basic"]
        pub queue_limit: u32 = 16;
        /// Relative weights, in the order of the shards; those not given are 1. Hash modulo and jump know no weights.
        ["Weights", range 0.001 ..= 1_000.0, level "more"]
        pub weights: Vec<f64> = Vec::new();
        /// Relative speeds, in the order of the shards; those not given are 1.
        ["Speeds", unit "×", range 0.01 ..= 100.0, level "more"]
        pub speeds: Vec<f64> = Vec::new();
        /// The way from the router to a shard, and back.
        ["Way to the shards", level "more"]
        pub hop: Hop = Hop { time_ms: 10.0, jitter_percent: 20.0 };
    }

    /// What it takes to move keys from one shard to another.
    pub struct Moving {
        /// How many moves are under way at a time. What moves at a time is a key, a hash slot, or a part of a range.
        ["Moves at a time", unit "moves", range 1 ..= 256, level "basic", scale "log"]
        pub at_once: u32 = 4;
        /// How long it takes to move a key.
        ["Time per key", unit "ms", range 0.0 ..= 60_000.0, level "basic"]
        pub key_ms: f64 = 40.0;
        /// How much longer a shard takes for its other work while it sends or gets keys.
        ["Load of moving", unit "%", range 0.0 ..= 1_000.0, level "basic"]
        pub load_percent: f64 = 25.0;
        /// How often ranges are looked at: those that hold too much are split, and all are dealt out again.
        ["Look at ranges every", unit "ms", range 10.0 ..= 3_600_000.0, level "more", scale "log"]
        pub look_ms: f64 = 2_000.0;
    }
}

impl Shards {
    /// The weight of shard `index`.
    pub fn weight(&self, index: usize) -> f64 {
        self.weights.get(index).copied().unwrap_or(1.0)
    }

    /// The relative speed of shard `index`.
    pub fn speed(&self, index: usize) -> f64 {
        self.speeds.get(index).copied().unwrap_or(1.0)
    }

    /// Both kinds of work, each with its field's name.
    pub(super) fn times(&self) -> [(&'static str, &Distribution); 2] {
        [("read_time", &self.read_time), ("write_time", &self.write_time)]
    }
}

impl Store {
    /// How far copy `copy` is, relative to the way to a shard.
    pub fn copy_way(&self, copy: usize) -> f64 {
        self.copy_ways.get(copy).copied().unwrap_or(1.0)
    }

    /// How far each copy is, the primary first.
    pub fn ways(&self) -> Vec<f64> {
        (0..self.sharding.copies as usize).map(|copy| self.copy_way(copy)).collect()
    }

    /// A key's text.
    pub fn key(&self, number: u32) -> String {
        format!("{}{number}", self.key_prefix)
    }
}
