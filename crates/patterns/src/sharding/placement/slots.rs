//! Hash slots, as in Redis Cluster (Redis Cluster specification, «Key distribution model»).

use crate::hash::crc16_xmodem;
use crate::sharding::{Location, Shard, ShardId, Why};

/// What of a key is hashed: what stands between the first `{` and the first `}` after it, where anything does, as its
/// place in the key. Keys with the same tag share a slot.
pub fn hash_tag(key: &[u8]) -> Option<(u32, u32)> {
    let open = key.iter().position(|&byte| byte == b'{')? + 1;
    let length = key[open..].iter().position(|&byte| byte == b'}')?;
    (length > 0).then_some((open as u32, (open + length) as u32))
}

/// The slot of a key among the 16 384 of Redis Cluster.
///
/// ```
/// use sandtable_patterns::sharding::key_slot;
///
/// assert_eq!(key_slot(b"foo"), 12_182);
/// assert_eq!(key_slot(b"{foo}bar"), 12_182);
/// ```
pub fn key_slot(key: &[u8]) -> u32 {
    u32::from(crc_of(key, hash_tag(key))) % 16_384
}

fn crc_of(key: &[u8], tag: Option<(u32, u32)>) -> u16 {
    crc16_xmodem(tag.map_or(key, |(from, to)| &key[from as usize..to as usize]))
}

#[derive(Clone, Debug)]
pub(in crate::sharding) struct Slots {
    owners: Vec<ShardId>,
}

impl Slots {
    /// The slots in blocks, one for each shard, as long as its weight is great.
    pub(super) fn new(slots: u32, shards: &[Shard]) -> Self {
        let mut owners = Vec::with_capacity(slots as usize);
        for (shard, count) in shards.iter().zip(shares(slots, shards)) {
            owners.resize(owners.len() + count as usize, shard.id);
        }
        Self { owners }
    }

    pub(super) fn locate(&self, key: &[u8], whole: bool) -> Location {
        let tag = hash_tag(key).filter(|_| !whole);
        let crc = crc_of(key, tag);
        let slot = u32::from(crc) % self.owners.len() as u32;
        Location { shard: self.owners[slot as usize], why: Why::Slot { crc, slot, tag }, steps: 1 }
    }

    pub(in crate::sharding) fn owners(&self) -> &[ShardId] {
        &self.owners
    }

    /// Hands a slot over; whether there is such a slot and it was another's.
    pub(in crate::sharding) fn set_owner(&mut self, slot: u32, owner: ShardId) -> bool {
        let place = self.owners.get_mut(slot as usize);
        place.is_some_and(|place| std::mem::replace(place, owner) != owner)
    }

    /// Gives each shard its share, moving no slot that may stay: whoever has too many gives up its last ones.
    pub(super) fn rebalance(&mut self, shards: &[Shard]) {
        let mut wanted = shares(self.owners.len() as u32, shards);
        let mut homeless = Vec::new();
        for (slot, owner) in self.owners.iter().enumerate() {
            match shards.iter().position(|shard| shard.id == *owner) {
                Some(at) if wanted[at] > 0 => wanted[at] -= 1,
                _ => homeless.push(slot),
            }
        }
        let mut at = 0;
        for slot in homeless {
            while wanted.get(at) == Some(&0) {
                at += 1;
            }
            let Some(shard) = shards.get(at) else { return };
            self.owners[slot] = shard.id;
            wanted[at] -= 1;
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        size_of_val(self.owners.as_slice()) as u64
    }
}

/// Whole numbers of slots in proportion to the weights, by the rounding of the running sum, so that they add up.
fn shares(slots: u32, shards: &[Shard]) -> Vec<u32> {
    let total: f64 = shards.iter().map(|shard| shard.weight).sum();
    let (mut sum, mut given) = (0.0, 0);
    let share = |shard: &Shard| {
        sum += shard.weight;
        let until = (sum / total * f64::from(slots)).round().min(f64::from(slots)) as u32;
        let share = until - given;
        given = until;
        share
    };
    shards.iter().map(share).collect()
}
