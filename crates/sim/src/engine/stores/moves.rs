//! Changes of map: the store says what has to move, and here it takes time and slows both shards.

use sandtable_patterns::sharding::{MapChange, MoveId, Placement, ShardId, ShardSpec};

use crate::recording::{MapChanged, Moving};
use crate::scenario::{FaultKind, Store, instance_name};
use crate::time::nanos;

use super::super::tasks::Task;
use super::{EventKind, Router, Simulation};

/// A move that can't end because a shard is down is looked at again after this long.
const DOWN_MS: f64 = 100.0;

/// No more ranges are split at a time, and no more there are: each change leaves a map of all of them behind.
const MOST_SPLITS: usize = 64;
const MOST_RANGES: usize = 500;

/// A store splits and evens out no more often than this by itself.
const MOST_OWN_CHANGES: usize = 500;

/// Looking at so many keys counts as an event, so that the limit of events bounds that too.
const KEYS_PER_EVENT: u64 = 64;

/// How a store's keys move.
#[derive(Debug)]
pub(super) struct Mover {
    at_once: u32,
    key_time: f64,
    /// How many times slower a shard is that takes part.
    burden: f64,
    under_way: u32,
    /// Moves in which each shard takes part.
    parts: Vec<u32>,
    /// How often ranges are looked at, if they are.
    look: Option<u64>,
}

impl Mover {
    pub(super) fn new(config: &Store, shards: usize) -> Self {
        let looks = config.sharding.placement == Placement::Range && config.sharding.split_above > 0;
        Self {
            at_once: config.moving.at_once,
            key_time: config.moving.key_ms,
            burden: 1.0 + config.moving.load_percent / 100.0,
            under_way: 0,
            parts: vec![0; shards],
            look: looks.then(|| nanos(config.moving.look_ms)),
        }
    }
}

impl Simulation {
    /// An operator changes the map of a store.
    pub(in crate::engine) fn map_changes(&mut self, number: usize) {
        let fault = &self.scenario.faults[number];
        let own =
            |store: &&Store| store.name == fault.target || self.scenario.shard_named(&fault.target, store).is_some();
        let Some(config) = self.scenario.stores.iter().find(own) else { return };
        let shard = self.scenario.shard_named(&fault.target, config);
        let place = self.scenario.stores.iter().position(|store| std::ptr::eq(store, config)).unwrap_or(0);
        let station = self.scenario.services.len() + place;
        let (kind, factor) = (fault.kind, fault.factor);
        let weights = config.shards.clone();
        let Some(router) = self.store_router(station) else { return };
        let change = match (kind, shard) {
            (FaultKind::AddShard, _) => {
                let next = router.store.shard_ids().count();
                MapChange::Add(ShardSpec { name: instance_name(next), weight: weights.weight(next) })
            }
            (FaultKind::RemoveShard, Some(shard)) => MapChange::Remove(ShardId(shard as u32)),
            (FaultKind::WeighShard, Some(shard)) => {
                // What the map takes has bounds.
                MapChange::Reweigh(ShardId(shard as u32), (weights.weight(shard) * factor).clamp(0.001, 1_000.0))
            }
            _ => MapChange::EvenOut,
        };
        self.change_map(station, &change, Some(number as u32));
    }

    /// Changes the map of a store; it stays as it is where there is nothing to change.
    fn change_map(&mut self, station: usize, change: &MapChange<'_>, fault: Option<u32>) -> bool {
        let at = self.now;
        let Some(router) = self.store_router(station) else { return false };
        let Ok(planned) = router.store.change(change) else { return false };
        let (number, map) = (router.number, router.store.map().clone());
        let least_share = planned.least_share;
        let changed = MapChanged { at, fault, map, keys: planned.keys, of_keys: planned.of_keys, least_share };
        self.recording.stores[number].changes.push(changed);
        self.start_moves(station);
        self.note_emptied(station);
        true
    }

    /// Begins moves while there is room for them.
    fn start_moves(&mut self, station: usize) {
        loop {
            let now = self.now;
            let Some(router) = self.store_router(station) else { return };
            if router.moves.under_way >= router.moves.at_once {
                return;
            }
            let Some(begun) = router.store.start_move() else { return };
            if begun.keys == 0 {
                router.store.finish_move(begun.id);
                continue;
            }
            router.moves.under_way += 1;
            let time = (router.moves.key_time * 1e6 * f64::from(begun.keys)).round() as u64;
            let number = router.number;
            let moves = &mut self.recording.stores[number].moves;
            let (from, to) = (begun.from.0, begun.to.0);
            moves.push(Moving { began: now, ended: u64::MAX, from, to, unit: begun.unit, keys: 0, sent_after: 0 });
            let ends = Task::MoveEnds { station, id: begun.id, number: moves.len() - 1 };
            self.schedule_task(now.saturating_add(time), ends);
            self.takes_part(station, [from, to], true);
            self.copies_follow(station, begun.to, None);
        }
    }

    pub(in crate::engine) fn move_ends(&mut self, station: usize, id: MoveId, number: usize) {
        let (now, first) = (self.now, self.stations[station].first);
        let Some(router) = self.store_router(station) else { return };
        let (store, each) = (router.number, router.each);
        let Moving { from, to, .. } = self.recording.stores[store].moves[number];
        let up = |shard: u32| self.instances[first + shard as usize * each].condition.up;
        if !(up(from) && up(to)) {
            return self.schedule_task(now + nanos(DOWN_MS), Task::MoveEnds { station, id, number });
        }
        let Some(router) = self.store_router(station) else { return };
        let moved = router.store.finish_move(id);
        router.moves.under_way -= 1;
        let recorded = &mut self.recording.stores[store].moves[number];
        recorded.ended = now;
        if let Some(moved) = moved {
            (recorded.keys, recorded.sent_after) = (moved.keys, moved.sent_after);
        }
        self.takes_part(station, [from, to], false);
        [from, to].into_iter().for_each(|shard| self.copies_follow(station, ShardId(shard), None));
        self.start_moves(station);
        self.note_emptied(station);
    }

    /// Two shards begin or cease to take part in a move, which slows them.
    fn takes_part(&mut self, station: usize, shards: [u32; 2], begins: bool) {
        let (now, first) = (self.now, self.stations[station].first);
        for shard in shards {
            let Some(router) = self.store_router(station) else { return };
            let parts = &mut router.moves.parts[shard as usize];
            *parts = if begins { *parts + 1 } else { *parts - 1 };
            let burden = if *parts > 0 { router.moves.burden } else { 1.0 };
            let node = first + shard as usize * router.each;
            let factor = self.instances[node].bear(burden);
            if factor != 1.0 {
                for job in self.instances[node].stretch(now, factor) {
                    self.schedule(job.finishes, EventKind::Finished, job.request);
                }
            }
        }
    }

    /// Records which of the shards that have left the map hold nothing any more.
    fn note_emptied(&mut self, station: usize) {
        let now = self.now;
        let Router::Store(router) = &self.stations[station].router else { return };
        let recorded = &mut self.recording.stores[router.number];
        for shard in router.store.shard_ids() {
            let gone = router.store.map().shard(shard).is_none() && router.store.primary(shard).is_empty();
            if gone && !recorded.emptied.iter().any(|&(_, emptied)| emptied == shard.0) {
                recorded.emptied.push((now, shard.0));
            }
        }
    }

    pub(super) fn look_at_ranges_later(&mut self, station: usize) {
        let now = self.now;
        let Some(router) = self.store_router(station) else { return };
        if let Some(after) = router.moves.look {
            self.schedule_task(now.saturating_add(after), Task::LookAtRanges { station });
        }
    }

    /// Ranges that hold too much are split, and all are dealt out again: by what came since the last time, where load
    /// counts.
    pub(in crate::engine) fn look_at_ranges(&mut self, station: usize) {
        let mut changed = false;
        for _ in 0..MOST_SPLITS {
            let Some(router) = self.store_router(station) else { return };
            // What is on the move is not cut again.
            if router.moves.under_way > 0 || router.store.map().ranges().count() >= MOST_RANGES {
                break;
            }
            let shards = router.store.shard_ids();
            let keys: u64 = shards.map(|shard| router.store.primary(shard).len() as u64).sum();
            self.events += keys / KEYS_PER_EVENT;
            let Some(router) = self.store_router(station) else { return };
            let Some(key) = router.store.due_split() else { break };
            if router.store.change(&MapChange::Split(&key)).is_err() {
                break;
            }
            changed = true;
        }
        if changed {
            self.change_map(station, &MapChange::EvenOut, None);
        }
        let Some(router) = self.store_router(station) else { return };
        router.store.forget_load();
        let number = router.number;
        if self.recording.stores[number].changes.len() < MOST_OWN_CHANGES {
            self.look_at_ranges_later(station);
        }
    }
}
