//! The placements: each finds the shard of a key, without allocating anything.

mod directory;
mod jump;
mod ranges;
mod rendezvous;
mod ring;
mod slots;

pub(super) use directory::Directory;
pub use jump::jump;
pub(super) use ranges::{Cut, DIGITS, Ranges, midpoint};
pub(super) use rendezvous::Rendezvous;
pub(super) use ring::PointRing;
pub use ring::RingPoint;
pub(super) use slots::Slots;
pub use slots::{hash_tag, key_slot};

use super::{Location, Placement, Shard, ShardId, ShardingConfig, Why};
use crate::consistent::Maglev;

/// A placement with what it has to keep.
#[derive(Clone, Debug)]
pub(super) enum Table {
    Modulo,
    Jump,
    Ring(PointRing),
    Rendezvous(Rendezvous),
    Maglev(Maglev),
    Slots(Slots),
    Ranges(Ranges),
    Directory(Directory),
}

impl Table {
    pub(super) fn new(config: &ShardingConfig, shards: &[Shard]) -> Self {
        match config.placement {
            Placement::HashModulo => Self::Modulo,
            Placement::Jump => Self::Jump,
            Placement::Ring => Self::Ring(PointRing::new(config, shards)),
            Placement::Rendezvous => Self::Rendezvous(Rendezvous::new(config.hash, shards)),
            Placement::Maglev => Self::Maglev(maglev(config, shards)),
            Placement::Slots => Self::Slots(Slots::new(config.slots, shards)),
            Placement::Range => Self::Ranges(Ranges::new(&config.bounds, shards)),
            Placement::Directory => Self::Directory(Directory::new(config, shards)),
        }
    }

    /// After the shards have changed. Ranges are evened out by whoever knows what is in them.
    pub(super) fn rebuild(&mut self, config: &ShardingConfig, shards: &[Shard]) {
        match self {
            Self::Slots(slots) => slots.rebalance(shards),
            Self::Directory(directory) => directory.rebuild(config, shards),
            Self::Ranges(_) => {}
            table => *table = Self::new(config, shards),
        }
    }

    /// The shard of a key; `whole` hashes all of it even where it has a tag. There must be shards.
    pub(super) fn locate(&self, config: &ShardingConfig, shards: &[Shard], key: &[u8], whole: bool) -> Location {
        let of = shards.len() as u32;
        match self {
            Self::Modulo => {
                let hash = config.hash.of(key);
                let remainder = config.hash.modulo(hash, of);
                let why = Why::Modulo { hash, remainder, of };
                Location { shard: shards[remainder as usize].id, why, steps: 1 }
            }
            Self::Jump => {
                let hash = config.hash.of(key);
                let (bucket, steps) = jump::jump_in_steps(hash, of);
                let why = Why::Jump { hash, bucket, of };
                Location { shard: shards[bucket as usize].id, why, steps }
            }
            Self::Ring(ring) => ring.locate(config.hash, key),
            Self::Rendezvous(rendezvous) => rendezvous.locate(config.hash, key),
            Self::Maglev(table) => {
                let hash = config.hash.of(key);
                let entries = table.entries();
                let entry = (hash % entries.len() as u64) as u32;
                let why = Why::TableEntry { hash, entry, of: entries.len() as u32 };
                Location { shard: ShardId(entries[entry as usize]), why, steps: 1 }
            }
            Self::Slots(slots) => slots.locate(key, whole),
            Self::Ranges(ranges) => ranges.locate(key),
            Self::Directory(directory) => directory.locate(config.hash, shards, key),
        }
    }

    /// What it keeps in memory, the shards themselves aside.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Modulo | Self::Jump => 0,
            Self::Ring(ring) => ring.bytes(),
            Self::Rendezvous(rendezvous) => rendezvous.bytes(),
            Self::Maglev(table) => size_of_val(table.entries()) as u64,
            Self::Slots(slots) => slots.bytes(),
            Self::Ranges(ranges) => ranges.bytes(),
            Self::Directory(directory) => directory.bytes(),
        }
    }
}

fn maglev(config: &ShardingConfig, shards: &[Shard]) -> Maglev {
    let named: Vec<(u32, &str, f64)> = shards.iter().map(|s| (s.id.0, s.name.as_str(), s.weight)).collect();
    Maglev::new(config.table_hash, config.table_size, &named)
}
