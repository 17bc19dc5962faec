//! The log against lists that are searched.

use proptest::prelude::*;
use sandtable_patterns::Instant;
use sandtable_patterns::cqrs::{
    AppendRefused, Deletion, EventStore, EventStoreConfig, Expected, NewEvent, StreamId, Written,
};

#[derive(Clone, Debug)]
enum Operation {
    Append { stream: u32, expected: Expected, ids: Vec<u64> },
    Command { command: u64, stream: u32, ids: Vec<u64> },
    Tracked { stream: u32, versions: Vec<u32>, source: Option<u64> },
    Link { stream: u32, expected: Expected, positions: Vec<u64> },
    Delete { stream: u32, deletion: Deletion },
}

/// One stream of the model: every event with its version, whether it can be read, and where it is in the log.
#[derive(Clone, Debug, Default)]
struct List {
    entries: Vec<(u32, bool, usize)>,
    /// Softly, at some time.
    hidden: bool,
    deleted: bool,
}

#[derive(Clone, Debug, Default)]
struct Model {
    log: Vec<(u32, u32, u64)>,
    streams: [List; 3],
    commands: Vec<(u64, Written)>,
    tracked: Option<u64>,
    idempotent: bool,
}

const MOST: usize = 40;
const REMEMBERED: usize = 3;

impl Model {
    fn version(&self, stream: u32) -> Option<u32> {
        let readable = self.streams[stream as usize].entries.iter().filter(|entry| entry.1);
        readable.map(|entry| entry.0).max()
    }

    fn next(&self, stream: u32) -> u32 {
        self.streams[stream as usize].entries.iter().map(|entry| entry.0 + 1).max().unwrap_or(0)
    }

    fn check(&self, stream: u32, expected: Expected) -> Result<(), AppendRefused> {
        if self.streams[stream as usize].deleted {
            return Err(AppendRefused::StreamDeleted);
        }
        let actual = self.version(stream);
        // Softly deleted: for those who know its version it still has it.
        let deleted = if actual.is_none() { self.next(stream).checked_sub(1) } else { None };
        let wrong = match expected {
            Expected::Exists if actual.is_none() && self.streams[stream as usize].hidden => {
                return Err(AppendRefused::StreamDeleted);
            }
            Expected::Version(version) if deleted.is_some() => deleted != Some(version),
            Expected::Any => false,
            Expected::NoStream => actual.is_some(),
            Expected::Exists => actual.is_none(),
            Expected::Version(version) => actual != Some(version),
        };
        if wrong { Err(AppendRefused::WrongExpectedVersion { expected, actual }) } else { Ok(()) }
    }

    fn put(&mut self, stream: u32, version: u32, id: u64) {
        let list = &mut self.streams[stream as usize];
        // What comes before something deleted is deleted with it.
        let readable = !list.entries.iter().any(|entry| entry.0 > version && !entry.1);
        list.entries.push((version, readable, self.log.len()));
        list.entries.sort_unstable();
        self.log.push((stream, version, id));
    }

    fn places(&self) -> usize {
        self.streams.iter().map(|list| list.entries.len()).sum()
    }

    fn written(&self, stream: u32) -> Written {
        Written { version: self.version(stream), position: self.log.len() as u64, already: false }
    }

    /// Where an event of this id would have to be so that the append is a repetition, if it is there.
    fn place(&self, stream: u32, expected: Expected, at: usize, id: u64) -> Option<(u32, usize)> {
        let wanted = match expected {
            Expected::NoStream => at as u32,
            Expected::Version(version) => version + 1 + at as u32,
            Expected::Any | Expected::Exists => {
                self.log.iter().find(|&&(there, _, known)| (there, known) == (stream, id))?.1
            }
        };
        let mut entries = self.streams[stream as usize].entries.iter();
        let &(version, _, place) = entries.find(|entry| entry.0 == wanted)?;
        (self.log[place].2 == id).then_some((version, place))
    }

    fn repeated(&self, stream: u32, expected: Expected, ids: &[u64]) -> Option<Result<Written, AppendRefused>> {
        let places: Vec<_> = ids.iter().enumerate().map(|(at, &id)| self.place(stream, expected, at, id)).collect();
        let there = places.iter().take_while(|place| place.is_some()).count();
        match there {
            0 => None,
            _ if there < ids.len() => Some(Err(AppendRefused::PartlyWritten { there: there as u32 })),
            _ => {
                let position = places.iter().flatten().map(|place| place.1 as u64 + 1).max()?;
                let version = places.last()?.map(|place| place.0);
                Some(Ok(Written { version, position, already: true }))
            }
        }
    }

    fn append(&mut self, stream: u32, expected: Expected, ids: &[u64]) -> Result<Written, AppendRefused> {
        if self.idempotent
            && !self.streams[stream as usize].deleted
            && let Some(repeated) = self.repeated(stream, expected, ids)
        {
            return repeated;
        }
        self.check(stream, expected)?;
        if self.places() + ids.len() > MOST {
            return Err(AppendRefused::Full { most: MOST as u32 });
        }
        for &id in ids {
            let next = self.next(stream);
            self.put(stream, next, id);
        }
        Ok(self.written(stream))
    }

    fn apply(&mut self, operation: &Operation) -> Option<Result<Written, AppendRefused>> {
        Some(match operation {
            Operation::Append { stream, expected, ids } => self.append(*stream, *expected, ids),
            Operation::Command { command, stream, ids } => {
                let newest = self.commands.iter().rev().take(REMEMBERED);
                if let Some((_, done)) = newest.clone().find(|(known, _)| known == command) {
                    return Some(Ok(Written { already: true, ..*done }));
                }
                let written = self.append(*stream, Expected::Any, ids);
                if let Ok(written) = written {
                    self.commands.push((*command, written));
                }
                written
            }
            Operation::Tracked { stream, versions, source } => self.tracked(*stream, versions, *source),
            Operation::Link { stream, expected, positions } => self.link(*stream, *expected, positions),
            Operation::Delete { stream, deletion } => {
                let list = &mut self.streams[*stream as usize];
                list.entries.iter_mut().for_each(|entry| entry.1 = false);
                list.hidden = true;
                list.deleted |= *deletion == Deletion::Hard;
                return None;
            }
        })
    }

    fn tracked(&mut self, stream: u32, versions: &[u32], source: Option<u64>) -> Result<Written, AppendRefused> {
        if self.streams[stream as usize].deleted {
            return Err(AppendRefused::StreamDeleted);
        }
        for (at, &version) in versions.iter().enumerate() {
            let taken = self.streams[stream as usize].entries.iter().any(|entry| entry.0 == version);
            if taken || versions[..at].contains(&version) {
                return Err(AppendRefused::VersionTaken { version });
            }
        }
        match (source, self.tracked) {
            (Some(given), Some(stored)) if given <= stored => return Err(AppendRefused::NotLater { given, stored }),
            _ => {}
        }
        if self.places() + versions.len() > MOST {
            return Err(AppendRefused::Full { most: MOST as u32 });
        }
        for &version in versions {
            self.put(stream, version, 0);
        }
        self.tracked = source.or(self.tracked);
        Ok(self.written(stream))
    }

    fn link(&mut self, stream: u32, expected: Expected, positions: &[u64]) -> Result<Written, AppendRefused> {
        self.check(stream, expected)?;
        if let Some(&position) = positions.iter().find(|&&position| position as usize >= self.log.len()) {
            return Err(AppendRefused::NoSuchEvent { position });
        }
        if self.places() + positions.len() > MOST {
            return Err(AppendRefused::Full { most: MOST as u32 });
        }
        for &position in positions {
            let next = self.next(stream);
            self.streams[stream as usize].entries.push((next, true, position as usize));
        }
        Ok(self.written(stream))
    }
}

fn run(store: &mut EventStore<u64>, operation: &Operation) -> Option<Result<Written, AppendRefused>> {
    let now = Instant::ZERO;
    let new = |&id: &u64| NewEvent { id, event: id };
    Some(match operation {
        Operation::Append { stream, expected, ids } => {
            store.append(now, StreamId(*stream), *expected, &ids.iter().map(new).collect::<Vec<_>>())
        }
        Operation::Command { command, stream, ids } => {
            let events: Vec<_> = ids.iter().map(new).collect();
            store.append_for_command(now, *command, StreamId(*stream), Expected::Any, &events)
        }
        Operation::Tracked { stream, versions, source } => {
            let events: Vec<_> = versions.iter().map(|&version| (version, new(&0))).collect();
            store.append_tracked(now, StreamId(*stream), &events, *source)
        }
        Operation::Link { stream, expected, positions } => store.link(StreamId(*stream), *expected, positions),
        Operation::Delete { stream, deletion } => {
            store.delete(StreamId(*stream), *deletion);
            return None;
        }
    })
}

fn expected() -> impl Strategy<Value = Expected> {
    prop_oneof![
        3 => Just(Expected::Any),
        2 => Just(Expected::NoStream),
        2 => Just(Expected::Exists),
        4 => (0_u32..8).prop_map(Expected::Version),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    let ids = || prop::collection::vec(0_u64..6, 0..4);
    prop_oneof![
        8 => (0_u32..3, expected(), ids()).prop_map(|(stream, expected, ids)| Operation::Append { stream, expected, ids }),
        3 => (0_u64..6, 0_u32..3, ids()).prop_map(|(command, stream, ids)| Operation::Command { command, stream, ids }),
        3 => (0_u32..3, prop::collection::vec(0_u32..9, 0..3), prop::option::of(0_u64..9))
            .prop_map(|(stream, versions, source)| Operation::Tracked { stream, versions, source }),
        3 => (0_u32..3, expected(), prop::collection::vec(0_u64..30, 0..3))
            .prop_map(|(stream, expected, positions)| Operation::Link { stream, expected, positions }),
        1 => (0_u32..3).prop_map(|stream| Operation::Delete { stream, deletion: Deletion::Soft }),
        1 => (0_u32..3).prop_map(|stream| Operation::Delete { stream, deletion: Deletion::Hard }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn the_log_does_what_lists_do(
        idempotent in any::<bool>(),
        operations in prop::collection::vec(operation(), 0..40),
    ) {
        let config = EventStoreConfig {
            most_events: MOST as u32,
            commands_remembered: REMEMBERED as u32,
            idempotent_by_event_id: idempotent,
        };
        let mut store = EventStore::try_new(&config).expect("it is valid");
        let mut model = Model { idempotent, ..Model::default() };
        for operation in &operations {
            prop_assert_eq!(run(&mut store, operation), model.apply(operation), "{:?}", operation);
            let log: Vec<_> = store.all_from(0).iter().map(|event| (event.stream.0, event.version, event.id)).collect();
            prop_assert_eq!(&log, &model.log);
            prop_assert_eq!(store.tracked(), model.tracked);
            for stream in 0..3 {
                let list = &model.streams[stream as usize];
                let readable = list.entries.iter().filter(|entry| entry.1);
                let found: Vec<_> = store.read(StreamId(stream), 0).map(|(version, event)| (version, event.id)).collect();
                let wanted: Vec<_> = readable.map(|&(version, _, place)| (version, model.log[place].2)).collect();
                let mut backwards: Vec<_> =
                    store.read(StreamId(stream), 0).rev().map(|(version, event)| (version, event.id)).collect();
                backwards.reverse();
                prop_assert_eq!(&found, &wanted);
                prop_assert_eq!(backwards, wanted);
                prop_assert_eq!(store.version(StreamId(stream)), model.version(stream));
            }
        }
    }

    /// As EventStoreDB does it: whatever is appended again in its place is there once.
    #[test]
    fn what_is_appended_again_is_there_once(
        blocks in prop::collection::vec(1_usize..4, 1..10),
        again in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..20),
    ) {
        let config = EventStoreConfig { idempotent_by_event_id: true, ..EventStoreConfig::default() };
        let mut store = EventStore::try_new(&config).expect("it is valid");
        let (stream, now) = (StreamId(0), Instant::ZERO);
        let mut written = Vec::new();
        let mut next = 0_u32;
        for length in blocks {
            let expected = next.checked_sub(1).map_or(Expected::NoStream, Expected::Version);
            let events: Vec<_> =
                (next..next + length as u32).map(|id| NewEvent { id: id.into(), event: () }).collect();
            prop_assert!(store.append(now, stream, expected, &events).is_ok());
            next += length as u32;
            written.push((expected, events));
        }
        for (which, exact) in again {
            let (expected, events) = which.get(&written);
            let found = store.append(now, stream, if exact { *expected } else { Expected::Any }, events);
            prop_assert!(found.is_ok_and(|written| written.already));
            prop_assert_eq!(store.len(), u64::from(next));
        }
    }
}

fn events(ids: &[u64]) -> Vec<NewEvent<()>> {
    ids.iter().map(|&id| NewEvent { id, event: () }).collect()
}

fn idempotent() -> EventStore<()> {
    let config = EventStoreConfig { idempotent_by_event_id: true, ..EventStoreConfig::default() };
    EventStore::try_new(&config).expect("it is valid")
}

/// EventStoreDB's own tests have these: six events of one id, and they come again.
#[test]
fn events_of_one_id_are_a_repetition_when_they_come_again() {
    for (expected, version) in [(Expected::Any, 0), (Expected::NoStream, 5)] {
        let mut store = idempotent();
        let six = events(&[7; 6]);
        let first = store.append(Instant::ZERO, StreamId(0), expected, &six).expect("it is new");
        assert_eq!((first.version, first.already), (Some(5), false));
        let again = store.append(Instant::ZERO, StreamId(0), expected, &six).expect("it is a repetition");
        assert_eq!((again.version, again.already, store.len()), (Some(version), true, 6));
    }
}

#[test]
fn a_repetition_tells_the_version_of_its_own_last_event() {
    let mut store = idempotent();
    for ids in [&[1, 2][..], &[3]] {
        store.append(Instant::ZERO, StreamId(0), Expected::Any, &events(ids)).expect("it is new");
    }
    let again = store.append(Instant::ZERO, StreamId(0), Expected::NoStream, &events(&[1, 2]));
    assert_eq!(again, Ok(Written { version: Some(1), position: 2, already: true }));
}

#[test]
fn what_is_written_in_part_is_neither_new_nor_a_repetition() {
    let mut store = idempotent();
    store.append(Instant::ZERO, StreamId(0), Expected::Any, &events(&[1, 2])).expect("it is new");
    for (expected, ids, there) in [(Expected::Any, [1, 9, 9], 1), (Expected::NoStream, [1, 2, 9], 2)] {
        let refused = store.append(Instant::ZERO, StreamId(0), expected, &events(&ids));
        assert_eq!(refused, Err(AppendRefused::PartlyWritten { there }));
    }
    assert_eq!(store.len(), 2);
}

#[test]
fn a_softly_deleted_stream_goes_on_with_its_versions() {
    let deleted = || {
        let mut store = EventStore::try_new(&EventStoreConfig::default()).expect("it is valid");
        store.append(Instant::ZERO, StreamId(0), Expected::Any, &events(&[1, 2])).expect("it is new");
        store.delete(StreamId(0), Deletion::Soft);
        store
    };
    for expected in [Expected::Any, Expected::NoStream, Expected::Version(1)] {
        let mut store = deleted();
        let written = store.append(Instant::ZERO, StreamId(0), expected, &events(&[3]));
        assert_eq!(written.map(|written| written.version), Ok(Some(2)));
        assert_eq!(store.read(StreamId(0), 0).map(|(version, _)| version).collect::<Vec<_>>(), [2]);
    }
    let refused = deleted().append(Instant::ZERO, StreamId(0), Expected::Exists, &events(&[3]));
    assert_eq!(refused, Err(AppendRefused::StreamDeleted));
    // Also one that never had an event.
    let mut store = deleted();
    store.delete(StreamId(1), Deletion::Soft);
    let refused = store.append(Instant::ZERO, StreamId(1), Expected::Exists, &events(&[3]));
    assert_eq!(refused, Err(AppendRefused::StreamDeleted));
}

#[test]
fn no_version_is_so_high_that_none_can_follow() {
    let mut store = EventStore::try_new(&EventStoreConfig::default()).expect("it is valid");
    let most = u32::MAX / 2;
    let chosen = |version| [(version, NewEvent { id: 0, event: () })];
    let refused = store.append_tracked(Instant::ZERO, StreamId(0), &chosen(most + 1), None);
    assert_eq!(refused, Err(AppendRefused::VersionTooHigh { version: most + 1, most }));
    store.append_tracked(Instant::ZERO, StreamId(0), &chosen(most), None).expect("it is the highest");
    let next = store.append(Instant::ZERO, StreamId(0), Expected::Any, &events(&[1, 2])).expect("there is room");
    assert_eq!(next.version, Some(most + 2));
}

#[test]
fn links_count_against_the_bound_of_the_log() {
    let config = EventStoreConfig { most_events: 3, ..EventStoreConfig::default() };
    let mut store = EventStore::try_new(&config).expect("it is valid");
    store.append(Instant::ZERO, StreamId(0), Expected::Any, &events(&[1])).expect("there is room");
    let link = |store: &mut EventStore<()>| store.link(StreamId(1), Expected::Any, &[0, 0]).is_ok();
    assert!(link(&mut store) && !link(&mut store));
    assert_eq!(store.read(StreamId(1), 0).len(), 2);
    let refused = store.append(Instant::ZERO, StreamId(0), Expected::Any, &events(&[2]));
    assert_eq!(refused, Err(AppendRefused::Full { most: 3 }));
}
