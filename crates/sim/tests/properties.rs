//! What holds for every scenario, tried on random ones against slow and obviously right computations.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod common;

use std::collections::BTreeMap;

use common::rows;
use proptest::prelude::*;
use sandtable_patterns::balancer::Policy;
use sandtable_sim::run::{
    BADGE_STRIDE, CALL_STRIDE, CallView, Direction, INSTANCE_STRIDE, REQUEST_STRIDE, RequestRow, StepTo,
};
use sandtable_sim::scenario::{Arrivals, DistributionKind, FaultKind, KeyKind};
use sandtable_sim::{Outcome, Reason, Run, Scenario, simulate};

fn fault() -> impl Strategy<Value = serde_json::Value> {
    let kinds: Vec<FaultKind> =
        FaultKind::ALL.iter().copied().filter(|kind| kind.strikes_nodes() || *kind == FaultKind::Traffic).collect();
    let kind = prop::sample::select(kinds);
    let target = prop::sample::select(vec!["alpha", "bravo", "charlie"]);
    (kind, target, 0.0..1_500.0, prop::option::of(0.0..800.0), 0.1..6.0, 0.0..100.0).prop_map(
        |(kind, target, at_ms, for_ms, factor, percent)| {
            let target = if kind == FaultKind::Traffic { "clients" } else { target };
            serde_json::json!({ "kind": kind.name(), "target": target, "at_ms": at_ms, "for_ms": for_ms,
                                "factor": factor, "percent": percent })
        },
    )
}

fn client() -> impl Strategy<Value = serde_json::Value> {
    let arrivals = prop::sample::select(Arrivals::ALL.to_vec());
    let keys = prop::sample::select(KeyKind::ALL.to_vec());
    (arrivals, keys, 10.0..600.0, 0.0..20.0, 0.0..100.0, 1_u32..60, 0.0..300.0).prop_map(
        |(arrivals, keys, rate, way, jitter, users, think)| {
            serde_json::json!({
                "arrivals": arrivals.name(), "rate_per_s": rate, "ramp_to_per_s": 700.0 - rate, "on_ms": 120, "off_ms": 80,
                "day_ms": 700, "users": users, "think_ms": think, "multiplier": rate / 100.0, "compression": 3,
                "trace": { "counts": [[0, 40], [2, 90], [3, 1]] },
                "keys": { "kind": keys.name(), "count": users }, "hop": { "time_ms": way, "jitter_percent": jitter },
            })
        },
    )
}

fn service() -> impl Strategy<Value = serde_json::Value> {
    let policy = prop::sample::select(Policy::ALL.to_vec());
    let time = prop::sample::select(DistributionKind::ALL.to_vec());
    let sizes = (3_u32..6, 1_u32..5, 0_u32..6);
    let balancer = (any::<bool>(), any::<bool>(), 0.0..100.0, prop::sample::select(vec![0.0, 200.0]));
    (policy, time, sizes, balancer, 0.0..8.0, 0.0..100.0, 0_u32..2).prop_map(
        |(policy, time, (count, concurrency, queue), (checks, ejects, panic, slow_start), way, jitter, priority)| {
            serde_json::json!({
                "balancer": { "policy": policy.name(), "panic_threshold_percent": panic, "table_size": 101,
                              "active_checks": { "enabled": checks, "interval_ms": 60, "timeout_ms": 30 },
                              "outlier_ejection": { "enabled": ejects, "failures": 3, "interval_ms": 100,
                                                    "base_ejection_ms": 150, "max_ejected_percent": 60 },
                              "slow_start": { "window_ms": slow_start } },
                "instances": { "count": count, "concurrency": concurrency, "queue_limit": queue, "weights": [2, 0.5],
                               "speeds": [1, 0.5, 2], "priorities": [0, 0, priority],
                               "service_time": { "kind": time.name(), "mean_ms": 12, "min_ms": 3, "max_ms": 40, "slow_ms": 90 },
                               "hop": { "time_ms": way, "jitter_percent": jitter } },
            })
        },
    )
}

/// Any policies on a call, or none.
fn call() -> impl Strategy<Value = serde_json::Value> {
    let timeout = prop::sample::select(vec![0.0, 15.0, 40.0]);
    let retry = (1_u32..4, prop::sample::select(vec!["none", "full", "decorrelated"]), 0.0..30.0, any::<bool>());
    let breaker = (any::<bool>(), prop::sample::select(vec!["call", "instance"]), 10.0..90.0, 1_u32..4);
    let bulkhead = (
        any::<bool>(),
        1_u32..6,
        0_u32..4,
        prop::option::of(0.0..30.0),
        prop::sample::select(vec!["fixed", "aimd", "gradient2"]),
    );
    (timeout, any::<bool>(), retry, breaker, bulkhead).prop_map(
        |(timeout, cancel, (attempts, jitter, base, budget), (breaks, scope, rate, trials), (pools, slots, places, wait, limit))| {
            serde_json::json!({
                "timeout_ms": timeout, "cancel": cancel, "retry_elsewhere": budget,
                "retry": { "attempts": attempts, "jitter": jitter, "base_ms": base, "budget": budget, "budget_percent": 30 },
                "breaker": { "enabled": breaks, "scope": scope,
                             "rule": { "failure_rate_percent": rate, "window_calls": 8, "minimum_calls": 4, "wait_ms": 80,
                                       "trials": trials, "trial_successes": trials } },
                "bulkhead": { "enabled": pools, "rule": { "max_concurrent": slots, "max_waiting": places, "max_wait_ms": wait, "limit": limit } },
            })
        },
    )
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let faults = prop::collection::vec(fault(), 0..5);
    (any::<u32>(), client(), service(), faults, prop::option::of((call(), call(), call(), service(), any::<bool>())))
        .prop_map(|(seed, mut client, mut service, faults, calls)| {
            client["name"] = "clients".into();
            let mut services = vec![];
            // Without policies, or with some between clients, a front and a back: front → back, and clients → both.
            if let Some((to_front, mut to_back, mut between, mut back, shared)) = calls {
                to_back["to"] = "back".into();
                between["to"] = "back".into();
                between["share_percent"] = 60.into();
                client["calls"] = serde_json::json!([to_front, to_back]);
                client["shared_pool"] =
                    serde_json::json!({ "enabled": shared, "rule": { "max_concurrent": 4, "max_waiting": 2 } });
                service["calls"] = serde_json::json!([between]);
                back["name"] = "back".into();
                services.push(back);
            }
            services.insert(0, service);
            let json = serde_json::json!({ "seed": seed, "duration_ms": 1500, "clients": [client],
                                           "services": services, "faults": faults });
            Scenario::from_json(&json.to_string()).unwrap_or_else(|error| panic!("{error}"))
        })
}

/// Comings and goings, by whatever they are to be told apart by: the most there ever were at once.
fn most_at_once<K: Copy + Ord>(
    rows: &[RequestRow],
    span: impl Fn(&RequestRow) -> Option<(u64, u64, K)>,
) -> BTreeMap<K, i32> {
    let mut edges: Vec<(u64, i32, K)> = Vec::new();
    for (from, to, key) in rows.iter().filter_map(span).filter(|(from, to, _)| to > from) {
        edges.extend([(from, 1, key), (to, -1, key)]);
    }
    edges.sort_unstable();
    let (mut now, mut most) = (BTreeMap::new(), BTreeMap::new());
    for (_, step, key) in edges {
        let count = now.entry(key).or_insert(0);
        *count += step;
        let most = most.entry(key).or_insert(0);
        *most = (*most).max(*count);
    }
    most
}

fn moments(row: &RequestRow) -> [u64; 9] {
    let RequestRow { sent, left, at_balancer, at_instance, started, worked, finished, back_at_balancer, ended, .. } =
        *row;
    [sent, left, at_balancer, at_instance, started, worked, finished, back_at_balancer, ended]
}

/// The instances of each service, and what is configured of them.
fn sizes(run: &Run) -> Vec<(u32, u32)> {
    let services = run.scenario().services.iter().map(|service| &service.instances);
    services.flat_map(|size| vec![(size.concurrency, size.queue_limit); size.count as usize]).collect()
}

fn check_requests(run: &Run, rows: &[RequestRow]) {
    let sizes = sizes(run);
    assert!(rows.windows(2).all(|pair| pair[0].sent <= pair[1].sent), "sent in order");
    for row in rows {
        assert!(moments(row).windows(2).all(|pair| pair[0] <= pair[1]), "{row:?}");
        assert_eq!(row.outcome, row.reason.outcome());
        // Given up, it may never have come to a balancer; else only these have no instance.
        let nowhere = row.reason.stayed() || row.reason == Reason::NoInstance;
        assert!(row.instance.is_none() == nowhere || row.reason == Reason::TimedOut, "{row:?}");
        assert!((row.freed == row.ended) || row.reason == Reason::TimedOut, "{row:?}");
        if let Some(instance) = row.instance {
            assert!(u32::from(row.slot) < sizes[usize::from(instance)].0);
            let service = run.calls()[usize::from(row.call)].to as usize;
            let own = &run.services()[service];
            assert!((own.first_instance..own.first_instance + own.instances).contains(&u32::from(instance)));
        }
    }
    let held = |row: &RequestRow| Some((row.started, row.finished, row.instance?));
    for (instance, most) in most_at_once(rows, held) {
        assert!(most <= sizes[usize::from(instance)].0 as i32, "{most} at work on {instance}");
    }
    let queued = |row: &RequestRow| Some((row.at_instance, row.started, row.instance?));
    for (instance, most) in most_at_once(rows, queued) {
        assert!(most <= sizes[usize::from(instance)].1 as i32, "{most} waiting at {instance}");
    }
    check_first_come_first_served(rows);
    check_attempts(run, rows);
    check_bulkheads(run, rows);
}

/// Attempts of one request follow one another, and no more of them than configured; each call ends in one of them.
fn check_attempts(run: &Run, rows: &[RequestRow]) {
    for row in rows {
        let call = &run.calls()[usize::from(row.call)];
        if let Some(next) = row.next.map(|next| &rows[next as usize]) {
            assert_eq!(
                (next.previous, next.key, next.call, next.parent),
                (Some(row.request), row.key, row.call, row.parent)
            );
            assert!(next.sent >= row.freed && row.outcome != Outcome::Succeeded && !row.reason.stayed(), "{row:?}");
        }
        let attempts = std::iter::successors(Some(row), |row| Some(&rows[row.previous? as usize])).count() as u32;
        assert!(attempts <= retries(run, call), "{attempts} attempts");
        if let Some(parent) = row.parent.map(|parent| &rows[parent as usize]) {
            assert_eq!(call.service, Some(0));
            assert!(parent.worked <= row.sent && row.key == parent.key && parent.instance.is_some());
        }
    }
}

fn retries(run: &Run, call: &CallView) -> u32 {
    let scenario = run.scenario();
    match call.client {
        Some(client) => {
            let name = &scenario.services[call.to as usize].name;
            let own = scenario.clients[client as usize].calls.iter();
            own.filter(|own| own.to == *name || own.to.is_empty()).map(|own| own.retry.attempts).max().unwrap()
        }
        None => scenario.services[0].calls[0].retry.attempts,
    }
}

/// Never more out through a bulkhead than its limit is at most, never more waiting than there are places.
fn check_bulkheads(run: &Run, rows: &[RequestRow]) {
    let party = |row: &RequestRow| row.parent.map_or(0, |parent| u32::from(rows[parent as usize].instance.unwrap()));
    let number = |row: &RequestRow| {
        let call = &run.calls()[usize::from(row.call)];
        (call.bulkheads > 0).then(|| call.first_bulkhead + party(row))
    };
    let scenario = run.scenario();
    let rule = |number: u32| {
        let call = run
            .calls()
            .into_iter()
            .find(|call| (call.first_bulkhead..call.first_bulkhead + call.bulkheads).contains(&number))
            .unwrap();
        let (shared, calls) = match call.client {
            Some(_) => (&scenario.clients[0].shared_pool, &scenario.clients[0].calls),
            None => (&scenario.services[0].shared_pool, &scenario.services[0].calls),
        };
        let place = if call.client.is_some() { call.to as usize } else { 0 };
        if shared.enabled { shared.rule.clone() } else { calls[place].bulkhead.rule.clone() }
    };
    let out = |row: &RequestRow| {
        let stayed = matches!(row.reason, Reason::BulkheadFull | Reason::BulkheadWait)
            || (row.reason == Reason::BreakerOpen && row.left == row.freed);
        (!stayed).then(|| Some((row.left, row.freed, number(row)?))).flatten()
    };
    for (number, most) in most_at_once(rows, out) {
        assert!(most <= rule(number).max_concurrent as i32, "{most} out through bulkhead {number}");
    }
    for (number, most) in most_at_once(rows, |row| Some((row.sent, row.left, number(row)?))) {
        assert!(most <= rule(number).max_waiting as i32, "{most} waiting for bulkhead {number}");
    }
}

/// Of two requests that both waited at an instance, the one that came first was taken up first.
fn check_first_come_first_served(rows: &[RequestRow]) {
    let mut taken: Vec<&RequestRow> =
        rows.iter().filter(|row| row.finished > row.started && row.started > row.at_instance).collect();
    taken.sort_by_key(|row| (row.instance, row.at_instance, row.started));
    for pair in taken.windows(2).filter(|pair| pair[0].instance == pair[1].instance) {
        assert!(pair[0].started <= pair[1].started || pair[0].at_instance == pair[1].at_instance, "{pair:?}");
    }
}

/// The requests of clients, each with its first and its last attempt.
fn requests(rows: &[RequestRow]) -> impl Iterator<Item = (&RequestRow, &RequestRow)> {
    let first = rows.iter().filter(|row| row.previous.is_none() && row.parent.is_none());
    first.map(|first| {
        let attempts = std::iter::successors(Some(first), |row| Some(&rows[row.next? as usize]));
        (first, attempts.last().unwrap_or(first))
    })
}

fn check_frame(run: &Run, rows: &[RequestRow], t: u64) {
    let frame = run.frame(t as f64 / 1e6, 0.0, u32::MAX);
    let until = |outcome| requests(rows).filter(|(_, last)| last.freed <= t && last.outcome == outcome).count() as f64;
    assert_eq!(frame.scalars[3], requests(rows).filter(|(first, _)| first.sent <= t).count() as f64, "sent by {t}");
    assert_eq!(
        frame.scalars[4..7],
        [until(Outcome::Succeeded), until(Outcome::Failed), until(Outcome::Shed)],
        "ended by {t}"
    );
    let open = requests(rows).filter(|(first, last)| first.sent <= t && t < last.freed).count();
    assert_eq!(frame.scalars[1], open as f64);
    let under_way: Vec<&RequestRow> = rows.iter().filter(|row| row.sent <= t && t < row.ended).collect();
    for (call, columns) in frame.calls.chunks(CALL_STRIDE).enumerate() {
        let own = rows.iter().filter(|row| usize::from(row.call) == call);
        let out = own.clone().filter(|row| row.left <= t && t < row.freed).count();
        let pooled = own.filter(|row| row.sent <= t && t < row.left).count();
        assert_eq!((columns[0], columns[1]), (out as f32, pooled as f32), "call {call} at {t}");
    }
    for (index, columns) in frame.instances.chunks(INSTANCE_STRIDE).enumerate() {
        let own = under_way.iter().filter(|row| row.instance == Some(index as u16));
        let working = own.clone().filter(|row| row.started <= t && t < row.finished).count();
        let waiting = own.filter(|row| row.at_instance <= t && t < row.started).count();
        assert_eq!((columns[3], columns[4]), (working as f32, waiting as f32), "instance {index} at {t}");
    }
    for row in frame.requests.chunks(REQUEST_STRIDE) {
        assert!((0.0..=1.0).contains(&row[3]), "{row:?}");
    }
    assert!(frame.badges.len().is_multiple_of(BADGE_STRIDE));
}

fn check_report(run: &Run, rows: &[RequestRow]) {
    let report = run.report();
    let counted: u32 = report.outcomes.iter().map(|row| row.count).sum();
    assert_eq!((counted, report.requests), (run.requests(), requests(rows).count() as u32));
    let well = requests(rows).filter(|(_, last)| last.outcome == Outcome::Succeeded);
    let mut good: Vec<u64> = well.map(|(first, last)| last.freed - first.sent).collect();
    assert_eq!(report.calls.iter().map(|call| call.attempts).sum::<u32>(), rows.len() as u32);
    good.sort_unstable();
    let rank = |share: f64| good.get(((share * good.len() as f64).ceil() as usize).saturating_sub(1));
    let latency = report.latency.successes;
    assert_eq!(latency.p50_ms, rank(0.5).map(|&nanos| nanos as f64 / 1e6));
    assert_eq!(latency.p99_ms, rank(0.99).map(|&nanos| nanos as f64 / 1e6));
    assert_eq!(latency.max_ms, good.last().map(|&nanos| nanos as f64 / 1e6));
    for (index, instance) in report.instances.iter().enumerate() {
        let own = rows.iter().filter(|row| row.instance == Some(index as u16)).count();
        assert_eq!(instance.requests, own as u32);
    }
    // Over all buckets, everything that was sent and ended is found again.
    let series = run.series(37);
    let total = |rates: &[f64]| rates.iter().sum::<f64>() * series.bucket_ms / 1e3;
    assert!((total(&series.arrivals_per_s) - requests(rows).count() as f64).abs() < 1e-6);
    assert!((total(&series.goodput_per_s) - good.len() as f64).abs() < 1e-6);
}

/// Stepping forward from the start passes every moment at which something happened, and backward the same.
fn check_steps(run: &Run, rows: &[RequestRow]) {
    let mut times: Vec<u64> = rows.iter().take(40).flat_map(moments).collect();
    times.extend(rows.iter().take(40).map(|row| row.freed));
    times.extend(run.breaker_changes().iter().map(|change| (change.at_ms * 1e6).round() as u64));
    let horizon = rows.get(40).map_or(u64::MAX, |row| row.sent);
    times.extend(run.transitions().iter().map(|change| (change.at_ms * 1e6).round() as u64));
    times.retain(|&time| time > 0 && time < horizon);
    times.sort_unstable();
    times.dedup();
    let (mut t, mut passed) = (0.0, Vec::new());
    while passed.len() < times.len() {
        t = run.step_time(t, StepTo::Event, Direction::Forward);
        passed.push((t * 1e6).round() as u64);
    }
    assert_eq!(passed, times);
    for &time in times.iter().rev() {
        assert_eq!((t * 1e6).round() as u64, time);
        t = run.step_time(t, StepTo::Event, Direction::Backward);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_is_recorded_is_possible_and_everything_read_from_it_agrees(
        scenario in scenario(),
        times in prop::collection::vec(0_u64..2_000_000_000, 6),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 3),
    ) {
        let run = simulate(&scenario).unwrap_or_else(|error| panic!("{error}"));
        let rows = rows(&run);
        check_requests(&run, &rows);
        for t in times {
            check_frame(&run, &rows, t.min((run.end_ms() * 1e6) as u64));
            prop_assert!(run.narrate(t as f64 / 1e6).starts_with("At "));
        }
        check_report(&run, &rows);
        check_steps(&run, &rows);
        for pick in picks.iter().filter(|_| !rows.is_empty()) {
            let row = pick.get(&rows);
            let explanation = run.explain(row.request).unwrap();
            prop_assert_eq!(explanation.instance, row.instance.map_or(-1, i32::from));
            // The replay finds the decision that was recorded.
            if let Some(instance) = row.instance {
                let name = &run.instance_names()[usize::from(instance)];
                let sent = format!("sent to {name}");
                prop_assert!(explanation.steps.iter().any(|step| step.text.contains(&sent)), "{:?}", explanation);
            }
        }
    }

    #[test]
    fn a_scenario_survives_being_written_and_read(scenario in scenario()) {
        prop_assert_eq!(&Scenario::from_json(&scenario.to_json()).unwrap(), &scenario);
        prop_assert_eq!(&Scenario::from_json(&scenario.to_compact_json()).unwrap(), &scenario);
    }

    /// A good scenario with a piece cut out or doubled: read, or refused, but never a panic.
    #[test]
    fn damaged_json_is_refused_or_read(scenario in scenario(), from in 0_usize..3_000, length in 0_usize..40, twice: bool) {
        let json = scenario.to_json();
        let from = from.min(json.len());
        let to = (from + length).min(json.len());
        let middle = if twice { json[from..to].repeat(2) } else { String::new() };
        let damaged = format!("{}{middle}{}", &json[..from], &json[to..]);
        if let Ok(mut scenario) = Scenario::from_json(&damaged) {
            scenario.duration_ms = scenario.duration_ms.min(100.0);
            scenario.limits.requests = scenario.limits.requests.min(5_000);
            scenario.limits.events = scenario.limits.events.min(50_000);
            let _ = simulate(&scenario);
        }
    }
}
