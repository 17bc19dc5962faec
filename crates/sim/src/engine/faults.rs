//! What goes wrong, and what an operator does, at the times the scenario says.

use crate::scenario::{Fault, FaultKind};
use crate::time::nanos;

use super::instance::Condition;
use super::{EventKind, Simulation};

impl Simulation {
    pub(super) fn schedule_faults(&mut self) {
        for index in 0..self.scenario.faults.len() {
            let fault = &self.scenario.faults[index];
            if fault.kind == FaultKind::Traffic {
                continue; // part of the arrivals
            }
            let (begins, ends) = span(fault);
            self.schedule(begins, EventKind::FaultBegins, index as u32);
            if let Some(ends) = ends {
                self.schedule(ends, EventKind::FaultEnds, index as u32);
            }
        }
    }

    /// The condition of a fault's target changes to what the faults that hold now make of it.
    pub(super) fn fault_changes(&mut self, number: u32) {
        let fault = &self.scenario.faults[number as usize];
        let Some(index) = self.scenario.instance_named(&fault.target) else { return };
        let now = self.now;
        let target = &fault.target;
        let holding = self.scenario.faults.iter().filter(|other| &other.target == target && holds(other, now));
        let (before, after) = (self.instances[index].condition, Condition::under(holding));
        self.instances[index].condition = after;
        if before.up && !after.up {
            self.lose_all(index);
        }
        if after.slowdown != before.slowdown {
            for job in self.instances[index].stretch(now, after.slowdown / before.slowdown) {
                self.schedule(job.finishes, EventKind::Finished, job.request);
            }
        }
        if after.draining != before.draining {
            let changes = self.balancer.set_draining(self.instant(), index as u32, after.draining);
            self.recording.transitions.extend(changes);
            self.follow_deadline();
        }
    }
}

/// When a fault begins and ends, in nanoseconds.
pub(crate) fn span(fault: &Fault) -> (u64, Option<u64>) {
    let begins = nanos(fault.at_ms);
    (begins, fault.for_ms.map(|time| begins.saturating_add(nanos(time))))
}

/// Whether a fault holds at `now`: from its beginning, and no longer at its end.
pub(crate) fn holds(fault: &Fault, now: u64) -> bool {
    let (begins, ends) = span(fault);
    begins <= now && ends.is_none_or(|ends| now < ends)
}
