//! From the log over a network that loses, doubles and shuffles to read models that crash, stop and are rebuilt, with
//! questions in between. At every moment a read model is what a replay of the log up to its position makes of it.

use std::time::Duration;

use proptest::prelude::*;
use sandtable_patterns::Instant;
use sandtable_patterns::cqrs::personnel::{
    Assignment, ByCompany, ByPerson, Companies, Company, Person, PersonnelCommand, PersonnelEvent,
};
use sandtable_patterns::cqrs::{
    Answer, CommandConfig, Commands, Consistency, Delivered, EventStore, EventStoreConfig, Feed, Guarantee, Handled,
    OnTimeout, Projection, ProjectionConfig, Queries, QueryConfig, Question, ReadModel, Source,
};

const COMPANIES: Companies = Companies(3);

#[derive(Clone, Debug)]
enum Operation {
    Command(u32, PersonnelCommand),
    /// The feed puts the next event on the network.
    Send,
    /// One of those on the network comes, and stays there to come again if `doubled`.
    Arrive {
        which: prop::sample::Index,
        doubled: bool,
    },
    Lose(prop::sample::Index),
    /// The projection goes down while one of those on the network comes.
    CrashDuring(prop::sample::Index),
    Crash,
    Stop,
    Resume,
    /// The read model begins anew, and so does its feed.
    Rebuild,
    Acknowledge,
    /// The connection breaks; nothing is on the network any more.
    Reconnect,
    AskAgain,
    Question(u64),
    Wait(u64),
}

fn command() -> impl Strategy<Value = PersonnelCommand> {
    let company = || (0_u16..3).prop_map(Company);
    prop_oneof![
        company().prop_map(PersonnelCommand::Assign),
        company().prop_map(PersonnelCommand::Transfer),
        Just(PersonnelCommand::Release),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    let which = any::<prop::sample::Index>;
    prop_oneof![
        8 => (1_u32..5, command()).prop_map(|(person, command)| Operation::Command(person, command)),
        8 => Just(Operation::Send),
        8 => (which(), any::<bool>()).prop_map(|(which, doubled)| Operation::Arrive { which, doubled }),
        1 => which().prop_map(Operation::Lose),
        2 => which().prop_map(Operation::CrashDuring),
        1 => Just(Operation::Crash),
        1 => Just(Operation::Stop),
        2 => Just(Operation::Resume),
        1 => Just(Operation::Rebuild),
        3 => Just(Operation::Acknowledge),
        1 => Just(Operation::Reconnect),
        2 => Just(Operation::AskAgain),
        3 => (0_u64..4).prop_map(Operation::Question),
        2 => (0_u64..8).prop_map(Operation::Wait),
    ]
}

/// One read model, its feed, and what is on the way between them.
struct Pipe<M> {
    feed: Feed,
    network: Vec<u64>,
    projection: Projection<M>,
}

impl<M: ReadModel<PersonnelEvent>> Pipe<M> {
    fn new(config: &ProjectionConfig) -> Self {
        let projection = Projection::try_new(config).expect("it is valid");
        Self { feed: Feed::from_origin(Source::All), network: Vec::new(), projection }
    }

    fn run(&mut self, store: &EventStore<PersonnelEvent>, operation: &Operation) {
        match operation {
            Operation::Send => self.network.extend(self.feed.deliver(store).map(|(position, _)| position)),
            Operation::Arrive { which, doubled } if !self.network.is_empty() => {
                let at = which.index(self.network.len());
                self.deliver(store, self.network[at]);
                if !doubled {
                    self.network.remove(at);
                }
            }
            Operation::Lose(which) if !self.network.is_empty() => {
                self.network.remove(which.index(self.network.len()));
            }
            Operation::CrashDuring(which) if !self.network.is_empty() => {
                let position = self.network.remove(which.index(self.network.len()));
                self.projection.crash_during(store, position);
            }
            Operation::Crash => {
                self.projection.crash();
                assert_eq!(self.projection.view(Instant::ZERO, store).kept, 0);
            }
            Operation::Stop => self.projection.stop(),
            Operation::Resume => self.projection.resume(),
            Operation::Rebuild => {
                self.projection.rebuild();
                self.feed.go_to(0);
            }
            Operation::Acknowledge => {
                let checkpoint = self.projection.view(Instant::ZERO, store).checkpoint;
                if let Some(last) = checkpoint.checked_sub(1) {
                    self.feed.acknowledge(last);
                }
            }
            Operation::Reconnect => {
                self.network.clear();
                self.feed.restart();
            }
            Operation::AskAgain => self.feed.again_from(self.projection.wants()),
            _ => {}
        }
    }

    /// What it says of a delivery is what it does: only the wanted event takes effect, and those kept behind it.
    fn deliver(&mut self, store: &EventStore<PersonnelEvent>, position: u64) {
        let before = self.projection.view(Instant::ZERO, store);
        let (told, wanted) = (self.projection.deliver(store, position), before.position);
        let after = self.projection.view(Instant::ZERO, store);
        match told {
            Delivered::Applied { events } => {
                assert!(position == wanted && events > 0 && events <= 1 + before.kept);
                assert_eq!((after.position, after.kept), (wanted + u64::from(events), before.kept + 1 - events));
            }
            Delivered::Kept { missing } => {
                assert!(position > wanted && missing == wanted);
                assert_eq!((after.position, after.kept), (wanted, before.kept + 1));
            }
            Delivered::Duplicate => {
                assert!(position < wanted || before.kept > 0);
                assert_eq!((after.position, after.kept), (wanted, before.kept));
            }
            Delivered::NoRoom { missing } => assert!(position > wanted && missing == wanted && after == before),
            Delivered::Stopped => assert!(before.stopped && after == before),
            Delivered::Unknown => panic!("the network has only what the log has"),
        }
    }

    /// Everything is well again: a new connection from the last acknowledged event on is all that it takes.
    fn settle(&mut self, store: &EventStore<PersonnelEvent>) {
        self.projection.resume();
        self.feed.restart();
        while let Some((position, _)) = self.feed.deliver(store) {
            let _ = self.projection.deliver(store, position);
        }
    }
}

fn replay<M: ReadModel<PersonnelEvent>>(store: &EventStore<PersonnelEvent>, position: u64) -> M {
    let mut model = M::default();
    store.all_from(0)[..position as usize].iter().for_each(|recorded| model.apply(recorded));
    model
}

/// What `question` was told, held against the positions themselves.
fn check_answer(
    now: Instant,
    deadline: Instant,
    wanted: u64,
    position: u64,
    answer: Answer,
) -> Result<(), TestCaseError> {
    match answer {
        Answer::Now(told) => {
            prop_assert_eq!(told.position, position);
            prop_assert_eq!(told.misses_own_writes, position < wanted);
            prop_assert!(position >= wanted || now >= deadline);
        }
        Answer::Wait { until } => prop_assert!(until == deadline && position < wanted && now < deadline),
        Answer::Refused { .. } => prop_assert!(false, "stale answers were asked for"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn after_any_fault_a_read_model_is_a_replay_of_the_log(
        reorder_max in 0_u32..5,
        operations in prop::collection::vec(operation(), 0..120),
    ) {
        let config = ProjectionConfig { reorder_max, ..ProjectionConfig::default() };
        let mut store = EventStore::try_new(&EventStoreConfig::default()).expect("it is valid");
        let mut commands = Commands::<Assignment>::try_new(&CommandConfig::default()).expect("it is valid");
        let mut people = Pipe::<ByPerson>::new(&config);
        let mut companies = Pipe::<ByCompany>::new(&config);
        let queries = Queries::try_new(&QueryConfig {
            consistency: Consistency::ReadYourWrites,
            wait_ms_max: 5.0,
            on_timeout: OnTimeout::AnswerStale,
        }).expect("it is valid");
        let (mut now, mut own) = (Instant::ZERO, 0);
        let mut asked: Vec<(Question, Instant, u64)> = Vec::new();
        for (id, operation) in (0..).zip(&operations) {
            match operation {
                Operation::Command(person, command) => {
                    let stream = Person(*person).stream();
                    if let Handled::Written(written) = commands.handle(now, &mut store, stream, id, command, &COMPANIES) {
                        own = written.position;
                    }
                }
                Operation::Question(back) => {
                    let wanted = own.saturating_sub(*back);
                    asked.push((queries.ask(now, wanted), now + Duration::from_millis(5), wanted));
                }
                Operation::Wait(millis) => now = now + Duration::from_millis(*millis),
                _ => {
                    people.run(&store, operation);
                    companies.run(&store, operation);
                }
            }
            prop_assert_eq!(people.projection.model(), &replay(&store, people.projection.wants()));
            prop_assert_eq!(companies.projection.model(), &replay(&store, companies.projection.wants()));
            let view = people.projection.view(now, &store);
            for (question, deadline, wanted) in &asked {
                let answer = queries.answer(now, question, &store, &people.projection);
                check_answer(now, *deadline, *wanted, view.position, answer)?;
            }
            // Looking changed nothing.
            prop_assert_eq!(people.projection.view(now, &store), view);
        }
        people.settle(&store);
        companies.settle(&store);
        prop_assert_eq!(people.projection.wants(), store.len());
        prop_assert_eq!(people.projection.model(), &replay(&store, store.len()));
        prop_assert_eq!(companies.projection.model(), &replay(&store, store.len()));
        for company in (0..3).map(Company) {
            let members = companies.projection.model().members(company);
            let found = members.inspect(|&person| {
                assert_eq!(people.projection.model().company_of(person), Some(company));
            });
            prop_assert_eq!(found.count() as i64, companies.projection.model().count(company));
        }
    }
}

fn one_assignment() -> EventStore<PersonnelEvent> {
    let mut store = EventStore::try_new(&EventStoreConfig::default()).expect("it is valid");
    let mut commands = Commands::<Assignment>::try_new(&CommandConfig::default()).expect("it is valid");
    let assign = PersonnelCommand::Assign(Company(0));
    let handled = commands.handle(Instant::ZERO, &mut store, Person(1).stream(), 1, &assign, &COMPANIES);
    assert!(matches!(handled, Handled::Written(_)));
    store
}

/// The position is stored after each event, and still a crash can come between.
#[test]
fn a_crash_between_effect_and_checkpoint_doubles_the_effect_unless_both_are_one() {
    let store = one_assignment();
    for (guarantee, kept, count) in [(Guarantee::ExactlyOnce, false, 1), (Guarantee::AtLeastOnce, true, 2)] {
        let config = ProjectionConfig { guarantee, checkpoint_every: 1, ..ProjectionConfig::default() };
        let mut projection = Projection::<ByCompany>::try_new(&config).expect("it is valid");
        assert_eq!(projection.crash_during(&store, 0), kept);
        assert_eq!(projection.wants(), 0);
        assert_eq!(projection.deliver(&store, 0), Delivered::Applied { events: 1 });
        assert_eq!(projection.model().count(Company(0)), count);
        assert_eq!(projection.model().members(Company(0)).collect::<Vec<_>>(), [Person(1)]);
    }
}

#[test]
fn what_is_delivered_again_stays_acknowledged_and_can_be_acknowledged() {
    let mut store = one_assignment();
    let new = store.at(0).cloned().expect("there is one");
    let event = sandtable_patterns::cqrs::NewEvent { id: 1, event: new.event };
    for _ in 0..3 {
        let any = sandtable_patterns::cqrs::Expected::Any;
        store.append(Instant::ZERO, new.stream, any, &[event]).expect("there is room");
    }
    let mut feed = Feed::from_origin(Source::All);
    while feed.deliver(&store).is_some() {}
    feed.acknowledge(1);
    feed.again_from(0);
    assert_eq!(feed.checkpoint(), 2);
    assert_eq!(feed.deliver(&store).map(|(position, _)| position), Some(0));
    // It was delivered before the feed went back.
    feed.acknowledge(3);
    assert_eq!(feed.checkpoint(), 4);
    feed.restart();
    assert_eq!(feed.deliver(&store), None);
}
