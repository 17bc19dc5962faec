//! lb_envoy_outlier

use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{Balancer, BalancerConfig, OutlierEjection, Status};
use serde_json::Value;
use std::time::Duration;

use crate::fixture::{balancer, equal_weights, peek, rng};
use crate::runner::{Fields, Outcome, equal, list};

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let (config, hosts) = config(fields.need("config")?)?;
    let mut balancer = balancer(&config, &equal_weights(hosts))?;
    for (at, op) in list(fields.need("ops")?)?.iter().enumerate() {
        step(&mut balancer, op).map_err(|what| format!("op {at}: {what}"))?;
    }
    fields.finish()
}

fn config(value: &Value) -> Result<(BalancerConfig, u32), String> {
    let fields = Fields::of(value)?;
    let number = |key, default| fields.get(key).map_or(Ok(default), crate::runner::number);
    let outlier_ejection = OutlierEjection {
        enabled: true,
        failures: number("consecutive_5xx", 5.0)? as u32,
        interval_ms: number("interval_ms", 10_000.0)?,
        base_ejection_ms: number("base_ms", 30_000.0)?,
        max_ejection_ms: number("max_ms", 300_000.0)?,
        max_ejected_percent: number("max_ejection_percent", 10.0)?,
        ..Default::default()
    };
    let hosts = number("hosts", 1.0)? as u32;
    fields.finish()?;
    let config = BalancerConfig { outlier_ejection, ..Default::default() };
    Ok((config, hosts))
}

fn step(balancer: &mut Balancer, op: &Value) -> Outcome {
    let fields = Fields::of(op)?;
    let now = Instant::from_millis_f64(fields.number("t_ms")?);
    let host = fields.get("host").map_or(Ok(0), crate::runner::natural)?;
    match fields.text("op")? {
        "response" => {
            let failed = fields.natural("status")? >= 500;
            for _ in 0..fields.get("n").map_or(Ok(1), crate::runner::natural)? {
                peek(balancer, &mut rng(0));
                if failed {
                    balancer.on_failure(now, host, Duration::ZERO);
                } else {
                    balancer.on_success(now, host, Duration::ZERO);
                }
            }
        }
        "interval" => {
            balancer.sweep(now);
        }
        other => return Err(format!("unknown operation {other}")),
    }
    if let Some(expected) = fields.get("ejected") {
        let status = balancer.view(now, host).status;
        let ejected = matches!(status, Status::Ejected { .. });
        equal("ejected", Some(ejected), expected.as_bool())?;
    }
    fields.finish()
}
