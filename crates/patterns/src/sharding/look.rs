//! Looking at a map, for whoever draws it. Nothing here changes anything.

use super::placement::Table;
use super::{RingPoint, ShardId, ShardMap};

/// A range of keys, as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RangeView<'a> {
    /// The first key that may be in it.
    pub start: &'a [u8],
    /// The first key after it; none in the last range.
    pub end: Option<&'a [u8]>,
    /// Whose it is.
    pub shard: ShardId,
}

impl ShardMap {
    /// The points of a ring, in its order; none under another placement.
    pub fn ring_points(&self) -> impl Iterator<Item = RingPoint> {
        let ring = if let Table::Ring(ring) = &self.table { Some(ring) } else { None };
        ring.into_iter().flat_map(|ring| (0..ring.len()).map(|place| ring.point(place)))
    }

    /// The bits of a place on the ring: 64, or 32 on a ketama ring. 0 under another placement.
    pub const fn ring_bits(&self) -> u32 {
        if let Table::Ring(ring) = &self.table { ring.bits() } else { 0 }
    }

    /// The owner of each hash slot; none under another placement.
    pub fn slot_owners(&self) -> &[ShardId] {
        if let Table::Slots(slots) = &self.table { slots.owners() } else { &[] }
    }

    /// The owner's number in each entry of a Maglev table; none under another placement.
    pub fn table_entries(&self) -> &[u32] {
        if let Table::Maglev(table) = &self.table { table.entries() } else { &[] }
    }

    /// The ranges in the order of the keys; none under another placement.
    pub fn ranges(&self) -> impl Iterator<Item = RangeView<'_>> {
        let ranges = if let Table::Ranges(ranges) = &self.table { Some(ranges) } else { None };
        ranges.into_iter().flat_map(|ranges| {
            (0..ranges.len()).map(|range| {
                let (start, end) = ranges.bounds(range);
                RangeView { start, end, shard: ranges.owner(range) }
            })
        })
    }

    /// What a directory lists, in the order of the keys; nothing under another placement.
    pub fn listed(&self) -> &[(Vec<u8>, ShardId)] {
        if let Table::Directory(directory) = &self.table { directory.listed() } else { &[] }
    }

    /// What the placement keeps in memory to find a shard, names and weights of the shards aside.
    pub fn bytes(&self) -> u64 {
        self.table.bytes()
    }

    /// The share of all hashes that each shard owns, in the order of [`shards`](Self::shards): arcs of the ring, slots,
    /// entries; where the placement has no such thing, what it aims at. What ranges hold depends on the keys.
    pub fn hash_shares(&self) -> Vec<f64> {
        let mut shares = vec![0.0; self.shards.len()];
        let mut add = |shard: ShardId, share: f64| {
            if let Some(at) = self.shards.iter().position(|s| s.id == shard) {
                shares[at] += share;
            }
        };
        match &self.table {
            Table::Ring(ring) => {
                let mut before = ring.point(ring.len() - 1).point;
                for RingPoint { point, shard, .. } in self.ring_points() {
                    let arc = point.wrapping_sub(before) << (64 - ring.bits());
                    before = point;
                    add(shard, if ring.len() == 1 { 1.0 } else { arc as f64 / 2_f64.powi(64) });
                }
            }
            Table::Maglev(table) => {
                let entries = table.entries();
                entries.iter().for_each(|&owner| add(ShardId(owner), 1.0 / entries.len() as f64));
            }
            Table::Slots(slots) => {
                let owners = slots.owners();
                owners.iter().for_each(|&owner| add(owner, 1.0 / owners.len() as f64));
            }
            _ => {
                let weight = |weight: f64| if self.heeds_weights() { weight } else { 1.0 };
                let total: f64 = self.shards.iter().map(|shard| weight(shard.weight)).sum();
                self.shards.iter().for_each(|shard| add(shard.id, weight(shard.weight) / total));
            }
        }
        shares
    }
}
