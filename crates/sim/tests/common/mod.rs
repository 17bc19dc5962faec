//! What the tests share.
#![allow(dead_code, reason = "each test file uses its own part")]

use sandtable_sim::run::RequestRow;
use sandtable_sim::{Run, Scenario, simulate};

/// The run of a scenario given as JSON.
pub(crate) fn run(json: &str) -> Run {
    let scenario = Scenario::from_json(json).unwrap_or_else(|error| panic!("{error}"));
    simulate(&scenario).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn rows(run: &Run) -> Vec<RequestRow> {
    run.rows().collect()
}

/// Poisson arrivals at one or more instances without ways between them, and nothing that goes wrong: what the
/// formulas assume.
pub(crate) fn plain(rate_per_s: f64, duration_ms: f64, seed: u32, balancer: &str, instances: &str) -> String {
    format!(
        r#"{{ "seed": {seed}, "duration_ms": {duration_ms},
             "clients": [{{ "rate_per_s": {rate_per_s}, "hop": {{ "time_ms": 0, "jitter_percent": 0 }} }}],
             "services": [{{ "balancer": {{ "active_checks": {{ "enabled": false }} {balancer} }},
                             "instances": {{ "hop": {{ "time_ms": 0, "jitter_percent": 0 }}, {instances} }} }}] }}"#
    )
}
