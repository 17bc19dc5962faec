//! A request's way: to the balancer, to an instance, through its queue and slots, and back.

use sandtable_patterns::balancer::{Decision, Request};

use crate::random::{Stream, exponential};
use crate::recording::{NOWHERE, Reason};
use crate::traffic::Arrival;

use super::instance::{Job, Reception};
use super::{EventKind, Simulation, Way, duration};

/// A demand beyond this (146 years) is this: sums of times must stay within 64 bits.
const LONGEST_WORK: u64 = u64::MAX / 4;

impl Way {
    /// One way's time. A way without jitter costs no draw.
    #[inline]
    fn time(self, rng: impl FnOnce() -> f64) -> u64 {
        if self.jitter == 0.0 {
            return self.mean as u64;
        }
        (self.mean * (1.0 + self.jitter * (2.0 * rng() - 1.0))) as u64
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
        let Some(arrival) = self.sources[source].next else { return };
        // The next arrival first: a bounded number of them is ever held.
        let most = self.scenario.limits.requests as usize;
        self.sources[source].next = self.sources[source].process.next(self.seed, most, &mut self.events);
        self.send(source, arrival);
    }

    fn send(&mut self, source: usize, arrival: Arrival) {
        let seed = self.seed;
        let entity = arrival.entity;
        let from = &self.sources[source];
        let key = arrival.key.unwrap_or_else(|| from.keys.draw(&mut seed.generator(Stream::Keys, entity)));
        let (outer, inner) = (from.way, self.way);
        let requests = &mut self.recording.requests;
        let request = requests.len();
        requests.sent.push(self.now);
        requests.key.push(key);
        requests.instance.push(NOWHERE);
        requests.reason.push(Reason::None as u8);
        requests.client.set(request, source as u8);
        // What a request brings with it is drawn here, all of it, whatever then becomes of the request.
        let draw = |stream| move || seed.uniform(stream, entity);
        let to_balancer = outer.time(draw(Stream::WayToBalancer));
        requests.to_balancer.set(request, to_balancer);
        requests.to_instance.set(request, inner.time(draw(Stream::WayToInstance)));
        requests.back_to_balancer.set(request, inner.time(draw(Stream::WayBackToBalancer)));
        requests.back_to_client.set(request, outer.time(draw(Stream::WayBackToClient)));
        let demand = self.demand.draw(&mut seed.generator(Stream::Demand, entity));
        // Half a nanosecond up and cut off: `round` is a function call on some targets. The cast saturates.
        requests.work.set(request, ((demand + 0.5) as u64).min(LONGEST_WORK));
        if let Some(entities) = &mut self.entities {
            entities.push(entity);
        }
        self.under_way += 1;
        if to_balancer == 0 {
            self.at_balancer(request);
        } else {
            self.schedule(self.now + to_balancer, EventKind::AtBalancer, request);
        }
    }

    #[inline]
    fn entity(&self, request: u32) -> u64 {
        self.entities.as_ref().map_or(u64::from(request), |entities| entities[request as usize])
    }

    /// The balancer decides.
    #[inline]
    pub(super) fn at_balancer(&mut self, request: u32) {
        let now = self.instant();
        let key = self.recording.requests.key[request as usize];
        let key = if self.uses_keys { sandtable_patterns::hash::xxh64(&key.to_le_bytes(), 0) } else { key.into() };
        if self.probe.as_ref().is_some_and(|probe| probe.request == request) {
            self.look(now);
        }
        let mut rng = self.seed.generator(Stream::Balancer, self.entity(request));
        let decision = self.balancer.choose(now, &mut rng, &Request { key, tried: &[] });
        if let Some(probe) = self.probe.as_mut().filter(|probe| probe.request == request) {
            probe.decision = Some(match decision {
                Decision::Send(choice) => Ok(choice),
                Decision::Refuse(refusal) => Err(refusal),
            });
        }
        match decision {
            Decision::Send(choice) => {
                self.recording.requests.instance[request as usize] = choice.instance as u16;
                let way = self.recording.requests.to_instance.get(request);
                if way == 0 {
                    self.at_instance(request);
                } else {
                    self.schedule(self.now + way, EventKind::AtInstance, request);
                }
            }
            Decision::Refuse(_) => {
                let requests = &mut self.recording.requests;
                requests.to_instance.set(request, 0);
                requests.work.set(request, 0);
                requests.back_to_balancer.set(request, 0);
                requests.reason[request as usize] = Reason::NoInstance as u8;
                self.ended(request);
            }
        }
        self.follow_deadline();
    }

    fn look(&mut self, now: sandtable_patterns::Instant) {
        let views = (0..self.instances.len() as u32).map(|instance| self.balancer.view(now, instance)).collect();
        if let Some(probe) = &mut self.probe {
            probe.instances = views;
        }
    }

    #[inline]
    fn target(&self, request: u32) -> usize {
        usize::from(self.recording.requests.instance[request as usize])
    }

    /// The request has come to the instance chosen.
    #[inline]
    pub(super) fn at_instance(&mut self, request: u32) {
        let instance = self.target(request);
        match self.instances[instance].receive(request) {
            Reception::Starts(slot) => self.start(request, instance, slot),
            Reception::Queues => {
                // Until it starts, the row holds the moment at which the wait began.
                let waiting_since = self.now - self.recording.requests.sent[request as usize];
                self.recording.requests.wait.set(request, waiting_since);
            }
            Reception::Refuses => self.fell(request, Reason::ConnectionRefused, 0, 0),
            Reception::Sheds => self.fell(request, Reason::QueueFull, 0, 0),
        }
    }

    #[inline]
    fn start(&mut self, request: u32, instance: usize, slot: u16) {
        let demand = self.recording.requests.work.get(request);
        let finishes = self.instances[instance].start(self.now, slot, request, demand);
        self.recording.requests.slot.set(request, slot);
        self.schedule(finishes, EventKind::Finished, request);
    }

    /// An instance has done the work of a request, unless the event is stale.
    #[inline]
    pub(super) fn finished(&mut self, request: u32) {
        let index = self.target(request);
        let slot = self.recording.requests.slot.get(request);
        let Some(job) = self.instances[index].finish(self.now, slot, request) else { return };
        self.recording.requests.work.set(request, self.now - job.started);
        let share = self.instances[index].condition.error_share;
        if share > 0.0 && self.seed.uniform(Stream::Errors, self.entity(request)) < share {
            self.recording.requests.reason[request as usize] = Reason::Error as u8;
        }
        self.answer(request);
        self.start_waiting(index);
    }

    /// Begins the work of requests that wait, while there are free slots.
    #[inline]
    pub(super) fn start_waiting(&mut self, index: usize) {
        while let Some((slot, request)) = self.instances[index].next_waiting() {
            let waited = self.waited(request);
            self.recording.requests.wait.set(request, waited);
            self.start(request, index, slot);
        }
    }

    /// How long a waiting request has waited.
    #[inline]
    fn waited(&self, request: u32) -> u64 {
        let requests = &self.recording.requests;
        self.now - (requests.sent[request as usize] + requests.wait.get(request))
    }

    /// Takes everything an instance has in hand from it.
    pub(super) fn lose_all(&mut self, index: usize) {
        let (jobs, waiting) = self.instances[index].lose_all();
        for Job { request, started, .. } in jobs {
            let wait = self.recording.requests.wait.get(request);
            self.fell(request, Reason::ConnectionLost, wait, self.now - started);
        }
        for request in waiting {
            self.fell(request, Reason::ConnectionLost, self.waited(request), 0);
        }
    }

    /// A request ends at its instance without an answer; word of that goes back.
    fn fell(&mut self, request: u32, reason: Reason, wait: u64, work: u64) {
        let requests = &mut self.recording.requests;
        requests.reason[request as usize] = reason as u8;
        requests.wait.set(request, wait);
        requests.work.set(request, work);
        self.answer(request);
    }

    #[inline]
    fn answer(&mut self, request: u32) {
        let way = self.recording.requests.back_to_balancer.get(request);
        if way == 0 {
            self.back_at_balancer(request);
        } else {
            self.schedule(self.now + way, EventKind::BackAtBalancer, request);
        }
    }

    /// The answer, or word of the failure, passes the balancer, which learns from it.
    #[inline]
    pub(super) fn back_at_balancer(&mut self, request: u32) {
        let now = self.instant();
        let instance = self.target(request);
        let requests = &self.recording.requests;
        let asked = requests.sent[request as usize] + requests.to_balancer.get(request);
        let latency = duration(self.now - asked);
        let changes = if requests.reason(request) == Reason::None {
            self.balancer.on_success(now, instance as u32, latency)
        } else {
            self.balancer.on_failure(now, instance as u32, latency)
        };
        // Nearly always there are none.
        if !changes.is_empty() {
            self.recording.transitions.extend(changes);
        }
        self.follow_deadline();
        self.ended(request);
    }

    /// Nothing more happens to the request but its way back to the client.
    #[inline]
    fn ended(&mut self, request: u32) {
        self.under_way -= 1;
        let source = usize::from(self.recording.requests.client.get(request));
        if self.sources[source].users.is_some() {
            let at = self.now + self.recording.requests.back_to_client.get(request);
            let entity = self.entity(request);
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
        self.send(source, Arrival { time: self.now, entity, key: None });
    }
}

/// A user's request is keyed by whose it is and the how-manieth, not by when it came.
fn user_entity(source: usize, user: u32, asked: u32) -> u64 {
    (source as u64) << 56 | u64::from(user) << 32 | u64::from(asked)
}
