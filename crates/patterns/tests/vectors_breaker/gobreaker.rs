//! cb_gobreaker_tests and cb_gobreaker_peer_runs

use std::collections::BTreeMap;
use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::breaker::{
    Admission, Breaker, BreakerConfig, BreakerPreset, Permit, RefusalReason, Transition, TripRule, WindowKind,
};
use serde_json::{Value, json};

use crate::fixture::{breaker, each_op, equal_admission, equal_if, expected, instant, millis, name};
use crate::runner::{Fields, Outcome, equal};

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let config = Fields::of(fields.need("config")?)?;
    let all_succeed = match config.get("is_successful").map(Value::as_str) {
        None | Some(Some("default")) => false,
        Some(Some("always")) => true,
        other => return Err(format!("unknown is_successful {other:?}")),
    };
    let breaker = breaker(&settings(&config)?)?;
    config.finish()?;
    let mut peer = Peer { breaker, all_succeed, begun: BTreeMap::new(), changes: 0, last: Instant::ZERO };
    each_op(&fields, |op| peer.operate(op))?;
    fields.finish()
}

fn settings(config: &Fields) -> Result<BreakerConfig, String> {
    let mut own = BreakerPreset::Gobreaker.config();
    if config.get("max_requests").is_some() {
        own.trials = config.natural("max_requests")?.max(1);
        own.trial_successes = own.trials;
    }
    if let Some(timeout) = millis(config, "timeout_ns")?.filter(|&timeout| timeout > 0.0) {
        own.wait_ms = timeout;
    }
    let interval = millis(config, "interval_ns")?.filter(|&interval| interval > 0.0);
    let bucket = millis(config, "bucket_period_ns")?.filter(|&period| period > 0.0);
    if let Some(interval) = interval {
        own.window = WindowKind::Time;
        // The interval is rounded up to whole buckets.
        own.window_buckets = bucket.map_or(1, |bucket| (interval / bucket).ceil() as u32);
        own.window_ms = bucket.map_or(interval, |bucket| f64::from(own.window_buckets) * bucket);
    }
    let Some(rule) = config.get("ready_to_trip") else { return Ok(own) };
    let rule = Fields::of(rule)?;
    match rule.text("type")? {
        "consecutive_failures_gt" => own.failures = rule.natural("n")? + 1,
        "ratio" => {
            own.trip_rule = TripRule::FailureRate;
            own.minimum_calls = rule.natural("min_requests")?.max(1);
            own.failure_rate_percent = 100.0 * rule.number("ratio")?;
        }
        other => return Err(format!("unknown ready_to_trip {other}")),
    }
    rule.finish()?;
    Ok(own)
}

struct Peer {
    breaker: Breaker,
    all_succeed: bool,
    /// The calls begun, with their permits if they were let through.
    begun: BTreeMap<String, Option<Permit>>,
    changes: u32,
    /// When the breaker last took note of the time: the peer's counts don't.
    last: Instant,
}

impl Peer {
    fn operate(&mut self, op: &Fields) -> Outcome {
        let now = instant(op)?;
        let expect = expected(op)?;
        let kind = op.text("op")?;
        let mut ended = None;
        if kind == "end" {
            let id = op.text("id")?;
            ended = *self.begun.get(id).ok_or_else(|| format!("no call {id}"))?;
        }
        // Each of the peer's operations first looks at the time; a call that was refused has none to end.
        let looks = match kind {
            "counts" => false,
            "end" => ended.is_some(),
            _ => true,
        };
        if looks {
            self.last = now;
            let change = self.breaker.on_deadline(now);
            self.note(change);
        }
        let mut admission = None;
        match kind {
            "state" | "counts" => {}
            "call" => {
                admission = Some(self.acquire(now));
                let outcome = op.text("outcome")?;
                if let Some(permit) = admission.and_then(Admission::permit) {
                    self.report(now, permit, outcome)?;
                }
            }
            "begin" => {
                let id = op.text("id")?.to_owned();
                let found = self.acquire(now);
                self.begun.insert(id, found.permit());
                admission = Some(found);
            }
            "end" => {
                let outcome = op.text("outcome")?;
                ended.map_or(Ok(()), |permit| self.report(now, permit, outcome))?;
            }
            other => return Err(format!("unknown operation {other}")),
        }
        let Some(expect) = expect else { return Ok(()) };
        self.compare(&expect, admission)?;
        expect.finish()
    }

    fn acquire(&mut self, now: Instant) -> Admission {
        let (admission, change) = self.breaker.try_acquire(now);
        self.note(change);
        admission
    }

    fn report(&mut self, now: Instant, permit: Permit, outcome: &str) -> Outcome {
        let change = match outcome {
            "success" => self.breaker.on_success(now, permit, Duration::ZERO),
            "failure" if self.all_succeed => self.breaker.on_success(now, permit, Duration::ZERO),
            "failure" => self.breaker.on_failure(now, permit, Duration::ZERO),
            "excluded" => self.breaker.on_ignored(now, permit),
            other => return Err(format!("unknown outcome {other}")),
        };
        self.note(change);
        Ok(())
    }

    fn note(&mut self, change: Option<Transition>) {
        self.changes += u32::from(change.is_some());
    }

    fn compare(&self, expect: &Fields, admission: Option<Admission>) -> Outcome {
        let view = self.breaker.view(self.last);
        match admission {
            Some(admission) => equal_admission(expect, admission, |refusal| match refusal.reason {
                RefusalReason::TrialsTaken => "too_many_requests",
                RefusalReason::Open | RefusalReason::ForcedOpen => "open",
            })?,
            None => equal("permitted", expect.get("permitted"), None)?,
        }
        let counts = view.counts;
        let counts = json!([
            counts.admitted,
            counts.successes,
            counts.failures,
            counts.ignored,
            counts.successes_in_a_row,
            counts.failures_in_a_row
        ]);
        equal_if(expect, "counts", counts)?;
        equal_if(expect, "state", name(view.state))?;
        equal_if(expect, "changes", self.changes)
    }
}
