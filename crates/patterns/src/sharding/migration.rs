//! What is on the move: units that have an owner by the map and still lie with another.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;

use super::{Location, Placement, ShardId, Why};

/// A move that was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MoveId(pub u64);

/// What moves at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A key.
    Key(Vec<u8>),
    /// A hash slot with all keys in it.
    Slot(u32),
    /// A range of keys, or a part of one.
    Range {
        /// The first key that may be in it.
        start: Vec<u8>,
        /// The first key after it; none if it is the last.
        end: Option<Vec<u8>>,
    },
}

/// A unit that lies elsewhere than the map says.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) from: ShardId,
    pub(super) to: ShardId,
    pub(super) started: Option<MoveId>,
    /// Where a range ends.
    pub(super) end: Option<Vec<u8>>,
    /// The keys of a slot, some of which may be gone or stand here twice.
    pub(super) keys: Vec<Vec<u8>>,
    /// Writes since the move began that have to be sent after.
    pub(super) sent_after: u32,
}

impl Pending {
    pub(super) const fn new(from: ShardId, to: ShardId) -> Self {
        Self { from, to, started: None, end: None, keys: Vec::new(), sent_after: 0 }
    }
}

/// The units by their name: the key itself, the slot's number as four big-endian bytes, or the range's first key.
#[derive(Clone, Debug)]
pub(super) struct Migration {
    placement: Placement,
    pub(super) units: BTreeMap<Vec<u8>, Pending>,
    waiting: VecDeque<Vec<u8>>,
    moving: Vec<(MoveId, Vec<u8>)>,
    next: u64,
}

impl Migration {
    pub(super) const fn new(placement: Placement) -> Self {
        Self { placement, units: BTreeMap::new(), waiting: VecDeque::new(), moving: Vec::new(), next: 0 }
    }

    /// The unit of a key, of which the map says that it belongs there, with its name.
    #[inline]
    pub(super) fn find(&self, key: &[u8], location: &Location) -> Option<(&Vec<u8>, &Pending)> {
        if self.units.is_empty() {
            return None;
        }
        match (self.placement, location.why) {
            (_, Why::Slot { slot, .. }) => self.units.get_key_value(slot.to_be_bytes().as_slice()),
            (Placement::Range, _) => self.range_of(key),
            _ => self.units.get_key_value(key),
        }
    }

    fn range_of(&self, key: &[u8]) -> Option<(&Vec<u8>, &Pending)> {
        let found = self.units.range::<[u8], _>(up_to(key)).next_back()?;
        found.1.end.as_deref().is_none_or(|end| key < end).then_some(found)
    }

    /// Whether what a shard has of a range is the copy that is being made of it.
    pub(super) fn is_copy_of_range(&self, shard: u32, key: &[u8]) -> bool {
        self.range_of(key).is_some_and(|(_, pending)| pending.started.is_some() && pending.to.0 == shard)
    }

    pub(super) fn find_mut(&mut self, key: &[u8], location: &Location) -> Option<&mut Pending> {
        match (self.placement, location.why) {
            (_, Why::Slot { slot, .. }) => self.units.get_mut(slot.to_be_bytes().as_slice()),
            (Placement::Range, _) => {
                let (_, pending) = self.units.range_mut::<[u8], _>(up_to(key)).next_back()?;
                pending.end.as_deref().is_none_or(|end| key < end).then_some(pending)
            }
            _ => self.units.get_mut(key),
        }
    }

    /// Of all units, only moves under way are left, and of these only those of these names.
    pub(super) fn keep(&mut self, names: &[Vec<u8>]) {
        self.units.retain(|name, _| names.contains(name));
        self.moving.retain(|(_, name)| names.contains(name));
    }

    /// These units wait, in the order of their names.
    pub(super) fn queue(&mut self, mut units: BTreeMap<Vec<u8>, Pending>) {
        self.waiting = units.keys().cloned().collect();
        self.units.append(&mut units);
    }

    /// The next unit that waits begins to move.
    pub(super) fn start(&mut self) -> Option<(MoveId, Vec<u8>)> {
        let name = self.waiting.pop_front()?;
        let id = MoveId(self.next);
        self.next += 1;
        self.units.get_mut(&name).expect("a unit waits as long as it is pending").started = Some(id);
        self.moving.push((id, name.clone()));
        Some((id, name))
    }

    /// A unit has moved, unless it was given up.
    pub(super) fn finish(&mut self, id: MoveId) -> Option<(Vec<u8>, Pending)> {
        let at = self.moving.iter().position(|(moving, _)| *moving == id)?;
        let (_, name) = self.moving.remove(at);
        let pending = self.units.remove(&name).expect("a unit moves as long as it is pending");
        Some((name, pending))
    }

    /// The names of the units under way.
    pub(super) fn moving(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.moving.iter().map(|(_, name)| name)
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The unit of this name.
    pub(super) fn unit(&self, name: &[u8], pending: &Pending) -> Unit {
        match self.placement {
            Placement::Slots => Unit::Slot(u32::from_be_bytes(name.try_into().expect("a slot is named in 4 bytes"))),
            Placement::Range => Unit::Range { start: name.to_vec(), end: pending.end.clone() },
            _ => Unit::Key(name.to_vec()),
        }
    }
}

const fn up_to(key: &[u8]) -> (Bound<&[u8]>, Bound<&[u8]>) {
    (Bound::Unbounded, Bound::Included(key))
}
