//! How much a change of map moves, and how little it could.

use super::{Location, ShardMap};

/// What lies between two maps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Movement {
    /// Keys that were looked at.
    pub keys: u64,
    /// Keys that have another shard.
    pub moved: u64,
    /// The least share of evenly spread keys that must move for each shard to have its own share again.
    pub least_share: f64,
}

impl Movement {
    /// Looks where each key belongs in both maps.
    pub fn between<'a>(before: &ShardMap, after: &ShardMap, keys: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut movement = Self { keys: 0, moved: 0, least_share: least_share(before, after) };
        for key in keys {
            movement.count(before.locate(key), after.locate(key));
        }
        movement
    }

    const fn count(&mut self, before: Location, after: Location) {
        self.keys += 1;
        self.moved += (before.shard.0 != after.shard.0) as u64;
    }

    /// The share of the keys that moves; 0 of no keys.
    pub fn share(&self) -> f64 {
        if self.keys == 0 { 0.0 } else { self.moved as f64 / self.keys as f64 }
    }
}

/// The least share of the keys that must move from one map to the other: what the shards gain that gain. With equal
/// weights and one shard more, 1/n of the greater number (Karger et al. 1997).
pub fn least_share(before: &ShardMap, after: &ShardMap) -> f64 {
    let weight = |map: &ShardMap, weight: f64| if map.heeds_weights() { weight } else { 1.0 };
    let total = |map: &ShardMap| map.shards().iter().map(|shard| weight(map, shard.weight)).sum::<f64>();
    let (old, new) = (total(before), total(after));
    let gain = |shard: &super::Shard| {
        let had = before.shard(shard.id).map_or(0.0, |shard| weight(before, shard.weight) / old);
        (weight(after, shard.weight) / new - had).max(0.0)
    };
    after.shards().iter().map(gain).sum()
}

/// The share of the keys that hash modulo moves when the number of shards changes: of lcm(from, to) remainders in a
/// row, only the least min(from, to) have the same shard in both.
pub const fn modulo_share(from: u32, to: u32) -> f64 {
    let (mut a, mut b) = (from, to);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    let least = if from < to { from } else { to };
    // min / lcm = min · gcd / (from · to) = gcd / max.
    let greatest = from as u64 + to as u64 - least as u64;
    1.0 - a as f64 / greatest as f64
}
