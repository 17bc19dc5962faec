//! shard_maglev_ring

use std::collections::BTreeMap;

use sandtable_patterns::balancer::{Maglev, Ring, TableHash};
use serde_json::Value;

use crate::runner::{Fields, Outcome, equal, list, natural, number};

pub(crate) fn maglev(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let hash = match fields.text("hash")? {
        text if text.starts_with("siphash-2-4") => TableHash::SipHash24,
        text if text.starts_with("xxh64") => TableHash::XxHash64,
        other => return Err(format!("unknown hash {other}")),
    };
    let size = fields.natural("table_size")?;
    let names = fields.map_list("backends", text)?;
    let mut weights = fields.map_list("weights", number)?;
    weights.resize(names.len(), 1.0);
    let backends: Vec<(u32, &str, f64)> =
        (0..).zip(&names).zip(&weights).map(|((at, name), &weight)| (at, name.as_str(), weight)).collect();
    for (backend, expected) in fields.map_list("permutations", naturals)?.into_iter().enumerate() {
        let permutation: Vec<u32> = Maglev::permutation(hash, size, &names[backend]).collect();
        equal("permutation", permutation, expected)?;
    }
    for key in fields.keys_with_prefix("table_without_backend_") {
        let gone = key.trim_start_matches("table_without_backend_");
        let gone: u32 = gone.parse().map_err(|_| format!("unknown setting {key}"))?;
        let rest: Vec<_> = backends.iter().copied().filter(|&(at, ..)| at != gone).collect();
        equal(key, Maglev::new(hash, size, &rest).entries(), &naturals(fields.need(key)?)?)?;
    }
    let table = naturals(fields.need("table")?)?;
    let maglev = Maglev::new(hash, size, &backends);
    equal("table", maglev.entries(), &table)?;
    for key in 0..2 * u64::from(size) {
        let expected = table[(key % u64::from(size)) as usize];
        equal("lookup", maglev.owner(key), Some(expected))?;
    }
    fields.finish()
}

pub(crate) fn ring(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let hash = fields.text("hash")?;
    if !hash.starts_with("xxh64 of \"<name>_<k>\"") {
        return Err(format!("unknown hash {hash}"));
    }
    let hosts = fields.map_list("hosts", text)?;
    let position = |suffix: u32| {
        let host = hosts.iter().position(|host| host.ends_with(&suffix.to_string()));
        host.map(|at| at as u32).ok_or_else(|| format!("no host {suffix}"))
    };
    let mut expected = Vec::new();
    for entry in fields.list("ring")? {
        let entry = Fields::of(entry)?;
        let point = parse(entry.text("point")?)?;
        expected.push((point, position(entry.natural("host_suffix")?)?));
        entry.finish()?;
    }
    let mut points: BTreeMap<u32, u32> = BTreeMap::new();
    for (_, host) in &expected {
        *points.entry(*host).or_default() += 1;
    }
    let ring = Ring::new(points.iter().map(|(&host, &count)| (host, hosts[host as usize].as_str(), count)));
    equal("ring", ring.points().collect::<Vec<_>>(), expected)?;
    for lookup in fields.list("lookups")? {
        let lookup = Fields::of(lookup)?;
        let host = position(lookup.natural("host_suffix")?)?;
        equal("lookup", ring.owner(parse(lookup.text("key")?)?), Some(host))?;
        lookup.finish()?;
    }
    fields.finish()
}

/// Shares follow from the table's size alone. How many of the other entries change depends on the names, which the
/// file doesn't give, so that is held to twice what was measured there.
pub(crate) fn disruption(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let (backends, size) = (fields.natural("backends")?, fields.natural("table_size")?);
    let names: Vec<String> = (0..backends).map(|at| format!("backend-{at}")).collect();
    let all: Vec<(u32, &str, f64)> = (0..).zip(&names).map(|(at, name)| (at, name.as_str(), 1.0)).collect();
    let before = Maglev::new(TableHash::XxHash64, size, &all);
    let after = Maglev::new(TableHash::XxHash64, size, &all[1..]);
    let entries = |owner: u32| before.entries().iter().filter(|&&o| o == owner).count() as u32;
    equal("entries_min", (0..backends).map(entries).min(), Some(fields.natural("entries_min")?))?;
    equal("entries_max", (0..backends).map(entries).max(), Some(fields.natural("entries_max")?))?;
    let share = f64::from(entries(0)) / f64::from(size);
    let one_entry = 1.0 / f64::from(size);
    if (share - fields.number("removed_backend_share")?).abs() > one_entry + 1e-12 {
        return Err(format!("removed_backend_share {share}"));
    }
    let pairs = before.entries().iter().zip(after.entries());
    let moved = pairs.filter(|(before, after)| **before != 0 && before != after).count();
    let moved = moved as f64 / f64::from(size - entries(0));
    if moved > 2.0 * fields.number("other_entries_changed_fraction")? {
        return Err(format!("other_entries_changed_fraction {moved}"));
    }
    fields.finish()
}

fn text(value: &Value) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("{value} is no string"))
}

fn naturals(value: &Value) -> Result<Vec<u32>, String> {
    list(value)?.iter().map(natural).collect()
}

fn parse(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text} is no number"))
}
