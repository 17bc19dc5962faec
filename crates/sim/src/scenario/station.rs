//! What calls lead to: services and stores, counted together, the services first.

use super::names::{instance_index, instance_name};
use super::{Call, Fault, FaultKind, Hop, Scenario, Service, Store};

/// A service or a store.
#[derive(Clone, Copy, Debug)]
pub enum Station<'a> {
    /// A service: its nodes are instances.
    Service(&'a Service),
    /// A store: its nodes are the copies of its shards, shard after shard, each primary first.
    Store(&'a Store),
}

impl<'a> Station<'a> {
    /// Its name.
    pub fn name(self) -> &'a str {
        match self {
            Self::Service(service) => &service.name,
            Self::Store(store) => &store.name,
        }
    }

    /// What each node works on at a time.
    pub const fn concurrency(self) -> u32 {
        match self {
            Self::Service(service) => service.instances.concurrency,
            Self::Store(store) => store.shards.concurrency,
        }
    }

    /// What waits at each node at most.
    pub const fn queue_limit(self) -> u32 {
        match self {
            Self::Service(service) => service.instances.queue_limit,
            Self::Store(store) => store.shards.queue_limit,
        }
    }

    /// The way from the balancer or the router to a node.
    pub const fn hop(self) -> &'a Hop {
        match self {
            Self::Service(service) => &service.instances.hop,
            Self::Store(store) => &store.shards.hop,
        }
    }

    /// The calls that its nodes make. Shards make none.
    pub fn calls(self) -> &'a [Call] {
        match self {
            Self::Service(service) => &service.calls,
            Self::Store(_) => &[],
        }
    }

    /// Whether it is a store.
    pub const fn is_store(self) -> bool {
        matches!(self, Self::Store(_))
    }
}

impl Scenario {
    /// Services and stores, in the order of their numbers.
    pub fn stations(&self) -> impl Iterator<Item = Station<'_>> {
        let services = self.services.iter().map(Station::Service);
        services.chain(self.stores.iter().map(Station::Store))
    }

    /// The station of this number.
    ///
    /// # Panics
    /// If there is none.
    pub fn station(&self, number: usize) -> Station<'_> {
        match self.services.get(number) {
            Some(service) => Station::Service(service),
            None => Station::Store(&self.stores[number - self.services.len()]),
        }
    }

    /// How many stations there are.
    pub const fn station_count(&self) -> usize {
        self.services.len() + self.stores.len()
    }

    /// The faults that have a shard join a store.
    pub fn joining(&self, store: &Store) -> impl Iterator<Item = &Fault> {
        let adds = self.faults.iter().filter(|fault| fault.kind == FaultKind::AddShard);
        adds.filter(|fault| fault.target == store.name)
    }

    /// How many shards a store has in all, those that join later among them.
    pub fn shards_ever(&self, store: &Store) -> usize {
        store.shards.count as usize + self.joining(store).count()
    }

    /// How many nodes a station has: instances, or shards with their copies.
    pub fn nodes(&self, station: Station<'_>) -> usize {
        match station {
            Station::Service(service) => service.instances.count as usize,
            Station::Store(store) => self.shards_ever(store) * store.sharding.copies as usize,
        }
    }

    /// The relative speed of a node. The copies of a shard are as fast as the shard.
    pub fn speed(&self, station: Station<'_>, index: usize) -> f64 {
        match station {
            Station::Service(service) => service.instances.speed(index),
            Station::Store(store) => store.shards.speed(index / store.sharding.copies as usize),
        }
    }

    /// The name of a node within its station: alpha; the second copy of a shard is alpha.2.
    pub(super) fn node_name(&self, station: Station<'_>, index: usize) -> String {
        let Station::Store(store) = station else { return instance_name(index) };
        let copies = store.sharding.copies as usize;
        let name = instance_name(index / copies);
        match index % copies {
            0 => name,
            copy => format!("{name}.{}", copy + 1),
        }
    }

    /// The node of a station that is called so.
    pub(super) fn node_index(&self, station: Station<'_>, name: &str) -> Option<usize> {
        let Station::Store(store) = station else { return instance_index(name, self.nodes(station)) };
        let copies = store.sharding.copies as usize;
        let (shard, copy) = match name.split_once('.') {
            None => (name, 0),
            // The comparison rejects spellings such as «alpha.02».
            Some((shard, number)) => (shard, (1..copies).find(|copy| number == (copy + 1).to_string())?),
        };
        instance_index(shard, self.shards_ever(store)).map(|shard| shard * copies + copy)
    }
}
