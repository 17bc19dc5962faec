//! balls_into_bins
//!
//! The balancer's own draws: n requests, none of which is answered, over n instances, so that the greatest number
//! outstanding is the fullest bin. One choice is the random policy, d choices power of two choices with d draws.

use rand_core::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use sandtable_patterns::Instant;
use sandtable_patterns::balancer::{Balancer, BalancerConfig, InstanceSpec, Policy, Request};
use serde_json::Value;

use crate::fixture::near;
use crate::runner::{Fields, Outcome, natural};

pub(crate) fn row(row: &Value) -> Outcome {
    let fields = Fields::of(row)?;
    let (bins, balls) = (fields.natural("bins")?, fields.natural("balls")?);
    let (choices, trials) = (fields.natural("choices")?, fields.natural("trials")?);
    let config = match choices {
        1 => BalancerConfig { policy: Policy::Random, ..BalancerConfig::default() },
        choices => BalancerConfig { policy: Policy::PowerOfTwoChoices, choices, ..BalancerConfig::default() },
    };
    let specs = vec![InstanceSpec::default(); bins as usize];
    let empty = Balancer::try_new(&config, &specs, Instant::ZERO).map_err(|errors| format!("{errors:?}"))?;
    let mut maxima = Vec::new();
    for trial in 0..trials {
        let (mut balancer, mut rng) = (empty.clone(), Xoshiro256PlusPlus::seed_from_u64(trial.into()));
        for _ in 0..balls {
            let decision = balancer.choose(Instant::ZERO, &mut rng, &Request::default());
            decision.choice().ok_or("refused")?;
        }
        maxima.push((0..bins).map(|instance| balancer.outstanding(instance)).max().unwrap_or(0));
    }
    compare(&maxima, &histogram(fields.need("max_load_hist")?)?)?;
    fields.finish()
}

/// The band: both are means of as many independent trials, so their difference has a standard deviation of
/// √(s₁²/n₁ + s₂²/n₂), and four of them are allowed. Where all trials gave the same, that sample has no deviation;
/// something that happens with probability 3/n stays unseen in n trials one time in twenty (e⁻³), so each variance
/// counts as at least that of such a thing, 3/n. And no trial may lie more than two balls outside what was seen there:
/// of n balls thrown into n bins at random, some bin gets k with a probability of at most n / k!, which falls fast.
fn compare(maxima: &[u32], expected: &[u32]) -> Outcome {
    let (found, found_variance) = mean_of(maxima);
    let (mean, variance) = mean_of(expected);
    near("the mean of the fullest bin", found, mean, 4.0 * (found_variance + variance).sqrt())?;
    let (least, most) = (expected.iter().min().unwrap_or(&0), expected.iter().max().unwrap_or(&0));
    match maxima.iter().find(|&&found| found + 2 < *least || found > most + 2) {
        Some(found) => Err(format!("a fullest bin of {found}, where {least} to {most} were seen")),
        None => Ok(()),
    }
}

/// The mean and its variance.
fn mean_of(maxima: &[u32]) -> (f64, f64) {
    let n = maxima.len() as f64;
    let mean = maxima.iter().map(|&load| f64::from(load)).sum::<f64>() / n;
    let squares: f64 = maxima.iter().map(|&load| (f64::from(load) - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0).max(1.0)).max(3.0 / n) / n)
}

fn histogram(value: &Value) -> Result<Vec<u32>, String> {
    let mut maxima = Vec::new();
    for (load, count) in value.as_object().ok_or("no histogram")? {
        let load: u32 = load.parse().map_err(|_| format!("{load} is no load"))?;
        maxima.resize(maxima.len() + natural(count)? as usize, load);
    }
    Ok(maxima)
}
