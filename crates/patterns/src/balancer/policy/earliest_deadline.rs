//! Earliest deadline first: an instance of weight w is due every 1 / w turns.
//!
//! Envoy's `EdfScheduler`: equal deadlines in the order of queueing, a weight is read when an instance is queued
//! (again), and the schedule starts anew at 0 when other instances take traffic.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use crate::balancer::{Choice, Why};

#[derive(Clone, Copy, Debug)]
struct Entry {
    deadline: f64,
    order: u64,
    instance: u32,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.deadline.total_cmp(&other.deadline).then(self.order.cmp(&other.order))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Entry {}

#[derive(Clone, Debug, Default)]
pub(in crate::balancer) struct Schedule {
    queue: BinaryHeap<Reverse<Entry>>,
    /// Entries passed over in one pick, kept here so that no pick allocates.
    set_aside: Vec<Reverse<Entry>>,
    queued: u64,
}

impl Schedule {
    #[inline]
    pub(super) fn pick(&mut self, skip: &[u32], weight: impl Fn(u32) -> f64) -> Option<Choice> {
        self.set_aside(skip);
        let choice = self.take_first(weight);
        // Those passed over keep their turn.
        self.queue.extend(self.set_aside.drain(..));
        choice
    }

    pub(super) fn rebuild(&mut self, eligible: &[u32], weight: impl Fn(u32) -> f64) {
        self.queue.clear();
        self.queued = eligible.len() as u64;
        let entry = |(order, &instance): (usize, &u32)| {
            Reverse(Entry { deadline: 1.0 / weight(instance), order: order as u64, instance })
        };
        self.queue.extend(eligible.iter().enumerate().map(entry));
    }

    fn take_first(&mut self, weight: impl Fn(u32) -> f64) -> Option<Choice> {
        let mut first = self.queue.peek_mut()?;
        let Entry { deadline, instance, .. } = first.0;
        let weight = weight(instance);
        // Queueing it again in place costs one way through the heap instead of two.
        *first = Reverse(Entry { deadline: deadline + 1.0 / weight, order: self.queued, instance });
        self.queued += 1;
        Some(Choice { instance, why: Why::EarliestDeadline { deadline, weight } })
    }

    fn set_aside(&mut self, skip: &[u32]) {
        if skip.is_empty() {
            return;
        }
        while let Some(first) = self.queue.peek_mut()
            && skip.contains(&first.0.instance)
        {
            self.set_aside.push(PeekMut::pop(first));
        }
    }
}
