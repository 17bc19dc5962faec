//! What calls lead to: services and stores, counted together, the services first.

use super::names::{instance_index, instance_name};
use super::{Call, Hop, Scenario, Service};
#[cfg(feature = "stores")]
use super::{Cqrs, Store};

/// A service or a store.
#[derive(Clone, Copy, Debug)]
pub enum Station<'a> {
    /// A service: its nodes are instances.
    Service(&'a Service),
    /// A store: its nodes are the copies of its shards, shard after shard, each primary first.
    #[cfg(feature = "stores")]
    Store(&'a Store),
    /// Two sides: the nodes are that which writes, and the read models.
    #[cfg(feature = "stores")]
    Cqrs(&'a Cqrs),
}

impl<'a> Station<'a> {
    /// Its name.
    pub fn name(self) -> &'a str {
        match self {
            Self::Service(service) => &service.name,
            #[cfg(feature = "stores")]
            Self::Store(store) => &store.name,
            #[cfg(feature = "stores")]
            Self::Cqrs(sides) => &sides.name,
        }
    }

    /// What a node works on at a time.
    #[cfg_attr(not(feature = "stores"), expect(unused_variables, reason = "instances of a service are alike"))]
    pub fn concurrency(self, node: usize) -> u32 {
        match self {
            Self::Service(service) => service.instances.concurrency,
            #[cfg(feature = "stores")]
            Self::Store(store) => store.shards.concurrency,
            #[cfg(feature = "stores")]
            Self::Cqrs(sides) => sides.model(node).map_or(sides.commands.concurrency, |model| model.concurrency),
        }
    }

    /// What waits at a node at most.
    #[cfg_attr(not(feature = "stores"), expect(unused_variables, reason = "instances of a service are alike"))]
    pub fn queue_limit(self, node: usize) -> u32 {
        match self {
            Self::Service(service) => service.instances.queue_limit,
            #[cfg(feature = "stores")]
            Self::Store(store) => store.shards.queue_limit,
            #[cfg(feature = "stores")]
            Self::Cqrs(sides) => sides.model(node).map_or(sides.commands.queue_limit, |model| model.queue_limit),
        }
    }

    /// The way from the balancer or the router to a node.
    pub const fn hop(self) -> &'a Hop {
        match self {
            Self::Service(service) => &service.instances.hop,
            #[cfg(feature = "stores")]
            Self::Store(store) => &store.shards.hop,
            #[cfg(feature = "stores")]
            Self::Cqrs(sides) => &sides.hop,
        }
    }

    /// The calls that its nodes make. Shards make none.
    pub fn calls(self) -> &'a [Call] {
        match self {
            Self::Service(service) => &service.calls,
            #[cfg(feature = "stores")]
            Self::Store(_) | Self::Cqrs(_) => &[],
        }
    }

    /// Whether it keeps what is written: its router looks nothing up at a balancer.
    pub const fn is_store(self) -> bool {
        !matches!(self, Self::Service(_))
    }

    /// Whether it is a pair of command and query side.
    pub const fn is_sides(self) -> bool {
        #[cfg(feature = "stores")]
        return matches!(self, Self::Cqrs(_));
        #[cfg(not(feature = "stores"))]
        return false;
    }
}

impl Scenario {
    /// Services and stores, in the order of their numbers.
    pub fn stations(&self) -> impl Iterator<Item = Station<'_>> {
        let services = self.services.iter().map(Station::Service);
        #[cfg(feature = "stores")]
        let services =
            services.chain(self.stores.iter().map(Station::Store)).chain(self.cqrs.iter().map(Station::Cqrs));
        services
    }

    /// The station of this number.
    ///
    /// # Panics
    /// If there is none.
    pub fn station(&self, number: usize) -> Station<'_> {
        #[cfg(feature = "stores")]
        if let Some(store) = number.checked_sub(self.services.len()) {
            return match store.checked_sub(self.stores.len()) {
                None => Station::Store(&self.stores[store]),
                Some(sides) => Station::Cqrs(&self.cqrs[sides]),
            };
        }
        Station::Service(&self.services[number])
    }

    /// How many stations there are.
    pub const fn station_count(&self) -> usize {
        self.services.len() + if cfg!(feature = "stores") { self.stores.len() + self.cqrs.len() } else { 0 }
    }

    /// How many nodes a station has: instances, or shards with their copies.
    pub fn nodes(&self, station: Station<'_>) -> usize {
        match station {
            Station::Service(service) => service.instances.count as usize,
            #[cfg(feature = "stores")]
            Station::Store(store) => self.shards_ever(store) * store.sharding.copies as usize,
            #[cfg(feature = "stores")]
            Station::Cqrs(sides) => sides.node_names().len(),
        }
    }

    /// The relative speed of a node. The copies of a shard are as fast as the shard.
    pub fn speed(&self, station: Station<'_>, index: usize) -> f64 {
        match station {
            Station::Service(service) => service.instances.speed(index),
            #[cfg(feature = "stores")]
            Station::Store(store) => store.shards.speed(index / store.sharding.copies as usize),
            #[cfg(feature = "stores")]
            Station::Cqrs(_) => 1.0,
        }
    }

    /// The name of a node within its station: alpha; the second copy of a shard is alpha.2.
    pub(super) fn node_name(&self, station: Station<'_>, index: usize) -> String {
        #[cfg(feature = "stores")]
        if let Station::Store(store) = station {
            let copies = store.sharding.copies as usize;
            let name = instance_name(index / copies);
            return match index % copies {
                0 => name,
                copy => format!("{name}.{}", copy + 1),
            };
        }
        #[cfg(feature = "stores")]
        if let Station::Cqrs(sides) = station {
            return sides.node_names()[index].to_owned();
        }
        let _ = station;
        instance_name(index)
    }

    /// The node of a station that is called so.
    pub(super) fn node_index(&self, station: Station<'_>, name: &str) -> Option<usize> {
        #[cfg(feature = "stores")]
        if let Station::Store(store) = station {
            let copies = store.sharding.copies as usize;
            let (shard, copy) = match name.split_once('.') {
                None => (name, 0),
                // The comparison rejects spellings such as «alpha.02».
                Some((shard, number)) => (shard, (1..copies).find(|copy| number == (copy + 1).to_string())?),
            };
            return instance_index(shard, self.shards_ever(store)).map(|shard| shard * copies + copy);
        }
        #[cfg(feature = "stores")]
        if let Station::Cqrs(sides) = station {
            return sides.node_names().iter().position(|own| *own == name);
        }
        instance_index(name, self.nodes(station))
    }
}
