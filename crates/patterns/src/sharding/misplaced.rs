//! What lies elsewhere than the map says, gathered into units that can move.

use std::collections::BTreeMap;

use super::copies::Copies;
use super::migration::Pending;
use super::placement::{Ranges, Table};
use super::store::Merged;
use super::{Location, ShardId, ShardedStore, Why};

impl ShardedStore {
    /// Queues whatever lies elsewhere than the map says, and counts its keys. A key that isn't there yet need not move,
    /// so the stores say it all; each key is in one of them, as no move is under way.
    pub(super) fn queue_misplaced(&mut self) -> u64 {
        let (mut units, mut keys) = (BTreeMap::new(), 0);
        let mut ranges = RangeUnits { open: None, last: None };
        for (shard, key, _) in Merged::new((0..).zip(self.shards.iter().map(Copies::primary)), &[], None) {
            let (from, location) = (ShardId(shard), self.locate(key));
            let misplaced = location.shard != from;
            keys += u64::from(misplaced);
            match (&self.map.table, location.why) {
                (Table::Ranges(table), _) => ranges.see(table, &mut units, key, from, &location),
                (_, Why::Slot { slot, .. }) if misplaced => {
                    let name = slot.to_be_bytes().to_vec();
                    let pending = units.entry(name).or_insert(Pending::new(from, location.shard));
                    pending.keys.push(key.to_vec());
                }
                _ if misplaced => {
                    units.insert(key.to_vec(), Pending::new(from, location.shard));
                }
                _ => {}
            }
        }
        if let Table::Ranges(table) = &self.map.table {
            ranges.close(table, &mut units, None);
        }
        self.migration.queue(units);
        keys
    }
}

/// Keys in order become ranges: those side by side that lie in one store and go into one range of the map.
struct RangeUnits {
    /// The unit that may go on: its name, whose it is, and the range of the map that it goes into.
    open: Option<(Vec<u8>, ShardId, usize)>,
    /// The range of the map in which the key before lies.
    last: Option<usize>,
}

impl RangeUnits {
    fn see(
        &mut self,
        table: &Ranges,
        units: &mut BTreeMap<Vec<u8>, Pending>,
        key: &[u8],
        from: ShardId,
        location: &Location,
    ) {
        let range = table.range_of(key);
        let goes_on = self.open.as_ref().is_some_and(|(_, owner, of)| *owner == from && *of == range);
        if !goes_on {
            self.close(table, units, Some((key, range)));
            if location.shard != from {
                let first_in_range = self.last != Some(range);
                let name = if first_in_range { table.bounds(range).0 } else { key };
                units.insert(name.to_vec(), Pending::new(from, location.shard));
                self.open = Some((name.to_vec(), from, range));
            }
        }
        self.last = Some(range);
    }

    /// The open unit ends before the next key, or where its range of the map does.
    fn close(&mut self, table: &Ranges, units: &mut BTreeMap<Vec<u8>, Pending>, next: Option<(&[u8], usize)>) {
        let Some((name, _, range)) = self.open.take() else { return };
        let end = match next {
            Some((key, of)) if of == range => Some(key),
            _ => table.bounds(range).1,
        };
        units.get_mut(&name).expect("it was put there when it was opened").end = end.map(<[u8]>::to_vec);
    }
}
