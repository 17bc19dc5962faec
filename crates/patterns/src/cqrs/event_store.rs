//! The log: streams of events, one order over all of them, and appends that check what they expect.

use std::collections::{BTreeMap, VecDeque};

use super::EventStoreConfig;
use crate::{ConfigError, Instant, check_all};

/// A stream, by a number of the caller's choosing: an aggregate's, a person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StreamId(pub u32);

/// What an append expects of its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing.
    Any,
    /// That it is not there, or empty.
    NoStream,
    /// That it has events.
    Exists,
    /// That its last event has this version; the first one's is 0.
    Version(u32),
}

/// An event about to be appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewEvent<E> {
    /// By which it can be known again. Only [`EventStoreConfig::idempotent_by_event_id`] reads it.
    pub id: u64,
    /// What happened.
    pub event: E,
}

/// An event in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded<E> {
    /// Its id.
    pub id: u64,
    /// When it was appended.
    pub at: Instant,
    /// The stream it was appended to.
    pub stream: StreamId,
    /// Its version there.
    pub version: u32,
    /// What happened.
    pub event: E,
}

/// What an append did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The version of the stream's last event now, or, where nothing was written, of the last of these; none where the
    /// stream has none.
    pub version: Option<u32>,
    /// Events in the log now, or, where nothing was written, when these were: whoever has seen so many has seen these.
    pub position: u64,
    /// Whether these events stood there already, so that nothing was written.
    pub already: bool,
}

/// Why an append was refused. Nothing of it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendRefused {
    /// The stream is not as expected.
    WrongExpectedVersion {
        /// What was expected.
        expected: Expected,
        /// The version of its last event; none where it has none.
        actual: Option<u32>,
    },
    /// The stream was deleted: for good, or softly, where the append expected that it has events.
    StreamDeleted,
    /// The first of these events stand in the stream already and the others don't, so this is neither new nor a
    /// repetition. (EventStoreDB calls this a wrong expected version, too.)
    PartlyWritten {
        /// How many of them are there.
        there: u32,
    },
    /// The stream has an event of this version.
    VersionTaken {
        /// The version.
        version: u32,
    },
    /// A version of the caller's choosing is higher than any may be.
    VersionTooHigh {
        /// The version.
        version: u32,
        /// The highest that is allowed.
        most: u32,
    },
    /// A position of what the events were made from, not after the one stored with the last ones.
    NotLater {
        /// The one given.
        given: u64,
        /// The one stored.
        stored: u64,
    },
    /// There is no event at this position that could be linked.
    NoSuchEvent {
        /// The position.
        position: u64,
    },
    /// A read model that would have to take the events in, in the same step, is stopped.
    ProjectionStopped {
        /// The event that it would take in next.
        position: u64,
    },
    /// There would be more events, links to them included, than there may be.
    Full {
        /// The most that there may be.
        most: u32,
    },
}

/// The highest version that a caller may choose. Those that follow by themselves are at most [`MOST_EVENTS`] more, so a
/// version never runs out of numbers.
///
/// [`MOST_EVENTS`]: super::MOST_EVENTS
const MOST_VERSION: u32 = u32::MAX / 2;

/// How a stream is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Its events are no longer read from it; what is appended later goes on with the next version.
    Soft,
    /// For good: nothing can be appended any more.
    Hard,
}

/// Where an event stands in a stream.
#[derive(Clone, Copy, Debug)]
struct Place {
    version: u32,
    position: u32,
}

#[derive(Clone, Debug, Default)]
struct Stream {
    /// In the order of versions.
    places: Vec<Place>,
    /// Those before are deleted.
    first: usize,
    /// It was deleted softly, at some time.
    hidden: bool,
    /// It was deleted for good.
    deleted: bool,
}

impl Stream {
    fn read(&self) -> &[Place] {
        &self.places[self.first..]
    }

    /// The version of its last event that was not deleted.
    fn version(&self) -> Option<u32> {
        self.read().last().map(|place| place.version)
    }

    fn next_version(&self) -> u32 {
        self.places.last().map_or(0, |place| place.version + 1)
    }

    /// Where the event of a version stands, deleted or not.
    fn place(&self, version: u32) -> Option<&Place> {
        let at = self.places.binary_search_by_key(&version, |place| place.version).ok()?;
        self.places.get(at)
    }

    /// The events from a version on.
    fn from(&self, version: u32) -> &[Place] {
        let read = self.read();
        &read[read.partition_point(|place| place.version < version)..]
    }
}

/// A log of events in memory. See the [module](super) for how it is used.
///
/// An event takes its own size, 24 bytes, and 8 in its stream.
#[derive(Clone, Debug)]
pub struct EventStore<E> {
    config: EventStoreConfig,
    log: Vec<Recorded<E>>,
    streams: BTreeMap<StreamId, Stream>,
    /// The first version of each id in each stream, where appends are idempotent by them.
    ids: BTreeMap<(StreamId, u64), u32>,
    /// Events, and links to them.
    places: usize,
    commands: BTreeMap<u64, Written>,
    /// Those in `commands`, the oldest first.
    remembered: VecDeque<u64>,
    /// What the last tracked events were made of.
    tracked: Option<u64>,
}

impl<E: Clone> EventStore<E> {
    /// An empty log.
    ///
    /// # Errors
    /// Every mistake of the configuration, each with its field and what is allowed there.
    pub fn try_new(config: &EventStoreConfig) -> Result<Self, Vec<ConfigError>> {
        check_all(config)?;
        Ok(Self {
            config: config.clone(),
            log: Vec::new(),
            streams: BTreeMap::new(),
            ids: BTreeMap::new(),
            places: 0,
            commands: BTreeMap::new(),
            remembered: VecDeque::new(),
            tracked: None,
        })
    }

    /// Appends events to a stream, all or none.
    ///
    /// # Errors
    /// The reason for which nothing was written.
    pub fn append(
        &mut self,
        now: Instant,
        stream: StreamId,
        expected: Expected,
        events: &[NewEvent<E>],
    ) -> Result<Written, AppendRefused> {
        let known = self.streams.get(&stream);
        if known.is_some_and(|known| known.deleted) {
            return Err(AppendRefused::StreamDeleted);
        }
        if self.config.idempotent_by_event_id
            && let Some(written) = self.already_there(stream, expected, events)?
        {
            return Ok(written);
        }
        check(expected, known)?;
        self.check_room(events.len())?;
        let first = known.map_or(0, Stream::next_version);
        for (version, new) in (first..).zip(events) {
            self.put(now, stream, version, new);
        }
        Ok(self.written(stream))
    }

    /// Carries out the append of a command once: coming again with the same id, it is told what was done.
    ///
    /// # Errors
    /// As for [`EventStore::append`]; a command that was refused can come again.
    pub fn append_for_command(
        &mut self,
        now: Instant,
        command: u64,
        stream: StreamId,
        expected: Expected,
        events: &[NewEvent<E>],
    ) -> Result<Written, AppendRefused> {
        if let Some(done) = self.done(command) {
            return Ok(done);
        }
        let written = self.append(now, stream, expected, events)?;
        self.remember(command, written);
        Ok(written)
    }

    /// What a command did, where it is still remembered.
    pub fn done(&self, command: u64) -> Option<Written> {
        self.commands.get(&command).map(|&written| Written { already: true, ..written })
    }

    /// Appends events at versions of the caller's choosing, and stores with them, in the same step, the position of
    /// what they were made from. Coming again they are refused, so that their source may be delivered any number of
    /// times. (Of the Python library eventsourcing: `ProcessRecorder`.)
    ///
    /// # Errors
    /// The reason for which nothing was written.
    pub fn append_tracked(
        &mut self,
        now: Instant,
        stream: StreamId,
        events: &[(u32, NewEvent<E>)],
        source: Option<u64>,
    ) -> Result<Written, AppendRefused> {
        let known = self.streams.get(&stream);
        if known.is_some_and(|known| known.deleted) {
            return Err(AppendRefused::StreamDeleted);
        }
        let places = known.map_or(&[][..], |known| known.places.as_slice());
        for (at, &(version, _)) in events.iter().enumerate() {
            let twice = events[..at].iter().any(|&(other, _)| other == version);
            if version > MOST_VERSION {
                return Err(AppendRefused::VersionTooHigh { version, most: MOST_VERSION });
            }
            if twice || places.binary_search_by_key(&version, |place| place.version).is_ok() {
                return Err(AppendRefused::VersionTaken { version });
            }
        }
        if let (Some(given), Some(stored)) = (source, self.tracked)
            && given <= stored
        {
            return Err(AppendRefused::NotLater { given, stored });
        }
        self.check_room(events.len())?;
        for (version, new) in events {
            self.put(now, stream, *version, new);
        }
        self.tracked = source.or(self.tracked);
        Ok(self.written(stream))
    }

    /// The position stored with the last events of [`EventStore::append_tracked`] that had one.
    pub fn tracked(&self) -> Option<u64> {
        self.tracked
    }

    /// Puts events that are there into another stream too. The log has them once.
    ///
    /// # Errors
    /// The reason for which nothing was written.
    pub fn link(&mut self, stream: StreamId, expected: Expected, positions: &[u64]) -> Result<Written, AppendRefused> {
        let known = self.streams.get(&stream);
        if known.is_some_and(|known| known.deleted) {
            return Err(AppendRefused::StreamDeleted);
        }
        check(expected, known)?;
        if let Some(&position) = positions.iter().find(|&&position| self.at(position).is_none()) {
            return Err(AppendRefused::NoSuchEvent { position });
        }
        self.check_room(positions.len())?;
        self.places += positions.len();
        let known = self.streams.entry(stream).or_default();
        for &position in positions {
            let version = known.next_version();
            known.places.push(Place { version, position: position as u32 });
        }
        Ok(self.written(stream))
    }

    /// Deletes a stream. The log keeps its events, as whoever replays it must find them.
    pub fn delete(&mut self, stream: StreamId, deletion: Deletion) {
        let known = self.streams.entry(stream).or_default();
        known.first = known.places.len();
        known.hidden = true;
        known.deleted |= deletion == Deletion::Hard;
    }

    /// Events in the log; the position of the next one.
    pub fn len(&self) -> u64 {
        self.log.len() as u64
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.log.is_empty()
    }

    /// The event at a position; the first one's is 0.
    pub fn at(&self, position: u64) -> Option<&Recorded<E>> {
        self.log.get(usize::try_from(position).ok()?)
    }

    /// The log from a position on, in order.
    pub fn all_from(&self, position: u64) -> &[Recorded<E>] {
        let from = usize::try_from(position).unwrap_or(usize::MAX).min(self.log.len());
        &self.log[from..]
    }

    /// The version of a stream's last event; none where it has none.
    pub fn version(&self, stream: StreamId) -> Option<u32> {
        self.streams.get(&stream).and_then(Stream::version)
    }

    /// A stream from a version on, in order: each event with the version that it has *there*. Backwards by `rev`.
    pub fn read(
        &self,
        stream: StreamId,
        from: u32,
    ) -> impl ExactSizeIterator<Item = (u32, &Recorded<E>)> + DoubleEndedIterator {
        let places = self.streams.get(&stream).map_or(&[][..], |known| known.from(from));
        places.iter().map(|place| (place.version, &self.log[place.position as usize]))
    }

    fn put(&mut self, now: Instant, stream: StreamId, version: u32, new: &NewEvent<E>) {
        let position = self.log.len() as u32;
        let known = self.streams.entry(stream).or_default();
        let at = known.places.partition_point(|place| place.version < version);
        known.places.insert(at, Place { version, position });
        // Among those that were deleted it is deleted.
        known.first += usize::from(at < known.first);
        if self.config.idempotent_by_event_id {
            self.ids.entry((stream, new.id)).or_insert(version);
        }
        self.places += 1;
        self.log.push(Recorded { id: new.id, at: now, stream, version, event: new.event.clone() });
    }

    fn written(&self, stream: StreamId) -> Written {
        Written { version: self.version(stream), position: self.len(), already: false }
    }

    fn check_room(&self, places: usize) -> Result<(), AppendRefused> {
        let most = self.config.most_events;
        if places > most as usize - self.places { Err(AppendRefused::Full { most }) } else { Ok(()) }
    }

    fn remember(&mut self, command: u64, written: Written) {
        if self.config.commands_remembered == 0 {
            return;
        }
        if self.remembered.len() >= self.config.commands_remembered as usize
            && let Some(oldest) = self.remembered.pop_front()
        {
            self.commands.remove(&oldest);
        }
        self.remembered.push_back(command);
        self.commands.insert(command, written);
    }

    /// Whether these very events stand where they are expected. As EventStoreDB decides it: after an exact version, and
    /// for a new stream, each has its place; else each may stand anywhere in the stream. That the stream was softly
    /// deleted since changes nothing about what was written.
    fn already_there(
        &self,
        stream: StreamId,
        expected: Expected,
        events: &[NewEvent<E>],
    ) -> Result<Option<Written>, AppendRefused> {
        let Some(known) = self.streams.get(&stream) else { return Ok(None) };
        let mut written = None;
        for (at, new) in (0_u32..).zip(events) {
            let version = match expected {
                Expected::NoStream => Some(at),
                Expected::Version(version) => version.checked_add(1).and_then(|first| first.checked_add(at)),
                Expected::Any | Expected::Exists => self.ids.get(&(stream, new.id)).copied(),
            };
            let place = version.and_then(|version| known.place(version));
            match place.filter(|place| self.log[place.position as usize].id == new.id) {
                Some(place) => {
                    let before = written.map_or(0, |written: Written| written.position);
                    let position = before.max(u64::from(place.position) + 1);
                    written = Some(Written { version: Some(place.version), position, already: true });
                }
                None if at == 0 => return Ok(None),
                None => return Err(AppendRefused::PartlyWritten { there: at }),
            }
        }
        Ok(written)
    }
}

/// A stream that was softly deleted counts as one that isn't there, and keeps its version for those who know it: so
/// does EventStoreDB.
fn check(expected: Expected, known: Option<&Stream>) -> Result<(), AppendRefused> {
    let actual = known.and_then(Stream::version);
    let deleted = known.filter(|_| actual.is_none()).and_then(|known| known.places.last()).map(|place| place.version);
    let fits = match expected {
        Expected::Any => true,
        Expected::NoStream => actual.is_none(),
        Expected::Exists if actual.is_none() && known.is_some_and(|known| known.hidden) => {
            return Err(AppendRefused::StreamDeleted);
        }
        Expected::Exists => actual.is_some(),
        Expected::Version(version) => actual.or(deleted) == Some(version),
    };
    if fits { Ok(()) } else { Err(AppendRefused::WrongExpectedVersion { expected, actual }) }
}
