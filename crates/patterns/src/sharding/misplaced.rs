//! What lies elsewhere than the map says, gathered into units that can move.

use std::collections::BTreeMap;

use super::copies::Copies;
use super::migration::Pending;
use super::placement::{Ranges, Table};
use super::store::Merged;
use super::{Location, ShardId, ShardedStore, Why};

impl ShardedStore {
    /// Queues whatever lies elsewhere than the map says, and counts its keys, those of moves under way among them, and
    /// all keys. A key that isn't there yet need not move, so the stores say it all.
    pub(super) fn queue_misplaced(&mut self) -> (u64, u64) {
        let (mut units, mut keys, mut of_keys) = (BTreeMap::new(), 0, 0);
        let mut ranges = RangeUnits { open: None, last: None, after: &[] };
        for (shard, key, _) in Merged::new((0..).zip(self.shards.iter().map(Copies::primary)), &[], None) {
            let (from, location) = (ShardId(shard), self.locate(key));
            let under_way = self.migration.find(key, &location);
            // What is being copied stands in two stores.
            let counts = under_way.is_none_or(|(_, pending)| pending.from == from);
            let misplaced = location.shard != from;
            of_keys += u64::from(counts);
            keys += u64::from(counts && misplaced);
            match (&self.map.table, location.why) {
                (Table::Ranges(table), _) => match under_way {
                    Some((name, pending)) => ranges.pass(table, &mut units, key, name, pending),
                    None => ranges.see(table, &mut units, key, from, &location),
                },
                _ if !misplaced || under_way.is_some() => {}
                (_, Why::Slot { slot, .. }) => {
                    let name = slot.to_be_bytes().to_vec();
                    let pending = units.entry(name).or_insert(Pending::new(from, location.shard));
                    pending.keys.push(key.to_vec());
                }
                _ => _ = units.insert(key.to_vec(), Pending::new(from, location.shard)),
            }
        }
        if let Table::Ranges(table) = &self.map.table {
            ranges.close(table, &mut units, None);
        }
        self.migration.queue(units);
        (keys, of_keys)
    }
}

type Units = BTreeMap<Vec<u8>, Pending>;

/// Keys in order become ranges: those side by side that lie in one store and go into one range of the map. None of
/// them reaches into a range that is under way.
struct RangeUnits<'a> {
    /// The unit that may go on: its name, whose it is, and the range of the map that it goes into.
    open: Option<(Vec<u8>, ShardId, usize)>,
    /// The range of the map in which the key before lies.
    last: Option<usize>,
    /// Where the last range under way ends.
    after: &'a [u8],
}

impl<'a> RangeUnits<'a> {
    fn see(&mut self, table: &Ranges, units: &mut Units, key: &[u8], from: ShardId, location: &Location) {
        let range = table.range_of(key);
        let goes_on = self.open.as_ref().is_some_and(|(_, owner, of)| *owner == from && *of == range);
        if !goes_on {
            self.close(table, units, Some(key));
            if location.shard != from {
                let first_in_range = self.last != Some(range);
                let name = if first_in_range { table.bounds(range).0.max(self.after) } else { key };
                units.insert(name.to_vec(), Pending::new(from, location.shard));
                self.open = Some((name.to_vec(), from, range));
            }
        }
        self.last = Some(range);
    }

    /// A key in a range that is under way.
    fn pass(&mut self, table: &Ranges, units: &mut Units, key: &[u8], name: &[u8], pending: &'a Pending) {
        self.close(table, units, Some(name));
        self.last = Some(table.range_of(key));
        self.after = pending.end.as_deref().unwrap_or_default();
    }

    /// The open unit ends before `next`, or where its range of the map does.
    fn close(&mut self, table: &Ranges, units: &mut Units, next: Option<&[u8]>) {
        let Some((name, _, range)) = self.open.take() else { return };
        let end = match (next, table.bounds(range).1) {
            (Some(next), Some(end)) => Some(next.min(end)),
            (next, end) => next.or(end),
        };
        units.get_mut(&name).expect("it was put there when it was opened").end = end.map(<[u8]>::to_vec);
    }
}
