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
    /// The longest that an event written during the run had to wait until it was in it; nothing where none came.
    pub longest_lag_ms: Option<f64>,
    /// Events that it lacked at the end.
    pub behind: u32,
    /// The most queries that waited for it at a time.
    pub most_waiting: u32,
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
        let (mut conflicts, mut late) = (0, 0);
        for row in 0..requests.len() {
            if self.topology.edges[usize::from(requests.call.get(row))].to != view.station as usize {
                continue;
            }
            let moments = requests.moments(row);
            let took = moments.freed - moments.sent;
            match (requests.reason(row), requests.kind(row)) {
                (Reason::Conflict, _) => conflicts += 1,
                (Reason::NotCaughtUp, _) => late += 1,
                (Reason::None, Kind::Command) => command_times.push(took),
                (Reason::None, _) => {
                    query_times.push(took);
                    ages.extend(Some(requests.stale.get(row)).filter(|&age| age > 0));
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
                .map(|(kind, model)| report(kind, model, recorded))
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

fn report(kind: &'static str, model: &RecordedModel, recorded: &RecordedSides) -> ModelReport {
    // An event is in from the first moment on at which something behind it is wanted.
    // What was there at the start it knew.
    let mut seen = model.progress.first().map_or(0, |&(_, position)| position);
    let (mut longest, mut most_behind) = (None, 0);
    for &(at, position) in &model.progress {
        let length = recorded.length_at(at);
        // Before it moved it was behind by what it has just taken in, too.
        most_behind = most_behind.max(length.saturating_sub(seen.min(position)));
        while seen < position {
            let written = recorded.events[seen as usize].at;
            longest = longest.max(Some(at.saturating_sub(written)));
            seen += 1;
        }
    }
    let length = recorded.events.len() as u32;
    let last = model.progress.last().map_or(0, |&(_, position)| position);
    ModelReport {
        kind,
        applied: model.applied,
        duplicates: model.duplicates,
        most_behind: most_behind.max(length.saturating_sub(last)),
        longest_lag_ms: longest.map(millis),
        behind: length.saturating_sub(last),
        most_waiting: model.waiting.iter().map(|&(_, waiting)| waiting).max().unwrap_or(0),
        as_replayed: model.as_replayed,
    }
}
