//! Active health checks: small questions of the balancer, outside the instance's queue.

use super::{EventKind, Simulation, millis_to_nanos};

/// The work of answering a check, on an instance of speed 1 that nothing slows.
const CHECK_WORK_MS: f64 = 1.0;

impl Simulation {
    /// The first checks are spread over one interval, so that not all instances are asked at once.
    pub(super) fn schedule_checks(&mut self) {
        let checks = &self.scenario.services[0].balancer.active_checks;
        if !checks.enabled {
            return;
        }
        let interval = checks.interval_ms;
        let count = self.instances.len();
        for index in 0..count {
            let first = millis_to_nanos(interval * (index + 1) as f64 / count as f64);
            self.schedule(first, EventKind::CheckSent, index as u32);
        }
    }

    pub(super) fn check_sent(&mut self, number: u32) {
        let service = &self.scenario.services[0];
        let checks = &service.balancer.active_checks;
        let index = number as usize;
        let condition = self.instances[index].condition;
        let there_and_back = 2.0 * service.instances.hop.time_ms;
        let work = CHECK_WORK_MS * condition.slowdown / service.instances.speed(index);
        let (answered, timeout) = (there_and_back + work, checks.timeout_ms);
        // A host that is down refuses at once; one that is too slow is given up at the timeout.
        let (passes, after) = match condition.up {
            false => (false, there_and_back.min(timeout)),
            true if answered > timeout => (false, timeout),
            true => (!condition.fails_checks, answered),
        };
        let next = self.now + millis_to_nanos(checks.interval_ms);
        let kind = if passes { EventKind::CheckPassed } else { EventKind::CheckFailed };
        self.schedule(self.now + millis_to_nanos(after), kind, number);
        self.schedule(next, EventKind::CheckSent, number);
    }

    pub(super) fn check_answered(&mut self, number: u32, passed: bool) {
        let changes = self.balancer.on_check(self.instant(), number, passed);
        self.recording.transitions.extend(changes);
        self.recording.checks.push((self.now, number as u16, passed));
        self.follow_deadline();
    }

    /// The balancer asked to be woken at this time.
    pub(super) fn balancer_deadline(&mut self) {
        self.deadline = None;
        let now = self.instant();
        if self.balancer.next_deadline().is_some_and(|deadline| deadline <= now) {
            let changes = self.balancer.on_deadline(now);
            self.recording.transitions.extend(changes);
        }
        self.follow_deadline();
    }

    /// Keeps one event in the queue for the balancer's next deadline. One that has moved leaves a stale event
    /// behind, which finds nothing due.
    #[inline]
    pub(super) fn follow_deadline(&mut self) {
        let next = self.balancer.next_deadline();
        if next == self.deadline {
            return;
        }
        let earlier = match (next, self.deadline) {
            (Some(next), Some(scheduled)) => next < scheduled,
            (next, _) => next.is_some(),
        };
        if let Some(next) = next.filter(|_| earlier) {
            self.deadline = Some(next);
            self.schedule(next.as_nanos().max(self.now), EventKind::Deadline, 0);
        }
    }
}
