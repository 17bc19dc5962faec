//! A short, tightly limited run of a scenario, and everything that can be read from it.

use sandtable_sim::run::{Direction, StepTo};
use sandtable_sim::scenario::Call;
use sandtable_sim::{Run, RunError, Scenario, Simulation, simulate};

/// Makes a scenario one that is over soon, whatever it was: short, with few requests, small.
pub(crate) fn tame(scenario: &mut Scenario) {
    scenario.duration_ms = scenario.duration_ms.min(1_500.0);
    scenario.limits.requests = scenario.limits.requests.min(600);
    scenario.limits.events = scenario.limits.events.min(8_000);
    for client in &mut scenario.clients {
        client.users = client.users.min(50);
        client.keys.count = client.keys.count.min(500);
        client.calls.iter_mut().for_each(tame_call);
        client.trace.counts.truncate(100);
        client.trace.keys.truncate(100);
    }
    for service in &mut scenario.services {
        let instances = &mut service.instances;
        instances.count = instances.count.min(5);
        instances.weights.truncate(5);
        instances.speeds.truncate(5);
        instances.priorities.truncate(5);
        service.balancer.table_size = service.balancer.table_size.min(211);
        service.balancer.virtual_nodes = service.balancer.virtual_nodes.min(40);
        service.calls.iter_mut().for_each(tame_call);
    }
}

/// Every party of a call has a breaker of its own, with its window.
fn tame_call(call: &mut Call) {
    let rule = &mut call.breaker.rule;
    rule.window_calls = rule.window_calls.min(200);
    rule.window_buckets = rule.window_buckets.min(60);
    rule.trials = rule.trials.min(200);
}

/// Runs a scenario twice, once in slices, and reads all there is to read.
///
/// # Panics
/// If the two differ, or what is read contradicts itself.
pub(crate) fn run_and_read(scenario: &Scenario) {
    match (simulate(scenario), run_in_slices(scenario)) {
        (Ok(run), Ok(again)) => {
            assert_eq!(run.digest(), again.digest(), "a run is a function of its scenario");
            read(&run);
        }
        (Err(error), Err(again)) => {
            assert_eq!(error, again);
            assert!(!error.to_string().is_empty());
        }
        (one, other) => panic!("{:?} and in slices {:?}", one.map(|run| run.digest()), other.map(|run| run.digest())),
    }
}

fn run_in_slices(scenario: &Scenario) -> Result<Run, RunError> {
    let mut simulation = Simulation::new(scenario)?;
    while !simulation.run_slice(97)? {}
    Ok(simulation.finish())
}

fn read(run: &Run) {
    let report = run.report();
    let counted: u32 = report.outcomes.iter().map(|row| row.count).sum();
    assert_eq!((counted, report.requests), (run.requests(), run.requests()));
    for row in run.rows() {
        let stages =
            [row.sent, row.left, row.at_balancer, row.at_instance, row.started, row.worked, row.finished, row.ended];
        assert!(stages.is_sorted(), "{row:?}");
        assert!(row.sent <= row.freed, "{row:?}");
        assert_eq!(row.outcome, row.reason.outcome());
    }
    for attempt in [0, run.attempts() / 2, run.attempts().wrapping_sub(1), u32::MAX] {
        assert_eq!(run.explain(attempt).is_some(), attempt < run.attempts());
    }
    for buckets in [0, 1, 50] {
        run.series(buckets);
    }
    let mut t = -1.0;
    for part in 0..4 {
        run.frame(t, 500.0, 100);
        run.narrate(t);
        t = run.step_time(run.end_ms() * f64::from(part) / 3.0, StepTo::Event, Direction::Forward);
    }
    run.step_time(run.end_ms(), StepTo::Event, Direction::Backward);
    assert!(run.breaker_changes().is_sorted_by(|one, next| one.at_ms <= next.at_ms));
    let _ = (run.bands(), run.transitions(), run.services(), run.calls(), run.memory_bytes());
}
