use crate::consistent::TableHash;
use crate::{choices, parameters};

choices! {
    /// How the balancer picks one of the instances that may take the request.
    pub enum Policy {
        /// Each instance in turn.
        RoundRobin = "round_robin", "Round robin";
        /// Each in turn, in proportion to its weight and evenly interleaved.
        SmoothWeightedRoundRobin = "smooth_weighted_round_robin", "Smooth weighted round robin";
        /// Any instance, each as likely as the others.
        Random = "random", "Random";
        /// Any instance, likelier the greater its weight.
        WeightedRandom = "weighted_random", "Weighted random";
        /// The instance with the fewest requests under way, as the balancer counts them.
        LeastOutstanding = "least_outstanding", "Least outstanding requests";
        /// The instance with the fewest requests under way for its weight.
        WeightedLeastOutstanding = "weighted_least_outstanding", "Weighted least outstanding requests";
        /// The less busy of a few instances drawn at random.
        PowerOfTwoChoices = "power_of_two_choices", "Power of two choices";
        /// The lower of two expected waits: a latency average that jumps up at once and decays slowly, times the requests under way.
        PeakEwma = "peak_ewma", "Peak EWMA";
        /// The key's next point on a ring of virtual nodes, so that a key keeps its instance.
        RingHash = "ring_hash", "Ring hash";
        /// The key's entry in a lookup table that all instances filled in turn.
        Maglev = "maglev", "Maglev";
        /// As in the field manual: rotate over the active servers by index; one whose health drops below 50 of 100 is out for good.
        AsInManual = "as_in_manual", "As in the manual";
    }

    /// How weights are interleaved.
    pub enum WeightOrder {
        /// nginx's smooth weighted round robin: 5, 1, 1 gives a a b a c a a.
        Smooth = "smooth", "Smooth (nginx)";
        /// Envoy's earliest deadline first: each pick moves an instance's deadline by 1 / weight.
        EarliestDeadline = "earliest_deadline", "Earliest deadline first (Envoy)";
    }

    /// How the weight enters the count of outstanding requests.
    pub enum LeastWeighting {
        /// The smallest outstanding / weight, ties by smooth weighted round robin (nginx `least_conn`).
        Ratio = "ratio", "Requests per weight (nginx)";
        /// An earliest-deadline schedule with weight / (outstanding + 1)^bias, evaluated when an instance is queued again (Envoy).
        EarliestDeadline = "earliest_deadline", "Biased schedule (Envoy)";
    }

    /// Which of several equally good instances is taken.
    pub enum Ties {
        /// Any of them, by chance.
        Random = "random", "By chance";
        /// The one that comes first in the list.
        First = "first", "The first listed";
    }

    /// What makes an outlier.
    pub enum OutlierRule {
        /// A run of failures without a success between (Envoy `consecutive_5xx`).
        Consecutive = "consecutive", "Failures in a row (Envoy)";
        /// So many failures since the first of them, within a time (nginx `max_fails` and `fail_timeout`).
        WithinWindow = "within_window", "Failures within a time (nginx)";
    }
}

parameters! {
    /// Active health checks: the balancer asks each instance at an interval.
    pub struct ActiveChecks {
        /// Whether the balancer asks at all.
        ["Health checks", level "basic"]
        pub enabled: bool = true;
        /// Time between two checks of one instance.
        ["Check interval", unit "ms", range 10.0 ..= 600_000.0, level "basic", when "enabled=true", scale "log"]
        pub interval_ms: f64 = 2_000.0;
        /// An answer later than this counts as a failed check.
        ["Check timeout", unit "ms", range 1.0 ..= 60_000.0, level "more", when "enabled=true", scale "log"]
        pub timeout_ms: f64 = 1_000.0;
        /// Failed checks in a row after which a healthy instance is taken out.
        ["Fall", unit "checks", range 1 ..= 100, level "basic", when "enabled=true"]
        pub fall: u32 = 3;
        /// Passed checks in a row after which an unhealthy instance is brought back.
        ["Rise", unit "checks", range 1 ..= 100, level "basic", when "enabled=true"]
        pub rise: u32 = 2;
        /// Whether the first failed check of a new instance takes it out (HAProxy).
        ["Suspect new instances", level "more", when "enabled=true"]
        pub suspect_new: bool = false;
    }

    /// Passive outlier ejection: the balancer watches the answers and takes out an instance that fails.
    pub struct OutlierEjection {
        /// Whether answers can take an instance out.
        ["Outlier ejection", level "basic"]
        pub enabled: bool = false;
        /// What makes an outlier.
        ["Rule", level "more", when "enabled=true"]
        pub rule: OutlierRule = OutlierRule::Consecutive;
        /// Failures after which the instance is ejected.
        ["Failures", unit "failures", range 1 ..= 1_000, level "basic", when "enabled=true"]
        pub failures: u32 = 5;
        /// Under «failures within a time»: the time in which they must fall.
        ["Window", unit "ms", range 1.0 ..= 3_600_000.0, level "more", when "rule=within_window", scale "log"]
        pub window_ms: f64 = 10_000.0;
        /// Ejected instances are looked at this often and let back when their time is over; 0 lets them back on the moment.
        ["Sweep interval", unit "ms", range 0.0 ..= 600_000.0, level "more", when "enabled=true"]
        pub interval_ms: f64 = 10_000.0;
        /// The first ejection lasts this long, the k-th in a row k times as long.
        ["Base ejection time", unit "ms", range 1.0 ..= 3_600_000.0, level "basic", when "enabled=true", scale "log"]
        pub base_ejection_ms: f64 = 30_000.0;
        /// No ejection lasts longer than this (or than the base time, if that is longer).
        ["Longest ejection", unit "ms", range 1.0 ..= 86_400_000.0, level "more", when "enabled=true", scale "log"]
        pub max_ejection_ms: f64 = 300_000.0;
        /// At most this share of the instances is ejected at a time; one always may be.
        ["Most ejected", unit "%", range 0.0 ..= 100.0, level "more", when "enabled=true"]
        pub max_ejected_percent: f64 = 10.0;
    }

    /// Slow start: an instance that has just come (back) gets its full share only by and by.
    pub struct SlowStart {
        /// Time until the full share is reached; 0 gives it at once.
        ["Slow start", unit "ms", range 0.0 ..= 3_600_000.0, level "more"]
        pub window_ms: f64 = 0.0;
        /// How fast the share grows: weight × (time / window)^(1 / aggression); 1 is linear.
        ["Aggression", range 0.1 ..= 10.0, level "more"]
        pub aggression: f64 = 1.0;
        /// The share begins here.
        ["Least share", unit "%", range 1.0 ..= 100.0, level "more"]
        pub min_weight_percent: f64 = 10.0;
    }

    /// A load balancer: the policy, its options, and what it does about instances that are not well.
    pub struct BalancerConfig {
        /// How the balancer picks an instance.
        ["Policy", level "basic"]
        pub policy: Policy = Policy::RoundRobin;
        /// How many instances are drawn, of which the least busy is taken.
        ["Choices", unit "instances", range 2 ..= 100, level "more", when "policy=power_of_two_choices"]
        pub choices: u32 = 2;
        /// Which of several equally good instances is taken.
        ["Ties", level "more", when "policy=least_outstanding"]
        pub ties: Ties = Ties::Random;
        /// How weights are interleaved.
        ["Weight order", level "more", when "policy=smooth_weighted_round_robin"]
        pub weight_order: WeightOrder = WeightOrder::Smooth;
        /// How the weight enters the count of outstanding requests.
        ["Weighting", level "more", when "policy=weighted_least_outstanding"]
        pub least_weighting: LeastWeighting = LeastWeighting::Ratio;
        /// Under Envoy's weighting, how strongly requests under way lower the weight.
        ["Active request bias", range 0.0 ..= 10.0, level "more", when "policy=weighted_least_outstanding"]
        pub active_request_bias: f64 = 1.0;
        /// Time in which a latency average falls to 1/e when nothing new comes in.
        ["Decay time", unit "ms", range 1.0 ..= 600_000.0, level "more", when "policy=peak_ewma", scale "log"]
        pub decay_ms: f64 = 10_000.0;
        /// Points on the ring for each unit of weight.
        ["Virtual nodes", unit "points", range 1 ..= 1_000, level "more", when "policy=ring_hash"]
        pub virtual_nodes: u32 = 100;
        /// No instance takes more than this share of the average load (1.25 is a quarter more); 0 sets no bound.
        ["Load bound", unit "× average", range 0.0 ..= 10.0, level "more", when "policy=ring_hash|maglev"]
        pub load_bound: f64 = 0.0;
        /// Entries in the lookup table, rounded up to a prime number.
        ["Table size", unit "entries", range 3 ..= 1_000_003, level "more", when "policy=maglev", scale "log"]
        pub table_size: u32 = 65_537;
        /// Which hash fills the table.
        ["Table hash", level "more", when "policy=maglev"]
        pub table_hash: TableHash = TableHash::XxHash64;
        /// Active health checks.
        ["Health checks", level "basic"]
        pub active_checks: ActiveChecks = ActiveChecks::default();
        /// Passive outlier ejection.
        ["Outlier ejection", level "basic"]
        pub outlier_ejection: OutlierEjection = OutlierEjection::default();
        /// Below this share of healthy instances the balancer no longer believes its checks and uses all of them.
        ["Panic threshold", unit "%", range 0.0 ..= 100.0, level "more"]
        pub panic_threshold_percent: f64 = 50.0;
        /// In a panic, refuse instead of using all instances (Envoy `fail_traffic_on_panic`).
        ["Refuse in a panic", level "more"]
        pub refuse_in_panic: bool = false;
        /// Slow start.
        ["Slow start", level "more"]
        pub slow_start: SlowStart = SlowStart::default();
        /// A group keeps all of its traffic while its healthy share times this factor is at least 100 %; the rest fails over to the next group.
        ["Overprovisioning", unit "×", range 1.0 ..= 10.0, level "more"]
        pub overprovisioning: f64 = 1.4;
    }
}
