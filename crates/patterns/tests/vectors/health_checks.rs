//! lb_health_checks

use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{ActiveChecks, BalancerConfig, InstanceView, Status};
use serde_json::Value;

use crate::fixture::{balancer, equal_weights};
use crate::runner::{Fields, Outcome, equal};

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let (fall, rise) = (fields.natural("fall")?, fields.natural("rise")?);
    let initial = fields.get("initial").and_then(Value::as_str);
    let config = BalancerConfig {
        active_checks: ActiveChecks {
            fall,
            rise,
            // HAProxy shows its first step from down as «UP 1/fall».
            suspect_new: initial.is_some_and(|initial| initial != "UP" || fall == 1),
            ..Default::default()
        },
        ..Default::default()
    };
    let mut balancer = balancer(&config, &equal_weights(1))?;
    let mut status = vec![shown(&balancer.view(Instant::ZERO, 0), fall, rise)];
    let mut up = Vec::new();
    for result in fields.text("results")?.chars() {
        let passed = match result {
            '1' => true,
            '0' => false,
            other => return Err(format!("unknown result {other}")),
        };
        balancer.on_check(Instant::ZERO, 0, passed);
        let view = balancer.view(Instant::ZERO, 0);
        up.push(view.status == Status::Healthy);
        status.push(shown(&view, fall, rise));
    }
    if let Some(initial) = initial {
        equal("initial", status[0].as_str(), initial)?;
    }
    equal("status_after", Value::from(status.split_off(1)), fields.need("status_after")?.clone())?;
    equal("up_after", Value::from(up), fields.need("up_after")?.clone())?;
    fields.finish()
}

/// As HAProxy shows it: checks that are left until down, or passed on the way up.
fn shown(view: &InstanceView, fall: u32, rise: u32) -> String {
    match (view.status, view.failed_checks, view.passed_checks) {
        (Status::Healthy, 0, _) => "UP".to_owned(),
        (Status::Healthy, failed, _) => format!("UP {}/{fall}", fall - failed),
        (_, _, 0) => "DOWN".to_owned(),
        (_, _, passed) => format!("DOWN {passed}/{rise}"),
    }
}
