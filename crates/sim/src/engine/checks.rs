//! Active health checks: small questions of the balancer, outside the instance's queue.

use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{Changes, Transition};

use crate::recording::whole_service;
use crate::time::nanos;

use super::station::Station;
use super::{EventKind, Simulation};

/// The work of answering a check, on an instance of speed 1 that nothing slows.
const CHECK_WORK_MS: f64 = 1.0;

impl Simulation {
    /// The first checks are spread over one interval, so that not all instances are asked at once.
    pub(super) fn schedule_checks(&mut self) {
        for service in 0..self.scenario.services.len() {
            let checks = &self.scenario.services[service].balancer.active_checks;
            if !checks.enabled {
                continue;
            }
            let interval = checks.interval_ms;
            let Station { first, count, .. } = &self.stations[service];
            let (first, count) = (*first, *count);
            for index in 0..count {
                let at = nanos(interval * (index + 1) as f64 / count as f64);
                self.schedule(at, EventKind::CheckSent, (first + index) as u32);
            }
        }
    }

    pub(super) fn check_sent(&mut self, number: u32) {
        let index = number as usize;
        let home = usize::from(self.home[index]);
        let service = &self.scenario.services[home];
        let checks = &service.balancer.active_checks;
        let condition = self.instances[index].condition;
        let there_and_back = 2.0 * service.instances.hop.time_ms;
        let local = index - self.stations[home].first;
        let work = CHECK_WORK_MS * condition.slowdown / service.instances.speed(local);
        let (answered, timeout) = (there_and_back + work, checks.timeout_ms);
        // A host that is down refuses at once; one that is too slow is given up at the timeout.
        let (passes, after) = match condition.up {
            false => (false, there_and_back.min(timeout)),
            true if answered > timeout => (false, timeout),
            true => (!condition.fails_checks, answered),
        };
        let next = self.now + nanos(checks.interval_ms);
        let kind = if passes { EventKind::CheckPassed } else { EventKind::CheckFailed };
        self.schedule(self.now + nanos(after), kind, number);
        self.schedule(next, EventKind::CheckSent, number);
    }

    pub(super) fn check_answered(&mut self, number: u32, passed: bool) {
        let service = usize::from(self.home[number as usize]);
        let now = self.instant();
        let station = &mut self.stations[service];
        let local = number - station.first as u32;
        let Some(balancer) = station.balancer_mut() else { return };
        let changes = balancer.on_check(now, local, passed);
        self.note(service, changes);
        self.recording.checks.push((self.now, number as u16, passed));
        self.follow_deadline(service);
    }

    /// The balancer of a service asked to be woken at this time.
    pub(super) fn balancer_deadline(&mut self, service: usize) {
        let now = self.instant();
        let station = &mut self.stations[service];
        station.deadline = None;
        let Some(balancer) = station.balancer_mut() else { return };
        if balancer.next_deadline().is_some_and(|deadline| deadline <= now) {
            let changes = balancer.on_deadline(now);
            self.note(service, changes);
        }
        self.follow_deadline(service);
    }

    /// Keeps one event in the queue for the balancer's next deadline. One that has moved leaves a stale event
    /// behind, which finds nothing due.
    #[inline]
    pub(super) fn follow_deadline(&mut self, service: usize) {
        let station = &mut self.stations[service];
        let Some(balancer) = station.balancer() else { return };
        let next = balancer.next_deadline();
        if next == station.deadline {
            return;
        }
        if let Some(at) = sooner(next, &mut station.deadline) {
            self.schedule(at.max(self.now), EventKind::Deadline, service as u32);
        }
    }

    /// Records what changed in a balancer, its instances counted through all services.
    #[inline]
    pub(super) fn note(&mut self, service: usize, changes: Changes) {
        if changes.capacity() == 0 {
            // Nothing to give back: spares a function call for nearly every answer.
            return std::mem::forget(changes);
        }
        let first = self.stations[service].first as u32;
        let counted = changes.into_iter().map(|change| match change.instance {
            Transition::WHOLE_GROUP => Transition { instance: whole_service(service as u32), ..change },
            local => Transition { instance: first + local, ..change },
        });
        self.recording.transitions.extend(counted);
    }
}

/// The time for which a new event is needed, where `next` comes before the one scheduled already.
pub(super) fn sooner(next: Option<Instant>, scheduled: &mut Option<Instant>) -> Option<u64> {
    let next = next.filter(|&next| scheduled.is_none_or(|scheduled| next < scheduled))?;
    *scheduled = Some(next);
    Some(next.as_nanos())
}
