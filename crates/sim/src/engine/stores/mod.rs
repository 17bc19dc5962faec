//! Stores: a router that looks keys up in the map, and shards that read and write in their turn.
//!
//! Where a key is, which copy answers and what moves is said by `patterns::sharding`. Here it takes time: a request
//! takes effect at its shard when its work there is done, and one that finds its key gone by then is sent on.

mod copies;
mod fill;
mod moves;
mod parts;

use std::fmt::Write as _;

use rand_core::Rng;
use sandtable_patterns::sharding::{Enough, ReadWish, SaltedReads, ShardId, ShardedStore};

use crate::random::Stream;
use crate::recording::{Kind, Reason, RecordedStore};
use crate::scenario::{GatherKind, Scenario, instance_name};

use super::station::{Router, located};
use super::{EventKind, RunError, Simulation};

pub(crate) use fill::{filled, spec};
pub(super) use parts::{Gathering, Part};

/// The router of a store, with the store behind it.
#[derive(Debug)]
pub(super) struct StoreRouter {
    /// Its number among the stores.
    number: usize,
    store: ShardedStore,
    prefix: String,
    /// A key's text, put together in one place.
    text: String,
    /// Copies of each shard, which are neighbours among the nodes.
    each: usize,
    enough: Enough,
    /// How far each copy is.
    ways: Vec<f64>,
    copies: copies::Followers,
    moves: moves::Mover,
}

impl StoreRouter {
    pub(super) fn new(scenario: &Scenario, number: usize) -> Result<Self, RunError> {
        let config = &scenario.stores[number];
        let store = filled(config, &config.sharding);
        let mut router = Self {
            number,
            store: store.map_err(|errors| located(errors, &format!("stores[{number}].sharding")))?,
            prefix: config.key_prefix.clone(),
            text: String::new(),
            each: config.sharding.copies as usize,
            enough: match config.gather {
                GatherKind::All => Enough::All,
                GatherKind::Quorum => Enough::Quorum,
                GatherKind::First => Enough::First(1),
            },
            ways: config.ways(),
            copies: copies::Followers::new(scenario, config),
            moves: moves::Mover::new(config, scenario.shards_ever(config)),
        };
        router.catch_up();
        Ok(router)
    }

    fn with_key<T>(&mut self, key: u32, then: impl FnOnce(&mut ShardedStore, &[u8]) -> T) -> T {
        self.text.clear();
        self.text.push_str(&self.prefix);
        _ = write!(self.text, "{key}");
        then(&mut self.store, self.text.as_bytes())
    }

    /// The node of a copy of a shard, counted within the store.
    fn node(&self, (shard, copy): (ShardId, u32)) -> usize {
        shard.0 as usize * self.each + copy as usize
    }

    /// The nodes that a request has to reach.
    fn targets(&mut self, kind: Kind, key: u32, turn: u64) -> Vec<usize> {
        let ways = std::mem::take(&mut self.ways);
        let wish = ReadWish { turn, costs: &ways };
        let found = self.with_key(key, |store, text| match kind {
            Kind::Query => store.reads_from(text, &wish),
            Kind::Command => store.writes_to(text, turn),
            Kind::AllShards => {
                store.map().shards().iter().map(|shard| (shard.id, store.copy_for(shard.id, &wish))).collect()
            }
        });
        self.ways = ways;
        found.into_iter().map(|target| self.node(target)).collect()
    }
}

impl Simulation {
    pub(super) fn schedule_stores(&mut self) {
        for station in 0..self.stations.len() {
            let Router::Store(router) = &self.stations[station].router else { continue };
            let map = router.store.map().clone();
            let stored = |shard| router.store.primary(ShardId(shard)).len() as u32;
            let store = RecordedStore {
                stored: (0..map.shards().len() as u32).map(stored).collect(),
                begun: map,
                changes: Vec::new(),
                moves: Vec::new(),
                created: Vec::new(),
                emptied: Vec::new(),
            };
            self.recording.stores.push(store);
            self.look_at_ranges_later(station);
        }
    }

    /// The store's router, where a station is one.
    fn store_router(&mut self, station: usize) -> Option<&mut StoreRouter> {
        match &mut self.stations[station].router {
            Router::Store(router) => Some(router),
            _ => None,
        }
    }

    /// A number of a request's own that says which of several copies or sub-keys.
    fn turn(&self, row: u32) -> u64 {
        self.seed.generator(Stream::Router, self.entity(row)).next_u64()
    }

    /// The nodes that an attempt has to reach now, counted within its store.
    fn targets(&mut self, row: u32, station: usize) -> Vec<usize> {
        let (kind, key) = (self.recording.requests.kind(row), self.recording.requests.key[row as usize]);
        let turn = self.turn(row);
        self.store_router(station).map_or_else(Vec::new, |router| router.targets(kind, key, turn))
    }

    /// The router looks up where the key is.
    pub(super) fn at_router(&mut self, row: u32, station: usize) {
        let targets = self.targets(row, station);
        if let Some(probe) = self.probe.as_mut().filter(|probe| probe.row == row) {
            let key = self.recording.requests.key[row as usize];
            let all = self.recording.requests.kind(row) == Kind::AllShards;
            if let Router::Store(router) = &mut self.stations[station].router {
                probe.place = Some(router.with_key(key, |store, text| told(store, text, all)));
            }
        }
        match targets.as_slice() {
            &[node] => self.send_to_node(row, station, node),
            nodes => self.scatter(row, station, nodes),
        }
    }

    /// Copies may be further away than their shard.
    pub(super) fn lengthen_way(&mut self, row: u32, station: usize, node: usize) {
        let Some(router) = self.store_router(station) else { return };
        let way = router.ways.get(node % router.each).copied().unwrap_or(1.0);
        if way != 1.0 {
            let requests = &mut self.recording.requests;
            for column in [&mut requests.to_instance, &mut requests.back_to_balancer] {
                let time = column.get(row) as f64 * way;
                column.set(row, time.round() as u64);
            }
        }
    }

    /// The store in whose node an attempt is, unless it is a part of another or in no store.
    pub(super) fn own_store(&self, row: u32) -> Option<usize> {
        let station = self.service(row);
        let stored = matches!(self.stations[station].router, Router::Store(_));
        (stored && !self.is_part(row)).then_some(station)
    }

    /// Whether what an attempt wants is no longer at the shard to which it was sent.
    pub(super) fn has_moved(&mut self, row: u32) -> bool {
        let Some(station) = self.own_store(row) else { return false };
        let node = self.target(row) - self.stations[station].first;
        self.recording.requests.kind(row) != Kind::AllShards && !self.targets(row, station).contains(&node)
    }

    /// What an attempt asks for is done in the store, all of it at this moment.
    pub(super) fn read_or_write(&mut self, row: u32, station: usize) {
        let requests = &self.recording.requests;
        if requests.reason(row) != Reason::None && !requests.given_up(row) {
            return;
        }
        let (kind, key, turn, now) = (requests.kind(row), requests.key[row as usize], self.turn(row), self.now);
        match kind {
            Kind::AllShards => {}
            Kind::Query => {
                let Some(router) = self.store_router(station) else { return };
                let stale = router.read(key, turn, now);
                self.recording.requests.stale.set(row, stale);
            }
            Kind::Command => {
                let Some(router) = self.store_router(station) else { return };
                let (number, (shards, gained)) = (router.number, router.write(row, key, turn));
                self.recording.stores[number].created.extend(gained.iter().map(|shard| (now, shard.0, key)));
                for shard in shards {
                    self.copies_follow(station, shard, Some(key));
                }
            }
        }
    }
}

impl StoreRouter {
    /// Reads a key; gives for how long what was read had no longer been so, 0 where it is the latest.
    fn read(&mut self, key: u32, turn: u64, now: u64) -> u64 {
        let ways = std::mem::take(&mut self.ways);
        let wish = ReadWish { turn, costs: &ways };
        let read = self.with_key(key, |store, text| {
            let read = store.read(text, &wish);
            read.stale.then_some(read.shard)
        });
        self.ways = ways;
        // What was overwritten at this very moment is stale too, by as little as can be said.
        let since = |shard| self.copies.overwritten(shard, key).unwrap_or(now);
        read.map_or(0, |shard| now.saturating_sub(since(shard)).max(1))
    }

    /// Writes a key; gives the shards that have written, and those that have something more than before.
    fn write(&mut self, row: u32, key: u32, turn: u64) -> (Vec<ShardId>, Vec<ShardId>) {
        self.with_key(key, |store, text| {
            let parts = store.parts(text);
            let Ok(written) = store.write_in_turn(text, &row.to_le_bytes(), turn) else { return Default::default() };
            let targets = store.writes_to(text, turn).into_iter().filter(|&(_, copy)| copy == 0);
            // A hot key's sub-keys are all written for the first time at once, or one of them is.
            let gained = match (written.existed, store.map().config().salted_reads) {
                (true, _) => Vec::new(),
                (false, SaltedReads::Pick) if parts > 1 => {
                    (0..parts).map(|part| store.route(text, part).owner).collect()
                }
                (false, _) => vec![written.shard],
            };
            (targets.map(|(shard, _)| shard).collect(), gained)
        })
    }
}

/// Why a key is asked for where it is, in words.
fn told(store: &ShardedStore, text: &[u8], all: bool) -> String {
    let map = store.map();
    if all {
        return format!("all {} shards are asked", map.shards().len());
    }
    let parts = store.parts(text);
    let route = store.route(text, 0);
    let mut told = map.explain(text, &route.location);
    if parts > 1 {
        told = format!("the key is spread over {parts} sub-keys");
    } else if route.owner != route.location.shard {
        let name = instance_name(route.owner.0 as usize);
        told.push_str(match route.moving {
            Some(_) => "; it is on the move there, and until that is done ",
            None => "; it has yet to move there, and until then ",
        });
        told.push_str(&name);
        told.push_str(" has it");
    }
    told
}
