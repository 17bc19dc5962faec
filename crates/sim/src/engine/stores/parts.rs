//! A request that several nodes have to answer: a query of all shards, a write to copies, a hot key's sub-keys.
//!
//! Each part is an attempt with a row of its own, made by the router; the request waits there until enough have
//! answered.

use sandtable_patterns::sharding::{Gather, Progress, ShardId};

use crate::random::derived;
use crate::recording::{Kind, Reason};

use super::super::data::Data;
use super::super::requests::Draft;
use super::{Enough, Simulation};

/// What a part knows: of which attempt, and at which node, counted within the store.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Part {
    whole: u32,
    node: usize,
}

/// A request whose parts are under way.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Gathering {
    gather: Gather,
    nodes: Vec<usize>,
    since: u64,
}

impl Simulation {
    /// The router asks several nodes, counted within the store, for the sake of an attempt.
    pub(super) fn scatter(&mut self, row: u32, station: usize, nodes: &[usize]) {
        let (now, instant) = (self.now, self.instant());
        let requests = &mut self.recording.requests;
        for column in [&mut requests.to_instance, &mut requests.work, &mut requests.back_to_balancer] {
            column.set(row, 0);
        }
        let kind = requests.kind(row);
        // A shard may be asked for several sub-keys at once.
        let mut nodes = nodes.to_vec();
        nodes.sort_unstable();
        nodes.dedup();
        let asked: Vec<ShardId> = nodes.iter().map(|&node| ShardId(node as u32)).collect();
        let enough = self.store_router(station).map_or(Enough::All, |router| router.enough);
        let enough = if kind == Kind::AllShards { enough } else { Enough::All };
        let gather = Gather::new(instant, &asked, enough);
        self.data.insert(row, Data::Gathers(Gathering { gather, nodes: nodes.clone(), since: now }));
        for node in nodes {
            self.ask(row, station, node);
        }
    }

    fn ask(&mut self, whole: u32, station: usize, node: usize) {
        let requests = &self.recording.requests;
        let (client, call) = (requests.client.get(whole), requests.call.get(whole));
        let (key, kind) = (requests.key[whole as usize], requests.kind(whole));
        let entity = derived(self.entity(whole), 1 << 48 | node as u64);
        let row = self.draw(Draft { client, call, key, kind, entity });
        let requests = &mut self.recording.requests;
        requests.to_balancer.set(row, 0);
        requests.back_to_client.set(row, 0);
        requests.call_for(whole, row);
        let live = self.callers().lives.open(row, call, entity, entity);
        (live.wanted, live.told) = (false, true);
        self.data.insert(row, Data::IsPart(Part { whole, node }));
        self.under_way += 1;
        self.send_to_node(row, station, node);
    }

    fn part(&self, row: u32) -> Option<Part> {
        match self.data.get(&row) {
            Some(Data::IsPart(part)) => Some(*part),
            _ => None,
        }
    }

    pub(in crate::engine) fn is_part(&self, row: u32) -> bool {
        self.part(row).is_some()
    }

    /// Whether what has come back to the router is a part, whose whole goes on then if enough have answered.
    #[inline(never)]
    pub(in crate::engine) fn part_over(&mut self, row: u32) -> bool {
        let Some(Part { whole, node }) = self.part(row) else { return false };
        let (now, requests) = (self.instant(), &self.recording.requests);
        let (reason, took) = (requests.reason(row), self.now - requests.left(row));
        if let Some(breaker) = self.live(row).and_then(|live| live.breaker.take()) {
            self.tell_breaker(row, breaker as usize, reason, took);
        }
        self.close(row);
        let well = reason == Reason::None;
        let Some(Data::Gathers(gathering)) = self.data.get_mut(&whole) else { return true };
        let shard = ShardId(node as u32);
        let gather = &mut gathering.gather;
        let progress = if well { gather.on_answer(now, shard) } else { gather.on_failure(now, shard) };
        match progress {
            Progress::Waiting { .. } => {}
            Progress::Done { .. } => self.gathered(whole, true),
            Progress::Failed { .. } => self.gathered(whole, false),
        }
        true
    }

    /// Enough nodes have answered, or too many failed.
    fn gathered(&mut self, row: u32, well: bool) {
        let (now, station) = (self.now, self.service(row));
        let Some(Data::Gathers(gathering)) = self.data.remove(&row) else { return };
        self.recording.requests.calling.set(row, now - gathering.since);
        let asked = |node: &usize| gathering.nodes.contains(node);
        if !well {
            self.set_reason(row, Reason::CallFailed);
        } else if self.recording.requests.kind(row) != Kind::AllShards && !self.targets(row, station).iter().all(asked)
        {
            self.set_reason(row, Reason::Moved);
        } else {
            self.read_or_write(row, station);
        }
        self.left_service(row);
    }
}
