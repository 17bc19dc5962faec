//! A service while the run goes on: its balancer, and what its instances have in common.

use std::ops::Range;

use sandtable_patterns::balancer::{Balancer, InstanceSpec, Policy};
use sandtable_patterns::{ConfigError, Instant};

use crate::recording::Kind;
use crate::scenario::{self, Caller, Scenario, ScenarioError, Topology, instance_name};
use crate::traffic::Sampler;

#[cfg(feature = "stores")]
use super::cqrs::SidesRouter;
use super::instance::Instance;
#[cfg(feature = "stores")]
use super::stores::StoreRouter;
use super::{RunError, Way};

#[derive(Debug)]
pub(super) struct Station {
    pub(super) router: Router,
    pub(super) uses_keys: bool,
    /// Where its instances begin among those of all services.
    pub(super) first: usize,
    pub(super) count: usize,
    /// Of a query, and of a request to a service.
    pub(super) demand: Sampler,
    /// Of a command to a store.
    pub(super) write_demand: Option<Sampler>,
    /// From the balancer to an instance.
    pub(super) way: Way,
    /// The calls that its instances make, counted through all callers.
    pub(super) calls: Range<usize>,
    /// The balancer's own deadline for which an event is in the queue.
    pub(super) deadline: Option<Instant>,
}

/// Who decides which node a request goes to.
#[derive(Debug)]
#[cfg_attr(feature = "stores", expect(clippy::large_enum_variant, reason = "a box is one more step to each decision"))]
pub(super) enum Router {
    Balancer(Balancer),
    #[cfg(feature = "stores")]
    Store(Box<StoreRouter>),
    #[cfg(feature = "stores")]
    Sides(Box<SidesRouter>),
}

impl Station {
    pub(super) fn new(
        scenario: &Scenario,
        topology: &Topology,
        number: usize,
        #[cfg(feature = "stores")] (seed, recorded): (crate::random::Seed, &mut Vec<crate::recording::RecordedSides>),
    ) -> Result<Self, RunError> {
        let station = scenario.station(number);
        let (router, demand, write_demand) = match station {
            scenario::Station::Service(service) => {
                let router = Router::Balancer(balancer(scenario, number)?);
                (router, Sampler::new(&service.instances.service_time), None)
            }
            #[cfg(feature = "stores")]
            scenario::Station::Store(store) => {
                let place = number - scenario.services.len();
                let router = StoreRouter::new(scenario, place)?;
                let (read, write) = (&store.shards.read_time, &store.shards.write_time);
                (Router::Store(Box::new(router)), Sampler::new(read), Some(Sampler::new(write)))
            }
            #[cfg(feature = "stores")]
            scenario::Station::Cqrs(sides) => {
                let place = number - scenario.services.len() - scenario.stores.len();
                let (router, begun) = SidesRouter::new(scenario, place, seed)?;
                recorded.push(begun);
                let work = || Sampler::new(&sides.commands.work);
                (Router::Sides(Box::new(router)), work(), Some(work()))
            }
        };
        let keyed = |policy| matches!(policy, Policy::RingHash | Policy::Maglev);
        Ok(Self {
            uses_keys: scenario.services.get(number).is_some_and(|service| keyed(service.balancer.policy)),
            router,
            first: topology.instances[number].start,
            count: topology.instances[number].len(),
            demand,
            write_demand,
            way: Way::new(station.hop()),
            calls: topology.calls_of(Caller::Service(number)),
            deadline: None,
        })
    }

    /// What the work of a request is drawn from.
    #[inline]
    pub(super) fn demand_of(&self, kind: Kind) -> &Sampler {
        if kind == Kind::Command
            && let Some(write) = &self.write_demand
        {
            return write;
        }
        &self.demand
    }

    #[inline]
    pub(super) fn balancer(&self) -> Option<&Balancer> {
        match &self.router {
            Router::Balancer(balancer) => Some(balancer),
            #[cfg(feature = "stores")]
            Router::Store(_) | Router::Sides(_) => None,
        }
    }

    #[inline]
    pub(super) fn balancer_mut(&mut self) -> Option<&mut Balancer> {
        match &mut self.router {
            Router::Balancer(balancer) => Some(balancer),
            #[cfg(feature = "stores")]
            Router::Store(_) | Router::Sides(_) => None,
        }
    }
}

/// The nodes of all stations.
pub(super) fn instances(scenario: &Scenario) -> Vec<Instance> {
    let each = scenario.stations().flat_map(|station| {
        let speed = move |index| scenario.speed(station, index);
        let numbers = 0..scenario.nodes(station);
        numbers.map(move |index| Instance::new(speed(index), station.concurrency(index), station.queue_limit(index)))
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
