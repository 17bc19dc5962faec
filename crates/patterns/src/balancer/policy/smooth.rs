//! Smooth weighted round robin, and the least requests per weight whose ties it breaks.
//!
//! nginx's algorithm (`ngx_http_upstream_round_robin.c`, 2012, and `least_conn`): each pick adds to every instance's
//! current weight its effective weight, takes the greatest, the first of equals, and lowers that by the sum.
//! A failure may lower an effective weight, which then recovers by 1 with each pick.
//!
//! Weights are whole numbers of 2⁻²⁰, so that sums are exact and no drift can bend the shares.

use super::Pick;
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
}

impl Smooth {
    #[inline]
    pub(super) fn pick(&mut self, pick: &Pick<'_>) -> Option<Choice> {
        self.take_weights(pick);
        let (best, total) = if pick.skip.is_empty() && pick.eligible.len() == self.rows.len() {
            greatest_of_all(&mut self.rows)
        } else {
            greatest(&mut self.rows, pick.eligible, |instance| !pick.skip.contains(&instance))
        }?;
        Some(self.charge(best, total))
    }

    /// The fewest outstanding for its weight; where several have as few, smooth weighted round robin among them.
    pub(super) fn pick_least(&mut self, pick: &Pick<'_>) -> Option<Choice> {
        self.take_weights(pick);
        let (least, tied) = least_for_weight(pick)?;
        if tied > 1 {
            let ratio = |instance: u32| (f64::from(pick.fleet.outstanding(instance)), pick.fleet.weight(instance));
            let (load, weight) = ratio(least);
            let is_tied = |instance: u32| {
                let (other_load, other_weight) = ratio(instance);
                other_load * weight == load * other_weight && !pick.skip.contains(&instance)
            };
            let (best, total) = greatest(&mut self.rows, pick.eligible, is_tied)?;
            self.charge(best, total);
            return Some(least_choice(pick, best, tied));
        }
        Some(least_choice(pick, least, tied))
    }

    pub(super) fn rebuild(&mut self, fleet: &Fleet) {
        self.rows.resize(fleet.len(), Row::default());
        for instance in 0..fleet.len() as u32 {
            let full = fixed(fleet.weight(instance));
            let row = &mut self.rows[instance as usize];
            if row.full != full {
                row.full = full;
                row.effective = full;
            }
        }
    }

    pub(super) fn penalise(&mut self, instance: u32, by: f64) {
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

    /// Slow start moves weights between picks; everything else calls [`Smooth::rebuild`].
    #[inline]
    fn take_weights(&mut self, pick: &Pick<'_>) {
        for &instance in pick.fleet.warming() {
            let full = fixed(pick.fleet.weight(instance));
            let row = &mut self.rows[instance as usize];
            row.effective = if row.effective == row.full { full } else { row.effective.min(full) };
            row.full = full;
        }
    }

    #[inline]
    fn charge(&mut self, instance: u32, total: i64) -> Choice {
        let row = &mut self.rows[instance as usize];
        let current = row.current as f64 / ONE as f64;
        row.current -= total;
        Choice { instance, why: Why::SmoothWeight { current, total: total as f64 / ONE as f64 } }
    }
}

fn fixed(weight: f64) -> i64 {
    (weight * ONE as f64).round() as i64
}

/// The hot loop: one pass over a dense array.
fn greatest_of_all(rows: &mut [Row]) -> Option<(u32, i64)> {
    let mut total = 0;
    let mut best = i64::MIN;
    let mut best_at = None;
    for (instance, row) in rows.iter_mut().enumerate() {
        total += row.step();
        if row.current > best {
            best = row.current;
            best_at = Some(instance as u32);
        }
    }
    best_at.map(|instance| (instance, total))
}

fn greatest(rows: &mut [Row], eligible: &[u32], may: impl Fn(u32) -> bool) -> Option<(u32, i64)> {
    let mut total = 0;
    let mut best = i64::MIN;
    let mut best_at = None;
    for &instance in eligible {
        if !may(instance) {
            continue;
        }
        let row = &mut rows[instance as usize];
        total += row.step();
        if row.current > best {
            best = row.current;
            best_at = Some(instance);
        }
    }
    best_at.map(|instance| (instance, total))
}

/// The first with the least outstanding / weight, and how many have the same; compared without dividing.
fn least_for_weight(pick: &Pick<'_>) -> Option<(u32, u32)> {
    let mut best: Option<(u32, f64, f64)> = None;
    let mut tied = 0;
    for &instance in pick.eligible {
        if pick.skip.contains(&instance) {
            continue;
        }
        let load = f64::from(pick.fleet.outstanding(instance));
        let weight = pick.fleet.weight(instance);
        match best {
            Some((_, best_load, best_weight)) if load * best_weight > best_load * weight => {}
            Some((_, best_load, best_weight)) if load * best_weight == best_load * weight => tied += 1,
            _ => {
                best = Some((instance, load, weight));
                tied = 1;
            }
        }
    }
    best.map(|(instance, ..)| (instance, tied))
}

fn least_choice(pick: &Pick<'_>, instance: u32, tied: u32) -> Choice {
    Choice {
        instance,
        why: Why::LeastForWeight {
            outstanding: pick.fleet.outstanding(instance),
            weight: pick.fleet.weight(instance),
            tied,
        },
    }
}
