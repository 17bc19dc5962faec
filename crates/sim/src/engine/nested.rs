//! An instance calls other services for an attempt that keeps its slot meanwhile.

use crate::random::{Stream, derived};
use crate::recording::Reason;
use crate::scenario::Caller;

use super::Simulation;
use super::calls::UNDER_WAY;
use super::requests::Draft;

impl Simulation {
    pub(super) fn service_calls(&mut self, row: u32) {
        let since = self.now;
        let live = self.live(row).expect(UNDER_WAY);
        (live.calls, live.calls_since) = (true, since);
        self.next_call(row, 0);
    }

    /// The first call from the `from`-th on that the attempt makes, or its answer.
    fn next_call(&mut self, row: u32, from: u8) {
        let service = self.service(row);
        let calls = self.stations[service].calls.clone();
        let entity = self.entity(row);
        for place in usize::from(from)..calls.len() {
            let call = (calls.start + place) as u8;
            let entity = derived(entity, u64::from(call) << 32);
            let share = self.policies(call).share;
            if share < 1.0 && self.seed.uniform(Stream::CallShare, entity) >= share {
                continue;
            }
            if let Some(live) = self.live(row) {
                live.calls_place = place as u8;
            }
            return self.call_from(row, call, entity);
        }
        self.service_answers(row);
    }

    fn call_from(&mut self, parent: u32, call: u8, entity: u64) {
        let requests = &self.recording.requests;
        let (client, key) = (requests.client.get(parent), requests.key[parent as usize]);
        let kind = requests.kind(parent);
        let party = match self.policies(call).edge.caller {
            Caller::Service(service) => (self.target(parent) - self.stations[service].first) as u16,
            Caller::Client(_) => 0,
        };
        let row = self.draw(Draft { client, call, key, kind, entity });
        self.recording.requests.call_for(parent, row);
        let live = self.callers().lives.open(row, call, entity, entity);
        (live.parent, live.party) = (Some(parent), party);
        self.first_attempt(row, call, party);
    }

    /// A call is over; the attempt for whose sake it was made goes on, if it is still there.
    pub(super) fn service_call_over(&mut self, row: u32, well: bool) {
        let index = self.target(row);
        let slot = self.recording.requests.slot.get(row);
        if !self.instances[index].holds(slot, row) {
            return;
        }
        let Some(place) = self.live(row).filter(|live| live.calls).map(|live| live.calls_place) else { return };
        if well {
            return self.next_call(row, place + 1);
        }
        self.set_reason(row, Reason::CallFailed);
        self.service_answers(row);
    }

    /// The attempt gives up its slot and goes back.
    fn service_answers(&mut self, row: u32) {
        let index = self.target(row);
        let slot = self.recording.requests.slot.get(row);
        self.instances[index].leave(slot, row);
        self.stop_calling(row);
        self.answer(row);
        self.start_waiting(index);
    }

    /// Records how long the attempt's instance waited for those it called.
    pub(super) fn stop_calling(&mut self, row: u32) {
        let now = self.now;
        let Some(live) = self.live(row).filter(|live| live.calls) else { return };
        live.calls = false;
        let since = live.calls_since;
        self.recording.requests.calling.set(row, now - since);
    }
}
