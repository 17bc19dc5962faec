//! Two writers at once, snapshots, and questions that wait.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use sandtable_patterns::Instant;
use sandtable_patterns::cqrs::personnel::{
    Assignment, ByPerson, Companies, Company, Person, PersonnelCommand, PersonnelEvent, Rejection,
};
use sandtable_patterns::cqrs::{
    Aggregate, Answer, AppendRefused, CommandConfig, Commands, Consistency, CqrsPreset, Deletion, EventStore,
    EventStoreConfig, Expected, Handled, Loaded, NewEvent, OnTimeout, Projection, ProjectionConfig, Queries,
    QueryConfig, StreamId,
};

const COMPANIES: Companies = Companies(3);
const NOW: Instant = Instant::ZERO;

fn command() -> impl Strategy<Value = PersonnelCommand> {
    prop_oneof![
        (0_u16..4).prop_map(|company| PersonnelCommand::Assign(Company(company))),
        (0_u16..4).prop_map(|company| PersonnelCommand::Transfer(Company(company))),
        Just(PersonnelCommand::Release),
    ]
}

/// What a command leads to, by the rules as one would tell them.
fn judged(at: Option<u16>, command: PersonnelCommand) -> Result<Option<u16>, Rejection> {
    use PersonnelCommand::{Assign, Release, Transfer};
    match (command, at) {
        (Assign(to) | Transfer(to), _) if to.0 > 2 => Err(Rejection::UnknownCompany(to)),
        (Assign(to), None) => Ok(Some(to.0)),
        (Assign(_), Some(there)) => Err(Rejection::AlreadyAssigned(Company(there))),
        (Transfer(_) | Release, None) => Err(Rejection::NotAssigned),
        (Transfer(to), Some(there)) if to.0 == there => Err(Rejection::AlreadyThere(to)),
        (Transfer(to), Some(_)) => Ok(Some(to.0)),
        (Release, Some(_)) => Ok(None),
    }
}

#[derive(Clone, Debug)]
enum Operation {
    /// Person, command, its id.
    Handle(u32, PersonnelCommand, u64),
    /// A second writer reads a person's state, and writes later.
    Read(u32),
    Write(PersonnelCommand, u64),
    Delete(u32),
}

fn operation() -> impl Strategy<Value = Operation> {
    let person = 1_u32..4;
    prop_oneof![
        8 => (person.clone(), command(), 0_u64..60).prop_map(|(person, command, id)| Operation::Handle(person, command, id)),
        4 => person.clone().prop_map(Operation::Read),
        4 => (command(), 0_u64..60).prop_map(|(command, id)| Operation::Write(command, id)),
        1 => person.prop_map(Operation::Delete),
    ]
}

fn full_fold(store: &EventStore<<Assignment as Aggregate>::Event>, stream: StreamId) -> Assignment {
    let mut state = Assignment::default();
    store.read(stream, 0).for_each(|(_, event)| state.apply(&event.event));
    state
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn commands_follow_the_rules_and_nobody_overwrites_anybody(
        snapshot_every in 0_u32..4,
        conflict_retries in 0_u32..2,
        operations in prop::collection::vec(operation(), 0..60),
    ) {
        let mut store = EventStore::try_new(&EventStoreConfig::default()).expect("it is valid");
        let config = CommandConfig { snapshot_every, conflict_retries, ..CommandConfig::default() };
        let mut commands = Commands::<Assignment>::try_new(&config).expect("it is valid");
        // Who is where, who has carried out what, and the version of each stream.
        let mut places: BTreeMap<u32, u16> = BTreeMap::new();
        let mut done: Vec<u64> = Vec::new();
        let mut reader: Option<Loaded<Assignment>> = None;
        for operation in operations {
            let (person, command, id, found, seen) = match operation {
                Operation::Handle(person, command, id) => {
                    let loaded = commands.load(&store, Person(person).stream());
                    let found = commands.handle(NOW, &mut store, Person(person).stream(), id, &command, &COMPANIES);
                    (person, command, id, found, loaded)
                }
                Operation::Read(person) => {
                    reader = Some(commands.load(&store, Person(person).stream()));
                    continue;
                }
                Operation::Write(command, id) => {
                    let Some(loaded) = reader.take() else { continue };
                    let person = loaded.stream.0;
                    let current = store.version(loaded.stream);
                    let stale = current != loaded.version;
                    let decided = judged(loaded.state.0.map(|company| company.0), command);
                    let found = commands.write(NOW, &mut store, loaded.clone(), id, &command, &COMPANIES);
                    if stale && conflict_retries == 0 && decided.is_ok() && !done.contains(&id) {
                        let expected = loaded.version.map_or(Expected::NoStream, Expected::Version);
                        let refused = AppendRefused::WrongExpectedVersion { expected, actual: current };
                        prop_assert_eq!(found, Handled::Refused(refused));
                        continue;
                    }
                    if decided.is_err() && stale && !done.contains(&id) {
                        // Rejected on what it had read.
                        prop_assert_eq!(found, Handled::Rejected(decided.unwrap_err()));
                        continue;
                    }
                    (person, command, id, found, loaded)
                }
                Operation::Delete(person) => {
                    store.delete(Person(person).stream(), Deletion::Soft);
                    places.remove(&person);
                    continue;
                }
            };
            prop_assert_eq!(seen.stream, Person(person).stream());
            if done.contains(&id) {
                prop_assert!(matches!(found, Handled::Already(_)));
            } else {
                match judged(places.get(&person).copied(), command) {
                    Err(rejection) => prop_assert_eq!(found, Handled::Rejected(rejection)),
                    Ok(to) => {
                        prop_assert!(matches!(found, Handled::Written(_)), "{:?}", found);
                        done.push(id);
                        match to {
                            Some(company) => places.insert(person, company),
                            None => places.remove(&person),
                        };
                    }
                }
            }
            for person in 1..4 {
                let stream = Person(person).stream();
                let loaded = commands.load(&store, stream);
                prop_assert_eq!(loaded.state, full_fold(&store, stream));
                prop_assert_eq!(loaded.state.0.map(|company| company.0), places.get(&person).copied());
                prop_assert!(snapshot_every == 0 || loaded.read < snapshot_every);
            }
        }
    }
}

#[test]
fn a_snapshot_spares_reading() {
    let mut store = EventStore::try_new(&EventStoreConfig::default()).expect("it is valid");
    let config = CommandConfig { snapshot_every: 10, ..CommandConfig::default() };
    let mut commands = Commands::<Assignment>::try_new(&config).expect("it is valid");
    let stream = Person(1).stream();
    for turn in 0..25 {
        let command = if turn % 2 == 0 { PersonnelCommand::Assign(Company(0)) } else { PersonnelCommand::Release };
        let _ = commands.handle(NOW, &mut store, stream, turn, &command, &COMPANIES);
    }
    let loaded = commands.load(&store, stream);
    assert_eq!((loaded.read, loaded.version, loaded.state), (5, Some(24), Assignment(Some(Company(0)))));
    assert_eq!(commands.snapshots(), 1);
}

/// A write at 0 ms; its reader asks at 1 ms, and the read model has it at 5 ms or never.
#[test]
fn a_question_waits_for_its_askers_own_write_and_no_longer_than_it_may() {
    let mut store = EventStore::try_new(&EventStoreConfig::default()).expect("it is valid");
    let mut commands = Commands::<Assignment>::try_new(&CommandConfig::default()).expect("it is valid");
    let mut model = Projection::<ByPerson>::try_new(&ProjectionConfig::default()).expect("it is valid");
    let assign = PersonnelCommand::Assign(Company(1));
    let handled = commands.handle(NOW, &mut store, Person(1).stream(), 1, &assign, &COMPANIES);
    let Handled::Written(written) = handled else { panic!("{handled:?}") };
    let at = |millis| NOW + Duration::from_millis(millis);
    let read_own =
        QueryConfig { consistency: Consistency::ReadYourWrites, wait_ms_max: 10.0, on_timeout: OnTimeout::Refuse };
    let queries = |config: &QueryConfig| Queries::try_new(config).expect("it is valid");
    let (refusing, stale) =
        (queries(&read_own), queries(&QueryConfig { on_timeout: OnTimeout::AnswerStale, ..read_own.clone() }));

    let question = refusing.ask(at(1), written.position);
    let answer = |queries: &Queries, now, model: &Projection<ByPerson>| queries.answer(now, &question, &store, model);
    assert_eq!(answer(&refusing, at(1), &model), Answer::Wait { until: at(11) });
    assert_eq!(answer(&refusing, at(11), &model), Answer::Refused { missing: 1 });
    let Answer::Now(told) = answer(&stale, at(11), &model) else { panic!("it is answered all the same") };
    assert!(told.misses_own_writes && told.is_stale());
    assert_eq!((told.behind, told.age), (1, Duration::from_millis(11)));

    let _ = model.deliver(&store, 0);
    let Answer::Now(told) = answer(&refusing, at(5), &model) else { panic!("it has what it waits for") };
    assert!(!told.misses_own_writes && !told.is_stale());
    // Somebody else's question waits for nobody.
    let eventual = queries(&QueryConfig::default());
    let other = eventual.ask(at(1), written.position);
    let empty = Projection::<ByPerson>::try_new(&ProjectionConfig::default()).expect("it is valid");
    assert!(matches!(eventual.answer(at(1), &other, &store, &empty), Answer::Now(_)));
}

/// Both read nothing and assign; the log knows events again by their ids, and takes neither for the other.
#[test]
fn two_command_sides_lose_no_write_in_a_log_that_knows_events_again() {
    let config = CqrsPreset::EventStoreDb.config();
    let mut store = EventStore::try_new(&config.store).expect("it is valid");
    let side = || Commands::<Assignment>::try_new(&config.commands).expect("it is valid");
    let (mut one, mut other) = (side(), side());
    let stream = Person(1).stream();
    let (seen_by_one, seen_by_other) = (one.load(&store, stream), other.load(&store, stream));
    let assign = |company| PersonnelCommand::Assign(Company(company));
    let first = one.write(NOW, &mut store, seen_by_one, 1, &assign(0), &COMPANIES);
    assert!(matches!(first, Handled::Written(_)));
    let second = other.write(NOW, &mut store, seen_by_other, 2, &assign(1), &COMPANIES);
    let refused = AppendRefused::WrongExpectedVersion { expected: Expected::NoStream, actual: Some(0) };
    assert_eq!(second, Handled::Refused(refused));
}

/// Versions 0 and 5 are there when the snapshot is taken; then somebody fills in 3.
#[test]
fn a_snapshot_is_out_of_date_once_a_left_out_version_is_filled_in() {
    let mut store = EventStore::try_new(&EventStoreConfig::default()).expect("it is valid");
    let config = CommandConfig { snapshot_every: 1, ..CommandConfig::default() };
    let mut commands = Commands::<Assignment>::try_new(&config).expect("it is valid");
    let stream = Person(1).stream();
    let put = |store: &mut EventStore<PersonnelEvent>, version, event| {
        let new = (version, NewEvent { id: 0, event });
        store.append_tracked(NOW, stream, &[new], None).expect("it is free");
    };
    put(&mut store, 0, PersonnelEvent::Assigned(Company(0)));
    put(&mut store, 5, PersonnelEvent::Released(Some(Company(0))));
    let assigned = commands.handle(NOW, &mut store, stream, 1, &PersonnelCommand::Assign(Company(1)), &COMPANIES);
    assert!(matches!(assigned, Handled::Written(_)));
    assert_eq!(commands.load(&store, stream).read, 0);
    put(&mut store, 3, PersonnelEvent::Transferred { from: Some(Company(0)), to: Company(2) });
    assert_eq!(commands.load(&store, stream).read, 4);
}

#[test]
fn a_state_read_before_its_stream_was_deleted_is_out_of_date() {
    let mut store = EventStore::try_new(&EventStoreConfig::default()).expect("it is valid");
    let mut commands = Commands::<Assignment>::try_new(&CommandConfig::default()).expect("it is valid");
    let stream = Person(1).stream();
    let _ = commands.handle(NOW, &mut store, stream, 1, &PersonnelCommand::Assign(Company(1)), &COMPANIES);
    let loaded = commands.load(&store, stream);
    store.delete(stream, Deletion::Soft);
    let refused = AppendRefused::WrongExpectedVersion { expected: Expected::Version(0), actual: None };
    let found = commands.write(NOW, &mut store, loaded, 2, &PersonnelCommand::Release, &COMPANIES);
    assert_eq!(found, Handled::Refused(refused));
}
