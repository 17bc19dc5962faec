//! A run is a function of scenario and seed, and two runs differ only by what was changed.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod common;

use common::{rows, run};
use sandtable_patterns::balancer::Policy;
use sandtable_sim::run::RequestRow;
use sandtable_sim::scenario::{Arrivals, FaultKind};

/// Traffic of every kind. Rates are such that queues form, so that policies matter.
fn client(arrivals: Arrivals) -> String {
    let name = arrivals.name();
    format!(
        r#"{{ "arrivals": "{name}", "rate_per_s": 250, "ramp_to_per_s": 400, "on_ms": 500, "off_ms": 300, "day_ms": 4000,
              "users": 60, "think_ms": 100, "multiplier": 2.5, "compression": 2,
              "trace": {{ "counts": [[0, 90], [1, 120], [3, 200], [7, 80]] }} }}"#
    )
}

fn scenario(arrivals: Arrivals, balancer: &str, faults: &str) -> String {
    format!(
        r#"{{ "duration_ms": 5000, "clients": [{}], "services": [{{ "balancer": {{ {balancer} }} }}], "faults": [{faults}] }}"#,
        client(arrivals)
    )
}

/// What a request brings with it, whatever then becomes of it.
fn brought(rows: &[RequestRow]) -> Vec<(u64, u32, u64)> {
    rows.iter().map(|row| (row.sent, row.key, row.at_balancer)).collect()
}

#[test]
fn the_same_scenario_gives_the_same_run() {
    for &arrivals in Arrivals::ALL {
        let json = scenario(arrivals, "", r#"{ "kind": "crash", "at_ms": 2000, "for_ms": 1000 }"#);
        let (a, b) = (run(&json), run(&json));
        assert_eq!(a.digest(), b.digest(), "{arrivals:?}");
        assert_eq!(rows(&a), rows(&b), "{arrivals:?}");
        assert!(a.requests() > 500, "{arrivals:?}: {}", a.requests());
    }
}

#[test]
fn another_seed_gives_another_run() {
    let json = scenario(Arrivals::Poisson, "", "");
    let other = json.replacen('{', r#"{ "seed": 2,"#, 1);
    assert_ne!(run(&json).digest(), run(&other).digest());
}

/// The policy, its options and its health checks may draw as they like: who comes when, for what key and by which way
/// stays. (Users are left out: by their nature they ask when they are answered.)
#[test]
fn another_policy_leaves_arrivals_and_keys_as_they_are() {
    for &arrivals in Arrivals::ALL.iter().filter(|&&arrivals| arrivals != Arrivals::Users) {
        let expected = brought(&rows(&run(&scenario(arrivals, "", ""))));
        for policy in Policy::ALL {
            let balancer = format!(r#""policy": "{}", "outlier_ejection": {{ "enabled": true }}"#, policy.name());
            assert_eq!(brought(&rows(&run(&scenario(arrivals, &balancer, "")))), expected, "{arrivals:?}, {policy:?}");
        }
    }
}

/// With one request at a time on endless slots nobody disturbs anybody, so the time worked is the demand.
#[test]
fn another_policy_leaves_the_work_of_each_request_as_it_is() {
    let work = |policy: Policy| -> Vec<u64> {
        let json = format!(
            r#"{{ "duration_ms": 5000, "services": [{{ "balancer": {{ "policy": "{}" }}, "instances": {{ "concurrency": 500 }} }}] }}"#,
            policy.name()
        );
        rows(&run(&json)).iter().map(|row| row.finished - row.started).collect()
    };
    let expected = work(Policy::RoundRobin);
    assert!(expected.len() > 1_000);
    for &policy in Policy::ALL {
        assert_eq!(work(policy), expected, "{policy:?}");
    }
}

/// A user's k-th request brings the same key whatever happened to those before.
#[test]
fn users_ask_for_the_same_keys_in_the_same_order() {
    let one_user = |policy: &str| -> Vec<u32> {
        let json = format!(
            r#"{{ "duration_ms": 60000, "clients": [{{ "arrivals": "users", "users": 1, "think_ms": 50 }}],
                 "services": [{{ "balancer": {{ "policy": "{policy}" }}, "instances": {{ "speeds": [1, 0.1] }} }}] }}"#
        );
        rows(&run(&json)).iter().map(|row| row.key).collect()
    };
    let (a, b) = (one_user("round_robin"), one_user("random"));
    let common = a.len().min(b.len());
    assert!(common > 100);
    assert_eq!(a[..common], b[..common]);
    assert_ne!(a.len(), b.len(), "the policies should differ in how long the user waits");
}

/// Everything that had happened by the fault's time is the same to the nanosecond, for every kind of fault and every
/// kind of traffic.
#[test]
fn a_fault_changes_nothing_before_it_begins() {
    const AT: u64 = 2_500_000_000;
    /// What of a request was known at `AT`: its moments until then.
    fn until(row: &RequestRow) -> (u64, u32, Option<u16>, [u64; 6]) {
        let moments = [row.at_balancer, row.at_instance, row.started, row.finished, row.back_at_balancer, row.ended];
        let decided = row.instance.filter(|_| row.at_balancer < AT);
        (row.sent, row.key, decided, moments.map(|moment| if moment < AT { moment } else { 0 }))
    }
    for &arrivals in Arrivals::ALL {
        let plain = run(&scenario(arrivals, "", ""));
        for kind in FaultKind::ALL.iter().filter(|kind| kind.strikes_nodes() || **kind == FaultKind::Traffic) {
            let target = if *kind == FaultKind::Traffic { "clients" } else { "bravo" };
            let fault = format!(r#"{{ "kind": "{}", "target": "{target}", "at_ms": 2500, "factor": 3 }}"#, kind.name());
            let faulty = run(&scenario(arrivals, "", &fault));
            let before = |run: &sandtable_sim::Run| -> Vec<_> {
                run.rows().filter(|row| row.sent < AT).map(|row| until(&row)).collect()
            };
            assert_eq!(before(&plain), before(&faulty), "{arrivals:?}, {kind:?}");
            let changes = |run: &sandtable_sim::Run| -> Vec<_> {
                run.transitions().into_iter().filter(|change| change.at_ms < 2_500.0).collect()
            };
            assert_eq!(changes(&plain), changes(&faulty), "{arrivals:?}, {kind:?}");
            // Failing checks take three checks to show, more than is left here of the run.
            if *kind != FaultKind::FailingChecks {
                assert_ne!(plain.digest(), faulty.digest(), "{arrivals:?}, {kind:?} did nothing");
            }
        }
    }
}
