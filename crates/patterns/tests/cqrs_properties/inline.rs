//! Read models in the same step as the append: in all, or nowhere.

use sandtable_patterns::Instant;
use sandtable_patterns::cqrs::personnel::{
    Assignment, ByCompany, ByPerson, Companies, Company, Person, PersonnelCommand, PersonnelEvent, Rejection,
};
use sandtable_patterns::cqrs::{
    AppendRefused, CommandConfig, Commands, DeliveryKind, EventStore, EventStoreConfig, Expected, Guarantee, Handled,
    Inline, NewEvent, Projection, ProjectionConfig, ReadModel, Together,
};

const NOW: Instant = Instant::ZERO;

fn store() -> EventStore<PersonnelEvent> {
    EventStore::try_new(&EventStoreConfig::default()).expect("it is valid")
}

fn projection<M: ReadModel<PersonnelEvent>>(delivery: DeliveryKind) -> Projection<M> {
    let config = ProjectionConfig { delivery, guarantee: Guarantee::AtLeastOnce, ..ProjectionConfig::default() };
    Projection::try_new(&config).expect("it is valid")
}

#[test]
fn a_command_is_in_the_log_and_in_every_inline_read_model_or_nowhere() {
    let mut store = store();
    let mut commands = Commands::<Assignment>::try_new(&CommandConfig::default()).expect("it is valid");
    let mut by_person = projection::<ByPerson>(DeliveryKind::Inline);
    let mut by_company = projection::<ByCompany>(DeliveryKind::Inline);
    let mut later = projection::<ByCompany>(DeliveryKind::Asynchronous);

    let written = assign(&mut commands, &mut store, 1, &mut [&mut by_person, &mut by_company, &mut later]);
    assert!(matches!(written, Handled::Written(_)));
    assert_eq!(by_person.model().company_of(Person(1)), Some(Company(2)));
    assert_eq!(by_company.model().count(Company(2)), 1);
    assert_eq!(later.model().count(Company(2)), 0);

    by_company.stop();
    let refused = assign(&mut commands, &mut store, 2, &mut [&mut by_person, &mut by_company, &mut later]);
    assert_eq!(refused, Handled::Refused(AppendRefused::ProjectionStopped { position: 1 }));
    assert_eq!((store.len(), by_person.model().company_of(Person(2))), (1, None));

    // That another one is stopped that is fed otherwise keeps nobody from writing, and the command may come again.
    by_company.resume();
    later.stop();
    let written = assign(&mut commands, &mut store, 2, &mut [&mut by_person, &mut by_company, &mut later]);
    assert!(matches!(written, Handled::Written(_)));
    assert_eq!(by_company.model().members(Company(2)).collect::<Vec<_>>(), [Person(1), Person(2)]);
}

/// The command's id is the person's number.
fn assign(
    commands: &mut Commands<Assignment>,
    store: &mut EventStore<PersonnelEvent>,
    person: u32,
    projections: &mut [&mut dyn Inline<PersonnelEvent>],
) -> Handled<Rejection> {
    let loaded = commands.load(store, Person(person).stream());
    let command = PersonnelCommand::Assign(Company(2));
    let mut together = Together { store, projections };
    commands.write_together(NOW, &mut together, loaded, person.into(), &command, &Companies(3))
}

/// Its position is stored with the append, whatever the guarantee says of deliveries.
#[test]
fn an_inline_read_model_counts_once_whatever_crashes() {
    let mut store = store();
    let mut model = projection::<ByCompany>(DeliveryKind::Inline);
    let new = |id| [NewEvent { id, event: PersonnelEvent::Assigned(Company(0)) }];
    for person in 1..=3 {
        let mut together = Together { store: &mut store, projections: &mut [&mut model] };
        together.append(NOW, Person(person).stream(), Expected::NoStream, &new(0)).expect("it is new");
        let mut together = Together { store: &mut store, projections: &mut [&mut model] };
        assert!(together.append(NOW, Person(person).stream(), Expected::NoStream, &new(1)).is_err());
        model.crash();
    }
    assert_eq!(model.model().count(Company(0)), 3);
    model.rebuild();
    let mut together = Together { store: &mut store, projections: &mut [&mut model] };
    together.append(NOW, Person(4).stream(), Expected::NoStream, &new(2)).expect("it is new");
    assert_eq!(model.model().count(Company(0)), 4);
}
