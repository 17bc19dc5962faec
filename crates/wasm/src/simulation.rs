use wasm_bindgen::prelude::*;

use crate::error::SandtableError;
use crate::plain::scenario;
use crate::run::Run;

/// A run under way. Driven in slices, so that a worker stays responsive and a newer edit can take over.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Simulation {
    inner: sandtable_sim::Simulation,
}

#[wasm_bindgen]
impl Simulation {
    /// Sets up the run of a scenario, given as JSON.
    ///
    /// # Errors
    /// A `SandtableError` that lists every mistake.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str) -> Result<Self, JsValue> {
        let inner = sandtable_sim::Simulation::new(&scenario(json)?).map_err(SandtableError::from)?;
        Ok(Self { inner })
    }

    /// Goes on for about `max_events` events; returns whether the run is over.
    ///
    /// # Errors
    /// A `SandtableError` of code `limit` when the run outgrows the scenario's limits.
    pub fn run_slice(&mut self, max_events: u32) -> Result<bool, JsValue> {
        Ok(self.inner.run_slice(u64::from(max_events)).map_err(SandtableError::from)?)
    }

    /// How much of the run's time is over, 0 to 1.
    pub fn progress(&self) -> f64 {
        self.inner.progress()
    }

    /// The recording. Uses the simulation up.
    pub fn finish(self) -> Run {
        Run::from(self.inner.finish())
    }
}
