//! What the picture shows of stores and of command and query sides, in words.

use sandtable_patterns::Shown;

use super::narrate::short_seconds;
use super::{Frame, INSTANCE_STRIDE, MODEL_STRIDE, Run, SHARD_STRIDE};
use crate::recording::RecordedStore;
use crate::scenario::{Cqrs, Fault, FaultKind, ModelLayout, Station, instance_name};
use crate::time::nanos;

/// For so long after a change of map it is told.
const NEWS_MS: f64 = 4_000.0;

impl Run {
    /// Which shards and sides serve: a phrase for each store and pair.
    pub(super) fn stores_serve(&self, frame: &Frame) -> Vec<String> {
        let up = |node: u32| frame.instances[node as usize * INSTANCE_STRIDE] > 0.0;
        let mut phrases = Vec::new();
        for store in self.stores() {
            let rows = frame.shards.chunks(SHARD_STRIDE).skip(store.first_shard as usize).take(store.shards as usize);
            let here: Vec<u32> = (0..).zip(rows).filter(|(_, row)| row[1] == 1.0).map(|(shard, _)| shard).collect();
            let serving = here.iter().filter(|&&shard| up(store.first_instance + shard * store.copies)).count();
            phrases.push(match (serving, here.len()) {
                (1, 1) => "the only shard".to_owned(),
                (n, all) if n == all => format!("all {all} shards"),
                (0, _) => "no shard".to_owned(),
                (n, all) => format!("{n} of {all} shards"),
            });
        }
        for sides in self.cqrs() {
            let nodes = if sides.shared { 1 } else { 1 + sides.models.len() as u32 };
            let serving = (0..nodes).filter(|node| up(sides.first_instance + node)).count();
            phrases.push(match (sides.shared, serving == nodes as usize) {
                (true, true) => "the only model".to_owned(),
                (true, false) => "no model".to_owned(),
                (false, true) => "both sides".to_owned(),
                (false, false) => format!("{serving} of {nodes} models"),
            });
        }
        phrases
    }

    /// What moves, who leaves, and which read models are behind.
    pub(super) fn data(&self, t: u64, frame: &Frame) -> Vec<String> {
        let mut sentences = Vec::new();
        for (config, recorded) in self.scenario.stores.iter().zip(&self.recording.stores) {
            let whose = if self.scenario.station_count() > 1 { format!(" in {}", config.name) } else { String::new() };
            sentences.extend(self.moving(recorded, t).map(|what| format!("{what}{whose}.")));
        }
        for sides in self.cqrs() {
            let rows = frame.models.chunks(MODEL_STRIDE).skip(sides.first_model as usize);
            let models = sides.models.iter().zip(rows).filter(|_| !sides.shared);
            sentences.extend(models.filter_map(|(name, row)| behind(name, row)));
        }
        sentences
    }

    /// What is wrong with a shard or a side, and what that means for those who ask it; nothing where it does no harm.
    pub(super) fn data_in_trouble(&self, node: usize, fault: &Fault, since: &str) -> Option<String> {
        let station = self.topology.station_of(node);
        let (who, asked, meanwhile) = match self.scenario.station(station) {
            Station::Cqrs(sides) => self.side(sides, node - self.topology.instances[station].start),
            Station::Store(store) if store.sharding.copies > 1 => (self.names[node].clone(), "requests", ""),
            _ => (self.names[node].clone(), "requests", " and nobody has its keys meanwhile"),
        };
        Some(match fault.kind {
            FaultKind::Crash => format!("{who} has been down for {since}{meanwhile}."),
            FaultKind::Slow => format!("{who} has worked {} times slower for {since}.", Shown(fault.factor)),
            FaultKind::Errors => {
                format!("{who} has failed {} % of its {asked} for {since}.", Shown(fault.percent))
            }
            _ => return None,
        })
    }

    /// What a side is called, what comes to it, and what its loss means.
    fn side(&self, sides: &Cqrs, node: usize) -> (String, &'static str, &'static str) {
        let whose = if self.scenario.station_count() > 1 { format!(" of {}", sides.name) } else { String::new() };
        match (sides.model(node), sides.layout) {
            (Some(model), _) => {
                let name = model.kind.name().replace('_', " ");
                let without = ": its queries fail meanwhile; events go on being written without it";
                (format!("The read model {name}{whose}"), "queries", without)
            }
            (None, ModelLayout::Shared) => {
                (format!("The one model{whose}"), "requests", ": neither commands nor queries are answered meanwhile")
            }
            (None, ModelLayout::Apart) => {
                let without = ": nothing can be written meanwhile; queries go on without it";
                (format!("The side that writes{whose}"), "commands", without)
            }
        }
    }

    /// How far the last change of map has come; nothing where that is over and no news.
    fn moving(&self, recorded: &RecordedStore, t: u64) -> Option<String> {
        let changes = recorded.changes.iter().take_while(|change| change.at <= t);
        let last = changes.last()?;
        let own = recorded.moves.iter().filter(|moving| moving.began >= last.at);
        let moved: u32 = own.filter(|moving| moving.ended <= t).map(|moving| moving.keys).sum();
        let what = self.what_changed(last);
        let left = last.keys.saturating_sub(u64::from(moved));
        let leaving: Vec<String> = recorded
            .begun
            .shards()
            .iter()
            .filter(|shard| last.map.shard(shard.id).is_none() && left > 0)
            .map(|shard| instance_name(shard.id.0 as usize))
            .collect();
        let still =
            if leaving.is_empty() { String::new() } else { format!("; {} still holds keys", leaving.join(", ")) };
        match left {
            0 if t - last.at > nanos(NEWS_MS) => None,
            0 => Some(format!("{}: {} of {} keys have moved", capital(&what), last.keys, last.of_keys)),
            _ => Some(format!("{}: {moved} of {} keys have moved so far{still}", capital(&what), last.keys)),
        }
    }
}

/// Nothing of a read model that lacks next to nothing.
fn behind(name: &str, row: &[f32]) -> Option<String> {
    let name = name.replace('_', " ");
    let (lacks, age) = (row[2] as u32, short_seconds(nanos(f64::from(row[3]))));
    let waiting = match row[4] as u32 {
        0 => String::new(),
        1 => "; 1 query waits for it".to_owned(),
        more => format!("; {more} queries wait for it"),
    };
    let how = match row[5] as u8 {
        1 => "is stopped and",
        2 => return None, // told among the troubles
        3 => "goes over the log again and",
        _ if row[3] < 500.0 && waiting.is_empty() => return None,
        _ => "",
    };
    let space = if how.is_empty() { "" } else { " " };
    let lacks = match lacks {
        0 => "has all events so far".to_owned(),
        1 => format!("lacks 1 event, which has been there for {age}"),
        _ => format!("lacks {lacks} events, the oldest for {age}"),
    };
    Some(format!("The read model {name} {how}{space}{lacks}{waiting}."))
}

/// With a capital letter, unless it begins with a name.
fn capital(what: &str) -> String {
    match what.split_at_checked(1) {
        Some((first, rest)) if what.starts_with("ranges") || what.starts_with("evened") => {
            format!("{}{rest}", first.to_ascii_uppercase())
        }
        _ => what.to_owned(),
    }
}
