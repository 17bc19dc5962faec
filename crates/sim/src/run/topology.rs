//! Services and calls by their numbers, for whoever reads frames and reports.

use serde::Serialize;

use super::Run;
use crate::scenario::{Caller, Station};

/// A service or a store, and which instances or shards are its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceView {
    /// Its name.
    pub name: String,
    /// Its first instance or shard, counted through all stations.
    pub first_instance: u32,
    /// How many it has, copies of shards and those that join later among them.
    pub instances: u32,
    /// Its number among the stores, if it is one.
    pub store: Option<u32>,
    /// Its number among the pairs of command and query side, if it is one.
    pub cqrs: Option<u32>,
    /// Copies of each shard, which are neighbours; 1 of a service.
    pub copies: u32,
    /// The names of its nodes where they have other names than instances: those of the two sides.
    pub nodes: Vec<&'static str>,
}

/// A call, and which breakers and bulkheads stand on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallView {
    /// Who calls whom, as clients → service.
    pub name: String,
    /// The group of clients that makes it.
    pub client: Option<u32>,
    /// Or the service whose instances make it.
    pub service: Option<u32>,
    /// The service or store called, as numbered in `Run::services`.
    pub to: u32,
    /// How many make it, each with breakers and a bulkhead of its own.
    pub parties: u32,
    /// Its first breaker, counted through all calls.
    pub first_breaker: u32,
    /// How many it has: none, one for each party, or one for each party and instance called.
    pub breakers: u32,
    /// Its first bulkhead, counted through all callers; calls that share a pool name the same.
    pub first_bulkhead: u32,
    /// How many it has: none, or one for each party.
    pub bulkheads: u32,
}

impl Run {
    /// The services, then the stores, in the order of their numbers.
    pub fn services(&self) -> Vec<ServiceView> {
        let services = self.scenario.services.len();
        let stations = self.scenario.stations().zip(&self.topology.instances).enumerate();
        let views = stations.map(|(number, (station, own))| {
            let (copies, nodes) = match station {
                Station::Service(_) => (1, Vec::new()),
                #[cfg(feature = "stores")]
                Station::Store(store) => (store.sharding.copies, Vec::new()),
                #[cfg(feature = "stores")]
                Station::Cqrs(sides) => (1, sides.node_names()),
            };
            ServiceView {
                name: station.name().to_owned(),
                first_instance: own.start as u32,
                instances: own.len() as u32,
                store: number
                    .checked_sub(services)
                    .filter(|&store| store < self.scenario.stores.len())
                    .map(|store| store as u32),
                cqrs: number.checked_sub(services + self.scenario.stores.len()).map(|sides| sides as u32),
                copies,
                nodes,
            }
        });
        views.collect()
    }

    /// The calls, in the order of their numbers.
    pub fn calls(&self) -> Vec<CallView> {
        let views = self.topology.edges.iter().map(|edge| {
            let (client, service) = match edge.caller {
                Caller::Client(client) => (Some(client as u32), None),
                Caller::Service(service) => (None, Some(service as u32)),
            };
            CallView {
                name: self.call_name(edge),
                client,
                service,
                to: edge.to as u32,
                parties: edge.parties as u32,
                first_breaker: edge.breakers.start as u32,
                breakers: edge.breakers.len() as u32,
                first_bulkhead: edge.bulkheads.start as u32,
                bulkheads: edge.bulkheads.len() as u32,
            }
        });
        views.collect()
    }
}
