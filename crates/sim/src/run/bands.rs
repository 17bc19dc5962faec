//! How each instance stood over time, and each change in words.

use sandtable_patterns::Shown;
use sandtable_patterns::balancer::{Change, Transition};
#[cfg(feature = "stores")]
use sandtable_patterns::sharding::ShardMap;
use serde::Serialize;

use crate::engine::faults::span;
use crate::order::order_by;
use crate::recording::Recording;
use crate::scenario::{FaultKind, Scenario};
use crate::time::millis;

use super::Run;

/// How the balancer sees an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum BandStatus {
    /// Takes its share.
    Healthy = 0,
    /// Taken out by its health checks.
    Unhealthy = 1,
    /// Taken out by its answers.
    Ejected = 2,
    /// Gets nothing new.
    Draining = 3,
}

impl BandStatus {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
            Self::Ejected => "ejected",
            Self::Draining => "draining",
        }
    }
}

/// A stretch of time over which an instance stood alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Band {
    /// The instance.
    pub instance: u32,
    /// From when, in milliseconds.
    pub from_ms: f64,
    /// Until when, in milliseconds.
    pub to_ms: f64,
    /// How the balancer saw it.
    pub status: BandStatus,
    /// Whether it was there at all: a crashed instance may still count as healthy.
    pub up: bool,
    /// Whether it belongs to its station: a shard may have yet to join, or be gone.
    pub here: bool,
    #[serde(skip)]
    pub(crate) from: u64,
    #[serde(skip)]
    pub(crate) to: u64,
}

/// A change of state in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TransitionView {
    /// When, in milliseconds.
    pub at_ms: f64,
    /// The instance; -1 where it concerns the balancer as a whole.
    pub instance: i32,
    /// The kind of change.
    pub kind: &'static str,
    /// One sentence.
    pub text: String,
}

/// What may hold of an instance at once; the balancer's word for it is the first that does.
#[derive(Clone, Copy, Default)]
struct Standing {
    draining: bool,
    ejected: bool,
    unhealthy: bool,
    down: bool,
    absent: bool,
}

impl Standing {
    fn status(self) -> BandStatus {
        match self {
            Self { draining: true, .. } => BandStatus::Draining,
            Self { ejected: true, .. } => BandStatus::Ejected,
            Self { unhealthy: true, .. } => BandStatus::Unhealthy,
            _ => BandStatus::Healthy,
        }
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Unhealthy { .. } | Change::OutForGood { .. } => self.unhealthy = true,
            Change::Healthy { .. } => self.unhealthy = false,
            Change::Ejected { .. } => self.ejected = true,
            Change::Returned => self.ejected = false,
            Change::DrainStarted { .. } => self.draining = true,
            Change::DrainEnded => self.draining = false,
            _ => {}
        }
    }
}

/// One edge in an instance's history.
#[derive(Clone, Copy)]
enum Edge<'a> {
    Change(&'a Change),
    Down(bool),
    #[cfg(feature = "stores")]
    Absent(bool),
}

/// The bands of all instances, in order of instance and time.
pub(super) fn bands(scenario: &Scenario, recording: &Recording) -> Vec<Band> {
    let count = scenario.stations().map(|station| scenario.nodes(station)).sum();
    let mut edges: Vec<Vec<(u64, Edge<'_>)>> = vec![Vec::new(); count];
    for transition in &recording.transitions {
        if let Some(own) = edges.get_mut(transition.instance as usize) {
            own.push((transition.at.as_nanos(), Edge::Change(&transition.change)));
        }
    }
    for fault in scenario.faults.iter().filter(|fault| fault.kind == FaultKind::Crash) {
        let (begins, ends) = span(fault);
        for index in scenario.instances_named(&fault.target).unwrap_or(0..0) {
            edges[index].push((begins, Edge::Down(true)));
            edges[index].extend(ends.map(|ends| (ends, Edge::Down(false))));
        }
    }
    #[cfg(feature = "stores")]
    for (at, node, absent) in absences(scenario, recording) {
        edges[node].push((at, Edge::Absent(absent)));
    }
    let histories = edges.into_iter().enumerate();
    histories.flat_map(|(index, own)| history(index as u32, own, recording.end)).collect()
}

/// When which node of a store has yet to join, joins, and is gone.
#[cfg(feature = "stores")]
fn absences(scenario: &Scenario, recording: &Recording) -> Vec<(u64, usize, bool)> {
    let mut all = Vec::new();
    let mut first: usize = scenario.services.iter().map(|service| service.instances.count as usize).sum();
    for (store, recorded) in scenario.stores.iter().zip(&recording.stores) {
        let copies = store.sharding.copies as usize;
        for shard in 0..scenario.shards_ever(store) {
            let mut from = |at: u64, absent: bool| {
                all.extend((0..copies).map(|copy| (at, first + shard * copies + copy, absent)));
            };
            let joins = |map: &ShardMap| map.shards().iter().any(|own| own.id.0 as usize == shard);
            if !joins(&recorded.begun) {
                from(0, true);
                if let Some(change) = recorded.changes.iter().find(|change| joins(&change.map)) {
                    from(change.at, false);
                }
            }
            if let Some(&(at, _)) = recorded.emptied.iter().find(|&&(_, own)| own as usize == shard) {
                from(at, true);
            }
        }
        first += scenario.shards_ever(store) * copies;
    }
    all
}

fn history(instance: u32, edges: Vec<(u64, Edge<'_>)>, end: u64) -> Vec<Band> {
    let mut bands = Vec::new();
    let (mut standing, mut from, mut crashes) = (Standing::default(), 0, 0_i32);
    let band = |standing: Standing, from: u64, to: u64| Band {
        instance,
        from_ms: millis(from),
        to_ms: millis(to),
        status: standing.status(),
        up: !standing.down,
        here: !standing.absent,
        from,
        to,
    };
    let in_order = order_by(edges.iter().map(|&(at, _)| at)).map(|place| edges[place as usize]);
    for (at, edge) in in_order.filter(|&(at, _)| at <= end) {
        let before = (standing.status(), standing.down, standing.absent);
        let old = standing;
        match edge {
            Edge::Change(change) => standing.apply(change),
            Edge::Down(down) => {
                crashes += if down { 1 } else { -1 };
                standing.down = crashes > 0;
            }
            #[cfg(feature = "stores")]
            Edge::Absent(absent) => standing.absent = absent,
        }
        if (standing.status(), standing.down, standing.absent) != before {
            if at > from {
                bands.push(band(old, from, at));
            }
            from = at;
        }
    }
    bands.push(band(standing, from, end));
    bands
}

/// When a balancer began or ceased to panic about a group of instances, of which service it is the balancer, and about
/// how many groups it did from then on.
pub(super) fn panics(recording: &Recording) -> Vec<(u64, u32, u32)> {
    let mut edges: Vec<(u64, u32, u32)> = Vec::new();
    for transition in &recording.transitions {
        let service = Transition::WHOLE_GROUP - transition.instance;
        let before = edges.iter().rev().find(|edge| edge.1 == service).map_or(0, |&(.., groups)| groups);
        let groups = match transition.change {
            Change::PanicEntered { .. } => before + 1,
            Change::PanicLeft { .. } => before.saturating_sub(1),
            _ => continue,
        };
        edges.push((transition.at.as_nanos(), service, groups));
    }
    edges
}

/// A short name for a kind of change.
pub(super) fn kind(change: &Change) -> &'static str {
    match change {
        Change::Unhealthy { .. } => "unhealthy",
        Change::Healthy { .. } => "healthy",
        Change::OutForGood { .. } => "out_for_good",
        Change::Ejected { .. } => "ejected",
        Change::Returned => "returned",
        Change::Trial { .. } => "trial",
        Change::DrainStarted { .. } => "drain_started",
        Change::DrainEnded => "drain_ended",
        Change::Drained => "drained",
        Change::Disabled => "disabled",
        Change::Enabled => "enabled",
        Change::Added => "added",
        Change::Removed => "removed",
        Change::Reweighted { .. } => "reweighted",
        Change::PanicEntered { .. } => "panic_entered",
        Change::PanicLeft { .. } => "panic_left",
    }
}

/// What happened, after the name of the instance.
pub(super) fn describe(change: &Change) -> String {
    match *change {
        Change::Unhealthy { failed_checks } => {
            format!("taken out: {failed_checks} health checks in a row failed")
        }
        Change::Healthy { passed_checks } => format!("back: {passed_checks} health checks in a row passed"),
        Change::OutForGood { health } => format!("out for good: its health is {health} of 100, below 50"),
        Change::Ejected { failures, times, until } => format!(
            "ejected until {} at the earliest: {failures} failures, the {} in a row",
            seconds(until.as_nanos()),
            ordinal(times)
        ),
        Change::Returned => "back: its ejection is over".to_owned(),
        Change::Trial { .. } => "gets one request to show whether it is well".to_owned(),
        Change::DrainStarted { outstanding } => {
            format!("drains: nothing new, {outstanding} requests under way are finished")
        }
        Change::DrainEnded => "takes new requests again".to_owned(),
        Change::Drained => "is drained: nothing is under way any more".to_owned(),
        Change::Disabled => "is switched off".to_owned(),
        Change::Enabled => "is switched on".to_owned(),
        Change::Added => "joined".to_owned(),
        Change::Removed => "left".to_owned(),
        Change::Reweighted { weight } => format!("has weight {}", Shown(weight)),
        Change::PanicEntered { healthy, total, .. } => {
            format!("panics: only {healthy} of {total} instances are healthy, so it no longer believes its checks")
        }
        Change::PanicLeft { .. } => "no longer panics".to_owned(),
    }
}

fn ordinal(number: u32) -> String {
    match number {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        _ => format!("{number}th"),
    }
}

/// So many millionths as text shows them: to the thousandth.
pub(super) fn thousandths(millionths: u64, unit: &str) -> String {
    format!("{}.{:03} {unit}", millionths / 1_000_000, millionths / 1_000 % 1_000)
}

/// A time as text shows it: seconds, to the millisecond.
pub(super) fn seconds(nanos: u64) -> String {
    thousandths(nanos / 1_000 + 500, "s")
}

impl Run {
    /// Every change of state, in order of time.
    pub fn transitions(&self) -> Vec<TransitionView> {
        self.recording.transitions.iter().map(|transition| self.transition_view(transition)).collect()
    }

    fn transition_view(&self, transition: &Transition) -> TransitionView {
        let own = self.names.get(transition.instance as usize);
        TransitionView {
            at_ms: millis(transition.at.as_nanos()),
            instance: if own.is_some() { transition.instance as i32 } else { -1 },
            kind: kind(&transition.change),
            text: format!(
                "{} {}",
                own.cloned().unwrap_or_else(|| self.balancer_name(transition.instance)),
                describe(&transition.change)
            ),
        }
    }

    /// What the balancer is called whose own change is recorded under this number.
    fn balancer_name(&self, recorded: u32) -> String {
        let service = Transition::WHOLE_GROUP - recorded;
        match self.scenario.services.get(service as usize) {
            Some(service) if self.scenario.services.len() > 1 => format!("the balancer of {}", service.name),
            _ => "the balancer".to_owned(),
        }
    }

    /// How each instance stood, from the beginning to the end.
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// How instance `index` stood at `t`.
    pub(super) fn band_at(&self, index: u32, t: u64) -> &Band {
        // Bands are sorted by (instance, time), and each instance has one from 0 on.
        let after = self.bands.partition_point(|band| (band.instance, band.from) <= (index, t));
        &self.bands[after - 1]
    }
}
