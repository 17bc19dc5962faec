//! The boundary between the simulator and JavaScript: translation only.
//!
//! A handful of coarse calls. Scenarios come in as JSON text and are parsed inside the functions, where failure is
//! an ordinary error; frames and series go out as typed arrays; rare things go out as plain objects. Times are
//! milliseconds.
#![allow(unsafe_code, reason = "wasm_bindgen's expansions contain it; nothing here writes any")]

mod error;
mod plain;
mod run;
mod simulation;
mod traffic;

pub use run::Run;
pub use simulation::Simulation;
pub use traffic::import_traffic;

use error::SandtableError;
use plain::{Plain, plain, scenario, to_json};
use sandtable_sim::run::Estimate;
use wasm_bindgen::prelude::*;

/// A panic reaches the console with its message; the instance is dead after it and must be built anew.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// A scenario with every parameter written out.
///
/// # Errors
/// A `SandtableError` that lists every mistake.
#[wasm_bindgen]
pub fn complete_scenario(json: &str) -> Result<String, JsValue> {
    Ok(to_json(&scenario(json)?.to_value()))
}

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
