//! Service times: samplers with their first two moments, for the theory beside the measurement.

use rand_core::Rng;

use crate::random::{exponential, normal, unit};
use crate::scenario::{Distribution, DistributionKind};

/// A distribution of times, in nanoseconds, ready to be drawn from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sampler {
    Constant { value: f64 },
    Uniform { low: f64, width: f64 },
    Exponential { mean: f64 },
    LogNormal { mu: f64, sigma: f64 },
    Bimodal { fast: f64, slow: f64, slow_share: f64 },
    BoundedPareto { low: f64, high: f64, shape: f64 },
}

impl Sampler {
    pub(crate) fn new(config: &Distribution) -> Self {
        let mean = config.mean_ms * 1e6;
        let low = config.min_ms.min(config.max_ms) * 1e6;
        let high = config.max_ms.max(config.min_ms) * 1e6;
        match config.kind {
            DistributionKind::Constant => Self::Constant { value: mean },
            DistributionKind::Uniform => Self::Uniform { low, width: high - low },
            DistributionKind::Exponential => Self::Exponential { mean },
            DistributionKind::LogNormal => {
                let variance = libm::log1p(config.variation * config.variation);
                Self::LogNormal { mu: libm::log(mean) - variance / 2.0, sigma: libm::sqrt(variance) }
            }
            DistributionKind::Bimodal => {
                Self::Bimodal { fast: mean, slow: config.slow_ms * 1e6, slow_share: config.slow_percent / 100.0 }
            }
            DistributionKind::BoundedPareto if low == high => Self::Constant { value: low },
            DistributionKind::BoundedPareto => Self::BoundedPareto { low, high, shape: config.shape },
        }
    }

    /// One time, in nanoseconds.
    #[inline]
    pub(crate) fn draw(&self, rng: &mut impl Rng) -> f64 {
        match *self {
            Self::Constant { value } => value,
            Self::Uniform { low, width } => low + width * unit(rng),
            Self::Exponential { mean } => mean * exponential(rng),
            Self::LogNormal { mu, sigma } => libm::exp(mu + sigma * normal(rng)),
            Self::Bimodal { fast, slow, slow_share } => {
                if unit(rng) < slow_share {
                    slow
                } else {
                    fast
                }
            }
            Self::BoundedPareto { low, high, shape } => {
                // The inverse of the distribution function; at u = 0 the shortest time, towards 1 the longest.
                let tail = libm::pow(low / high, shape);
                low / libm::pow(1.0 - unit(rng) * (1.0 - tail), 1.0 / shape)
            }
        }
    }

    /// The mean, in nanoseconds.
    pub(crate) fn mean(&self) -> f64 {
        match *self {
            Self::Constant { value } => value,
            Self::Uniform { low, width } => low + width / 2.0,
            Self::Exponential { mean } => mean,
            Self::LogNormal { mu, sigma } => libm::exp(mu + sigma * sigma / 2.0),
            Self::Bimodal { fast, slow, slow_share } => fast + (slow - fast) * slow_share,
            Self::BoundedPareto { low, high, shape } => pareto_moment(low, high, shape, 1.0),
        }
    }

    /// The mean of the square, in square nanoseconds.
    pub(crate) fn second_moment(&self) -> f64 {
        match *self {
            Self::Constant { value } => value * value,
            Self::Uniform { low, width } => low * low + low * width + width * width / 3.0,
            Self::Exponential { mean } => 2.0 * mean * mean,
            Self::LogNormal { mu, sigma } => libm::exp(2.0 * mu + 2.0 * sigma * sigma),
            Self::Bimodal { fast, slow, slow_share } => fast * fast * (1.0 - slow_share) + slow * slow * slow_share,
            Self::BoundedPareto { low, high, shape } => pareto_moment(low, high, shape, 2.0),
        }
    }
}

/// The moment of order `k` of a bounded Pareto distribution.
fn pareto_moment(low: f64, high: f64, shape: f64, k: f64) -> f64 {
    let norm = 1.0 - libm::pow(low / high, shape);
    if (shape - k).abs() < 1e-9 {
        return shape * libm::pow(low, shape) / norm * libm::log(high / low);
    }
    shape * libm::pow(low, k) / norm / (shape - k) * (1.0 - libm::pow(low / high, shape - k))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seed, Stream};

    /// Draws agree with the stated moments: the tolerance is five standard errors of the mean, taken from the
    /// stated second moment itself.
    #[test]
    fn samples_have_the_mean_they_state() {
        for kind in DistributionKind::ALL {
            let sampler = Sampler::new(&Distribution { kind: *kind, ..Distribution::default() });
            let n = 100_000_u32;
            let seed = Seed::new(3);
            let sum: f64 = (0..n).map(|i| sampler.draw(&mut seed.generator(Stream::Demand, u64::from(i)))).sum();
            let mean = sampler.mean();
            let deviation = libm::sqrt((sampler.second_moment() - mean * mean).max(0.0));
            let error = (sum / f64::from(n) - mean).abs();
            assert!(error <= 5.0 * deviation / libm::sqrt(f64::from(n)) + 1e-6 * mean, "{kind:?}: {error} of {mean}");
        }
    }

    #[test]
    fn a_bounded_pareto_time_stays_within_its_bounds() {
        let config = Distribution {
            kind: DistributionKind::BoundedPareto,
            min_ms: 2.0,
            max_ms: 900.0,
            shape: 0.7,
            ..Distribution::default()
        };
        let sampler = Sampler::new(&config);
        let mut rng = Seed::new(3).generator(Stream::Demand, 0);
        for _ in 0..10_000 {
            let time = sampler.draw(&mut rng);
            assert!((2e6..=900e6).contains(&time), "{time}");
        }
    }
}
