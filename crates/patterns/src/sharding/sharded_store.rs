//! Stores behind a map: what is written can be read, whatever happens to the map.

use super::copies::Copies;
use super::migration::Migration;
use super::salting::{check, is_sub_key, sub_key};
use super::store::{Record, Store};
use super::{
    Location, MOST_SUB_KEYS, MoveId, OnTheMove, Replication, ReservedKey, SaltedReads, ShardId, ShardMap, ShardSpec,
    ShardingConfig, Why,
};
use crate::ConfigError;

/// Shards with a store behind each: a map, the copies of each shard, what is on the move, and which keys are hot.
/// See the [module](super) for what can be relied on.
#[derive(Clone, Debug)]
pub struct ShardedStore {
    pub(super) map: ShardMap,
    /// By number, those that have left among them.
    pub(super) shards: Vec<Copies>,
    pub(super) migration: Migration,
    /// Hot keys in order, and how many sub-keys each has.
    pub(super) hot: Vec<(Vec<u8>, u32)>,
    writes: u64,
}

/// Who has a key (or a hot key's sub-key).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Route {
    /// Where it belongs by the map, and why.
    pub location: Location,
    /// Who has it now: the same, unless it has yet to move.
    pub owner: ShardId,
    /// Who gets its writes too: the new owner, while it moves and both are written.
    pub also: Option<ShardId>,
    /// The move that it is part of; none if that has not begun or there is nothing to move.
    pub moving: Option<MoveId>,
}

/// How a read is to be done.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadWish<'a> {
    /// Any number, such as a count of requests or a random one; it says which copy answers under «any copy» and which
    /// sub-key of a hot key under «write all, read one».
    pub turn: u64,
    /// What each copy costs the caller, in any unit, for «nearest copy».
    pub costs: &'a [f64],
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read<'a> {
    /// The value, if there is one.
    pub value: Option<&'a [u8]>,
    /// Whose it is; of a hot key that was gathered, whose sub-key had the latest value.
    pub shard: ShardId,
    /// The copy that answered; 0 is the primary.
    pub copy: u32,
    /// Writes to that shard which the copy has yet to apply.
    pub behind: u64,
    /// Whether the primary would have answered otherwise.
    pub stale: bool,
    /// Sub-keys that were read, 1 where the key isn't hot.
    pub asked: u32,
}

/// What a write or deletion did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Who took it; of several sub-keys, who took the last.
    pub shard: ShardId,
    /// Who took it too, as the key is on the move there.
    pub also: Option<ShardId>,
    /// Writes to primaries that this took: sub-keys, and new owners.
    pub writes: u32,
    /// Whether there was a value before; of a hot key that is written to one sub-key, whether there was one in that.
    pub existed: bool,
}

impl ShardedStore {
    /// Empty stores behind a map of these shards.
    ///
    /// # Errors
    /// Every mistake of the configuration and of the shards, with its path.
    pub fn try_new(config: &ShardingConfig, specs: &[ShardSpec]) -> Result<Self, Vec<ConfigError>> {
        let map = ShardMap::try_new(config, specs)?;
        Ok(Self {
            shards: vec![Copies::new(config); specs.len()],
            migration: Migration::new(config.placement),
            map,
            hot: Vec::new(),
            writes: 0,
        })
    }

    /// Who has a key now. Of a hot key, who has the sub-key `part`, below [`parts`](Self::parts).
    pub fn route(&self, key: &[u8], part: u32) -> Route {
        match self.parts(key) {
            1 => self.route_of(key),
            parts => self.route_of(&sub_key(key, part.min(parts - 1), parts)),
        }
    }

    /// How many sub-keys a key has; 1 if it isn't hot.
    pub fn parts(&self, key: &[u8]) -> u32 {
        self.place_of_hot(key).map_or(1, |at| self.hot[at].1)
    }

    /// The place of a hot key in the list, or else where it would stand.
    fn place_of_hot(&self, key: &[u8]) -> Result<usize, usize> {
        let at = self.hot.partition_point(|(hot, _)| hot.as_slice() < key);
        if self.hot.get(at).is_some_and(|(hot, _)| hot == key) { Ok(at) } else { Err(at) }
    }

    /// Who has what is stored under this key, be it a sub-key or not.
    pub(super) fn route_of(&self, stored: &[u8]) -> Route {
        let location = self.locate(stored);
        let Some(pending) = self.migration.find(stored, &location) else {
            return Route { location, owner: location.shard, also: None, moving: None };
        };
        let both = self.map.config.on_the_move == OnTheMove::BothWritten && pending.started.is_some();
        Route { location, owner: pending.from, also: both.then_some(pending.to), moving: pending.started }
    }

    pub(super) fn locate(&self, stored: &[u8]) -> Location {
        if is_sub_key(stored) { self.map.locate_whole(stored) } else { self.map.locate(stored) }
    }

    /// The copy of a shard that answers a read.
    pub fn copy_for(&self, shard: ShardId, wish: &ReadWish<'_>) -> u32 {
        self.shards[shard.0 as usize].preferred(self.map.config.read_preference, wish.turn, wish.costs)
    }

    /// Which copies of which shards [`read`](Self::read) asks: one, or those of all sub-keys of a hot key.
    pub fn reads_from(&self, key: &[u8], wish: &ReadWish<'_>) -> Vec<(ShardId, u32)> {
        match (self.parts(key), self.map.config.salted_reads) {
            (1, _) => vec![self.place_for(key, wish)],
            (parts, SaltedReads::Pick) => vec![self.place_for(&sub_key(key, self.picked(parts, wish), parts), wish)],
            (parts, SaltedReads::Gather) => {
                (0..parts).map(|part| self.place_for(&sub_key(key, part, parts), wish)).collect()
            }
        }
    }

    /// Which copies of which shards [`write_in_turn`](Self::write_in_turn) reaches before it is answered: the primary
    /// first, then where replication is synchronous its copies; so for each owner and sub-key that is written.
    pub fn writes_to(&self, key: &[u8], turn: u64) -> Vec<(ShardId, u32)> {
        let copies = match self.map.config.replication {
            Replication::Synchronous => self.map.config.copies,
            Replication::Asynchronous => 1,
        };
        let mut reached = Vec::new();
        let mut reach = |stored: &[u8]| {
            let Route { owner, also, .. } = self.route_of(stored);
            for shard in std::iter::once(owner).chain(also) {
                reached.extend((0..copies).map(|copy| (shard, copy)));
            }
        };
        match (self.parts(key), self.map.config.salted_reads) {
            (1, _) => reach(key),
            (parts, SaltedReads::Gather) => reach(&sub_key(key, (turn % u64::from(parts)) as u32, parts)),
            (parts, SaltedReads::Pick) => (0..parts).for_each(|part| reach(&sub_key(key, part, parts))),
        }
        reached
    }

    /// Reads a key.
    pub fn read(&mut self, key: &[u8], wish: &ReadWish<'_>) -> Read<'_> {
        match self.parts(key) {
            1 => self.read_stored(key, wish),
            parts => match self.map.config.salted_reads {
                SaltedReads::Pick => self.read_stored(&sub_key(key, self.picked(parts, wish), parts), wish),
                SaltedReads::Gather => self.gather(key, parts, wish),
            },
        }
    }

    /// The latest of all sub-keys.
    fn gather(&mut self, key: &[u8], parts: u32, wish: &ReadWish<'_>) -> Read<'_> {
        let sub_keys: Vec<Vec<u8>> = (0..parts).map(|part| sub_key(key, part, parts)).collect();
        let (mut latest, mut behind, mut stale) = ((0, 0), 0, false);
        for (part, sub_key) in sub_keys.iter().enumerate() {
            let (owner, copy) = self.place_for(sub_key, wish);
            let copies = &mut self.shards[owner.0 as usize];
            copies.hit(sub_key);
            behind = behind.max(copies.behind(copy));
            let sequence = |store: Option<&Store>| store.and_then(|s| s.get(sub_key)).map_or(0, |r| r.sequence);
            let found = sequence(copies.store(copy));
            stale |= sequence(Some(copies.primary())) != found;
            latest = latest.max((found, part));
        }
        let sub_key = &sub_keys[latest.1];
        let (shard, copy) = self.place_for(sub_key, wish);
        let record = self.shards[shard.0 as usize].store(copy).and_then(|store| store.get(sub_key));
        let value = record.map(|record| record.value.as_slice());
        Read { value, shard, copy, behind, stale, asked: parts }
    }

    /// The shard that has what is stored under this key, and the copy that answers.
    fn place_for(&self, stored: &[u8], wish: &ReadWish<'_>) -> (ShardId, u32) {
        let owner = self.route_of(stored).owner;
        (owner, self.copy_for(owner, wish))
    }

    /// The sub-key that is read where any will do.
    fn picked(&self, parts: u32, wish: &ReadWish<'_>) -> u32 {
        // Other bits than those that choose among the copies.
        ((wish.turn / u64::from(self.map.config.copies)) % u64::from(parts)) as u32
    }

    fn read_stored(&mut self, stored: &[u8], wish: &ReadWish<'_>) -> Read<'_> {
        let (shard, copy) = self.place_for(stored, wish);
        let copies = &mut self.shards[shard.0 as usize];
        copies.hit(stored);
        let found = copies.store(copy).and_then(|store| store.get(stored));
        let primary = copies.primary().get(stored);
        let stale = primary.map(|record| record.sequence) != found.map(|record| record.sequence);
        let value = found.map(|record| record.value.as_slice());
        Read { value, shard, copy, behind: copies.behind(copy), stale, asked: 1 }
    }

    /// Writes a value under a key; of a hot key that is written to one sub-key, to the next in turn.
    ///
    /// # Errors
    /// If the key's second byte is 0xff.
    pub fn write(&mut self, key: &[u8], value: &[u8]) -> Result<Written, ReservedKey> {
        self.write_in_turn(key, value, self.writes + 1)
    }

    /// The same, where the caller says whose turn it is: any number, of which the remainder counts.
    ///
    /// # Errors
    /// If the key's second byte is 0xff.
    pub fn write_in_turn(&mut self, key: &[u8], value: &[u8], turn: u64) -> Result<Written, ReservedKey> {
        check(key)?;
        let parts = self.parts(key);
        self.writes += 1;
        Ok(match (parts, self.map.config.salted_reads) {
            (1, _) => self.write_stored(key, Some(value)),
            (_, SaltedReads::Gather) => {
                let part = (turn % u64::from(parts)) as u32;
                self.write_stored(&sub_key(key, part, parts), Some(value))
            }
            (_, SaltedReads::Pick) => self.write_all(key, parts, Some(value)),
        })
    }

    /// Deletes a key.
    ///
    /// # Errors
    /// If the key's second byte is 0xff.
    pub fn delete(&mut self, key: &[u8]) -> Result<Written, ReservedKey> {
        check(key)?;
        self.writes += 1;
        Ok(match self.parts(key) {
            1 => self.write_stored(key, None),
            parts => self.write_all(key, parts, None),
        })
    }

    fn write_all(&mut self, key: &[u8], parts: u32, value: Option<&[u8]>) -> Written {
        let mut all = self.write_stored(&sub_key(key, 0, parts), value);
        for part in 1..parts {
            let one = self.write_stored(&sub_key(key, part, parts), value);
            all = Written { writes: all.writes + one.writes, existed: all.existed || one.existed, ..one };
        }
        all
    }

    fn write_stored(&mut self, stored: &[u8], value: Option<&[u8]>) -> Written {
        let Route { location, owner, also, moving } = self.route_of(stored);
        let hits = self.shards[owner.0 as usize].primary().get(stored).map_or(0, |record| record.hits) + 1;
        let record = value.map(|value| Record { value: value.to_vec(), sequence: self.writes, hits });
        if let Some(also) = also {
            self.shards[also.0 as usize].write(stored, record.clone());
        }
        let existed = self.shards[owner.0 as usize].write(stored, record).is_some();
        if let Some(pending) = self.migration.find_mut(stored, &location) {
            pending.sent_after += u32::from(moving.is_some() && also.is_none());
            if matches!(location.why, Why::Slot { .. }) && existed != value.is_some() {
                match pending.keys.iter().position(|key| key == stored) {
                    Some(at) => _ = pending.keys.swap_remove(at),
                    None => pending.keys.push(stored.to_vec()),
                }
            }
        }
        Written { shard: owner, also, writes: 1 + u32::from(also.is_some()), existed }
    }

    /// Spreads a key over so many sub-keys, at most [`MOST_SUB_KEYS`]; with 1 it is a key like any other again. What
    /// it held is written anew.
    ///
    /// # Errors
    /// If the key's second byte is 0xff.
    pub fn set_hot(&mut self, key: &[u8], parts: u32) -> Result<(), ReservedKey> {
        check(key)?;
        let value = self.current(key).map(<[u8]>::to_vec);
        if value.is_some() {
            self.delete(key)?;
        }
        match (self.place_of_hot(key), parts.min(MOST_SUB_KEYS)) {
            (Ok(at), 0 | 1) => _ = self.hot.remove(at),
            (Err(_), 0 | 1) => {}
            (Ok(at), parts) => self.hot[at].1 = parts,
            (Err(at), parts) => self.hot.insert(at, (key.to_vec(), parts)),
        }
        value.map_or(Ok(()), |value| self.write(key, &value).map(|_| ()))
    }

    /// What a key holds, from the primaries. Looking counts as no load.
    pub fn current(&self, key: &[u8]) -> Option<&[u8]> {
        let parts = self.parts(key);
        let record = |stored: &[u8]| self.primary(self.route_of(stored).owner).get(stored);
        let latest = match parts {
            1 => record(key),
            _ => {
                let records = (0..parts).filter_map(|part| record(&sub_key(key, part, parts)));
                records.max_by_key(|record| record.sequence)
            }
        };
        latest.map(|record| record.value.as_slice())
    }

    /// Has a copy of a shard apply up to so many of the writes that it lacks; gives how many those were.
    pub fn replicate(&mut self, shard: ShardId, copy: u32, most: u64) -> u64 {
        self.shards.get_mut(shard.0 as usize).map_or(0, |copies| copies.replicate(copy, most))
    }

    /// Writes that a copy of a shard has yet to apply.
    pub fn behind(&self, shard: ShardId, copy: u32) -> u64 {
        self.shards.get(shard.0 as usize).map_or(0, |copies| copies.behind(copy))
    }

    /// Forgets the load so far: what is evened out by load is then what comes from now on.
    pub fn forget_load(&mut self) {
        self.shards.iter_mut().for_each(Copies::forget_load);
    }

    /// The map.
    pub const fn map(&self) -> &ShardMap {
        &self.map
    }

    /// A shard's primary, also of one that has left. It may hold what belongs elsewhere and has yet to move.
    ///
    /// # Panics
    /// If there never was such a shard.
    pub fn primary(&self, shard: ShardId) -> &Store {
        self.shards[shard.0 as usize].primary()
    }

    /// Hot keys in order, and how many sub-keys each has.
    pub fn hot(&self) -> &[(Vec<u8>, u32)] {
        &self.hot
    }

    /// All shards that there ever were, those that have left among them.
    pub fn shard_ids(&self) -> impl Iterator<Item = ShardId> {
        (0..self.shards.len() as u32).map(ShardId)
    }
}
