//! An attempt's way: to the balancer, to an instance, through its queue and slots, and back.

use std::time::Duration;

use sandtable_patterns::balancer::{Decision, Refusal, Request};

use crate::random::{Seed, Stream, exponential};
use crate::recording::{Kind, NOWHERE, Reason};
use crate::traffic::Arrival;

use super::instance::{Job, Reception};
use super::{EventKind, Simulation, Source, Way};

/// A demand beyond this (146 years) is this: sums of times must stay within 64 bits.
const LONGEST_WORK: u64 = u64::MAX / 4;

/// What an attempt is, before it has a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    pub(super) client: u8,
    pub(super) call: u8,
    pub(super) key: u32,
    pub(super) kind: Kind,
    /// What its draws are keyed by.
    pub(super) entity: u64,
}

impl Way {
    /// One way's time. A way without jitter costs no draw.
    #[inline]
    fn time(self, rng: impl FnOnce() -> f64) -> u64 {
        if self.jitter == 0.0 {
            return self.fixed;
        }
        // Through the type with a sign, to which processors convert in one step; no way is that long.
        (self.mean * (1.0 + self.jitter * (2.0 * rng() - 1.0))) as i64 as u64
    }
}

impl Source {
    /// Whether a request is a command or a query.
    fn kind(&self, seed: Seed, entity: u64) -> Kind {
        if self.commands > 0.0 && seed.uniform(Stream::Command, entity) < self.commands {
            Kind::Command
        } else if self.all_shards > 0.0 && seed.uniform(Stream::AllShards, entity) < self.all_shards {
            Kind::AllShards
        } else {
            Kind::Query
        }
    }

    /// Which of its calls a client's request makes.
    fn call(&self, draw: impl FnOnce() -> f64) -> u8 {
        let place = match self.shares.len() {
            0 => 0,
            calls => {
                let drawn = draw();
                self.shares.partition_point(|&share| share <= drawn).min(calls - 1)
            }
        };
        (self.calls.start + place) as u8
    }
}

impl Simulation {
    pub(super) fn start_sources(&mut self) {
        let most = self.scenario.limits.requests as usize;
        for index in 0..self.sources.len() {
            self.sources[index].next = self.sources[index].process.next(self.seed, most, &mut self.events);
            let Some(users) = &self.sources[index].users else { continue };
            for user in users.first..users.first + users.asked.len() as u32 {
                self.user_thinks(index, user, 0);
            }
        }
    }

    /// A request leaves its client.
    #[inline]
    pub(super) fn arrive(&mut self, source: usize, time: u64) {
        self.now = time;
        let most = self.scenario.limits.requests as usize;
        let from = &mut self.sources[source];
        let Some(Arrival { entity, key, .. }) = from.next else { return };
        // The next arrival first: a bounded number of them is ever held.
        from.next = from.process.next(self.seed, most, &mut self.events);
        self.send(source, entity, key);
    }

    fn send(&mut self, source: usize, entity: u64, key: Option<u32>) {
        let seed = self.seed;
        let from = &self.sources[source];
        let key = key.unwrap_or_else(|| from.keys.draw(&mut seed.generator(Stream::Keys, entity)));
        let call = from.call(|| seed.uniform(Stream::CallShare, entity));
        let kind = from.kind(seed, entity);
        let row = self.draw(Draft { client: source as u8, call, key, kind, entity });
        if let Some(entities) = &mut self.entities {
            entities.push(entity);
        }
        if self.callers.is_some() {
            self.client_calls(row, call, entity);
        } else {
            self.under_way += 1;
            self.set_out(row);
        }
    }

    /// A row for an attempt. What it brings with it is drawn here, all of it, whatever then becomes of it.
    pub(super) fn draw(&mut self, draft: Draft) -> u32 {
        let Draft { client, call, key, kind, entity } = draft;
        let drawn = self.seed.entity(entity);
        let edge = self.edges[usize::from(call)];
        let station = &self.stations[edge.to];
        let (outer, inner) = (edge.way, station.way);
        let requests = &mut self.recording.requests;
        let row = requests.len();
        requests.sent.push(self.now);
        requests.key.push(key);
        requests.instance.push(NOWHERE);
        requests.reason.push(Reason::None);
        requests.client.push(row, client);
        requests.call.push(row, call);
        requests.kind.push(row, kind as u8);
        let draw = |stream| move || drawn.uniform(stream);
        requests.to_balancer.push(row, outer.time(draw(Stream::WayToBalancer)));
        requests.to_instance.push(row, inner.time(draw(Stream::WayToInstance)));
        requests.back_to_balancer.push(row, inner.time(draw(Stream::WayBackToBalancer)));
        requests.back_to_client.push(row, outer.time(draw(Stream::WayBackToClient)));
        let demand = station.demand_of(kind).draw(&mut drawn.generator(Stream::Demand));
        // Half a nanosecond up and cut off: `round` is a function call on some targets. The cast saturates.
        requests.work.push(row, ((demand + 0.5) as i64 as u64).min(LONGEST_WORK));
        row
    }

    /// An attempt leaves its caller.
    #[inline]
    pub(super) fn set_out(&mut self, row: u32) {
        let way = self.recording.requests.to_balancer.get(row);
        if way == 0 {
            self.at_balancer(row);
        } else {
            self.schedule(self.now + way, EventKind::AtBalancer, row);
        }
    }

    /// What the draws of an attempt are keyed by.
    #[inline]
    pub(super) fn entity(&self, row: u32) -> u64 {
        if let Some(live) = self.callers.as_ref().and_then(|callers| callers.lives.get(row)) {
            return live.entity;
        }
        self.entities.as_ref().map_or(u64::from(row), |entities| entities[row as usize])
    }

    /// The service that an attempt calls.
    #[inline]
    pub(super) fn service(&self, row: u32) -> usize {
        self.edges[usize::from(self.recording.requests.call.get(row))].to
    }

    /// The balancer decides.
    #[inline]
    pub(super) fn at_balancer(&mut self, row: u32) {
        if self.cancels && self.drop_at_balancer(row) {
            return;
        }
        let service = self.service(row);
        #[cfg(feature = "stores")]
        if self.stored && self.routed_by_data(row, service) {
            return;
        }
        if self.probe.as_ref().is_some_and(|probe| probe.row == row) {
            self.look(service);
        }
        let decision = if self.callers.is_some() {
            self.choose_with_policies(row, service)
        } else {
            self.choose(row, service, self.entity(row), &[])
        };
        if let Some(probe) = self.probe.as_mut().filter(|probe| probe.row == row) {
            probe.decision = Some(match decision {
                Decision::Send(choice) => Ok(choice),
                Decision::Refuse(refusal) => Err(refusal),
            });
        }
        match decision {
            Decision::Send(choice) => {
                let instance = self.stations[service].first as u32 + choice.instance;
                self.recording.requests.instance[row as usize] = instance as u16;
                let way = self.recording.requests.to_instance.get(row);
                if way == 0 {
                    self.at_instance(row);
                } else {
                    self.schedule(self.now + way, EventKind::AtInstance, row);
                }
            }
            Decision::Refuse(refusal) => self.refused_at_balancer(row, refusal),
        }
        self.follow_deadline(service);
    }

    /// One choice of the balancer, which then counts the attempt as outstanding.
    #[inline]
    pub(super) fn choose(&mut self, row: u32, service: usize, entity: u64, tried: &[u32]) -> Decision {
        let now = self.instant();
        let key = self.recording.requests.key[row as usize];
        let mut rng = self.seed.generator(Stream::Balancer, entity);
        let station = &mut self.stations[service];
        let key = if station.uses_keys { sandtable_patterns::hash::xxh64(&key.to_le_bytes(), 0) } else { key.into() };
        let Some(balancer) = station.balancer_mut() else { return Decision::Refuse(Refusal::AllTried) };
        balancer.choose(now, &mut rng, &Request { key, tried })
    }

    pub(super) fn refused_at_balancer(&mut self, row: u32, refusal: Refusal) {
        let requests = &mut self.recording.requests;
        requests.to_instance.set(row, 0);
        requests.work.set(row, 0);
        requests.back_to_balancer.set(row, 0);
        // Only breakers make the engine exclude all instances: a retry with nowhere else to go may go anywhere.
        let reason = if refusal == Refusal::AllTried { Reason::BreakerOpen } else { Reason::NoInstance };
        self.set_reason(row, reason);
        self.left_service(row);
    }

    fn look(&mut self, service: usize) {
        let now = self.instant();
        let station = &self.stations[service];
        let Some(balancer) = station.balancer() else { return };
        let views = (0..station.count as u32).map(|instance| balancer.view(now, instance)).collect();
        if let Some(probe) = &mut self.probe {
            probe.instances = views;
        }
    }

    #[inline]
    pub(super) fn target(&self, row: u32) -> usize {
        usize::from(self.recording.requests.instance[row as usize])
    }

    /// How an attempt ended, unless its caller has given it up before.
    pub(super) fn set_reason(&mut self, row: u32, reason: Reason) {
        if !self.recording.requests.given_up(row) {
            self.recording.requests.reason[row as usize] = reason;
        }
    }

    /// The attempt has come to the instance chosen.
    #[inline]
    pub(super) fn at_instance(&mut self, row: u32) {
        if self.cancels && self.drop_at_instance(row) {
            return;
        }
        #[cfg(feature = "stores")]
        if self.stored && self.query_waits(row) {
            return;
        }
        let instance = self.target(row);
        match self.receive(row, instance) {
            Reception::Starts(slot) => self.start(row, instance, slot),
            Reception::Queues => {
                // Until it starts, the row holds the moment at which the wait began.
                let waiting_since = self.now - self.recording.requests.sent[row as usize];
                self.recording.requests.wait.set(row, waiting_since);
            }
            Reception::Refuses => self.fell(row, Reason::ConnectionRefused, 0, 0),
            Reception::Sheds => self.fell(row, Reason::QueueFull, 0, 0),
        }
    }

    #[inline]
    fn receive(&mut self, row: u32, instance: usize) -> Reception {
        #[cfg(feature = "stores")]
        if self.stored
            && let Some(received) = self.received_locked(row, instance)
        {
            return received;
        }
        self.instances[instance].receive(row)
    }

    #[inline]
    pub(super) fn start(&mut self, row: u32, instance: usize, slot: u16) {
        #[cfg(feature = "stores")]
        if self.stored && !self.work_begins(row) {
            return;
        }
        let demand = self.recording.requests.work.get(row);
        let finishes = self.instances[instance].start(self.now, slot, row, demand);
        self.recording.requests.slot.set(row, slot);
        self.schedule(finishes, EventKind::Finished, row);
    }

    /// An instance has done the work of an attempt, unless the event is stale.
    #[inline]
    pub(super) fn finished(&mut self, row: u32) {
        let index = self.target(row);
        let slot = self.recording.requests.slot.get(row);
        let calls = self.nested && !self.stations[usize::from(self.home[index])].calls.is_empty();
        let instance = &mut self.instances[index];
        let done = if calls { instance.call(self.now, slot, row) } else { instance.finish(self.now, slot, row) };
        let Some(job) = done else { return };
        self.recording.requests.work.set(row, self.now - job.started);
        let share = self.instances[index].condition.error_share;
        if share > 0.0 && self.seed.uniform(Stream::Errors, self.entity(row)) < share {
            self.set_reason(row, Reason::Error);
            if calls {
                self.instances[index].leave(slot, row);
            }
        } else if self.stored {
            let reason = self.takes_effect(row);
            self.set_reason(row, reason);
            if calls {
                return self.service_calls(row);
            }
        } else if calls {
            return self.service_calls(row);
        }
        self.answer(row);
        self.start_waiting(index);
    }

    /// Begins the work of attempts that wait, while there are free slots.
    #[inline]
    pub(super) fn start_waiting(&mut self, index: usize) {
        while let Some((slot, row)) = self.instances[index].next_waiting() {
            let waited = self.waited(row);
            self.recording.requests.wait.set(row, waited);
            self.start(row, index, slot);
        }
    }

    /// How long a waiting attempt has waited.
    #[inline]
    pub(super) fn waited(&self, row: u32) -> u64 {
        let requests = &self.recording.requests;
        self.now - (requests.sent[row as usize] + requests.wait.get(row))
    }

    /// Takes everything an instance has in hand from it.
    pub(super) fn lose_all(&mut self, index: usize) {
        let (jobs, waiting) = self.instances[index].lose_all();
        for Job { request: row, started, finishes } in jobs {
            let wait = self.recording.requests.wait.get(row);
            if finishes == u64::MAX {
                self.stop_calling(row);
                let worked = self.recording.requests.work.get(row);
                self.fell(row, Reason::ConnectionLost, wait, worked);
            } else {
                self.fell(row, Reason::ConnectionLost, wait, self.now - started);
            }
        }
        for row in waiting {
            self.fell(row, Reason::ConnectionLost, self.waited(row), 0);
        }
    }

    /// An attempt ends at its instance without an answer; word of that goes back.
    pub(super) fn fell(&mut self, row: u32, reason: Reason, wait: u64, work: u64) {
        self.set_reason(row, reason);
        let requests = &mut self.recording.requests;
        requests.wait.set(row, wait);
        requests.work.set(row, work);
        self.answer(row);
    }

    #[inline]
    pub(super) fn answer(&mut self, row: u32) {
        let way = self.recording.requests.back_to_balancer.get(row);
        if way == 0 {
            self.back_at_balancer(row);
        } else {
            self.schedule(self.now + way, EventKind::BackAtBalancer, row);
        }
    }

    /// The answer, or word of the failure, passes the balancer, which learns from it.
    #[inline]
    pub(super) fn back_at_balancer(&mut self, row: u32) {
        if self.callers.is_none() || self.balancer_waits(row) {
            self.tell_balancer(row, self.recording.requests.reason(row) == Reason::None);
        }
        self.left_service(row);
    }

    /// The balancer learns how an attempt went that it sent somewhere.
    #[inline]
    pub(super) fn tell_balancer(&mut self, row: u32, well: bool) {
        let now = self.instant();
        let service = self.service(row);
        let instance = self.target(row);
        let requests = &self.recording.requests;
        let asked = requests.sent[row as usize] + requests.pooled.get(row) + requests.to_balancer.get(row);
        let station = &mut self.stations[service];
        let first = station.first;
        let Some(balancer) = station.balancer_mut() else { return };
        let local = (instance - first) as u32;
        // A division of 64 bits takes longer than most policies: spared where nobody reads it.
        let latency = || Duration::from_nanos(self.now - asked);
        let latency = if balancer.uses_latency() { latency() } else { Duration::ZERO };
        let changes = if requests.given_up(row) {
            // It was given up before it came to the balancer.
            balancer.on_abandoned(now, local)
        } else if well {
            balancer.on_success(now, local, latency)
        } else {
            balancer.on_failure(now, local, latency)
        };
        self.note(service, changes);
        self.follow_deadline(service);
    }

    /// Nothing more happens to the attempt but its way back to the caller.
    pub(super) fn left_service(&mut self, row: u32) {
        #[cfg(feature = "stores")]
        if self.stored && self.part_over(row) {
            return;
        }
        let way = self.recording.requests.back_to_client.get(row);
        if self.callers.is_some() {
            // What fell at once comes back as an event of its own, also where no time passes: a bulkhead lets in the
            // next with each that comes back, and a long queue of them would use up the stack.
            if way == 0 && self.recording.requests.served(row) {
                self.at_caller(row);
            } else {
                self.schedule(self.now + way, EventKind::AtCaller, row);
            }
            return;
        }
        self.under_way -= 1;
        if !self.asked_by_users {
            return;
        }
        self.user_answered(row, self.now + way, self.entities.as_ref().map_or(0, |entities| entities[row as usize]));
    }

    /// A request has ended for its client; if that is a user, it goes on to think.
    pub(super) fn user_answered(&mut self, row: u32, at: u64, entity: u64) {
        let source = usize::from(self.recording.requests.client.get(row));
        if self.sources[source].users.is_some() {
            self.user_thinks(source, (entity >> 32) as u32 & 0xff_ffff, at);
        }
    }

    /// A user has its answer at `from`, thinks, and asks again.
    pub(super) fn user_thinks(&mut self, source: usize, user: u32, from: u64) {
        let Some(users) = &self.sources[source].users else { return };
        let asked = users.asked[(user - users.first) as usize];
        let entity = user_entity(source, user, asked);
        let think = users.think * exponential(&mut self.seed.generator(Stream::Think, entity));
        let hurry = users.surges.at(from as f64);
        let at = from.saturating_add((think / hurry).round() as u64);
        if at < self.duration {
            self.schedule(at, EventKind::UserAsks, user);
        }
    }

    pub(super) fn user_asks(&mut self, user: u32) {
        let holds = |source: &super::Source| {
            source
                .users
                .as_ref()
                .is_some_and(|users| (users.first..users.first + users.asked.len() as u32).contains(&user))
        };
        let Some(source) = self.sources.iter().position(holds) else { return };
        let Some(users) = &mut self.sources[source].users else { return };
        let asked = &mut users.asked[(user - users.first) as usize];
        let entity = user_entity(source, user, *asked);
        *asked += 1;
        self.send(source, entity, None);
    }
}

/// A user's request is keyed by whose it is and the how-manieth, not by when it came.
fn user_entity(source: usize, user: u32, asked: u32) -> u64 {
    (source as u64) << 56 | u64::from(user) << 32 | u64::from(asked)
}
