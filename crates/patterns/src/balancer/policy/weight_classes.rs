//! Smooth weighted round robin without looking at every instance.
//!
//! Between two changes every instance of the same weight gains the same with each pick, so among those the order
//! of current weights stands still: only the first of each weight can be the greatest of all. A pick compares one
//! instance for each different weight, and lowers one, in O(different weights + log n). The sums are whole numbers,
//! so this gives the very picks that the plain pass over all gives.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::in_order;

/// Rebased after so many picks, long before a sum could overflow.
const STEPS_MAX: i64 = 1 << 24;

#[derive(Clone, Debug, Default)]
pub(super) struct WeightClasses {
    classes: Vec<Class>,
    /// Picks since these were made.
    steps: i64,
    total: i64,
}

#[derive(Clone, Debug)]
struct Class {
    weight: i64,
    /// Current weight less what the steps brought, with the first of the list before its equals.
    members: BinaryHeap<(i64, Reverse<u32>)>,
}

/// What a pick came to.
pub(super) struct Greatest {
    pub(super) instance: u32,
    pub(super) current: i64,
    pub(super) total: i64,
}

impl WeightClasses {
    /// Of `(instance, current weight, weight)`.
    pub(super) fn new(instances: impl Iterator<Item = (u32, i64, i64)>) -> Self {
        let rows: Vec<(u32, i64, i64)> = instances.collect();
        // Weights are positive.
        let weights = (0..).zip(&rows).map(|(at, &(_, _, weight))| (weight.cast_unsigned(), at));
        let mut classes: Vec<Class> = Vec::new();
        for (_, at) in in_order(weights) {
            let (instance, current, weight) = rows[at as usize];
            if classes.last().is_none_or(|class| class.weight != weight) {
                classes.push(Class { weight, members: BinaryHeap::new() });
            }
            if let Some(class) = classes.last_mut() {
                class.members.push((current, Reverse(instance)));
            }
        }
        Self { classes, steps: 0, total: rows.iter().map(|&(_, _, weight)| weight).sum() }
    }

    /// Whether it is time to settle and begin anew.
    pub(super) const fn is_worn(&self) -> bool {
        self.steps >= STEPS_MAX
    }

    /// One pick: the greatest current weight after this step, the first of equals, lowered by the sum.
    #[inline]
    pub(super) fn pick(&mut self) -> Option<Greatest> {
        self.steps += 1;
        let steps = self.steps;
        let mut best: Option<(usize, i64, Reverse<u32>)> = None;
        for (at, class) in self.classes.iter().enumerate() {
            let &(rest, instance) = class.members.peek()?;
            let current = rest + class.weight * steps;
            if best.is_none_or(|(_, greatest, first)| (current, instance) > (greatest, first)) {
                best = Some((at, current, instance));
            }
        }
        let (at, current, Reverse(instance)) = best?;
        let mut member = self.classes[at].members.peek_mut()?;
        member.0 -= self.total;
        Some(Greatest { instance, current, total: self.total })
    }

    /// The current weights, in no order.
    pub(super) fn settle(&mut self) -> impl Iterator<Item = (u32, i64)> {
        let steps = self.steps;
        let classes = std::mem::take(&mut self.classes).into_iter();
        classes.flat_map(move |class| {
            let gained = class.weight * steps;
            let members = class.members.into_iter();
            members.map(move |(rest, Reverse(instance))| (instance, rest + gained))
        })
    }
}
