//! Events on their way into the read models: each has a way and then its turn, and things go wrong.

use std::collections::VecDeque;

use sandtable_patterns::cqrs::Delivered;

use crate::random::{Stream, derived};
use crate::scenario::{FaultKind, ModelLayout};
use crate::time::nanos;

use super::super::faults::holds;
use super::super::tasks::Task;
use super::Simulation;

/// An event that comes out of order is on its way so many times as long, and a second copy of one this much longer.
const LATE: u64 = 4;
const TWICE: u64 = 2;

/// The events that come to a read model, and the one that it is busy with.
#[derive(Debug)]
pub(super) struct Projecting {
    delay: u64,
    time: f64,
    inbox: VecDeque<u64>,
    /// The event whose turn it is, and the number of that turn: a turn that was given up leaves its end behind.
    busy: Option<u64>,
    turn: u32,
}

impl Projecting {
    pub(super) fn new(delay_ms: f64, event_ms: f64) -> Self {
        Self { delay: nanos(delay_ms), time: event_ms * 1e6, inbox: VecDeque::new(), busy: None, turn: 0 }
    }

    /// How long an event takes, in nanoseconds.
    pub(super) const fn time(&self) -> u64 {
        self.time as u64
    }

    /// What was under way is lost, and everything from `wants` on comes again.
    fn begin_again(&mut self, wants: u64, length: u64) {
        self.busy = None;
        self.turn = self.turn.wrapping_add(1);
        self.inbox = (wants..length).collect();
    }
}

impl Simulation {
    /// An event sets out for each read model that is fed by deliveries.
    pub(super) fn events_leave(&mut self, station: usize, position: u64) {
        let Some(router) = self.sides(station) else { return };
        let (number, count) = (router.number, router.models.len());
        for model in 0..count {
            let Some(router) = self.sides(station) else { return };
            let kept = &router.models[model];
            if kept.model.is_inline() {
                continue;
            }
            let delay = kept.projecting.delay;
            let entity = derived((number as u64) << 8 | model as u64, position);
            let struck = |kind, stream| {
                let share = self.share_of(kind, station, model);
                share > 0.0 && self.seed.uniform(stream, entity) < share
            };
            let late = struck(FaultKind::OutOfOrder, Stream::OutOfOrder);
            let twice = struck(FaultKind::DeliverTwice, Stream::DeliverTwice);
            let at = self.now.saturating_add(if late { delay.saturating_mul(LATE) } else { delay });
            self.schedule_task(at, Task::EventComes { station, model, position });
            if twice {
                let again = self.now.saturating_add(delay.saturating_mul(TWICE));
                self.schedule_task(again, Task::EventComes { station, model, position });
            }
        }
    }

    /// The share of the events of a read model that faults of a kind strike now.
    fn share_of(&self, kind: FaultKind, station: usize, model: usize) -> f64 {
        let pair = station - self.scenario.services.len() - self.scenario.stores.len();
        let faults = self.scenario.faults.iter().filter(|fault| fault.kind == kind && holds(fault, self.now));
        let own = faults.filter(|fault| self.scenario.model_named(&fault.target) == Some((pair, model)));
        1.0 - own.fold(1.0, |spared, fault| spared * (1.0 - fault.percent / 100.0))
    }

    pub(in crate::engine) fn event_comes(&mut self, station: usize, model: usize, position: u64) {
        if let Some(router) = self.sides(station) {
            router.models[model].projecting.inbox.push_back(position);
        }
        self.project(station, model);
    }

    /// The next event has its turn, if the read model is up and its projection runs.
    pub(super) fn project(&mut self, station: usize, model: usize) {
        let (now, first) = (self.now, self.stations[station].first);
        let condition = self.instances[first + 1 + model].condition;
        let Some(router) = self.sides(station) else { return };
        let kept = &mut router.models[model];
        if !condition.up || kept.model.is_stopped() || kept.projecting.busy.is_some() {
            return;
        }
        let Some(position) = kept.projecting.inbox.pop_front() else { return };
        kept.projecting.busy = Some(position);
        kept.projecting.turn = kept.projecting.turn.wrapping_add(1);
        let turn = kept.projecting.turn;
        // What was taken in before is known at once.
        let time = if position < kept.model.wants() { 0.0 } else { kept.projecting.time * condition.slowdown };
        self.schedule_task(now.saturating_add(time.round() as u64), Task::Projected { station, model, turn });
    }

    pub(in crate::engine) fn projected(&mut self, station: usize, model: usize, turn: u32) {
        let now = self.now;
        let Some(router) = self.sides(station) else { return };
        let kept = &mut router.models[model];
        if kept.projecting.turn != turn {
            return;
        }
        let Some(position) = kept.projecting.busy.take() else { return };
        match kept.model.deliver(&router.log, position) {
            Delivered::Applied { .. } => {
                let (number, wants) = (router.number, kept.model.wants());
                self.recording.sides[number].models[model].progress.push((now, wants as u32));
                self.questions_again(station, model);
            }
            Delivered::NoRoom { .. } | Delivered::Stopped => kept.projecting.inbox.push_back(position),
            Delivered::Duplicate | Delivered::Kept { .. } | Delivered::Unknown => {}
        }
        self.project(station, model);
    }

    /// A fault of a projection begins or ends.
    pub(in crate::engine) fn projection_fault(&mut self, number: usize) {
        let fault = &self.scenario.faults[number];
        let Some((pair, model)) = self.scenario.model_named(&fault.target) else { return };
        let station = self.scenario.services.len() + self.scenario.stores.len() + pair;
        match fault.kind {
            FaultKind::StopProjection => {
                let own = |other: &&crate::scenario::Fault| {
                    other.kind == FaultKind::StopProjection
                        && self.scenario.model_named(&other.target) == Some((pair, model))
                };
                let stopped = self.scenario.faults.iter().filter(own).any(|fault| holds(fault, self.now));
                if let Some(router) = self.sides(station) {
                    router.models[model].model.stop(stopped);
                }
                self.project(station, model);
            }
            FaultKind::CrashProjection => {
                if let Some(router) = self.sides(station) {
                    let kept = &mut router.models[model];
                    let position = kept.projecting.busy.unwrap_or_else(|| kept.model.wants());
                    kept.model.crash_during(&router.log, position);
                }
                self.goes_on(station, model);
            }
            FaultKind::Rebuild => {
                if let Some(router) = self.sides(station) {
                    router.models[model].model.rebuild();
                }
                self.goes_on(station, model);
            }
            _ => {}
        }
    }

    /// A read model's node goes down, and its projection with it; or it comes up, and goes on from what was stored.
    pub(in crate::engine) fn read_model_changes(&mut self, instance: usize, up: bool) {
        let station = usize::from(self.home[instance]);
        let Some(model) = (instance - self.stations[station].first).checked_sub(1) else { return };
        let Some(router) = self.sides(station) else { return };
        if !up {
            router.models[model].model.crash();
            router.models[model].projecting.begin_again(0, 0);
            self.lose_questions(station, model);
        } else {
            self.goes_on(station, model);
        }
    }

    /// Everything that the read model lacks comes again.
    fn goes_on(&mut self, station: usize, model: usize) {
        let now = self.now;
        let Some(router) = self.sides(station) else { return };
        let (number, length) = (router.number, router.log.len());
        let kept = &mut router.models[model];
        let wants = kept.model.wants();
        kept.projecting.begin_again(wants, length);
        self.recording.sides[number].models[model].progress.push((now, wants as u32));
        self.project(station, model);
    }

    /// Whether a pair of sides has one model only.
    pub(super) fn is_shared(&self, station: usize) -> bool {
        let pair = station - self.scenario.services.len() - self.scenario.stores.len();
        self.scenario.cqrs[pair].layout == ModelLayout::Shared
    }
}
