//! What command and query sides did in numbers.

use serde::Serialize;

use crate::recording::{Kind, Reason, RecordedModel, RecordedSides};
use crate::run::{Latency, Run};
use crate::time::millis;

/// A pair of sides in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CqrsReport {
    /// Its name.
    pub name: String,
    /// Whether both sides have one model.
    pub shared: bool,
    /// Commands that were carried out.
    pub commands: u32,
    /// How long those took.
    pub command_latency: Latency,
    /// Commands that didn't fit what they concerned, the commonest reason first.
    pub rejected: Vec<RejectionCount>,
    /// Commands that found another one written since they had read.
    pub conflicts: u32,
    /// Commands that the log did not take: it was full, or a read model that is written in the same step was stopped.
    pub log_refused: u32,
    /// Queries that were answered.
    pub queries: u32,
    /// How long those took.
    pub query_latency: Latency,
    /// Of those, how many got what was no longer so.
    pub stale: u32,
    /// For how long it had no longer been so.
    pub stale_age: Latency,
    /// Queries whose longest wait for the read model was over, and which went without an answer.
    pub not_caught_up: u32,
    /// Events in the log at the end, those from before the run among them.
    pub events: u32,
    /// Read model by read model.
    pub models: Vec<ModelReport>,
}

/// Commands rejected for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RejectionCount {
    /// Why, without names.
    pub why: &'static str,
    /// How many.
    pub count: u32,
}

/// A read model in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModelReport {
    /// What it answers.
    pub kind: &'static str,
    /// Events that it took in, each time counted.
    pub applied: u64,
    /// Deliveries of events that it had taken in before.
    pub duplicates: u64,
    /// The farthest that it was behind.
    pub most_behind: u32,
    /// The longest that the oldest event that it lacked had been in the log, at any moment; nothing where none came. What it
    /// takes in again after a rebuild counts, too.
    pub longest_lag_ms: Option<f64>,
    /// Events that it lacked at the end.
    pub behind: u32,
    /// The most queries that waited for it at a time.
    pub most_waiting: u32,
    /// Queries that it answered.
    pub answered: u32,
    /// Of those, how many with what was no longer so.
    pub stale: u32,
    /// Whether it was at the end what a replay of the log gives.
    pub as_replayed: bool,
}

impl Run {
    /// The pairs of sides in numbers.
    pub(in crate::run) fn cqrs_reports(&self) -> Vec<CqrsReport> {
        let each = self.cqrs().into_iter().zip(&self.recording.sides);
        each.map(|(view, recorded)| self.cqrs_report(&view, recorded)).collect()
    }

    fn cqrs_report(&self, view: &super::CqrsView, recorded: &RecordedSides) -> CqrsReport {
        let requests = &self.recording.requests;
        let (mut command_times, mut query_times, mut ages) = (Vec::new(), Vec::new(), Vec::new());
        let (mut conflicts, mut late, mut log_refused) = (0, 0, 0);
        // Answers of each read model, and the stale ones among them; the shared model stands where the others' first does.
        let mut answers = vec![(0, 0); view.models.len()];
        let first = view.first_instance as usize + usize::from(!view.shared);
        for row in 0..requests.len() {
            if self.topology.edges[usize::from(requests.call.get(row))].to != view.station as usize {
                continue;
            }
            let moments = requests.moments(row);
            let took = moments.freed - moments.sent;
            match (requests.reason(row), requests.kind(row)) {
                (Reason::Conflict, _) => conflicts += 1,
                (Reason::LogRefused, _) => log_refused += 1,
                (Reason::NotCaughtUp, _) => late += 1,
                (Reason::None, Kind::Command) => command_times.push(took),
                (Reason::None, _) => {
                    query_times.push(took);
                    let age = requests.stale.get(row);
                    ages.extend(Some(age).filter(|&age| age > 0));
                    let model = requests.instance(row).and_then(|node| node.checked_sub(first));
                    if let Some((answered, stale)) = model.and_then(|model| answers.get_mut(model)) {
                        *answered += 1;
                        *stale += u32::from(age > 0);
                    }
                }
                _ => {}
            }
        }
        CqrsReport {
            name: view.name.clone(),
            shared: view.shared,
            commands: command_times.len() as u32,
            command_latency: Latency::of(&mut command_times),
            rejected: rejections(recorded),
            conflicts,
            log_refused,
            queries: query_times.len() as u32,
            query_latency: Latency::of(&mut query_times),
            stale: ages.len() as u32,
            stale_age: Latency::of(&mut ages),
            not_caught_up: late,
            events: recorded.events.len() as u32,
            models: view
                .models
                .iter()
                .zip(&recorded.models)
                .zip(answers)
                .map(|((kind, model), answers)| self.model_report(kind, model, recorded, answers))
                .collect(),
        }
    }
}

fn rejections(recorded: &RecordedSides) -> Vec<RejectionCount> {
    use sandtable_patterns::cqrs::personnel::Rejection;
    let why = |rejection: &Rejection| match rejection {
        Rejection::AlreadyAssigned(_) => "already assigned to a company",
        Rejection::NotAssigned => "assigned to no company",
        Rejection::AlreadyThere(_) => "in that company already",
        Rejection::UnknownCompany(_) => "there is no such company",
    };
    let mut counts: Vec<RejectionCount> = Vec::new();
    for (_, rejection) in &recorded.rejected {
        let why = why(rejection);
        match counts.iter_mut().find(|count| count.why == why) {
            Some(count) => count.count += 1,
            None => counts.push(RejectionCount { why, count: 1 }),
        }
    }
    counts.sort_by_key(|count| std::cmp::Reverse(count.count));
    counts
}

impl Run {
    fn model_report(
        &self,
        kind: &'static str,
        model: &RecordedModel,
        recorded: &RecordedSides,
        (answered, stale): (u32, u32),
    ) -> ModelReport {
        // Until it moves on, it is ever longer behind; so it is longest behind just before.
        let moments = model.progress.iter().map(|&(at, _)| at);
        let until = moments.skip(1).chain([self.recording.end]);
        let length = recorded.events.len() as u32;
        let last = model.progress.last().map_or(0, |&(_, position)| position);
        let (mut longest, mut most_behind) = (None, length.saturating_sub(last));
        for (&(_, position), until) in model.progress.iter().zip(until) {
            let lacked = recorded.events.get(position as usize).filter(|event| event.at <= until);
            longest = longest.max(lacked.map(|event| until - event.at));
            // What was written in the same step as it was taken in was never lacking.
            let written = recorded.events.partition_point(|event| event.at < until) as u32;
            most_behind = most_behind.max(written.saturating_sub(position));
        }
        ModelReport {
            kind,
            applied: model.applied,
            duplicates: model.duplicates,
            most_behind,
            longest_lag_ms: longest.map(millis),
            behind: length.saturating_sub(last),
            most_waiting: model.waiting.iter().map(|&(_, waiting)| waiting).max().unwrap_or(0),
            answered,
            stale,
            as_replayed: model.as_replayed,
        }
    }
}
