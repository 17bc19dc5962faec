//! What became of a store: its maps one after another, and what moved.

use sandtable_patterns::sharding::{ShardMap, Unit};

use super::Hasher;

/// A store while a run goes on and afterwards.
#[derive(Clone, Debug)]
pub(crate) struct RecordedStore {
    /// The map with which it began.
    pub(crate) begun: ShardMap,
    /// Keys that were stored at the beginning, by shard.
    pub(crate) stored: Vec<u32>,
    pub(crate) changes: Vec<MapChanged>,
    pub(crate) moves: Vec<Moving>,
    /// What commands wrote for the first time, each of a hot key's sub-keys by itself: (when, shard, key).
    pub(crate) created: Vec<(u64, u32, u32)>,
    /// Shards that have left and hold nothing any more: (when, shard).
    pub(crate) emptied: Vec<(u64, u32)>,
}

/// A change of map.
#[derive(Clone, Debug)]
pub(crate) struct MapChanged {
    pub(crate) at: u64,
    /// The fault that asked for it; none where the store itself split and evened out its ranges.
    pub(crate) fault: Option<u32>,
    pub(crate) map: ShardMap,
    /// Keys to be moved by then, those left over from changes before among them, and keys in all.
    pub(crate) keys: u64,
    pub(crate) of_keys: u64,
    /// The least share that had to move for this change.
    pub(crate) least_share: f64,
}

/// Keys that moved together.
#[derive(Clone, Debug)]
pub(crate) struct Moving {
    pub(crate) began: u64,
    /// `u64::MAX` while it goes on.
    pub(crate) ended: u64,
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) unit: Unit,
    /// Keys that have a new owner since; 0 where it was given up.
    pub(crate) keys: u32,
    /// Writes that came meanwhile and were sent after.
    pub(crate) sent_after: u32,
}

impl RecordedStore {
    /// The map that holds at `t`.
    pub(crate) fn map_at(&self, t: u64) -> &ShardMap {
        let changes = self.changes.partition_point(|change| change.at <= t);
        changes.checked_sub(1).map_or(&self.begun, |last| &self.changes[last].map)
    }

    pub(crate) fn digest(&self, hasher: &mut Hasher) {
        for change in &self.changes {
            hasher.update(&change.at.to_le_bytes());
            hasher.update(&change.keys.to_le_bytes());
        }
        for moving in &self.moves {
            hasher.update(&moving.began.to_le_bytes());
            hasher.update(&moving.ended.to_le_bytes());
            for number in [moving.from, moving.to, moving.keys, moving.sent_after] {
                hasher.update(&number.to_le_bytes());
            }
        }
        for &(at, shard, key) in &self.created {
            hasher.update(&at.to_le_bytes());
            hasher.update(&shard.to_le_bytes());
            hasher.update(&key.to_le_bytes());
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let maps = 1 + self.changes.len();
        maps * (size_of::<MapChanged>() + self.begun.bytes() as usize)
            + self.moves.capacity() * size_of::<Moving>()
            + self.created.capacity() * size_of::<(u64, u32, u32)>()
    }
}
