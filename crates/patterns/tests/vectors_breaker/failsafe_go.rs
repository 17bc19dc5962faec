//! cb_failsafe_go_tests and cb_failsafe_go_peer_runs

use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::breaker::{
    Admission, Breaker, BreakerConfig, BreakerPreset, Command, Permit, TrialRule, TripRule, WindowKind,
};
use serde_json::Value;

use crate::fixture::{
    breaker, each_op, equal_admission, equal_if, equal_number, expected, instant, millis, name, nanos, pair,
};
use crate::runner::{Fields, Outcome, natural, number};

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let config = Fields::of(fields.need("config")?)?;
    let mut breaker = breaker(&settings(&config)?)?;
    config.finish()?;
    each_op(&fields, |op| operate(&mut breaker, op))?;
    fields.finish()
}

fn settings(config: &Fields) -> Result<BreakerConfig, String> {
    let mut own = BreakerPreset::FailsafeGo.config();
    if let Some(delay) = millis(config, "delay_ns")? {
        own.wait_ms = delay;
    }
    if config.get("failure_threshold").is_some() {
        own.failures = config.natural("failure_threshold")?;
        own.window_calls = own.failures;
    }
    if let Some([failures, calls]) = pair(config, "failure_ratio")? {
        own.failures = natural(failures)?;
        own.window_calls = natural(calls)?;
    }
    // Without a rule of its own, half-open is judged by the one for failures, over as many calls.
    own.trials = own.window_calls;
    if let Some([failures, period]) = pair(config, "failure_period")? {
        own.failures = natural(failures)?;
        own.window = WindowKind::Time;
        own.window_ms = nanos(period)? as f64 / 1e6;
        own.trials = own.failures;
    }
    own.trial_successes = own.trials + 1 - own.failures.min(own.trials);
    if let Some(rate) = config.get("failure_rate") {
        let [rate, calls, period] = rate.as_array().map(Vec::as_slice).unwrap_or_default() else {
            return Err(format!("failure_rate is no triple: {rate}"));
        };
        own.trip_rule = TripRule::FailureRate;
        own.failure_rate_percent = 100.0 * number(rate)?;
        own.minimum_calls = natural(calls)?;
        own.window = WindowKind::Time;
        own.window_ms = nanos(period)? as f64 / 1e6;
        own.trials = own.minimum_calls;
        own.trial_successes = 1;
        own.trial_rule = TrialRule::Rates;
    }
    if config.get("success_threshold").is_some() {
        own.trials = config.natural("success_threshold")?;
        own.trial_successes = own.trials;
        own.trial_rule = TrialRule::Successes;
    }
    if let Some([successes, calls]) = pair(config, "success_ratio")? {
        own.trial_successes = natural(successes)?;
        own.trials = natural(calls)?;
        own.trial_rule = TrialRule::Successes;
    }
    Ok(own)
}

fn operate(breaker: &mut Breaker, op: &Fields) -> Outcome {
    let now = instant(op)?;
    let expect = expected(op)?;
    let mut admission = None;
    match op.text("op")? {
        "observe" | "state" => {}
        "record" => report(breaker, now, Permit::UNASKED, op.text("outcome")?)?,
        "try_acquire" => admission = Some(breaker.try_acquire(now).0),
        "call" => {
            let found = breaker.try_acquire(now).0;
            let outcome = op.text("outcome")?;
            if let Admission::Admitted(permit) = found {
                report(breaker, now, permit, outcome)?;
            }
            admission = Some(found);
        }
        "force" => {
            let command = match op.text("to")? {
                "open" => Command::Open,
                "half_open" => Command::HalfOpen,
                "closed" => Command::Close,
                other => return Err(format!("unknown state {other}")),
            };
            breaker.command(now, command).map_err(|refused| format!("{refused:?}"))?;
        }
        other => return Err(format!("unknown operation {other}")),
    }
    let Some(expect) = expect else { return Ok(()) };
    compare(breaker, now, &expect, admission)?;
    expect.finish()
}

fn report(breaker: &mut Breaker, now: Instant, permit: Permit, outcome: &str) -> Outcome {
    match outcome {
        "success" => breaker.on_success(now, permit, Duration::ZERO),
        "failure" => breaker.on_failure(now, permit, Duration::ZERO),
        other => return Err(format!("unknown outcome {other}")),
    };
    Ok(())
}

fn compare(breaker: &Breaker, now: Instant, expect: &Fields, admission: Option<Admission>) -> Outcome {
    if let Some(admission) = admission {
        equal_admission(expect, admission, |_| "open")?;
    }
    let view = breaker.view(now);
    let answered = view.counts.answered();
    // Rounded to two places, and the successes' on their own.
    let success_percent = if answered == 0 { 0.0 } else { view.counts.successes as f64 / answered as f64 * 100.0 };
    equal_if(expect, "state", name(view.state))?;
    equal_if(expect, "executions", answered)?;
    equal_if(expect, "failures", view.counts.failures)?;
    equal_if(expect, "successes", view.counts.successes)?;
    equal_number(expect, "failure_rate", view.failure_percent.unwrap_or(0.0) / 100.0)?;
    equal_number(expect, "success_rate", success_percent.round() / 100.0)?;
    let remaining = view.half_open_in.unwrap_or_default();
    equal_if(expect, "remaining_delay_ns", remaining.as_nanos() as u64)
}
