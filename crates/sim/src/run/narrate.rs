//! What the picture shows, in words.

use sandtable_patterns::breaker::State;
use sandtable_patterns::{Rounded, Shown};

use super::bands::BandStatus;
use super::{CALL_STRIDE, Frame, INSTANCE_STRIDE, Run};
use crate::engine::faults::holds;
use crate::scenario::{Edge, FaultKind, Station};
use crate::time::nanos;

/// More instances than this in trouble are counted, not named.
const NAMED: usize = 3;

impl Run {
    /// The state at `t_ms` in a few sentences: who serves, who doesn't and since when, how the requests fare.
    pub fn narrate(&self, t_ms: f64) -> String {
        let t = nanos(t_ms).min(self.recording.end);
        let frame = self.frame(t_ms, 0.0, 1);
        let mut sentences = vec![self.who_serves(t, &frame)];
        sentences.extend(self.troubles(t, &frame.instances));
        #[cfg(feature = "stores")]
        sentences.extend(self.data(t, &frame));
        sentences.extend(self.surges(t));
        sentences.extend(self.breakers(t));
        sentences.extend(self.bulkheads(&frame.calls));
        sentences.extend(retries(&frame.calls));
        sentences.push(how_requests_fare(&frame.scalars, &frame.instances));
        sentences.join(" ")
    }

    fn who_serves(&self, t: u64, frame: &Frame) -> String {
        let at = format!("At {}", short_seconds(t));
        let panic = self.panic(t);
        let instances = self.scenario.services.iter().map(|service| service.instances.count as usize).sum();
        let rows = frame.instances.chunks(INSTANCE_STRIDE).take(instances);
        let serving = rows.filter(|row| row[0] > 0.0 && row[9] > 0.0).count();
        #[cfg(feature = "stores")]
        let others = self.stores_serve(frame);
        #[cfg(not(feature = "stores"))]
        let others: Vec<String> = Vec::new();
        let own = match (serving, instances) {
            (_, 0) => None,
            (1, 1) => Some("the only instance".to_owned()),
            (n, all) if n == all => Some(format!("all {all} instances")),
            (0, _) => Some("no instance".to_owned()),
            (n, all) => Some(format!("{n} of {all} instances")),
        };
        let who: Vec<String> = own.into_iter().chain(others).collect();
        let one = who.len() == 1 && (who[0].starts_with("no ") || who[0].starts_with("the only "));
        format!("{at} {} serve{}{panic}.", who.join(", "), if one { "s" } else { "" })
    }

    /// Which balancers no longer believe their checks; nothing where none panics.
    fn panic(&self, t: u64) -> String {
        let services = &self.scenario.services;
        let panicking = services.iter().enumerate().filter(|&(number, _)| self.panics_at(number, t));
        let told = panicking.map(|(_, service)| {
            let whose =
                if services.len() > 1 { format!("balancer of {}", service.name) } else { "balancer".to_owned() };
            let so = if service.balancer.refuse_in_panic { "refuses everything" } else { "uses all of them" };
            format!(", and the {whose} panics and {so}")
        });
        told.collect()
    }

    fn troubles(&self, t: u64, rows: &[f32]) -> Vec<String> {
        let mut sentences = self.services_in_trouble(t);
        let mut more = 0;
        for (index, row) in rows.chunks(INSTANCE_STRIDE).enumerate() {
            let Some(sentence) = self.trouble(index, row, t) else { continue };
            if sentences.len() < NAMED {
                sentences.push(sentence);
            } else {
                more += 1;
            }
        }
        match more {
            0 => {}
            1 => sentences.push("1 more is in trouble.".to_owned()),
            _ => sentences.push(format!("{more} more are in trouble.")),
        }
        sentences
    }

    fn is_station(&self, name: &str) -> bool {
        self.scenario.stations().any(|station| station.name() == name)
    }

    /// What strikes all instances of a service at once.
    fn services_in_trouble(&self, t: u64) -> Vec<String> {
        let faults = self.scenario.faults.iter().filter(|fault| holds(fault, t));
        let whole = faults.filter(|fault| self.is_station(&fault.target));
        let sentences = whole.filter_map(|fault| {
            let (name, since) = (&fault.target, short_seconds(t.saturating_sub(nanos(fault.at_ms))));
            Some(match fault.kind {
                FaultKind::Crash => format!("All of {name} has been down for {since}."),
                FaultKind::Slow => {
                    format!("All of {name} has worked {} times slower for {since}.", Shown(fault.factor))
                }
                FaultKind::Errors => {
                    format!("All of {name} has failed {} % of its requests for {since}.", Shown(fault.percent))
                }
                FaultKind::FailingChecks => format!("All of {name} has failed its health checks for {since}."),
                FaultKind::Drain => format!("All of {name} has been draining for {since}."),
                _ => return None,
            })
        });
        sentences.collect()
    }

    fn trouble(&self, index: usize, row: &[f32], t: u64) -> Option<String> {
        let name = &self.names[index];
        let band = self.band_at(index as u32, t);
        let failed_checks = row[7] as u32;
        let station = self.scenario.station(self.topology.station_of(index));
        let checks = match station {
            Station::Service(service) => Some(&service.balancer.active_checks).filter(|checks| checks.enabled),
            #[cfg(feature = "stores")]
            Station::Store(_) | Station::Cqrs(_) => None,
        };
        let faults = self.scenario.faults.iter();
        let whole =
            faults.clone().any(|fault| self.is_station(&fault.target) && self.strikes(fault, index) && holds(fault, t));
        if whole {
            return None; // told of the service as a whole
        }
        let fault = faults
            .clone()
            .find(|fault| self.strikes(fault, index) && fault.kind != FaultKind::Drain && holds(fault, t));
        let since = fault.map(|fault| short_seconds(t.saturating_sub(nanos(fault.at_ms))));
        #[cfg(feature = "stores")]
        if station.is_store() {
            return fault.zip(since).and_then(|(fault, since)| self.data_in_trouble(index, fault, &since));
        }
        let seen = match band.status {
            BandStatus::Healthy => match checks {
                None => "and nothing checks on it".to_owned(),
                Some(checks) => {
                    format!("and is still in rotation: {failed_checks} of {} failed checks so far", checks.fall)
                }
            },
            BandStatus::Unhealthy => "and is out of rotation".to_owned(),
            BandStatus::Ejected => "and is ejected".to_owned(),
            BandStatus::Draining => "and is draining".to_owned(),
        };
        let Some((fault, since)) = fault.zip(since) else {
            return match band.status {
                BandStatus::Healthy => None,
                BandStatus::Unhealthy => Some(format!("{name} is well but not yet back in rotation.")),
                BandStatus::Ejected => Some(format!("{name} is ejected.")),
                BandStatus::Draining => {
                    Some(format!("{name} drains: {} under way are finished.", (row[3] + row[4]) as u32))
                }
            };
        };
        Some(match fault.kind {
            FaultKind::Crash => format!("{name} has been down for {since} {seen}."),
            FaultKind::Slow => format!("{name} has worked {} times slower for {since}.", Shown(fault.factor)),
            FaultKind::Errors => {
                format!("{name} has failed {} % of its requests for {since} {seen}.", Shown(fault.percent))
            }
            FaultKind::FailingChecks => format!("{name} has failed its health checks for {since} {seen}."),
            _ => return None,
        })
    }

    /// The breakers that are not closed.
    fn breakers(&self, t: u64) -> Vec<String> {
        let mut sentences = Vec::new();
        let mut more = 0;
        for edge in &self.topology.edges {
            for number in edge.breakers.clone() {
                let Some(how) = self.breaker_stands(number, t) else { continue };
                if sentences.len() < NAMED {
                    sentences.push(format!("{} {how}.", self.breaker_name(edge, number)));
                } else {
                    more += 1;
                }
            }
        }
        if more > 0 {
            sentences.push(format!("{more} more breakers are not closed."));
        }
        sentences
    }

    /// Nothing for one that is closed.
    fn breaker_stands(&self, number: usize, t: u64) -> Option<String> {
        let recorded = &self.recording.breakers[number];
        let changes = recorded.transitions.partition_point(|change| change.at.as_nanos() <= t);
        let last = &recorded.transitions[changes.checked_sub(1)?];
        match last.to {
            State::Open { retry_at } => {
                let left = short_seconds(retry_at.as_nanos().saturating_sub(t));
                Some(format!("is open and lets calls through again in {left}"))
            }
            State::HalfOpen => Some("is half-open and lets trial calls through".to_owned()),
            _ => None,
        }
    }

    /// The bulkheads that are full, a shared pool once for all calls that share it.
    fn bulkheads(&self, rows: &[f32]) -> Vec<String> {
        let edges = &self.topology.edges;
        let mut sentences = Vec::new();
        for (place, edge) in edges.iter().enumerate().filter(|(_, edge)| !edge.bulkheads.is_empty()) {
            let shares = |other: &Edge| other.bulkheads == edge.bulkheads;
            if edges[..place].iter().any(shares) {
                continue;
            }
            let (mut out, mut waiting, mut sharers) = (0.0, 0.0, 0);
            for (_, row) in edges.iter().zip(rows.chunks(CALL_STRIDE)).filter(|(other, _)| shares(other)) {
                (out, waiting, sharers) = (out + row[0], waiting + row[1], sharers + 1);
            }
            if out < rows[place * CALL_STRIDE + 2] {
                continue;
            }
            let of = match sharers {
                1 => format!("bulkhead of {}", self.call_name(edge)),
                _ => format!("shared pool of {}", self.caller_name(edge)),
            };
            let wait = if waiting > 0.0 { format!(" and {} waiting", waiting as u32) } else { String::new() };
            sentences.push(format!("The {of} is full, with {} calls out{wait}.", out as u32));
        }
        sentences.truncate(NAMED);
        sentences
    }

    fn surges(&self, t: u64) -> Option<String> {
        let factors = self.scenario.faults.iter().filter(|fault| fault.kind == FaultKind::Traffic && holds(fault, t));
        let factor: f64 = factors.map(|fault| fault.factor).product();
        (factor != 1.0).then(|| format!("The traffic is {} times its usual.", Shown(factor)))
    }
}

/// How much the retries add to the load, where they do. What an instance calls for a request is no retry of it, so that
/// attempts are compared with calls and not with requests.
fn retries(rows: &[f32]) -> Option<String> {
    let sum = |column: usize| -> f64 { rows.chunks(CALL_STRIDE).map(|row| f64::from(row[column])).sum() };
    let (attempts, calls) = (sum(4), sum(5));
    let amplified = calls > 0.0 && attempts > 1.05 * calls;
    amplified.then(|| format!("Retries multiply the load by {}.", Rounded(attempts / calls, 1)))
}

fn how_requests_fare(scalars: &[f64], rows: &[f32]) -> String {
    let sum = |column: usize| -> u32 { rows.chunks(INSTANCE_STRIDE).map(|row| row[column] as u32).sum() };
    let (working, waiting) = (sum(3), sum(4));
    let under_way = scalars[1] as u32;
    if under_way == 0 {
        return "No request is under way.".to_owned();
    }
    let goodput = format!("{} a second are answered", Rounded(scalars[8], 0));
    let share = scalars[9];
    let rest = if share.is_nan() || share >= 0.9995 {
        String::new()
    } else {
        format!(", {} % of those that end do not succeed", Rounded(100.0 * (1.0 - share), 1))
    };
    let requests = if under_way == 1 { "request is" } else { "requests are" };
    format!("{under_way} {requests} under way, {working} at work and {waiting} waiting; {goodput}{rest}.")
}

/// Seconds to a tenth: this text is heard, not measured with.
pub(super) fn short_seconds(nanos: u64) -> String {
    let tenths = (nanos + 50_000_000) / 100_000_000;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_to_a_tenth_of_a_second() {
        let told = [12_412_000_000, 5_599_000_000, 880_000_000, 9_950_000_000, 49_999_999].map(short_seconds);
        assert_eq!(told, ["12.4 s", "5.6 s", "0.9 s", "10.0 s", "0.0 s"]);
    }
}
