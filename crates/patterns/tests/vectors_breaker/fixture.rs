//! What the runners of several peers need.

use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::breaker::{Admission, Breaker, BreakerConfig, Refusal, State, Transition};
use serde_json::Value;

use crate::runner::{Fields, Outcome, equal, number};

pub(crate) fn breaker(config: &BreakerConfig) -> Result<Breaker, String> {
    Breaker::try_new(config, Instant::ZERO).map_err(|errors| format!("{errors:?}"))
}

/// Runs each operation and then compares what it expects.
pub(crate) fn each_op(case: &Fields, mut op: impl FnMut(&Fields) -> Outcome) -> Outcome {
    for (at, value) in case.list("ops")?.iter().enumerate() {
        let told = |what: String| format!("op {at} {}: {what}", value["op"]);
        let fields = Fields::of(value).map_err(told)?;
        op(&fields).and_then(|()| fields.finish()).map_err(told)?;
    }
    Ok(())
}

/// What an operation expects, or nothing.
pub(crate) fn expected<'a>(op: &Fields<'a>) -> Result<Option<Fields<'a>>, String> {
    op.get("expect").map(Fields::of).transpose()
}

/// The instant of an operation.
pub(crate) fn instant(op: &Fields) -> Result<Instant, String> {
    Ok(Instant::from_nanos(nanos(op.need("t_ns")?)?))
}

pub(crate) fn duration(fields: &Fields, key: &str) -> Result<Duration, String> {
    Ok(Duration::from_nanos(nanos(fields.need(key)?)?))
}

/// A setting in nanoseconds, as milliseconds; `None` where it is not set.
pub(crate) fn millis(config: &Fields, key: &str) -> Result<Option<f64>, String> {
    config.get(key).map(|value| Ok(nanos(value)? as f64 / 1e6)).transpose()
}

pub(crate) fn nanos(value: &Value) -> Result<u64, String> {
    value.as_u64().ok_or_else(|| format!("{value} are no nanoseconds"))
}

/// Two settings in a list.
pub(crate) fn pair<'a>(config: &Fields<'a>, key: &str) -> Result<Option<[&'a Value; 2]>, String> {
    let Some(value) = config.get(key) else { return Ok(None) };
    match value.as_array().map(Vec::as_slice) {
        Some([first, second]) => Ok(Some([first, second])),
        _ => Err(format!("{key} is no pair: {value}")),
    }
}

/// Compares where the operation says what it expects.
pub(crate) fn equal_if(expect: &Fields, key: &str, found: impl Into<Value>) -> Outcome {
    expect.get(key).map_or(Ok(()), |expected| equal(key, &found.into(), expected))
}

/// Compares numbers by value, as 1 and 1.0 are the same.
pub(crate) fn equal_number(expect: &Fields, key: &str, found: f64) -> Outcome {
    expect.get(key).map_or(Ok(()), |expected| equal(key, found, number(expected)?))
}

/// Compares what a peer computes in single precision.
pub(crate) fn equal_single(expect: &Fields, key: &str, found: f64) -> Outcome {
    expect.get(key).map_or(Ok(()), |expected| equal(key, found as f32, number(expected)? as f32))
}

/// Compares whether a call was let through, and else the peer's name of the reason.
pub(crate) fn equal_admission(expect: &Fields, found: Admission, error: impl Fn(Refusal) -> &'static str) -> Outcome {
    if let Some(permitted) = expect.get("permitted") {
        equal("permitted", &Value::from(found.permit().is_some()), permitted)?;
    }
    if let Some(expected) = expect.get("error") {
        match found {
            Admission::Admitted(_) => return Err(format!("admitted instead of {expected}")),
            Admission::Refused(refusal) => equal("error", &Value::from(error(refusal)), expected)?,
        }
    }
    Ok(())
}

/// Whether it is in another state than before; a state that began anew is the same.
pub(crate) fn is_change(transition: &Transition) -> bool {
    transition.from.name() != transition.to.name()
}

/// The name that the vectors use for a state.
pub(crate) fn name(state: State) -> &'static str {
    match state {
        State::MeasuringOnly => "metrics_only",
        other => other.name(),
    }
}
