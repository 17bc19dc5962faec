//! Whatever happens to a projection, its read model is that of a replay of the log from nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sandtable_patterns::Instant;
use sandtable_patterns::cqrs::personnel::{ByPerson, Company, Person, PersonnelEvent, Strength};
use sandtable_patterns::cqrs::{
    Delivered, EventStore, EventStoreConfig, Expected, Guarantee, NewEvent, Projection, ProjectionConfig, StreamId,
};

#[derive(Clone, Debug)]
enum Operation {
    /// Somebody moves: person, company.
    Move(u32, u16),
    Leave(u32),
    /// An event comes, the one wanted or one so far from it.
    Deliver(i64),
    Crash,
    Stop,
    Resume,
    Rebuild,
    CatchUp,
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        6 => (1_u32..5, 0_u16..3).prop_map(|(person, company)| Operation::Move(person, company)),
        2 => (1_u32..5).prop_map(Operation::Leave),
        6 => Just(Operation::Deliver(0)),
        6 => (-4_i64..6).prop_map(Operation::Deliver),
        2 => Just(Operation::Crash),
        1 => Just(Operation::Stop),
        2 => Just(Operation::Resume),
        1 => Just(Operation::Rebuild),
        1 => Just(Operation::CatchUp),
    ]
}

/// What the first `position` events say, read one by one into plain maps.
fn replayed(store: &EventStore<PersonnelEvent>, position: u64) -> (BTreeMap<u32, u16>, BTreeMap<u16, i64>) {
    let mut places = BTreeMap::new();
    for event in &store.all_from(0)[..position as usize] {
        match event.event {
            PersonnelEvent::Assigned(to) | PersonnelEvent::Transferred { to, .. } => {
                places.insert(event.stream.0, to.0);
            }
            PersonnelEvent::Released(_) => {
                places.remove(&event.stream.0);
            }
        }
    }
    let mut counts = BTreeMap::new();
    places.values().for_each(|&company| *counts.entry(company).or_insert(0) += 1);
    (places, counts)
}

/// The log, who is where, and both read models.
struct World {
    store: EventStore<PersonnelEvent>,
    places: BTreeMap<u32, Company>,
    by_person: Projection<ByPerson>,
    strength: Projection<Strength>,
}

impl World {
    fn new(config: &ProjectionConfig) -> Self {
        Self {
            store: EventStore::try_new(&EventStoreConfig::default()).expect("it is valid"),
            places: BTreeMap::new(),
            by_person: Projection::try_new(config).expect("it is valid"),
            strength: Projection::try_new(config).expect("it is valid"),
        }
    }

    fn append(&mut self, person: u32, event: PersonnelEvent) {
        let new = NewEvent { id: self.store.len(), event };
        let written = self.store.append(Instant::ZERO, StreamId(person), Expected::Any, &[new]);
        written.expect("there is room");
    }

    fn run(&mut self, operation: &Operation) {
        match *operation {
            Operation::Move(person, to) => {
                let to = Company(to);
                match self.places.insert(person, to) {
                    None => self.append(person, PersonnelEvent::Assigned(to)),
                    from => self.append(person, PersonnelEvent::Transferred { from, to }),
                }
            }
            Operation::Leave(person) => {
                if let Some(from) = self.places.remove(&person) {
                    self.append(person, PersonnelEvent::Released(Some(from)));
                }
            }
            Operation::Deliver(offset) => {
                let deliver = |wanted: u64| wanted.checked_add_signed(offset);
                if let Some(position) = deliver(self.by_person.wants()) {
                    let _ = self.by_person.deliver(&self.store, position);
                }
                if let Some(position) = deliver(self.strength.wants()) {
                    let _ = self.strength.deliver(&self.store, position);
                }
            }
            Operation::Crash => {
                self.by_person.crash();
                self.strength.crash();
            }
            Operation::Stop => {
                self.by_person.stop();
                self.strength.stop();
            }
            Operation::Resume => {
                self.by_person.resume();
                self.strength.resume();
            }
            Operation::Rebuild => {
                self.by_person.rebuild();
                self.strength.rebuild();
            }
            Operation::CatchUp => {
                self.by_person.catch_up(&self.store);
                self.strength.catch_up(&self.store);
            }
        }
    }

    fn people(&self) -> BTreeMap<u32, u16> {
        self.by_person.model().iter().map(|(person, company)| (person.0, company.0)).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn a_read_model_is_a_replay_whatever_happens(
        reorder_max in 0_u32..4,
        operations in prop::collection::vec(operation(), 0..80),
    ) {
        let mut world = World::new(&ProjectionConfig { reorder_max, ..ProjectionConfig::default() });
        for operation in &operations {
            let before = (world.by_person.wants(), world.store.len());
            world.run(operation);
            let (places, _) = replayed(&world.store, world.by_person.wants());
            prop_assert_eq!(world.people(), places);
            let (_, counts) = replayed(&world.store, world.strength.wants());
            for company in 0..3 {
                prop_assert_eq!(world.strength.model().of(Company(company)), counts.get(&company).copied().unwrap_or(0));
            }
            let view = world.by_person.view(Instant::ZERO, &world.store);
            prop_assert!(view.kept <= reorder_max);
            prop_assert_eq!(view.lag.events, world.store.len() - view.position);
            // Only to be rebuilt goes back.
            prop_assert!(view.position >= before.0 || matches!(operation, Operation::Rebuild));
        }
    }

    /// Under «at least once» a model that only sets values is right once it has caught up.
    #[test]
    fn at_least_once_is_enough_for_a_model_that_sets_values(
        checkpoint_every in 1_u32..6,
        operations in prop::collection::vec(operation(), 0..80),
    ) {
        let guarantee = Guarantee::AtLeastOnce;
        let mut world = World::new(&ProjectionConfig { guarantee, checkpoint_every, ..ProjectionConfig::default() });
        operations.iter().for_each(|operation| world.run(operation));
        world.by_person.resume();
        world.by_person.catch_up(&world.store);
        prop_assert_eq!(world.people(), replayed(&world.store, world.store.len()).0);
    }
}

/// Three join; the read models crash after all have been counted, and before the position was stored.
#[test]
fn at_least_once_counts_twice_after_a_crash_and_exactly_once_does_not() {
    for (guarantee, counted) in [(Guarantee::ExactlyOnce, 3), (Guarantee::AtLeastOnce, 6)] {
        let mut world = World::new(&ProjectionConfig { guarantee, ..ProjectionConfig::default() });
        (1..=3).for_each(|person| world.run(&Operation::Move(person, 0)));
        for operation in [Operation::CatchUp, Operation::Crash, Operation::CatchUp] {
            world.run(&operation);
        }
        assert_eq!(world.strength.model().of(Company(0)), counted);
        assert_eq!(world.by_person.model().company_of(Person(3)), Some(Company(0)));
    }
}

#[test]
fn what_comes_too_early_waits_and_a_gap_is_named() {
    let mut world = World::new(&ProjectionConfig { reorder_max: 2, ..ProjectionConfig::default() });
    (1..=4).for_each(|person| world.run(&Operation::Move(person, 0)));
    let World { store, by_person, .. } = &mut world;
    assert_eq!(by_person.deliver(store, 2), Delivered::Kept { missing: 0 });
    assert_eq!(by_person.deliver(store, 1), Delivered::Kept { missing: 0 });
    assert_eq!(by_person.deliver(store, 1), Delivered::Duplicate);
    assert_eq!(by_person.deliver(store, 3), Delivered::NoRoom { missing: 0 });
    assert_eq!(by_person.deliver(store, 4), Delivered::Unknown);
    assert_eq!(by_person.deliver(store, 0), Delivered::Applied { events: 3 });
    assert_eq!(by_person.wants(), 3);
}
