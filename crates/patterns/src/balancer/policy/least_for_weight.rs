//! The fewest requests under way for the weight (nginx `least_conn`); where several have as few, smooth weighted
//! round robin among those alone.
//!
//! Among instances of one weight the fewest requests are the least for the weight, so with few different weights a
//! pick compares one count for each and visits only those that tie.

use super::load_buckets::LoadBuckets;
use super::smooth::Smooth;
use super::{Pick, in_order};
use crate::balancer::fleet::Fleet;
use crate::balancer::{Choice, Why};

/// With more different weights than this, and while weights move, a pick looks at every instance.
const CLASSES_MAX: usize = 16;

#[derive(Clone, Debug, Default)]
pub(in crate::balancer) struct LeastForWeight {
    /// The instances that take traffic, by weight; empty where a pick has to look at all.
    classes: Vec<(f64, LoadBuckets)>,
    /// By position in the balancer's list.
    class_of: Vec<u32>,
    ties: Vec<u32>,
    pub(super) smooth: Smooth,
}

impl LeastForWeight {
    pub(super) fn pick(&mut self, pick: &Pick<'_>) -> Option<Choice> {
        self.ties.clear();
        if self.classes.is_empty() || !pick.skip.is_empty() || !pick.fleet.warming().is_empty() {
            self.find_ties_among_all(pick);
        } else {
            self.find_ties_by_class(pick.fleet);
        }
        let instance = match self.ties[..] {
            [] => return None,
            [only] => only,
            ref ties => self.smooth.pick_among(pick, ties.iter().copied())?,
        };
        Some(Choice {
            instance,
            why: Why::LeastForWeight {
                outstanding: pick.fleet.outstanding(instance),
                weight: pick.fleet.weight(instance),
                tied: self.ties.len() as u32,
            },
        })
    }

    pub(super) fn rebuild(&mut self, fleet: &Fleet, eligible: &[u32]) {
        self.smooth.rebuild(fleet);
        self.classes.clear();
        self.class_of.clear();
        self.class_of.resize(fleet.len(), 0);
        // Positive numbers are in the order of their bits.
        let weights = eligible.iter().map(|&i| (fleet.weight(i).to_bits(), i));
        let by_weight: Vec<u32> = in_order(weights).map(|(_, instance)| instance).collect();
        let classes: Vec<&[u32]> = by_weight.chunk_by(|&a, &b| fleet.weight(a) == fleet.weight(b)).collect();
        if classes.len() > CLASSES_MAX {
            return;
        }
        for (at, class) in classes.into_iter().enumerate() {
            let mut buckets = LoadBuckets::default();
            buckets.rebuild(fleet, class);
            self.classes.push((fleet.weight(class[0]), buckets));
            for &instance in class {
                self.class_of[instance as usize] = at as u32;
            }
        }
    }

    /// The buckets of an instance's weight.
    #[inline]
    pub(super) fn buckets_of(&mut self, instance: u32) -> Option<&mut LoadBuckets> {
        let class = *self.class_of.get(instance as usize)?;
        self.classes.get_mut(class as usize).map(|(_, buckets)| buckets)
    }

    fn find_ties_by_class(&mut self, fleet: &Fleet) {
        let mut least = None;
        for (weight, buckets) in &self.classes {
            let Some(&first) = buckets.least().first() else {
                continue;
            };
            let load = Load { outstanding: fleet.outstanding(first), weight: *weight };
            if least.is_none_or(|least| load.is_less_than(least)) {
                least = Some(load);
                self.ties.clear();
            }
            if least.is_some_and(|least| !least.is_less_than(load)) {
                self.ties.extend_from_slice(buckets.least());
            }
        }
    }

    fn find_ties_among_all(&mut self, pick: &Pick<'_>) {
        let mut least = None;
        for &instance in pick.eligible {
            if pick.skip.contains(&instance) {
                continue;
            }
            let load = Load { outstanding: pick.fleet.outstanding(instance), weight: pick.fleet.weight(instance) };
            if least.is_none_or(|least| load.is_less_than(least)) {
                least = Some(load);
                self.ties.clear();
            }
            if least.is_some_and(|least| !least.is_less_than(load)) {
                self.ties.push(instance);
            }
        }
    }
}

/// Requests for a weight, compared without dividing, so that equal ratios are equal.
#[derive(Clone, Copy)]
struct Load {
    outstanding: u32,
    weight: f64,
}

impl Load {
    #[inline]
    fn is_less_than(self, other: Self) -> bool {
        f64::from(self.outstanding) * other.weight < f64::from(other.outstanding) * self.weight
    }
}
