//! Bad input and outsized runs end with an error that names the field, at once and without using memory for them.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod common;

use sandtable_sim::{RunError, Scenario, ScenarioError, simulate};

/// Every mistake as text, one line each.
fn mistakes(json: &str) -> String {
    match Scenario::from_json(json) {
        Ok(_) => panic!("accepted: {json}"),
        Err(error) => error.to_string(),
    }
}

fn limit(json: &str) -> &'static str {
    let scenario = Scenario::from_json(json).unwrap_or_else(|error| panic!("{error}"));
    match simulate(&scenario) {
        Err(RunError::Limit { path, .. }) => path,
        other => panic!("{:?}", other.map(|run| run.requests())),
    }
}

#[test]
fn the_smallest_scenario_is_the_empty_one() {
    assert_eq!(Scenario::from_json("{}").unwrap(), Scenario::default());
}

#[test]
fn every_mistake_is_named_with_what_was_found_and_what_is_allowed() {
    let json = r#"{ "seed": "x", "duration_ms": 0, "clients": [{ "arivals": 1, "arrivals": "often", "rate_per_s": -1 }],
                    "services": [{ "balancer": { "policy": "rnd" }, "instances": { "weights": [1, "a", -4] } }] }"#;
    let told = mistakes(json);
    for part in [
        "seed: found \"x\"; allowed: a whole number",
        "duration_ms: found 0; allowed: 1 to 604800000",
        "clients[0].arivals: found 1; allowed: no field of this name; there are ",
        "clients[0].arrivals: found \"often\"; allowed: one of constant, poisson,",
        "clients[0].rate_per_s: found -1; allowed: 0.001 to 1000000",
        "services[0].balancer.policy: found \"rnd\"; allowed: one of round_robin, smooth_weighted_round_robin,",
        "services[0].instances.weights[1]: found \"a\"; allowed: a number",
        "services[0].instances.weights[2]: found -4; allowed: 0.001 to 1000",
    ] {
        assert!(told.contains(part), "{part:?} is not in:\n{told}");
    }
    assert_eq!(told.lines().count(), 8, "{told}");
}

#[test]
fn what_single_fields_cannot_say_is_checked_too() {
    let json = r#"{ "clients": [{ "trace": { "counts": [[3, 1], [2, 1]], "keys": [1] } }, {}],
                    "services": [{ "instances": { "count": 2, "weights": [1, 2, 3],
                                                  "service_time": { "min_ms": 9, "max_ms": 3 } } }],
                    "faults": [{ "target": "charlie" }, { "kind": "traffic", "target": "nobody" }] }"#;
    let told = mistakes(json);
    for part in [
        "clients[0].trace.counts[1][0]: found 2; allowed: a second after 3",
        "clients[0].trace.keys: found 1 keys; allowed: none, or one for each of the 2 requests",
        "clients[1].name: found \"clients\" again; allowed: a name of its own",
        "services[0].instances.weights: found 3 items; allowed: 0 to 2",
        "services[0].instances.service_time.min_ms: found 9; allowed: at most max_ms, 3",
        "faults[0].target: found \"charlie\"; allowed: one of the 2 instances, alpha to bravo, or service for all of them",
        "faults[1].target: found \"nobody\"; allowed: a group of clients: clients",
    ] {
        assert!(told.contains(part), "{part:?} is not in:\n{told}");
    }
}

#[test]
fn lists_of_the_wrong_length_are_named() {
    assert!(mistakes(r#"{ "clients": [] }"#).contains("clients: found 0 items; allowed: 1 to 8"));
    assert!(mistakes(r#"{ "services": [] }"#).contains("services: found 0 items; allowed: 1 to 8"));
    assert!(
        mistakes(r#"{ "clients": [{ "calls": [] }] }"#).contains("clients[0].calls: found 0 items; allowed: 1 to 8")
    );
    assert!(
        mistakes(r#"{ "clients": [{ "trace": { "counts": [[1]] } }] }"#).contains("found 1 items; allowed: 2 items")
    );
}

#[test]
fn calls_that_cannot_be_are_named() {
    let json = r#"{ "clients": [{ "calls": [{ "to": "nowhere" }] }],
                    "services": [{ "name": "a", "calls": [{ "to": "b" }] }, { "name": "b", "calls": [{ "to": "a" }] },
                                 { "name": "a" }, { "name": "alpha" }],
                    "faults": [{ "target": "b/zulu" }] }"#;
    let told = mistakes(json);
    for part in [
        "clients[0].calls[0].to: found \"nowhere\"; allowed: one of the services: a, b, a, alpha",
        "services[0].calls: found a calls itself, directly or through others; allowed: calls that lead in no circle",
        "services[2].name: found \"a\" again; allowed: a name of its own that no instance has, without a slash",
        "services[3].name: found \"alpha\"; allowed: a name of its own",
        "faults[0].target: found \"b/zulu\"; allowed: an instance (a/alpha to a/delta, b/alpha to b/delta,",
    ] {
        assert!(told.contains(part), "{part:?} is not in:\n{told}");
    }
    let many = r#"{ "services": [{ "name": "front", "instances": { "count": 1000 },
                      "calls": [{ "to": "back", "breaker": { "enabled": true, "scope": "instance" } }] },
                    { "name": "back", "instances": { "count": 1000 } }] }"#;
    assert!(mistakes(many).contains("services[0].calls[0].breaker.rule: found 1000000 breakers, with their windows"));
}

#[test]
fn text_that_is_not_json_says_where() {
    assert!(mistakes("{ \"seed\": }").starts_with("not JSON: "));
    assert!(mistakes("").starts_with("not JSON: "));
    // A number too large for any is not JSON to the reader either.
    assert!(mistakes(r#"{ "duration_ms": 1e999 }"#).starts_with("not JSON: "));
    // The reader stops at a depth of 128 rather than using up the stack.
    assert!(mistakes(&"[".repeat(100_000)).starts_with("not JSON: "));
}

#[test]
fn anything_but_an_object_is_refused() {
    for json in ["null", "[]", "3", "\"text\"", "true"] {
        assert!(mistakes(json).contains("allowed: an object"), "{json}");
    }
}

#[test]
fn a_scenario_built_in_code_is_checked_as_well() {
    let mut scenario = Scenario { duration_ms: f64::NAN, ..Scenario::default() };
    scenario.clients[0].rate_per_s = f64::INFINITY;
    scenario.services[0].balancer.choices = 0;
    let Err(ScenarioError::Invalid(errors)) = scenario.validate() else { panic!("accepted") };
    let paths: Vec<&str> = errors.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(paths, ["duration_ms", "clients[0].rate_per_s", "services[0].balancer.choices"]);
    assert!(simulate(&scenario).is_err());
}

#[test]
fn too_many_requests_end_the_run_by_name() {
    const WEEK: &str = r#""duration_ms": 604800000, "limits": { "requests": 20000 }"#;
    for client in [
        r#""rate_per_s": 1000000"#,
        r#""arrivals": "constant", "rate_per_s": 1000000"#,
        r#""arrivals": "users", "users": 100000, "think_ms": 0"#,
        r#""arrivals": "trace", "multiplier": 100000, "trace": { "counts": [[0, 19999]] }"#,
    ] {
        assert_eq!(limit(&format!(r#"{{ {WEEK}, "clients": [{{ {client} }}] }}"#)), "limits.requests", "{client}");
    }
}

#[test]
fn too_many_events_end_the_run_by_name() {
    const WEEK: &str = r#""duration_ms": 604800000, "limits": { "events": 200000 }"#;
    let checks =
        r#""services": [{ "balancer": { "active_checks": { "interval_ms": 10 } }, "instances": { "count": 1000 } }]"#;
    assert_eq!(limit(&format!(r#"{{ {WEEK}, "clients": [{{ "rate_per_s": 0.001 }}], {checks} }}"#)), "limits.events");
}

/// Half a billion bursts of a millisecond in which hardly ever a request comes: the walk over them counts as events.
#[test]
fn endless_empty_bursts_do_not_hang() {
    let json = r#"{ "duration_ms": 604800000, "limits": { "events": 200000 },
                    "clients": [{ "arrivals": "on_off", "on_ms": 1, "off_ms": 1, "rate_per_s": 0.001 }] }"#;
    assert_eq!(limit(json), "limits.events");
}

#[test]
fn a_trace_larger_than_the_limit_is_refused_before_it_runs() {
    let told = mistakes(r#"{ "clients": [{ "trace": { "counts": [[0, 4000000000]] } }] }"#);
    assert!(
        told.contains("clients[0].trace.counts: found 4000000000 requests; allowed: at most limits.requests, 2000000")
    );
}
