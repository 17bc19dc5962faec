//! The calls in numbers: what the policies let through, made again and refused, with theory beside the bulkhead.

use sandtable_patterns::breaker::State;
use sandtable_patterns::bulkhead::LimitKind;
use serde::Serialize;

use super::Run;
use super::bulkhead_theory::{BulkheadTheory, beside};
use crate::recording::{Moments, Outcome, Reason, RecordedBreaker};
use crate::scenario::{Caller, Edge};
use crate::time::millis;

/// One call in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallReport {
    /// Who calls whom, as clients → service.
    pub name: String,
    /// How often the call was made, retries left out.
    pub requests: u32,
    /// How often it was tried.
    pub attempts: u32,
    /// Load amplification: attempts for each call.
    pub amplification: Option<f64>,
    /// Calls that succeeded in the end.
    pub succeeded: u32,
    /// Attempts given up at the timeout.
    pub timed_out: u32,
    /// Attempts that the breaker refused.
    pub refused_by_breaker: u32,
    /// Attempts that the bulkhead refused, at once or after a wait.
    pub refused_by_bulkhead: u32,
    /// Work that instances did for attempts that failed or were given up, in milliseconds.
    pub wasted_work_ms: f64,
    /// Its share of all their work for this call.
    pub wasted_percent: Option<f64>,
    /// The breakers, where there are any.
    pub breaker: Option<BreakerReport>,
    /// The bulkhead, where there is one.
    pub bulkhead: Option<BulkheadReport>,
}

/// The breakers of a call in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BreakerReport {
    /// How many there are.
    pub breakers: u32,
    /// How often they opened, all together.
    pub opened: u32,
    /// Share of the time that they were open or half-open, on average.
    pub open_percent: f64,
}

/// A bulkhead in numbers; where several parties make the call, all of theirs together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BulkheadReport {
    /// Its limit at the end.
    pub limit: u32,
    /// Attempts under way in it, on average over the run.
    pub mean_in_flight: f64,
    /// Attempts waiting for it, on average over the run.
    pub mean_waiting: f64,
    /// The closed form beside the measurement.
    pub theory: BulkheadTheory,
}

/// A breaker's change of state in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BreakerChangeView {
    /// When, in milliseconds.
    pub at_ms: f64,
    /// The number of the breaker.
    pub breaker: u32,
    /// The call that it stands on.
    pub call: u32,
    /// Its state from then on: closed, open, half_open, forced_open, disabled.
    pub to: &'static str,
    /// One sentence.
    pub text: String,
}

#[derive(Clone, Default)]
pub(super) struct Tally {
    /// Whether there is a bulkhead.
    pools: bool,
    requests: u32,
    attempts: u32,
    succeeded: u32,
    timed_out: u32,
    breaker: u32,
    bulkhead: u32,
    work: u64,
    wasted: u64,
    in_flight: f64,
    waiting: f64,
    /// Of each attempt that came to the bulkhead, whether it was refused there.
    refusals: Vec<bool>,
}

impl Run {
    /// The calls, in the order of their numbers.
    pub(super) fn call_reports(&self, tallies: &[Tally]) -> Vec<CallReport> {
        let edges = self.topology.edges.iter().zip(tallies);
        edges.map(|(edge, tally)| self.call_report(edge, tally)).collect()
    }

    pub(super) fn no_tallies(&self) -> Vec<Tally> {
        let edges = self.topology.edges.iter();
        edges.map(|edge| Tally { pools: !edge.bulkheads.is_empty(), ..Tally::default() }).collect()
    }

    /// Counts one attempt for its call.
    pub(super) fn tally(&self, tallies: &mut [Tally], row: u32, moments: &Moments) {
        let requests = &self.recording.requests;
        let own = &mut tallies[usize::from(requests.call.get(row))];
        let reason = requests.reason(row);
        let well = reason.outcome() == Outcome::Succeeded;
        own.attempts += 1;
        own.requests += u32::from(requests.previous(row).is_none());
        own.succeeded += u32::from(well);
        let work = moments.worked - moments.started;
        own.work += work;
        own.wasted += if well { 0 } else { work };
        own.in_flight += (moments.freed - moments.left.min(moments.freed)) as f64;
        own.waiting += (moments.left.min(moments.freed) - moments.sent) as f64;
        let refused = matches!(reason, Reason::BulkheadFull | Reason::BulkheadWait);
        match reason {
            Reason::TimedOut => own.timed_out += 1,
            Reason::BreakerOpen => own.breaker += 1,
            _ if refused => own.bulkhead += 1,
            _ => {}
        }
        if own.pools && (reason != Reason::BreakerOpen || moments.freed > moments.sent) {
            own.refusals.push(refused);
        }
    }

    fn call_report(&self, edge: &Edge, tally: &Tally) -> CallReport {
        let per_cent = |part: u64, whole: u64| (whole > 0).then(|| 100.0 * part as f64 / whole as f64);
        CallReport {
            name: self.call_name(edge),
            requests: tally.requests,
            attempts: tally.attempts,
            amplification: (tally.requests > 0).then(|| f64::from(tally.attempts) / f64::from(tally.requests)),
            succeeded: tally.succeeded,
            timed_out: tally.timed_out,
            refused_by_breaker: tally.breaker,
            refused_by_bulkhead: tally.bulkhead,
            wasted_work_ms: millis(tally.wasted),
            wasted_percent: per_cent(tally.wasted, tally.work),
            breaker: (!edge.breakers.is_empty()).then(|| self.breaker_report(edge)),
            bulkhead: (!edge.bulkheads.is_empty()).then(|| self.bulkhead_report(edge, tally)),
        }
    }

    /// Who calls whom.
    pub(super) fn call_name(&self, edge: &Edge) -> String {
        format!("{} → {}", self.caller_name(edge), self.scenario.station(edge.to).name())
    }

    /// Who makes a call.
    pub(super) fn caller_name(&self, edge: &Edge) -> &str {
        match edge.caller {
            Caller::Client(client) => &self.scenario.clients[client].name,
            Caller::Service(service) => &self.scenario.services[service].name,
        }
    }

    fn breaker_report(&self, edge: &Edge) -> BreakerReport {
        let own = &self.recording.breakers[edge.breakers.clone()];
        let opened = own.iter().flat_map(|breaker| &breaker.transitions);
        let opened = opened.filter(|change| matches!(change.to, State::Open { .. })).count() as u32;
        let open: u64 = own.iter().map(|breaker| self.not_closed(breaker)).sum();
        let time = self.recording.end.max(1) as f64 * own.len() as f64;
        BreakerReport { breakers: own.len() as u32, opened, open_percent: 100.0 * open as f64 / time }
    }

    /// How long a breaker was open or half-open.
    fn not_closed(&self, breaker: &RecordedBreaker) -> u64 {
        let (mut sum, mut since) = (0, None);
        for change in &breaker.transitions {
            let at = change.at.as_nanos();
            match (change.to == State::Closed, since) {
                (true, Some(from)) => {
                    sum += at - from;
                    since = None;
                }
                (false, None) => since = Some(at),
                _ => {}
            }
        }
        sum + since.map_or(0, |from| self.recording.end.saturating_sub(from))
    }

    fn bulkhead_report(&self, edge: &Edge, tally: &Tally) -> BulkheadReport {
        let time = self.recording.end.max(1) as f64;
        let limits = edge.bulkheads.clone().map(|number| self.limit_at(number, self.recording.end));
        BulkheadReport {
            limit: limits.sum(),
            mean_in_flight: tally.in_flight / time,
            mean_waiting: tally.waiting / time,
            theory: beside(self, edge, &tally.refusals),
        }
    }

    /// Every change of a breaker, in order of time.
    pub fn breaker_changes(&self) -> Vec<BreakerChangeView> {
        let mut views = Vec::new();
        for (call, edge) in self.topology.edges.iter().enumerate() {
            for number in edge.breakers.clone() {
                let of = self.breaker_name(edge, number);
                let changes = self.recording.breakers[number].transitions.iter();
                views.extend(changes.map(|change| BreakerChangeView {
                    at_ms: millis(change.at.as_nanos()),
                    breaker: number as u32,
                    call: call as u32,
                    to: change.to.name(),
                    text: format!("{of} {}", change.sentence()),
                }));
            }
        }
        let in_order = crate::order::order_by(views.iter().map(|view| (view.at_ms * 1e6).round() as u64));
        in_order.map(|place| views[place as usize].clone()).collect()
    }

    /// What a breaker is called in a sentence.
    pub(super) fn breaker_name(&self, edge: &Edge, number: usize) -> String {
        let each = edge.breakers.len() / edge.parties;
        let place = number - edge.breakers.start;
        let of = self.call_name(edge);
        if each > 1 {
            let instance = self.topology.instances[edge.to].start + place % each;
            return format!("The breaker of {of} for {}", self.names[instance]);
        }
        match edge.caller {
            Caller::Service(service) if edge.parties > 1 => {
                format!("The breaker of {of} in {}", self.names[self.topology.instances[service].start + place])
            }
            _ => format!("The breaker of {of}"),
        }
    }

    /// Whether the limit of a call's bulkhead is a fixed one.
    pub(super) fn limit_is_fixed(&self, edge: &Edge) -> bool {
        self.scenario.bulkhead(edge).is_some_and(|policy| policy.rule.limit == LimitKind::Fixed)
    }
}
