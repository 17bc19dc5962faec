//! The simulation: pops the earliest event, hands it to its owner, pushes what follows.
//!
//! It decides nothing that a pattern decides: where a request goes is the balancer's answer, and the balancer
//! learns of answers and health checks only what it would learn in a service.

mod checks;
pub(crate) mod faults;
mod instance;
mod queue;
mod requests;

use std::time::Duration;

use sandtable_patterns::ConfigError;
use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{Balancer, Choice, InstanceSpec, InstanceView, Policy, Refusal};

use crate::random::Seed;
use crate::recording::{Recording, Requests};
use crate::run::Run;
use crate::scenario::{Arrivals, Scenario, ScenarioError, instance_name};
use crate::time::nanos;
use crate::traffic::{Arrival, ArrivalProcess, KeySampler, Multiplier, Sampler};

use instance::Instance;
use queue::{Event, EventKind, EventQueue};

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

/// What the balancer decided about one request, and what it knew then; collected on demand for an explanation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Probe {
    pub(crate) request: u32,
    pub(crate) decision: Option<Result<Choice, Refusal>>,
    pub(crate) instances: Vec<InstanceView>,
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
    balancer: Balancer,
    uses_keys: bool,
    instances: Vec<Instance>,
    demand: Sampler,
    way: Way,
    recording: Recording,
    under_way: u32,
    /// What each request's draws are keyed by, where that is not its own number.
    entities: Option<Vec<u64>>,
    /// The balancer's own deadline for which an event is in the queue.
    deadline: Option<Instant>,
    probe: Option<Probe>,
}

/// One group of clients while the run goes on.
#[derive(Clone, Debug)]
struct Source {
    process: ArrivalProcess,
    next: Option<Arrival>,
    keys: KeySampler,
    way: Way,
    users: Option<Users>,
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
    mean: f64,
    jitter: f64,
}

impl Way {
    fn new(hop: &crate::scenario::Hop) -> Self {
        Self { mean: hop.time_ms * 1e6, jitter: hop.jitter_percent / 100.0 }
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

    /// The same run again, keeping what the balancer knew when it decided about `request`.
    pub(crate) fn probing(scenario: &Scenario, request: u32) -> Result<Self, RunError> {
        Self::with_probe(scenario, Some(Probe { request, ..Probe::default() }))
    }

    fn with_probe(scenario: &Scenario, probe: Option<Probe>) -> Result<Self, RunError> {
        let service = &scenario.services[0];
        let size = &service.instances;
        let instances: Vec<Instance> = (0..size.count as usize)
            .map(|index| Instance::new(size.speed(index), size.concurrency, size.queue_limit))
            .collect();
        let sources = sources(scenario);
        let entities = (sources.len() > 1
            || !matches!(
                scenario.clients[0].arrivals,
                Arrivals::Constant | Arrivals::Poisson | Arrivals::OnOff | Arrivals::Ramp | Arrivals::Daily
            ))
        .then(Vec::new);
        let mut simulation = Self {
            seed: Seed::new(scenario.seed),
            duration: scenario.duration_nanos(),
            now: 0,
            events: 0,
            queue: EventQueue::default(),
            sources,
            balancer: balancer(scenario)?,
            uses_keys: matches!(service.balancer.policy, Policy::RingHash | Policy::Maglev),
            instances,
            demand: Sampler::new(&size.service_time),
            way: Way::new(&size.hop),
            recording: Recording {
                requests: Requests::with_capacity(expected_requests(scenario)),
                ..Recording::default()
            },
            under_way: 0,
            entities,
            deadline: None,
            probe,
            scenario: scenario.clone(),
        };
        simulation.schedule_faults();
        simulation.schedule_checks();
        simulation.start_sources();
        Ok(simulation)
    }

    /// Goes on for at most about `most_events` events. Returns whether the run is over.
    ///
    /// # Errors
    /// [`RunError::Limit`] when the run needs more requests or events than the scenario allows.
    pub fn run_slice(&mut self, most_events: u64) -> Result<bool, RunError> {
        let until = self.events + most_events;
        while self.events < until {
            if !self.step() {
                return Ok(true);
            }
            self.check_limits()?;
        }
        Ok(false)
    }

    /// How much of the run's time is over, 0 to 1.
    pub fn progress(&self) -> f64 {
        (self.now as f64 / self.duration.max(1) as f64).min(1.0)
    }

    /// The recording of a run that is over. (Called earlier, what is still under way counts as ended now.)
    pub fn finish(mut self) -> Run {
        self.recording.events = self.events;
        self.recording.end = self.now;
        Run::new(self.scenario, self.recording)
    }

    pub(crate) fn into_probe(self) -> Option<Probe> {
        self.probe
    }

    pub(crate) fn probed(&self) -> bool {
        self.probe.as_ref().is_some_and(|probe| probe.decision.is_some())
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
            EventKind::FaultBegins | EventKind::FaultEnds => self.fault_changes(number),
            EventKind::CheckSent => self.check_sent(number),
            EventKind::CheckPassed => self.check_answered(number, true),
            EventKind::CheckFailed => self.check_answered(number, false),
            EventKind::Deadline => self.balancer_deadline(),
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

fn balancer(scenario: &Scenario) -> Result<Balancer, RunError> {
    let service = &scenario.services[0];
    let specs: Vec<InstanceSpec> = (0..service.instances.count as usize)
        .map(|index| InstanceSpec {
            name: instance_name(index),
            weight: service.instances.weight(index),
            priority: service.instances.priority(index),
        })
        .collect();
    Balancer::try_new(&service.balancer, &specs, Instant::ZERO).map_err(|errors| {
        let located = errors
            .into_iter()
            .map(|error| ConfigError { path: format!("services[0].balancer.{}", error.path), ..error });
        RunError::Scenario(ScenarioError::Invalid(located.collect()))
    })
}

fn sources(scenario: &Scenario) -> Vec<Source> {
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
                way: Way::new(&client.hop),
                users,
            }
        })
        .collect()
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

fn duration(nanos: u64) -> Duration {
    Duration::from_nanos(nanos)
}

fn millis_to_nanos(millis: f64) -> u64 {
    nanos(millis)
}
