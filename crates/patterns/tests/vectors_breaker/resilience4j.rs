//! cb_resilience4j_tests and cb_resilience4j_peer_runs
//!
//! Operations report outcomes without the permit that they belong to, as the library itself does.

use sandtable_patterns::Instant;
use sandtable_patterns::breaker::{
    Admission, Breaker, BreakerConfig, BreakerPreset, Cause, Command, HalfOpens, Permit, State, Transition, Verdict,
};
use serde_json::Value;

use crate::fixture::{breaker, duration, each_op, equal_if, equal_single, expected, instant, is_change, millis, name};
use crate::runner::{Fields, Outcome, equal};

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let config = Fields::of(fields.need("config")?)?;
    let mut machine = Machine { breaker: breaker(&settings(&config)?)?, events: Events::default() };
    config.finish()?;
    each_op(&fields, |op| machine.operate(op))?;
    fields.finish()
}

fn settings(config: &Fields) -> Result<BreakerConfig, String> {
    let window_type = config.get("window_type").map_or(Some("COUNT_BASED"), Value::as_str);
    let mut own = match window_type {
        Some("COUNT_BASED") => BreakerPreset::Resilience4jCount.config(),
        Some("TIME_BASED") => BreakerPreset::Resilience4jTime.config(),
        other => return Err(format!("unknown window_type {other:?}")),
    };
    if config.get("window_size").is_some() {
        own.window_calls = config.natural("window_size")?;
        own.window_buckets = own.window_calls;
        own.window_ms = f64::from(own.window_calls) * 1_000.0;
    }
    let set =
        |key: &str, own: &mut u32| config.get(key).map_or(Ok(()), |_| config.natural(key).map(|value| *own = value));
    set("minimum_calls", &mut own.minimum_calls)?;
    set("half_open_calls", &mut own.trials)?;
    let set = |key: &str, own: &mut f64| config.get(key).map_or(Ok(()), |_| config.number(key).map(|v| *own = v));
    set("failure_rate_threshold", &mut own.failure_rate_percent)?;
    set("slow_call_rate_threshold", &mut own.slow_rate_percent)?;
    set("wait_backoff_multiplier", &mut own.wait_growth)?;
    let set = |key: &str, own: &mut f64| millis(config, key).map(|value| *own = value.unwrap_or(*own));
    set("slow_call_duration_ns", &mut own.slow_call_ms)?;
    set("wait_open_ns", &mut own.wait_ms)?;
    set("wait_backoff_initial_ns", &mut own.wait_ms)?;
    set("wait_backoff_max_ns", &mut own.wait_ms_max)?;
    set("max_wait_half_open_ns", &mut own.half_open_ms_max)?;
    if config.get("automatic_half_open") == Some(&Value::Bool(true)) {
        own.half_opens = HalfOpens::OnTime;
    }
    Ok(own)
}

struct Machine {
    breaker: Breaker,
    events: Events,
}

/// What the library would have published.
#[derive(Default)]
struct Events {
    transitions: u32,
    failure_rate_exceeded: u32,
    slow_rate_exceeded: u32,
    measured: Verdict,
}

impl Events {
    fn on_change(&mut self, transition: Option<Transition>) {
        let Some(transition) = transition else { return };
        self.transitions += u32::from(is_change(&transition));
        // The trial calls' rates are not published.
        if let (State::Closed, Cause::Tripped(trip)) = (transition.from, transition.cause) {
            self.failure_rate_exceeded += u32::from(trip.verdict.by_failures);
            self.slow_rate_exceeded += u32::from(trip.verdict.by_slow_calls);
        }
    }

    fn on_measured(&mut self, verdict: Verdict) {
        self.failure_rate_exceeded += u32::from(verdict.by_failures && !self.measured.by_failures);
        self.slow_rate_exceeded += u32::from(verdict.by_slow_calls && !self.measured.by_slow_calls);
        self.measured = verdict;
    }
}

impl Machine {
    fn operate(&mut self, op: &Fields) -> Outcome {
        let now = instant(op)?;
        while self.breaker.next_deadline().is_some_and(|deadline| deadline <= now) {
            let change = self.breaker.on_deadline(now);
            self.events.on_change(change);
        }
        let expect = expected(op)?;
        let mut admission = None;
        let mut error = None;
        let change = match op.text("op")? {
            "state" => None,
            "try_acquire" => {
                let (found, change) = self.breaker.try_acquire(now);
                admission = Some(found);
                change
            }
            "success" => self.breaker.on_success(now, Permit::UNASKED, duration(op, "duration_ns")?),
            "error" => self.breaker.on_failure(now, Permit::UNASKED, duration(op, "duration_ns")?),
            "ignored" => {
                duration(op, "duration_ns")?;
                self.breaker.on_ignored(now, Permit::UNASKED)
            }
            "force" => match self.breaker.command(now, command(op, now)?) {
                Ok(change) => change,
                Err(_) => {
                    error = Some("illegal_transition");
                    None
                }
            },
            other => return Err(format!("unknown operation {other}")),
        };
        self.events.on_change(change);
        self.events.on_measured(self.breaker.view(now).exceeded);
        let Some(expect) = expect else { return Ok(()) };
        if let Some(permitted) = expect.get("permitted") {
            let found = admission.is_some_and(|found| matches!(found, Admission::Admitted(_)));
            equal("permitted", &Value::from(found), permitted)?;
        }
        equal("error", error, expect.get("error").map(|error| error.as_str().unwrap_or("no text")))?;
        self.compare(now, &expect)?;
        expect.finish()
    }

    fn compare(&self, now: Instant, expect: &Fields) -> Outcome {
        let view = self.breaker.view(now);
        // The library has no rate before the minimum of calls.
        let rate = |percent: Option<f64>| percent.filter(|_| view.calls >= view.minimum_calls).unwrap_or(-1.0);
        equal_if(expect, "state", name(view.state))?;
        equal_single(expect, "failure_rate", rate(view.failure_percent))?;
        equal_single(expect, "slow_call_rate", rate(view.slow_percent))?;
        equal_if(expect, "buffered", view.counts.answered())?;
        equal_if(expect, "successful", view.counts.successes)?;
        equal_if(expect, "failed", view.counts.failures)?;
        equal_if(expect, "slow", view.counts.slow())?;
        equal_if(expect, "slow_successful", view.counts.slow_successes)?;
        equal_if(expect, "slow_failed", view.counts.slow_failures)?;
        equal_if(expect, "not_permitted", view.refused)?;
        equal_if(expect, "transitions", self.events.transitions)?;
        equal_if(expect, "failure_rate_exceeded_events", self.events.failure_rate_exceeded)?;
        equal_if(expect, "slow_rate_exceeded_events", self.events.slow_rate_exceeded)
    }
}

fn command(op: &Fields, now: Instant) -> Result<Command, String> {
    Ok(match op.text("to")? {
        "closed" => Command::Close,
        "reset" => Command::Reset,
        "open" => Command::Open,
        "open_for" => Command::OpenFor(duration(op, "duration_ns")?),
        "open_until" => {
            let until = Instant::ZERO + duration(op, "until_ns")?;
            Command::OpenFor(until - now)
        }
        "half_open" => Command::HalfOpen,
        "forced_open" => Command::ForceOpen,
        "disabled" => Command::Disable,
        "metrics_only" => Command::MeasureOnly,
        other => return Err(format!("unknown state {other}")),
    })
}
