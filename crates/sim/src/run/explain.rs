//! Why a request went where it went, how long it waited and worked, and how it ended.
//!
//! What the balancer knew at that moment is not recorded: the run is played again up to the decision, which gives
//! the very same one and lets the pattern's own view be read.

use sandtable_patterns::balancer::{Choice, InstanceView, Refusal, Status, Why};
use sandtable_patterns::{Rounded, Shown};
use serde::Serialize;

use super::Run;
use super::bands::{seconds, thousandths};
use crate::engine::{Probe, Simulation};
use crate::recording::{Moments, Reason};
use crate::time::millis;

/// A request's story.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// Its number.
    pub request: u32,
    /// Its key.
    pub key: u32,
    /// The group of clients that sent it.
    pub client: String,
    /// When it was sent, in milliseconds.
    pub arrived_ms: f64,
    /// When its client had the answer, in milliseconds.
    pub ended_ms: f64,
    /// The time between.
    pub latency_ms: f64,
    /// What became of it.
    pub outcome: &'static str,
    /// Why, where it did not succeed.
    pub reason: &'static str,
    /// The instance it was sent to; -1 for none.
    pub instance: i32,
    /// A sentence for each thing that happened to it.
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

impl Run {
    /// The story of a request, or `None` where there is no request of this number.
    pub fn explain(&self, request: u32) -> Option<Explanation> {
        if request >= self.attempts() {
            return None;
        }
        let requests = &self.recording.requests;
        let moments = requests.moments(request);
        let reason = requests.reason(request);
        let client = usize::from(requests.client.get(request));
        Some(Explanation {
            request,
            key: requests.key[request as usize],
            client: self.scenario.clients[client].name.clone(),
            arrived_ms: millis(moments.sent),
            ended_ms: millis(moments.ended),
            latency_ms: millis(moments.ended - moments.sent),
            outcome: reason.outcome().name(),
            reason: reason.name(),
            instance: requests.instance(request).map_or(-1, |instance| instance as i32),
            steps: self.steps(request, &moments),
        })
    }

    /// What the balancer decided and knew, found by playing the run again.
    fn probe(&self, request: u32) -> Option<Probe> {
        const SLICE: u64 = 1_000;
        let mut simulation = Simulation::probing(&self.scenario, request).ok()?;
        while !simulation.probed() {
            if simulation.run_slice(SLICE).ok()? {
                break;
            }
        }
        simulation.into_probe()
    }

    fn steps(&self, request: u32, moments: &Moments) -> Vec<Step> {
        let requests = &self.recording.requests;
        let reason = requests.reason(request);
        let mut steps = Vec::new();
        let mut say = |at: u64, text: String| steps.push(Step { at_ms: millis(at), text });
        let key = requests.key[request as usize];
        say(moments.sent, format!("Sent, for key {key}."));
        let probe = self.probe(request);
        say(moments.at_balancer, self.decision(probe.as_ref()));
        let Some(instance) = requests.instance(request) else {
            say(moments.ended, format!("Refused after {}.", time(moments.ended - moments.sent)));
            return steps;
        };
        let name = &self.names[instance];
        match reason {
            Reason::ConnectionRefused => say(moments.at_instance, format!("Found {name} down: connection refused.")),
            Reason::QueueFull => {
                let service = &self.scenario.services[self.topology.service_of(instance)];
                let limit = service.instances.queue_limit;
                say(
                    moments.at_instance,
                    format!("Shed by {name}: every slot at work and all {limit} places in the queue taken."),
                );
            }
            _ => self.at_work(name, reason, moments, requests.slot.get(request), &mut say),
        }
        let total = time(moments.ended - moments.sent);
        let end = match reason {
            Reason::None => format!("Answered after {total}."),
            _ => format!("The client learns of the failure after {total}."),
        };
        say(moments.ended, end);
        steps
    }

    fn at_work(&self, name: &str, reason: Reason, moments: &Moments, slot: u16, say: &mut impl FnMut(u64, String)) {
        let waited = moments.started - moments.at_instance;
        let never_started = reason == Reason::ConnectionLost && moments.finished == moments.started;
        if never_started {
            let waited = time(waited);
            say(
                moments.finished,
                format!("{name} went down while it had waited {waited} in the queue: connection lost."),
            );
            return;
        }
        if waited > 0 {
            say(moments.at_instance, format!("Came to {name}: every slot at work, so it waits."));
            say(moments.started, format!("Taken up in slot {} after a wait of {}.", slot + 1, time(waited)));
        } else {
            say(moments.at_instance, format!("Came to {name} and was taken up at once, in slot {}.", slot + 1));
        }
        let worked = time(moments.finished - moments.started);
        let text = match reason {
            Reason::ConnectionLost => format!("{name} went down after {worked} of work on it: connection lost."),
            Reason::Error => format!("{name} worked on it for {worked} and answered with an error."),
            _ => format!("{name} finished the work after {worked}."),
        };
        say(moments.finished, text);
    }

    fn decision(&self, probe: Option<&Probe>) -> String {
        let Some(Probe { decision: Some(decision), instances, .. }) = probe else {
            return "The balancer decided.".to_owned();
        };
        let policy = self.scenario.services[0].balancer.policy.title();
        let left_out = self.left_out(instances);
        match decision {
            Ok(choice) => {
                let name = &self.names[choice.instance as usize];
                format!("{policy}: sent to {name}, {}.{left_out}", self.because(choice, instances))
            }
            Err(refusal) => format!("{}{left_out}", refused(*refusal)),
        }
    }

    fn because(&self, choice: &Choice, instances: &[InstanceView]) -> String {
        let name = |index: u32| self.names.get(index as usize).map_or("?", String::as_str);
        match choice.why {
            Why::OnlyOne => "the only one that takes traffic".to_owned(),
            Why::Rotation { turn, of } => format!("next of {} (turn {})", self.candidates(instances, of), turn + 1),
            Why::SmoothWeight { current, total } => {
                let (current, total) = (Rounded(current, 2), Rounded(total, 2));
                format!("whose current weight {current} was the greatest; it drops by {total}")
            }
            Why::EarliestDeadline { deadline, weight } => {
                format!(
                    "whose deadline {} was the earliest; at weight {} the next one is {} later",
                    Rounded(deadline, 3),
                    Rounded(weight, 3),
                    Rounded(1.0 / weight, 3)
                )
            }
            Why::Chance { of } => format!("by chance, 1 in {of}"),
            Why::WeightedChance { weight, total } => {
                let percent = Rounded(100.0 * weight / total, 0);
                format!("by chance: weight {} of {}, {percent} %", Shown(weight), Shown(total))
            }
            Why::LeastOutstanding { outstanding, tied } => {
                format!("with {outstanding} under way the fewest{}", ties(tied))
            }
            Why::LeastForWeight { outstanding, weight, tied } => {
                format!("with {outstanding} under way for weight {} the fewest{}", Shown(weight), ties(tied))
            }
            Why::FewerOfDrawn { drawn, outstanding, other, other_outstanding } => {
                if other == choice.instance {
                    format!("drawn {drawn} times, with {outstanding} under way")
                } else {
                    format!(
                        "with {outstanding} under way, rather than {} with {other_outstanding} ({drawn} drawn)",
                        name(other)
                    )
                }
            }
            Why::PeakEwma { cost_ns, other, other_cost_ns } => format!(
                "whose expected cost {} is no higher than {}'s {} (latency average × requests under way + 1)",
                cost(cost_ns),
                name(other),
                cost(other_cost_ns)
            ),
            Why::RingPoint { hash, point, skipped, full } => format!(
                "the key hashes to {hash:#018x}; the next point on the ring is its {point:#018x}{}",
                passed_over(skipped, full)
            ),
            Why::TableEntry { hash, entry, skipped, full } => {
                format!("the key hashes to {hash:#018x}, entry {entry} of the table{}", passed_over(skipped, full))
            }
        }
    }

    /// The instances that take traffic, by name while they are few.
    fn candidates(&self, instances: &[InstanceView], of: u32) -> String {
        const NAMED: usize = 6;
        let names: Vec<&str> =
            instances.iter().filter(|view| view.takes_traffic).map(|view| view.name.as_str()).collect();
        if names.len() > NAMED || names.len() != of as usize {
            return format!("{of} instances");
        }
        names.join(", ")
    }

    /// Those that take no traffic, and why.
    fn left_out(&self, instances: &[InstanceView]) -> String {
        const NAMED: usize = 4;
        let out: Vec<String> = instances
            .iter()
            .filter_map(|view| view.why_not.map(|status| format!("{} {}", view.name, standing(status))))
            .collect();
        match out.len() {
            0 => String::new(),
            more if more > NAMED => format!(" {}; and {} more take no traffic.", out[..NAMED].join("; "), more - NAMED),
            _ => format!(" {}.", out.join("; ")),
        }
    }
}

fn standing(status: Status) -> String {
    match status {
        Status::Healthy => "is healthy".to_owned(),
        Status::Unhealthy => "is unhealthy".to_owned(),
        Status::Ejected { until } => format!("is ejected until {}", seconds(until.as_nanos())),
        Status::Draining => "is draining".to_owned(),
        Status::Disabled => "is switched off".to_owned(),
        Status::Removed => "is gone".to_owned(),
    }
}

fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NoInstances => "No servers available: the balancer has no instances.",
        Refusal::NoneHealthy => "No servers available: no instance takes traffic.",
        Refusal::Panic => "Refused: too few instances are healthy, and the balancer is told to refuse in a panic.",
        Refusal::AllTried => "No servers available: every instance was tried already.",
    }
}

fn ties(tied: u32) -> String {
    if tied > 1 { format!(", as {} others had", tied - 1) } else { String::new() }
}

fn passed_over(skipped: u32, full: u32) -> String {
    let mut parts = Vec::new();
    if skipped > 0 {
        parts.push(format!("{skipped} passed over as out of service"));
    }
    if full > 0 {
        parts.push(format!("{full} passed over as at the load bound"));
    }
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn cost(nanos: f64) -> String {
    if nanos.is_finite() { format!("{} ms", Rounded(nanos / 1e6, 3)) } else { "unknown".to_owned() }
}

/// A length of time as text shows it.
fn time(nanos: u64) -> String {
    match nanos {
        0..10_000_000_000 => thousandths(nanos + 500, "ms"),
        _ => seconds(nanos),
    }
}
