//! lb_least_request

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{Balancer, BalancerConfig, InstanceSpec, LeastWeighting, Policy};
use serde_json::Value;

use crate::fixture::{Scripted, balancer, equal_weights, peek, plain, rng, take, weighted};
use crate::runner::{Fields, Outcome, equal, natural, number};

/// Nobody but the empty group panics: Finagle uses all instances only when none is open.
fn until_none_is_open(policy: Policy) -> BalancerConfig {
    BalancerConfig { panic_threshold_percent: 0.001, ..plain(policy) }
}

pub(crate) fn choices(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let active = fields.map_list("active", natural)?;
    let draws = fields.map_list("draws", natural)?;
    let config = BalancerConfig { choices: fields.natural("choices")?, ..plain(Policy::PowerOfTwoChoices) };
    let mut balancer = balancer(&config, &equal_weights(active.len() as u32))?;
    set_active(&mut balancer, &active);
    let pick = take(&mut balancer, &mut Scripted::new(&draws, active.len() as u32));
    equal("pick", pick, Some(fields.natural("expect")?))?;
    fields.finish()
}

pub(crate) fn full_scan(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let active = fields.map_list("active", natural)?;
    let expected: BTreeSet<u32> = fields.map_list("expect_one_of", natural)?.into_iter().collect();
    let mut balancer = balancer(&plain(Policy::LeastOutstanding), &equal_weights(active.len() as u32))?;
    set_active(&mut balancer, &active);
    // Ties are broken by chance: in so many picks each of the expected ones turns up, and no other.
    let mut rng = rng(1);
    let seen: BTreeSet<u32> = (0..1_000).filter_map(|_| peek(&mut balancer, &mut rng)).collect();
    equal("seen", seen, expected)?;
    fields.finish()
}

fn set_active(balancer: &mut Balancer, active: &[u32]) {
    for (instance, &outstanding) in (0..).zip(active) {
        balancer.set_outstanding(instance, outstanding);
    }
}

pub(crate) fn weighted_schedule(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let config = BalancerConfig {
        least_weighting: LeastWeighting::EarliestDeadline,
        active_request_bias: fields.number("active_request_bias")?,
        ..plain(Policy::WeightedLeastOutstanding)
    };
    let mut envoy = Envoy {
        balancer: balancer(&config, &[])?,
        config,
        weights: Vec::new(),
        factors: Vec::new(),
        active: Vec::new(),
    };
    for (at, step) in fields.list("steps")?.iter().enumerate() {
        envoy.step(step).map_err(|what| format!("step {at}: {what}"))?;
    }
    fields.finish()
}

struct Envoy {
    config: BalancerConfig,
    balancer: Balancer,
    weights: Vec<f64>,
    factors: Vec<f64>,
    active: Vec<u32>,
}

impl Envoy {
    fn step(&mut self, step: &Value) -> Outcome {
        let fields = Fields::of(step)?;
        // Other hosts, or a refresh by name, make the schedule anew; nothing else does.
        let mut anew = fields.get("refresh").is_some_and(|value| value == true);
        if fields.get("weights").is_some() {
            self.weights = fields.map_list("weights", number)?;
            anew = true;
        }
        if fields.get("slow_start_factors").is_some() {
            self.factors = fields.map_list("slow_start_factors", number)?;
        }
        if fields.get("active_before_refresh").is_some() {
            self.active = fields.map_list("active_before_refresh", natural)?;
            anew = true;
        }
        if anew {
            self.rebuild()?;
        } else {
            self.reweigh();
        }
        // These are set when the schedule stands already.
        if fields.get("active").is_some() {
            self.active = fields.map_list("active", natural)?;
            set_active(&mut self.balancer, &self.active);
        }
        let expected = fields.map_list("picks", |pick| natural(pick).map(Some))?;
        let picks: Vec<_> = expected.iter().map(|_| peek(&mut self.balancer, &mut rng(0))).collect();
        if step["model_agrees"] != false {
            equal("picks", picks, expected)?;
        }
        fields.finish()
    }

    fn effective_weights(&self) -> Vec<f64> {
        let factor = |at| self.factors.get(at).copied().unwrap_or(1.0);
        let weights = self.weights.iter().enumerate();
        weights.map(|(at, weight)| weight * factor(at)).collect()
    }

    /// The schedule is made when the balancer is told who takes traffic: after the outstanding counts are set.
    fn rebuild(&mut self) -> Outcome {
        self.balancer = balancer(&self.config, &weighted(&self.effective_weights()))?;
        self.active.truncate(self.weights.len());
        set_active(&mut self.balancer, &self.active);
        self.balancer.refresh_schedule();
        Ok(())
    }

    fn reweigh(&mut self) {
        for (host, weight) in (0..).zip(self.effective_weights()) {
            self.balancer.set_weight(Instant::ZERO, host, weight);
        }
    }
}

/// Finagle's heap, whose nodes come, go, open and close.
pub(crate) fn heap(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let nodes = fields.natural("nodes")?;
    let mut heap = Heap {
        balancer: balancer(&until_none_is_open(Policy::LeastOutstanding), &equal_weights(nodes))?,
        instances: (0..nodes).map(|node| (node, node)).collect(),
        members: (0..nodes).collect(),
        rng: rng(1),
    };
    for (at, op) in fields.list("ops")?.iter().enumerate() {
        heap.step(op).map_err(|what| format!("op {at}: {what}"))?;
    }
    fields.finish()
}

struct Heap {
    balancer: Balancer,
    /// The instance that stands for a node, also after the node has left.
    instances: BTreeMap<u32, u32>,
    members: BTreeSet<u32>,
    rng: rand_xoshiro::Xoshiro256PlusPlus,
}

impl Heap {
    fn step(&mut self, op: &Value) -> Outcome {
        let fields = Fields::of(op)?;
        let now = Instant::ZERO;
        match fields.text("op")? {
            "acquire" => {
                let expected = fields.get("expect_node").map(Value::as_u64);
                for _ in 0..fields.natural("times")? {
                    let instance = take(&mut self.balancer, &mut self.rng);
                    if let Some(expected) = expected {
                        let expected = expected.map(|node| self.instances[&(node as u32)]);
                        equal("node", instance, expected)?;
                    } else if instance.is_none() {
                        return Err("nobody to acquire".to_owned());
                    }
                }
            }
            "release" => {
                let instance = self.instance(fields.natural("node")?)?;
                self.balancer.on_success(now, instance, Duration::ZERO);
            }
            "status" => {
                let open = fields.natural("open")? == 1;
                for node in fields.map_list("nodes", natural)? {
                    let instance = self.instance(node)?;
                    self.balancer.on_check(now, instance, open);
                }
            }
            "members" => self.set_members(fields.map_list("nodes", natural)?.into_iter().collect())?,
            "expect_loads" => {
                let loads = fields.need("loads")?.as_object().ok_or("loads is no object")?;
                for (node, load) in loads {
                    let instance = self.instance(node.parse().map_err(|_| "no node")?)?;
                    let found = self.balancer.outstanding(instance);
                    equal(&format!("load of {node}"), found, natural(load)?)?;
                }
            }
            other => return Err(format!("unknown operation {other}")),
        }
        fields.finish()
    }

    fn set_members(&mut self, members: BTreeSet<u32>) -> Outcome {
        for &node in self.members.difference(&members) {
            self.balancer.remove(Instant::ZERO, self.instances[&node]);
        }
        for &node in members.difference(&self.members) {
            let instance = self.balancer.add(Instant::ZERO, InstanceSpec::default());
            self.instances.insert(node, instance);
        }
        self.members = members;
        Ok(())
    }

    fn instance(&self, node: u32) -> Result<u32, String> {
        self.instances.get(&node).copied().ok_or_else(|| format!("no node {node}"))
    }
}

/// Finagle's statistical tests; the policy is named by the test's path.
pub(crate) fn statistical(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let source = fields.need("source")?["path"].as_str().unwrap_or_default();
    let policy = match source {
        path if path.contains("/p2c/") => Policy::PowerOfTwoChoices,
        path if path.contains("/roundrobin/") => Policy::RoundRobin,
        other => return Err(format!("unknown policy of {other}")),
    };
    let nodes = fields.natural("nodes")?;
    let mut balancer = balancer(&until_none_is_open(policy), &equal_weights(nodes))?;
    if fields.get("script").is_some() {
        let lines = fields.list("script")?;
        open_and_close(&mut balancer, nodes, lines)?;
        return fields.finish();
    }
    let assert = fields.text("assert")?;
    if !assert.starts_with("|mean_load(i)-mean_load(0)| < 10") {
        return Err(format!("unknown assertion {assert}"));
    }
    let released = fields.get("released").is_some_and(|value| value == true);
    even_means(&mut balancer, nodes, fields.natural("requests")?, released)?;
    fields.finish()
}

/// The mean over a node's own acquisitions of its load right after each.
fn even_means(balancer: &mut Balancer, nodes: u32, requests: u32, released: bool) -> Outcome {
    let mut rng = rng(1);
    let mut sums = vec![(0.0, 0.0); nodes as usize];
    for _ in 0..requests {
        let instance = take(balancer, &mut rng).ok_or("nobody to acquire")?;
        let (sum, count) = &mut sums[instance as usize];
        *sum += f64::from(balancer.outstanding(instance));
        *count += 1.0;
        if released {
            balancer.on_success(Instant::ZERO, instance, Duration::ZERO);
        }
    }
    let means: Vec<f64> = sums.into_iter().map(|(sum, count)| sum / count).collect();
    match means.iter().find(|mean| (*mean - means[0]).abs() >= 10.0 || mean.is_nan()) {
        Some(mean) => Err(format!("a mean of {mean} beside {}", means[0])),
        None => Ok(()),
    }
}

/// A script of «N picks», «node K closed», «node K open», and what picks must have come to.
fn open_and_close(balancer: &mut Balancer, nodes: u32, lines: &[Value]) -> Outcome {
    let mut rng = rng(1);
    let mut counts = vec![0_u32; nodes as usize];
    let mut closed = BTreeSet::new();
    for line in lines {
        let line = line.as_str().ok_or("no line")?;
        let (what, claims) = line.split_once(": ").unwrap_or((line, ""));
        match what.split(' ').collect::<Vec<_>>()[..] {
            ["node", node, state @ ("open" | "closed")] => {
                let node: u32 = node.parse().map_err(|_| "no node")?;
                balancer.on_check(Instant::ZERO, node, state == "open");
                if state == "open" {
                    closed.remove(&node);
                } else {
                    closed.insert(node);
                }
            }
            [picks, "picks"] => {
                let before = counts.clone();
                for _ in 0..picks.parse::<u32>().map_err(|_| "no number of picks")? {
                    counts[take(balancer, &mut rng).ok_or("nobody to pick")? as usize] += 1;
                }
                for claim in claims.split(", ").filter(|claim| !claim.is_empty()) {
                    check_claim(claim, &before, &counts, &closed)?;
                }
            }
            _ => return Err(format!("unknown line {line}")),
        }
    }
    Ok(())
}

fn check_claim(claim: &str, before: &[u32], after: &[u32], closed: &BTreeSet<u32>) -> Outcome {
    let grew = |node: usize| after[node] > before[node];
    let holds = match claim.split(' ').collect::<Vec<_>>()[..] {
        ["none", "closed"] => !closed.iter().any(|&node| grew(node as usize)),
        ["node", node, "count", "unchanged"] => !grew(node.parse().map_err(|_| "no node")?),
        ["node", node, "count", "grows"] => grew(node.parse().map_err(|_| "no node")?),
        _ => return Err(format!("unknown claim {claim}")),
    };
    if holds { Ok(()) } else { Err(claim.to_owned()) }
}
