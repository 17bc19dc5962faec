//! What goes into a choice and what comes out of it.

/// The least weight an instance can have.
pub const WEIGHT_MIN: f64 = 0.001;
/// The greatest weight an instance can have.
pub const WEIGHT_MAX: f64 = 1_000.0;

/// One instance as the balancer gets to know it.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceSpec {
    /// Its name, which the ring and the Maglev table hash: an instance that keeps its name keeps its keys.
    pub name: String,
    /// Its share of the traffic relative to the others, [`WEIGHT_MIN`] to [`WEIGHT_MAX`].
    pub weight: f64,
    /// The group it belongs to: 0 is used first, a greater number only when those before it are not well enough.
    pub priority: u32,
}

impl Default for InstanceSpec {
    fn default() -> Self {
        Self { name: String::new(), weight: 1.0, priority: 0 }
    }
}

/// What the balancer has to know of a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// Whose request it is, or about what. The ring and Maglev send equal keys to the same instance.
    pub key: u64,
    /// Instances that must not be taken (again), because an earlier attempt went there.
    pub tried: &'a [u32],
}

/// Where a request goes, or why it goes nowhere.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decision {
    /// To this instance, on which it counts as outstanding until it is reported.
    Send(Choice),
    /// Nowhere; nothing was counted.
    Refuse(Refusal),
}

impl Decision {
    /// The choice, if there is one.
    pub const fn choice(self) -> Option<Choice> {
        match self {
            Self::Send(choice) => Some(choice),
            Self::Refuse(_) => None,
        }
    }
}

/// The instance taken, and the reason.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// Its position in the balancer's list.
    pub instance: u32,
    /// What the policy saw.
    pub why: Why,
}

/// The reason of a choice, with the numbers that a sentence of explanation needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Why {
    /// Only one instance could take the request.
    OnlyOne,
    /// Its turn in the rotation.
    Rotation {
        /// Turns given out before, over the whole life of the group.
        turn: u64,
        /// Instances in the rotation: it is number `turn` mod `of` among them.
        of: u32,
    },
    /// Smooth weighted round robin: the greatest current weight.
    SmoothWeight {
        /// Its current weight when it was compared, in units of weight.
        current: f64,
        /// The sum of the weights, by which its current weight was lowered.
        total: f64,
    },
    /// The earliest deadline in the schedule.
    EarliestDeadline {
        /// The deadline, in turns of an instance of weight 1 since the schedule was made.
        deadline: f64,
        /// The weight with which it was queued again.
        weight: f64,
    },
    /// A fair draw.
    Chance {
        /// Of so many.
        of: u32,
    },
    /// A draw by weight.
    WeightedChance {
        /// Its weight.
        weight: f64,
        /// The weights of all that could be drawn.
        total: f64,
    },
    /// The fewest requests under way.
    LeastOutstanding {
        /// Requests under way on it, before this one.
        outstanding: u32,
        /// Instances that had as few, itself included.
        tied: u32,
    },
    /// The fewest requests under way for its weight.
    LeastForWeight {
        /// Requests under way on it, before this one.
        outstanding: u32,
        /// Its weight.
        weight: f64,
        /// Instances that had the same ratio, itself included.
        tied: u32,
    },
    /// The fewest requests under way of those drawn.
    FewerOfDrawn {
        /// How many were drawn, with repetition.
        drawn: u32,
        /// Requests under way on the one taken, before this one.
        outstanding: u32,
        /// The next best that was drawn; the one taken itself when no other was.
        other: u32,
        /// Requests under way on that one.
        other_outstanding: u32,
    },
    /// The lower expected wait of two drawn.
    PeakEwma {
        /// Latency average × (requests under way + 1) of the one taken, in nanoseconds.
        cost_ns: f64,
        /// The other one drawn.
        other: u32,
        /// Its cost, in nanoseconds.
        other_cost_ns: f64,
    },
    /// The key's point on the ring.
    RingPoint {
        /// The key's place on the ring.
        hash: u64,
        /// The point taken, the first usable one at or after it (going round).
        point: u64,
        /// Points passed over because their instance takes no traffic or was tried already.
        skipped: u32,
        /// Points passed over because their instance was at its load bound.
        full: u32,
    },
    /// The key's entry in the Maglev table.
    TableEntry {
        /// The key's hash; its entry is this modulo the table's size.
        hash: u64,
        /// The entry taken.
        entry: u32,
        /// Entries passed over because their instance was tried already.
        skipped: u32,
        /// Entries passed over because their instance was at its load bound.
        full: u32,
    },
}

/// Why a request is sent nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The balancer has no instances (or all were removed).
    NoInstances,
    /// There are instances, but none takes traffic: each is unhealthy, ejected, draining or switched off.
    NoneHealthy,
    /// Too few instances are healthy, and the configuration says to refuse rather than to use them all.
    Panic,
    /// Every instance that takes traffic was tried already.
    AllTried,
}
