//! The boundary between the simulator and JavaScript: translation only.
//!
//! A handful of coarse calls. Scenarios come in as JSON text and are parsed inside the functions, where failure is
//! an ordinary error; frames and series go out as typed arrays; rare things go out as plain objects. Times are
//! milliseconds.
//!
//! Two modules are made of it. The first, without the feature `full`, is what traffic takes to move: scenario,
//! simulation, frames. The full one has everything.
#![allow(unsafe_code, reason = "wasm_bindgen's expansions contain it; nothing here writes any")]

mod error;
#[cfg(feature = "full")]
mod full;
mod host;
mod plain;
mod run;
mod simulation;
#[cfg(feature = "full")]
mod traffic;

#[cfg(feature = "full")]
pub use full::{compact_scenario, fresh_seed, summarise};
pub use run::Run;
pub use simulation::Simulation;
#[cfg(feature = "full")]
pub use traffic::import_traffic;

use plain::{scenario, to_json};
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
