//! Everything that is read about command and query sides: the log, how far each read model has come, and what it cost.

mod report;

use sandtable_patterns::cqrs::personnel::{Company, Person, PersonnelCommand, PersonnelEvent};
use serde::Serialize;

use super::Run;
use crate::engine::faults::holds;
use crate::recording::RecordedModel;
use crate::scenario::{FaultKind, ModelKind, ModelLayout};
use crate::time::millis;

pub use report::{CqrsReport, ModelReport, RejectionCount};

/// Numbers for each read model.
pub const MODEL_STRIDE: usize = 7;

/// A pair of sides, and which nodes and read models are its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CqrsView {
    /// Its name.
    pub name: String,
    /// Its number among all stations.
    pub station: u32,
    /// Its first node, counted through all stations: the side that writes, or the shared model.
    pub first_instance: u32,
    /// Whether both sides have one model.
    pub shared: bool,
    /// Its first read model, counted through all pairs.
    pub first_model: u32,
    /// The names of the kinds of its read models.
    pub models: Vec<&'static str>,
}

/// What happened, as columns: an item for each event of a pair's log.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LogColumns {
    /// When it was written, in milliseconds.
    pub at_ms: Vec<f64>,
    /// The attempt whose command it follows from; -1 of what was there at the start.
    pub request: Vec<f64>,
    /// The person's number.
    pub person: Vec<u32>,
    /// Its version in the person's stream.
    pub version: Vec<u32>,
    /// 0 assigned, 1 transferred, 2 released.
    pub kind: Vec<u32>,
    /// The company left, and the one joined; -1 where there is none.
    pub from: Vec<f64>,
    /// See `from`.
    pub to: Vec<f64>,
    /// For each read model, the moments (ms) from which on it wanted another event next.
    pub progress_at: Vec<Vec<f64>>,
    /// And which event that was.
    pub progress: Vec<Vec<u32>>,
}

impl Run {
    /// The pairs of command and query side, in the order of their numbers.
    pub fn cqrs(&self) -> Vec<CqrsView> {
        let mut first_model = 0;
        let each = self.scenario.cqrs.iter().enumerate().map(|(number, sides)| {
            let station = self.scenario.services.len() + self.scenario.stores.len() + number;
            let shared = sides.layout == ModelLayout::Shared;
            let kinds = sides.models.iter().map(|model| model.kind);
            let models: Vec<&'static str> =
                if shared { vec![ModelKind::ByPerson.name()] } else { kinds.map(ModelKind::name).collect() };
            let view = CqrsView {
                name: sides.name.clone(),
                station: station as u32,
                first_instance: self.topology.instances[station].start as u32,
                shared,
                first_model,
                models,
            };
            first_model += view.models.len() as u32;
            view
        });
        each.collect()
    }

    /// The log of a pair, and how far its read models had come; nothing where there is no such pair.
    pub fn log(&self, pair: usize) -> LogColumns {
        let Some(recorded) = self.recording.sides.get(pair) else { return LogColumns::default() };
        let mut log = LogColumns::default();
        let company = |company: Option<Company>| company.map_or(-1.0, |company| f64::from(company.0));
        for event in &recorded.events {
            log.at_ms.push(millis(event.at));
            log.request.push(event.row.map_or(-1.0, f64::from));
            log.person.push(event.person);
            log.version.push(event.version);
            let (kind, from, to) = match event.event {
                PersonnelEvent::Assigned(to) => (0, None, Some(to)),
                PersonnelEvent::Transferred { from, to } => (1, from, Some(to)),
                PersonnelEvent::Released(from) => (2, from, None),
            };
            log.kind.push(kind);
            log.from.push(company(from));
            log.to.push(company(to));
        }
        for model in &recorded.models {
            log.progress_at.push(model.progress.iter().map(|&(at, _)| millis(at)).collect());
            log.progress.push(model.progress.iter().map(|&(_, position)| position).collect());
        }
        log
    }

    /// The read models at `t`, for a frame; `stale_share` is asked about the node of each.
    pub(super) fn model_rows(&self, t: u64, stale_share: impl Fn(usize) -> f32) -> Vec<f32> {
        let mut rows = Vec::new();
        let first = self.scenario.services.len() + self.scenario.stores.len();
        for (pair, recorded) in self.recording.sides.iter().enumerate() {
            let length = recorded.length_at(t);
            for (model, kept) in recorded.models.iter().enumerate() {
                let position = kept.position_at(t);
                let oldest = recorded.events.get(position as usize).filter(|_| position < length);
                let age = oldest.map_or(0.0, |event| millis(t - event.at));
                let node = self.topology.instances[first + pair].start + 1 + model;
                let state = self.model_state(pair, model, node, kept, t);
                rows.extend([length as f32, position as f32, (length - position.min(length)) as f32, age as f32]);
                let shared = self.scenario.cqrs[pair].layout == ModelLayout::Shared;
                let stale = if shared { f32::NAN } else { stale_share(node) };
                rows.extend([kept.waiting_at(t) as f32, f32::from(state), stale]);
            }
        }
        rows
    }

    /// 0 it follows the log, 1 it is stopped, 2 it is down, 3 it makes up for what it had before.
    fn model_state(&self, pair: usize, model: usize, node: usize, kept: &RecordedModel, t: u64) -> u8 {
        if self.scenario.cqrs[pair].layout == ModelLayout::Shared {
            return 0;
        }
        let stops = self.scenario.faults.iter().any(|fault| {
            fault.kind == FaultKind::StopProjection
                && holds(fault, t)
                && self.scenario.model_named(&fault.target) == Some((pair, model))
        });
        let before = kept.progress.partition_point(|&(at, _)| at <= t);
        let highest = kept.progress[..before].iter().map(|&(_, position)| position).max().unwrap_or(0);
        match () {
            () if !self.band_at(node as u32, t).up => 2,
            () if stops => 1,
            () if highest > kept.position_at(t) => 3,
            () => 0,
        }
    }
}

/// What a command asks for, in words.
pub(super) fn asks_for(person: u32, command: PersonnelCommand) -> String {
    let person = Person(person);
    match command {
        PersonnelCommand::Assign(company) => format!("assign {person} to {company}"),
        PersonnelCommand::Transfer(company) => format!("transfer {person} to {company}"),
        PersonnelCommand::Release => format!("release {person}"),
    }
}

/// What happened, in words.
pub(super) fn happened(person: u32, event: PersonnelEvent) -> String {
    let person = Person(person);
    match event {
        PersonnelEvent::Assigned(to) => format!("{person} was assigned to {to}"),
        PersonnelEvent::Transferred { from: Some(from), to } => format!("{person} was transferred from {from} to {to}"),
        PersonnelEvent::Transferred { from: None, to } => format!("{person} was transferred to {to}"),
        PersonnelEvent::Released(Some(from)) => format!("{person} was released from {from}"),
        PersonnelEvent::Released(None) => format!("{person} was released"),
    }
}
