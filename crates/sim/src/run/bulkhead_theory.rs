//! A bulkhead is a loss system: without waiting places Erlang's first formula (M/G/c/c), with them M/M/c/K.

use serde::Serialize;

use super::Run;
use super::report::TheoryRelation;
use super::statistics::summarise;
use crate::scenario::{Arrivals, Caller, DistributionKind, Edge, Service};
use crate::theory::{Mmck, erlang_b};
use crate::traffic::Sampler;

/// The closed form beside the measured refusals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BulkheadTheory {
    /// The model's name, such as M/G/10/10.
    pub model: String,
    /// How it relates to what is simulated.
    pub relation: TheoryRelation,
    /// Offered load: calls a second times the mean time that one keeps its slot, a plain number.
    pub offered_erlangs: f64,
    /// Share of calls refused, by the model.
    pub predicted_refused_percent: Option<f64>,
    /// Share of calls refused, in this run.
    pub measured_refused_percent: Option<f64>,
    /// Half the width of the 95 % interval of the measured one, from the shares in 20 stretches of the run.
    pub half_width_percent: Option<f64>,
    /// In words.
    pub note: String,
    /// Assumptions of the model that don't hold here.
    pub unmet: Vec<String>,
}

/// Stretches of a run whose shares are compared to tell how far the whole share may be off.
const STRETCHES: usize = 20;

/// What theory has to say on the bulkhead of a call; `refusals` tells of each attempt whether it was refused.
pub(super) fn beside(run: &Run, edge: &Edge, refusals: &[bool]) -> BulkheadTheory {
    let system = System::new(run, edge);
    let unmet = system.unmet();
    let (model, relation, note, predicted) = system.predict();
    let applies = unmet.is_empty();
    BulkheadTheory {
        model: if applies { model } else { "–".to_owned() },
        relation: if applies { relation } else { TheoryRelation::None },
        offered_erlangs: system.erlangs(),
        predicted_refused_percent: predicted.filter(|_| applies).map(|share| 100.0 * share),
        measured_refused_percent: share(refusals).map(|share| 100.0 * share),
        half_width_percent: half_width(refusals).map(|width| 100.0 * width),
        note: if applies { note.to_owned() } else { "No closed form applies to this bulkhead.".to_owned() },
        unmet,
    }
}

fn share(refusals: &[bool]) -> Option<f64> {
    let refused = refusals.iter().filter(|&&refused| refused).count();
    (!refusals.is_empty()).then(|| refused as f64 / refusals.len() as f64)
}

/// Batch means: who comes while the bulkhead is full is refused like its neighbours, so single refusals are far from
/// independent; the shares of long stretches nearly are.
fn half_width(refusals: &[bool]) -> Option<f64> {
    let length = refusals.len() / STRETCHES;
    if length < 50 {
        return None;
    }
    let shares: Vec<f64> = refusals.chunks_exact(length).take(STRETCHES).filter_map(share).collect();
    summarise(&shares).map(|estimate| estimate.half_width_95)
}

/// What of a scenario matters to the theory of one bulkhead.
struct System<'a> {
    run: &'a Run,
    edge: &'a Edge,
    /// The calls that go through the bulkhead.
    calls: Vec<&'a Edge>,
}

impl<'a> System<'a> {
    fn new(run: &'a Run, edge: &'a Edge) -> Self {
        let shares = |other: &&Edge| other.bulkheads == edge.bulkheads;
        Self { run, edge, calls: run.topology.edges.iter().filter(shares).collect() }
    }

    /// Calls a second through one edge, where clients make it.
    fn rate_per_s(&self, edge: &Edge) -> f64 {
        let Caller::Client(client) = edge.caller else { return 0.0 };
        let client = &self.run.scenario.clients[client];
        let all: f64 = client.calls.iter().map(|call| call.share_percent).sum();
        let share =
            if all > 0.0 { client.calls[edge.place].share_percent / all } else { 1.0 / client.calls.len() as f64 };
        client.rate_per_s * share
    }

    /// How long a call keeps its slot where nothing makes it wait, on average: there, the work, and back.
    fn holding_s(&self, edge: &Edge) -> f64 {
        let Caller::Client(client) = edge.caller else { return 0.0 };
        let hop = self.run.scenario.station(edge.to).hop();
        let ways_ms = 2.0 * (self.run.scenario.clients[client].hop.time_ms + hop.time_ms);
        // What a store takes depends on what is asked: no formula is put beside it.
        let work = self.service(edge).map_or(0.0, |service| Sampler::new(&service.instances.service_time).mean());
        ways_ms / 1e3 + work / 1e9
    }

    /// The service that a call goes to; none where that is a store.
    fn service(&self, edge: &Edge) -> Option<&'a Service> {
        self.run.scenario.services.get(edge.to)
    }

    fn erlangs(&self) -> f64 {
        self.calls.iter().map(|edge| self.rate_per_s(edge) * self.holding_s(edge)).sum()
    }

    fn predict(&self) -> (String, TheoryRelation, &'static str, Option<f64>) {
        let Some(policy) = self.run.scenario.bulkhead(self.edge) else {
            return (String::new(), TheoryRelation::None, "", None);
        };
        let (slots, places) = (policy.rule.max_concurrent, policy.rule.max_waiting);
        let erlangs = self.erlangs();
        if places == 0 {
            let note = "Erlang's first formula: whatever the times, only their mean matters.";
            return (format!("M/G/{slots}/{slots}"), TheoryRelation::Exact, note, erlang_b(slots, erlangs).ok());
        }
        let note = "A queue of limited length before so many servers.";
        let rate: f64 = self.calls.iter().map(|edge| self.rate_per_s(edge)).sum();
        let refused = Mmck::new(slots, slots.saturating_add(places), rate, rate / erlangs.max(f64::MIN_POSITIVE));
        (
            format!("M/M/{slots}/{}", slots.saturating_add(places)),
            TheoryRelation::Exact,
            note,
            refused.ok().map(|model| model.p_block),
        )
    }

    /// Whether a slot is kept for an exponential time.
    fn exponential(&self) -> bool {
        let [edge] = self.calls.as_slice() else { return false };
        let Caller::Client(client) = edge.caller else { return false };
        let Some(Service { instances, .. }) = self.service(edge) else { return false };
        let ways = self.run.scenario.clients[client].hop.time_ms + instances.hop.time_ms;
        ways == 0.0 && instances.service_time.kind == DistributionKind::Exponential
    }

    fn unmet(&self) -> Vec<String> {
        let scenario = &self.run.scenario;
        let mut unmet = Vec::new();
        let mut require = |holds: bool, otherwise: &str| {
            if !holds {
                unmet.push(otherwise.to_owned());
            }
        };
        let clients = scenario.clients.iter();
        require(
            clients.clone().all(|client| client.arrivals == Arrivals::Poisson) && scenario.faults.is_empty(),
            "Arrivals or service times change in time, or come in another way than a Poisson process.",
        );
        require(matches!(self.edge.caller, Caller::Client(_)), "Instances call, whose own queues shape the arrivals.");
        require(self.run.limit_is_fixed(self.edge), "The limit adapts.");
        let patient = scenario
            .bulkhead(self.edge)
            .is_some_and(|policy| policy.rule.max_wait_ms.is_none() || policy.rule.max_waiting == 0);
        require(patient, "Who waits too long leaves.");
        let calls = self.calls.iter().map(|edge| scenario.call(edge));
        require(
            calls.clone().all(|call| call.retry.attempts == 1),
            "Retries come on top of the calls, and when it is full.",
        );
        require(calls.clone().all(|call| !call.breaker.enabled), "A breaker keeps calls away.");
        require(calls.clone().all(|call| call.timeout_ms == 0.0), "Timeouts cut the time short that a slot is kept.");
        require(self.nobody_waits(), "Calls wait in the queues of the instances, longer when more are under way.");
        let waits = scenario.bulkhead(self.edge).is_some_and(|policy| policy.rule.max_waiting > 0);
        require(
            !waits || self.exponential(),
            "Some wait, and a slot is kept for other than an exponential time: ways take theirs, services differ, or the work is of another kind.",
        );
        let stores = self.calls.iter().any(|edge| self.service(edge).is_none());
        require(!stores, "Reads and writes take other times, and keys decide which shard has the work.");
        let nested = self.calls.iter().filter_map(|edge| self.service(edge)).any(|service| !service.calls.is_empty());
        require(!nested, "The service calls others, and its time depends on theirs.");
        unmet
    }

    /// The instances have room for all that the bulkhead lets through, however it is spread.
    fn nobody_waits(&self) -> bool {
        let slots = self.run.scenario.bulkhead(self.edge).map_or(0, |policy| policy.rule.max_concurrent);
        self.calls.iter().filter_map(|edge| self.service(edge)).all(|service| service.instances.concurrency >= slots)
    }
}
