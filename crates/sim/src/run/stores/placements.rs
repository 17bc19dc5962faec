//! All placements beside each other: the same keys, shards and requests, and each time another way to find a shard.

use sandtable_patterns::sharding::{MapChange, Placement, ReadWish, ShardId, ShardedStore, ShardingConfig};
use serde::Serialize;

use super::report::peak;
use crate::engine::stores::{filled, spec};
use crate::order::order_by;
use crate::recording::Kind;
use crate::run::Run;
use crate::scenario::Store;

/// What a placement makes of a store.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlacementRow {
    /// The placement's name.
    pub placement: &'static str,
    /// The same for people.
    pub title: &'static str,
    /// Keys of the fullest shard over the mean; nothing where none are stored.
    pub keys_peak: Option<f64>,
    /// Reads and writes of the busiest shard over the mean; nothing where there were none.
    pub load_peak: Option<f64>,
    /// The share of the keys that moves when one shard more joins; nothing where none are stored, or where none can.
    pub moved_percent: Option<f64>,
    /// The least share that has to.
    pub least_percent: f64,
    /// What finding a key takes on average: points, scores, bounds or jumps that are looked at.
    pub steps: Option<f64>,
    /// What the placement keeps in memory to find a shard.
    pub bytes: u64,
}

impl Run {
    /// What each placement would make of a store, in the order of [`Placement::ALL`]: of its keys and shards at the
    /// beginning, and of the requests that this run sent to it. Nothing where there is no such store.
    ///
    /// Retries and requests that were sent on are among them as this run had them; who waits for whom is not played
    /// again.
    pub fn placements(&self, store: usize) -> Vec<PlacementRow> {
        let Some((config, _)) = self.store(store) else { return Vec::new() };
        let asked = self.asked(self.scenario.services.len() + store);
        Placement::ALL.iter().filter_map(|&placement| row(config, placement, &asked)).collect()
    }

    /// What was asked of a store.
    fn asked(&self, station: usize) -> Asked {
        let requests = &self.recording.requests;
        let mut asked = Asked::default();
        let mut keys = Vec::new();
        for row in 0..requests.len() {
            if self.topology.edges[usize::from(requests.call.get(row))].to != station || self.is_part(row) {
                continue;
            }
            let key = u64::from(requests.key[row as usize]) << 1;
            match requests.kind(row) {
                Kind::Query => keys.push(key),
                Kind::Command => keys.push(key | 1),
                Kind::AllShards => asked.of_all += 1,
            }
        }
        for place in order_by(keys.iter().copied()) {
            let key = keys[place as usize];
            match asked.of_keys.last_mut() {
                Some((last, count)) if *last == key => *count += 1,
                _ => asked.of_keys.push((key, 1)),
            }
        }
        asked
    }
}

/// Requests, those for one key together.
#[derive(Default)]
struct Asked {
    /// Twice the number of a key, and one more where it is written; how often.
    of_keys: Vec<(u64, u32)>,
    /// Queries of all shards.
    of_all: u32,
}

fn row(config: &Store, placement: Placement, asked: &Asked) -> Option<PlacementRow> {
    let sharding = ShardingConfig { placement, ..config.sharding.clone() };
    let mut store = filled(config, &sharding).ok()?;
    let shards = config.shards.count;
    let stored = |store: &ShardedStore| (0..shards).map(|shard| store.primary(ShardId(shard)).len() as u32).collect();
    let keys: Vec<u32> = stored(&store);
    let loads = loads(config, &store, asked);
    let bytes = store.map().bytes();
    let steps = (0..config.keys).map(|key| u64::from(store.map().locate(config.key(key).as_bytes()).steps));
    let steps = (config.keys > 0).then(|| steps.sum::<u64>() as f64 / f64::from(config.keys));
    let planned = store.change(&MapChange::Add(spec(config, shards))).ok();
    let moved = planned.as_ref().filter(|planned| planned.of_keys > 0);
    Some(PlacementRow {
        placement: placement.name(),
        title: placement.title(),
        keys_peak: peak(keys.iter().copied()),
        load_peak: peak(loads.iter().copied()),
        moved_percent: moved.map(|planned| 100.0 * planned.keys as f64 / planned.of_keys as f64),
        least_percent: planned.map_or(0.0, |planned| 100.0 * planned.least_share),
        steps,
        bytes,
    })
}

/// Reads and writes of each shard, its copies together.
fn loads(config: &Store, store: &ShardedStore, asked: &Asked) -> Vec<u32> {
    let mut loads = vec![asked.of_all; config.shards.count as usize];
    let ways = config.ways();
    for &(key, count) in &asked.of_keys {
        let text = config.key((key >> 1) as u32);
        let text = text.as_bytes();
        // Only the sub-keys of a salted key take turns.
        let (turns, each) = if store.parts(text) > 1 { (count, 1) } else { (1, count) };
        for turn in 0..u64::from(turns) {
            let reached = match key & 1 {
                0 => store.reads_from(text, &ReadWish { turn, costs: &ways }),
                _ => store.writes_to(text, turn),
            };
            reached.iter().for_each(|&(shard, _)| loads[shard.0 as usize] += each);
        }
    }
    loads
}
