//! What several vector files need.

use sandtable_patterns::sharding::{ShardMap, ShardSpec, ShardingConfig};
use serde_json::Value;

use crate::runner::{Fields, Outcome, equal};

/// The bytes that a text of hexadecimal digits spells.
pub(crate) fn bytes(hex: &str) -> Result<Vec<u8>, String> {
    let wrong = || format!("{hex} is not hexadecimal");
    if !hex.len().is_multiple_of(2) || !hex.is_ascii() {
        return Err(wrong());
    }
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).map_err(|_| wrong())).collect()
}

/// A key in hexadecimal digits, which the same key as text, where there is one, must agree with.
pub(crate) fn key(fields: &Fields, hex: &str, text: &str) -> Result<Vec<u8>, String> {
    let key = bytes(fields.text(hex)?)?;
    if fields.get(text).is_some() {
        equal(text, fields.text(text)?.as_bytes(), &key)?;
    }
    Ok(key)
}

pub(crate) fn map(config: &ShardingConfig, shards: &[ShardSpec]) -> Result<ShardMap, String> {
    ShardMap::try_new(config, shards).map_err(|errors| format!("{errors:?}"))
}

/// The name of a key's shard.
pub(crate) fn owner<'a>(map: &'a ShardMap, key: &[u8]) -> &'a str {
    &map.shard(map.locate(key).shard).expect("a key belongs to a shard of the map").name
}

pub(crate) fn text(value: &Value) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("{value} is no string"))
}

/// Compares numbers that may be `tolerance` apart.
pub(crate) fn near(what: &str, found: f64, expected: f64, tolerance: f64) -> Outcome {
    let apart = (found - expected).abs();
    if apart <= tolerance { Ok(()) } else { Err(format!("{what}: {found} instead of {expected} ± {tolerance}")) }
}
