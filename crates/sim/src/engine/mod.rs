//! The simulation: pops the earliest event, hands it to its owner, pushes what follows.
//!
//! It decides nothing that a pattern decides: where a request goes is the balancer's answer, and the balancer
//! learns of answers and health checks only what it would learn in a service.

mod callers;
mod calls;
mod checks;
#[cfg(feature = "stores")]
mod cqrs;
#[cfg(feature = "stores")]
mod data;
pub(crate) mod faults;
mod giving_up;
mod instance;
mod live;
#[cfg(feature = "stores")]
mod lock;
mod nested;
mod queue;
mod requests;
mod station;
#[cfg(feature = "stores")]
pub(crate) mod stores;
#[cfg(feature = "stores")]
mod tasks;

#[cfg(feature = "stores")]
use std::collections::BTreeMap;
use std::ops::Range;

use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{Choice, InstanceView, Refusal};

use crate::random::Seed;
use crate::recording::{Recording, Requests};
use crate::run::Run;
use crate::scenario::{Arrivals, Caller, Client, Scenario, ScenarioError, Topology};
use crate::traffic::{Arrival, ArrivalProcess, KeySampler, Multiplier};

use callers::Callers;
use instance::Instance;
use queue::{Event, EventKind, EventQueue};
use station::Station;

/// Why a run was given up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// The scenario is not one.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The run reached a limit of the scenario.
    #[error("{path}: the run needs more than {limit} by {at_ms} ms of {duration_ms} ms; {advice}")]
    Limit {
        /// Which limit.
        path: &'static str,
        /// Its value.
        limit: u32,
        /// How far the run had come, in whole milliseconds.
        at_ms: u64,
        /// How far it was to go.
        duration_ms: u64,
        /// What to change.
        advice: &'static str,
    },
}

/// What the balancer decided about one attempt, and what it knew then; collected on demand for an explanation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Probe {
    pub(crate) row: u32,
    pub(crate) decision: Option<Result<Choice, Refusal>>,
    pub(crate) instances: Vec<InstanceView>,
    /// What a store's router found.
    pub(crate) place: Option<String>,
}

/// A run under way. [`Simulation::run_slice`] goes on with it a little at a time, so that whoever drives it stays
/// responsive; [`crate::simulate`] goes to the end at once.
#[derive(Debug)]
pub struct Simulation {
    scenario: Scenario,
    seed: Seed,
    duration: u64,
    now: u64,
    events: u64,
    queue: EventQueue,
    sources: Vec<Source>,
    stations: Vec<Station>,
    /// Of all services.
    instances: Vec<Instance>,
    /// The service of each instance.
    home: Vec<u16>,
    edges: Vec<Edge>,
    /// The instances that each fault strikes.
    targets: Vec<Range<usize>>,
    recording: Recording,
    /// Attempts of which anything is under way.
    under_way: u32,
    /// What each request's draws are keyed by, where that is not its own number.
    entities: Option<Vec<u64>>,
    /// Where calls have policies, or services call others: what their callers know of each attempt.
    callers: Option<Callers>,
    /// Whether any service calls others.
    nested: bool,
    /// Whether any client is a closed loop of users, who wait for answers.
    asked_by_users: bool,
    /// Whether any call cancels the work of what it gives up.
    cancels: bool,
    /// Whether there are stores, whose requests may be sent on or to several shards.
    stored: bool,
    #[cfg(feature = "stores")]
    tasks: tasks::Tasks,
    /// What only some attempts to stores and sides have, by row: in what all attempts have it would cost all of them.
    #[cfg(feature = "stores")]
    data: BTreeMap<u32, data::Data>,
    probe: Option<Probe>,
}

/// One group of clients while the run goes on.
#[derive(Clone, Debug)]
struct Source {
    process: ArrivalProcess,
    next: Option<Arrival>,
    keys: KeySampler,
    /// The calls of which each request makes one, counted through all callers.
    calls: Range<usize>,
    /// The shares of the calls so far, out of 1; empty where there is one call.
    shares: Vec<f64>,
    /// The shares of its requests that are commands, and of its queries that ask all shards.
    commands: f64,
    all_shards: f64,
    users: Option<Users>,
}

/// A call as far as every attempt needs it.
#[derive(Clone, Copy, Debug)]
struct Edge {
    to: usize,
    /// From the caller to the balancer.
    way: Way,
}

impl Edge {
    fn new(scenario: &Scenario, edge: &crate::scenario::Edge) -> Self {
        let hop = match edge.caller {
            Caller::Client(client) => &scenario.clients[client].hop,
            Caller::Service(service) => &scenario.services[service].call_hop,
        };
        Self { to: edge.to, way: Way::new(hop) }
    }
}

/// The users of a closed loop.
#[derive(Clone, Debug)]
struct Users {
    think: f64,
    /// The number of each user's next request.
    asked: Vec<u32>,
    /// The number that the first of these users has among those of all groups.
    first: u32,
    surges: Multiplier,
}

/// A way between two nodes, in nanoseconds.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Without jitter.
    fixed: u64,
    mean: f64,
    jitter: f64,
}

impl Way {
    fn new(hop: &crate::scenario::Hop) -> Self {
        let mean = hop.time_ms * 1e6;
        Self { fixed: mean as u64, mean, jitter: hop.jitter_percent / 100.0 }
    }
}

impl Simulation {
    /// Sets up a run.
    ///
    /// # Errors
    /// [`RunError::Scenario`] with every mistake of the scenario.
    pub fn new(scenario: &Scenario) -> Result<Self, RunError> {
        scenario.validate()?;
        Self::with_probe(scenario, None)
    }

    /// The same run again, keeping what the balancer knew when it decided about the attempt of this row.
    pub(crate) fn probing(scenario: &Scenario, row: u32) -> Result<Self, RunError> {
        Self::with_probe(scenario, Some(Probe { row, ..Probe::default() }))
    }

    fn with_probe(scenario: &Scenario, probe: Option<Probe>) -> Result<Self, RunError> {
        let topology = Topology::new(scenario);
        let seed = Seed::new(scenario.seed);
        #[cfg(feature = "stores")]
        let mut sides = Vec::new();
        let mut stations = Vec::new();
        for number in 0..scenario.station_count() {
            #[cfg(feature = "stores")]
            stations.push(Station::new(scenario, &topology, number, (seed, &mut sides))?);
            #[cfg(not(feature = "stores"))]
            stations.push(Station::new(scenario, &topology, number)?);
        }
        let callers = Callers::new(scenario, &topology)?;
        let sources = sources(scenario, &topology);
        let mut simulation = Self {
            seed,
            duration: scenario.duration_nanos(),
            now: 0,
            events: 0,
            queue: EventQueue::with_lanes(if callers.is_some() { topology.edges.len() } else { 0 }),
            entities: (callers.is_none() && !numbered_in_order(scenario)).then(Vec::new),
            sources,
            stations,
            instances: station::instances(scenario),
            home: (0..topology.instance_count()).map(|index| topology.station_of(index) as u16).collect(),
            edges: topology.edges.iter().map(|edge| Edge::new(scenario, edge)).collect(),
            targets: faults::targets(scenario),
            recording: Recording {
                requests: Requests::with_capacity(expected_requests(scenario)),
                limits: callers.as_ref().map_or_else(Vec::new, Callers::limits),
                #[cfg(feature = "stores")]
                sides,
                ..Recording::default()
            },
            under_way: 0,
            asked_by_users: scenario.clients.iter().any(|client| client.arrivals == Arrivals::Users),
            nested: scenario.services.iter().any(|service| !service.calls.is_empty()),
            stored: scenario.stations().any(crate::scenario::Station::is_store),
            #[cfg(feature = "stores")]
            tasks: tasks::Tasks::default(),
            #[cfg(feature = "stores")]
            data: BTreeMap::new(),
            cancels: topology.edges.iter().any(|edge| scenario.call(edge).cancel),
            callers,
            probe,
            scenario: scenario.clone(),
        };
        simulation.schedule_faults();
        simulation.schedule_checks();
        #[cfg(feature = "stores")]
        simulation.schedule_stores();
        #[cfg(feature = "stores")]
        simulation.schedule_sides();
        simulation.start_sources();
        Ok(simulation)
    }

    /// Goes on for at most about `most_events` events. Returns whether the run is over.
    ///
    /// # Errors
    /// [`RunError::Limit`] when the run needs more requests or events than the scenario allows.
    pub fn run_slice(&mut self, most_events: u64) -> Result<bool, RunError> {
        let limits = &self.scenario.limits;
        let most_requests = limits.requests as usize;
        let until = (self.events.saturating_add(most_events)).min(u64::from(limits.events) + 1);
        while self.events < until && self.recording.requests.sent.len() <= most_requests {
            if !self.step() {
                return Ok(true);
            }
        }
        self.check_limits()?;
        Ok(false)
    }

    /// How much of the run's time is over, 0 to 1.
    pub fn progress(&self) -> f64 {
        (self.now as f64 / self.duration.max(1) as f64).min(1.0)
    }

    /// The recording of a run that is over. (Called earlier, what is still under way counts as ended now.)
    pub fn finish(mut self) -> Run {
        self.recording.events = self.events;
        #[cfg(feature = "stores")]
        self.record_sides();
        if let Some(callers) = self.callers.take() {
            self.recording.breakers = callers.breakers;
        }
        self.recording.end = self.now;
        Run::new(self.scenario, self.recording)
    }

    pub(crate) fn into_probe(self) -> Option<Probe> {
        self.probe
    }

    pub(crate) fn probed(&self) -> bool {
        self.probe.as_ref().is_some_and(|probe| probe.decision.is_some() || probe.place.is_some())
    }

    /// One event; `false` when nothing is left to happen.
    #[inline]
    fn step(&mut self) -> bool {
        let arrival = self.next_arrival();
        let event = self.queue.next_time();
        match (arrival, event) {
            // At equal times, what was already scheduled goes first.
            (Some((source, time)), event) if event.is_none_or(|event| time < event) => self.arrive(source, time),
            // After the end of arrivals, checks and faults alone keep nobody waiting.
            (arrival, Some(time)) if arrival.is_some() || self.under_way > 0 || time <= self.duration => {
                self.happen();
            }
            _ => return false,
        }
        self.events += 1;
        true
    }

    #[inline]
    fn next_arrival(&self) -> Option<(usize, u64)> {
        if let [source] = self.sources.as_slice() {
            return source.next.map(|next| (0, next.time));
        }
        let times = self.sources.iter().enumerate().filter_map(|(i, source)| Some((i, source.next?.time)));
        times.min_by_key(|&(_, time)| time)
    }

    #[inline]
    fn happen(&mut self) {
        let Some((time, event)) = self.queue.pop() else { return };
        self.now = time;
        let number = event.number();
        match event.kind() {
            EventKind::AtBalancer => self.at_balancer(number),
            EventKind::AtInstance => self.at_instance(number),
            EventKind::Finished => self.finished(number),
            EventKind::BackAtBalancer => self.back_at_balancer(number),
            EventKind::UserAsks => self.user_asks(number),
            EventKind::FaultChanges => self.fault_changes(number),
            #[cfg(feature = "stores")]
            EventKind::StoreTask => self.store_task(number),
            #[cfg(not(feature = "stores"))]
            EventKind::StoreTask => {}
            EventKind::CheckSent => self.check_sent(number),
            EventKind::CheckPassed => self.check_answered(number, true),
            EventKind::CheckFailed => self.check_answered(number, false),
            EventKind::Deadline => self.balancer_deadline(number as usize),
            EventKind::AtCaller => self.at_caller(number),
            EventKind::TimedOut => self.timed_out(number),
            EventKind::TryAgain => self.try_again(number),
            EventKind::BreakerDeadline => self.breaker_deadline(number),
            EventKind::BulkheadDeadline => self.bulkhead_deadline(number),
        }
    }

    #[inline]
    fn check_limits(&self) -> Result<(), RunError> {
        let limits = &self.scenario.limits;
        let (path, limit, advice) = if self.recording.requests.len() > limits.requests {
            ("limits.requests", limits.requests, "lower the rate, shorten the run, or raise the limit")
        } else if self.events > u64::from(limits.events) {
            ("limits.events", limits.events, "lower the rate, shorten the run, check less often, or raise the limit")
        } else {
            return Ok(());
        };
        let millis = |nanos: u64| nanos / 1_000_000;
        Err(RunError::Limit { path, limit, at_ms: millis(self.now), duration_ms: millis(self.duration), advice })
    }

    #[inline]
    fn instant(&self) -> Instant {
        Instant::from_nanos(self.now)
    }

    #[inline]
    fn schedule(&mut self, time: u64, kind: EventKind, number: u32) {
        self.queue.push(time, Event::new(kind, number));
    }
}

#[cfg(not(feature = "stores"))]
impl Simulation {
    #[expect(clippy::unused_self, reason = "there are no stores in this build")]
    const fn takes_effect(&self, _row: u32) -> crate::recording::Reason {
        crate::recording::Reason::None
    }
}

fn sources(scenario: &Scenario, topology: &Topology) -> Vec<Source> {
    let mut users_before = 0;
    scenario
        .clients
        .iter()
        .enumerate()
        .map(|(index, client)| {
            let users = (client.arrivals == Arrivals::Users).then(|| {
                let first = users_before;
                users_before += client.users;
                Users {
                    think: client.think_ms * 1e6,
                    asked: vec![0; client.users as usize],
                    first,
                    surges: Multiplier::new(client, &scenario.faults),
                }
            });
            Source {
                process: ArrivalProcess::new(client, index, scenario.duration_ms, &scenario.faults),
                next: None,
                keys: KeySampler::new(&client.keys),
                calls: topology.calls_of(Caller::Client(index)),
                shares: shares(client),
                commands: client.commands_percent / 100.0,
                all_shards: client.all_shards_percent / 100.0,
                users,
            }
        })
        .collect()
}

/// The shares of a client's calls so far, out of 1. Where all are 0, each is as likely as the others.
fn shares(client: &Client) -> Vec<f64> {
    if client.calls.len() < 2 {
        return Vec::new();
    }
    let total: f64 = client.calls.iter().map(|call| call.share_percent).sum();
    let each = client
        .calls
        .iter()
        .map(|call| if total > 0.0 { call.share_percent / total } else { 1.0 / client.calls.len() as f64 });
    let so_far = each.scan(0.0, |sum, share| {
        *sum += share;
        Some(*sum)
    });
    so_far.collect()
}

/// Whether the n-th request is keyed by n, so that nothing has to be kept.
fn numbered_in_order(scenario: &Scenario) -> bool {
    scenario.clients.len() == 1 && !matches!(scenario.clients[0].arrivals, Arrivals::Trace | Arrivals::Users)
}

/// A first guess at the number of rows, so that columns seldom move while they grow.
fn expected_requests(scenario: &Scenario) -> usize {
    let guess: f64 = scenario
        .clients
        .iter()
        .map(|client| match client.arrivals {
            Arrivals::Constant | Arrivals::Poisson | Arrivals::Daily => client.rate_per_s * scenario.duration_ms / 1e3,
            _ => 0.0,
        })
        .sum();
    // Three standard deviations of a Poisson count more.
    let ample = guess + 3.0 * guess.sqrt() + 16.0;
    ample.min(f64::from(scenario.limits.requests)) as usize
}
