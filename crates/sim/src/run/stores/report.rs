//! What a store did in numbers: how even it was, what each change of map moved, and how old what was read.

use sandtable_patterns::sharding::{MapChange, Movement, Placement, ShardMap, ShardSpec, ShardingConfig};
use serde::Serialize;

use crate::recording::{Kind, MapChanged, Reason, RecordedStore};
use crate::run::{Latency, Run};
use crate::scenario::{FaultKind, Store, instance_name};
use crate::time::millis;

/// A store in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoreReport {
    /// Its name.
    pub name: String,
    /// How keys find their shards.
    pub placement: &'static str,
    /// Queries and commands that were answered, and queries of all shards.
    pub reads: u32,
    /// Commands that were carried out.
    pub writes: u32,
    /// Queries of all shards that were answered.
    pub gathered: u32,
    /// How long those took.
    pub gather_latency: Latency,
    /// Reads whose answer was no longer so.
    pub stale: u32,
    /// For how long it had no longer been so.
    pub stale_age: Latency,
    /// Requests that found their key gone and were sent on.
    pub sent_on: u32,
    /// Shard by shard, those that joined and left among them.
    pub shards: Vec<ShardReport>,
    /// The busiest shard's share of reads and writes over the mean of all that were there at the end.
    pub load_peak: Option<f64>,
    /// The same of keys at the end.
    pub keys_peak: Option<f64>,
    /// Change by change.
    pub changes: Vec<MapChangeReport>,
}

/// A shard in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShardReport {
    /// Its name.
    pub name: String,
    /// Keys at the end.
    pub keys: u32,
    /// Their share of all.
    pub keys_percent: Option<f64>,
    /// Reads and writes that it took.
    pub requests: u32,
    /// Their share of all.
    pub load_percent: Option<f64>,
    /// Whether it was in the map at the end.
    pub here: bool,
}

/// A change of map in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MapChangeReport {
    /// When.
    pub at_ms: f64,
    /// What changed, in words.
    pub what: String,
    /// Keys that were to move.
    pub keys: u32,
    /// Keys in all.
    pub of_keys: u32,
    /// Their share.
    pub moved_percent: Option<f64>,
    /// The least share that any placement has to move for this change.
    pub least_percent: f64,
    /// What hash modulo moves of the same keys; nothing where it moves none.
    pub modulo_percent: Option<f64>,
    /// How long it took until all was moved; nothing where that was not within the run.
    pub took_ms: Option<f64>,
    /// Writes that came to keys on the move and were sent after.
    pub sent_after: u32,
}

impl Run {
    /// The stores in numbers.
    pub(in crate::run) fn store_reports(&self) -> Vec<StoreReport> {
        let each = self.scenario.stores.iter().zip(&self.recording.stores).enumerate();
        each.map(|(number, (config, recorded))| self.store_report(number, config, recorded)).collect()
    }

    fn store_report(&self, number: usize, config: &Store, recorded: &RecordedStore) -> StoreReport {
        let station = self.scenario.services.len() + number;
        let first = self.topology.instances[station].start;
        let shards = self.scenario.shards_ever(config);
        let requests = &self.recording.requests;
        let mut report = StoreReport {
            name: config.name.clone(),
            placement: config.sharding.placement.title(),
            reads: 0,
            writes: 0,
            gathered: 0,
            gather_latency: Latency::of(&mut Vec::new()),
            stale: 0,
            stale_age: Latency::of(&mut Vec::new()),
            sent_on: 0,
            shards: Vec::new(),
            load_peak: None,
            keys_peak: None,
            changes: Vec::new(),
        };
        let (mut ages, mut gathers, mut loads) = (Vec::new(), Vec::new(), vec![0_u32; shards]);
        for row in 0..requests.len() {
            if self.topology.edges[usize::from(requests.call.get(row))].to != station {
                continue;
            }
            if let Some(node) = requests.instance(row) {
                loads[(node - first) / config.sharding.copies as usize] += 1;
            }
            let reason = requests.reason(row);
            report.sent_on += u32::from(reason == Reason::Moved);
            // A part is counted with its whole.
            if reason != Reason::None || self.is_part(row) {
                continue;
            }
            match requests.kind(row) {
                Kind::Query => report.reads += 1,
                Kind::Command => report.writes += 1,
                Kind::AllShards => {
                    report.gathered += 1;
                    gathers.push(requests.calling.get(row));
                }
            }
            ages.extend(Some(requests.stale.get(row)).filter(|&age| age > 0));
        }
        report.stale = ages.len() as u32;
        report.stale_age = Latency::of(&mut ages);
        report.gather_latency = Latency::of(&mut gathers);
        report.shards = self.shard_reports(number, &loads);
        let here = || report.shards.iter().filter(|shard| shard.here);
        report.load_peak = peak(here().map(|shard| shard.requests));
        report.keys_peak = peak(here().map(|shard| shard.keys));
        report.changes = (0..recorded.changes.len()).map(|at| self.map_change(config, recorded, at)).collect();
        report
    }

    /// Whether an attempt was made by a store's router as a part of another.
    pub(in crate::run) fn is_part(&self, row: u32) -> bool {
        let requests = &self.recording.requests;
        requests.parent(row).is_some_and(|whole| requests.call.get(whole) == requests.call.get(row))
    }

    fn shard_reports(&self, number: usize, loads: &[u32]) -> Vec<ShardReport> {
        let view = &self.stores()[number];
        let rows = self.shard_rows(self.recording.end);
        let own = rows.chunks(super::SHARD_STRIDE).skip(view.first_shard as usize).take(loads.len());
        let all_keys: f32 = own.clone().map(|row| row[0]).sum();
        let all: u32 = loads.iter().sum();
        let each = own.zip(loads).enumerate().map(|(shard, (row, &requests))| ShardReport {
            name: instance_name(shard),
            keys: row[0] as u32,
            keys_percent: (all_keys > 0.0).then(|| 100.0 * f64::from(row[0]) / f64::from(all_keys)),
            requests,
            load_percent: (all > 0).then(|| 100.0 * f64::from(requests) / f64::from(all)),
            here: row[1] == 1.0,
        });
        each.collect()
    }

    fn map_change(&self, config: &Store, recorded: &RecordedStore, at: usize) -> MapChangeReport {
        let change = &recorded.changes[at];
        let before = at.checked_sub(1).map_or(&recorded.begun, |before| &recorded.changes[before].map);
        let until = recorded.changes.get(at + 1).map_or(u64::MAX, |next| next.at);
        let own = || recorded.moves.iter().filter(|moving| (change.at..until).contains(&moving.began));
        let last = own().map(|moving| moving.ended).max();
        let ended =
            last.map_or((change.keys == 0).then_some(change.at), |last| Some(last).filter(|&last| last < u64::MAX));
        // What a further change found still waiting was not moved by this one.
        let moved: u64 = own().map(|moving| u64::from(moving.keys)).sum();
        MapChangeReport {
            at_ms: millis(change.at),
            what: self.what_changed(change),
            keys: change.keys as u32,
            of_keys: change.of_keys as u32,
            moved_percent: (change.of_keys > 0).then(|| 100.0 * change.keys as f64 / change.of_keys as f64),
            least_percent: 100.0 * change.least_share,
            modulo_percent: modulo(config, before, &change.map).map(|share| 100.0 * share),
            took_ms: ended.filter(|_| moved >= change.keys).map(|ended| millis(ended - change.at)),
            sent_after: own().map(|moving| moving.sent_after).sum(),
        }
    }

    /// What a change of map was, in words.
    pub(in crate::run) fn what_changed(&self, change: &MapChanged) -> String {
        let Some(number) = change.fault else { return "ranges split and evened out".to_owned() };
        let fault = &self.scenario.faults[number as usize];
        let shard = || fault.target.rsplit('/').next().unwrap_or(&fault.target);
        match fault.kind {
            FaultKind::AddShard => {
                let newest = change.map.shards().iter().map(|shard| shard.id.0).max().unwrap_or(0);
                format!("{} joins", instance_name(newest as usize))
            }
            FaultKind::RemoveShard => format!("{} leaves", shard()),
            FaultKind::WeighShard => {
                format!("{} weighs {} times as much", shard(), sandtable_patterns::Shown(fault.factor))
            }
            _ => "evened out".to_owned(),
        }
    }
}

/// The greatest over the mean; nothing where there is nothing.
pub(super) fn peak(values: impl Iterator<Item = u32> + Clone) -> Option<f64> {
    let (count, sum) = (values.clone().count(), values.clone().map(u64::from).sum::<u64>());
    let greatest = values.max()?;
    (sum > 0).then(|| f64::from(greatest) * count as f64 / sum as f64)
}

/// The share of the stored keys that hash modulo would move from one set of shards to another.
fn modulo(config: &Store, before: &ShardMap, after: &ShardMap) -> Option<f64> {
    let placed = |map: &ShardMap| {
        let specs: Vec<ShardSpec> = map.shards().iter().map(|shard| ShardSpec::named(&shard.name)).collect();
        let placement = ShardingConfig {
            placement: Placement::HashModulo,
            hash: config.sharding.hash,
            ..ShardingConfig::default()
        };
        ShardMap::try_new(&placement, &specs)
    };
    let before = placed(before).ok()?;
    // Changed step by step, so that shards that stay keep their numbers.
    let mut changed = before.clone();
    for shard in before.shards() {
        if !after.shards().iter().any(|own| own.name == shard.name) {
            changed.apply(&MapChange::Remove(shard.id)).ok()?;
        }
    }
    for shard in after.shards() {
        if !before.shards().iter().any(|own| own.name == shard.name) {
            changed.apply(&MapChange::Add(ShardSpec::named(&shard.name))).ok()?;
        }
    }
    let texts: Vec<String> = (0..config.keys).map(|key| config.key(key)).collect();
    let movement = Movement::between(&before, &changed, texts.iter().map(String::as_bytes));
    (movement.moved > 0).then(|| movement.share())
}
