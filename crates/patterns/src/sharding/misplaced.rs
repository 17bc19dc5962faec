//! What lies elsewhere than the map says, gathered into units that can move.

use super::copies::Copies;
use super::migration::Pending;
use super::placement::{Ranges, Table};
use super::store::Merged;
use super::{ShardId, ShardedStore, Why};

impl ShardedStore {
    /// Queues whatever lies elsewhere than the map says, and counts its keys, those of moves under way among them, and
    /// all keys. A key that isn't there yet need not move, so the stores say it all.
    pub(super) fn queue_misplaced(&mut self) -> (u64, u64) {
        let (mut units, mut keys, mut of_keys) = (Vec::new(), 0, 0);
        let mut ranges = RangeUnits { open: None, last: None, after: &[] };
        let mut slots: Vec<Option<Pending>> = vec![None; self.map.slot_owners().len()];
        for (shard, key, _) in Merged::new((0..).zip(self.shards.iter().map(Copies::primary)), &[], None) {
            let (from, location) = (ShardId(shard), self.locate(key));
            let (to, under_way) = (location.shard, self.migration.find(key, &location));
            // What is being copied stands in two stores.
            let counts = under_way.is_none_or(|unit| unit.from == from);
            of_keys += u64::from(counts);
            keys += u64::from(counts && from != to);
            match (&self.map.table, location.why) {
                (Table::Ranges(table), _) => match under_way {
                    Some(unit) => ranges.pass(table, &mut units, key, unit),
                    None => ranges.see(table, &mut units, key, from, to),
                },
                _ if from == to || under_way.is_some() => {}
                (_, Why::Slot { slot, .. }) => {
                    let unit = || Pending::new(slot.to_be_bytes().to_vec(), from, to);
                    slots[slot as usize].get_or_insert_with(unit).keys.push(key.to_vec());
                }
                _ => units.push(Pending::new(key.to_vec(), from, to)),
            }
        }
        if let Table::Ranges(table) = &self.map.table {
            ranges.close(table, &mut units, None);
        }
        units.extend(slots.into_iter().flatten());
        self.migration.queue(units);
        (keys, of_keys)
    }
}

/// Keys in order become ranges: those side by side that lie in one store and go into one range of the map. None of
/// them reaches into a range that is under way.
struct RangeUnits<'a> {
    /// The last unit may go on: whose it is, and the range of the map that it goes into.
    open: Option<(ShardId, usize)>,
    /// The range of the map in which the key before lies.
    last: Option<usize>,
    /// Where the last range under way ends.
    after: &'a [u8],
}

impl<'a> RangeUnits<'a> {
    fn see(&mut self, table: &Ranges, units: &mut Vec<Pending>, key: &[u8], from: ShardId, to: ShardId) {
        let range = table.range_of(key);
        if self.open != Some((from, range)) {
            self.close(table, units, Some(key));
            if from != to {
                let first_in_range = self.last != Some(range);
                let name = if first_in_range { table.bounds(range).0.max(self.after) } else { key };
                units.push(Pending::new(name.to_vec(), from, to));
                self.open = Some((from, range));
            }
        }
        self.last = Some(range);
    }

    /// A key in a range that is under way.
    fn pass(&mut self, table: &Ranges, units: &mut [Pending], key: &[u8], under_way: &'a Pending) {
        self.close(table, units, Some(&under_way.name));
        self.last = Some(table.range_of(key));
        self.after = under_way.end.as_deref().unwrap_or_default();
    }

    /// The open unit ends before `next`, or where its range of the map does.
    fn close(&mut self, table: &Ranges, units: &mut [Pending], next: Option<&[u8]>) {
        let (Some((_, range)), Some(unit)) = (self.open.take(), units.last_mut()) else { return };
        let end = match (next, table.bounds(range).1) {
            (Some(next), Some(end)) => Some(next.min(end)),
            (next, end) => next.or(end),
        };
        unit.end = end.map(<[u8]>::to_vec);
    }
}
