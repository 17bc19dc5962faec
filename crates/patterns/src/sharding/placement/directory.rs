//! A directory: what is listed stands where it was put, the rest follows a rule.

use super::Rendezvous;
use crate::hash::KeyHash;
use crate::sharding::{Location, Shard, ShardId, ShardingConfig, Unlisted, Why};

#[derive(Clone, Debug)]
pub(in crate::sharding) struct Directory {
    /// In the order of the keys.
    listed: Vec<(Vec<u8>, ShardId)>,
    /// Finds the rest, unless that goes to the first shard.
    rest: Option<Rendezvous>,
}

impl Directory {
    pub(super) fn new(config: &ShardingConfig, shards: &[Shard]) -> Self {
        let rest = (config.unlisted == Unlisted::Rendezvous).then(|| Rendezvous::new(config.hash, shards));
        Self { listed: Vec::new(), rest }
    }

    /// What was listed for a shard that is gone is listed no longer.
    pub(super) fn rebuild(&mut self, config: &ShardingConfig, shards: &[Shard]) {
        self.rest = Self::new(config, shards).rest;
        self.listed.retain(|(_, owner)| shards.iter().any(|shard| shard.id == *owner));
    }

    pub(super) fn locate(&self, hash: KeyHash, shards: &[Shard], key: &[u8]) -> Location {
        let (place, steps) = self.search(key);
        if let Some((listed, shard)) = self.listed.get(place)
            && listed == key
        {
            return Location { shard: *shard, why: Why::Listed, steps };
        }
        let rest = match &self.rest {
            Some(rest) => rest.locate(hash, key),
            None => Location { shard: shards[0].id, why: Why::FirstShard, steps: 1 },
        };
        Location { steps: steps + rest.steps, ..rest }
    }

    pub(in crate::sharding) fn listed(&self) -> &[(Vec<u8>, ShardId)] {
        &self.listed
    }

    /// Lists a key, or with nobody as its owner lists it no longer. Whether that changed anything.
    pub(in crate::sharding) fn list(&mut self, key: &[u8], owner: Option<ShardId>) -> bool {
        let (place, _) = self.search(key);
        let there = self.listed.get(place).is_some_and(|(listed, _)| listed == key);
        match owner {
            Some(owner) if there => std::mem::replace(&mut self.listed[place].1, owner) != owner,
            Some(owner) => {
                self.listed.insert(place, (key.to_vec(), owner));
                true
            }
            None => {
                if there {
                    self.listed.remove(place);
                }
                there
            }
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        let keys: usize = self.listed.iter().map(|(key, _)| key.len()).sum();
        let rest = self.rest.as_ref().map_or(0, Rendezvous::bytes);
        (keys + size_of_val(self.listed.as_slice())) as u64 + rest
    }

    /// The first place whose key is not below this one, and the comparisons that finding it took.
    fn search(&self, key: &[u8]) -> (usize, u32) {
        let (mut from, mut to, mut steps) = (0, self.listed.len(), 0);
        while from < to {
            let middle = from.midpoint(to);
            steps += 1;
            if self.listed[middle].0.as_slice() < key {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        (from, steps.max(1))
    }
}
