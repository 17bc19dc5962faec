//! A priority group: its members, those of them that take traffic, and the policy's state.

use rand_core::Rng;

use super::fleet::Fleet;
use super::policy::{Pick, Picker};
use super::{Choice, GroupLoad};
use crate::Instant;

#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) load: GroupLoad,
    /// All that are present, in the order of the list.
    pub(super) members: Vec<u32>,
    /// Those that take traffic, in the same order.
    pub(super) eligible: Vec<u32>,
    pub(super) picker: Picker,
    /// `eligible` without what one pick has to skip; kept so that no pick allocates.
    pool: Vec<u32>,
}

impl Group {
    pub(super) const fn new(priority: u32, picker: Picker) -> Self {
        let load = GroupLoad { priority, healthy: 0, total: 0, load_percent: 0, panic: false };
        Self { load, members: Vec::new(), eligible: Vec::new(), picker, pool: Vec::new() }
    }

    #[inline]
    pub(super) fn pick<R: Rng + ?Sized>(
        &mut self,
        now: Instant,
        fleet: &Fleet,
        key: u64,
        skip: &[u32],
        rng: &mut R,
    ) -> Option<Choice> {
        let uses_pool = !skip.is_empty() && self.picker.wants_pool();
        if uses_pool {
            self.pool.clear();
            self.pool.extend(self.eligible.iter().filter(|i| !skip.contains(i)));
        }
        let pick = Pick {
            now,
            fleet,
            eligible: &self.eligible,
            pool: if uses_pool { &self.pool } else { &self.eligible },
            skip,
            key,
        };
        self.picker.pick(&pick, rng)
    }

    /// Takes over who is eligible now; whether that is a change.
    pub(super) fn set_eligible(&mut self, fleet: &mut Fleet, eligible: Vec<u32>) -> bool {
        if eligible == self.eligible {
            return false;
        }
        for &instance in &self.members {
            fleet.set_takes_traffic(instance, false);
        }
        for &instance in &eligible {
            fleet.set_takes_traffic(instance, true);
        }
        self.eligible = eligible;
        self.picker.rebuild(fleet, &self.eligible);
        true
    }
}
