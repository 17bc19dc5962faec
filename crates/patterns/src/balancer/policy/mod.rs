//! The policies: each picks one of the instances that may take the request.

mod alias;
mod earliest_deadline;
mod keyed;
mod least_for_weight;
mod load_buckets;
mod peak_ewma;
mod rotation;
mod smooth;
mod weight_classes;

use rand_core::Rng;

use self::alias::AliasTable;
use self::earliest_deadline::Schedule;
use self::keyed::{KeyedMaglev, KeyedRing};
use self::least_for_weight::LeastForWeight;
use self::load_buckets::LoadBuckets;
pub(super) use self::peak_ewma::PeakEwma;
use self::rotation::Rotation;
use self::smooth::Smooth;
use super::fleet::Fleet;
use super::{BalancerConfig, Choice, LeastWeighting, Policy, Ties, WeightOrder, Why};
use crate::Instant;
use crate::order::sorted;

/// A policy with the state that it keeps for one priority group.
#[derive(Clone, Debug)]
pub(super) enum Picker {
    Rotation(Rotation),
    Smooth(Smooth),
    Schedule { schedule: Schedule, bias: f64 },
    Random,
    WeightedRandom(AliasTable),
    LeastOutstanding { buckets: LoadBuckets, ties: Ties },
    LeastForWeight(LeastForWeight),
    Choices { draws: u32 },
    PeakEwma,
    Ring(KeyedRing),
    Maglev(KeyedMaglev),
}

/// What a pick looks at.
pub(super) struct Pick<'a> {
    pub(super) now: Instant,
    pub(super) fleet: &'a Fleet,
    /// Instances of the group that take traffic, in the order of the list.
    pub(super) eligible: &'a [u32],
    /// `eligible` without `skip`, for the policies that ask for it ([`Picker::wants_pool`]).
    pub(super) pool: &'a [u32],
    pub(super) skip: &'a [u32],
    pub(super) key: u64,
}

impl Picker {
    pub(super) fn new(config: &BalancerConfig) -> Self {
        let schedule = |bias| Self::Schedule { schedule: Schedule::default(), bias };
        match config.policy {
            Policy::RoundRobin | Policy::AsInManual => Self::Rotation(Rotation::default()),
            Policy::SmoothWeightedRoundRobin => match config.weight_order {
                WeightOrder::Smooth => Self::Smooth(Smooth::default()),
                WeightOrder::EarliestDeadline => schedule(0.0),
            },
            Policy::Random => Self::Random,
            Policy::WeightedRandom => Self::WeightedRandom(AliasTable::default()),
            Policy::LeastOutstanding => Self::LeastOutstanding { buckets: LoadBuckets::default(), ties: config.ties },
            Policy::WeightedLeastOutstanding => match config.least_weighting {
                LeastWeighting::Ratio => Self::LeastForWeight(LeastForWeight::default()),
                LeastWeighting::EarliestDeadline => schedule(config.active_request_bias),
            },
            Policy::PowerOfTwoChoices => Self::Choices { draws: config.choices },
            Policy::PeakEwma => Self::PeakEwma,
            Policy::RingHash => Self::Ring(KeyedRing::new(config)),
            Policy::Maglev => Self::Maglev(KeyedMaglev::new(config)),
        }
    }

    /// The pick, or `None` when everything eligible is to be skipped.
    #[inline]
    pub(super) fn pick<R: Rng + ?Sized>(&mut self, pick: &Pick<'_>, rng: &mut R) -> Option<Choice> {
        match self {
            Self::Rotation(rotation) => rotation.pick(pick),
            Self::LeastOutstanding { buckets, ties } => {
                if pick.skip.is_empty() {
                    buckets.pick(*ties, rng)
                } else {
                    least_of_pool(pick, *ties, rng)
                }
            }
            Self::Random => any_of_pool(pick, rng),
            Self::Choices { draws } => fewer_of_drawn(pick, *draws, rng),
            Self::PeakEwma => peak_ewma::pick(pick, rng),
            Self::WeightedRandom(table) => {
                if pick.skip.is_empty() {
                    table.pick(pick, rng)
                } else {
                    alias::pick_by_scan(pick, rng)
                }
            }
            Self::Smooth(smooth) => smooth.pick(pick),
            Self::LeastForWeight(least) => least.pick(pick),
            Self::Schedule { schedule, bias } => {
                let fleet = pick.fleet;
                schedule.pick(pick.skip, |instance| fleet.biased_weight(instance, *bias))
            }
            Self::Ring(ring) => ring.pick(pick),
            Self::Maglev(maglev) => maglev.pick(pick),
        }
    }

    /// Whether [`Pick::pool`] has to be filled when something is to be skipped.
    pub(super) const fn wants_pool(&self) -> bool {
        matches!(
            self,
            Self::Random
                | Self::WeightedRandom(_)
                | Self::LeastOutstanding { .. }
                | Self::Choices { .. }
                | Self::PeakEwma
        )
    }

    /// Whether weights enter this policy, so that slow start can work through them.
    pub(super) const fn is_weighted(&self) -> bool {
        matches!(self, Self::Smooth(_) | Self::Schedule { .. } | Self::LeastForWeight(_))
    }

    /// Whether a key keeps its instance, so that slow start would only scatter keys.
    pub(super) const fn is_keyed(&self) -> bool {
        matches!(self, Self::Ring(_) | Self::Maglev(_))
    }

    /// Other instances take traffic than before.
    pub(super) fn rebuild(&mut self, fleet: &Fleet, eligible: &[u32]) {
        match self {
            Self::Rotation(rotation) => rotation.rebuild(eligible.len() as u32),
            Self::LeastOutstanding { buckets, .. } => buckets.rebuild(fleet, eligible),
            Self::WeightedRandom(table) => table.rebuild(fleet, eligible),
            Self::Smooth(smooth) => smooth.rebuild(fleet),
            Self::LeastForWeight(least) => least.rebuild(fleet, eligible),
            Self::Schedule { schedule, bias } => {
                schedule.rebuild(eligible, |instance| fleet.biased_weight(instance, *bias));
            }
            Self::Ring(ring) => ring.rebuild(fleet, eligible),
            Self::Maglev(maglev) => maglev.rebuild(fleet, eligible),
            Self::Random | Self::Choices { .. } | Self::PeakEwma => {}
        }
    }

    /// Instances came or went, or a weight changed for good: `members` are all that are present.
    pub(super) fn reweigh(&mut self, fleet: &Fleet, members: &[u32], eligible: &[u32]) {
        match self {
            Self::WeightedRandom(table) => table.rebuild(fleet, eligible),
            Self::Smooth(smooth) => smooth.rebuild(fleet),
            Self::LeastForWeight(least) => least.rebuild(fleet, eligible),
            Self::Ring(ring) => {
                ring.replace_points(fleet, members);
                ring.rebuild(fleet, eligible);
            }
            Self::Maglev(maglev) => maglev.rebuild(fleet, eligible),
            // A schedule takes a new weight in when the instance is queued again.
            _ => {}
        }
    }

    /// A request was sent; the fleet has counted it already.
    #[inline]
    pub(super) fn on_sent(&mut self, instance: u32) {
        match self {
            Self::LeastForWeight(least) => {
                if let Some(buckets) = least.buckets_of(instance) {
                    buckets.increment(instance);
                }
            }
            Self::LeastOutstanding { buckets, .. } => buckets.increment(instance),
            Self::Ring(ring) => ring.load.on_sent(),
            Self::Maglev(maglev) => maglev.load.on_sent(),
            _ => {}
        }
    }

    /// A request was sent by somebody else, perhaps to an instance that takes no traffic here.
    pub(super) fn on_sent_elsewhere(&mut self, fleet: &Fleet, instance: u32) {
        match self {
            // Their sums are those of the instances that take traffic here.
            Self::Ring(_) | Self::Maglev(_) if !fleet.takes_traffic(instance) => {}
            _ => self.on_sent(instance),
        }
    }

    /// A request was answered; the fleet no longer counts it.
    #[inline]
    pub(super) fn on_answered(&mut self, fleet: &Fleet, instance: u32) {
        match self {
            Self::LeastForWeight(least) => {
                if let Some(buckets) = least.buckets_of(instance) {
                    buckets.decrement(instance);
                }
            }
            Self::LeastOutstanding { buckets, .. } => buckets.decrement(instance),
            Self::Ring(ring) => ring.load.on_answered(fleet, instance),
            Self::Maglev(maglev) => maglev.load.on_answered(fleet, instance),
            _ => {}
        }
    }

    /// Under nginx's rule a failure lowers the weight by `by`, from which it recovers pick by pick.
    pub(super) fn penalise(&mut self, instance: u32, by: f64) {
        match self {
            Self::Smooth(smooth) => smooth.penalise(instance, by),
            Self::LeastForWeight(least) => least.smooth.penalise(instance, by),
            _ => {}
        }
    }

    /// The share of its weight an instance has, as penalties left it.
    pub(super) fn weight_left(&self, fleet: &Fleet, instance: u32) -> f64 {
        match self {
            Self::Smooth(smooth) => smooth.weight_left(fleet, instance),
            Self::LeastForWeight(least) => least.smooth.weight_left(fleet, instance),
            _ => fleet.weight(instance),
        }
    }

    /// Begins the rotation at another instance.
    pub(super) fn start_at(&mut self, turn: u64) {
        if let Self::Rotation(rotation) = self {
            rotation.start_at(turn);
        }
    }

    /// Turns given out, for the policies that rotate.
    pub(super) const fn turns(&self) -> u64 {
        match self {
            Self::Rotation(rotation) => rotation.turns(),
            _ => 0,
        }
    }
}

/// A number below `n`, from the upper half of one draw; off from uniform by less than n / 2³².
#[inline]
pub(super) fn below<R: Rng + ?Sized>(rng: &mut R, n: u32) -> u32 {
    (((rng.next_u64() >> 32) * u64::from(n)) >> 32) as u32
}

/// Sorts by key, then by place.
fn in_order(pairs: impl Iterator<Item = (u64, u32)>) -> impl Iterator<Item = (u64, u32)> {
    sorted(pairs.collect()).into_iter()
}

const fn only(instance: u32) -> Option<Choice> {
    Some(Choice { instance, why: Why::OnlyOne })
}

fn any_of_pool<R: Rng + ?Sized>(pick: &Pick<'_>, rng: &mut R) -> Option<Choice> {
    match *pick.pool {
        [] => None,
        [instance] => only(instance),
        ref pool => {
            let of = pool.len() as u32;
            Some(Choice { instance: pool[below(rng, of) as usize], why: Why::Chance { of } })
        }
    }
}

/// Power of d choices (Mitzenmacher 2001; Envoy draws with repetition too): of equals the first drawn is taken.
fn fewer_of_drawn<R: Rng + ?Sized>(pick: &Pick<'_>, draws: u32, rng: &mut R) -> Option<Choice> {
    let pool = match *pick.pool {
        [] => return None,
        [instance] => return only(instance),
        ref pool => pool,
    };
    let of = pool.len() as u32;
    let mut draw = || {
        let instance = pool[below(rng, of) as usize];
        (instance, pick.fleet.outstanding(instance))
    };
    let mut best = draw();
    let mut other = best;
    for _ in 1..draws {
        let drawn = draw();
        if drawn.1 < best.1 {
            other = best;
            best = drawn;
        } else if drawn.0 != best.0 && (other.0 == best.0 || drawn.1 < other.1) {
            other = drawn;
        }
    }
    Some(Choice {
        instance: best.0,
        why: Why::FewerOfDrawn { drawn: draws, outstanding: best.1, other: other.0, other_outstanding: other.1 },
    })
}

/// The slow way to the fewest outstanding, for when something is to be skipped.
fn least_of_pool<R: Rng + ?Sized>(pick: &Pick<'_>, ties: Ties, rng: &mut R) -> Option<Choice> {
    let load = |&instance: &u32| pick.fleet.outstanding(instance);
    let outstanding = pick.pool.iter().map(load).min()?;
    let tied = pick.pool.iter().filter(|i| load(i) == outstanding).count() as u32;
    let nth = match ties {
        Ties::First => 0,
        Ties::Random => below(rng, tied),
    };
    let instance = *pick.pool.iter().filter(|i| load(i) == outstanding).nth(nth as usize)?;
    Some(Choice { instance, why: Why::LeastOutstanding { outstanding, tied } })
}
