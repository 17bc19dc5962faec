//! A deterministic discrete-event simulator that drives the patterns of [`sandtable_patterns`].
//!
//! A run is a value: [`simulate`] is a pure function of the scenario, its seed included, and gives the same
//! recording to the bit on every target.
//!
//! ```
//! use sandtable_sim::{Scenario, simulate};
//!
//! let scenario = Scenario::from_json(r#"{ "duration_ms": 10000, "clients": [{ "rate_per_s": 100 }] }"#)?;
//! let run = simulate(&scenario)?;
//! assert_eq!(run.digest(), simulate(&scenario)?.digest());
//! println!("{:?}", run.report().latency.successes.p99_ms);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod engine;
pub mod import;
mod order;
mod random;
mod recording;
pub mod run;
pub mod scenario;
pub mod theory;
mod time;
mod traffic;

pub use engine::{RunError, Simulation};
pub use recording::{Kind, Outcome, Reason};
pub use run::Run;
pub use sandtable_patterns::{ConfigError, Value};
pub use scenario::{Scenario, ScenarioError};

/// Simulates a scenario to its end.
///
/// # Errors
/// [`RunError::Scenario`] with every mistake of the scenario; [`RunError::Limit`] where the run would outgrow the
/// scenario's limits.
pub fn simulate(scenario: &Scenario) -> Result<Run, RunError> {
    let mut simulation = Simulation::new(scenario)?;
    while !simulation.run_slice(u64::MAX / 2)? {}
    Ok(simulation.finish())
}
