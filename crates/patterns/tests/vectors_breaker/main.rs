//! The conformance vectors that concern the circuit breaker, against its public interface.

mod failsafe_go;
mod fixture;
mod gobreaker;
mod polly;
mod resilience4j;
#[path = "../../../../tests/vectors/runner.rs"]
mod runner;
mod windows;

use runner::Outcome;
use serde_json::Value;

fn cases(file: &str, case: impl Fn(&Value) -> Outcome) {
    runner::run(file, |contents, report| {
        report.only_lists(contents, &["cases"]);
        report.each(contents, "cases", &case);
    });
}

#[test]
fn vectors_cb_sliding_windows() {
    cases("cb_sliding_windows", windows::case);
}

#[test]
fn vectors_cb_gobreaker_tests() {
    cases("cb_gobreaker_tests", gobreaker::case);
}

#[test]
fn vectors_cb_gobreaker_peer_runs() {
    cases("cb_gobreaker_peer_runs", gobreaker::case);
}

#[test]
fn vectors_cb_resilience4j_tests() {
    cases("cb_resilience4j_tests", resilience4j::case);
}

#[test]
fn vectors_cb_resilience4j_peer_runs() {
    cases("cb_resilience4j_peer_runs", resilience4j::case);
}

#[test]
fn vectors_cb_polly_v7() {
    cases("cb_polly_v7", polly::case);
}

#[test]
fn vectors_cb_failsafe_go_tests() {
    cases("cb_failsafe_go_tests", failsafe_go::case);
}

#[test]
fn vectors_cb_failsafe_go_peer_runs() {
    cases("cb_failsafe_go_peer_runs", failsafe_go::case);
}
