//! Who calls whom, with instances, calls, breakers and bulkheads each counted through the whole scenario.

use std::ops::Range;

use super::{BreakerScope, BulkheadPolicy, Call, Scenario};

/// Who makes a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A group of clients, by number.
    Client(usize),
    /// The instances of a service, by number.
    Service(usize),
}

/// A call with where it stands.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Who makes it.
    pub caller: Caller,
    /// Its place among the calls of its caller.
    pub place: usize,
    /// The station called.
    pub to: usize,
    /// How many make it, each with policies of its own: 1 for a group of clients, else the instances that call.
    pub parties: usize,
    /// Its breakers, by party and, where each instance called has its own, by instance within that.
    pub breakers: Range<usize>,
    /// How many breakers each party has.
    pub breakers_each: usize,
    /// Its bulkheads, one for each party; those of a shared pool stand at each call that shares it.
    pub bulkheads: Range<usize>,
}

impl Edge {
    /// The breaker that a party asks, about one instance (counted within its service) where each has its own.
    #[inline]
    pub fn breaker(&self, party: usize, instance: usize) -> usize {
        let each = self.breakers_each;
        self.breakers.start + party * each + if each > 1 { instance } else { 0 }
    }
}

/// The scenario as a graph.
#[derive(Clone, Debug)]
pub struct Topology {
    /// Every call: those of the clients, then those of the services.
    pub edges: Vec<Edge>,
    /// The nodes of each station, counted through all stations: instances of services, then shards of stores.
    pub instances: Vec<Range<usize>>,
}

impl Topology {
    /// Of a scenario that was checked; a call to nowhere leads to the first station.
    pub fn new(scenario: &Scenario) -> Self {
        let mut instances = Vec::new();
        let mut first = 0;
        for station in scenario.stations() {
            let count = scenario.nodes(station);
            instances.push(first..first + count);
            first += count;
        }
        let mut topology = Self { edges: Vec::new(), instances };
        for (at, client) in scenario.clients.iter().enumerate() {
            topology.add(scenario, Caller::Client(at), 1, &client.calls, client.shared_pool.enabled);
        }
        for (at, service) in scenario.services.iter().enumerate() {
            let parties = service.instances.count as usize;
            topology.add(scenario, Caller::Service(at), parties, &service.calls, service.shared_pool.enabled);
        }
        topology
    }

    fn add(&mut self, scenario: &Scenario, caller: Caller, parties: usize, calls: &[Call], shared: bool) {
        let pool = self.bulkheads();
        for (place, call) in calls.iter().enumerate() {
            let to = scenario.station_called(call).unwrap_or(0);
            let each = match (call.breaker.enabled, call.breaker.scope) {
                (false, _) => 0,
                (true, BreakerScope::Call) => 1,
                (true, BreakerScope::Instance) => self.instances[to].len(),
            };
            let breakers = self.breakers();
            let first = if shared { pool } else { self.bulkheads() };
            let pools = if shared || call.bulkhead.enabled { parties } else { 0 };
            self.edges.push(Edge {
                caller,
                place,
                to,
                parties,
                breakers: breakers..breakers + parties * each,
                breakers_each: each,
                bulkheads: first..first + pools,
            });
        }
    }

    /// Number of breakers of all calls.
    pub fn breakers(&self) -> usize {
        self.edges.last().map_or(0, |edge| edge.breakers.end)
    }

    /// Number of bulkheads of all calls.
    pub fn bulkheads(&self) -> usize {
        self.edges.iter().map(|edge| edge.bulkheads.end).max().unwrap_or(0)
    }

    /// Number of nodes of all stations.
    pub fn instance_count(&self) -> usize {
        self.instances.last().map_or(0, |range| range.end)
    }

    /// The station that a node belongs to.
    pub fn station_of(&self, instance: usize) -> usize {
        self.instances.partition_point(|range| range.end <= instance)
    }

    /// The calls of one caller, counted through.
    pub fn calls_of(&self, caller: Caller) -> Range<usize> {
        let first = self.edges.iter().position(|edge| edge.caller == caller).unwrap_or(0);
        let count = self.edges.iter().filter(|edge| edge.caller == caller).count();
        first..first + count
    }
}

impl Scenario {
    /// The station that a call goes to: the one it names, or the first where it names none.
    pub fn station_called(&self, call: &Call) -> Option<usize> {
        if call.to.is_empty() {
            return Some(0);
        }
        self.stations().position(|station| station.name() == call.to)
    }

    /// The configuration of an edge.
    pub fn call(&self, edge: &Edge) -> &Call {
        match edge.caller {
            Caller::Client(client) => &self.clients[client].calls[edge.place],
            Caller::Service(service) => &self.services[service].calls[edge.place],
        }
    }

    /// The bulkhead through which an edge goes: its own, or the one that all calls of its caller share.
    pub fn bulkhead(&self, edge: &Edge) -> Option<&BulkheadPolicy> {
        let shared = match edge.caller {
            Caller::Client(client) => &self.clients[client].shared_pool,
            Caller::Service(service) => &self.services[service].shared_pool,
        };
        let own = &self.call(edge).bulkhead;
        [shared, own].into_iter().find(|policy| policy.enabled)
    }

    /// What a fault or a reader calls a node: alpha, or maps/alpha where there are several stations.
    pub fn instance_names(&self) -> Vec<String> {
        let several = self.station_count() > 1;
        let names = self.stations().flat_map(|station| {
            (0..self.nodes(station)).map(move |index| {
                let own = self.node_name(station, index);
                if several { format!("{}/{own}", station.name()) } else { own }
            })
        });
        names.collect()
    }

    /// The nodes that a name means, counted through all stations: one of them, as maps/alpha, or alpha of the first
    /// station, or all of the station that is called so.
    pub fn instances_named(&self, name: &str) -> Option<Range<usize>> {
        let mut first = 0;
        for (at, station) in self.stations().enumerate() {
            let count = self.nodes(station);
            if station.name() == name {
                return Some(first..first + count);
            }
            let own = match name.split_once('/') {
                Some((of, own)) if of == station.name() => Some(own),
                None if at == 0 => Some(name),
                _ => None,
            };
            if let Some(index) = own.and_then(|own| self.node_index(station, own)) {
                return Some(first + index..first + index + 1);
            }
            first += count;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario() -> Scenario {
        let json = r#"{ "clients": [{ "name": "units", "calls": [{ "to": "maps" }, { "to": "radio" }] }],
                        "services": [{ "name": "maps", "instances": { "count": 2 }, "calls": [{ "to": "radio" }] },
                                     { "name": "radio", "instances": { "count": 3 } }] }"#;
        Scenario::from_json(json).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn instances_are_counted_through_all_services() {
        let topology = Topology::new(&scenario());
        assert_eq!(topology.instances, [0..2, 2..5]);
        let services: Vec<usize> = (0..5).map(|instance| topology.station_of(instance)).collect();
        assert_eq!((services, topology.instance_count()), (vec![0, 0, 1, 1, 1], 5));
    }

    #[test]
    fn calls_are_counted_through_all_callers() {
        let topology = Topology::new(&scenario());
        let to: Vec<usize> = topology.edges.iter().map(|edge| edge.to).collect();
        assert_eq!(to, [0, 1, 1]);
        assert_eq!(topology.calls_of(Caller::Client(0)), 0..2);
        assert_eq!(topology.calls_of(Caller::Service(0)), 2..3);
        assert!(topology.calls_of(Caller::Service(1)).is_empty());
    }

    #[test]
    fn each_party_has_breakers_and_bulkheads_of_its_own_unless_they_are_shared() {
        let mut scenario = scenario();
        scenario.clients[0].calls[0].breaker.enabled = true;
        scenario.clients[0].calls[0].breaker.scope = BreakerScope::Instance;
        scenario.services[0].calls[0].breaker.enabled = true;
        scenario.services[0].calls[0].bulkhead.enabled = true;
        scenario.clients[0].shared_pool.enabled = true;
        let topology = Topology::new(&scenario);
        let breakers: Vec<Range<usize>> = topology.edges.iter().map(|edge| edge.breakers.clone()).collect();
        assert_eq!(breakers, [0..2, 2..2, 2..4]);
        assert_eq!((topology.edges[0].breaker(0, 1), topology.edges[2].breaker(1, 2)), (1, 3));
        let bulkheads: Vec<Range<usize>> = topology.edges.iter().map(|edge| edge.bulkheads.clone()).collect();
        assert_eq!(bulkheads, [0..1, 0..1, 1..3]);
    }

    #[test]
    fn a_name_means_an_instance_or_a_whole_service() {
        let scenario = scenario();
        assert_eq!(
            scenario.instance_names(),
            ["maps/alpha", "maps/bravo", "radio/alpha", "radio/bravo", "radio/charlie"]
        );
        for (at, name) in scenario.instance_names().iter().enumerate() {
            assert_eq!(scenario.instances_named(name), Some(at..at + 1));
        }
        assert_eq!(scenario.instances_named("bravo"), Some(1..2));
        assert_eq!(scenario.instances_named("radio"), Some(2..5));
        for unknown in ["charlie", "maps/charlie", "units", "radio/", "/alpha", ""] {
            assert_eq!(scenario.instances_named(unknown), None, "{unknown}");
        }
    }
}
