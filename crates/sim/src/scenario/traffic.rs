use sandtable_patterns::{Bounds, Field, Parameter, Shape, choices, parameters};

use super::call::{BulkheadPolicy, Call};
use super::service::Hop;

choices! {
    /// When requests arrive.
    pub enum Arrivals {
        /// At equal distances.
        Constant = "constant", "Constant";
        /// At random and independently of one another (a Poisson process).
        Poisson = "poisson", "Poisson";
        /// Poisson in bursts: on for a while, off for a while.
        OnOff = "on_off", "On / off bursts";
        /// Poisson at a rate that grows or falls evenly from the start of the run to its end.
        Ramp = "ramp", "Ramp";
        /// Poisson at a rate that follows a day: lowest at its start, highest at its middle.
        Daily = "daily", "Daily curve";
        /// As recorded in an access log, or as counts per second.
        Trace = "trace", "Recorded traffic";
        /// A fixed number of users, each waiting for its answer and then thinking before it asks again.
        Users = "users", "Users who wait (closed loop)";
    }

    /// Which keys requests carry.
    pub enum KeyKind {
        /// Each key as likely as the others.
        Uniform = "uniform", "Uniform";
        /// The k-th key in proportion to 1 / k^exponent.
        Zipf = "zipf", "Zipf";
        /// One key has a share of all requests, the rest are uniform.
        HotKey = "hot_key", "One hot key";
        /// The keys with the highest numbers, neighbours where keys are ordered, have a share of all requests.
        HotRange = "hot_range", "A hot range";
    }
}

parameters! {
    /// A group of clients: when they send requests, how many, and for which keys.
    pub struct Client {
        /// A name, unique in the scenario.
        ["Name", range 1 ..= 60, level "hidden"]
        pub name: String = "clients".to_owned();
        /// When requests arrive.
        ["Arrivals", level "basic"]
        pub arrivals: Arrivals = Arrivals::Poisson;
        /// Mean rate of arrivals (of a burst while it is on; of a ramp at its start; of a day on average).
        ["Rate", unit "/s", range 0.001 ..= 1_000_000.0, level "basic", when "arrivals=constant|poisson|on_off|ramp|daily", scale "log"]
        pub rate_per_s: f64 = 240.0;
        /// Length of a burst.
        ["Burst", unit "ms", range 1.0 ..= 86_400_000.0, level "basic", when "arrivals=on_off", scale "log"]
        pub on_ms: f64 = 2_000.0;
        /// Pause between two bursts.
        ["Pause", unit "ms", range 0.0 ..= 86_400_000.0, level "basic", when "arrivals=on_off"]
        pub off_ms: f64 = 3_000.0;
        /// Rate at the end of the run.
        ["Rate at the end", unit "/s", range 0.001 ..= 1_000_000.0, level "basic", when "arrivals=ramp", scale "log"]
        pub ramp_to_per_s: f64 = 480.0;
        /// Length of the simulated day.
        ["Day", unit "ms", range 100.0 ..= 604_800_000.0, level "basic", when "arrivals=daily", scale "log"]
        pub day_ms: f64 = 60_000.0;
        /// How far the rate swings about its mean: 100 % goes down to nothing at night and up to twice the mean at noon.
        ["Swing", unit "%", range 0.0 ..= 100.0, level "basic", when "arrivals=daily"]
        pub swing_percent: f64 = 80.0;
        /// Recorded traffic to replay.
        ["Recorded traffic", level "hidden", when "arrivals=trace"]
        pub trace: Trace = Trace::default();
        /// Each recorded request is sent this many times; a fraction sends some of them once more.
        ["Rate multiplier", unit "×", range 0.001 ..= 100_000.0, level "basic", when "arrivals=trace", scale "log"]
        pub multiplier: f64 = 1.0;
        /// Recorded time runs this many times faster.
        ["Time compression", unit "×", range 0.001 ..= 1_000_000.0, level "basic", when "arrivals=trace", scale "log"]
        pub compression: f64 = 1.0;
        /// Number of users.
        ["Users", unit "users", range 1 ..= 100_000, level "basic", when "arrivals=users", scale "log"]
        pub users: u32 = 40;
        /// Mean time (exponential) that a user thinks between an answer and the next request.
        ["Think time", unit "ms", range 0.0 ..= 3_600_000.0, level "basic", when "arrivals=users"]
        pub think_ms: f64 = 1_000.0;
        /// Which keys requests carry.
        ["Keys", level "more"]
        pub keys: Keys = Keys::default();
        /// Share of the requests that are commands, which write. The rest are queries, which read.
        ["Commands", unit "%", range 0.0 ..= 100.0, level "more"]
        pub commands_percent: f64 = 0.0;
        /// Share of the queries that ask all shards of a store.
        ["Queries of all shards", unit "%", range 0.0 ..= 100.0, level "more"]
        pub all_shards_percent: f64 = 0.0;
        /// The way from the client to the balancer of a service, or to the router of a store or of two sides, and back.
        ["Way to what is called", level "more"]
        pub hop: Hop = Hop { time_ms: 20.0, jitter_percent: 20.0 };
        /// Whom its requests call, and how.
        ["Calls", level "hidden"]
        pub calls: Vec<Call> = vec![Call::default()];
        /// One bulkhead for all calls together, in place of each call's own.
        ["Shared pool", level "more"]
        pub shared_pool: BulkheadPolicy = BulkheadPolicy::default();
    }

    /// The keys that requests carry: a user, a session, a row.
    pub struct Keys {
        /// Which keys requests carry.
        ["Keys", level "more"]
        pub kind: KeyKind = KeyKind::Uniform;
        /// How many different keys there are.
        ["Number of keys", unit "keys", range 1 ..= 10_000_000, level "more", scale "log"]
        pub count: u32 = 10_000;
        /// Zipf's exponent; greater is more uneven.
        ["Zipf exponent", range 0.0 ..= 5.0, level "more", when "kind=zipf"]
        pub exponent: f64 = 1.0;
        /// The share of all requests that the hot key has, or the hot range.
        ["Hot share", unit "%", range 0.0 ..= 100.0, level "more", when "kind=hot_key|hot_range"]
        pub hot_percent: f64 = 30.0;
        /// How much of the keys the hot range is.
        ["Hot range", unit "% of the keys", range 0.001 ..= 100.0, level "more", when "kind=hot_range"]
        pub range_percent: f64 = 10.0;
    }
}

/// Recorded traffic: how many requests came in each second, and perhaps who sent each.
///
/// Within a second the requests are spread at random (a recorded second says no more).
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Trace {
    /// Where it comes from, for people.
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    pub name: String,
    /// Pairs of (second since the first, requests in it), the seconds ascending, those without requests left out.
    pub counts: Vec<(u32, u32)>,
    /// One key for each request in order of time; empty where the recording has none.
    pub keys: Vec<u32>,
}

impl Trace {
    /// Number of recorded requests.
    pub fn requests(&self) -> u64 {
        self.counts.iter().map(|&(_, count)| u64::from(count)).sum()
    }
}

impl Parameter for Trace {
    fn shape(&self) -> Shape {
        const FIELDS: &[Field] = &[
            Field { name: "name", bounds: Some(Bounds { min: 0.0, max: 200.0 }) },
            Field { name: "counts", bounds: None },
            Field { name: "keys", bounds: None },
        ];
        Shape::Struct(FIELDS)
    }

    fn length(&self) -> usize {
        3
    }

    fn part(&self, index: usize) -> Option<&dyn Parameter> {
        let parts: &[&dyn Parameter] = &[&self.name, &self.counts, &self.keys];
        parts.get(index).copied()
    }

    fn part_mut(&mut self, index: usize) -> Option<&mut dyn Parameter> {
        let parts: [&mut dyn Parameter; _] = [&mut self.name, &mut self.counts, &mut self.keys];
        parts.into_iter().nth(index)
    }
}
