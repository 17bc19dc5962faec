//! What a call's policies do, at exact times and in exact numbers.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod common;

use common::{rows, run};
use sandtable_sim::run::RequestRow;
use sandtable_sim::{Outcome, Reason, Run};

const MS: u64 = 1_000_000;

/// Requests at 10, 20, … ms without ways, each `work` ms of work at one instance of `slots` slots.
fn calls(call: &str, work: u32, slots: u32, more: &str) -> Run {
    run(&format!(
        r#"{{ "duration_ms": 3000,
              "clients": [{{ "arrivals": "constant", "rate_per_s": 100, "hop": {{ "time_ms": 0 }}, "calls": [{{ {call} }}] }}],
              "services": [{{ "balancer": {{ "active_checks": {{ "enabled": false }} }},
                              "instances": {{ "count": 1, "concurrency": {slots}, "queue_limit": 1000, "hop": {{ "time_ms": 0 }},
                                              "service_time": {{ "kind": "constant", "mean_ms": {work} }} }} }}]
              {more} }}"#
    ))
}

fn ms(from: u64, to: u64) -> u64 {
    (to - from) / MS
}

fn count(rows: &[RequestRow], reason: Reason) -> usize {
    rows.iter().filter(|row| row.reason == reason).count()
}

#[test]
fn a_timeout_frees_the_caller_while_the_instance_goes_on() {
    let run = calls(r#""timeout_ms": 30"#, 100, 100, "");
    for row in rows(&run) {
        assert_eq!((row.reason, ms(row.sent, row.freed), ms(row.started, row.finished)), (Reason::TimedOut, 30, 100));
    }
    let report = run.report();
    assert_eq!((report.latency.all.max_ms, report.success_percent), (Some(30.0), Some(0.0)));
    // 3 s of requests, each worked on for 100 ms for nobody.
    assert!((report.calls[0].wasted_work_ms - 29_900.0).abs() < 1.0, "{}", report.calls[0].wasted_work_ms);
}

#[test]
fn cancellation_ends_the_work_with_the_wait() {
    let run = calls(r#""timeout_ms": 30, "cancel": true"#, 100, 100, "");
    for row in rows(&run) {
        assert_eq!((ms(row.sent, row.freed), ms(row.started, row.finished), row.ended), (30, 30, row.freed));
    }
}

/// A patient client keeps the only slot for 100 ms at a time; the hasty ones behind it are taken out of the queue when
/// they are given up.
#[test]
fn cancellation_ends_a_wait_in_the_queue_too() {
    let run = run(r#"{ "duration_ms": 1000,
             "clients": [{ "name": "patient", "arrivals": "constant", "rate_per_s": 2, "hop": { "time_ms": 0 } },
                         { "name": "hasty", "arrivals": "constant", "rate_per_s": 100, "hop": { "time_ms": 0 },
                           "calls": [{ "timeout_ms": 30, "cancel": true }] }],
             "services": [{ "instances": { "count": 1, "concurrency": 1, "queue_limit": 1000, "hop": { "time_ms": 0 },
                                           "service_time": { "kind": "constant", "mean_ms": 100 } } }] }"#);
    let hasty: Vec<RequestRow> = run.rows().filter(|row| row.client == 1).collect();
    assert!(hasty.iter().all(|row| ms(row.sent, row.freed) == 30 && row.ended == row.freed));
    let never_begun = |row: &&RequestRow| row.finished == row.started && ms(row.at_instance, row.started) == 30;
    assert!(hasty.iter().filter(never_begun).count() > 5);
}

#[test]
fn an_answer_at_the_very_end_of_the_patience_comes_in_time_or_not_but_only_once() {
    let run = calls(r#""timeout_ms": 50"#, 50, 100, "");
    // The end of the patience was scheduled first, and first in is first out.
    assert_eq!(count(&rows(&run), Reason::TimedOut), rows(&run).len());
    assert_eq!(run.report().outcomes.iter().map(|row| row.count).sum::<u32>(), run.requests());
}

#[test]
fn failed_attempts_are_made_again_after_their_pauses() {
    let retry = r#""retry": { "attempts": 4, "backoff": "exponential", "base_ms": 20, "factor": 2, "jitter": "none" }"#;
    let run = calls(retry, 1, 100, r#", "faults": [{ "kind": "crash", "at_ms": 0 }]"#);
    let rows = rows(&run);
    assert_eq!(rows.len() as u32, 4 * run.requests());
    let first = rows[0].request;
    let chain: Vec<&RequestRow> =
        std::iter::successors(Some(&rows[0]), |row| row.next.map(|next| &rows[next as usize])).collect();
    let pauses: Vec<u64> = chain.windows(2).map(|pair| ms(pair[0].freed, pair[1].sent)).collect();
    assert_eq!(pauses, [20, 40, 80]);
    assert!(chain.windows(2).all(|pair| pair[1].previous == Some(pair[0].request) && pair[0].key == pair[1].key));
    assert_eq!(first, 0);
    let report = run.report();
    assert_eq!(report.latency.all.max_ms, Some(140.0));
    assert_eq!((report.calls[0].requests, report.calls[0].attempts), (run.requests(), 4 * run.requests()));
    assert_eq!(report.calls[0].amplification, Some(4.0));
    let series = run.series(1);
    assert!((series.attempts_per_s[0] - 4.0 * series.arrivals_per_s[0]).abs() < 1e-9);
}

/// Every request fails. A budget of 20 % lets one retry pass for five requests, and the reserve is none.
#[test]
fn a_budget_bounds_the_retries_of_all_requests_together() {
    let retry = r#""retry": { "attempts": 4, "base_ms": 1, "jitter": "none", "budget": true, "budget_percent": 20,
                              "budget_min_per_s": 0, "budget_window_ms": 100000 }"#;
    let run = calls(retry, 1, 100, r#", "faults": [{ "kind": "crash", "at_ms": 0 }]"#);
    let retries = run.attempts() - run.requests();
    assert_eq!(retries, run.requests() / 5);
}

#[test]
fn a_retry_goes_where_nobody_tried_before() {
    let json = r#"{ "duration_ms": 2000, "clients": [{ "calls": [{ "retry": { "attempts": 2, "base_ms": 1 } }] }],
                    "services": [{ "balancer": { "active_checks": { "enabled": false } } }],
                    "faults": [{ "kind": "crash", "target": "bravo", "at_ms": 0 }] }"#;
    let rows = rows(&run(json));
    let retries: Vec<&RequestRow> = rows.iter().filter(|row| row.previous.is_some()).collect();
    assert!(retries.len() > 50);
    assert!(retries.iter().all(|row| row.instance != rows[row.previous.unwrap() as usize].instance));
    let refused = |row: &RequestRow| row.reason == Reason::ConnectionRefused;
    let refused_twice = retries.iter().filter(|row| refused(row) && refused(&rows[row.previous.unwrap() as usize]));
    assert_eq!(refused_twice.count(), 0);
}

#[test]
fn a_bulkhead_lets_so_many_through_and_the_rest_wait_in_order_or_are_refused() {
    // 40 ms of work, a request each 10 ms: four at a time are needed, two are allowed, three may wait.
    let pool = r#""bulkhead": { "enabled": true, "rule": { "max_concurrent": 2, "max_waiting": 3 } }"#;
    let run = calls(pool, 40, 100, "");
    let rows = rows(&run);
    let at = |t: u64, span: fn(&RequestRow) -> (u64, u64)| {
        rows.iter().map(span).filter(|&(from, to)| from <= t && t < to).count()
    };
    for t in (0..3_000 * MS).step_by(3_333_333) {
        assert!(at(t, |row| (row.left, row.freed)) <= 2 && at(t, |row| (row.sent, row.left)) <= 3, "at {t}");
    }
    let served: Vec<&RequestRow> = rows.iter().filter(|row| row.reason == Reason::None).collect();
    assert!(served.windows(2).all(|pair| pair[0].left <= pair[1].left), "first come, first served");
    // Half of the requests get through: two slots of 40 ms serve 50 of 100 a second.
    assert!(served.len().abs_diff(rows.len() / 2) <= 5, "{} of {}", served.len(), rows.len());
    assert_eq!(served.len() + count(&rows, Reason::BulkheadFull), rows.len());
    assert!(
        rows.iter()
            .filter(|row| row.reason == Reason::BulkheadFull)
            .all(|row| row.freed == row.sent && row.instance.is_none())
    );
}

#[test]
fn who_waits_in_a_bulkhead_waits_no_longer_than_it_may() {
    let pool =
        r#""bulkhead": { "enabled": true, "rule": { "max_concurrent": 1, "max_waiting": 100, "max_wait_ms": 55 } }"#;
    let rows = rows(&calls(pool, 40, 100, ""));
    let late: Vec<&RequestRow> = rows.iter().filter(|row| row.reason == Reason::BulkheadWait).collect();
    assert!(late.len() > 100);
    assert!(late.iter().all(|row| ms(row.sent, row.freed) == 55 && row.left == row.freed && row.instance.is_none()));
    assert!(rows.iter().all(|row| ms(row.sent, row.left) <= 55));
}

/// Two dependencies, one of which turns slow: with one pool both drown, with a pool for each one stays afloat. The
/// requests are the same to the bit.
#[test]
fn a_pool_for_each_dependency_keeps_the_other_afloat() {
    let scenario = |shared: bool| {
        let own = |slots: u32| {
            format!(r#"{{ "enabled": {}, "rule": {{ "max_concurrent": {slots}, "max_waiting": 0 }} }}"#, !shared)
        };
        format!(
            r#"{{ "duration_ms": 20000,
                  "clients": [{{ "rate_per_s": 200, "shared_pool": {{ "enabled": {shared}, "rule": {{ "max_concurrent": 40, "max_waiting": 0 }} }},
                                 "calls": [{{ "to": "maps", "share_percent": 50, "bulkhead": {} }},
                                           {{ "to": "radio", "share_percent": 50, "bulkhead": {} }}] }}],
                  "services": [{{ "name": "maps" }}, {{ "name": "radio" }}],
                  "faults": [{{ "kind": "slow", "target": "radio", "at_ms": 5000, "factor": 40 }}] }}"#,
            own(20),
            own(20)
        )
    };
    let (shared, apart) = (run(&scenario(true)), run(&scenario(false)));
    let sent = |run: &Run| -> Vec<(u64, u32, u8)> { run.rows().map(|row| (row.sent, row.key, row.call)).collect() };
    assert_eq!(sent(&shared), sent(&apart));
    let afloat = |run: &Run, call: u8| {
        let late: Vec<RequestRow> = run.rows().filter(|row| row.call == call && row.sent > 8_000 * MS).collect();
        late.iter().filter(|row| row.reason == Reason::None).count() as f64 / late.len() as f64
    };
    assert!(afloat(&shared, 0) < 0.4, "{}", afloat(&shared, 0));
    assert!(afloat(&apart, 0) > 0.8, "{}", afloat(&apart, 0));
    assert!(afloat(&apart, 1) < 0.4);
    let full = "The shared pool of clients is full, with 40 calls out.";
    assert!((0..20).any(|step| shared.narrate(12_000.0 + 10.0 * f64::from(step)).contains(full)));
}

const BREAKER: &str = r#""breaker": { "enabled": true, "rule": { "trip_rule": "consecutive", "failures": 5, "wait_ms": 500,
                                      "trials": 2, "trial_successes": 2 } }"#;

#[test]
fn a_breaker_opens_refuses_and_closes_again_at_its_times() {
    let run = calls(BREAKER, 1, 100, r#", "faults": [{ "kind": "crash", "at_ms": 1000, "for_ms": 600 }]"#);
    let changes: Vec<(f64, &str)> = run.breaker_changes().iter().map(|change| (change.at_ms, change.to)).collect();
    // Five refused connections at 1000 to 1040; half-open 500 ms later, when the instance is still down: the trial at
    // 1540 fails; half-open again at 2040, and two trials succeed, the second 1 ms after 2050.
    assert_eq!(
        changes,
        [(1040.0, "open"), (1540.0, "half_open"), (1540.0, "open"), (2040.0, "half_open"), (2051.0, "closed")]
    );
    let rows = rows(&run);
    let open = |row: &&RequestRow| (1_040 * MS + 1..1_540 * MS).contains(&row.sent);
    assert!(rows.iter().filter(open).all(|row| row.reason == Reason::BreakerOpen && row.freed == row.sent));
    assert_eq!(count(&rows, Reason::ConnectionRefused), 6);
    assert!(
        run.breaker_changes()[0].text.contains("opened at 1.040 s: 5 calls in a row failed"),
        "{:?}",
        run.breaker_changes()
    );
}

#[test]
fn what_a_breaker_sees_coming_is_in_the_frame() {
    let run = calls(BREAKER, 1, 100, r#", "faults": [{ "kind": "crash", "at_ms": 1000, "for_ms": 600 }]"#);
    let at = |t: f64| run.frame(t, 0.0, 100).breakers;
    assert_eq!((at(999.0)[0], at(999.0)[3], at(999.0)[4]), (0.0, 0.0, 5.0));
    assert_eq!((at(1_025.0)[0], at(1_025.0)[3]), (0.0, 3.0));
    let open = at(1_100.0);
    assert_eq!((open[0], open[1], open[2], open[14]), (1.0, 1_040.0, 1_540.0, 6.0));
    let half_open = at(2_045.0);
    assert_eq!((half_open[0], half_open[9], half_open[12], half_open[13]), (2.0, 1.0, 1.0, 2.0));
    let frame = run.frame(1_025.0, 0.0, 100);
    assert_eq!(frame.cells.len() / 3, frame.breakers[16] as usize);
    let failures = frame.cells.chunks(3).rev().take(4).map(|cell| cell[1]).collect::<Vec<f32>>();
    assert_eq!(failures, [1.0, 1.0, 1.0, 0.0]);
}

#[test]
fn the_words_tell_of_breakers_retries_and_services_in_trouble() {
    let run = calls(
        BREAKER,
        1,
        100,
        r#", "faults": [{ "kind": "crash", "target": "service", "at_ms": 1000, "for_ms": 600 }]"#,
    );
    let words = run.narrate(1_100.0);
    assert!(
        words.contains("The breaker of clients → service is open and lets calls through again in 0.4 s."),
        "{words}"
    );
    assert!(words.contains("All of service has been down for 0.1 s.") && !words.contains("alpha"), "{words}");
    let story = run.explain(104).unwrap();
    let told: Vec<&str> = story.steps.iter().map(|step| step.text.as_str()).collect();
    assert_eq!((story.reason, story.ended_ms), ("breaker_open", 1_050.0));
    assert!(
        told[1]
            .starts_with("Refused: the breaker is open and lets calls through again at 1.540 s. It opened at 1.040 s:"),
        "{told:?}"
    );

    let retry = r#""retry": { "attempts": 3, "base_ms": 20, "jitter": "none" }"#;
    let run = calls(retry, 1, 100, r#", "faults": [{ "kind": "crash", "at_ms": 0 }]"#);
    assert!(run.narrate(2_000.0).contains("Retries multiply the load by 3.0."), "{}", run.narrate(2_000.0));
    let last = run.row(run.row(0).unwrap().next.unwrap()).unwrap().next.unwrap();
    let story = run.explain(last).unwrap();
    assert_eq!((story.attempt, story.next), (3, None));
    let told: Vec<&str> = story.steps.iter().map(|step| step.text.as_str()).collect();
    assert!(
        told[0].starts_with("Attempt 3, for key") && told.last().unwrap().contains("all 3 attempts are used up"),
        "{told:?}"
    );
}

/// One of four instances fails everything. One breaker over all sees a quarter of failures and trips for all; one for
/// each opens for that one, and the balancer passes it over.
#[test]
fn one_breaker_for_each_instance_does_not_trip_everything() {
    let scenario = |scope: &str| {
        format!(
            r#"{{ "duration_ms": 10000, "services": [{{ "balancer": {{ "active_checks": {{ "enabled": false }} }} }}],
                  "clients": [{{ "rate_per_s": 120, "calls": [{{ "breaker": {{ "enabled": true, "scope": "{scope}",
                      "rule": {{ "failure_rate_percent": 20, "window_calls": 20 }} }} }}] }}],
                  "faults": [{{ "kind": "errors", "target": "bravo", "at_ms": 2000, "percent": 100 }}] }}"#
        )
    };
    let success = |scope: &str| run(&scenario(scope)).report().success_percent.unwrap();
    assert!(success("call") < 50.0, "{}", success("call"));
    assert!(success("instance") > 97.0, "{}", success("instance"));
}

/// A request that holds a slot of «front» while «back» works for it.
fn chain(call: &str, faults: &str) -> Run {
    run(&format!(
        r#"{{ "duration_ms": 2000,
              "clients": [{{ "arrivals": "constant", "rate_per_s": 20, "hop": {{ "time_ms": 0 }} }}],
              "services": [{{ "name": "front", "calls": [{{ "to": "back" {call} }}], "call_hop": {{ "time_ms": 3, "jitter_percent": 0 }},
                              "instances": {{ "count": 1, "hop": {{ "time_ms": 0 }}, "service_time": {{ "kind": "constant", "mean_ms": 5 }} }} }},
                           {{ "name": "back", "balancer": {{ "active_checks": {{ "enabled": false }} }},
                              "instances": {{ "count": 1, "hop": {{ "time_ms": 0 }}, "service_time": {{ "kind": "constant", "mean_ms": 20 }} }} }}],
              "faults": [{faults}] }}"#
    ))
}

#[test]
fn an_instance_keeps_its_slot_while_it_calls() {
    let run = chain("", "");
    let rows = rows(&run);
    assert_eq!(rows.len() as u32, 2 * run.requests());
    for front in rows.iter().filter(|row| row.parent.is_none()) {
        let back = rows.iter().find(|row| row.parent == Some(front.request)).unwrap();
        assert_eq!((ms(front.started, front.worked), ms(front.worked, front.finished)), (5, 26));
        assert_eq!((back.sent, ms(back.sent, back.at_balancer), back.freed), (front.worked, 3, front.finished));
        assert_eq!((front.instance, back.instance, front.key), (Some(0), Some(1), back.key));
    }
    assert_eq!(run.report().latency.successes.p50_ms, Some(31.0));
}

#[test]
fn a_request_fails_when_a_call_made_for_it_fails() {
    let run = chain("", r#"{ "kind": "crash", "target": "back", "at_ms": 1000 }"#);
    let rows = rows(&run);
    for front in rows.iter().filter(|row| row.parent.is_none()) {
        let back = rows.iter().find(|row| row.parent == Some(front.request)).unwrap();
        assert_eq!(front.outcome == Outcome::Succeeded, back.outcome == Outcome::Succeeded);
    }
    assert!(count(&rows, Reason::CallFailed) > 15);
}

/// The front is given up after 10 ms and its work is cancelled, so that the slot is free again; the call goes on.
#[test]
fn who_is_cancelled_while_calling_gives_its_slot_back() {
    let json = r#"{ "duration_ms": 1000,
        "clients": [{ "arrivals": "constant", "rate_per_s": 20, "hop": { "time_ms": 0 }, "calls": [{ "to": "front", "timeout_ms": 10, "cancel": true }] }],
        "services": [{ "name": "front", "calls": [{ "to": "back" }], "call_hop": { "time_ms": 0 },
                       "instances": { "count": 1, "concurrency": 1, "hop": { "time_ms": 0 }, "service_time": { "kind": "constant", "mean_ms": 5 } } },
                     { "name": "back", "instances": { "count": 1, "hop": { "time_ms": 0 }, "service_time": { "kind": "constant", "mean_ms": 40 } } }] }"#;
    for row in rows(&run(json)) {
        let expected = if row.parent.is_none() { (Reason::TimedOut, 10) } else { (Reason::None, 40) };
        assert_eq!((row.reason, ms(row.started, row.finished)), expected, "{row:?}");
    }
}

/// Metastable failure (Bronson and others, HotOS 2021): a short outage fills the queues; attempts time out there, are
/// made again, and the load that the retries add keeps the queues full after the outage is long over.
#[test]
fn retries_without_a_budget_hold_a_service_down_after_the_fault_has_ended() {
    let scenario = |policies: &str| {
        format!(
            r#"{{ "duration_ms": 60000,
                  "clients": [{{ "rate_per_s": 240, "calls": [{{ "timeout_ms": 250 {policies} }}] }}],
                  "services": [{{ "balancer": {{ "active_checks": {{ "enabled": false }} }}, "instances": {{ "queue_limit": 200 }} }}],
                  "faults": [{{ "kind": "slow", "target": "service", "at_ms": 10000, "for_ms": 5000, "factor": 10 }}] }}"#
        )
    };
    let goodput_after = |policies: &str| {
        let run = run(&scenario(policies));
        let late: Vec<RequestRow> = run.rows().filter(|row| row.sent > 40_000 * MS && row.previous.is_none()).collect();
        let well = |row: &&RequestRow| {
            let mut last = **row;
            while let Some(next) = last.next {
                last = run.row(next).unwrap();
            }
            last.outcome == Outcome::Succeeded
        };
        late.iter().filter(well).count() as f64 / late.len() as f64
    };
    let storm = goodput_after(r#", "retry": { "attempts": 4, "base_ms": 50 }"#);
    let budget = goodput_after(r#", "retry": { "attempts": 4, "base_ms": 50, "budget": true, "budget_percent": 10 }"#);
    let breaker = goodput_after(
        r#", "retry": { "attempts": 4, "base_ms": 50 }, "breaker": { "enabled": true, "rule": { "wait_ms": 2000 } }"#,
    );
    assert!(storm < 0.5, "without a budget: {storm}");
    assert!(budget > 0.95, "with a budget: {budget}");
    assert!(breaker > 0.9, "with a breaker: {breaker}");
}

/// The first attempts of a request are the same with and without policies, to the bit: they leave at the same moments
/// with the same work, keys and ways.
#[test]
fn policies_change_nothing_about_what_requests_bring() {
    let brought = |call: &str| -> Vec<(u64, u32, u64)> {
        let json = format!(
            r#"{{ "duration_ms": 5000, "clients": [{{ "calls": [{{ {call} }}] }}], "services": [{{ "instances": {{ "concurrency": 500 }} }}] }}"#
        );
        let first = |row: &RequestRow| row.previous.is_none();
        run(&json).rows().filter(first).map(|row| (row.sent, row.key, row.finished - row.started)).collect()
    };
    let plain = brought("");
    assert!(plain.len() > 1_000);
    for call in [
        r#""timeout_ms": 40"#,
        r#""timeout_ms": 40, "retry": { "attempts": 3, "base_ms": 5 }"#,
        r#""bulkhead": { "enabled": true, "rule": { "max_concurrent": 1000 } }"#,
        r#""breaker": { "enabled": true }"#,
    ] {
        assert_eq!(brought(call), plain, "{call}");
    }
}

/// The same run again, and no other, with everything at once.
#[test]
fn a_run_with_all_policies_is_a_function_of_its_scenario() {
    let json = r#"{ "duration_ms": 5000,
        "clients": [{ "calls": [{ "to": "a", "timeout_ms": 80, "retry": { "attempts": 3 }, "breaker": { "enabled": true },
                                  "bulkhead": { "enabled": true, "rule": { "limit": "gradient2" } } }, { "to": "b" }] }],
        "services": [{ "name": "a", "calls": [{ "to": "b", "share_percent": 40, "timeout_ms": 60, "breaker": { "enabled": true, "scope": "instance" } }] },
                     { "name": "b" }],
        "faults": [{ "kind": "slow", "target": "b", "at_ms": 1000, "for_ms": 2000, "factor": 8 }] }"#;
    let (a, b) = (run(json), run(json));
    assert_eq!(a.digest(), b.digest());
    assert_eq!(rows(&a), rows(&b));
    assert_ne!(a.digest(), run(&json.replacen('{', r#"{ "seed": 2,"#, 1)).digest());
}
