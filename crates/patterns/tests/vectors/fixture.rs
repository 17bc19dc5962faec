//! What several vector files need.

use std::collections::VecDeque;
use std::convert::Infallible;

use rand_core::{Rng, SeedableRng, TryRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{
    ActiveChecks, Balancer, BalancerConfig, Decision, InstanceSpec, OutlierEjection, Policy, Request,
};

/// Instances 0, 1, 2, … of these weights in one group.
pub(crate) fn weighted(weights: &[f64]) -> Vec<InstanceSpec> {
    let instance = |(at, &weight): (usize, &f64)| InstanceSpec { name: at.to_string(), weight, priority: 0 };
    weights.iter().enumerate().map(instance).collect()
}

pub(crate) fn equal_weights(count: u32) -> Vec<InstanceSpec> {
    weighted(&vec![1.0; count as usize])
}

/// Nothing but the policy: one failed check takes an instance out, one passed check brings it back, and nothing
/// happens in a panic before there is nobody left.
pub(crate) fn plain(policy: Policy) -> BalancerConfig {
    BalancerConfig {
        policy,
        active_checks: ActiveChecks { fall: 1, rise: 1, ..Default::default() },
        outlier_ejection: OutlierEjection::default(),
        ..Default::default()
    }
}

pub(crate) fn balancer(config: &BalancerConfig, instances: &[InstanceSpec]) -> Result<Balancer, String> {
    Balancer::try_new(config, instances, Instant::ZERO).map_err(|errors| format!("{errors:?}"))
}

pub(crate) fn rng(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

/// The instance chosen, if one was.
pub(crate) fn take(balancer: &mut Balancer, rng: &mut impl Rng) -> Option<u32> {
    match balancer.choose(Instant::ZERO, rng, &Request::default()) {
        Decision::Send(choice) => Some(choice.instance),
        Decision::Refuse(_) => None,
    }
}

/// The instance chosen, its request taken back at once.
pub(crate) fn peek(balancer: &mut Balancer, rng: &mut impl Rng) -> Option<u32> {
    let instance = take(balancer, rng)?;
    balancer.on_abandoned(Instant::ZERO, instance);
    Some(instance)
}

/// How often each of `n` instances was picked.
pub(crate) fn counts(picks: &[Option<u32>], n: usize) -> Vec<u32> {
    let mut counts = vec![0; n];
    for instance in picks.iter().flatten() {
        counts[*instance as usize] += 1;
    }
    counts
}

/// Draws, each below `n`, that come out of the balancer's draws as they went in.
pub(crate) struct Scripted {
    draws: VecDeque<u32>,
    n: u32,
}

impl Scripted {
    pub(crate) fn new(draws: &[u32], n: u32) -> Self {
        Self { draws: draws.iter().copied().collect(), n }
    }
}

impl TryRng for Scripted {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_u64() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let draw = self.draws.pop_front().expect("as many draws as the case gives") % self.n;
        // The smallest upper half that is scaled to this draw.
        Ok((u64::from(draw) << 32).div_ceil(u64::from(self.n)) << 32)
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
        unreachable!("the balancer draws numbers")
    }
}
