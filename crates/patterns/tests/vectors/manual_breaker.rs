//! The circuit breaker's cases of manual_python_cases

use std::collections::BTreeMap;
use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::breaker::{Breaker, BreakerPreset, Permit, State, Transition};
use serde_json::{Value, json};

use crate::manual::{each_answer, known_mode};
use crate::runner::{Fields, Outcome};

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    known_mode(&fields)?;
    let mut config = BreakerPreset::AsInManual.config();
    if let Some(init) = fields.get("init").filter(|init| !init.is_null()) {
        let init = Fields::of(init)?;
        if init.get("failure_threshold").is_some() {
            config.failures = init.natural("failure_threshold")?;
        }
        if init.get("reset_timeout").is_some() {
            config.wait_ms = 1_000.0 * init.number("reset_timeout")?;
        }
        init.finish()?;
    }
    let breaker = Breaker::try_new(&config, Instant::ZERO).map_err(|errors| format!("{errors:?}"))?;
    let mut peer = Peer { breaker, now: Instant::ZERO, running: BTreeMap::new(), last_failure: None };
    each_answer(fields, |op| peer.answer(op))
}

struct Peer {
    breaker: Breaker,
    now: Instant,
    running: BTreeMap<String, Permit>,
    /// The manual notes a time only for the failures that open it.
    last_failure: Option<Instant>,
}

impl Peer {
    fn answer(&mut self, op: &Value) -> Result<Value, String> {
        let fields = Fields::of(op)?;
        let mut answer = match fields.text("op")? {
            "advance" => {
                self.now = self.now + Duration::from_secs_f64(fields.number("seconds")?);
                fields.finish()?;
                return Ok(json!({ "ok": true, "value": null }));
            }
            "execute" => {
                let outcome = fields.text("outcome")?;
                self.acquire().map_or_else(|| Ok(refused()), |permit| self.end(permit, outcome))?
            }
            "begin" => {
                let id = fields.text("id")?.to_owned();
                self.acquire().map_or_else(refused, |permit| {
                    self.running.insert(id, permit);
                    json!({ "ok": true, "value": "running" })
                })
            }
            "end" => {
                let outcome = fields.text("outcome")?;
                match self.running.remove(fields.text("id")?) {
                    Some(permit) => self.end(permit, outcome)?,
                    None => json!({ "ok": false, "error": "Oracle", "message": "no such call" }),
                }
            }
            other => return Err(format!("unknown operation {other}")),
        };
        answer["state"] = self.state()?;
        fields.finish()?;
        Ok(answer)
    }

    fn acquire(&mut self) -> Option<Permit> {
        self.breaker.try_acquire(self.now).0.permit()
    }

    fn end(&mut self, permit: Permit, outcome: &str) -> Result<Value, String> {
        match outcome {
            "success" => {
                self.breaker.on_success(self.now, permit, Duration::ZERO);
                Ok(json!({ "ok": true, "value": "done" }))
            }
            "failure" => {
                let change = self.breaker.on_failure(self.now, permit, Duration::ZERO);
                if let Some(Transition { at, to: State::Open { .. }, .. }) = change {
                    self.last_failure = Some(at);
                }
                Ok(json!({ "ok": false, "error": "Boom", "message": "boom" }))
            }
            other => Err(format!("unknown outcome {other}")),
        }
    }

    fn state(&self) -> Result<Value, String> {
        let view = self.breaker.view(self.now);
        let state = match view.state {
            State::Closed => "CLOSED",
            State::Open { .. } => "OPEN",
            other => return Err(format!("the manual knows no {}", other.name())),
        };
        Ok(json!({
            "state": state,
            "failure_count": view.counts.failures_in_a_row,
            "last_failure_time": self.last_failure.map(|at| at.as_nanos() as f64 / 1e9),
        }))
    }
}

fn refused() -> Value {
    json!({ "ok": false, "error": "Exception", "message": "Circuit breaker is OPEN" })
}
