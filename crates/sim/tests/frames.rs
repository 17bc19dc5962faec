//! What a frame and the words beside it tell: why something fell, and whose balancer panics.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod common;

use common::{rows, run};
use sandtable_sim::Run;
use sandtable_sim::run::{INSTANCE_STRIDE, REQUEST_STRIDE};

const FELL_AT_CALLER: u32 = 8;

/// Each row that falls tells in its flags what its attempt's own row tells; whether it fell at its caller fits the
/// reason. Times are those at which a crash, errors, a full queue, a breaker, a bulkhead and timeouts all let go.
#[test]
fn a_row_that_falls_tells_why() {
    let run = run(r#"{ "duration_ms": 6000,
        "clients": [{ "rate_per_s": 400, "calls": [{ "to": "a", "timeout_ms": 150,
              "breaker": { "enabled": true, "rule": { "failure_rate_percent": 80, "wait_ms": 300 } },
              "bulkhead": { "enabled": true, "rule": { "max_concurrent": 40, "max_waiting": 5, "max_wait_ms": 20 } } }] },
            { "name": "others", "rate_per_s": 300, "arrivals": "constant", "calls": [{ "to": "a" }, { "to": "b" }] }],
        "services": [{ "name": "a", "balancer": { "active_checks": { "enabled": false } } },
                     { "name": "b", "balancer": { "panic_threshold_percent": 0, "active_checks": { "interval_ms": 100 } } }],
        "faults": [{ "kind": "errors", "target": "a", "at_ms": 1000, "for_ms": 2000, "percent": 60 },
                   { "kind": "slow", "target": "a", "at_ms": 2000, "for_ms": 2000, "factor": 20 },
                   { "kind": "crash", "target": "b", "at_ms": 3000, "for_ms": 2000 }] }"#);
    let all = rows(&run);
    let mut met = std::collections::BTreeSet::new();
    for t in 10..60 {
        for row in run.frame(f64::from(t) * 100.0, 100.0, u32::MAX).requests.chunks(REQUEST_STRIDE) {
            let (fallen, flags) = (row[1] == 6.0 || row[1] == 7.0, row[7] as u32);
            let told = flags >> 4;
            assert_eq!(told != 0, fallen, "{row:?}");
            if fallen {
                let reason = all[row[0] as usize].reason as u32;
                assert_eq!(told, reason, "{row:?}");
                assert_eq!(flags & FELL_AT_CALLER != 0, (6..=9).contains(&reason), "{row:?}");
                met.insert(reason);
            }
        }
    }
    assert_eq!(met.into_iter().collect::<Vec<u32>>(), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

/// Three of four instances of one service are down, which is past its panic threshold; the other service has one of
/// four down, which is not.
fn two_services(more: &str) -> Run {
    run(&format!(
        r#"{{ "duration_ms": 9000, "clients": [{{ "rate_per_s": 20, "calls": [{{ "to": "a" }}, {{ "to": "b" }}] }}],
             "services": [{{ "name": "a", "balancer": {{ "active_checks": {{ "interval_ms": 100 }} }} }},
                          {{ "name": "b", "balancer": {{ "active_checks": {{ "interval_ms": 100 }} {more} }} }}],
             "faults": [{{ "kind": "crash", "target": "a/alpha", "at_ms": 1000 }},
                        {{ "kind": "crash", "target": "b/alpha", "at_ms": 1000 }},
                        {{ "kind": "crash", "target": "b/bravo", "at_ms": 1000 }},
                        {{ "kind": "crash", "target": "b/charlie", "at_ms": 1000, "for_ms": 4000 }}] }}"#
    ))
}

fn panics(run: &Run, t_ms: f64) -> (f64, Vec<f32>) {
    let frame = run.frame(t_ms, 0.0, 100);
    (frame.scalars[10], frame.instances.chunks(INSTANCE_STRIDE).map(|row| row[12]).collect())
}

#[test]
fn a_panic_is_told_of_its_own_service() {
    let run = two_services("");
    assert_eq!(panics(&run, 900.0), (0.0, vec![0.0; 8]));
    assert_eq!(panics(&run, 4_900.0), (1.0, vec![0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]));
    let taking: Vec<f32> = run.frame(4_900.0, 0.0, 100).instances.chunks(INSTANCE_STRIDE).map(|row| row[9]).collect();
    assert_eq!(taking, [0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    let words = run.narrate(4_900.0);
    assert!(words.contains("and the balancer of b panics and uses all of them"), "{words}");
    assert!(!words.contains("balancer of a"), "{words}");
    assert_eq!(panics(&run, 8_900.0), (0.0, vec![0.0; 8]));
    let words = two_services(r#", "refuse_in_panic": true"#).narrate(4_900.0);
    assert!(words.contains("and the balancer of b panics and refuses everything"), "{words}");
}

#[test]
fn calls_of_instances_are_no_retries() {
    let run = run(r#"{ "duration_ms": 4000, "clients": [{ "rate_per_s": 50 }],
        "services": [{ "name": "front", "calls": [{ "to": "back" }] }, { "name": "back" }] }"#);
    assert!(run.attempts() > run.requests());
    assert!(!run.narrate(3_000.0).contains("Retries"), "{}", run.narrate(3_000.0));
}
