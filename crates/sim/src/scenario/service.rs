use super::call::{BulkheadPolicy, Call};
use sandtable_patterns::balancer::BalancerConfig;
use sandtable_patterns::{choices, parameters};

choices! {
    /// How long the work of a request takes.
    pub enum DistributionKind {
        /// Always the same.
        Constant = "constant", "Constant";
        /// Anything between two bounds, each as likely.
        Uniform = "uniform", "Uniform";
        /// Memoryless: many short, few long.
        Exponential = "exponential", "Exponential";
        /// Skewed, with a long tail; the logarithm is normal.
        LogNormal = "log_normal", "Log-normal";
        /// Mostly fast, sometimes slow.
        Bimodal = "bimodal", "Fast or slow (bimodal)";
        /// A heavy tail between two bounds.
        BoundedPareto = "bounded_pareto", "Bounded Pareto";
    }
}

parameters! {
    /// A service: a balancer over instances.
    pub struct Service {
        /// A name, unique in the scenario.
        ["Name", range 1 ..= 60, level "hidden"]
        pub name: String = "service".to_owned();
        /// The balancer in front of the instances.
        ["Balancer", level "basic"]
        pub balancer: BalancerConfig = BalancerConfig::default();
        /// The instances.
        ["Instances", level "basic"]
        pub instances: Instances = Instances::default();
        /// Whom an instance calls for each request, when its own work is done.
        ["Calls", level "hidden"]
        pub calls: Vec<Call> = Vec::new();
        /// One bulkhead in each instance for all its calls together, in place of each call's own.
        ["Shared pool", level "hidden"]
        pub shared_pool: BulkheadPolicy = BulkheadPolicy::default();
        /// The way from an instance to the balancers of the services that it calls, and back.
        ["Way to the services called", level "hidden"]
        pub call_hop: Hop = Hop { time_ms: 5.0, jitter_percent: 20.0 };
    }

    /// The instances of a service: how many, how large, how fast.
    pub struct Instances {
        /// How many instances there are.
        ["Count", unit "instances", range 1 ..= 1_000, level "basic", scale "log"]
        pub count: u32 = 4;
        /// How long the work of a request takes on an instance of speed 1.
        ["Service time", level "basic"]
        pub service_time: Distribution = Distribution::default();
        /// Requests that an instance works on at a time.
        ["Concurrency", unit "requests", range 1 ..= 10_000, level "basic", scale "log"]
        pub concurrency: u32 = 4;
        /// Requests that wait at an instance; one more is shed.
        ["Queue limit", unit "requests", range 0 ..= 2_000_000, level "basic"]
        pub queue_limit: u32 = 8;
        /// Relative weights, in the order of the instances; those not given are 1.
        ["Weights", range 0.001 ..= 1_000.0, level "basic"]
        pub weights: Vec<f64> = Vec::new();
        /// Relative speeds, in the order of the instances; those not given are 1.
        ["Speeds", unit "×", range 0.01 ..= 100.0, level "more"]
        pub speeds: Vec<f64> = Vec::new();
        /// Failover groups, in the order of the instances: 0 is used first. Those not given are 0.
        ["Priorities", range 0 ..= 9, level "more"]
        pub priorities: Vec<u32> = Vec::new();
        /// The way from the balancer to an instance, and back.
        ["Way to the instances", level "more"]
        pub hop: Hop = Hop { time_ms: 10.0, jitter_percent: 20.0 };
    }

    /// How long the work of a request takes.
    pub struct Distribution {
        /// The kind of distribution.
        ["Service time", level "basic"]
        pub kind: DistributionKind = DistributionKind::Exponential;
        /// Mean (for the bimodal kind: of a fast request, without the slow ones).
        ["Mean service time", unit "ms", range 0.001 ..= 600_000.0, level "basic", when "kind=constant|exponential|log_normal|bimodal", scale "log"]
        pub mean_ms: f64 = 50.0;
        /// Coefficient of variation: standard deviation over mean.
        ["Variation", unit "× mean", range 0.01 ..= 20.0, level "more", when "kind=log_normal"]
        pub variation: f64 = 1.0;
        /// Shortest time.
        ["Shortest", unit "ms", range 0.001 ..= 600_000.0, level "basic", when "kind=uniform|bounded_pareto", scale "log"]
        pub min_ms: f64 = 20.0;
        /// Longest time.
        ["Longest", unit "ms", range 0.001 ..= 3_600_000.0, level "basic", when "kind=uniform|bounded_pareto", scale "log"]
        pub max_ms: f64 = 80.0;
        /// Time of a slow request.
        ["Slow request", unit "ms", range 0.001 ..= 600_000.0, level "basic", when "kind=bimodal", scale "log"]
        pub slow_ms: f64 = 500.0;
        /// Share of slow requests.
        ["Slow share", unit "%", range 0.0 ..= 100.0, level "basic", when "kind=bimodal"]
        pub slow_percent: f64 = 5.0;
        /// Shape of the tail; smaller is heavier.
        ["Shape", range 0.1 ..= 10.0, level "more", when "kind=bounded_pareto"]
        pub shape: f64 = 1.5;
    }

    /// The way between two nodes; each direction takes this long.
    pub struct Hop {
        /// Mean time of one way.
        ["Time", unit "ms", range 0.0 ..= 60_000.0, level "more"]
        pub time_ms: f64 = 0.0;
        /// Each way is longer or shorter by up to this share, evenly spread.
        ["Jitter", unit "%", range 0.0 ..= 100.0, level "more"]
        pub jitter_percent: f64 = 0.0;
    }
}

impl Instances {
    /// The weight of instance `index`.
    pub fn weight(&self, index: usize) -> f64 {
        self.weights.get(index).copied().unwrap_or(1.0)
    }

    /// The relative speed of instance `index`.
    pub fn speed(&self, index: usize) -> f64 {
        self.speeds.get(index).copied().unwrap_or(1.0)
    }

    /// The failover group of instance `index`.
    pub fn priority(&self, index: usize) -> u32 {
        self.priorities.get(index).copied().unwrap_or(0)
    }
}
