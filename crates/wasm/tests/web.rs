//! The boundary, in a real browser: `npm run test:wasm`.
#![cfg(target_arch = "wasm32")]

#[path = "../../patterns/tests/same_everywhere/shards.rs"]
mod shards;

use js_sys::{Array, Error, Float32Array, Float64Array, Reflect};
use sandtable_wasm::{Run, Simulation, compact_scenario, complete_scenario, fresh_seed, import_traffic, summarise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const SCENARIO: &str = r#"{ "duration_ms": 5000, "faults": [{ "target": "bravo", "at_ms": 2000, "for_ms": 1000 }] }"#;

fn simulate(json: &str) -> Run {
    let mut simulation = Simulation::new(json).expect("a good scenario");
    while !simulation.run_slice(1_000).expect("within its limits") {}
    simulation.finish()
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).expect("an object")
}

fn number(object: &JsValue, name: &str) -> f64 {
    get(object, name).as_f64().unwrap_or_else(|| panic!("{name} is no number"))
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_else(|| panic!("{name} is no text"))
}

#[wasm_bindgen_test]
fn keys_lie_where_they_lie_natively() {
    assert_eq!(shards::digest(), shards::EXPECTED);
}

#[wasm_bindgen_test]
fn a_run_in_slices_is_the_run_in_one() {
    let mut at_once = Simulation::new(SCENARIO).expect("a good scenario");
    assert!(at_once.run_slice(u32::MAX).expect("within its limits"));
    assert_eq!(at_once.finish().digest(), simulate(SCENARIO).digest());
}

/// The digest in the file is that of the native run: `crates/sim/tests/golden.rs`.
#[wasm_bindgen_test]
fn the_digest_is_that_of_the_native_run() {
    assert_eq!(simulate(SCENARIO).digest(), include_str!("../../sim/tests/golden_digest.txt").trim());
}

#[wasm_bindgen_test]
fn a_frame_is_made_of_typed_arrays_of_whole_rows() {
    let run = simulate(SCENARIO);
    let frame = run.frame(2_500.0, 500.0, 10_000);
    assert!(get(&frame, "requests").is_instance_of::<Float32Array>());
    let scalars: Float64Array = get(&frame, "scalars").unchecked_into();
    let instances: Float32Array = get(&frame, "instances").unchecked_into();
    let requests: Float32Array = get(&frame, "requests").unchecked_into();
    let badges: Float32Array = get(&frame, "badges").unchecked_into();
    assert_eq!((scalars.length(), instances.length()), (14, 52));
    assert!(requests.length() > 0 && requests.length().is_multiple_of(8));
    assert!(badges.length() > 0 && badges.length().is_multiple_of(4));
    // Bravo, the second instance, is down.
    assert_eq!((instances.get_index(0), instances.get_index(13)), (1.0, 0.0));
    // A time out of bounds, or none at all, is clamped and never thrown.
    for t in [-1.0, 1e18, f64::NAN, f64::INFINITY] {
        assert!(run.frame(t, t, 0).is_object());
    }
}

#[wasm_bindgen_test]
fn report_and_series_count_every_request() {
    let run = simulate(SCENARIO);
    let report = run.report();
    assert_eq!(number(&report, "requests"), f64::from(run.requests()));
    let outcomes: Array = get(&report, "outcomes").unchecked_into();
    let counted: f64 = outcomes.iter().map(|row| number(&row, "count")).sum();
    assert_eq!(counted, f64::from(run.requests()));
    let series = run.series(100);
    let arrivals: Float64Array = get(&series, "arrivals_per_s").unchecked_into();
    let sent: f64 = arrivals.to_vec().iter().sum::<f64>() * number(&series, "bucket_ms") / 1e3;
    assert!((sent - f64::from(run.requests())).abs() < 1e-6);
}

#[wasm_bindgen_test]
fn a_bad_scenario_throws_one_class_of_error_with_every_mistake() {
    let Err(error) = Simulation::new(r#"{ "seed": -1, "services": [{ "balancer": { "policy": "rnd" } }] }"#) else {
        panic!("accepted");
    };
    assert!(error.is_instance_of::<Error>());
    assert_eq!(text(&error, "name"), "SandtableError");
    assert_eq!((text(&error, "code"), text(&error, "path")), ("invalid_scenario".into(), "seed".into()));
    let mistakes: Array = get(&error, "mistakes").unchecked_into();
    assert_eq!(mistakes.length(), 2);
    for name in ["path", "found", "allowed", "message"] {
        assert!(!text(&mistakes.get(1), name).is_empty());
    }
}

#[wasm_bindgen_test]
fn a_run_past_its_limits_throws_and_names_the_limit() {
    let mut simulation = Simulation::new(r#"{ "limits": { "requests": 100 } }"#).expect("a good scenario");
    let error = simulation.run_slice(u32::MAX).expect_err("more requests than allowed");
    assert_eq!((text(&error, "code"), text(&error, "path")), ("limit".into(), "limits.requests".into()));
}

#[wasm_bindgen_test]
fn a_request_is_explained_and_an_unknown_one_is_an_error() {
    let run = simulate(SCENARIO);
    let explanation = run.explain(7).expect("an explanation");
    let steps: Array = get(&explanation, "steps").unchecked_into();
    assert!(steps.length() >= 4);
    assert!(run.explain(u32::MAX).is_err());
    assert!(run.narrate(2_500.0).contains("bravo has been down for 0.5 s"));
}

#[wasm_bindgen_test]
fn scenarios_are_completed_and_made_compact_and_back() {
    let complete = complete_scenario(SCENARIO).expect("complete");
    assert!(complete.contains("\"rate_per_s\""));
    let compact = compact_scenario(&complete).expect("compact");
    assert!(!compact.contains("rate_per_s"));
    assert_eq!(complete_scenario(&compact).expect("complete"), complete);
}

#[wasm_bindgen_test]
fn seeds_are_fresh_and_estimates_are_plain_objects() {
    let seeds: Vec<u32> = (0..8).map(|_| fresh_seed().expect("randomness")).collect();
    assert!(seeds.windows(2).any(|pair| pair[0] != pair[1]));
    let estimate = summarise(&[1.0, 2.0, 3.0]);
    assert_eq!(number(&estimate, "mean"), 2.0);
}

#[wasm_bindgen_test]
fn a_log_is_read_and_its_broken_lines_are_listed() {
    let log = b"10.0.0.1 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 5\nnonsense\n";
    let result = import_traffic(log, "client", "log".to_owned()).expect("traffic");
    assert_eq!((number(&result, "requests"), number(&result, "rejected")), (1.0, 1.0));
    let rejections: Array = get(&result, "rejections").unchecked_into();
    assert_eq!(number(&rejections.get(0), "line"), 2.0);
    let error = import_traffic(b"", "client", String::new()).expect_err("nothing in it");
    assert_eq!(text(&error, "code"), "empty");
}
