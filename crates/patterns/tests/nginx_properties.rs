//! Weighted rotation, failures within a time, and retries, against nginx's rules written down plainly.
//!
//! The model follows `ngx_http_upstream_round_robin.c` (nginx 1.22) field by field, without any of the balancer's
//! shortcuts: every pick looks at every server and the clock.
#![allow(clippy::unwrap_used)] // Where a test can't go on it should stop.

use std::time::Duration;

use proptest::prelude::*;
use rand_core::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{
    Balancer, BalancerConfig, InstanceSpec, OutlierEjection, OutlierRule, Policy, Request,
};

const FAIL_TIMEOUT_MS: i64 = 1_000;

#[derive(Clone, Debug)]
struct Peer {
    weight: i64,
    current: i64,
    effective: i64,
    connections: i64,
    max_fails: i64,
    fails: i64,
    accessed: i64,
    checked: i64,
}

impl Peer {
    fn is_usable(&self, now: i64) -> bool {
        self.max_fails == 0 || self.fails < self.max_fails || now - self.checked > FAIL_TIMEOUT_MS
    }
}

struct Model {
    peers: Vec<Peer>,
    least_connections: bool,
}

impl Model {
    fn get(&mut self, now: i64, tried: &[u32]) -> Option<u32> {
        let usable = |(at, peer): &(usize, &Peer)| !tried.contains(&(*at as u32)) && peer.is_usable(now);
        let mut candidates: Vec<usize> = self.peers.iter().enumerate().filter(usable).map(|(at, _)| at).collect();
        if self.least_connections {
            let is_less = |a: &Peer, b: &Peer| a.connections * b.weight < b.connections * a.weight;
            let all = candidates.clone();
            candidates.retain(|&at| !all.iter().any(|&other| is_less(&self.peers[other], &self.peers[at])));
        }
        let best = match candidates[..] {
            [] => return None,
            // One that is the least alone is no turn of the rotation.
            [only] if self.least_connections => only,
            ref candidates => self.rotate(candidates),
        };
        let peer = &mut self.peers[best];
        if now - peer.checked > FAIL_TIMEOUT_MS {
            peer.checked = now;
        }
        peer.connections += 1;
        Some(best as u32)
    }

    fn rotate(&mut self, candidates: &[usize]) -> usize {
        let mut best = candidates[0];
        let mut total = 0;
        for &at in candidates {
            let peer = &mut self.peers[at];
            peer.current += peer.effective;
            total += peer.effective;
            if peer.effective < peer.weight {
                peer.effective += 1;
            }
            if self.peers[at].current > self.peers[best].current {
                best = at;
            }
        }
        self.peers[best].current -= total;
        best
    }

    fn free(&mut self, now: i64, server: u32, failed: bool) {
        let single = self.peers.len() == 1;
        let peer = &mut self.peers[server as usize];
        peer.connections -= 1;
        if single {
        } else if failed {
            peer.fails += 1;
            peer.accessed = now;
            peer.checked = now;
            if peer.max_fails > 0 {
                peer.effective = (peer.effective - peer.weight / peer.max_fails).max(0);
            }
        } else if peer.accessed < peer.checked {
            peer.fails = 0;
        }
    }
}

#[derive(Clone, Debug)]
enum Op {
    /// A request, tried on one server after another while they fail.
    Request(Vec<bool>),
    /// One that stays open.
    Start,
    /// The oldest open one ends.
    Finish(bool),
    Wait(u16),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => prop::collection::vec(prop::bool::weighted(0.3), 6).prop_map(Op::Request),
        2 => Just(Op::Start),
        2 => any::<bool>().prop_map(Op::Finish),
        2 => (0..1_500_u16).prop_map(Op::Wait),
    ]
}

fn nginx(servers: &[(i64, i64)], least_connections: bool) -> Balancer {
    let config = BalancerConfig {
        policy: if least_connections { Policy::WeightedLeastOutstanding } else { Policy::SmoothWeightedRoundRobin },
        outlier_ejection: OutlierEjection {
            enabled: true,
            rule: OutlierRule::WithinWindow,
            window_ms: FAIL_TIMEOUT_MS as f64,
            base_ejection_ms: FAIL_TIMEOUT_MS as f64,
            max_ejected_percent: 100.0,
            ..Default::default()
        },
        panic_threshold_percent: 0.0,
        ..Default::default()
    };
    let spec = |&(weight, _): &(i64, i64)| InstanceSpec { weight: weight as f64, ..Default::default() };
    let specs: Vec<_> = servers.iter().map(spec).collect();
    let mut balancer = Balancer::try_new(&config, &specs, Instant::ZERO).unwrap();
    for (at, &(_, max_fails)) in (0..).zip(servers) {
        balancer.set_outlier_failures(at, Some(max_fails as u32));
    }
    balancer
}

fn model(servers: &[(i64, i64)], least_connections: bool) -> Model {
    let peer = |&(weight, max_fails): &(i64, i64)| Peer {
        weight,
        current: 0,
        effective: weight,
        connections: 0,
        max_fails,
        fails: 0,
        accessed: 0,
        checked: 0,
    };
    Model { peers: servers.iter().map(peer).collect(), least_connections }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn every_try_goes_where_nginx_sends_it(
        servers in prop::collection::vec((1..8_i64, 0..4_i64), 1..6),
        least_connections in any::<bool>(),
        ops in prop::collection::vec(op(), 0..150),
    ) {
        let mut balancer = nginx(&servers, least_connections);
        let mut model = model(&servers, least_connections);
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let mut open = Vec::new();
        let mut millis = 0_i64;
        let mut get = |balancer: &mut Balancer, model: &mut Model, millis: i64, tried: &[u32]| {
            let now = Instant::from_millis_f64(millis as f64);
            balancer.on_deadline(now);
            let decision = balancer.choose(now, &mut rng, &Request { key: 0, tried });
            let instance = decision.choice().map(|choice| choice.instance);
            assert_eq!(instance, model.get(millis, tried), "at {millis} ms after {tried:?}: {decision:?}");
            instance
        };
        let free = |balancer: &mut Balancer, model: &mut Model, millis: i64, server, failed| {
            let now = Instant::from_millis_f64(millis as f64);
            model.free(millis, server, failed);
            if failed {
                balancer.on_failure(now, server, Duration::ZERO);
            } else {
                balancer.on_success(now, server, Duration::ZERO);
            }
        };
        for op in ops {
            match op {
                Op::Request(failures) => {
                    let mut tried = Vec::new();
                    for failed in failures {
                        let Some(server) = get(&mut balancer, &mut model, millis, &tried) else { break };
                        free(&mut balancer, &mut model, millis, server, failed);
                        tried.push(server);
                        if !failed {
                            break;
                        }
                    }
                }
                Op::Start => open.extend(get(&mut balancer, &mut model, millis, &[])),
                Op::Finish(failed) if !open.is_empty() => {
                    free(&mut balancer, &mut model, millis, open.remove(0), failed);
                }
                Op::Finish(_) => {}
                Op::Wait(more) => millis += i64::from(more),
            }
        }
    }
}
