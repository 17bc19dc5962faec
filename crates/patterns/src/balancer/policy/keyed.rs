//! The keyed policies: ring and Maglev table, with the load bound that both can have.

use super::Pick;
use crate::balancer::fleet::Fleet;
use crate::balancer::{BalancerConfig, Choice, Why};
use crate::consistent::{Maglev, Ring, TableHash};
use crate::hash::xxh64_of_u64;

/// Consistent hashing with bounded loads (Mirrokni, Thorup and Zadimoghaddam 2016): with m requests under way, the
/// new one included, an instance takes at most ⌈c · m · weight / all weights⌉ of them. With c ≥ 1 there is always
/// one that is not full.
#[derive(Clone, Debug, Default)]
pub(super) struct BoundedLoad {
    /// c, or 0 for no bound.
    factor: f64,
    outstanding: u64,
    weight: f64,
}

impl BoundedLoad {
    fn new(factor: f64) -> Self {
        Self { factor, ..Self::default() }
    }

    fn rebuild(&mut self, fleet: &Fleet, eligible: &[u32]) {
        self.outstanding = eligible.iter().map(|&i| u64::from(fleet.outstanding(i))).sum();
        self.weight = eligible.iter().map(|&i| fleet.weight(i)).sum();
    }

    #[inline]
    pub(super) fn on_sent(&mut self) {
        self.outstanding += 1;
    }

    #[inline]
    pub(super) fn on_answered(&mut self, fleet: &Fleet, instance: u32) {
        if fleet.takes_traffic(instance) {
            self.outstanding = self.outstanding.saturating_sub(1);
        }
    }

    #[inline]
    fn is_full(&self, fleet: &Fleet, instance: u32) -> bool {
        if self.factor == 0.0 {
            return false;
        }
        let share = fleet.weight(instance) / self.weight;
        let most = (self.factor * (self.outstanding + 1) as f64 * share).ceil();
        f64::from(fleet.outstanding(instance)) >= most
    }
}

/// What a walk came to, and what it passed over.
struct Found<P> {
    place: P,
    instance: u32,
    skipped: u32,
    full: u32,
}

/// The first on the walk that may take the request. If only full ones are left because the others were tried, the
/// first full one: the bound yields before the request does.
#[inline]
fn first_usable<P: Copy>(
    pick: &Pick<'_>,
    load: &BoundedLoad,
    walk: impl Iterator<Item = (P, u32)>,
) -> Option<Found<P>> {
    let (mut skipped, mut full) = (0, 0);
    let mut fallback = None;
    for (place, instance) in walk {
        if !pick.fleet.takes_traffic(instance) || pick.skip.contains(&instance) {
            skipped += 1;
        } else if load.is_full(pick.fleet, instance) {
            fallback = fallback.or(Some((place, instance)));
            full += 1;
        } else {
            return Some(Found { place, instance, skipped, full });
        }
    }
    fallback.map(|(place, instance)| Found { place, instance, skipped, full })
}

#[derive(Clone, Debug)]
pub(in crate::balancer) struct KeyedRing {
    ring: Ring,
    virtual_nodes: u32,
    pub(super) load: BoundedLoad,
}

impl KeyedRing {
    pub(super) fn new(config: &BalancerConfig) -> Self {
        Self { ring: Ring::default(), virtual_nodes: config.virtual_nodes, load: BoundedLoad::new(config.load_bound) }
    }

    /// All members stand on the ring, well or not; a pick walks past those that take no traffic. That gives the same
    /// owners as a ring without them, and nothing has to be built when an instance falls ill.
    pub(super) fn replace_points(&mut self, fleet: &Fleet, members: &[u32]) {
        self.ring = Ring::weighted(&named(fleet, members), self.virtual_nodes);
    }

    pub(super) fn rebuild(&mut self, fleet: &Fleet, eligible: &[u32]) {
        self.load.rebuild(fleet, eligible);
    }

    pub(super) fn pick(&mut self, pick: &Pick<'_>) -> Option<Choice> {
        if pick.eligible.is_empty() {
            return None;
        }
        let hash = xxh64_of_u64(pick.key, 0);
        let found = first_usable(pick, &self.load, self.ring.walk(hash))?;
        Some(Choice {
            instance: found.instance,
            why: Why::RingPoint { hash, point: found.place, skipped: found.skipped, full: found.full },
        })
    }
}

#[derive(Clone, Debug)]
pub(in crate::balancer) struct KeyedMaglev {
    table: Maglev,
    hash: TableHash,
    size: u32,
    /// Who takes traffic has changed since the table was filled. Filling is slow, so it waits for a pick.
    stale: bool,
    pub(super) load: BoundedLoad,
}

impl KeyedMaglev {
    pub(super) fn new(config: &BalancerConfig) -> Self {
        Self {
            table: Maglev::default(),
            hash: config.table_hash,
            size: config.table_size,
            stale: true,
            load: BoundedLoad::new(config.load_bound),
        }
    }

    pub(super) fn rebuild(&mut self, fleet: &Fleet, eligible: &[u32]) {
        self.stale = true;
        self.load.rebuild(fleet, eligible);
    }

    pub(super) fn pick(&mut self, pick: &Pick<'_>) -> Option<Choice> {
        if self.stale {
            self.table = Maglev::new(self.hash, self.size, &named(pick.fleet, pick.eligible));
            self.stale = false;
        }
        let hash = xxh64_of_u64(pick.key, 0);
        let found = first_usable(pick, &self.load, self.table.walk(hash))?;
        Some(Choice {
            instance: found.instance,
            why: Why::TableEntry { hash, entry: found.place, skipped: found.skipped, full: found.full },
        })
    }
}

fn named<'a>(fleet: &'a Fleet, instances: &[u32]) -> Vec<(u32, &'a str, f64)> {
    let named = |&instance: &u32| (instance, fleet.name(instance), fleet.weight(instance));
    instances.iter().map(named).collect()
}
