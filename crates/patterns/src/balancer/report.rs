//! Reports: answers, checks, and time going by.

use std::time::Duration;

use super::outlier::Verdict;
use super::{Balancer, Change, Changes, OutlierRule, Policy};
use crate::Instant;
use crate::time::nanos_of;

impl Balancer {
    /// Whether the policy reads the latencies that it is told; where it doesn't, any will do.
    #[inline]
    pub fn uses_latency(&self) -> bool {
        self.config.policy == Policy::PeakEwma
    }

    /// A request was answered in time; `latency` since it was sent.
    #[inline]
    pub fn on_success(&mut self, now: Instant, instance: u32, latency: Duration) -> Changes {
        if !self.answered(now, instance, Some(latency)) {
            return self.take_changes();
        }
        if self.outlier.enabled {
            let member = &mut self.members[instance as usize];
            if member.record.on_success(&self.outlier) == Verdict::Return {
                self.bring_back(now, instance);
                self.refresh(now);
                self.plan(now);
            }
        }
        self.take_changes()
    }

    /// A request failed, or was answered too late; `latency` since it was sent.
    pub fn on_failure(&mut self, now: Instant, instance: u32, latency: Duration) -> Changes {
        if !self.answered(now, instance, Some(latency)) {
            return self.take_changes();
        }
        if self.outlier.enabled {
            self.count_failure(now, instance);
        }
        self.take_changes()
    }

    /// The caller gave up on a request for reasons of its own: that speaks neither for the instance nor against it.
    pub fn on_abandoned(&mut self, now: Instant, instance: u32) -> Changes {
        if !self.answered(now, instance, None) {
            return self.take_changes();
        }
        self.take_changes()
    }

    /// An active check was answered, or failed.
    pub fn on_check(&mut self, now: Instant, instance: u32, passed: bool) -> Changes {
        if !self.is_present(instance) {
            return self.take_changes();
        }
        if self.is_as_in_manual() {
            self.members[instance as usize].health = if passed { 100 } else { 0 };
            return self.check_health(now);
        }
        let checks = &mut self.members[instance as usize].checks;
        if checks.on_check(passed) {
            let change = if passed {
                Change::Healthy { passed_checks: self.config.active_checks.rise }
            } else {
                Change::Unhealthy { failed_checks: self.config.active_checks.fall }
            };
            self.note(now, instance, change);
            if passed {
                self.start_slowly(now, instance);
            }
            self.refresh(now);
        }
        self.take_changes()
    }

    /// The manual's health check: takes each server whose health is below 50 out, for good. Under other policies
    /// nothing happens.
    pub fn check_health(&mut self, now: Instant) -> Changes {
        if self.is_as_in_manual() {
            let mut changed = false;
            for instance in 0..self.members.len() as u32 {
                let member = &mut self.members[instance as usize];
                let health = member.health;
                if health < 50 && !member.removed && !member.out_for_good {
                    member.out_for_good = true;
                    changed = true;
                    self.note(now, instance, Change::OutForGood { health });
                }
            }
            if changed {
                self.refresh(now);
            }
        }
        self.take_changes()
    }

    /// When [`Balancer::on_deadline`] has something to do next, if ever.
    pub const fn next_deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Does what is due: sweeps, or lets instances back whose time is over. Too early or too late does no harm.
    pub fn on_deadline(&mut self, now: Instant) -> Changes {
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            if self.outlier.sweep_interval().is_some() {
                return self.sweep(now);
            }
            self.return_due(now);
            self.plan(now);
        }
        self.take_changes()
    }

    /// Looks at the ejected instances now: those whose time is over come back, and for each of the others in the
    /// list that is in, one ejection is forgiven. [`Balancer::on_deadline`] does this at the configured interval.
    pub fn sweep(&mut self, now: Instant) -> Changes {
        for member in &mut self.members {
            if member.record.out_until().is_none() {
                member.record.forgive();
            }
        }
        self.return_due(now);
        self.plan(now);
        self.take_changes()
    }

    /// Changes that nobody was told yet: a choice can begin a trial, and an addition is one, but neither returns
    /// changes. The next report does, or this.
    pub fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }

    /// Takes a request off the count. False for an instance that never was.
    #[inline]
    fn answered(&mut self, now: Instant, instance: u32, latency: Option<Duration>) -> bool {
        let at = instance as usize;
        if at >= self.fleet.len() {
            return false;
        }
        let outstanding = self.fleet.outstanding_mut(instance);
        if let Some(rest) = outstanding.checked_sub(1) {
            *outstanding = rest;
            let group = &mut self.groups[self.group_of[at] as usize];
            group.picker.on_answered(&self.fleet, instance);
            if rest == 0 && self.members[at].draining {
                self.note(now, instance, Change::Drained);
            }
        }
        if let Some(latency) = latency
            && self.config.policy == Policy::PeakEwma
        {
            let decay_ns = self.fleet.decay_ns();
            self.fleet.latency_mut(instance).observe(now, latency, decay_ns);
        }
        true
    }

    fn count_failure(&mut self, now: Instant, instance: u32) {
        // nginx trusts a server that has no other beside it.
        let alone = self.present() <= 1 && self.outlier.rule == OutlierRule::WithinWindow;
        if alone || !self.is_present(instance) {
            return;
        }
        let member = &mut self.members[instance as usize];
        let verdict = member.record.on_failure(&self.outlier, now);
        let penalty = member.record.penalty(&self.outlier, member.weight);
        if penalty > 0.0 {
            let group = &mut self.groups[self.group_of[instance as usize] as usize];
            group.picker.penalise(instance, penalty);
        }
        if verdict == Verdict::Eject {
            self.eject(now, instance);
            self.plan(now);
        }
    }

    fn eject(&mut self, now: Instant, instance: u32) {
        let present = self.present();
        let member = &mut self.members[instance as usize];
        let was_out = member.record.out_until().is_some();
        if !was_out && !self.outlier.allows(self.ejected, present) {
            member.record.spare(&self.outlier);
            return;
        }
        let (failures, until) = member.record.eject(&self.outlier, now);
        let times = member.record.times();
        self.note(now, instance, Change::Ejected { failures, times, until });
        if !was_out {
            self.ejected += 1;
            self.refresh(now);
        }
    }

    /// The part of outlier ejection that a request sent can set off.
    pub(super) fn on_sent(&mut self, now: Instant, instance: u32) {
        let present = self.present();
        let member = &mut self.members[instance as usize];
        let was_out = member.record.out_until().is_some();
        if !member.record.on_sent(&self.outlier, now) || was_out || !self.outlier.allows(self.ejected, present) {
            return;
        }
        let (_, until) = member.record.eject(&self.outlier, now);
        self.note(now, instance, Change::Trial { until });
        self.ejected += 1;
        self.refresh(now);
        self.plan(now);
    }

    fn return_due(&mut self, now: Instant) {
        let mut changed = false;
        for instance in 0..self.members.len() as u32 {
            let record = &self.members[instance as usize].record;
            if record.out_until().is_some_and(|until| until <= now) {
                self.bring_back(now, instance);
                changed = true;
            }
        }
        if changed {
            self.refresh(now);
        }
    }

    fn bring_back(&mut self, now: Instant, instance: u32) {
        let member = &mut self.members[instance as usize];
        member.record.bring_back(&self.outlier, now);
        if !member.removed {
            self.ejected -= 1;
            self.note(now, instance, Change::Returned);
            self.start_slowly(now, instance);
        }
    }

    /// Sets the next deadline.
    pub(super) fn plan(&mut self, now: Instant) {
        let records = || {
            let present = self.members.iter().filter(|member| !member.removed);
            present.map(|member| &member.record)
        };
        self.deadline = match self.outlier.sweep_interval() {
            None => records().filter_map(|record| record.out_until()).min(),
            Some(interval) => {
                if now >= self.sweep_at {
                    // The grid stands where it stood, however late a sweep came.
                    let late = nanos_of(now.since(self.sweep_at)) % nanos_of(interval);
                    self.sweep_at = now + (interval - Duration::from_nanos(late));
                }
                let needed = records().any(|record| record.out_until().is_some() || record.times() > 0);
                needed.then_some(self.sweep_at)
            }
        };
    }
}
