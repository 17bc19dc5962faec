//! What a subscriber gets: events in order, from where it acknowledged the last.

use super::{EventStore, Recorded, StreamId};

/// Which events a subscriber wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// All, in the order of the log.
    All,
    /// Those of one stream, in its order.
    Stream(StreamId),
}

/// A durable subscription: what was acknowledged stays so, what was delivered and not acknowledged comes again after
/// a restart.
///
/// Positions are those of the source: of the log, or versions of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    source: Source,
    acknowledged: u64,
    /// The next to be delivered.
    delivered: u64,
    /// Behind the last that was delivered since the last restart.
    seen: u64,
}

impl Feed {
    /// From the first event on.
    pub const fn from_origin(source: Source) -> Self {
        Self::from_position(source, 0)
    }

    /// From what will be appended next on.
    pub fn from_now<E: Clone>(source: Source, store: &EventStore<E>) -> Self {
        let next = match source {
            Source::All => store.len(),
            Source::Stream(stream) => store.version(stream).map_or(0, |version| u64::from(version) + 1),
        };
        Self::from_position(source, next)
    }

    /// From a checkpoint on.
    pub const fn from_position(source: Source, position: u64) -> Self {
        Self { source, acknowledged: position, delivered: position, seen: position }
    }

    /// The next event that was not delivered since the last restart, with its position; none while there is none.
    pub fn deliver<'a, E: Clone>(&mut self, store: &'a EventStore<E>) -> Option<(u64, &'a Recorded<E>)> {
        let (position, event) = match self.source {
            Source::All => (self.delivered, store.at(self.delivered)?),
            Source::Stream(stream) => {
                let from = u32::try_from(self.delivered).ok()?;
                let (version, event) = store.read(stream, from).next()?;
                (u64::from(version), event)
            }
        };
        self.delivered = position + 1;
        self.seen = self.seen.max(self.delivered);
        Some((position, event))
    }

    /// The event at this position and all before it are dealt with. One that was never delivered is not.
    pub fn acknowledge(&mut self, position: u64) {
        if position < self.seen {
            self.acknowledged = self.acknowledged.max(position + 1);
        }
    }

    /// All that was delivered is dealt with.
    pub fn acknowledge_all(&mut self) {
        self.acknowledged = self.seen;
    }

    /// The connection was lost: what is not acknowledged is delivered again.
    pub fn restart(&mut self) {
        (self.delivered, self.seen) = (self.acknowledged, self.acknowledged);
    }

    /// Delivers again from a position on that was delivered before, as after a gap that the subscriber found. What is
    /// acknowledged stays so.
    pub fn again_from(&mut self, position: u64) {
        self.delivered = self.delivered.min(position);
    }

    /// Begins at another position: what is before counts as dealt with and what is after doesn't, as when a read model
    /// is rebuilt.
    pub fn go_to(&mut self, position: u64) {
        *self = Self::from_position(self.source, position);
    }

    /// The position behind the last one acknowledged.
    pub const fn checkpoint(&self) -> u64 {
        self.acknowledged
    }
}
