//! Why a request went where it went, how long it waited and worked, and how it ended.
//!
//! What the balancer knew at that moment is not recorded: the run is played again up to the decision, which gives
//! the very same one and lets the pattern's own view be read. Breakers are played again by themselves.

mod caller;
#[cfg(feature = "stores")]
mod cqrs;
mod decision;
#[cfg(feature = "stores")]
mod store;

use serde::Serialize;

use super::Run;
use super::bands::{seconds, thousandths};
use crate::engine::{Probe, Simulation};
use crate::order::order_by;
use crate::recording::{Moments, Reason};
#[cfg(feature = "stores")]
use crate::scenario::Station;
use crate::time::millis;

/// The story of an attempt; where a request was tried once, that is the request's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// Its number.
    pub request: u32,
    /// Its key.
    pub key: u32,
    /// The group of clients that sent the request.
    pub client: String,
    /// When it was made, in milliseconds.
    pub arrived_ms: f64,
    /// When its caller had the answer, or gave it up, in milliseconds.
    pub ended_ms: f64,
    /// The time between.
    pub latency_ms: f64,
    /// What became of it.
    pub outcome: &'static str,
    /// Why, where it did not succeed.
    pub reason: &'static str,
    /// The instance it was sent to, counted through all services; -1 for none.
    pub instance: i32,
    /// Which attempt it is, from 1.
    pub attempt: u32,
    /// The attempt before, which failed.
    pub previous: Option<u32>,
    /// The attempt after, made because it failed.
    pub next: Option<u32>,
    /// The attempt for whose sake an instance made it.
    pub parent: Option<u32>,
    /// The attempts that its own instance made for its sake; retries are found from them.
    pub calls: Vec<u32>,
    /// A sentence for each thing that happened to it, in order of time.
    pub steps: Vec<Step>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// When, in milliseconds.
    pub at_ms: f64,
    /// One sentence.
    pub text: String,
}

/// Sentences with their times.
#[derive(Default)]
struct Story {
    sentences: Vec<(u64, String)>,
}

impl Story {
    fn say(&mut self, at: u64, text: String) {
        self.sentences.push((at, text));
    }

    /// In order of time; what was said first goes first.
    fn into_steps(self) -> Vec<Step> {
        let in_order = order_by(self.sentences.iter().map(|&(at, _)| at));
        let places = in_order.map(|place| &self.sentences[place as usize]);
        places.map(|(at, text)| Step { at_ms: millis(*at), text: text.clone() }).collect()
    }
}

impl Run {
    /// The story of an attempt, or `None` where there is none of this number.
    pub fn explain(&self, row: u32) -> Option<Explanation> {
        if row >= self.attempts() {
            return None;
        }
        let requests = &self.recording.requests;
        let moments = requests.moments(row);
        let reason = requests.reason(row);
        let client = usize::from(requests.client.get(row));
        Some(Explanation {
            request: row,
            key: requests.key[row as usize],
            client: self.scenario.clients[client].name.clone(),
            arrived_ms: millis(moments.sent),
            ended_ms: millis(moments.freed),
            latency_ms: millis(moments.freed - moments.sent),
            outcome: reason.outcome().name(),
            reason: reason.name(),
            instance: requests.instance(row).map_or(-1, |instance| instance as i32),
            attempt: self.attempt_number(row),
            previous: requests.previous(row),
            next: requests.next(row),
            parent: requests.parent(row),
            calls: self.calls_for(row, &moments),
            steps: self.steps(row, &moments),
        })
    }

    fn attempt_number(&self, row: u32) -> u32 {
        let requests = &self.recording.requests;
        std::iter::successors(Some(row), |&row| requests.previous(row)).count() as u32
    }

    /// The first attempts that its instance made for its sake.
    fn calls_for(&self, row: u32, moments: &Moments) -> Vec<u32> {
        let requests = &self.recording.requests;
        if moments.worked == moments.finished {
            return Vec::new();
        }
        let later = self.index.sent_by(requests, moments.worked.saturating_sub(1));
        let made = later..self.index.sent_by(requests, moments.finished);
        made.filter(|&call| requests.parent(call) == Some(row) && requests.previous(call).is_none()).collect()
    }

    /// What the balancer decided and knew, found by playing the run again.
    fn probe(&self, row: u32) -> Option<Probe> {
        const SLICE: u64 = 1_000;
        let mut simulation = Simulation::probing(&self.scenario, row).ok()?;
        while !simulation.probed() {
            if simulation.run_slice(SLICE).ok()? {
                break;
            }
        }
        simulation.into_probe()
    }

    fn steps(&self, row: u32, moments: &Moments) -> Vec<Step> {
        let requests = &self.recording.requests;
        let mut story = Story::default();
        story.say(moments.sent, self.how_it_began(row));
        self.at_caller(row, moments, &mut story);
        let reason = requests.reason(row);
        if !self.never_left(row) {
            self.beyond(row, moments, &mut story);
        }
        let total = time(moments.freed - moments.sent);
        story.say(
            moments.freed,
            match reason {
                Reason::None => format!("Answered after {total}."),
                Reason::TimedOut => self.given_up(row, moments),
                Reason::Moved => format!("Sent on after {total}."),
                Reason::NoInstance => format!("Refused after {total}."),
                _ if self.never_left(row) => format!("Refused after {total}."),
                _ => format!("The caller learns of the failure after {total}."),
            },
        );
        self.tried_again(row, moments, &mut story);
        story.into_steps()
    }

    /// From the balancer on.
    fn beyond(&self, row: u32, moments: &Moments, story: &mut Story) {
        let requests = &self.recording.requests;
        let reason = requests.reason(row);
        let edge = &self.topology.edges[usize::from(requests.call.get(row))];
        let probe = self.probe(row);
        #[cfg(feature = "stores")]
        match self.scenario.station(edge.to) {
            Station::Store(_) => return self.in_store(row, moments, probe.as_ref(), story),
            Station::Cqrs(_) => return self.in_sides(row, moments, story),
            Station::Service(_) => {}
        }
        let Some(instance) = requests.instance(row) else {
            let cancelled = probe.as_ref().is_none_or(|probe| probe.decision.is_none());
            story.say(
                moments.at_balancer,
                if cancelled && reason == Reason::TimedOut {
                    "Dropped when it came to the balancer: it had been cancelled.".to_owned()
                } else {
                    self.decision(edge.to, probe.as_ref())
                },
            );
            return;
        };
        story.say(moments.at_balancer, self.decision(edge.to, probe.as_ref()));
        self.at_instance(row, instance, moments, story);
    }

    /// From where it came to its instance.
    fn at_instance(&self, row: u32, instance: usize, moments: &Moments, story: &mut Story) {
        let requests = &self.recording.requests;
        let edge = &self.topology.edges[usize::from(requests.call.get(row))];
        let name = &self.names[instance];
        match requests.reason(row) {
            Reason::ConnectionRefused => {
                story.say(moments.at_instance, format!("Found {name} down: connection refused."));
            }
            Reason::QueueFull => {
                let limit =
                    self.scenario.station(edge.to).queue_limit(instance - self.topology.instances[edge.to].start);
                let text = format!("Shed by {name}: every slot at work and all {limit} places in the queue taken.");
                story.say(moments.at_instance, text);
            }
            _ => self.at_work(row, name, moments, story),
        }
    }

    fn at_work(&self, row: u32, name: &str, moments: &Moments, story: &mut Story) {
        let requests = &self.recording.requests;
        let reason = requests.reason(row);
        let slot = requests.slot.get(row) + 1;
        let waited = moments.started - moments.at_instance;
        // Of one that was given up nobody recorded how it fared at its instance.
        let never_started = moments.finished == moments.started && !requests.served(row);
        if never_started {
            let waited = time(waited);
            let text = match reason {
                Reason::TimedOut => format!("Left the queue of {name}, unworked, after {waited}."),
                Reason::Moved => format!("{name} no longer had the key and said where it is."),
                _ => format!("{name} went down while it had waited {waited} in the queue: connection lost."),
            };
            story.say(moments.finished, text);
            return;
        }
        if waited > 0 {
            story.say(moments.at_instance, format!("Came to {name}: every slot at work, so it waits."));
            story.say(moments.started, format!("Taken up in slot {slot} after a wait of {}.", time(waited)));
        } else {
            story.say(moments.at_instance, format!("Came to {name} and was taken up at once, in slot {slot}."));
        }
        let worked = time(moments.worked - moments.started);
        let calls = self.calls_for(row, moments);
        for &call in &calls {
            let to = self.topology.edges[usize::from(requests.call.get(call))].to;
            let service = self.scenario.station(to).name();
            let text = format!("{name} calls {service} for it (attempt {call}) and keeps the slot.");
            story.say(requests.sent[call as usize], text);
        }
        let text = match reason {
            Reason::ConnectionLost => format!("{name} went down after {worked} of work on it: connection lost."),
            Reason::Error => format!("{name} worked on it for {worked} and answered with an error."),
            Reason::Moved => format!("{name} no longer had the key and said where it is."),
            Reason::CallFailed => format!("{name} gave up: a call that it made for this failed."),
            _ => format!("{name} finished the work after {worked}."),
        };
        story.say(if calls.is_empty() { moments.worked } else { moments.finished }, text);
    }
}

/// A length of time as text shows it.
fn time(nanos: u64) -> String {
    match nanos {
        0..10_000_000_000 => thousandths(nanos + 500, "ms"),
        _ => seconds(nanos),
    }
}
