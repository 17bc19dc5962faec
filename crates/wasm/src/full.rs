//! What a person asks for beside a run.

use sandtable_sim::run::Estimate;
use wasm_bindgen::prelude::*;

use crate::error::SandtableError;
use crate::plain::{Plain, plain, scenario, to_json};

/// A scenario without what is as it would be anyway.
///
/// # Errors
/// A `SandtableError` that lists every mistake.
#[wasm_bindgen]
pub fn compact_scenario(json: &str) -> Result<String, JsValue> {
    Ok(to_json(&scenario(json)?.to_compact_value()))
}

/// A seed that nobody chose, from the host's source of randomness.
///
/// # Errors
/// A `SandtableError` where the host has none.
#[wasm_bindgen]
pub fn fresh_seed() -> Result<u32, JsValue> {
    let seed = getrandom::u32().map_err(|error| SandtableError::new("no_randomness", error.to_string()))?;
    Ok(seed)
}

/// The mean of independent values and half the width of its 95 % confidence interval; `undefined` for fewer than
/// two values.
#[wasm_bindgen(unchecked_return_type = "{ mean: number; half_width_95: number } | undefined")]
pub fn summarise(values: &[f64]) -> JsValue {
    sandtable_sim::run::summarise(values).map_or(JsValue::UNDEFINED, |estimate| estimate.to_host())
}

plain! { Estimate { mean, half_width_95 } }
