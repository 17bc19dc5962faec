//! The side that reads.

use rand_core::Rng;
use sandtable_patterns::cqrs::{Answer, Question};

use crate::random::unit;
use crate::recording::{Kind, Reason};
use crate::scenario::ModelKind;

use super::super::instance::Reception;
use super::super::tasks::Task;
use super::{SidesRouter, Simulation};

/// A query that waits for its read model.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    row: u32,
    question: Question,
}

impl SidesRouter {
    /// The read model that a query is for.
    pub(super) fn model_for(&self, rng: &mut impl Rng) -> usize {
        let drawn = unit(rng);
        self.shares.partition_point(|&share| share <= drawn).min(self.models.len() - 1)
    }

    /// For how long what a query reads has no longer been so, in nanoseconds; 0 where it is the latest.
    fn stale(&self, model: usize, key: u32, now: u64) -> u64 {
        let kept = &self.models[model];
        let concerning = match kept.kind {
            ModelKind::ByPerson => &self.of_person[self.person(key).0 as usize],
            ModelKind::ByCompany | ModelKind::Strength => {
                &self.of_company[(key % u32::from(self.companies.0)) as usize]
            }
        };
        let taken_in = concerning.partition_point(|&position| u64::from(position) < kept.model.wants());
        let first = concerning.get(taken_in).and_then(|&position| self.log.at(position.into()));
        // What was written at this very moment is missing too, by as little as can be said.
        first.map_or(0, |event| now.saturating_sub(event.at.as_nanos()).max(1))
    }
}

impl Simulation {
    /// Whether a query that has come to its read model has to wait for that, or goes without an answer.
    #[inline(never)]
    pub(in crate::engine) fn query_waits(&mut self, row: u32) -> bool {
        let Some(station) = self.own_sides(row) else { return false };
        if self.recording.requests.kind(row) == Kind::Command || self.is_shared(station) {
            return false;
        }
        let instance = self.target(row);
        if !self.instances[instance].condition.up {
            return false; // refused as by any other
        }
        let (now, since) = (self.instant(), self.now - self.recording.requests.sent[row as usize]);
        let (model, key) = (instance - self.stations[station].first - 1, self.recording.requests.key[row as usize]);
        let Some(router) = self.sides(station) else { return false };
        let own = router.own[router.person(key).0 as usize];
        let question = router.queries.ask(now, own);
        match router.models[model].model.answer(now, &router.queries, &question, &router.log) {
            Answer::Now(_) => false,
            Answer::Refused { .. } => {
                self.fell(row, Reason::NotCaughtUp, 0, 0);
                true
            }
            Answer::Wait { until } => {
                router.models[model].waiting.push(Waiting { row, question });
                // Until it starts, the row holds the moment at which the wait began.
                self.recording.requests.wait.set(row, since);
                self.note_waiting(station, model);
                self.schedule_task(until.as_nanos(), Task::QuestionsAgain { station, model });
                true
            }
        }
    }

    /// Those that wait are asked about again: the read model has moved, or a longest wait is over.
    pub(in crate::engine) fn questions_again(&mut self, station: usize, model: usize) {
        let now = self.instant();
        let Some(router) = self.sides(station) else { return };
        let waiting = std::mem::take(&mut router.models[model].waiting);
        if waiting.is_empty() {
            return;
        }
        let (mut enter, mut refuse) = (Vec::new(), Vec::new());
        for one in waiting {
            let kept = &mut router.models[model];
            match kept.model.answer(now, &router.queries, &one.question, &router.log) {
                Answer::Now(_) => enter.push(one.row),
                Answer::Refused { .. } => refuse.push(one.row),
                Answer::Wait { .. } => kept.waiting.push(one),
            }
        }
        self.note_waiting(station, model);
        refuse.into_iter().for_each(|row| self.fell(row, Reason::NotCaughtUp, self.waited(row), 0));
        enter.into_iter().for_each(|row| self.enter_after_wait(row));
    }

    /// A query that has waited for its read model goes on to its queue and slots.
    fn enter_after_wait(&mut self, row: u32) {
        if self.cancels && self.drop_at_instance(row) {
            return;
        }
        let instance = self.target(row);
        match self.instances[instance].receive(row) {
            Reception::Starts(slot) => {
                let waited = self.waited(row);
                self.recording.requests.wait.set(row, waited);
                self.start(row, instance, slot);
            }
            Reception::Queues => {}
            Reception::Refuses => self.fell(row, Reason::ConnectionRefused, self.waited(row), 0),
            Reception::Sheds => self.fell(row, Reason::QueueFull, self.waited(row), 0),
        }
    }

    /// Those that wait for a read model that goes down are lost.
    pub(super) fn lose_questions(&mut self, station: usize, model: usize) {
        let Some(router) = self.sides(station) else { return };
        let waiting = std::mem::take(&mut router.models[model].waiting);
        self.note_waiting(station, model);
        waiting.iter().for_each(|one| self.fell(one.row, Reason::ConnectionLost, self.waited(one.row), 0));
    }

    fn note_waiting(&mut self, station: usize, model: usize) {
        let now = self.now;
        let Some(router) = self.sides(station) else { return };
        let (number, waiting) = (router.number, router.models[model].waiting.len() as u32);
        let noted = &mut self.recording.sides[number].models[model].waiting;
        if noted.last().map_or(0, |&(_, last)| last) != waiting {
            noted.push((now, waiting));
        }
    }

    /// The work of an attempt is done: what follows from it.
    pub(in crate::engine) fn side_ends(&mut self, row: u32) -> Reason {
        let Some(station) = self.own_sides(row) else { return Reason::None };
        if self.recording.requests.kind(row) == Kind::Command {
            return self.command_ends(row, station);
        }
        let (now, instance) = (self.now, self.target(row));
        let key = self.recording.requests.key[row as usize];
        let model = (instance - self.stations[station].first).saturating_sub(1);
        let Some(router) = self.sides(station) else { return Reason::None };
        let stale = router.stale(model, key, now);
        self.recording.requests.stale.set(row, stale);
        Reason::None
    }
}
