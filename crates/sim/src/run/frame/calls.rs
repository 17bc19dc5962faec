//! The state of the calls: what is out, bulkheads, and breakers with their windows.

use sandtable_patterns::Instant;
use sandtable_patterns::breaker::{Breaker, Cell, State, TripRule, View};

use super::Sketch;
use crate::time::millis;

/// Numbers for each call.
pub const CALL_STRIDE: usize = 8;
/// Numbers for each breaker.
pub const BREAKER_STRIDE: usize = 17;
/// Numbers for each cell of a breaker's window.
pub const CELL_STRIDE: usize = 3;

/// Of more breakers than this only the states are told: nobody sees so many windows, and each is played again.
const WITH_WINDOWS: usize = 64;

/// A call at a moment.
#[derive(Clone, Default)]
pub(super) struct Call {
    pub(super) out: u32,
    pub(super) made: u32,
    pub(super) first: u32,
    pub(super) failed: u32,
    pub(super) pausing: u32,
    /// Who waits in the bulkhead, with the time of coming.
    pub(super) waiting: Vec<(u64, u32)>,
}

impl Sketch<'_> {
    pub(super) fn call_rows(&self) -> Vec<f32> {
        let scenario = &self.run.scenario;
        let window_s = self.smoothing as f64 / 1e9;
        let rate = |count: u32| (f64::from(count) / window_s) as f32;
        let calls = self.calls.iter().zip(&self.run.topology.edges);
        let rows = calls.flat_map(|(call, edge)| {
            let places = scenario
                .bulkhead(edge)
                .map_or(f32::NAN, |policy| policy.rule.max_waiting as f32 * edge.bulkheads.len() as f32);
            let limits = edge.bulkheads.clone().map(|number| self.run.limit_at(number, self.t));
            let limit = limits.reduce(|sum, limit| sum + limit).map_or(f32::NAN, |limit| limit as f32);
            [
                call.out as f32,
                call.waiting.len() as f32,
                limit,
                places,
                rate(call.made),
                rate(call.first),
                rate(call.failed),
                call.pausing as f32,
            ]
        });
        rows.collect()
    }

    pub(super) fn breaker_rows(&self) -> (Vec<f32>, Vec<f32>) {
        let (mut rows, mut cells) = (Vec::new(), Vec::new());
        let now = Instant::from_nanos(self.t);
        for (number, recorded) in self.run.recording.breakers.iter().enumerate() {
            let changes = recorded.transitions.partition_point(|change| change.at <= now);
            let since =
                changes.checked_sub(1).map_or(f64::NAN, |last| millis(recorded.transitions[last].at.as_nanos()));
            let first = cells.len() / CELL_STRIDE;
            if number < WITH_WINDOWS {
                let breaker = recorded.at(&self.run.recording.requests, self.t);
                cells.extend(breaker.cells(now).iter().flat_map(cell));
                rows.extend(row(&breaker, now, since));
            } else {
                let last = changes.checked_sub(1).map_or(State::Closed, |last| recorded.transitions[last].to);
                let (state, until) = state_and_end(last);
                rows.extend([state, since as f32, until]);
                rows.extend([f32::NAN; BREAKER_STRIDE - 5]);
            }
            let own = cells.len() / CELL_STRIDE - first;
            rows.extend([first as f32, own as f32]);
        }
        (rows, cells)
    }
}

fn cell(cell: &Cell) -> [f32; CELL_STRIDE] {
    match cell {
        Cell::Call(outcome) => [1.0, f32::from(u8::from(outcome.failed())), f32::from(u8::from(outcome.slow()))],
        Cell::Bucket { counts, .. } => [counts.answered() as f32, counts.failures as f32, counts.slow() as f32],
    }
}

fn row(breaker: &Breaker, now: Instant, since_ms: f64) -> [f32; BREAKER_STRIDE - 2] {
    let view = breaker.view(now);
    let config = breaker.config();
    let (state, until) = state_and_end(view.state);
    let (measure, threshold) = measured(&view, config.trip_rule, config.failures, config.failure_rate_percent);
    let slow = |percent: f64| if config.slow_calls { percent as f32 } else { f32::NAN };
    [
        state,
        since_ms as f32,
        until,
        measure as f32,
        threshold as f32,
        slow(view.slow_percent.unwrap_or(f64::NAN)),
        slow(config.slow_rate_percent),
        view.calls as f32,
        view.minimum_calls as f32,
        view.trials.free as f32,
        view.trials.in_flight as f32,
        view.trials.answered as f32,
        view.trials.successes as f32,
        view.trials.needed as f32,
        view.refused as f32,
    ]
}

/// A state by its number, and when it lets calls through again.
fn state_and_end(state: State) -> (f32, f32) {
    match state {
        State::Closed | State::MeasuringOnly => (0.0, f32::NAN),
        State::Open { retry_at } => (1.0, millis(retry_at.as_nanos()) as f32),
        State::HalfOpen => (2.0, f32::NAN),
        State::ForcedOpen => (3.0, f32::NAN),
        State::Disabled => (4.0, f32::NAN),
    }
}

/// What the rule looks at, and where it opens.
fn measured(view: &View, rule: TripRule, failures: u32, rate_percent: f64) -> (f64, f64) {
    match rule {
        TripRule::FailureRate => (view.failure_percent.unwrap_or(f64::NAN), rate_percent),
        TripRule::Failures => (view.counts.failures as f64, failures.into()),
        TripRule::Consecutive => (view.counts.failures_in_a_row as f64, failures.into()),
    }
}
