//! Draws values out of bytes as the scenario's JSON Schema describes them.
//!
//! The schema is generated from the configuration types, so a parameter that is added there is fuzzed from then on.
//! Where the bytes come to an end everything takes its default, or the least.

use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use sandtable_sim::scenario::SCHEMA;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

static ROOT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(SCHEMA).expect("the schema is JSON"));

/// Names that scenarios may mean something by: services, groups of clients, instances.
const NAMES: [&str; 10] =
    ["", "service", "clients", "alpha", "bravo", "maps", "radio", "maps/alpha", "service/bravo", "radio/zulu"];

/// What a list has at most here; the schema has no bound for most of them.
const MOST_ITEMS: usize = 3;

/// A value of a type that the schema describes, such as `Scenario` or `BreakerConfig`; its numbers are within their
/// bounds, and may still contradict one another.
pub(crate) fn draw<T: DeserializeOwned>(u: &mut Unstructured<'_>, name: &str) -> Result<T> {
    let shape = if ROOT["title"] == name { &*ROOT } else { &ROOT["$defs"][name] };
    serde_json::from_value(draw_value(u, shape)?).map_err(|_| arbitrary::Error::IncorrectFormat)
}

fn draw_value(u: &mut Unstructured<'_>, shape: &Value) -> Result<Value> {
    if let Some(name) = shape["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
        return draw_value(u, &ROOT["$defs"][name]);
    }
    if let Some(variants) = shape["oneOf"].as_array() {
        return Ok(u.choose(variants)?["const"].clone());
    }
    let kind = match &shape["type"] {
        Value::Array(kinds) => u.choose(kinds)?,
        kind => kind,
    };
    match kind.as_str() {
        Some("object") => draw_object(u, shape),
        Some("array") => draw_list(u, shape),
        Some("string") => Ok(Value::from(*u.choose(&NAMES)?)),
        Some("boolean") => Ok(Value::from(u.arbitrary::<bool>()?)),
        Some("integer") => Ok(Value::from(draw_number(u, shape)?.round() as i64)),
        Some("number") => Ok(Value::from(draw_number(u, shape)?)),
        _ => Ok(Value::Null),
    }
}

/// One property in three is written out.
fn draw_object(u: &mut Unstructured<'_>, shape: &Value) -> Result<Value> {
    let mut object = Map::new();
    for (name, property) in shape["properties"].as_object().into_iter().flatten() {
        if u.int_in_range(0..=2)? == 2 {
            object.insert(name.clone(), draw_value(u, property)?);
        }
    }
    Ok(Value::Object(object))
}

fn draw_list(u: &mut Unstructured<'_>, shape: &Value) -> Result<Value> {
    if let Some(items) = shape["prefixItems"].as_array() {
        return items.iter().map(|item| draw_value(u, item)).collect();
    }
    let count = u.int_in_range(0..=MOST_ITEMS)?;
    (0..count).map(|_| draw_value(u, &shape["items"])).collect()
}

/// Often a small whole number, for those meet one another; else a bound, or anything between the two.
fn draw_number(u: &mut Unstructured<'_>, shape: &Value) -> Result<f64> {
    let min = shape["minimum"].as_f64().unwrap_or(0.0);
    let max = shape["maximum"].as_f64().unwrap_or(f64::from(u32::MAX));
    Ok(match u.int_in_range(0..=9)? {
        0 => min,
        1 => max,
        2 => min + (max - min) * f64::from(u.arbitrary::<u32>()?) / f64::from(u32::MAX),
        3 => f64::from(u.arbitrary::<u16>()?).clamp(min, max),
        4 => (f64::from(u.arbitrary::<u8>()?) / 8.0).clamp(min, max),
        _ => f64::from(u.int_in_range(0..=12)?).clamp(min, max),
    })
}
