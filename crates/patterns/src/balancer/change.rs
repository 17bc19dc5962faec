//! What changes in a balancer, and how an instance stands.

use std::time::Duration;

use crate::Instant;

/// How an instance stands. Several may hold at once (an unhealthy instance can be draining too); the first in the
/// order removed, switched off, draining, ejected, unhealthy is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Takes its share.
    Healthy,
    /// Its active checks failed (or, under «as in the manual», its health dropped below 50).
    Unhealthy,
    /// Taken out because of its answers; it may come back from `until` on.
    Ejected {
        /// When its time is over. Under sweeps it comes back at the first sweep from then on.
        until: Instant,
    },
    /// Finishes what it has and gets nothing new.
    Draining,
    /// Switched off by an operator.
    Disabled,
    /// No longer in the list; its number stays taken.
    Removed,
}

/// One change, for the caller to tell the world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transition {
    /// When.
    pub at: Instant,
    /// Whom it concerns; [`Transition::WHOLE_GROUP`] for panics.
    pub instance: u32,
    /// What happened and why.
    pub change: Change,
}

impl Transition {
    /// Stands for the instance in a change that concerns a whole group.
    pub const WHOLE_GROUP: u32 = u32::MAX;
}

/// Changes in the order in which they happened; mostly none, and then nothing is allocated.
pub type Changes = Vec<Transition>;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// Active checks took it out.
    Unhealthy {
        /// Failed checks in a row.
        failed_checks: u32,
    },
    /// Active checks brought it back.
    Healthy {
        /// Passed checks in a row.
        passed_checks: u32,
    },
    /// «As in the manual»: its health was below 50 when it was looked at; nothing brings it back by itself.
    OutForGood {
        /// Its health, 0 to 100.
        health: u32,
    },
    /// Its answers took it out.
    Ejected {
        /// Failures that counted.
        failures: u32,
        /// How many times in a row, this time included.
        times: u32,
        /// When its time is over.
        until: Instant,
    },
    /// Its time was over and it takes traffic again.
    Returned,
    /// Under «failures within a time»: it got one request to show whether it is well; no more until that is answered.
    Trial {
        /// The next one, should this not be answered.
        until: Instant,
    },
    /// It gets nothing new.
    DrainStarted {
        /// Requests still under way on it.
        outstanding: u32,
    },
    /// It gets new requests again.
    DrainEnded,
    /// Nothing is under way any more on a draining instance.
    Drained,
    /// An operator switched it off.
    Disabled,
    /// An operator switched it on.
    Enabled,
    /// It joined.
    Added,
    /// It left.
    Removed,
    /// Its weight is another one.
    Reweighted {
        /// The new weight.
        weight: f64,
    },
    /// Too few of a group are healthy: the balancer uses all of them, or refuses (as configured).
    PanicEntered {
        /// The group.
        priority: u32,
        /// How many of it are healthy.
        healthy: u32,
        /// How many it has.
        total: u32,
    },
    /// Enough of the group are healthy again.
    PanicLeft {
        /// The group.
        priority: u32,
    },
}

/// Everything there is to see of one instance.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceView {
    /// Its name.
    pub name: String,
    /// Its group.
    pub priority: u32,
    /// How it stands.
    pub status: Status,
    /// Whether it can be chosen at all: it is well, or its group panics. (Its group may still get no share, and a
    /// policy may never come to it.)
    pub takes_traffic: bool,
    /// If it can't be chosen: why.
    pub why_not: Option<Status>,
    /// Requests under way on it, as the balancer counts them.
    pub outstanding: u32,
    /// The weight it was given.
    pub weight: f64,
    /// The weight it has now: lower in slow start, and after failures under «failures within a time».
    pub effective_weight: f64,
    /// Ejections in a row; each makes the next one longer.
    pub ejections: u32,
    /// Failures that count towards the next ejection.
    pub failures: u32,
    /// Failed active checks in a row.
    pub failed_checks: u32,
    /// Passed active checks in a row, while it is unhealthy.
    pub passed_checks: u32,
    /// «As in the manual»: its health, 0 to 100.
    pub health: u32,
    /// Under peak EWMA: its latency average as it reads now, once it has answered.
    pub latency: Option<Duration>,
}

/// How one priority group stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupLoad {
    /// Its priority.
    pub priority: u32,
    /// Instances that are healthy and not ejected.
    pub healthy: u32,
    /// Instances that count: those present, switched on and not draining.
    pub total: u32,
    /// Its share of the traffic in percent.
    pub load_percent: u32,
    /// Whether it panics.
    pub panic: bool,
}
