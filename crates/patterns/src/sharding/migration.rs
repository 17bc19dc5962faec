//! What is on the move: units that have an owner by the map and still lie with another.

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
    /// The key itself, the slot's number as four big-endian bytes, or the range's first key.
    pub(super) name: Vec<u8>,
    pub(super) from: ShardId,
    pub(super) to: ShardId,
    pub(super) started: Option<MoveId>,
    over: bool,
    /// Where a range ends.
    pub(super) end: Option<Vec<u8>>,
    /// The keys of a slot.
    pub(super) keys: Vec<Vec<u8>>,
    /// Writes since the move began that have to be sent after.
    pub(super) sent_after: u32,
}

impl Pending {
    pub(super) const fn new(name: Vec<u8>, from: ShardId, to: ShardId) -> Self {
        Self { name, from, to, started: None, over: false, end: None, keys: Vec::new(), sent_after: 0 }
    }

    pub(super) fn unit(&self, placement: Placement) -> Unit {
        match placement {
            Placement::Slots => {
                let number = self.name.as_slice().try_into().expect("a slot is named in 4 bytes");
                Unit::Slot(u32::from_be_bytes(number))
            }
            Placement::Range => Unit::Range { start: self.name.clone(), end: self.end.clone() },
            _ => Unit::Key(self.name.clone()),
        }
    }
}

/// The units in the order of their names, which is the order in which they move; ranges don't overlap. A plain list,
/// as a change of map makes all of them at once and a move only marks one as over.
#[derive(Clone, Debug)]
pub(super) struct Migration {
    placement: Placement,
    units: Vec<Pending>,
    left: usize,
    /// None before this one waits.
    next: usize,
    moving: Vec<(MoveId, usize)>,
    moves: u64,
}

impl Migration {
    pub(super) const fn new(placement: Placement) -> Self {
        Self { placement, units: Vec::new(), left: 0, next: 0, moving: Vec::new(), moves: 0 }
    }

    /// The unit of a key, of which the map says that it belongs there.
    #[inline]
    pub(super) fn find(&self, key: &[u8], location: &Location) -> Option<&Pending> {
        if self.left == 0 { None } else { self.place_of(key, location).map(|at| &self.units[at]) }
    }

    pub(super) fn find_mut(&mut self, key: &[u8], location: &Location) -> Option<&mut Pending> {
        if self.left == 0 { None } else { self.place_of(key, location).map(|at| &mut self.units[at]) }
    }

    fn place_of(&self, key: &[u8], location: &Location) -> Option<usize> {
        match location.why {
            Why::Slot { slot, .. } => self.place_of_name(&slot.to_be_bytes()),
            _ => self.place_of_name(key),
        }
    }

    fn place_of_name(&self, name: &[u8]) -> Option<usize> {
        let at = self.units.partition_point(|unit| unit.name.as_slice() <= name).checked_sub(1)?;
        let unit = &self.units[at];
        let has_it = match self.placement {
            Placement::Range => unit.end.as_deref().is_none_or(|end| name < end),
            _ => unit.name == name,
        };
        (has_it && !unit.over).then_some(at)
    }

    /// Whether what a shard has of a range is the copy that is being made of it.
    pub(super) fn is_copy_of_range(&self, shard: u32, key: &[u8]) -> bool {
        let unit = self.place_of_name(key).map(|at| &self.units[at]);
        unit.is_some_and(|unit| unit.started.is_some() && unit.to.0 == shard)
    }

    /// Units that wait or are under way.
    pub(super) fn units(&self) -> impl Iterator<Item = &Pending> {
        self.units.iter().filter(|unit| !unit.over)
    }

    pub(super) const fn left(&self) -> usize {
        self.left
    }

    pub(super) const fn waiting(&self) -> usize {
        self.left - self.moving.len()
    }

    /// The next unit that waits begins to move.
    pub(super) fn start(&mut self) -> Option<&Pending> {
        if self.waiting() == 0 {
            return None;
        }
        while self.units[self.next].over || self.units[self.next].started.is_some() {
            self.next += 1;
        }
        let id = MoveId(self.moves);
        self.moves += 1;
        self.moving.push((id, self.next));
        self.units[self.next].started = Some(id);
        Some(&self.units[self.next])
    }

    /// The unit that moves so.
    pub(super) fn moving(&self, id: MoveId) -> Option<&Pending> {
        self.moving.iter().find(|(moving, _)| *moving == id).map(|(_, at)| &self.units[*at])
    }

    /// The move is over, and its unit no longer elsewhere.
    pub(super) fn end(&mut self, id: MoveId) {
        if let Some(place) = self.moving.iter().position(|(moving, _)| *moving == id) {
            let (_, at) = self.moving.remove(place);
            self.units[at].over = true;
            self.units[at].keys = Vec::new();
            self.left -= 1;
        }
    }

    /// Of all units, these moves under way are left.
    pub(super) fn keep(&mut self, moves: &[MoveId]) {
        let is_kept = |unit: &Pending| !unit.over && unit.started.is_some_and(|id| moves.contains(&id));
        self.units.retain(is_kept);
        self.queue(Vec::new());
    }

    /// These units wait, in the order of their names, beside the moves under way, which alone are left.
    pub(super) fn queue(&mut self, units: Vec<Pending>) {
        for unit in std::mem::replace(&mut self.units, units) {
            let at = self.units.partition_point(|other| other.name < unit.name);
            self.units.insert(at, unit);
        }
        (self.left, self.next) = (self.units.len(), 0);
        let started = |(at, unit): (usize, &Pending)| unit.started.map(|id| (id, at));
        self.moving = self.units.iter().enumerate().filter_map(started).collect();
    }
}
