//! Questions that concern several shards.

use super::placement::Table;
use super::salting::is_sub_key;
use super::store::Merged;
use super::{ShardId, ShardedStore};

/// What a scan found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Keys and values, in the order of the keys.
    pub entries: Vec<(Vec<u8>, Vec<u8>)>,
    /// The shards that had to be asked.
    pub asked: Vec<ShardId>,
}

impl ShardedStore {
    /// The first so many keys from `start` to before `end`, from the primaries. Looking counts as no load.
    ///
    /// Where keys are placed by ranges, the shards whose ranges these are have to be asked; under any other placement
    /// a key may be with any of them.
    pub fn scan(&self, start: &[u8], end: Option<&[u8]>, most: usize) -> Scan {
        let asked = self.shards_for_scan(start, end);
        let stores = asked.iter().map(|id| (id.0, self.primary(*id)));
        let is_owner = |shard: u32, key: &[u8]| self.migration.left() == 0 || self.is_owner(shard, key);
        let mut plain = Merged::new(stores, start, end)
            .filter(|&(shard, key, _)| !is_sub_key(key) && is_owner(shard, key))
            .map(|(_, key, record)| (key, record.value.as_slice()))
            .peekable();
        let within = |key: &[u8]| key >= start && end.is_none_or(|end| key < end);
        let hot = self.hot.iter().map(|(key, _)| key.as_slice()).filter(|key| within(key));
        let mut hot = hot.filter_map(|key| self.current(key).map(|value| (key, value))).peekable();
        let mut entries = Vec::new();
        while entries.len() < most {
            let hot_first = match (plain.peek(), hot.peek()) {
                (None, None) => break,
                (Some(plain), Some(hot)) => hot.0 < plain.0,
                (plain, _) => plain.is_none(),
            };
            let next = if hot_first { hot.next() } else { plain.next() };
            entries.extend(next.map(|(key, value)| (key.to_vec(), value.to_vec())));
        }
        Scan { entries, asked }
    }

    /// Whom a scan from `start` to before `end` has to ask, in the order of their numbers.
    pub fn shards_for_scan(&self, start: &[u8], end: Option<&[u8]>) -> Vec<ShardId> {
        let mut asked = vec![false; self.shards.len()];
        let reaches = |first: &[u8], after: Option<&[u8]>| {
            after.is_none_or(|after| start < after) && end.is_none_or(|end| first < end)
        };
        match &self.map.table {
            _ if end.is_some_and(|end| end <= start) => {}
            Table::Ranges(ranges) => {
                for range in 0..ranges.len() {
                    let (first, after) = ranges.bounds(range);
                    asked[ranges.owner(range).0 as usize] |= reaches(first, after);
                }
                for unit in self.migration.units() {
                    asked[unit.from.0 as usize] |= reaches(&unit.name, unit.end.as_deref());
                }
            }
            _ => {
                self.map.shards.iter().for_each(|shard| asked[shard.id.0 as usize] = true);
                self.migration.units().for_each(|unit| asked[unit.from.0 as usize] = true);
            }
        }
        for (key, parts) in &self.hot {
            if start <= key.as_slice() && end.is_none_or(|end| key.as_slice() < end) {
                (0..*parts).for_each(|part| asked[self.route(key, part).owner.0 as usize] = true);
            }
        }
        (0..).zip(asked).filter(|(_, asked)| *asked).map(|(id, _)| ShardId(id)).collect()
    }

    /// Whom a read of these keys has to ask, and for how many of them; all sub-keys of hot ones among them.
    pub fn shards_for_keys<'a>(&self, keys: impl IntoIterator<Item = &'a [u8]>) -> Vec<(ShardId, u32)> {
        let mut counts = vec![0; self.shards.len()];
        for key in keys {
            for part in 0..self.parts(key) {
                counts[self.route(key, part).owner.0 as usize] += 1;
            }
        }
        let ids = self.shard_ids().zip(counts);
        ids.filter(|(_, count)| *count > 0).collect()
    }

    fn is_owner(&self, shard: u32, key: &[u8]) -> bool {
        self.route_of(key).owner.0 == shard
    }
}
