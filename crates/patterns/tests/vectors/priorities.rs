//! lb_envoy_priority_panic

use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{Balancer, BalancerConfig, InstanceSpec, Locality, Policy, locality_shares};
use serde_json::Value;

use crate::fixture::{balancer, plain};
use crate::runner::{Fields, Outcome, Report, equal, natural, number};

/// Instances in each group, so that one is one percent.
const EACH: u32 = 100;

pub(crate) fn file(file: &Value, report: &mut Report) {
    report.only_lists(file, &["priority", "panic", "locality"]);
    for list in ["priority", "panic", "locality"] {
        for (at, row) in file[list].as_array().into_iter().flatten().enumerate() {
            if ["agrees", "agrees_with_formula", "model_agrees"].iter().any(|key| row[key] == false) {
                report.leave_out("rows marked as contradicting the formula beside them");
                continue;
            }
            report.case(&format!("{list}[{at}]"), || match list {
                "locality" => locality(row),
                _ => groups(row),
            });
        }
    }
}

fn groups(row: &Value) -> Outcome {
    let fields = Fields::of(row)?;
    let healthy = fields.map_list("healthy_percent", natural)?;
    // The table of loads leaves panics aside; the one about panics names them.
    let config = BalancerConfig {
        panic_threshold_percent: if row["panic"].is_null() { 0.0 } else { 50.0 },
        ..plain(Policy::RoundRobin)
    };
    let balancer = with_healthy(&config, &healthy)?;
    let loads = balancer.group_loads();
    let traffic: Vec<f64> = loads.iter().map(|load| f64::from(load.load_percent)).collect();
    equal("the sum of the shares", traffic.iter().sum::<f64>(), 100.0)?;
    within_one(&traffic, &fields.map_list("traffic_percent", number)?)?;
    if let Some(panic) = fields.get("panic") {
        let found: Vec<bool> = loads.iter().map(|load| load.panic).collect();
        equal("panic", Value::from(found), panic.clone())?;
    }
    if fields.get("normalized_total_health").is_some() {
        let expected = fields.natural("normalized_total_health")?;
        equal("normalized_total_health", balancer.total_health_percent(), expected)?;
    }
    fields.finish()
}

fn with_healthy(config: &BalancerConfig, healthy_percent: &[u32]) -> Result<Balancer, String> {
    let groups = 0..healthy_percent.len() as u32;
    let instance = |priority| InstanceSpec { priority, ..Default::default() };
    let instances: Vec<_> = groups.flat_map(|priority| vec![instance(priority); EACH as usize]).collect();
    let mut balancer = balancer(config, &instances)?;
    for (group, healthy) in healthy_percent.iter().enumerate() {
        for instance in *healthy..EACH {
            balancer.on_check(Instant::ZERO, group as u32 * EACH + instance, false);
        }
    }
    Ok(balancer)
}

fn locality(row: &Value) -> Outcome {
    let fields = Fields::of(row)?;
    let weights = fields.map_list("weights", number)?;
    let healthy = fields.map_list("healthy_percent", natural)?;
    let locality = |(&weight, &healthy): (&f64, &u32)| Locality { weight, healthy, total: EACH };
    let localities: Vec<_> = weights.iter().zip(&healthy).map(locality).collect();
    let shares = locality_shares(&localities, 1.4);
    within_one(&shares, &fields.map_list("traffic_percent", number)?)?;
    for (share, exact) in shares.iter().zip(fields.map_list("exact", number)?) {
        if (share - exact).abs() > 1e-9 {
            return Err(format!("{share} instead of exactly {exact}"));
        }
    }
    fields.finish()
}

fn within_one(found: &[f64], expected: &[f64]) -> Outcome {
    equal("the number of shares", found.len(), expected.len())?;
    if found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() <= 1.0) {
        Ok(())
    } else {
        Err(format!("{found:?} instead of {expected:?}"))
    }
}
