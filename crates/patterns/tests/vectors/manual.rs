//! manual_python_cases, as far as its pattern is here

use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{Balancer, Decision, InstanceSpec, Policy, Refusal, Request};
use serde_json::{Value, json};

use crate::fixture::{balancer, plain, rng};
use crate::runner::{Fields, Outcome, Report, equal};
use crate::{manual_breaker, manual_bulkhead, manual_cqrs, manual_sharding};

pub(crate) fn file(file: &Value, report: &mut Report) {
    report.only_lists(file, &["cases"]);
    for case in file["cases"].as_array().into_iter().flatten() {
        let name = case["id"].as_str().unwrap_or("without id");
        match case["class"].as_str() {
            Some("LoadBalancer") => report.case(name, || load_balancer(case)),
            Some("Bulkhead") => report.case(name, || manual_bulkhead::case(case)),
            Some("CircuitBreaker") => report.case(name, || manual_breaker::case(case)),
            Some("ShardManager") => report.case(name, || manual_sharding::case(case)),
            Some("Cqrs") => report.case(name, || manual_cqrs::case(case)),
            Some("ApiGateway") => {
                report.leave_out("classes whose pattern is not in the crate yet");
            }
            _ => report.case(name, || Err("unknown class".to_owned())),
        }
    }
}

/// Of the modes there are, none matters to anything but the breaker, whose repairs are its preset.
pub(crate) fn known_mode(fields: &Fields) -> Outcome {
    fields.text("class")?;
    match fields.text("mode")? {
        "patched" | "asis" => Ok(()),
        other => Err(format!("unknown mode {other}")),
    }
}

/// Compares the answer to each operation with the manual's own.
pub(crate) fn each_answer(fields: Fields, mut answer: impl FnMut(&Value) -> Result<Value, String>) -> Outcome {
    let (ops, expect) = (fields.list("ops")?, fields.list("expect")?);
    equal("the number of answers", expect.len(), ops.len())?;
    for (at, (op, expected)) in ops.iter().zip(expect).enumerate() {
        let answer = answer(op).map_err(|what| format!("op {at}: {what}"))?;
        equal(&format!("op {at}"), &answer, expected)?;
    }
    fields.finish()
}

fn load_balancer(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    known_mode(&fields)?;
    if let Some(init) = fields.get("init").filter(|init| !init.is_null()) {
        Fields::of(init)?.finish()?;
    }
    let mut servers = Servers { balancer: balancer(&plain(Policy::AsInManual), &[])?, names: Vec::new() };
    each_answer(fields, |op| servers.answer(op))
}

struct Servers {
    balancer: Balancer,
    names: Vec<String>,
}

impl Servers {
    fn answer(&mut self, op: &Value) -> Result<Value, String> {
        let fields = Fields::of(op)?;
        let now = Instant::ZERO;
        let mut answer = json!({ "ok": true, "value": null });
        match fields.text("op")? {
            "add_server" => {
                let name = fields.text("server")?.to_owned();
                self.names.push(name.clone());
                let spec = InstanceSpec { name, ..Default::default() };
                self.balancer.add(now, spec);
            }
            "set_health" => {
                let health = fields.natural("value")?;
                self.balancer.set_health(now, fields.natural("i")?, health);
            }
            "set_active" => {
                let active = fields.need("value")?.as_bool().ok_or("no boolean")?;
                self.balancer.set_active(now, fields.natural("i")?, active);
            }
            "health_check" => {
                self.balancer.check_health(now);
            }
            "get_next_server" => match self.balancer.choose(now, &mut rng(0), &Request::default()) {
                Decision::Send(choice) => answer["value"] = self.names[choice.instance as usize].clone().into(),
                Decision::Refuse(Refusal::NoInstances | Refusal::NoneHealthy) => {
                    answer = json!({ "ok": false, "error": "Exception", "message": "No servers available" });
                }
                Decision::Refuse(other) => return Err(format!("refused: {other:?}")),
            },
            other => return Err(format!("unknown operation {other}")),
        }
        let active = (0..self.balancer.len() as u32).map(|i| self.balancer.takes_traffic(i));
        answer["state"] = json!({
            "active": active.collect::<Vec<_>>(),
            "current_index": self.balancer.turns(),
        });
        fields.finish()?;
        Ok(answer)
    }
}
