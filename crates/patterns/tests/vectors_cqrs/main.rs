//! The conformance vectors that concern CQRS, against its public interface.

mod appends;
#[path = "../../../../tests/vectors/runner.rs"]
mod runner;
mod subscriptions;
mod tracking;

use runner::{Fields, Outcome};

#[test]
fn vectors_cqrs_event_store() {
    runner::run("cqrs_event_store", |file, report| {
        report.only_lists(file, &["append", "subscriptions"]);
        report.each(file, "append", appends::case);
        report.each(file, "subscriptions", subscriptions::case);
    });
}

#[test]
fn vectors_cqrs_projection_tracking_peer_runs() {
    runner::run("cqrs_projection_tracking_peer_runs", |file, report| {
        report.only_lists(file, &["cases"]);
        report.each(file, "cases", tracking::case);
    });
}

/// Runs each operation of a case.
fn each_op(case: &Fields, mut op: impl FnMut(&Fields) -> Outcome) -> Outcome {
    for (at, value) in case.list("ops")?.iter().enumerate() {
        let told = |what: String| format!("op {at} {}: {what}", value["op"]);
        let fields = Fields::of(value).map_err(told)?;
        op(&fields).and_then(|()| fields.finish()).map_err(told)?;
    }
    Ok(())
}

/// Numbers for names, in the order in which they come up.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        let known = self.0.iter().position(|known| known == name);
        known.unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        }) as u32
    }

    fn name(&self, number: u32) -> &str {
        &self.0[number as usize]
    }
}
