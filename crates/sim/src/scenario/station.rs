//! What calls lead to: services and stores, counted together, the services first.

#[cfg(feature = "stores")]
use super::Store;
use super::names::{instance_index, instance_name};
use super::{Call, Hop, Scenario, Service};

/// A service or a store.
#[derive(Clone, Copy, Debug)]
pub enum Station<'a> {
    /// A service: its nodes are instances.
    Service(&'a Service),
    /// A store: its nodes are the copies of its shards, shard after shard, each primary first.
    #[cfg(feature = "stores")]
    Store(&'a Store),
}

impl<'a> Station<'a> {
    /// Its name.
    pub fn name(self) -> &'a str {
        match self {
            Self::Service(service) => &service.name,
            #[cfg(feature = "stores")]
            Self::Store(store) => &store.name,
        }
    }

    /// What each node works on at a time.
    pub const fn concurrency(self) -> u32 {
        match self {
            Self::Service(service) => service.instances.concurrency,
            #[cfg(feature = "stores")]
            Self::Store(store) => store.shards.concurrency,
        }
    }

    /// What waits at each node at most.
    pub const fn queue_limit(self) -> u32 {
        match self {
            Self::Service(service) => service.instances.queue_limit,
            #[cfg(feature = "stores")]
            Self::Store(store) => store.shards.queue_limit,
        }
    }

    /// The way from the balancer or the router to a node.
    pub const fn hop(self) -> &'a Hop {
        match self {
            Self::Service(service) => &service.instances.hop,
            #[cfg(feature = "stores")]
            Self::Store(store) => &store.shards.hop,
        }
    }

    /// The calls that its nodes make. Shards make none.
    pub fn calls(self) -> &'a [Call] {
        match self {
            Self::Service(service) => &service.calls,
            #[cfg(feature = "stores")]
            Self::Store(_) => &[],
        }
    }

    /// Whether it is a store.
    pub const fn is_store(self) -> bool {
        !matches!(self, Self::Service(_))
    }
}

impl Scenario {
    /// Services and stores, in the order of their numbers.
    pub fn stations(&self) -> impl Iterator<Item = Station<'_>> {
        let services = self.services.iter().map(Station::Service);
        #[cfg(feature = "stores")]
        let services = services.chain(self.stores.iter().map(Station::Store));
        services
    }

    /// The station of this number.
    ///
    /// # Panics
    /// If there is none.
    pub fn station(&self, number: usize) -> Station<'_> {
        #[cfg(feature = "stores")]
        if let Some(store) = number.checked_sub(self.services.len()) {
            return Station::Store(&self.stores[store]);
        }
        Station::Service(&self.services[number])
    }

    /// How many stations there are.
    pub const fn station_count(&self) -> usize {
        self.services.len() + if cfg!(feature = "stores") { self.stores.len() } else { 0 }
    }

    /// How many nodes a station has: instances, or shards with their copies.
    pub fn nodes(&self, station: Station<'_>) -> usize {
        match station {
            Station::Service(service) => service.instances.count as usize,
            #[cfg(feature = "stores")]
            Station::Store(store) => self.shards_ever(store) * store.sharding.copies as usize,
        }
    }

    /// The relative speed of a node. The copies of a shard are as fast as the shard.
    pub fn speed(&self, station: Station<'_>, index: usize) -> f64 {
        match station {
            Station::Service(service) => service.instances.speed(index),
            #[cfg(feature = "stores")]
            Station::Store(store) => store.shards.speed(index / store.sharding.copies as usize),
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
        instance_index(name, self.nodes(station))
    }
}
