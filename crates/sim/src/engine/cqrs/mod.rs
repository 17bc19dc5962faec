//! Command and query sides: commands change the log, projections bring it into the read models, queries read those.
//!
//! What a command may do, what a projection makes of an event and how long a query waits for it is said by
//! `patterns::cqrs`. Here it takes time: a command reads its aggregate when its work begins and writes when that is
//! done, an event is on its way and then has its turn, and a query may wait before it is let in.

mod commands;
mod model;
mod projecting;
mod queries;

use sandtable_patterns::cqrs::personnel::{Assignment, Companies, Company, Person, PersonnelCommand, PersonnelEvent};
use sandtable_patterns::cqrs::{
    Commands, DeliveryKind, EventStore, Expected, Loaded, NewEvent, ProjectionConfig, Queries,
};
use sandtable_patterns::{ConfigError, Instant};

use crate::random::{Seed, Stream, below, unit};
use crate::recording::{Happened, RecordedModel, RecordedSides};
use crate::scenario::{Cqrs, ModelKind, ModelLayout, Scenario};
use crate::traffic::Sampler;

use super::station::{Router, located};
use super::{RunError, Simulation};

use model::{AnyModel, Log, model};
use projecting::Projecting;

/// A command on its way.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Ordered {
    command: PersonnelCommand,
    /// What it read when its work began.
    loaded: Option<Loaded<Assignment>>,
}

/// The router of a pair of sides, with all that is behind it.
#[derive(Debug)]
pub(super) struct SidesRouter {
    /// Its number among the pairs.
    number: usize,
    soldiers: u32,
    companies: Companies,
    shared: bool,
    log: Log,
    commands: Commands<Assignment>,
    queries: Queries,
    models: Vec<KeptModel>,
    /// The shares of the models so far, out of 1.
    shares: Vec<f64>,
    /// The position of the last event about each person that a client has been told of.
    own: Vec<u64>,
    /// Where the log tells of each person, and of each company.
    of_person: Vec<Vec<u32>>,
    of_company: Vec<Vec<u32>>,
}

/// A read model, and what is under way to it.
#[derive(Debug)]
struct KeptModel {
    kind: ModelKind,
    model: Box<dyn AnyModel>,
    read_time: Sampler,
    projecting: Projecting,
    waiting: Vec<queries::Waiting>,
}

impl SidesRouter {
    pub(super) fn new(scenario: &Scenario, number: usize, seed: Seed) -> Result<(Self, RecordedSides), RunError> {
        let config = &scenario.cqrs[number];
        let path = |field: &str| format!("cqrs[{number}].{field}");
        let placed = |field: &str, errors| located(errors, &path(field));
        let mut router = Self {
            number,
            soldiers: config.soldiers,
            companies: Companies(config.companies as u16),
            shared: config.layout == ModelLayout::Shared,
            log: EventStore::try_new(&config.store).map_err(|errors| placed("store", errors))?,
            commands: Commands::try_new(&config.commands.rule).map_err(|errors| placed("commands.rule", errors))?,
            queries: Queries::try_new(&config.queries).map_err(|errors| placed("queries", errors))?,
            models: models(config).map_err(|errors| placed("models", errors))?,
            shares: shares(config),
            own: vec![0; config.soldiers as usize],
            of_person: vec![Vec::new(); config.soldiers as usize],
            of_company: vec![Vec::new(); config.companies as usize],
        };
        let mut recorded =
            RecordedSides { models: vec![RecordedModel::default(); router.models.len()], ..RecordedSides::default() };
        router.begin(config, seed, &mut recorded)?;
        Ok((router, recorded))
    }

    /// Who is in a company at the start is in the log, and known to the read models.
    fn begin(&mut self, config: &Cqrs, seed: Seed, recorded: &mut RecordedSides) -> Result<(), RunError> {
        for person in 0..config.soldiers {
            let mut rng = seed.generator(Stream::Assigned, (self.number as u64) << 32 | u64::from(person));
            if unit(&mut rng) >= config.assigned_percent / 100.0 {
                continue;
            }
            let event = PersonnelEvent::Assigned(Company(below(&mut rng, config.companies) as u16));
            let new = [NewEvent { id: u64::MAX - u64::from(person), event }];
            if self.log.append(Instant::ZERO, Person(person).stream(), Expected::NoStream, &new).is_err() {
                let place = format!("cqrs[{}].store.most_events", self.number);
                let allowed = "at least as many as soldiers are assigned at the start";
                let error = ConfigError::new(place, config.store.most_events, allowed);
                return Err(RunError::Scenario(crate::scenario::ScenarioError::Invalid(vec![error])));
            }
            self.index(self.log.len() - 1);
            recorded.events.push(Happened { at: 0, row: None, person, version: 0, event });
        }
        for (kept, recorded) in self.models.iter_mut().zip(&mut recorded.models) {
            kept.model.catch_up(&self.log);
            recorded.progress.push((0, kept.model.wants() as u32));
        }
        Ok(())
    }

    /// Notes of whom the event at a position tells, so that nobody has to look through the log for it.
    fn index(&mut self, position: u64) {
        let Some(event) = self.log.at(position) else { return };
        self.of_person[event.stream.0 as usize].push(position as u32);
        let (from, to) = match event.event {
            PersonnelEvent::Assigned(to) => (None, Some(to)),
            PersonnelEvent::Transferred { from, to } => (from, Some(to)),
            PersonnelEvent::Released(from) => (from, None),
        };
        for company in [from, to].into_iter().flatten() {
            if let Some(positions) = self.of_company.get_mut(usize::from(company.0)) {
                positions.push(position as u32);
            }
        }
    }

    fn person(&self, key: u32) -> Person {
        Person(key % self.soldiers)
    }
}

fn models(config: &Cqrs) -> Result<Vec<KeptModel>, Vec<ConfigError>> {
    if config.layout == ModelLayout::Shared {
        // The one model is never behind: it takes each event in as it is written.
        let inline = ProjectionConfig { delivery: DeliveryKind::Inline, ..ProjectionConfig::default() };
        return Ok(vec![KeptModel {
            kind: ModelKind::ByPerson,
            model: model(ModelKind::ByPerson, &inline)?,
            read_time: Sampler::new(&config.shared.read_time),
            projecting: Projecting::new(0.0, 0.0),
            waiting: Vec::new(),
        }]);
    }
    let each = config.models.iter().map(|own| {
        Ok(KeptModel {
            kind: own.kind,
            model: model(own.kind, &own.projection)?,
            read_time: Sampler::new(&own.read_time),
            projecting: Projecting::new(own.delay_ms, own.event_ms),
            waiting: Vec::new(),
        })
    });
    each.collect()
}

/// Where all shares are 0, each model is as likely as the others.
fn shares(config: &Cqrs) -> Vec<f64> {
    if config.layout == ModelLayout::Shared {
        return vec![1.0];
    }
    let total: f64 = config.models.iter().map(|model| model.share_percent).sum();
    let even = 1.0 / config.models.len() as f64;
    let each = config.models.iter().map(|model| if total > 0.0 { model.share_percent / total } else { even });
    let so_far = each.scan(0.0, |sum, share| {
        *sum += share;
        Some(*sum)
    });
    so_far.collect()
}

impl Simulation {
    /// The router of a pair of sides, where a station is one.
    fn sides(&mut self, station: usize) -> Option<&mut SidesRouter> {
        match &mut self.stations[station].router {
            Router::Sides(router) => Some(router),
            _ => None,
        }
    }

    /// The pair of sides to which an attempt goes.
    fn own_sides(&self, row: u32) -> Option<usize> {
        let station = self.service(row);
        matches!(self.stations[station].router, Router::Sides(_)).then_some(station)
    }

    /// Locks, where a shared model has one.
    pub(super) fn schedule_sides(&mut self) {
        let (services, stores) = (self.scenario.services.len(), self.scenario.stores.len());
        for (number, config) in self.scenario.cqrs.iter().enumerate() {
            if config.layout == ModelLayout::Shared && config.shared.locks {
                let first = self.stations[services + stores + number].first;
                self.instances[first].has_lock();
            }
        }
    }

    /// What is left to record of the read models when the run is over.
    pub(super) fn record_sides(&mut self) {
        for station in &self.stations {
            let Router::Sides(router) = &station.router else { continue };
            let recorded = &mut self.recording.sides[router.number];
            for (kept, recorded) in router.models.iter().zip(&mut recorded.models) {
                (recorded.applied, recorded.duplicates) = kept.model.counts(&router.log);
                recorded.as_replayed = kept.model.is_as_replayed(&router.log);
            }
        }
    }
}
