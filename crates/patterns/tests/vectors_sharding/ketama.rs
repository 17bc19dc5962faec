//! shard_ketama

use std::collections::BTreeMap;

use sandtable_patterns::hash::md5_first_four;
use sandtable_patterns::sharding::{RingPoint, ShardMap, ShardSpec, ShardingPreset, Why};
use serde_json::Value;

use crate::fixture::{bytes, map, owner, text};
use crate::runner::{Fields, Outcome, equal, number};

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let preset = match fields.text("scheme")? {
        text if text.starts_with("spymemcached") => ShardingPreset::Spymemcached,
        text if text.starts_with("libmemcached") => ShardingPreset::Libmemcached,
        text if text.starts_with("ketama, ") && text.contains("equal nodes label \"<node>-<k>\" k=0..39") => {
            ShardingPreset::Spymemcached
        }
        other => return Err(format!("unknown scheme {other}")),
    };
    let names = fields.map_list("nodes", text)?;
    let mut weights = fields.map_list("weights", number)?;
    weights.resize(names.len(), 1.0);
    let spec = |(name, weight): (&String, f64)| ShardSpec { name: name.clone(), weight };
    let map = map(&preset.config(), &names.iter().zip(weights).map(spec).collect::<Vec<_>>())?;
    let points: Vec<RingPoint> = map.ring_points().collect();
    if fields.get("points").is_some() {
        equal("points", points.len() as u32, fields.natural("points")?)?;
    }
    if fields.get("max_point").is_some() {
        equal("max_point", points.last().map(|last| last.point), Some(fields.natural("max_point")?.into()))?;
    }
    for key in fields.map_list("keys", |key| Ok(key.clone()))? {
        lookup(&map, &key)?;
    }
    if fields.get("wrap_key").is_some() {
        let last = points.last().map_or(0, |last| last.point);
        let key = fields.text("wrap_key")?.as_bytes();
        let Why::RingPoint { hash, point, .. } = map.locate(key).why else { return Err("no point".to_owned()) };
        equal("the wrap key's hash is past the last point", hash > last, true)?;
        equal("the wrap key's point", Some(point), points.first().map(|first| first.point))?;
    }
    if let Some(counts) = fields.get("counts") {
        distribution(&map, counts)?;
    }
    fields.finish()
}

fn lookup(map: &ShardMap, value: &Value) -> Outcome {
    let fields = Fields::of(value)?;
    let key = match fields.get("key") {
        Some(key) => text(key)?.into_bytes(),
        None => bytes(fields.text("key_hex")?)?,
    };
    let Why::RingPoint { hash, point, .. } = map.locate(&key).why else { return Err("no point".to_owned()) };
    equal("hash", hash, md5_first_four(&key).into())?;
    if fields.get("key_hash").is_some() {
        equal("key_hash", hash, fields.natural("key_hash")?.into())?;
    }
    if fields.get("ring_point").is_some() {
        equal("ring_point", point, fields.natural("ring_point")?.into())?;
    }
    equal("node", owner(map, &key), fields.text("node")?)?;
    fields.finish()
}

/// The keys foo0 to foo99999.
fn distribution(map: &ShardMap, expected: &Value) -> Outcome {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for key in 0..100_000 {
        *counts.entry(owner(map, format!("foo{key}").as_bytes())).or_default() += 1;
    }
    equal("counts", &serde_json::json!(counts), expected)
}
