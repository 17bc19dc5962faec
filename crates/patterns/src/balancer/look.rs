//! Looking: nothing here changes anything.

use std::time::Duration;

use super::{Balancer, GroupLoad, InstanceView, Policy};
use crate::Instant;

impl Balancer {
    /// How an instance stands at `now`.
    ///
    /// # Panics
    /// If there never was an instance at this position: [`Balancer::len`] says how many there are.
    pub fn view(&self, now: Instant, instance: u32) -> InstanceView {
        let member = &self.members[instance as usize];
        let group = &self.groups[self.group_of[instance as usize] as usize];
        let status = member.status();
        let takes_traffic = self.fleet.takes_traffic(instance);
        let factor = self.slow_start_factor(now, instance).unwrap_or(1.0);
        let left = group.picker.weight_left(&self.fleet, instance);
        let latency_ns = match self.config.policy {
            Policy::PeakEwma => self.fleet.latency(instance).read(now, self.fleet.decay_ns()),
            _ => None,
        };
        InstanceView {
            name: self.fleet.name(instance).to_owned(),
            priority: member.priority,
            status,
            takes_traffic,
            why_not: (!takes_traffic).then_some(status),
            outstanding: self.fleet.outstanding(instance),
            weight: member.weight,
            effective_weight: left.min(member.weight * factor),
            ejections: member.record.times(),
            failures: member.record.failures(),
            failed_checks: member.checks.failed(),
            passed_checks: member.checks.passed(),
            health: member.health,
            latency: latency_ns.map(|ns| Duration::from_nanos(ns as u64)),
        }
    }

    /// Requests under way on an instance, as the balancer counts them; 0 for one that never was.
    #[inline]
    pub fn outstanding(&self, instance: u32) -> u32 {
        if (instance as usize) < self.fleet.len() { self.fleet.outstanding(instance) } else { 0 }
    }

    /// Whether an instance can be chosen at all; false for one that never was.
    #[inline]
    pub fn takes_traffic(&self, instance: u32) -> bool {
        (instance as usize) < self.fleet.len() && self.fleet.takes_traffic(instance)
    }

    /// Instances ever added, removed ones included: positions are below this.
    pub const fn len(&self) -> usize {
        self.fleet.len()
    }

    /// Whether there never was an instance.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether any group panics.
    pub fn in_panic(&self) -> bool {
        self.groups.iter().any(|group| group.load.panic)
    }

    /// How the priority groups stand, in the order of priority.
    pub fn group_loads(&self) -> Vec<GroupLoad> {
        self.groups.iter().map(|group| group.load).collect()
    }

    /// The health of all groups together in percent: the healthy share of each times the overprovisioning factor,
    /// at most 100, and at most 100 in all. Below 100 a group can panic (Envoy's normalized total health).
    pub const fn total_health_percent(&self) -> u32 {
        self.total_health_percent
    }

    /// Turns given out by the rotation of the first group (the manual's `current_index`).
    pub fn turns(&self) -> u64 {
        self.groups.first().map_or(0, |group| group.picker.turns())
    }

    /// Whether there is an instance at this position and it was not removed.
    pub fn is_present(&self, instance: u32) -> bool {
        self.members.get(instance as usize).is_some_and(|member| !member.removed)
    }

    pub(super) fn present(&self) -> u32 {
        self.groups.iter().map(|group| group.members.len() as u32).sum()
    }
}
