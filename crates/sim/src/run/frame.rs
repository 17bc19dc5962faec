//! The state of every entity, and the place of every drawn request, at a moment.

use super::Run;
use crate::engine::faults::holds;
use crate::order::sorted;
use crate::recording::{Moments, Outcome, Reason};
use crate::scenario::FaultKind;
use crate::time::{millis, nanos};

/// Number of scalars of a frame.
pub const SCALARS: usize = 12;
/// Numbers for each instance.
pub const INSTANCE_STRIDE: usize = 10;
/// Numbers for each drawn request.
pub const REQUEST_STRIDE: usize = 6;
/// Numbers for each badge.
pub const BADGE_STRIDE: usize = 4;

/// Rates and tints are averages over this much simulated time: raw load strobes.
const SMOOTHING: u64 = 2_500_000_000;
/// At very high rates the average looks back over this many requests at most.
const SMOOTHING_REQUESTS: u32 = 20_000;

/// A moment of a run, in flat columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// 0 time (ms), 1 requests under way, 2 one request in so many is drawn, 3 sent so far, 4 succeeded, 5 failed,
    /// 6 shed, 7 arrivals a second, 8 goodput a second, 9 share that succeeded of those that ended (NaN if none),
    /// 10 whether the balancer panics, 11 instances that take traffic. 7 to 9 are averages over the last 2.5 s.
    pub scalars: Vec<f64>,
    /// For each instance: 0 up, 1 status (0 healthy, 1 unhealthy, 2 ejected, 3 draining), 2 since when (ms, NaN
    /// from the start), 3 working, 4 waiting, 5 utilisation, 6 requests a second, 7 health checks failed in a row,
    /// 8 faults (1 crash, 2 slow, 4 errors, 8 failing checks, 16 drain), 9 takes traffic. 5 and 6 are averages.
    pub instances: Vec<f32>,
    /// For each drawn request: 0 number, 1 state, 2 instance (-1 none), 3 progress within the state, 4 slot or
    /// place in the queue, 5 age (ms). States: 0 to the balancer, 1 to the instance, 2 waiting, 3 working,
    /// 4 answer to the balancer, 5 answer to the client, 6 broken, 7 shed.
    pub requests: Vec<f32>,
    /// For each node and reason: 0 node (-1 balancer), 1 reason, 2 count within the linger time, 3 age of the
    /// newest (ms).
    pub badges: Vec<f32>,
}

/// Where a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum State {
    ToBalancer = 0,
    ToInstance,
    Waiting,
    Working,
    AnswerToBalancer,
    AnswerToClient,
    Broken,
    Shed,
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
        self.index.under_way(requests, t.saturating_sub(linger.max(sketch.smoothing)), t, |request| {
            sketch.add(request);
        });
        sketch.into_frame(most_drawn.max(1))
    }
}

/// A frame in the making.
struct Sketch<'a> {
    run: &'a Run,
    t: u64,
    linger: u64,
    smoothing: u64,
    drawn: Vec<(u32, State, f32)>,
    under_way: u32,
    nodes: Vec<Node>,
    queues: Vec<Vec<(u64, u32)>>,
    badges: Vec<(i32, Reason, u32, u64)>,
    ended: [u32; 3],
}

#[derive(Clone, Copy, Default)]
struct Node {
    working: u32,
    waiting: u32,
    busy: u64,
    sent: u32,
}

impl<'a> Sketch<'a> {
    fn new(run: &'a Run, t: u64, linger: u64) -> Self {
        let requests = &run.recording.requests;
        let sent = run.index.sent_by(requests, t);
        let oldest = sent.checked_sub(SMOOTHING_REQUESTS).map_or(0, |row| requests.sent[row as usize]);
        let count = run.names.len();
        Self {
            run,
            t,
            linger,
            smoothing: SMOOTHING.min(t - oldest.min(t)).max(1),
            drawn: Vec::new(),
            under_way: 0,
            nodes: vec![Node::default(); count],
            queues: vec![Vec::new(); count],
            badges: Vec::new(),
            ended: [0; 3],
        }
    }

    fn add(&mut self, request: u32) {
        let moments = self.run.recording.requests.moments(request);
        self.average(request, &moments);
        if self.t < moments.ended {
            self.under_way += 1;
        }
        let fell = self.fell(request, &moments);
        if fell <= self.t && fell != u64::MAX {
            self.fallen(request, fell);
        } else if self.t < moments.ended {
            self.place(request, &moments);
        }
    }

    /// When a request broke or was shed, at the node that did it; `u64::MAX` for one that didn't.
    fn fell(&self, request: u32, moments: &Moments) -> u64 {
        match self.run.recording.requests.reason(request) {
            Reason::None => u64::MAX,
            Reason::NoInstance => moments.at_balancer,
            _ => moments.finished,
        }
    }

    fn average(&mut self, request: u32, moments: &Moments) {
        let since = self.t - self.smoothing;
        let requests = &self.run.recording.requests;
        if moments.ended <= self.t && moments.ended > since {
            self.ended[requests.outcome(request) as usize] += 1;
        }
        let Some(instance) = requests.instance(request) else { return };
        let node = &mut self.nodes[instance];
        node.busy += moments.finished.min(self.t).saturating_sub(moments.started.max(since));
        if moments.at_balancer <= self.t && moments.at_balancer > since {
            node.sent += 1;
        }
    }

    fn fallen(&mut self, request: u32, fell: u64) {
        if self.t - fell >= self.linger {
            return;
        }
        let requests = &self.run.recording.requests;
        let reason = requests.reason(request);
        let shed = reason.outcome() == Outcome::Shed;
        let progress = (self.t - fell) as f32 / self.linger as f32;
        self.drawn.push((request, if shed { State::Shed } else { State::Broken }, progress));
        let node = requests.instance(request).map_or(-1, |instance| instance as i32);
        match self.badges.iter_mut().find(|badge| (badge.0, badge.1) == (node, reason)) {
            Some(badge) => {
                badge.2 += 1;
                badge.3 = badge.3.max(fell);
            }
            None => self.badges.push((node, reason, 1, fell)),
        }
    }

    fn place(&mut self, request: u32, moments: &Moments) {
        let stages = [
            (State::ToBalancer, moments.sent, moments.at_balancer),
            (State::ToInstance, moments.at_balancer, moments.at_instance),
            (State::Waiting, moments.at_instance, moments.started),
            (State::Working, moments.started, moments.finished),
            (State::AnswerToBalancer, moments.finished, moments.back_at_balancer),
            (State::AnswerToClient, moments.back_at_balancer, moments.ended),
        ];
        let Some(&(state, from, until)) = stages.iter().find(|&&(_, _, until)| self.t < until) else { return };
        let progress = (self.t - from) as f32 / (until - from) as f32;
        if let Some(instance) = self.run.recording.requests.instance(request) {
            match state {
                State::Waiting => {
                    self.nodes[instance].waiting += 1;
                    self.queues[instance].push((moments.at_instance, request));
                }
                State::Working => self.nodes[instance].working += 1,
                _ => {}
            }
        }
        self.drawn.push((request, state, progress));
    }

    fn into_frame(mut self, most_drawn: u32) -> Frame {
        let every = (self.drawn.len() as u32).div_ceil(most_drawn).max(1);
        for queue in &mut self.queues {
            *queue = sorted(std::mem::take(queue));
        }
        let requests = self.request_rows(every);
        let instances = self.instance_rows();
        let newest = |&(node, reason, count, fell): &(i32, Reason, u32, u64)| {
            [node as f32, f32::from(reason as u8), count as f32, millis(self.t - fell) as f32]
        };
        Frame {
            scalars: self.scalars(every, &instances),
            badges: self.badges.iter().flat_map(newest).collect(),
            instances,
            requests,
        }
    }

    fn request_rows(&self, every: u32) -> Vec<f32> {
        let requests = &self.run.recording.requests;
        let mut rows = Vec::with_capacity(self.drawn.len() / every as usize * REQUEST_STRIDE + REQUEST_STRIDE);
        for &(request, state, progress) in self.drawn.iter().filter(|(request, ..)| request % every == 0) {
            // Before the decision a request has no instance, whatever it will turn out to be.
            let decided = state != State::ToBalancer;
            let instance = requests.instance(request).filter(|_| decided);
            let place = match (state, instance) {
                (State::Working, _) => f32::from(requests.slot.get(request)),
                (State::Waiting, Some(instance)) => {
                    let at = requests.moments(request).at_instance;
                    let place = self.queues[instance].binary_search(&(at, request));
                    place.unwrap_or_else(|place| place) as f32
                }
                _ => 0.0,
            };
            let age = millis(self.t - requests.sent[request as usize]) as f32;
            let instance = instance.map_or(-1.0, |instance| instance as f32);
            rows.extend([request as f32, f32::from(state as u8), instance, progress, place, age]);
        }
        rows
    }

    fn instance_rows(&self) -> Vec<f32> {
        let concurrency = f64::from(self.run.scenario.services[0].instances.concurrency);
        let failed_checks = self.failed_checks();
        let panics = self.panics();
        let mut rows = Vec::with_capacity(self.nodes.len() * INSTANCE_STRIDE);
        for (index, node) in self.nodes.iter().enumerate() {
            let band = self.run.band_at(index as u32, self.t);
            let since = if band.from == 0 { f32::NAN } else { band.from_ms as f32 };
            let utilisation = node.busy as f64 / self.smoothing as f64 / concurrency;
            let rate = f64::from(node.sent) / (self.smoothing as f64 / 1e9);
            let status = band.status as u8;
            let takes_traffic = status == 0 || (panics && status != super::BandStatus::Draining as u8);
            rows.extend([
                f32::from(u8::from(band.up)),
                f32::from(status),
                since,
                node.working as f32,
                node.waiting as f32,
                utilisation as f32,
                rate as f32,
                failed_checks[index] as f32,
                self.fault_bits(index) as f32,
                f32::from(u8::from(takes_traffic)),
            ]);
        }
        rows
    }

    /// Health checks failed in a row until now, by instance.
    fn failed_checks(&self) -> Vec<u32> {
        let checks = &self.run.recording.checks;
        let until = checks.partition_point(|&(at, ..)| at <= self.t);
        let mut failed = vec![0; self.nodes.len()];
        let mut settled = vec![false; self.nodes.len()];
        let mut open = self.nodes.len();
        // Backwards: each instance's run of failures ends at its last passed check.
        for &(_, instance, passed) in checks[..until].iter().rev().take(64 * self.nodes.len()) {
            let instance = usize::from(instance);
            if settled[instance] {
                continue;
            }
            if passed {
                settled[instance] = true;
                open -= 1;
                if open == 0 {
                    break;
                }
            } else {
                failed[instance] += 1;
            }
        }
        failed
    }

    fn fault_bits(&self, index: usize) -> u32 {
        let faults = self.run.scenario.faults.iter();
        let own = faults.filter(|fault| fault.target == self.run.names[index] && holds(fault, self.t));
        own.fold(0, |bits, fault| {
            bits | match fault.kind {
                FaultKind::Crash => 1,
                FaultKind::Slow => 2,
                FaultKind::Errors => 4,
                FaultKind::FailingChecks => 8,
                FaultKind::Drain => 16,
                FaultKind::Traffic => 0,
            }
        })
    }

    fn panics(&self) -> bool {
        self.run.panics_at(self.t)
    }

    fn scalars(&self, every: u32, instances: &[f32]) -> Vec<f64> {
        let requests = &self.run.recording.requests;
        let sent = self.run.index.sent_by(requests, self.t);
        let [succeeded, failed, shed] = self.run.index.ended_by(requests, self.t);
        let before = self.run.index.sent_by(requests, self.t - self.smoothing.min(self.t));
        let window_s = self.smoothing as f64 / 1e9;
        let ended: u32 = self.ended.iter().sum();
        let good = f64::from(self.ended[Outcome::Succeeded as usize]);
        let taking = instances.chunks(INSTANCE_STRIDE).filter(|row| row[9] > 0.0).count();
        vec![
            millis(self.t),
            f64::from(self.under_way),
            f64::from(every),
            f64::from(sent),
            f64::from(succeeded),
            f64::from(failed),
            f64::from(shed),
            f64::from(sent - before) / window_s,
            good / window_s,
            if ended == 0 { f64::NAN } else { good / f64::from(ended) },
            f64::from(u8::from(self.panics())),
            taking as f64,
        ]
    }
}

impl Run {
    /// Whether any group of instances was in a panic at `t`.
    pub(super) fn panics_at(&self, t: u64) -> bool {
        let edges = self.panics.partition_point(|&(at, _)| at <= t);
        edges > 0 && self.panics[edges - 1].1 > 0
    }
}
