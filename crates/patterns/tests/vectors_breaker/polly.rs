//! cb_polly_v7

use std::time::Duration;

use sandtable_patterns::breaker::{Admission, Breaker, BreakerConfig, BreakerPreset, RefusalReason, State};
use serde_json::Value;

use crate::fixture::{breaker, each_op, equal_admission, equal_if, expected, instant, millis, name};
use crate::runner::{Fields, Outcome};

/// Below this, Polly's sampling duration is one bucket; else ten.
const SHORT_SAMPLING_MS: f64 = 200.0;

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let config = Fields::of(fields.need("config")?)?;
    let mut breaker = breaker(&settings(&config)?)?;
    config.finish()?;
    each_op(&fields, |op| operate(&mut breaker, op))?;
    fields.finish()
}

fn settings(config: &Fields) -> Result<BreakerConfig, String> {
    // What is handled was decided when the outcomes were written down.
    config.map_list("handled_exceptions", |name| Ok(name.is_string()))?;
    let mut own;
    match config.text("type")? {
        "consecutive" => {
            own = BreakerPreset::PollyConsecutive.config();
            own.failures = config.natural("failures_before_breaking")?;
        }
        "advanced" => {
            own = BreakerPreset::PollyAdvanced.config();
            own.failure_rate_percent = 100.0 * config.number("failure_ratio")?;
            own.minimum_calls = config.natural("minimum_throughput")?;
            own.window_ms = millis(config, "sampling_duration_ns")?.ok_or("no sampling_duration_ns")?;
            own.window_buckets = if own.window_ms < SHORT_SAMPLING_MS { 1 } else { 10 };
        }
        other => return Err(format!("unknown type {other}")),
    }
    own.wait_ms = millis(config, "break_duration_ns")?.ok_or("no break_duration_ns")?;
    Ok(own)
}

fn operate(breaker: &mut Breaker, op: &Fields) -> Outcome {
    let now = instant(op)?;
    let expect = expected(op)?;
    let mut admission = None;
    match op.text("op")? {
        "state" => {
            breaker.on_deadline(now);
        }
        "try_acquire" => admission = Some(breaker.try_acquire(now).0),
        "call" => {
            let found = breaker.try_acquire(now).0;
            let outcome = op.text("outcome")?;
            if let Admission::Admitted(permit) = found {
                match outcome {
                    "success" => breaker.on_success(now, permit, Duration::ZERO),
                    "failure" => breaker.on_failure(now, permit, Duration::ZERO),
                    "ignored" => breaker.on_ignored(now, permit),
                    other => return Err(format!("unknown outcome {other}")),
                };
            }
            admission = Some(found);
        }
        "force" => match op.text("to")? {
            "isolated" => {
                breaker.force_open(now);
            }
            "reset" => {
                breaker.reset(now);
            }
            other => return Err(format!("unknown state {other}")),
        },
        other => return Err(format!("unknown operation {other}")),
    }
    let Some(expect) = expect else { return Ok(()) };
    if let Some(admission) = admission {
        equal_admission(&expect, admission, |refusal| match refusal.reason {
            RefusalReason::Open | RefusalReason::TrialsTaken => "open",
            RefusalReason::ForcedOpen => "isolated",
        })?;
    }
    let state = match breaker.state_at(now) {
        State::ForcedOpen => "isolated",
        other => name(other),
    };
    equal_if(&expect, "state", state)?;
    expect.finish()
}
