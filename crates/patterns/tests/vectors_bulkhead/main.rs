//! The conformance vectors that concern the bulkhead, against its public interface.

mod polly;
#[path = "../../../../tests/vectors/runner.rs"]
mod runner;
mod semaphore;

use runner::Outcome;
use sandtable_patterns::Instant;
use sandtable_patterns::bulkhead::{Bulkhead, BulkheadConfig};
use serde_json::Value;

#[test]
fn vectors_bulkhead_peer_runs() {
    runner::run("bulkhead_peer_runs", |file, report| {
        report.only_lists(file, &["cases"]);
        report.each(file, "cases", case);
    });
}

#[test]
fn vectors_bulkhead_tests() {
    runner::run("bulkhead_tests", |file, report| {
        report.only_lists(file, &["cases"]);
        report.each(file, "cases", case);
    });
}

/// A bounded queue makes it one of Polly's, which have no time.
fn case(case: &Value) -> Outcome {
    let polly = case["config"].get("max_queue").is_some();
    if polly { polly::case(case) } else { semaphore::case(case) }
}

fn bulkhead(config: &BulkheadConfig) -> Result<Bulkhead, String> {
    Bulkhead::try_new(config, Instant::ZERO).map_err(|errors| format!("{errors:?}"))
}
