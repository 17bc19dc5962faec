//! A change of map under a store: what has to move is queued, and moves when the caller, whose the time is, says so.

use super::copies::Copies;
use super::map::Contents;
use super::migration::{Migration, Pending, Unit};
use super::placement::Table;
use super::store::{Merged, Record};
use super::{ChangeRefused, MapChange, MoveId, OnTheMove, Placement, RangeMeasure, ShardId, ShardedStore, least_share};

/// What a change of map has brought about.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// The map's version from now on.
    pub version: u64,
    /// The shard that joined.
    pub added: Option<ShardId>,
    /// Units that now wait to be moved, those of earlier changes among them.
    pub units: u32,
    /// Keys in them.
    pub keys: u64,
    /// Keys in all.
    pub of_keys: u64,
    /// The least share of the keys that must move for this change.
    pub least_share: f64,
}

/// A move that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// By which its end is told.
    pub id: MoveId,
    /// What moves.
    pub unit: Unit,
    /// Whose it is until then.
    pub from: ShardId,
    /// Whose it will be.
    pub to: ShardId,
    /// Keys to be sent, and their bytes: what the move costs both.
    pub keys: u32,
    /// Bytes of keys and values.
    pub bytes: u64,
}

/// A move that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Keys that have a new owner.
    pub keys: u32,
    /// Writes that came meanwhile and had to be sent after.
    pub sent_after: u32,
}

/// A unit that waits or moves, as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveView {
    /// What it is.
    pub unit: Unit,
    /// Whose it is.
    pub from: ShardId,
    /// Whose it will be.
    pub to: ShardId,
    /// The move, if it has begun.
    pub moving: Option<MoveId>,
}

impl ShardedStore {
    /// Changes the map and queues what has to move. What an earlier change queued is queued anew. A move under way goes
    /// on where it leads to the right shard still, and is given up where it doesn't: its end is then not known.
    ///
    /// # Errors
    /// Why nothing was changed.
    pub fn change(&mut self, change: &MapChange<'_>) -> Result<Planned, ChangeRefused> {
        let before = self.map.clone();
        let measures = self.measures();
        let added = {
            let Self { map, shards, migration, .. } = self;
            let by = map.config.split_by;
            let mut cut =
                |start: &[u8], end: Option<&[u8]>, share: f64| cut(owned(shards, migration, start, end), by, share);
            map.apply_knowing(change, Some(Contents { measures, cut: &mut cut }))?
        };
        if added.is_some() {
            self.shards.push(Copies::new(&self.map.config));
        }
        self.give_up_moves();
        let (keys, of_keys) = self.queue_misplaced();
        Ok(Planned {
            version: self.map.version(),
            added,
            units: self.migration.left() as u32,
            keys,
            of_keys,
            least_share: least_share(&before, &self.map),
        })
    }

    /// Begins the next move, if one waits.
    pub fn start_move(&mut self) -> Option<Move> {
        let both = self.map.config.on_the_move == OnTheMove::BothWritten;
        let placement = self.map.config.placement;
        let unit = self.migration.start()?;
        let (id, from, to) = (unit.started.expect("it has just been started"), unit.from, unit.to);
        let mut begun = Move { id, unit: unit.unit(placement), from, to, keys: 0, bytes: 0 };
        for (key, record) in self.records(self.migration.moving(id).expect("it has just been started"), from) {
            begun.keys += 1;
            begun.bytes += (key.len() + record.value.len()) as u64;
            if both {
                // What is sent is what stood here when the move began; writes from now on go to both.
                self.shards[to.0 as usize].write(&key, Some(record));
            }
        }
        Some(begun)
    }

    /// Ends a move: from now on the new owner has what was moved. `None`, and nothing done, if it was given up because
    /// the map has changed, or was ended before.
    pub fn finish_move(&mut self, id: MoveId) -> Option<Moved> {
        let unit = self.migration.moving(id)?;
        let (from, to) = (unit.from, unit.to);
        let mut moved = Moved { keys: 0, sent_after: unit.sent_after };
        for (key, record) in self.records(unit, from) {
            moved.keys += 1;
            self.shards[from.0 as usize].write(&key, None);
            if self.map.config.on_the_move == OnTheMove::OldOwner {
                self.shards[to.0 as usize].write(&key, Some(record));
            }
        }
        self.migration.end(id);
        Some(moved)
    }

    /// Moves all that waits at once; moves under way stay so.
    pub fn move_all(&mut self) {
        while let Some(begun) = self.start_move() {
            self.finish_move(begun.id);
        }
    }

    /// Units that have yet to move, or move.
    pub fn moves(&self) -> impl Iterator<Item = MoveView> {
        let placement = self.map.config.placement;
        self.migration.units().map(move |unit| MoveView {
            unit: unit.unit(placement),
            from: unit.from,
            to: unit.to,
            moving: unit.started,
        })
    }

    /// Units that wait to be moved.
    pub fn moves_waiting(&self) -> usize {
        self.migration.waiting()
    }

    /// The key at which a range that holds more than the configured measure is due to be split in halves.
    pub fn due_split(&self) -> Option<Vec<u8>> {
        let (config, Table::Ranges(ranges)) = (&self.map.config, &self.map.table) else { return None };
        let most = f64::from(config.split_above);
        let measures = self.measures();
        (0..ranges.len()).filter(|&range| most > 0.0 && measures[range] > most).find_map(|range| {
            let (start, end) = ranges.bounds(range);
            cut(owned(&self.shards, &self.migration, start, end), config.split_by, 0.5).map(|(key, _)| key)
        })
    }

    /// The first key of a range that is due to be merged with the next one: they are of the same shard and hold
    /// together less than half of what makes one due to be split.
    pub fn due_merge(&self) -> Option<Vec<u8>> {
        let Table::Ranges(ranges) = &self.map.table else { return None };
        let most = f64::from(self.map.config.split_above) / 2.0;
        let measures = self.measures();
        let due = |&range: &usize| {
            ranges.owner(range) == ranges.owner(range + 1) && measures[range] + measures[range + 1] < most
        };
        (0..ranges.len() - 1).find(due).map(|range| ranges.bounds(range).0.to_vec())
    }

    /// How much there is in each range; nothing under another placement.
    fn measures(&self) -> Vec<f64> {
        let Table::Ranges(ranges) = &self.map.table else { return Vec::new() };
        let mut measures = vec![0.0; ranges.len()];
        for (key, record) in owned(&self.shards, &self.migration, &[], None) {
            measures[ranges.range_of(key)] += measure(self.map.config.split_by, record);
        }
        measures
    }

    /// Moves that lead elsewhere than the map says by now, or have nothing to move, end where they began.
    fn give_up_moves(&mut self) {
        let (mut kept, mut copied) = (Vec::new(), Vec::new());
        for unit in self.migration.units() {
            let Some(id) = unit.started else { continue };
            if self.leads_right(unit) && !self.records(unit, unit.from).is_empty() {
                kept.push(id);
            } else if self.map.config.on_the_move == OnTheMove::BothWritten {
                copied.push((unit.to, self.records(unit, unit.to)));
            }
        }
        for (to, records) in copied {
            records.iter().for_each(|(key, _)| _ = self.shards[to.0 as usize].write(key, None));
        }
        self.migration.keep(&kept);
    }

    /// Whether all of a unit goes where the map says.
    fn leads_right(&self, unit: &Pending) -> bool {
        match (&self.map.table, unit.unit(self.map.config.placement)) {
            (Table::Slots(slots), Unit::Slot(slot)) => slots.owners()[slot as usize] == unit.to,
            (Table::Ranges(ranges), _) => {
                let last = unit.end.as_deref().map_or(ranges.len() - 1, |end| ranges.range_before(end));
                (ranges.range_of(&unit.name)..=last).all(|range| ranges.owner(range) == unit.to)
            }
            _ => self.locate(&unit.name).shard == unit.to,
        }
    }

    /// What one of the stores holds of a unit.
    fn records(&self, unit: &Pending, shard: ShardId) -> Vec<(Vec<u8>, Record)> {
        let store = self.primary(shard);
        let found = |key: &Vec<u8>| store.get(key).map(|record| (key.clone(), record.clone()));
        match self.map.config.placement {
            Placement::Range => {
                let owned = |(key, record): (&Vec<u8>, &Record)| (key.clone(), record.clone());
                store.range(&unit.name, unit.end.as_deref()).map(owned).collect()
            }
            Placement::Slots => unit.keys.iter().filter_map(found).collect(),
            _ => found(&unit.name).into_iter().collect(),
        }
    }
}

/// What shards with ranges hold, in the order of the keys, but for copies that are being made.
fn owned<'a>(
    shards: &'a [Copies],
    migration: &'a Migration,
    start: &[u8],
    end: Option<&[u8]>,
) -> impl Iterator<Item = (&'a [u8], &'a Record)> + Clone {
    let merged = Merged::new((0..).zip(shards.iter().map(Copies::primary)), start, end);
    merged.filter(|&(shard, key, _)| !migration.is_copy_of_range(shard, key)).map(|(_, key, record)| (key, record))
}

/// Where to cut a range that holds this, so that as nearly as may be this share comes after the cut; `None` if nothing
/// would be as near.
fn cut<'a>(
    records: impl Iterator<Item = (&'a [u8], &'a Record)> + Clone,
    by: RangeMeasure,
    share: f64,
) -> Option<(Vec<u8>, f64)> {
    let total: f64 = records.clone().map(|(_, record)| measure(by, record)).sum();
    let wanted = total * (1.0 - share);
    let (mut before, mut best, mut apart) = (0.0, None, total - wanted);
    for (at, (key, record)) in records.enumerate() {
        if at > 0 && (before - wanted).abs() < apart {
            (best, apart) = (Some((key, before)), (before - wanted).abs());
        } else if before > wanted {
            break;
        }
        before += measure(by, record);
    }
    best.map(|(key, before)| (key.to_vec(), 1.0 - before / total))
}

fn measure(by: RangeMeasure, record: &Record) -> f64 {
    match by {
        RangeMeasure::Size => 1.0,
        RangeMeasure::Load => record.hits as f64,
    }
}
