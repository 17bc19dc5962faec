//! Draws by weight in constant time: the alias method (Walker 1977, in the form of Vose 1991).

use rand_core::Rng;

use super::{Pick, only};
use crate::balancer::fleet::Fleet;
use crate::balancer::{Choice, Why};

#[derive(Clone, Copy, Debug)]
struct Column {
    own: u32,
    alias: u32,
    /// Below this (of 2³²) the column's own instance is drawn, else its alias.
    split: u64,
}

#[derive(Clone, Debug, Default)]
pub(in crate::balancer) struct AliasTable {
    columns: Vec<Column>,
    total: f64,
}

impl AliasTable {
    pub(super) fn pick<R: Rng + ?Sized>(&self, pick: &Pick<'_>, rng: &mut R) -> Option<Choice> {
        if self.columns.is_empty() {
            return None;
        }
        // The upper half of one draw chooses the column, the lower half the side.
        let draw = rng.next_u64();
        let column = &self.columns[(((draw >> 32) * self.columns.len() as u64) >> 32) as usize];
        let instance = if draw & 0xffff_ffff < column.split { column.own } else { column.alias };
        Some(choice(pick, instance, self.total))
    }

    pub(super) fn rebuild(&mut self, fleet: &Fleet, eligible: &[u32]) {
        self.total = eligible.iter().map(|&i| fleet.weight(i)).sum();
        let scale = eligible.len() as f64 / self.total;
        let mut filled: Vec<f64> = eligible.iter().map(|&i| fleet.weight(i) * scale).collect();
        let column = |&own: &u32| Column { own, alias: own, split: 1 << 32 };
        self.columns = eligible.iter().map(column).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..eligible.len()).partition(|&at| filled[at] < 1.0);
        while let (Some(low), Some(&high)) = (small.pop(), large.last()) {
            self.columns[low].split = (filled[low] * 4_294_967_296.0) as u64;
            self.columns[low].alias = eligible[high];
            filled[high] -= 1.0 - filled[low];
            if filled[high] < 1.0 {
                large.pop();
                small.push(high);
            }
        }
    }
}

/// The slow way, for when something is to be skipped.
pub(super) fn pick_by_scan<R: Rng + ?Sized>(pick: &Pick<'_>, rng: &mut R) -> Option<Choice> {
    let last = match *pick.pool {
        [] => return None,
        [instance] => return only(instance),
        [.., last] => last,
    };
    let total: f64 = pick.pool.iter().map(|&i| pick.fleet.weight(i)).sum();
    let mut rest = (rng.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0 * total;
    for &instance in pick.pool {
        rest -= pick.fleet.weight(instance);
        if rest < 0.0 {
            return Some(choice(pick, instance, total));
        }
    }
    // Rounding alone can lead here.
    Some(choice(pick, last, total))
}

fn choice(pick: &Pick<'_>, instance: u32, total: f64) -> Choice {
    Choice { instance, why: Why::WeightedChance { weight: pick.fleet.weight(instance), total } }
}
