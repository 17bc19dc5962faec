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
    deleted: bool,
}

#[derive(Clone, Debug, Default)]
struct Model {
    log: Vec<(u32, u32, u64)>,
    streams: [List; 3],
    commands: Vec<(u64, Written)>,
    tracked: Option<u64>,
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
        let wrong = match expected {
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

    fn written(&self, stream: u32) -> Written {
        Written { version: self.version(stream), position: self.log.len() as u64, already: false }
    }

    fn append(&mut self, stream: u32, expected: Expected, ids: &[u64]) -> Result<Written, AppendRefused> {
        self.check(stream, expected)?;
        if self.log.len() + ids.len() > MOST {
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
        if self.log.len() + versions.len() > MOST {
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
    let ids = || prop::collection::vec(0_u64..20, 0..4);
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
    fn the_log_does_what_lists_do(operations in prop::collection::vec(operation(), 0..40)) {
        let config = EventStoreConfig {
            most_events: MOST as u32,
            commands_remembered: REMEMBERED as u32,
            ..EventStoreConfig::default()
        };
        let mut store = EventStore::try_new(&config).expect("it is valid");
        let mut model = Model::default();
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
