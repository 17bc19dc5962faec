//! What the fuzz targets have found, one test for each fault (`fuzz/README.md`).
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod common;

use common::run;

/// The mean over the last moments reached back before the beginning, where somebody asks at the very first nanosecond.
#[test]
fn the_first_frame_can_be_drawn_where_requests_are_sent_at_time_0() {
    let run = run(r#"{ "duration_ms": 100,
                       "clients": [{ "arrivals": "users", "users": 3, "think_ms": 0 }] }"#);
    assert_eq!(run.row(0).unwrap().sent, 0);
    let frame = run.frame(0.0, 500.0, 100);
    assert_eq!((frame.scalars[1], frame.scalars[3]), (3.0, 3.0), "under way, and sent");
}

/// How much memory the breakers would take was asked before it was known that there is a service.
#[test]
fn a_scenario_without_a_service_is_refused_whatever_its_calls_are() {
    let json =
        r#"{ "services": [], "clients": [{ "calls": [{ "breaker": { "enabled": true, "scope": "instance" } }] }] }"#;
    let told = sandtable_sim::Scenario::from_json(json).unwrap_err().to_string();
    assert!(told.contains("services: found 0 items; allowed: 1 to 8"), "{told}");
}
