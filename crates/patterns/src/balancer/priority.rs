//! How traffic is split over priority groups, and when a group panics.
//!
//! Envoy's rules (its documentation pages «Priority levels» and «Panic threshold»), in whole percent as there.

use super::GroupLoad;

/// The two numbers that the rules need.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Envoy's overprovisioning factor in percent: 140 stands for 1.4.
    pub(super) overprovisioning_percent: u32,
    pub(super) panic_threshold_percent: f64,
}

/// Fills in the load and the panic of each group from how many of it are healthy; returns the health of all
/// together, in percent, of which more than 100 counts as 100.
pub(super) fn assign(rules: &Rules, groups: &mut [GroupLoad]) -> u32 {
    let available: u32 = groups.iter().map(|group| availability(rules, group)).sum();
    let normalized = available.min(100);
    for group in groups.iter_mut() {
        group.panic = normalized < 100 && is_below_threshold(rules, group);
    }
    if groups.iter().any(|group| group.total > 0) && groups.iter().all(|group| group.panic || group.total == 0) {
        assign_by_size(groups);
    } else {
        assign_by_health(rules, normalized, groups);
    }
    normalized
}

/// A group's healthy share times the overprovisioning factor, at most 100.
fn availability(rules: &Rules, group: &GroupLoad) -> u32 {
    if group.total == 0 {
        return 0;
    }
    let share = u64::from(rules.overprovisioning_percent) * u64::from(group.healthy) / u64::from(group.total);
    share.min(100) as u32
}

fn is_below_threshold(rules: &Rules, group: &GroupLoad) -> bool {
    let healthy_percent = 100.0 * f64::from(group.healthy) / f64::from(group.total);
    group.total > 0 && healthy_percent < rules.panic_threshold_percent
}

/// In the order of priority each group takes what it can; what rounding leaves over goes to the first that is able.
fn assign_by_health(rules: &Rules, normalized: u32, groups: &mut [GroupLoad]) {
    let mut rest = 100;
    for group in groups.iter_mut() {
        let wanted = (availability(rules, group) * 100).checked_div(normalized).unwrap_or(0);
        group.load_percent = wanted.min(rest);
        rest -= group.load_percent;
    }
    if let Some(first) = groups.iter_mut().find(|group| availability(rules, group) > 0) {
        first.load_percent += rest;
    }
}

/// When every group panics, each gets traffic by its number of instances.
fn assign_by_size(groups: &mut [GroupLoad]) {
    let all: u64 = groups.iter().map(|group| u64::from(group.total)).sum();
    let mut rest = 100;
    for group in groups.iter_mut() {
        group.load_percent = (100 * u64::from(group.total) / all.max(1)) as u32;
        rest -= group.load_percent;
    }
    if let Some(first) = groups.iter_mut().find(|group| group.total > 0) {
        first.load_percent += rest;
    }
}
