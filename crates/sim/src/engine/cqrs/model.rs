//! A read model of any kind.

use sandtable_patterns::cqrs::personnel::{ByCompany, ByPerson, Company, Person, PersonnelEvent, Strength};
use sandtable_patterns::cqrs::{
    Answer, Delivered, EventStore, Inline, Projection, ProjectionConfig, Queries, Question, ReadModel, Recorded,
};
use sandtable_patterns::{ConfigError, Instant};

use crate::scenario::ModelKind;

pub(super) type Log = EventStore<PersonnelEvent>;

/// A projection, whatever it makes of the log.
pub(super) trait AnyModel: Inline<PersonnelEvent> + std::fmt::Debug {
    fn wants(&self) -> u64;
    fn is_inline(&self) -> bool;
    fn is_stopped(&self) -> bool;
    fn deliver(&mut self, log: &Log, position: u64) -> Delivered;
    fn catch_up(&mut self, log: &Log);
    fn stop(&mut self, stopped: bool);
    fn crash(&mut self);
    fn crash_during(&mut self, log: &Log, position: u64);
    fn rebuild(&mut self);
    fn answer(&self, now: Instant, queries: &Queries, question: &Question, log: &Log) -> Answer;
    /// Events that took effect, and deliveries of such as had before.
    fn counts(&self, log: &Log) -> (u64, u64);
    /// Where it says that a person is, if it says that.
    fn company_of(&self, person: Person) -> Option<Option<Company>>;
    /// Whether it is what a replay of the log gives, up to the event that it wants next.
    fn is_as_replayed(&self, log: &Log) -> bool;
    fn inline(&mut self) -> &mut dyn Inline<PersonnelEvent>;
}

/// What a kind of read model has of its own.
pub(super) trait Kind: ReadModel<PersonnelEvent> + std::fmt::Debug + 'static {
    fn company_of(&self, _person: Person) -> Option<Option<Company>> {
        None
    }

    /// Whether both would answer all questions alike.
    fn is_like(&self, other: &Self) -> bool;
}

impl Kind for ByPerson {
    fn company_of(&self, person: Person) -> Option<Option<Company>> {
        Some(self.company_of(person))
    }

    fn is_like(&self, other: &Self) -> bool {
        self == other
    }
}

/// The most companies that a scenario may have.
const COMPANIES: u16 = 26;

impl Kind for Strength {
    fn is_like(&self, other: &Self) -> bool {
        (0..COMPANIES).all(|company| self.of(Company(company)) == other.of(Company(company)))
    }
}

impl Kind for ByCompany {
    fn is_like(&self, other: &Self) -> bool {
        let alike =
            |company| self.members(company).eq(other.members(company)) && self.count(company) == other.count(company);
        (0..COMPANIES).map(Company).all(alike)
    }
}

impl<M: Kind> AnyModel for Projection<M> {
    fn wants(&self) -> u64 {
        self.wants()
    }

    fn is_inline(&self) -> bool {
        self.is_inline()
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped()
    }

    fn deliver(&mut self, log: &Log, position: u64) -> Delivered {
        self.deliver(log, position)
    }

    fn catch_up(&mut self, log: &Log) {
        self.catch_up(log);
    }

    fn stop(&mut self, stopped: bool) {
        if stopped { self.stop() } else { self.resume() }
    }

    fn crash(&mut self) {
        self.crash();
    }

    fn crash_during(&mut self, log: &Log, position: u64) {
        self.crash_during(log, position);
    }

    fn rebuild(&mut self) {
        self.rebuild();
    }

    fn answer(&self, now: Instant, queries: &Queries, question: &Question, log: &Log) -> Answer {
        queries.answer(now, question, log, self)
    }

    fn counts(&self, log: &Log) -> (u64, u64) {
        let view = self.view(Instant::ZERO, log);
        (view.applied, view.duplicates)
    }

    fn company_of(&self, person: Person) -> Option<Option<Company>> {
        self.model().company_of(person)
    }

    fn is_as_replayed(&self, log: &Log) -> bool {
        let mut replayed = M::default();
        let until = log.all_from(0).iter().take(self.wants() as usize);
        until.for_each(|event: &Recorded<PersonnelEvent>| replayed.apply(event));
        self.model().is_like(&replayed)
    }

    fn inline(&mut self) -> &mut dyn Inline<PersonnelEvent> {
        self
    }
}

/// An empty read model.
pub(super) fn model(kind: ModelKind, config: &ProjectionConfig) -> Result<Box<dyn AnyModel>, Vec<ConfigError>> {
    Ok(match kind {
        ModelKind::ByPerson => Box::new(Projection::<ByPerson>::try_new(config)?),
        ModelKind::ByCompany => Box::new(Projection::<ByCompany>::try_new(config)?),
        ModelKind::Strength => Box::new(Projection::<Strength>::try_new(config)?),
    })
}
