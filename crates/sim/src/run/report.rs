//! The run in numbers, with the closed form beside the measurement where one applies.

use serde::Serialize;

use super::Run;
use super::calls::{self, CallReport};
#[cfg(feature = "stores")]
use super::cqrs::CqrsReport;
use super::recovery::Recovery;
use super::statistics::{percentiles, summarise};
#[cfg(feature = "stores")]
use super::stores::StoreReport;
use super::theory_beside::theory_beside;
use crate::order::{order_by, sorted};
use crate::recording::{Outcome, Reason};
use crate::scenario::Scenario;
use crate::time::millis;

/// The run in numbers. A share of nothing is `None`, not 0 and not 100 %.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Requests sent.
    pub requests: u32,
    /// Events simulated.
    pub events: u64,
    /// How they ended, the commonest first; only what occurred.
    pub outcomes: Vec<OutcomeCount>,
    /// Requests that ended well, a second of the run's duration.
    pub goodput_per_s: f64,
    /// Share of all requests, those shed included, that ended well.
    pub success_percent: Option<f64>,
    /// From sending to the answer, or to word of the failure.
    pub latency: LatencyReport,
    /// Time in an instance's queue, of the requests that were worked on.
    pub wait: Latency,
    /// Attempts for each request, those that instances made for it left out.
    pub amplification: Option<f64>,
    /// How the clients fared after the last fault.
    pub recovery: Option<Recovery>,
    /// Call by call.
    pub calls: Vec<CallReport>,
    /// Store by store.
    #[cfg(feature = "stores")]
    pub stores: Vec<StoreReport>,
    /// Pair by pair of command and query side.
    #[cfg(feature = "stores")]
    pub cqrs: Vec<CqrsReport>,
    /// Instance by instance.
    pub instances: Vec<InstanceReport>,
    /// The closed form beside the measurement.
    pub theory: TheoryReport,
    /// What the simulation leaves out.
    pub not_modelled: Vec<&'static str>,
}

/// A count by outcome and reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutcomeCount {
    /// What became of the requests.
    pub outcome: &'static str,
    /// Why; empty for those that succeeded.
    pub reason: &'static str,
    /// How many.
    pub count: u32,
}

/// Latencies over successes only, beside those over all: quick refusals flatter the average.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LatencyReport {
    /// Over requests that succeeded.
    pub successes: Latency,
    /// Over all requests, however they ended.
    pub all: Latency,
}

/// A distribution of times in milliseconds. Percentiles are exact, by nearest rank.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Latency {
    /// How many values.
    pub count: u32,
    /// Their mean.
    pub mean_ms: Option<f64>,
    /// The median.
    pub p50_ms: Option<f64>,
    /// The 95th percentile.
    pub p95_ms: Option<f64>,
    /// The 99th percentile.
    pub p99_ms: Option<f64>,
    /// The longest.
    pub max_ms: Option<f64>,
}

impl Latency {
    pub(in crate::run) fn of(values: &mut [u64]) -> Self {
        let sum: u128 = values.iter().map(|&nanos| u128::from(nanos)).sum();
        let mean = (!values.is_empty()).then(|| sum as f64 / values.len() as f64 / 1e6);
        let [p50_ms, p95_ms, p99_ms, max_ms] =
            percentiles(values, [0.5, 0.95, 0.99, 1.0]).map(|value| value.map(millis));
        Self { count: values.len() as u32, mean_ms: mean, p50_ms, p95_ms, p99_ms, max_ms }
    }
}

/// One instance in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InstanceReport {
    /// Its name.
    pub name: String,
    /// Requests sent to it.
    pub requests: u32,
    /// Its share of all requests that were sent to an instance.
    pub share_percent: Option<f64>,
    /// Share of its slots that were at work, on average over the run.
    pub utilisation_percent: Option<f64>,
    /// Requests worked on, on average over the run.
    pub mean_working: f64,
    /// Requests waiting, on average over the run.
    pub mean_waiting: f64,
    /// The longest its queue ever was.
    pub max_waiting: u32,
    /// Requests that broke here.
    pub failed: u32,
    /// Requests shed here.
    pub shed: u32,
}

/// How a prediction relates to what is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TheoryRelation {
    /// The assumptions hold: the long-run value is this.
    Exact,
    /// No balancer over separate queues can do better than this.
    LowerBound,
    /// Close under conditions that the note names.
    Approximation,
    /// No closed form applies.
    None,
}

impl TheoryRelation {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::LowerBound => "lower_bound",
            Self::Approximation => "approximation",
            Self::None => "none",
        }
    }
}

/// The closed form beside the measurement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TheoryReport {
    /// The model's name, such as M/M/3.
    pub model: String,
    /// How it relates to what is simulated.
    pub relation: TheoryRelation,
    /// Mean wait in a queue, by the model.
    pub predicted_wait_ms: Option<f64>,
    /// Mean wait in a queue, in this run.
    pub measured_wait_ms: Option<f64>,
    /// Half the width of the 95 % interval of the measured one, from the means of 20 stretches of the run.
    pub half_width_ms: Option<f64>,
    /// Share of requests shed, by the model.
    pub predicted_refused_percent: Option<f64>,
    /// Share of requests shed, in this run.
    pub measured_refused_percent: Option<f64>,
    /// In words.
    pub note: String,
    /// Assumptions of the model that don't hold here.
    pub unmet: Vec<String>,
}

/// Stretches of a run whose means are compared to tell how far the whole mean may be off.
const STRETCHES: usize = 20;

/// What the simulation leaves out of what there is.
fn not_modelled(scenario: &Scenario) -> Vec<&'static str> {
    let services = &scenario.services;
    let checked = services.iter().any(|service| service.balancer.active_checks.enabled);
    let all = [
        (true, "Connections: setting one up, pooling, and their limits."),
        (true, "The network's bandwidth, losses and kernel queues; a way takes its time and no more."),
        (!services.is_empty(), "The balancer's own cost, and its failure; it is one node that decides at once."),
        (
            scenario.station_count() > services.len(),
            "The router's own cost, and its failure; it is one node that decides at once.",
        ),
        (true, "A retry carries no mark by which first attempts could be preferred."),
        (true, "Work that slows other work down: slots are as fast when all are busy."),
        (checked, "Health checks take no slot and wait in no queue; a way for them has no jitter."),
    ];
    all.into_iter().filter(|&(there, _)| there).map(|(_, what)| what).collect()
}

impl Run {
    /// The run in numbers.
    pub fn report(&self) -> Report {
        let requests = &self.recording.requests;
        let mut tally = Tally { calls: self.no_tallies(), ..Tally::new(self.names.len()) };
        for row in 0..requests.len() {
            tally.add(self, row);
        }
        let sent = self.requests();
        let duration_s = self.scenario.duration_ms / 1e3;
        let succeeded = tally.reasons[Reason::None as usize];
        let shed: u32 = tally.reasons[Reason::QueueFull as usize];
        let percent = |count: u32| (sent > 0).then(|| 100.0 * f64::from(count) / f64::from(sent));
        let mut theory = theory_beside(&self.scenario);
        theory.measured_refused_percent = percent(shed);
        if let Some(mean) = mean(&tally.waits) {
            theory.measured_wait_ms = Some(mean / 1e6);
            theory.half_width_ms = half_width(&tally.waits).map(|width| width / 1e6);
        }
        Report {
            requests: sent,
            events: self.recording.events,
            outcomes: tally.outcomes(),
            goodput_per_s: f64::from(succeeded) / duration_s,
            success_percent: percent(succeeded),
            latency: LatencyReport { successes: Latency::of(&mut tally.good), all: Latency::of(&mut tally.all) },
            wait: Latency::of(&mut tally.waits),
            amplification: (sent > 0).then(|| f64::from(tally.attempts) / f64::from(sent)),
            recovery: self.recovery(),
            calls: self.call_reports(&tally.calls),
            #[cfg(feature = "stores")]
            stores: self.store_reports(),
            #[cfg(feature = "stores")]
            cqrs: self.cqrs_reports(),
            instances: tally.instances(self),
            theory,
            not_modelled: not_modelled(&self.scenario),
        }
    }
}

impl Run {
    /// The slots of an instance.
    fn concurrency(&self, instance: usize) -> f64 {
        {
            let station = self.topology.station_of(instance);
            let node = instance - self.topology.instances[station].start;
            f64::from(self.scenario.station(station).concurrency(node))
        }
    }
}

fn mean(values: &[u64]) -> Option<f64> {
    let sum: u128 = values.iter().map(|&value| u128::from(value)).sum();
    (!values.is_empty()).then(|| sum as f64 / values.len() as f64)
}

/// Batch means: neighbours in a queue wait alike, so single waits are far from independent; the means of long
/// stretches nearly are.
fn half_width(waits: &[u64]) -> Option<f64> {
    let length = waits.len() / STRETCHES;
    if length < 50 {
        return None;
    }
    let means: Vec<f64> = waits.chunks_exact(length).take(STRETCHES).filter_map(mean).collect();
    summarise(&means).map(|estimate| estimate.half_width_95)
}

#[derive(Default)]
struct Tally {
    calls: Vec<calls::Tally>,
    /// Of clients.
    attempts: u32,
    reasons: [u32; Reason::ALL.len()],
    good: Vec<u64>,
    all: Vec<u64>,
    waits: Vec<u64>,
    instances: Vec<InstanceTally>,
}

#[derive(Clone, Default)]
struct InstanceTally {
    requests: u32,
    working: f64,
    waiting: f64,
    failed: u32,
    shed: u32,
    /// When requests left (0) and joined (1) the queue.
    queue: Vec<(u64, u32)>,
}

impl Tally {
    fn new(instances: usize) -> Self {
        Self { instances: vec![InstanceTally::default(); instances], ..Self::default() }
    }

    fn add(&mut self, run: &Run, request: u32) {
        let requests = &run.recording.requests;
        let moments = requests.moments(request);
        let reason = requests.reason(request);
        run.tally(&mut self.calls, request, &moments);
        self.attempts += u32::from(requests.parent(request).is_none());
        if requests.ends_request(request) {
            let latency = moments.freed - requests.sent[requests.first(request) as usize];
            self.reasons[reason as usize] += 1;
            self.all.push(latency);
            if reason == Reason::None {
                self.good.push(latency);
            }
        }
        if requests.served(request) {
            self.waits.push(moments.started - moments.at_instance);
        }
        let Some(instance) = requests.instance(request) else { return };
        let own = &mut self.instances[instance];
        own.requests += 1;
        own.working += (moments.finished - moments.started) as f64;
        own.waiting += (moments.started - moments.at_instance) as f64;
        match reason.outcome() {
            Outcome::Succeeded => {}
            Outcome::Failed => own.failed += 1,
            Outcome::Shed => own.shed += 1,
        }
        if moments.started > moments.at_instance {
            own.queue.extend([(moments.at_instance, 1), (moments.started, 0)]);
        }
    }

    fn outcomes(&self) -> Vec<OutcomeCount> {
        let counts: Vec<OutcomeCount> = Reason::ALL
            .iter()
            .map(|&reason| OutcomeCount {
                outcome: reason.outcome().name(),
                reason: reason.name(),
                count: self.reasons[reason as usize],
            })
            .filter(|row| row.count > 0)
            .collect();
        let commonest_first = order_by(counts.iter().map(|row| u64::from(u32::MAX - row.count)));
        commonest_first.map(|place| counts[place as usize].clone()).collect()
    }

    fn instances(&mut self, run: &Run) -> Vec<InstanceReport> {
        let placed: u32 = self.instances.iter().map(|own| own.requests).sum();
        let time = run.recording.end.max(1) as f64;
        let reports = self.instances.iter_mut().zip(&run.names).enumerate();
        reports
            .map(|(index, (own, name))| InstanceReport {
                name: name.clone(),
                requests: own.requests,
                share_percent: (placed > 0).then(|| 100.0 * f64::from(own.requests) / f64::from(placed)),
                utilisation_percent: (own.requests > 0).then(|| 100.0 * own.working / time / run.concurrency(index)),
                mean_working: own.working / time,
                mean_waiting: own.waiting / time,
                max_waiting: longest(std::mem::take(&mut own.queue)),
                failed: own.failed,
                shed: own.shed,
            })
            .collect()
    }
}

/// The longest a queue ever was, from its comings and goings. Who leaves at the moment another comes leaves first.
fn longest(queue: Vec<(u64, u32)>) -> u32 {
    let (mut length, mut most) = (0_u32, 0);
    for (_, joined) in sorted(queue) {
        length = if joined == 1 { length + 1 } else { length.saturating_sub(1) };
        most = most.max(length);
    }
    most
}
