//! What stores and sides have in common: how an attempt comes to a node of theirs, begins its work and ends it.

use sandtable_patterns::balancer::Refusal;

use crate::recording::Reason;

use super::station::Router;
use super::{EventKind, Simulation, cqrs, stores};

/// What only some attempts to stores and sides have: a command, parts, or that it is one.
#[derive(Debug)]
pub(super) enum Data {
    Orders(cqrs::Ordered),
    Gathers(stores::Gathering),
    IsPart(stores::Part),
}

impl Simulation {
    /// An attempt is over altogether.
    #[inline(never)]
    pub(super) fn forget_data(&mut self, row: u32) {
        self.data.remove(&row);
    }

    /// Whether an attempt has come to a router that is no balancer, and goes on from there.
    #[inline(never)]
    pub(super) fn routed_by_data(&mut self, row: u32, station: usize) -> bool {
        match self.stations[station].router {
            Router::Store(_) => self.at_router(row, station),
            Router::Sides(_) => self.at_sides(row, station),
            Router::Balancer(_) => return false,
        }
        true
    }

    /// An attempt leaves the router for a node, counted within its station, unless the breaker of that node is open.
    pub(super) fn send_to_node(&mut self, row: u32, station: usize, node: usize) {
        let call = self.recording.requests.call.get(row);
        let party = self.live(row).map_or(0, |live| usize::from(live.party));
        if self.policies(call).breaker_each {
            let breaker = self.policies(call).edge.breaker(party, node);
            if !self.ask_breaker(row, breaker) {
                return self.refused_at_balancer(row, Refusal::AllTried);
            }
        }
        self.recording.requests.instance[row as usize] = (self.stations[station].first + node) as u16;
        self.lengthen_way(row, station, node);
        let way = self.recording.requests.to_instance.get(row);
        self.schedule(self.now + way, EventKind::AtInstance, row);
    }

    /// Whether an attempt's work begins, now that a slot is free: what it wants may have moved on.
    #[inline(never)]
    pub(super) fn work_begins(&mut self, row: u32) -> bool {
        if self.has_moved(row) {
            let wait = self.recording.requests.wait.get(row);
            self.fell(row, Reason::Moved, wait, 0);
            return false;
        }
        self.command_begins(row);
        true
    }

    /// An attempt's work is done at its node: it reads or writes. Gives why it doesn't.
    #[inline(never)]
    pub(super) fn takes_effect(&mut self, row: u32) -> Reason {
        if self.has_moved(row) {
            return Reason::Moved;
        }
        let Some(station) = self.own_store(row) else { return self.side_ends(row) };
        self.read_or_write(row, station);
        Reason::None
    }
}
