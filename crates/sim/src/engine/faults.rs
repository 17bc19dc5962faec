//! What goes wrong, and what an operator does, at the times the scenario says.

use std::ops::Range;

use crate::scenario::{Fault, FaultKind, Scenario};
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
            let (changes_map, (begins, ends)) = (fault.kind.changes_map(), span(fault));
            self.schedule(begins, EventKind::FaultChanges, index as u32);
            if let Some(ends) = ends.filter(|_| !changes_map) {
                self.schedule(ends, EventKind::FaultChanges, index as u32);
            }
        }
    }

    /// The condition of a fault's targets changes to what the faults that hold now make of it.
    #[inline(never)]
    pub(super) fn fault_changes(&mut self, number: u32) {
        #[cfg(feature = "stores")]
        if self.scenario.faults[number as usize].kind.changes_map() {
            return self.map_changes(number as usize);
        }
        #[cfg(feature = "stores")]
        if self.scenario.faults[number as usize].kind.concerns_projection() {
            return self.projection_fault(number as usize);
        }
        for index in self.targets[number as usize].clone() {
            let faults = self.scenario.faults.iter().zip(&self.targets);
            let now = self.now;
            let holding = faults.filter(|(fault, targets)| targets.contains(&index) && holds(fault, now));
            let after = Condition::under(holding.map(|(fault, _)| fault));
            self.condition_changes(index, after);
        }
    }

    fn condition_changes(&mut self, index: usize, after: Condition) {
        let before = self.instances[index].turn(after);
        if before.up && !after.up {
            self.lose_all(index);
        }
        #[cfg(feature = "stores")]
        if self.stored && before.up != after.up {
            self.read_model_changes(index, after.up);
        }
        if after.slowdown != before.slowdown {
            for job in self.instances[index].stretch(self.now, after.slowdown / before.slowdown) {
                self.schedule(job.finishes, EventKind::Finished, job.request);
            }
        }
        if after.draining != before.draining {
            let service = usize::from(self.home[index]);
            let local = (index - self.stations[service].first) as u32;
            let now = self.instant();
            let Some(balancer) = self.stations[service].balancer_mut() else { return };
            let changes = balancer.set_draining(now, local, after.draining);
            self.note(service, changes);
            self.follow_deadline(service);
        }
    }
}

/// The nodes that each fault strikes, counted through all stations; none where it strikes clients or changes a map.
pub(crate) fn targets(scenario: &Scenario) -> Vec<Range<usize>> {
    let faults = scenario.faults.iter();
    let targets = faults.map(|fault| match fault.kind {
        kind if kind.strikes_nodes() => scenario.instances_named(&fault.target),
        _ => None,
    });
    targets.map(|target| target.unwrap_or(0..0)).collect()
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
