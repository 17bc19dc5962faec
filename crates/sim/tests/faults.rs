//! What goes wrong does what it says, when it says.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod common;

use common::{rows, run};
use sandtable_sim::run::RequestRow;
use sandtable_sim::{Reason, Run};

/// Steady arrivals every 10 ms at two instances in turn, each request 15 ms of work; ways of 1 ms; a check of each
/// instance every 100 ms, three failed ones take it out, two passed ones bring it back.
fn with_faults(faults: &str) -> Run {
    run(&format!(
        r#"{{ "duration_ms": 3000,
             "clients": [{{ "arrivals": "constant", "rate_per_s": 100, "hop": {{ "time_ms": 0, "jitter_percent": 0 }} }}],
             "services": [{{ "balancer": {{ "panic_threshold_percent": 0,
                                            "active_checks": {{ "interval_ms": 100, "timeout_ms": 50 }} }},
                             "instances": {{ "count": 2, "hop": {{ "time_ms": 1, "jitter_percent": 0 }},
                                             "service_time": {{ "kind": "constant", "mean_ms": 15 }} }} }}],
             "faults": [{faults}] }}"#
    ))
}

const ALPHA: Option<u16> = Some(0);

fn ms(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}

/// (time in ms, kind) of the changes of alpha.
fn changes(run: &Run) -> Vec<(f64, &'static str)> {
    run.transitions()
        .into_iter()
        .filter(|change| change.instance == 0)
        .map(|change| (change.at_ms, change.kind))
        .collect()
}

fn at_alpha(rows: &[RequestRow], from_ms: f64, to_ms: f64) -> Vec<RequestRow> {
    let in_time = |row: &&RequestRow| (from_ms..to_ms).contains(&ms(row.at_instance));
    rows.iter().filter(|row| row.instance == ALPHA).filter(in_time).copied().collect()
}

/// Alpha is asked at 50, 150, …; a refusal is known after a way there and back, 2 ms. Down from 1,000: the checks of
/// 1,050, 1,150 and 1,250 fail, so it is out at 1,252. Up from 1,500: those of 1,550 and 1,650 pass, each after 3 ms
/// (two ways and a millisecond of work), so it is back at 1,653.
#[test]
fn a_crash_is_noticed_after_fall_checks_and_forgiven_after_rise() {
    let run = with_faults(r#"{ "kind": "crash", "at_ms": 1000, "for_ms": 500 }"#);
    assert_eq!(changes(&run), [(1_252.0, "unhealthy"), (1_653.0, "healthy")]);
    let rows = rows(&run);
    // In hand at the moment of the crash: lost. Until it is noticed: refused. Then nothing more is sent there.
    let lost: Vec<f64> =
        rows.iter().filter(|row| row.reason == Reason::ConnectionLost).map(|row| ms(row.finished)).collect();
    assert!(!lost.is_empty() && lost.iter().all(|&at| at == 1_000.0), "{lost:?}");
    assert!(at_alpha(&rows, 1_000.0, 1_252.0).iter().all(|row| row.reason == Reason::ConnectionRefused));
    assert!(at_alpha(&rows, 1_000.0, 1_252.0).len() >= 12);
    assert!(at_alpha(&rows, 1_254.0, 1_653.0).is_empty());
    assert!(at_alpha(&rows, 1_654.0, 3_000.0).iter().all(|row| row.reason == Reason::None));
    assert!(at_alpha(&rows, 1_654.0, 3_000.0).len() > 60);
}

#[test]
fn failing_checks_take_out_an_instance_that_serves() {
    let run = with_faults(r#"{ "kind": "failing_checks", "at_ms": 1000 }"#);
    // The answer, a failure, takes 3 ms; it lasts to the end, so nothing brings alpha back.
    assert_eq!(changes(&run), [(1_253.0, "unhealthy")]);
    let rows = rows(&run);
    assert!(rows.iter().all(|row| row.reason == Reason::None));
    assert!(at_alpha(&rows, 1_255.0, 3_100.0).is_empty());
}

/// Work in hand is stretched from the moment of the fault on: a request with x ms of its 15 left takes 4x more.
#[test]
fn a_slow_instance_takes_longer_also_for_what_it_has_in_hand() {
    let run = with_faults(r#"{ "kind": "slow", "at_ms": 1000, "for_ms": 1000, "factor": 4 }"#);
    let mut in_hand = 0;
    for row in rows(&run).iter().filter(|row| row.instance == ALPHA && row.reason == Reason::None) {
        let (started, worked) = (ms(row.started), ms(row.finished - row.started));
        let expected = match started {
            s if s + 15.0 <= 1_000.0 || s >= 2_000.0 => 15.0,
            s if s < 1_000.0 => {
                in_hand += 1;
                (1_000.0 - s) + (15.0 - (1_000.0 - s)) * 4.0
            }
            s if s + 60.0 <= 2_000.0 => 60.0,
            s => (2_000.0 - s) + (15.0 - (2_000.0 - s) / 4.0),
        };
        assert!((worked - expected).abs() < 1e-3, "started {started}: worked {worked}, expected {expected}");
    }
    assert!(in_hand > 0);
}

/// 150 requests of which each fails with probability 0.4: 60 ± 30 is five standard deviations (√(150 × 0.24) = 6).
#[test]
fn a_share_of_the_requests_is_answered_with_errors() {
    let rows = rows(&with_faults(r#"{ "kind": "errors", "at_ms": 0, "percent": 40 }"#));
    let failed = rows.iter().filter(|row| row.reason == Reason::Error).count();
    assert!((30..=90).contains(&failed), "{failed}");
    assert!(rows.iter().filter(|row| row.reason == Reason::Error).all(|row| row.instance == ALPHA));
    // An error is the answer to a request that was worked on.
    assert!(rows.iter().all(|row| row.finished - row.started == 15_000_000));
}

#[test]
fn a_draining_instance_finishes_what_it_has_and_gets_nothing_new() {
    let run = with_faults(r#"{ "kind": "drain", "at_ms": 1000, "for_ms": 1000 }"#);
    let rows = rows(&run);
    assert!(rows.iter().all(|row| row.reason == Reason::None));
    let sent_in = |from: f64, to: f64| {
        rows.iter().filter(|row| row.instance == ALPHA && (from..to).contains(&ms(row.at_balancer))).count()
    };
    assert_eq!(
        (sent_in(1_000.5, 2_000.0), sent_in(0.0, 1_000.0) > 40, sent_in(2_000.0, 3_000.0) > 40),
        (0, true, true)
    );
    let kinds: Vec<&str> = changes(&run).iter().map(|&(_, kind)| kind).collect();
    assert_eq!(kinds.first(), Some(&"drain_started"));
    assert!(kinds.contains(&"drain_ended"));
}

#[test]
fn multiplied_traffic_comes_in_its_time_and_only_then() {
    let rows =
        rows(&with_faults(r#"{ "kind": "traffic", "target": "clients", "at_ms": 1000, "for_ms": 500, "factor": 3 }"#));
    let sent_in = |from: f64, to: f64| rows.iter().filter(|row| (from..to).contains(&ms(row.sent))).count();
    // One unit of traffic is 10 ms at the usual rate; an edge may cut one in two.
    assert!(sent_in(0.0, 1_000.0).abs_diff(100) <= 1, "{}", sent_in(0.0, 1_000.0));
    assert!(sent_in(1_000.0, 1_500.0).abs_diff(150) <= 1);
    assert!(sent_in(1_500.0, 3_000.0).abs_diff(150) <= 1);
}

/// Down from 1,000 to 2,000 by one fault and from 1,500 to 2,500 by another: up again only at 2,500.
#[test]
fn overlapping_faults_hold_until_the_last_of_them_ends() {
    let run = with_faults(
        r#"{ "kind": "crash", "at_ms": 1000, "for_ms": 1000 }, { "kind": "crash", "at_ms": 1500, "for_ms": 1000 },
           { "kind": "slow", "at_ms": 0, "for_ms": 500, "factor": 2 }, { "kind": "slow", "at_ms": 0, "for_ms": 500, "factor": 2 }"#,
    );
    let kinds: Vec<f64> = changes(&run).iter().map(|&(at, _)| at).collect();
    assert_eq!(kinds, [1_252.0, 2_653.0]);
    let bands: Vec<(f64, f64)> = run
        .bands()
        .iter()
        .filter(|band| band.instance == 0 && !band.up)
        .map(|band| (band.from_ms, band.to_ms))
        .collect();
    assert_eq!((bands.first().unwrap().0, bands.last().unwrap().1), (1_000.0, 2_500.0));
    // Two slowdowns of 2 multiply.
    let early = rows(&run).into_iter().find(|row| row.instance == ALPHA).unwrap();
    assert_eq!(early.finished - early.started, 60_000_000);
}

#[test]
fn faults_without_length_at_the_start_and_past_the_end_do_no_harm() {
    let plain = with_faults("");
    for fault in [
        r#"{ "kind": "crash", "at_ms": 1003, "for_ms": 0 }"#,
        r#"{ "kind": "slow", "at_ms": 100000, "for_ms": 5, "factor": 9 }"#,
    ] {
        let faulty = with_faults(fault);
        let sent = |run: &Run| run.rows().map(|row| row.sent).collect::<Vec<_>>();
        assert_eq!(sent(&plain), sent(&faulty));
    }
    let down_from_the_start = with_faults(r#"{ "kind": "crash", "at_ms": 0 }"#);
    assert!(rows(&down_from_the_start).iter().all(|row| row.instance != ALPHA || row.reason != Reason::None));
}

/// Both down and noticed: the balancer has nobody left, and says so at once.
#[test]
fn without_any_instance_requests_are_refused_at_the_balancer() {
    let run =
        with_faults(r#"{ "kind": "crash", "at_ms": 1000 }, { "kind": "crash", "target": "bravo", "at_ms": 1000 }"#);
    let refused: Vec<RequestRow> = run.rows().filter(|row| row.reason == Reason::NoInstance).collect();
    assert!(refused.len() > 100);
    assert!(refused.iter().all(|row| row.instance.is_none() && row.ended == row.sent));
    let explanation = run.explain(refused[0].request).unwrap();
    assert!(explanation.steps[1].text.starts_with("No servers available"), "{:?}", explanation.steps);
}
