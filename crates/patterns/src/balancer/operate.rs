//! What an operator does: draining, switching, weights, instances that come and go.

use super::{Balancer, Change, Changes, InstanceSpec, WEIGHT_MAX, WEIGHT_MIN};
use crate::Instant;

impl Balancer {
    /// Lets an instance finish what it has without getting anything new, or ends that.
    pub fn set_draining(&mut self, now: Instant, instance: u32, draining: bool) -> Changes {
        if self.is_present(instance) && self.members[instance as usize].draining != draining {
            self.members[instance as usize].draining = draining;
            let outstanding = self.fleet.outstanding(instance);
            if draining {
                self.note(now, instance, Change::DrainStarted { outstanding });
                if outstanding == 0 {
                    self.note(now, instance, Change::Drained);
                }
            } else {
                self.note(now, instance, Change::DrainEnded);
                self.start_slowly(now, instance);
            }
            self.refresh(now);
        }
        self.take_changes()
    }

    /// Switches an instance off or on (nginx `down`; the manual's `active`). Switching on brings back one that
    /// is out for good under «as in the manual», until the next [`Balancer::check_health`] finds its health still
    /// below 50.
    pub fn set_active(&mut self, now: Instant, instance: u32, active: bool) -> Changes {
        if self.is_present(instance) {
            let member = &mut self.members[instance as usize];
            let was_active = !(member.disabled || member.out_for_good);
            member.disabled = !active;
            if active {
                member.out_for_good = false;
            }
            if was_active != active {
                let change = if active { Change::Enabled } else { Change::Disabled };
                self.note(now, instance, change);
                if active {
                    self.start_slowly(now, instance);
                }
            }
            self.refresh(now);
        }
        self.take_changes()
    }

    /// Gives an instance another weight; what is not between [`WEIGHT_MIN`] and [`WEIGHT_MAX`] becomes the nearest
    /// that is, and what is no number changes nothing. A schedule takes it in when the instance is queued again.
    pub fn set_weight(&mut self, now: Instant, instance: u32, weight: f64) -> Changes {
        if self.is_present(instance) && !weight.is_nan() {
            let weight = weight.clamp(WEIGHT_MIN, WEIGHT_MAX);
            let factor = self.slow_start_factor(now, instance).unwrap_or(1.0);
            let member = &mut self.members[instance as usize];
            if member.weight != weight {
                member.weight = weight;
                let group = &mut self.groups[self.group_of[instance as usize] as usize];
                let in_effect = if group.picker.is_weighted() { weight * factor } else { weight };
                self.fleet.set_weight(instance, in_effect);
                group.picker.reweigh(&self.fleet, &group.members, &group.eligible);
                self.note(now, instance, Change::Reweighted { weight });
            }
        }
        self.take_changes()
    }

    /// Sets the manual's health, 0 to 100 (greater numbers count as 100). It takes effect at the next
    /// [`Balancer::check_health`], and only under «as in the manual».
    pub fn set_health(&mut self, now: Instant, instance: u32, health: u32) -> Changes {
        let _ = now;
        if self.is_present(instance) {
            self.members[instance as usize].health = health.min(100);
        }
        self.take_changes()
    }

    /// Gives one instance its own number of failures for outlier ejection (nginx sets `max_fails` for each server);
    /// 0 never ejects it, `None` goes back to the configured number.
    pub fn set_outlier_failures(&mut self, instance: u32, failures: Option<u32>) {
        if self.is_present(instance) {
            self.members[instance as usize].record.limit = failures;
        }
    }

    /// Says how many requests are under way on an instance, for a balancer that takes over from another.
    pub fn set_outstanding(&mut self, instance: u32, outstanding: u32) {
        if (instance as usize) < self.members.len() {
            let group = &mut self.groups[self.group_of[instance as usize] as usize];
            let fleet = &mut self.fleet;
            while fleet.outstanding(instance) < outstanding {
                *fleet.outstanding_mut(instance) += 1;
                group.picker.on_sent_elsewhere(fleet, instance);
            }
            while fleet.outstanding(instance) > outstanding {
                *fleet.outstanding_mut(instance) -= 1;
                group.picker.on_answered(fleet, instance);
            }
        }
    }

    /// Makes every schedule, table and order of the policy anew from the present weights and counts, as when other
    /// instances take traffic. Only the schedules (earliest deadline first) can come out differently by that.
    pub fn refresh_schedule(&mut self) {
        for group in &mut self.groups {
            group.picker.rebuild(&self.fleet, &group.eligible);
        }
    }

    /// Begins the rotation of every group at another turn, so that many balancers don't all begin with the same
    /// instance (Envoy starts at a seed modulo the number of instances).
    pub fn start_at(&mut self, turn: u64) {
        for group in &mut self.groups {
            group.picker.start_at(turn);
        }
    }

    /// Adds an instance at the end of the list and returns its position. Its weight is brought into
    /// [`WEIGHT_MIN`] to [`WEIGHT_MAX`]; what is no number counts as 1. The change comes with the next changes.
    pub fn add(&mut self, now: Instant, mut instance: InstanceSpec) -> u32 {
        instance.weight = match instance.weight {
            weight if weight.is_nan() => 1.0,
            weight => weight.clamp(WEIGHT_MIN, WEIGHT_MAX),
        };
        let position = self.push(instance);
        self.note(now, position, Change::Added);
        self.regroup();
        self.start_slowly(now, position);
        self.refresh(now);
        position
    }

    /// Takes an instance off the list. Its position is not used again, and its requests under way are still counted
    /// down as they are answered.
    pub fn remove(&mut self, now: Instant, instance: u32) -> Changes {
        if self.is_present(instance) {
            let member = &mut self.members[instance as usize];
            member.removed = true;
            member.warm_since = None;
            if member.record.out_until().is_some() {
                self.ejected -= 1;
            }
            self.fleet.stop_warming(instance);
            self.fleet.set_takes_traffic(instance, false);
            self.note(now, instance, Change::Removed);
            self.regroup();
            self.refresh(now);
            self.plan(now);
        }
        self.take_changes()
    }

    /// Begins slow start, if it is configured and the instance would take traffic.
    pub(super) fn start_slowly(&mut self, now: Instant, instance: u32) {
        let group = &mut self.groups[self.group_of[instance as usize] as usize];
        let member = &mut self.members[instance as usize];
        if !self.ramp.is_used() || group.picker.is_keyed() || !member.is_well() {
            return;
        }
        member.warm_since = Some(now);
        self.fleet.start_warming(instance);
        if group.picker.is_weighted()
            && let Some(factor) = self.slow_start_factor(now, instance)
        {
            let weight = self.members[instance as usize].weight;
            self.fleet.set_weight(instance, weight * factor);
        }
    }
}
