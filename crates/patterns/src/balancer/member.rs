//! What the balancer keeps of one instance besides the hot columns.

use super::{ActiveChecks, HealthCounter, Status, outlier};
use crate::Instant;

#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) priority: u32,
    /// The weight it was given.
    pub(super) weight: f64,
    pub(super) checks: HealthCounter,
    pub(super) record: outlier::Record,
    /// «As in the manual»: 0 to 100.
    pub(super) health: u32,
    pub(super) out_for_good: bool,
    pub(super) draining: bool,
    pub(super) disabled: bool,
    pub(super) removed: bool,
    /// When its slow start began, while it lasts.
    pub(super) warm_since: Option<Instant>,
}

impl Member {
    pub(super) fn new(priority: u32, weight: f64, checks: &ActiveChecks) -> Self {
        let counter = if checks.suspect_new {
            HealthCounter::new_suspect(checks.fall, checks.rise)
        } else {
            HealthCounter::new(checks.fall, checks.rise)
        };
        Self {
            priority,
            weight,
            checks: counter,
            record: outlier::Record::default(),
            health: 100,
            out_for_good: false,
            draining: false,
            disabled: false,
            removed: false,
            warm_since: None,
        }
    }

    /// Whether it counts at all: nobody took it out on purpose.
    pub(super) const fn is_on(&self) -> bool {
        !(self.removed || self.disabled || self.draining)
    }

    /// Whether nothing speaks against it.
    pub(super) const fn is_well(&self) -> bool {
        self.is_on() && self.checks.is_healthy() && self.record.out_until().is_none() && !self.out_for_good
    }

    pub(super) const fn status(&self) -> Status {
        if self.removed {
            Status::Removed
        } else if self.disabled {
            Status::Disabled
        } else if self.draining {
            Status::Draining
        } else if let Some(until) = self.record.out_until() {
            Status::Ejected { until }
        } else if self.checks.is_healthy() && !self.out_for_good {
            Status::Healthy
        } else {
            Status::Unhealthy
        }
    }
}
