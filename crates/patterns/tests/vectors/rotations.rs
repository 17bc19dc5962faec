//! lb_envoy_rr_edf_slowstart and lb_haproxy_roundrobin

use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{Balancer, BalancerConfig, InstanceSpec, Policy, WeightOrder};
use serde_json::Value;

use crate::fixture::{balancer, counts, equal_weights, peek, plain, rng, take, weighted};
use crate::runner::{Fields, Outcome, equal, list, natural, number};

fn in_order(weight_order: WeightOrder) -> BalancerConfig {
    BalancerConfig { weight_order, ..plain(Policy::SmoothWeightedRoundRobin) }
}

pub(crate) fn earliest_deadline(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let mut current: Option<Balancer> = None;
    for (at, step) in fields.list("steps")?.iter().enumerate() {
        deadline_step(&mut current, step).map_err(|what| format!("step {at}: {what}"))?;
    }
    fields.finish()
}

fn deadline_step(current: &mut Option<Balancer>, step: &Value) -> Outcome {
    let fields = Fields::of(step)?;
    let hosts = fields.map_list("hosts", number)?;
    if !hosts.is_empty() {
        *current = Some(balancer(&in_order(WeightOrder::EarliestDeadline), &weighted(&hosts))?);
    }
    let balancer = current.as_mut().ok_or("no hosts")?;
    for (host, weight) in fields.map_list("reweight", number)?.into_iter().enumerate() {
        balancer.set_weight(Instant::ZERO, host as u32, weight);
    }
    let expected = fields.map_list("picks", |pick| natural(pick).map(Some))?;
    let picks: Vec<_> = expected.iter().map(|_| peek(balancer, &mut rng(0))).collect();
    if step["model_agrees"] == false {
        equal("counts", counts(&picks, balancer.len()), counts(&expected, balancer.len()))?;
    } else {
        equal("picks", picks, expected)?;
    }
    fields.finish()
}

pub(crate) fn round_robin(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let mut current: Option<Balancer> = None;
    for (at, step) in fields.list("steps")?.iter().enumerate() {
        rotation_step(&mut current, step).map_err(|what| format!("step {at}: {what}"))?;
    }
    fields.finish()
}

fn rotation_step(current: &mut Option<Balancer>, step: &Value) -> Outcome {
    let fields = Fields::of(step)?;
    if fields.get("hosts").is_some() {
        let config = BalancerConfig {
            refuse_in_panic: fields.get("fail_traffic_on_panic") == Some(&Value::Bool(true)),
            ..plain(Policy::RoundRobin)
        };
        *current = Some(balancer(&config, &equal_weights(fields.natural("hosts")?))?);
    }
    let balancer = current.as_mut().ok_or("no hosts")?;
    if fields.get("seed").is_some() {
        balancer.start_at(u64::from(fields.natural("seed")?));
    }
    if fields.get("add_host").is_some() {
        for _ in 0..fields.natural("add_host")? {
            balancer.add(Instant::ZERO, InstanceSpec::default());
        }
    }
    let healthy = fields.map_list("healthy", natural)?;
    if fields.get("healthy").is_some() {
        for host in 0..balancer.len() as u32 {
            balancer.on_check(Instant::ZERO, host, healthy.contains(&host));
        }
    }
    let pick = |value: &Value| match value {
        Value::Null => Ok(None),
        pick => natural(pick).map(Some),
    };
    let mut expected = fields.map_list("picks", pick)?;
    for place in fields.map_list("picks_healthy_set_index", natural)? {
        expected.push(healthy.get(place as usize).copied());
    }
    let picks: Vec<_> = expected.iter().map(|_| take(balancer, &mut rng(0))).collect();
    equal("picks", picks, expected)?;
    fields.finish()
}

/// grpc-go compares within 5 % of the share. The random policy gets a hundred times as many picks, so that a correct
/// one is many standard deviations inside.
pub(crate) fn grpc(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let deterministic = [WeightOrder::Smooth, WeightOrder::EarliestDeadline].map(in_order);
    for weights in fields.list("weights")? {
        let weights = list(weights)?.iter().map(number).collect::<Result<Vec<_>, _>>()?;
        for config in &deterministic {
            proportions(config, &weights, 10_000)?;
        }
        proportions(&plain(Policy::WeightedRandom), &weights, 1_000_000)?;
    }
    fields.finish()
}

fn proportions(config: &BalancerConfig, weights: &[f64], requests: u32) -> Outcome {
    let mut balancer = balancer(config, &weighted(weights))?;
    let mut rng = rng(1);
    let picks: Vec<_> = (0..requests).map(|_| peek(&mut balancer, &mut rng)).collect();
    let total: f64 = weights.iter().sum();
    for (count, weight) in counts(&picks, weights.len()).into_iter().zip(weights) {
        let (found, expected) = (f64::from(count) / f64::from(requests), weight / total);
        if (found / expected - 1.0).abs() > 0.05 {
            return Err(format!("{:?} with {weights:?}: {found} instead of {expected}", config.policy));
        }
    }
    Ok(())
}

/// The order of HAProxy's picks is its own; what holds everywhere is that a cycle gives each its weight.
pub(crate) fn haproxy(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let balance = fields.text("balance")?;
    if !["roundrobin", "static-rr"].contains(&balance) {
        return Err(format!("unknown balance {balance}"));
    }
    let weights = fields.map_list("weights", number)?;
    let expected: Vec<u32> = weights.iter().map(|&weight| weight as u32).collect();
    let cycle: u32 = expected.iter().sum();
    let cycles = fields.list("picks")?.len() as u32 / cycle;
    for weight_order in [WeightOrder::Smooth, WeightOrder::EarliestDeadline] {
        let mut balancer = balancer(&in_order(weight_order), &weighted(&weights))?;
        for _ in 0..cycles {
            let picks: Vec<_> = (0..cycle).map(|_| take(&mut balancer, &mut rng(0))).collect();
            equal("counts in a cycle", counts(&picks, weights.len()), expected.clone())?;
        }
    }
    fields.finish()
}
