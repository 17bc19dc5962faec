//! Why the balancer sent an attempt where it went.

use sandtable_patterns::balancer::{Choice, InstanceView, Refusal, Status, Why};
use sandtable_patterns::{Rounded, Shown};

use crate::engine::Probe;
use crate::run::Run;
use crate::run::bands::seconds;

impl Run {
    /// What the balancer of a service decided.
    pub(super) fn decision(&self, service: usize, probe: Option<&Probe>) -> String {
        let Some(Probe { decision: Some(decision), instances, .. }) = probe else {
            return "The balancer decided.".to_owned();
        };
        let first = self.topology.instances[service].start;
        let service = &self.scenario.services[service];
        let policy = service.balancer.policy.title();
        let left_out = self.left_out(instances);
        match decision {
            Ok(choice) => {
                let name = &self.names[first + choice.instance as usize];
                format!("{policy}: sent to {name}, {}.{left_out}", self.because(first, choice, instances))
            }
            Err(refusal) => format!("{}{left_out}", refused(*refusal)),
        }
    }

    fn because(&self, first: usize, choice: &Choice, instances: &[InstanceView]) -> String {
        let name = |index: u32| self.names.get(first + index as usize).map_or("?", String::as_str);
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
        Refusal::AllTried => "Refused: the breaker of every instance that takes traffic is open.",
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
