//! Copies that follow later: what a primary wrote reaches them after a lag, in order.

use std::collections::VecDeque;

use sandtable_patterns::sharding::{Replication, ShardId, ShardedStore};

use crate::scenario::{Scenario, Store};
use crate::time::nanos;

use super::super::tasks::Task;
use super::{Simulation, StoreRouter};

/// What the copies have yet to apply, and since when.
#[derive(Debug)]
pub(super) struct Followers {
    /// How many follow each primary; none where copies are written at once.
    count: u32,
    lag: u64,
    shards: Vec<Late>,
}

/// What the copies of a shard have yet to apply.
#[derive(Clone, Debug, Default)]
struct Late {
    marks: VecDeque<Mark>,
    /// Writes in all of them.
    writes: u64,
}

/// Writes made at one moment.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: u64,
    /// Whose; none where keys moved.
    key: Option<u32>,
    writes: u64,
}

impl Followers {
    pub(super) fn new(scenario: &Scenario, config: &Store) -> Self {
        let follow = config.sharding.replication == Replication::Asynchronous;
        Self {
            count: if follow { config.sharding.copies - 1 } else { 0 },
            lag: nanos(config.replication_ms),
            shards: vec![Late::default(); scenario.shards_ever(config)],
        }
    }

    /// When the key was first written of the writes that the copies of a shard have yet to apply.
    pub(super) fn overwritten(&self, shard: ShardId, key: u32) -> Option<u64> {
        let marks = &self.shards[shard.0 as usize].marks;
        marks.iter().find(|mark| mark.key == Some(key)).map(|mark| mark.at)
    }

    /// Notes what a shard has written by now; gives when its copies have to apply that, if there is anything.
    fn note(&mut self, store: &ShardedStore, shard: ShardId, key: Option<u32>, now: u64) -> Option<u64> {
        let late = &mut self.shards[shard.0 as usize];
        let behind = (1..=self.count).map(|copy| store.behind(shard, copy)).max()?;
        let writes = behind.saturating_sub(late.writes);
        if writes == 0 {
            return None;
        }
        late.writes += writes;
        late.marks.push_back(Mark { at: now, key, writes });
        Some(now.saturating_add(self.lag))
    }

    fn apply(&mut self, store: &mut ShardedStore, shard: ShardId) {
        let late = &mut self.shards[shard.0 as usize];
        let Some(mark) = late.marks.pop_front() else { return };
        late.writes -= mark.writes;
        for copy in 1..=self.count {
            store.replicate(shard, copy, mark.writes);
        }
    }
}

impl StoreRouter {
    /// All copies have all that was written: so a run begins.
    pub(super) fn catch_up(&mut self) {
        let shards: Vec<ShardId> = self.store.shard_ids().collect();
        for shard in shards {
            (1..=self.copies.count).for_each(|copy| _ = self.store.replicate(shard, copy, u64::MAX));
        }
    }
}

impl Simulation {
    /// What a shard has just written is to reach its copies.
    pub(super) fn copies_follow(&mut self, station: usize, shard: ShardId, key: Option<u32>) {
        let now = self.now;
        let Some(router) = self.store_router(station) else { return };
        if let Some(at) = router.copies.note(&router.store, shard, key, now) {
            self.schedule_task(at, Task::CopiesApply { station, shard });
        }
    }

    pub(in crate::engine) fn copies_apply(&mut self, station: usize, shard: ShardId) {
        if let Some(router) = self.store_router(station) {
            router.copies.apply(&mut router.store, shard);
        }
    }
}
