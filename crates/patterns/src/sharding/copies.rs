//! A shard's copies: the primary takes the writes, the others apply them in the same order.

use std::collections::VecDeque;

use super::store::{Record, Store};
use super::{ReadPreference, Replication, ShardingConfig};

/// No copy falls further behind: from there on each write first has the laggard apply one.
pub const MOST_BEHIND: u64 = 100_000;

#[derive(Clone, Debug)]
pub(super) struct Copies {
    /// The primary first.
    stores: Vec<Store>,
    /// Writes that each has applied.
    applied: Vec<u64>,
    written: u64,
    /// The last writes, as far back as some copy has yet to apply them.
    log: VecDeque<(Vec<u8>, Option<Record>)>,
    synchronous: bool,
}

impl Copies {
    pub(super) fn new(config: &ShardingConfig) -> Self {
        let copies = config.copies as usize;
        Self {
            stores: vec![Store::default(); copies],
            applied: vec![0; copies],
            written: 0,
            log: VecDeque::new(),
            synchronous: config.replication == Replication::Synchronous,
        }
    }

    pub(super) fn primary(&self) -> &Store {
        &self.stores[0]
    }

    pub(super) fn store(&self, copy: u32) -> Option<&Store> {
        self.stores.get(copy as usize)
    }

    pub(super) fn count(&self) -> u32 {
        self.stores.len() as u32
    }

    /// Counts an access; a key that isn't there has no load.
    pub(super) fn hit(&mut self, key: &[u8]) {
        if let Some(record) = self.stores[0].get_mut(key) {
            record.hits += 1;
        }
    }

    pub(super) fn write(&mut self, key: &[u8], record: Option<Record>) -> Option<Record> {
        self.written += 1;
        self.applied[0] = self.written;
        if self.synchronous {
            for (store, applied) in self.stores.iter_mut().zip(&mut self.applied).skip(1) {
                store.set(key, record.clone());
                *applied = self.written;
            }
        } else if self.stores.len() > 1 {
            self.log.push_back((key.to_vec(), record.clone()));
            for copy in 1..self.count() {
                if self.behind(copy) > MOST_BEHIND {
                    self.replicate(copy, 1);
                }
            }
        }
        self.stores[0].set(key, record)
    }

    /// Has a copy apply up to so many of the writes that it lacks; gives how many those were.
    pub(super) fn replicate(&mut self, copy: u32, most: u64) -> u64 {
        let Some(store) = self.stores.get_mut(copy as usize) else { return 0 };
        let behind = self.written - self.applied[copy as usize];
        let count = behind.min(most);
        let from = self.log.len() - behind as usize;
        for (key, record) in self.log.range(from..from + count as usize) {
            store.set(key, record.clone());
        }
        self.applied[copy as usize] += count;
        let furthest = self.applied.iter().map(|applied| self.written - applied).max().unwrap_or(0);
        self.log.drain(..self.log.len() - furthest as usize);
        count
    }

    /// Writes that a copy has yet to apply.
    pub(super) fn behind(&self, copy: u32) -> u64 {
        self.applied.get(copy as usize).map_or(0, |applied| self.written - applied)
    }

    /// The copy that a read goes to. Of copies with the same cost the first; one without a cost is the dearest.
    pub(super) fn preferred(&self, preference: ReadPreference, turn: u64, costs: &[f64]) -> u32 {
        match preference {
            ReadPreference::Primary => 0,
            ReadPreference::Any => (turn % u64::from(self.count())) as u32,
            ReadPreference::Nearest => {
                let cost = |copy: u32| costs.get(copy as usize).copied().unwrap_or(f64::INFINITY);
                (1..self.count()).fold(0, |best, copy| if cost(copy) < cost(best) { copy } else { best })
            }
        }
    }

    pub(super) fn forget_load(&mut self) {
        self.stores[0].forget_load();
    }
}
