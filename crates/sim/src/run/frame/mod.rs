//! The state of every entity, and the place of every drawn request, at a moment.

mod calls;
mod instances;

use super::Run;
use crate::order::sorted;
use crate::recording::{Kind, Moments, Outcome, Reason};
use crate::time::{millis, nanos};

pub use calls::{BREAKER_STRIDE, CALL_STRIDE, CELL_STRIDE};
pub use instances::INSTANCE_STRIDE;

/// Number of scalars of a frame.
pub const SCALARS: usize = 14;
/// Numbers for each drawn request.
pub const REQUEST_STRIDE: usize = 8;
/// Numbers for each badge.
pub const BADGE_STRIDE: usize = 4;

/// Rates and tints are averages over this much simulated time: raw load strobes.
const SMOOTHING: u64 = 2_500_000_000;
/// At very high rates the average looks back over this many attempts at most.
const SMOOTHING_ATTEMPTS: u32 = 20_000;

/// A moment of a run, in flat columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// 0 time (ms), 1 requests under way, 2 one attempt in so many is drawn, 3 requests sent so far, 4 succeeded,
    /// 5 failed, 6 shed, 7 arrivals a second, 8 goodput a second, 9 share that succeeded of those that ended (NaN if
    /// none), 10 whether a balancer panics, 11 instances that take traffic, 12 attempts a second, 13 requests that
    /// pause before the next attempt. 7 to 9 and 12 are averages over the last 2.5 s.
    pub scalars: Vec<f64>,
    /// For each instance: 0 up, 1 status (0 healthy, 1 unhealthy, 2 ejected, 3 draining), 2 since when (ms, NaN
    /// from the start), 3 working, 4 waiting, 5 utilisation, 6 attempts a second, 7 health checks failed in a row,
    /// 8 faults (1 crash, 2 slow, 4 errors, 8 failing checks, 16 drain), 9 takes traffic, 10 of those working and
    /// waiting, how many nobody waits for any more, 11 of those working, how many wait for calls of their own, 12 whether
    /// the balancer of its service panics. 5 and 6 are averages.
    pub instances: Vec<f32>,
    /// For each drawn attempt: 0 number, 1 state, 2 instance (-1 none), 3 progress within the state, 4 slot or
    /// place in the queue, and of a stale answer for how long it has not been so (ms), 5 age of the request (ms), 6 call,
    /// 7 flags (1 a retry, 2 nobody waits for it any more, 4 it fell at the balancer, 8 it fell at its caller, 16 times
    /// the reason of one that fell, 256 a command, 512 a stale answer). States: 0 to the balancer, 1 to the instance,
    /// 2 waiting, 3 working, 4 answer to the balancer, 5 answer to the caller, 6 broken, 7 shed, 8 waiting in the
    /// bulkhead, 9 keeping its slot while its instance calls others, 10 pausing before the next attempt.
    pub requests: Vec<f32>,
    /// For each node and reason: 0 node (an instance; -1, -2, … the balancer of the first, second, … service;
    /// -100, -101, … the caller of the first, second, … call), 1 reason, 2 count within the linger time, 3 age of the
    /// newest (ms).
    pub badges: Vec<f32>,
    /// For each call: 0 attempts out that the caller waits for, 1 waiting in the bulkhead, 2 the bulkheads' limit
    /// (NaN without one), 3 their waiting places (NaN), 4 attempts a second, 5 calls a second (retries left out),
    /// 6 attempts a second that failed or were refused, 7 pausing before the next attempt. 4 to 6 are averages. Where
    /// several instances make the call, all are summed up; calls that share a pool each give its whole limit.
    pub calls: Vec<f32>,
    /// For each breaker: 0 state (0 closed, 1 open, 2 half-open, 3 forced open, 4 disabled), 1 since when (ms, NaN
    /// from the start), 2 when it lets calls through again (ms, NaN), 3 what its rule measures (percent, or failures),
    /// 4 the rule's threshold, 5 share of slow calls in percent (NaN), 6 their threshold (NaN where they don't
    /// matter), 7 calls in the window, 8 the least number of them that a rate takes, 9 trial calls that may still go,
    /// 10 under way, 11 answered, 12 succeeded, 13 needed to close, 14 refused since the last change, 15 number of its
    /// first cell, 16 number of its cells. Of more than 64 breakers, the rest tell 0 to 2 only, and no cells.
    pub breakers: Vec<f32>,
    /// The pieces of the breakers' windows, oldest first, each a call or a bucket of time: 0 calls, 1 failures,
    /// 2 slow ones.
    pub cells: Vec<f32>,
    /// For each shard of each store, counted through all stores: 0 keys, 1 presence (0 it has yet to join, 1 it is in
    /// the map, 2 it has left the map and still holds keys, 3 it is gone), 2 moves in which it sends keys, 3 moves in
    /// which it gets some, 4 its weight at the start.
    pub shards: Vec<f32>,
    /// For each read model of each pair of sides, counted through all pairs: 0 events in the log, 1 the event that it
    /// wants next, 2 events that it lacks, 3 how long the oldest of those has been there (ms), 4 queries that wait for it,
    /// 5 state (0 it follows the log, 1 stopped, 2 down, 3 it makes up for what it had before), 6 share of its answers
    /// that were stale, over the last 2.5 s (NaN where there were none, and of a shared model).
    pub models: Vec<f32>,
}

/// Where an attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum State {
    ToBalancer = 0,
    ToInstance,
    Waiting,
    Working,
    AnswerToBalancer,
    AnswerToCaller,
    Broken,
    Shed,
    Pooled,
    Calling,
    Pausing,
}

const UNWANTED: u16 = 2;
const AT_BALANCER: u16 = 4;
const AT_CALLER: u16 = 8;
/// Four flags are below it, and sixteen reasons fit in.
const REASON_SHIFT: u32 = 4;
const COMMAND: u16 = 256;
const STALE: u16 = 512;

/// Where something fell, as badges number it.
const BALANCERS: i32 = -1;
const CALLERS: i32 = -100;

/// An attempt to be drawn.
#[derive(Clone, Copy)]
struct Drawn {
    row: u32,
    state: State,
    progress: f32,
    flags: u16,
}

impl Run {
    /// The moment `t_ms` (clamped to the run). Requests that broke or were shed stay for `linger_ms`. When more
    /// than `most_drawn` are to be drawn, one in so many is, always the same ones.
    pub fn frame(&self, t_ms: f64, linger_ms: f64, most_drawn: u32) -> Frame {
        let t = nanos(t_ms).min(self.recording.end);
        let linger = nanos(linger_ms.clamp(0.0, 3_600_000.0));
        let mut sketch = Sketch::new(self, t, linger);
        let requests = &self.recording.requests;
        // Everything that is under way now, lingers, or counts for an average.
        self.index.under_way(requests, t.saturating_sub(linger.max(sketch.smoothing)), t, |row| sketch.add(row));
        sketch.into_frame(most_drawn.max(1))
    }

    /// Whether the balancer of a service was in a panic at `t`, about any group of its instances.
    pub(super) fn panics_at(&self, service: usize, t: u64) -> bool {
        let edges = self.panics.partition_point(|&(at, ..)| at <= t);
        let last = self.panics[..edges].iter().rev().find(|edge| edge.1 as usize == service);
        last.is_some_and(|&(.., groups)| groups > 0)
    }
}

/// A frame in the making.
struct Sketch<'a> {
    run: &'a Run,
    t: u64,
    linger: u64,
    smoothing: u64,
    drawn: Vec<Drawn>,
    nodes: Vec<instances::Node>,
    calls: Vec<calls::Call>,
    badges: Vec<(i32, Reason, u32, u64)>,
    ended: [u32; 3],
    attempts: u32,
}

impl<'a> Sketch<'a> {
    fn new(run: &'a Run, t: u64, linger: u64) -> Self {
        let requests = &run.recording.requests;
        let sent = run.index.sent_by(requests, t);
        let oldest = sent.checked_sub(SMOOTHING_ATTEMPTS).map_or(0, |row| requests.sent[row as usize]);
        Self {
            run,
            t,
            linger,
            smoothing: SMOOTHING.min(t - oldest.min(t)).max(1),
            drawn: Vec::new(),
            nodes: vec![instances::Node::default(); run.names.len()],
            calls: vec![calls::Call::default(); run.topology.edges.len()],
            badges: Vec::new(),
            ended: [0; 3],
            attempts: 0,
        }
    }

    fn add(&mut self, row: u32) {
        let requests = &self.run.recording.requests;
        let moments = requests.moments(row);
        let given_up = requests.given_up(row);
        self.average(row, &moments);
        let (fell, node) = self.fell(row, &moments);
        if fell <= self.t {
            self.fallen(row, fell, node);
        }
        if self.t < moments.freed {
            self.call_of(row).out += u32::from(moments.left <= self.t);
        }
        // One that fell is no longer under way, unless an instance goes on with it for nobody.
        if self.t < moments.ended && (fell > self.t || given_up) {
            self.place(row, &moments);
        }
        self.pause(row, &moments);
    }

    fn call_of(&mut self, row: u32) -> &mut calls::Call {
        &mut self.calls[usize::from(self.run.recording.requests.call.get(row))]
    }

    /// When an attempt broke or was shed, and at which node; `u64::MAX` for one that didn't.
    fn fell(&self, row: u32, moments: &Moments) -> (u64, i32) {
        let requests = &self.run.recording.requests;
        let call = usize::from(requests.call.get(row));
        let edge = &self.run.topology.edges[call];
        let balancer = BALANCERS - edge.to as i32;
        let caller = CALLERS - call as i32;
        match requests.reason(row) {
            Reason::None => (u64::MAX, 0),
            Reason::NoInstance => (moments.at_balancer, balancer),
            Reason::BreakerOpen if edge.breakers.len() > edge.parties => (moments.at_balancer, balancer),
            Reason::TimedOut | Reason::BreakerOpen | Reason::BulkheadFull | Reason::BulkheadWait => {
                (moments.freed, caller)
            }
            _ => (moments.finished, requests.instance(row).map_or(balancer, |instance| instance as i32)),
        }
    }

    fn average(&mut self, row: u32, moments: &Moments) {
        let since = self.t.saturating_sub(self.smoothing);
        let requests = &self.run.recording.requests;
        let recent = |at: u64| at <= self.t && at > since;
        if recent(moments.freed) && requests.ends_request(row) {
            self.ended[requests.outcome(row) as usize] += 1;
        }
        let failed = recent(moments.freed) && requests.outcome(row) != Outcome::Succeeded;
        let made = recent(moments.sent);
        let answered =
            recent(moments.finished) && requests.reason(row) == Reason::None && requests.kind(row) != Kind::Command;
        let first = requests.previous(row).is_none();
        self.attempts += u32::from(made);
        let call = self.call_of(row);
        call.made += u32::from(made);
        call.first += u32::from(made && first);
        call.failed += u32::from(failed);
        let Some(instance) = requests.instance(row) else { return };
        let node = &mut self.nodes[instance];
        node.busy += moments.finished.min(self.t).saturating_sub(moments.started.max(since));
        node.sent += u32::from(moments.at_balancer <= self.t && moments.at_balancer > since);
        if answered {
            node.answered(requests.stale.get(row) > 0);
        }
    }

    fn fallen(&mut self, row: u32, fell: u64, node: i32) {
        if self.t - fell >= self.linger {
            return;
        }
        let reason = self.run.recording.requests.reason(row);
        let state = if reason.outcome() == Outcome::Shed { State::Shed } else { State::Broken };
        let progress = (self.t - fell) as f32 / self.linger as f32;
        let flags = match node {
            0.. => 0,
            _ if node > CALLERS => AT_BALANCER,
            _ => AT_CALLER,
        };
        let flags = flags | u16::from(reason as u8) << REASON_SHIFT;
        self.drawn.push(Drawn { row, state, progress, flags });
        match self.badges.iter_mut().find(|badge| (badge.0, badge.1) == (node, reason)) {
            Some(badge) => {
                badge.2 += 1;
                badge.3 = badge.3.max(fell);
            }
            None => self.badges.push((node, reason, 1, fell)),
        }
    }

    fn place(&mut self, row: u32, moments: &Moments) {
        let stages = [
            (State::Pooled, moments.sent, moments.left),
            (State::ToBalancer, moments.left, moments.at_balancer),
            (State::ToInstance, moments.at_balancer, moments.at_instance),
            (State::Waiting, moments.at_instance, moments.started),
            (State::Working, moments.started, moments.worked),
            (State::Calling, moments.worked, moments.finished),
            (State::AnswerToBalancer, moments.finished, moments.back_at_balancer),
            (State::AnswerToCaller, moments.back_at_balancer, moments.ended),
        ];
        let Some(&(state, from, until)) = stages.iter().find(|&&(_, _, until)| self.t < until) else { return };
        let progress = (self.t - from) as f32 / (until - from) as f32;
        let unwanted = moments.freed <= self.t;
        match state {
            State::Pooled => self.call_of(row).waiting.push((moments.sent, row)),
            State::Waiting | State::Working | State::Calling => {
                if let Some(instance) = self.run.recording.requests.instance(row) {
                    self.nodes[instance].holds(state, moments.at_instance, row, unwanted);
                }
            }
            _ => {}
        }
        self.drawn.push(Drawn { row, state, progress, flags: if unwanted { UNWANTED } else { 0 } });
    }

    /// Between one attempt and the next the request waits at its caller.
    fn pause(&mut self, row: u32, moments: &Moments) {
        let requests = &self.run.recording.requests;
        let Some(next) = requests.next(row) else { return };
        let again = requests.sent[next as usize];
        if (moments.freed..again).contains(&self.t) {
            self.call_of(row).pausing += 1;
            let progress = (self.t - moments.freed) as f32 / (again - moments.freed) as f32;
            self.drawn.push(Drawn { row, state: State::Pausing, progress, flags: AT_CALLER });
        }
    }

    fn into_frame(mut self, most_drawn: u32) -> Frame {
        let every = (self.drawn.len() as u32).div_ceil(most_drawn).max(1);
        let queues = self.nodes.iter_mut().map(|node| &mut node.queue);
        for queue in queues.chain(self.calls.iter_mut().map(|call| &mut call.waiting)) {
            *queue = sorted(std::mem::take(queue));
        }
        let instances = self.instance_rows();
        let newest = |&(node, reason, count, fell): &(i32, Reason, u32, u64)| {
            [node as f32, f32::from(reason as u8), count as f32, millis(self.t - fell) as f32]
        };
        let (breakers, cells) = self.breaker_rows();
        Frame {
            scalars: self.scalars(every, &instances),
            requests: self.request_rows(every),
            badges: self.badges.iter().flat_map(newest).collect(),
            calls: self.call_rows(),
            instances,
            breakers,
            cells,
            #[cfg(feature = "stores")]
            shards: self.run.shard_rows(self.t),
            #[cfg(not(feature = "stores"))]
            shards: Vec::new(),
            #[cfg(feature = "stores")]
            models: self.run.model_rows(self.t, |node| self.nodes[node].stale_share()),
            #[cfg(not(feature = "stores"))]
            models: Vec::new(),
        }
    }

    fn request_rows(&self, every: u32) -> Vec<f32> {
        let requests = &self.run.recording.requests;
        let mut rows = Vec::with_capacity(self.drawn.len() / every as usize * REQUEST_STRIDE + REQUEST_STRIDE);
        for &Drawn { row, state, progress, flags } in self.drawn.iter().filter(|drawn| drawn.row % every == 0) {
            // Before the decision an attempt has no instance, whatever it will turn out to be.
            let decided = !matches!(state, State::Pooled | State::ToBalancer) && flags & AT_CALLER == 0;
            let instance = requests.instance(row).filter(|_| decided);
            let (fresh, stale) = self.freshness(row, state);
            let place = match (state, instance) {
                (State::Working | State::Calling, _) => f32::from(requests.slot.get(row)),
                (State::Waiting, Some(instance)) => {
                    place_in(&self.nodes[instance].queue, (requests.moments(row).at_instance, row))
                }
                (State::Pooled, _) => {
                    let call = usize::from(requests.call.get(row));
                    place_in(&self.calls[call].waiting, (requests.sent[row as usize], row))
                }
                _ => stale,
            };
            let age = millis(self.t - requests.sent[requests.first(row) as usize]) as f32;
            let retry = u16::from(requests.previous(row).is_some());
            let command = if requests.kind(row) == Kind::Command { COMMAND } else { 0 };
            let instance = instance.map_or(-1.0, |instance| instance as f32);
            let call = f32::from(requests.call.get(row));
            rows.extend([row as f32, f32::from(state as u8), instance, progress, place, age, call]);
            rows.push(f32::from(flags | retry | command | fresh));
        }
        rows
    }

    /// Of an answer on its way back, its flag, and for how long it has not been so (ms); both 0 where it is the latest.
    fn freshness(&self, row: u32, state: State) -> (u16, f32) {
        match (state, self.run.recording.requests.stale.get(row)) {
            (State::AnswerToBalancer | State::AnswerToCaller, age @ 1..) => (STALE, millis(age) as f32),
            _ => (0, 0.0),
        }
    }

    fn scalars(&self, every: u32, instances: &[f32]) -> Vec<f64> {
        let requests = &self.run.recording.requests;
        let sent = self.run.index.begun_by(requests, self.t);
        let [succeeded, failed, shed] = self.run.index.ended_by(requests, self.t);
        let before = self.run.index.begun_by(requests, self.t - self.smoothing.min(self.t));
        let window_s = self.smoothing as f64 / 1e9;
        let ended: u32 = self.ended.iter().sum();
        let good = f64::from(self.ended[Outcome::Succeeded as usize]);
        let taking = instances.chunks(INSTANCE_STRIDE).filter(|row| row[9] > 0.0).count();
        let pausing: u32 = self.calls.iter().map(|call| call.pausing).sum();
        vec![
            millis(self.t),
            f64::from(sent - succeeded - failed - shed),
            f64::from(every),
            f64::from(sent),
            f64::from(succeeded),
            f64::from(failed),
            f64::from(shed),
            f64::from(sent - before) / window_s,
            good / window_s,
            if ended == 0 { f64::NAN } else { good / f64::from(ended) },
            f64::from(u8::from(instances.chunks(INSTANCE_STRIDE).any(|row| row[12] > 0.0))),
            taking as f64,
            f64::from(self.attempts) / window_s,
            f64::from(pausing),
        ]
    }
}

/// The place in a queue in which an attempt waits.
fn place_in(queue: &[(u64, u32)], own: (u64, u32)) -> f32 {
    queue.binary_search(&own).unwrap_or_else(|place| place) as f32
}
