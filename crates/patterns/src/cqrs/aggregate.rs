//! Commands: checked against the state of what they concern, decided, and written as events.

use std::collections::BTreeMap;

use super::{AppendRefused, CommandConfig, EventStore, Expected, NewEvent, StreamId, Together, Written};
use crate::hash::xxh64_of_u64;
use crate::{ConfigError, Instant, check_all};

/// What commands concern: its state is made of its stream's events, and it alone decides what may happen next.
pub trait Aggregate: Clone + Default {
    /// What happens to it.
    type Event: Clone;
    /// What is asked of it.
    type Command;
    /// What it has to know of the world to decide, and can't read off its own events.
    type World: ?Sized;
    /// Why it refuses.
    type Rejection;

    /// Takes in what happened.
    fn apply(&mut self, event: &Self::Event);

    /// What follows from a command: events, or the reason why nothing does. Changes nothing.
    ///
    /// # Errors
    /// The reason.
    fn decide(&self, command: &Self::Command, world: &Self::World) -> Result<Vec<Self::Event>, Self::Rejection>;

    /// What is recorded where commands aren't checked.
    fn unchecked(command: &Self::Command) -> Vec<Self::Event>;
}

/// What became of a command.
#[must_use = "a command may have been refused"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handled<Rejection> {
    /// Its events are in the log.
    Written(Written),
    /// It was carried out before, as its id tells.
    Already(Written),
    /// The aggregate refused it.
    Rejected(Rejection),
    /// The log refused it: another writer was first, say.
    Refused(AppendRefused),
}

/// The state of an aggregate, as somebody has read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded<A> {
    /// Whose.
    pub stream: StreamId,
    /// The state.
    pub state: A,
    /// The version of the last event in it; none where there is none.
    pub version: Option<u32>,
    /// Events that had to be read for it.
    pub read: u32,
}

impl<A> Loaded<A> {
    const fn expected(&self) -> Expected {
        match self.version {
            None => Expected::NoStream,
            Some(version) => Expected::Version(version),
        }
    }
}

#[derive(Clone, Debug)]
struct Snapshot<A> {
    /// The version of the last event in it.
    version: u32,
    /// How many events it was made of. Fewer are there now if the stream was deleted since, more if a version that had
    /// been left out was filled in: then it is out of date.
    events: usize,
    state: A,
}

/// The side that writes. Whoever takes time between reading and writing calls [`Commands::load`] and
/// [`Commands::write`]; [`Commands::handle`] does both at once.
#[derive(Clone, Debug)]
pub struct Commands<A> {
    config: CommandConfig,
    snapshots: BTreeMap<StreamId, Snapshot<A>>,
}

impl<A: Aggregate> Commands<A> {
    /// A side that writes.
    ///
    /// # Errors
    /// Every mistake of the configuration, each with its field and what is allowed there.
    pub fn try_new(config: &CommandConfig) -> Result<Self, Vec<ConfigError>> {
        check_all(config)?;
        Ok(Self { config: config.clone(), snapshots: BTreeMap::new() })
    }

    /// The aggregate as its stream says, from its newest snapshot on if there is one.
    pub fn load(&self, store: &EventStore<A::Event>, stream: StreamId) -> Loaded<A> {
        let version = store.version(stream);
        let events_until = |version: u32| store.read(stream, 0).len() - store.read(stream, version + 1).len();
        let snapshot = self.snapshots.get(&stream);
        let snapshot = snapshot.filter(|snapshot| events_until(snapshot.version) == snapshot.events);
        let (mut state, from) = snapshot.map_or((A::default(), 0), |found| (found.state.clone(), found.version + 1));
        let mut read = 0;
        for (_, recorded) in store.read(stream, from) {
            state.apply(&recorded.event);
            read += 1;
        }
        Loaded { stream, state, version, read }
    }

    /// Decides a command on a state that was read, perhaps a while ago, and writes its events. If another writer was
    /// first, the command is decided anew on the newer state, as often as the configuration says, and then refused.
    pub fn write(
        &mut self,
        now: Instant,
        store: &mut EventStore<A::Event>,
        loaded: Loaded<A>,
        id: u64,
        command: &A::Command,
        world: &A::World,
    ) -> Handled<A::Rejection> {
        self.write_together(now, &mut Together::alone(store), loaded, id, command, world)
    }

    /// The same, with read models that take the events in in the same step, or keep the command from being carried
    /// out.
    pub fn write_together(
        &mut self,
        now: Instant,
        together: &mut Together<A::Event>,
        loaded: Loaded<A>,
        id: u64,
        command: &A::Command,
        world: &A::World,
    ) -> Handled<A::Rejection> {
        if let Some(done) = together.store.done(id) {
            return Handled::Already(done);
        }
        let mut loaded = loaded;
        for _ in 0..self.config.conflict_retries {
            match self.write_once(now, together, &loaded, id, command, world) {
                Handled::Refused(AppendRefused::WrongExpectedVersion { .. }) => {
                    loaded = self.load(together.store, loaded.stream);
                }
                handled => return handled,
            }
        }
        self.write_once(now, together, &loaded, id, command, world)
    }

    /// Reads, decides and writes in one step.
    pub fn handle(
        &mut self,
        now: Instant,
        store: &mut EventStore<A::Event>,
        stream: StreamId,
        id: u64,
        command: &A::Command,
        world: &A::World,
    ) -> Handled<A::Rejection> {
        let loaded = self.load(store, stream);
        self.write(now, store, loaded, id, command, world)
    }

    /// How many snapshots are kept, one for a stream at most.
    pub fn snapshots(&self) -> usize {
        self.snapshots.len()
    }

    fn write_once(
        &mut self,
        now: Instant,
        together: &mut Together<A::Event>,
        loaded: &Loaded<A>,
        id: u64,
        command: &A::Command,
        world: &A::World,
    ) -> Handled<A::Rejection> {
        let (events, expected) = if self.config.validated {
            match loaded.state.decide(command, world) {
                Ok(events) => (events, loaded.expected()),
                Err(rejection) => return Handled::Rejected(rejection),
            }
        } else {
            (A::unchecked(command), Expected::Any)
        };
        // The log takes a deleted stream's last version for right, but this state is made of events that are gone.
        if let (Expected::Version(_), actual @ None) = (expected, together.store.version(loaded.stream)) {
            return Handled::Refused(AppendRefused::WrongExpectedVersion { expected, actual });
        }
        // Made of the command's id, so that two writers never give one id to two different events: a log that knows
        // events again by their ids would take the second for a repetition of the first, and lose it.
        let first = xxh64_of_u64(id, 0);
        let named: Vec<NewEvent<A::Event>> =
            (0..).zip(events).map(|(at, event)| NewEvent { id: first.wrapping_add(at), event }).collect();
        match together.take_in_after(|store| store.append_for_command(now, id, loaded.stream, expected, &named)) {
            Ok(written) if written.already => Handled::Already(written),
            Ok(written) => {
                self.snapshot_if_due(together.store, loaded.stream, named.len() as u32);
                Handled::Written(written)
            }
            Err(refused) => Handled::Refused(refused),
        }
    }

    fn snapshot_if_due(&mut self, store: &EventStore<A::Event>, stream: StreamId, added: u32) {
        let every = self.config.snapshot_every;
        let Some(version) = store.version(stream).filter(|_| every > 0 && added > 0) else { return };
        let before = (version + 1).saturating_sub(added);
        if (version + 1) / every > before / every {
            let state = self.load(store, stream).state;
            let events = store.read(stream, 0).len();
            self.snapshots.insert(stream, Snapshot { version, events, state });
        }
    }
}
