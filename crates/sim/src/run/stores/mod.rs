//! Everything that is read about stores: their maps as they are drawn, where keys lie and travel, and what it cost.

mod keys;
mod maps;
mod place;
mod placements;
mod report;

use serde::Serialize;

use super::Run;
use crate::recording::RecordedStore;
use crate::scenario::Store;

pub use keys::StoreKeys;
pub use maps::MapView;
pub use place::KeyPlace;
pub use placements::PlacementRow;
pub use report::{MapChangeReport, ShardReport, StoreReport};

/// Numbers for each shard.
pub const SHARD_STRIDE: usize = 5;

/// A store, and which nodes and shards are its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoreView {
    /// Its name.
    pub name: String,
    /// Its number among services and stores.
    pub station: u32,
    /// The node of its first shard, counted through all stations.
    pub first_instance: u32,
    /// Its first shard, counted through all stores.
    pub first_shard: u32,
    /// Shards that there ever are.
    pub shards: u32,
    /// Copies of each, which are neighbours among the nodes, the primary first.
    pub copies: u32,
    /// The name of its placement.
    pub placement: &'static str,
    /// What stands before a key's number.
    pub key_prefix: String,
}

impl Run {
    /// The stores, in the order of their numbers.
    pub fn stores(&self) -> Vec<StoreView> {
        let mut first_shard = 0;
        let each = self.scenario.stores.iter().enumerate().map(|(number, store)| {
            let station = self.scenario.services.len() + number;
            let shards = self.scenario.shards_ever(store) as u32;
            let view = StoreView {
                name: store.name.clone(),
                station: station as u32,
                first_instance: self.topology.instances[station].start as u32,
                first_shard,
                shards,
                copies: store.sharding.copies,
                placement: store.sharding.placement.name(),
                key_prefix: store.key_prefix.clone(),
            };
            first_shard += shards;
            view
        });
        each.collect()
    }

    fn store(&self, number: usize) -> Option<(&Store, &RecordedStore)> {
        Some((self.scenario.stores.get(number)?, self.recording.stores.get(number)?))
    }

    /// The shards at `t`, for a frame.
    pub(super) fn shard_rows(&self, t: u64) -> Vec<f32> {
        let mut rows = Vec::new();
        for (config, recorded) in self.scenario.stores.iter().zip(&self.recording.stores) {
            let shards = self.scenario.shards_ever(config);
            let mut keys: Vec<i64> = recorded.stored.iter().map(|&keys| i64::from(keys)).collect();
            keys.resize(shards, 0);
            let (mut sends, mut gets) = (vec![0_u32; shards], vec![0_u32; shards]);
            // In order of their beginnings.
            for moving in recorded.moves.iter().take_while(|moving| moving.began <= t) {
                let (from, to) = (moving.from as usize, moving.to as usize);
                if moving.ended <= t {
                    keys[from] -= i64::from(moving.keys);
                    keys[to] += i64::from(moving.keys);
                } else {
                    sends[from] += 1;
                    gets[to] += 1;
                }
            }
            let created = recorded.created.iter().take_while(|&&(at, ..)| at <= t);
            created.for_each(|&(_, shard, _)| keys[shard as usize] += 1);
            let map = recorded.map_at(t);
            let joined = recorded.begun.shards().len().max(shards_by(recorded, t));
            for shard in 0..shards {
                let here = map.shards().iter().any(|own| own.id.0 as usize == shard);
                let emptied = recorded.emptied.iter().any(|&(at, own)| own as usize == shard && at <= t);
                let presence = match (here, shard < joined, emptied) {
                    (true, ..) => 1,
                    (false, false, _) => 0,
                    (false, true, false) => 2,
                    (false, true, true) => 3,
                };
                rows.extend([keys[shard] as f32, presence as f32, sends[shard] as f32, gets[shard] as f32]);
                rows.push(config.shards.weight(shard) as f32);
            }
        }
        rows
    }
}

/// How many shards there had been by `t`: numbers are never given out again.
fn shards_by(recorded: &RecordedStore, t: u64) -> usize {
    let maps = recorded.changes.iter().take_while(|change| change.at <= t).map(|change| &change.map);
    let highest = maps.flat_map(|map| map.shards()).map(|shard| shard.id.0 as usize + 1).max();
    highest.unwrap_or(0)
}
