//! Smooth weighted round robin.
//!
//! nginx's algorithm (`ngx_http_upstream_round_robin.c`, 2012): each pick adds to every instance's current weight
//! its effective weight, takes the greatest, the first of equals, and lowers that by the sum. A failure may lower an
//! effective weight, which then recovers by 1 with each pick.
//!
//! Weights are whole numbers of 2⁻²⁰, so that sums are exact and no drift can bend the shares.

use std::cmp::Reverse;

use super::Pick;
use super::weight_classes::WeightClasses;
use crate::balancer::fleet::Fleet;
use crate::balancer::{Choice, Why};

const ONE: i64 = 1 << 20;

/// One instance of the scheme.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    current: i64,
    effective: i64,
    full: i64,
}

impl Row {
    /// Adds this pick's share, recovers a little, and returns the share.
    #[inline]
    fn step(&mut self) -> i64 {
        let share = self.effective;
        self.current += share;
        if share < self.full {
            self.effective = (share + ONE).min(self.full);
        }
        share
    }
}

#[derive(Clone, Debug, Default)]
pub(in crate::balancer) struct Smooth {
    /// By position in the balancer's list; those of other groups stay unused.
    rows: Vec<Row>,
    /// While nothing but plain picks happens, the current weights are here.
    classes: Option<WeightClasses>,
    /// Plain picks since anything else happened. Making the classes costs about as much as n picks by the plain
    /// pass, so they wait until as many have come.
    plain_picks: usize,
}

impl Smooth {
    #[inline]
    pub(super) fn pick(&mut self, pick: &Pick<'_>) -> Option<Choice> {
        if let Some(classes) = &mut self.classes
            && pick.skip.is_empty()
            && pick.fleet.warming().is_empty()
            && !classes.is_worn()
        {
            let greatest = classes.pick()?;
            return Some(choice(greatest.instance, greatest.current, greatest.total));
        }
        self.pick_by_pass(pick)
    }

    /// A pick among these alone, in any order; nobody else gains or loses.
    pub(super) fn pick_among(&mut self, pick: &Pick<'_>, instances: impl Iterator<Item = u32>) -> Option<u32> {
        self.settle();
        self.take_weights(pick);
        let (instance, total) = greatest(&mut self.rows, instances)?;
        self.rows[instance as usize].current -= total;
        Some(instance)
    }

    /// Weights have changed, or who takes traffic.
    pub(super) fn rebuild(&mut self, fleet: &Fleet) {
        self.settle();
        self.rows.resize(fleet.len(), Row::default());
        for (instance, row) in (0..).zip(&mut self.rows) {
            let full = fixed(fleet.weight(instance));
            if row.full != full {
                row.full = full;
                row.effective = full;
            }
        }
    }

    pub(super) fn penalise(&mut self, instance: u32, by: f64) {
        self.settle();
        if let Some(row) = self.rows.get_mut(instance as usize) {
            row.effective = (row.effective - fixed(by)).max(0);
        }
    }

    pub(super) fn weight_left(&self, fleet: &Fleet, instance: u32) -> f64 {
        let weight = fleet.weight(instance);
        match self.rows.get(instance as usize) {
            Some(row) if row.effective < row.full => (row.effective as f64 / ONE as f64).min(weight),
            _ => weight,
        }
    }

    fn pick_by_pass(&mut self, pick: &Pick<'_>) -> Option<Choice> {
        self.settle();
        self.take_weights(pick);
        let is_plain = pick.skip.is_empty() && pick.fleet.warming().is_empty();
        let usable = pick.eligible.iter().copied();
        let usable = usable.filter(|instance| is_plain || !pick.skip.contains(instance));
        let (instance, total) = greatest(&mut self.rows, usable)?;
        let current = self.rows[instance as usize].current;
        self.rows[instance as usize].current -= total;
        self.plain_picks = if is_plain { self.plain_picks + 1 } else { 0 };
        if self.plain_picks >= pick.eligible.len() {
            self.make_classes(pick.eligible);
        }
        Some(choice(instance, current, total))
    }

    /// Slow start moves weights between picks; everything else calls [`Smooth::rebuild`].
    fn take_weights(&mut self, pick: &Pick<'_>) {
        for &instance in pick.fleet.warming() {
            let full = fixed(pick.fleet.weight(instance));
            let row = &mut self.rows[instance as usize];
            row.effective = if row.effective == row.full { full } else { row.effective.min(full) };
            row.full = full;
        }
    }

    fn make_classes(&mut self, eligible: &[u32]) {
        let row = |&instance: &u32| (instance, self.rows[instance as usize]);
        // One that still recovers gains more with each pick.
        if eligible.iter().map(row).all(|(_, row)| row.effective == row.full) {
            let instances = eligible.iter().map(row);
            let classes = WeightClasses::new(instances.map(|(instance, row)| (instance, row.current, row.full)));
            self.classes = Some(classes);
        }
    }

    /// Brings the current weights back into the rows.
    fn settle(&mut self) {
        if let Some(mut classes) = self.classes.take() {
            for (instance, current) in classes.settle() {
                self.rows[instance as usize].current = current;
            }
            self.plain_picks = 0;
        }
    }
}

fn fixed(weight: f64) -> i64 {
    (weight * ONE as f64).round() as i64
}

/// The pass over all: who has the most, the first in the list of equals, and the sum of the shares.
#[inline]
fn greatest(rows: &mut [Row], instances: impl Iterator<Item = u32>) -> Option<(u32, i64)> {
    let mut total = 0;
    let mut best = None;
    for instance in instances {
        let row = &mut rows[instance as usize];
        total += row.step();
        let standing = (row.current, Reverse(instance));
        if best.is_none_or(|best| standing > best) {
            best = Some(standing);
        }
    }
    best.map(|(_, Reverse(instance))| (instance, total))
}

fn choice(instance: u32, current: i64, total: i64) -> Choice {
    Choice {
        instance,
        why: Why::SmoothWeight { current: current as f64 / ONE as f64, total: total as f64 / ONE as f64 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fleet(weights: &[f64]) -> Fleet {
        let mut fleet = Fleet::default();
        for &weight in weights {
            fleet.push(String::new(), weight);
        }
        fleet
    }

    // Skipping somebody now and then, and changing a weight, sends the scheme from classes to rows and back.
    #[test]
    fn picks_by_class_are_the_picks_of_the_plain_pass() {
        let mut weights: Vec<f64> = (0..40).map(|i| 1.0 + f64::from(i % 7) / 2.0).collect();
        let eligible: Vec<u32> = (0..40).collect();
        let mut fleet_now = fleet(&weights);
        let (mut by_class, mut by_pass) = (Smooth::default(), Smooth::default());
        by_class.rebuild(&fleet_now);
        by_pass.rebuild(&fleet_now);
        for turn in 0..5_000_u32 {
            if turn % 701 == 0 {
                weights[(turn % 40) as usize] = f64::from(turn % 9) + 1.0;
                fleet_now = fleet(&weights);
                by_class.rebuild(&fleet_now);
                by_pass.rebuild(&fleet_now);
            }
            let skip = if turn % 97 == 0 { vec![turn % 40] } else { Vec::new() };
            let pick = Pick {
                now: crate::Instant::ZERO,
                fleet: &fleet_now,
                eligible: &eligible,
                pool: &eligible,
                skip: &skip,
                key: 0,
            };
            by_pass.plain_picks = 0;
            assert_eq!(by_class.pick(&pick), by_pass.pick(&pick), "turn {turn}");
            assert!(by_pass.classes.is_none());
        }
        assert!(by_class.classes.is_some());
    }
}
