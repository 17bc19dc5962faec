//! A service while the run goes on: its balancer, and what its instances have in common.

use std::ops::Range;

use sandtable_patterns::balancer::{Balancer, InstanceSpec, Policy};
use sandtable_patterns::{ConfigError, Instant};

use crate::scenario::{Caller, Scenario, ScenarioError, Topology, instance_name};
use crate::traffic::Sampler;

use super::instance::Instance;
use super::{RunError, Way};

#[derive(Debug)]
pub(super) struct Station {
    pub(super) balancer: Balancer,
    pub(super) uses_keys: bool,
    /// Where its instances begin among those of all services.
    pub(super) first: usize,
    pub(super) count: usize,
    pub(super) demand: Sampler,
    /// From the balancer to an instance.
    pub(super) way: Way,
    /// The calls that its instances make, counted through all callers.
    pub(super) calls: Range<usize>,
    /// The balancer's own deadline for which an event is in the queue.
    pub(super) deadline: Option<Instant>,
}

impl Station {
    pub(super) fn new(scenario: &Scenario, topology: &Topology, number: usize) -> Result<Self, RunError> {
        let service = &scenario.services[number];
        Ok(Self {
            balancer: balancer(scenario, number)?,
            uses_keys: matches!(service.balancer.policy, Policy::RingHash | Policy::Maglev),
            first: topology.instances[number].start,
            count: topology.instances[number].len(),
            demand: Sampler::new(&service.instances.service_time),
            way: Way::new(&service.instances.hop),
            calls: topology.calls_of(Caller::Service(number)),
            deadline: None,
        })
    }
}

/// The instances of all services.
pub(super) fn instances(scenario: &Scenario) -> Vec<Instance> {
    let sizes = scenario.services.iter().map(|service| &service.instances);
    let each = sizes.flat_map(|size| {
        let numbers = 0..size.count as usize;
        numbers.map(|index| Instance::new(size.speed(index), size.concurrency, size.queue_limit))
    });
    each.collect()
}

fn balancer(scenario: &Scenario, number: usize) -> Result<Balancer, RunError> {
    let service = &scenario.services[number];
    let specs: Vec<InstanceSpec> = (0..service.instances.count as usize)
        .map(|index| InstanceSpec {
            name: instance_name(index),
            weight: service.instances.weight(index),
            priority: service.instances.priority(index),
        })
        .collect();
    Balancer::try_new(&service.balancer, &specs, Instant::ZERO)
        .map_err(|errors| located(errors, &format!("services[{number}].balancer")))
}

/// A pattern's mistakes, each with the place of the pattern in front.
pub(super) fn located(errors: Vec<ConfigError>, place: &str) -> RunError {
    let errors = errors.into_iter();
    let located = errors.map(|error| ConfigError { path: format!("{place}.{}", error.path), ..error });
    RunError::Scenario(ScenarioError::Invalid(located.collect()))
}
