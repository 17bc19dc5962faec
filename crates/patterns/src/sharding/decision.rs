//! Where a key belongs, and why.

use super::ShardId;

/// Where a key belongs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Location {
    /// The shard.
    pub shard: ShardId,
    /// What the placement saw.
    pub why: Why,
    /// What finding it took: points, scores, bounds or jumps that were looked at, at least 1.
    pub steps: u32,
}

/// The reason of a location, with the numbers that a sentence of explanation needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Why {
    /// The hash modulo the number of shards.
    Modulo {
        /// The hash of the key.
        hash: u64,
        /// The shard's place among the shards.
        remainder: u32,
        /// Shards.
        of: u32,
    },
    /// The bucket in which the last jump ended.
    Jump {
        /// The hash of the key.
        hash: u64,
        /// The shard's place among the shards.
        bucket: u32,
        /// Shards.
        of: u32,
    },
    /// The next point on the ring.
    RingPoint {
        /// The hash of the key: its place on the ring.
        hash: u64,
        /// The first point that is not before it, going round.
        point: u64,
        /// Which of its owner's points that is.
        replica: u32,
        /// The bits of a place on the ring.
        bits: u32,
    },
    /// The highest score.
    HighestScore {
        /// The hash of the key.
        hash: u64,
        /// The hash of key and shard together: the score, where all weights are equal.
        mixed: u64,
        /// The weighted score, −weight / ln u with u as `mixed` gives it, where they are not.
        score: Option<f64>,
        /// Whose score is the next one: where the key goes when this shard does.
        next: Option<ShardId>,
    },
    /// The entry of the lookup table.
    TableEntry {
        /// The hash of the key.
        hash: u64,
        /// The hash modulo the entries.
        entry: u32,
        /// Entries.
        of: u32,
    },
    /// The hash slot.
    Slot {
        /// The CRC-16 of the key, or of its tag.
        crc: u16,
        /// The CRC modulo the slots.
        slot: u32,
        /// Where the hash tag begins and ends in the key, if it has one.
        tag: Option<(u32, u32)>,
    },
    /// The range that holds it.
    Range {
        /// Its place among the ranges in the order of the keys.
        range: u32,
        /// Ranges.
        of: u32,
    },
    /// The directory lists the key.
    Listed,
    /// The directory doesn't list it, so it goes to the first shard.
    FirstShard,
}
