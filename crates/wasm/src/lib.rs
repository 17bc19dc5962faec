//! The boundary between the simulator and JavaScript: translation only.
//!
//! A handful of coarse calls. Scenarios come in as JSON text and are parsed inside the functions, where failure is
//! an ordinary error; frames and series go out as typed arrays; rare things go out as plain objects. Times are
//! milliseconds.
#![allow(unsafe_code, reason = "wasm_bindgen's expansions contain it; nothing here writes any")]

mod error;
mod run;
mod simulation;
mod traffic;

pub use run::Run;
pub use simulation::Simulation;
pub use traffic::import_traffic;

use error::SandtableError;
use sandtable_sim::Scenario;
use wasm_bindgen::prelude::*;

/// A panic reaches the console with its message; the instance is dead after it and must be built anew.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// The JSON Schema of a scenario, as text.
#[wasm_bindgen]
pub fn scenario_schema() -> String {
    sandtable_sim::scenario::SCHEMA.to_owned()
}

/// A scenario with every parameter written out.
///
/// # Errors
/// A `SandtableError` that lists every mistake.
#[wasm_bindgen]
pub fn complete_scenario(json: &str) -> Result<String, JsValue> {
    Ok(Scenario::from_json(json).map_err(SandtableError::from)?.to_json())
}

/// A scenario without what is as it would be anyway.
///
/// # Errors
/// A `SandtableError` that lists every mistake.
#[wasm_bindgen]
pub fn compact_scenario(json: &str) -> Result<String, JsValue> {
    Ok(Scenario::from_json(json).map_err(SandtableError::from)?.to_compact_json())
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
///
/// # Errors
/// None that a caller can cause.
#[wasm_bindgen(unchecked_return_type = "{ mean: number; half_width_95: number } | undefined")]
pub fn summarise(values: &[f64]) -> Result<JsValue, JsValue> {
    plain(&sandtable_sim::run::summarise(values))
}

/// A plain object, as JSON would have it.
fn plain(value: &impl serde::Serialize) -> Result<JsValue, JsValue> {
    let serializer =
        serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true).serialize_maps_as_objects(true);
    Ok(value.serialize(&serializer).map_err(|error| SandtableError::new("internal", error.to_string()))?)
}
