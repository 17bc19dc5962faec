//! The instances sorted by requests outstanding, kept so in constant time per request.
//!
//! As counts only ever move by one, an instance that changes bucket only swaps places with the last (or first) of
//! its bucket and the border between the two moves over it.

use rand_core::Rng;

use super::{below, in_order};
use crate::balancer::fleet::Fleet;
use crate::balancer::{Choice, Ties, Why};

/// Not in the order.
const ABSENT: u32 = u32::MAX;

#[derive(Clone, Debug, Default)]
pub(in crate::balancer) struct LoadBuckets {
    /// Instances by count; those with count c are `order[begin[c]..begin[c + 1]]`.
    order: Vec<u32>,
    begin: Vec<u32>,
    /// By position in the balancer's list: where in `order` it stands.
    place: Vec<u32>,
    count: Vec<u32>,
    /// The smallest count there is.
    least: u32,
}

impl LoadBuckets {
    #[inline]
    pub(super) fn pick<R: Rng + ?Sized>(&self, ties: Ties, rng: &mut R) -> Option<Choice> {
        let least = self.least();
        let tied = least.len() as u32;
        let instance = match (least, ties) {
            ([], _) => return None,
            ([only], _) => *only,
            (_, Ties::Random) => least[below(rng, tied) as usize],
            (_, Ties::First) => *least.iter().min()?,
        };
        Some(Choice { instance, why: Why::LeastOutstanding { outstanding: self.least, tied } })
    }

    /// Those with the fewest, in no order.
    #[inline]
    pub(super) fn least(&self) -> &[u32] {
        let least = self.least as usize;
        match self.begin.get(least..least + 2) {
            Some(&[from, to]) => &self.order[from as usize..to as usize],
            _ => &[],
        }
    }

    pub(super) fn rebuild(&mut self, fleet: &Fleet, eligible: &[u32]) {
        self.place.clear();
        self.place.resize(fleet.len(), ABSENT);
        self.count.clear();
        self.count.resize(fleet.len(), 0);
        let counts = eligible.iter().map(|&i| (u64::from(fleet.outstanding(i)), i));
        self.order = in_order(counts).map(|(_, instance)| instance).collect();
        self.begin.clear();
        self.begin.push(0);
        for (place, &instance) in self.order.iter().enumerate() {
            let count = fleet.outstanding(instance);
            self.place[instance as usize] = place as u32;
            self.count[instance as usize] = count;
            // Every count up to this one begins here or before.
            while (self.begin.len() as u64) <= u64::from(count) {
                self.begin.push(place as u32);
            }
        }
        self.begin.push(self.order.len() as u32);
        self.least = self.order.first().map_or(0, |&first| fleet.outstanding(first));
    }

    #[inline]
    pub(super) fn increment(&mut self, instance: u32) {
        let at = instance as usize;
        let Some(&place) = self.place.get(at).filter(|&&place| place != ABSENT) else {
            return;
        };
        let count = self.count[at] as usize;
        let last = self.begin[count + 1] - 1;
        self.swap(place, last);
        self.begin[count + 1] = last;
        self.count[at] += 1;
        if self.begin.len() == count + 2 {
            self.begin.push(self.order.len() as u32);
        }
        if self.least as usize == count && self.begin[count] == last {
            self.least += 1;
        }
    }

    #[inline]
    pub(super) fn decrement(&mut self, instance: u32) {
        let at = instance as usize;
        let Some(&place) = self.place.get(at).filter(|&&place| place != ABSENT) else {
            return;
        };
        let Some(less) = self.count[at].checked_sub(1) else {
            return;
        };
        let count = self.count[at] as usize;
        let first = self.begin[count];
        self.swap(place, first);
        self.begin[count] = first + 1;
        self.count[at] = less;
        self.least = self.least.min(less);
    }

    #[inline]
    fn swap(&mut self, a: u32, b: u32) {
        self.order.swap(a as usize, b as usize);
        self.place[self.order[a as usize] as usize] = a;
        self.place[self.order[b as usize] as usize] = b;
    }
}
