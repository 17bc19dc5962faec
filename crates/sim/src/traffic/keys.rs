//! Which keys requests carry.

use rand_core::Rng;

use crate::random::{below, unit};
use crate::scenario::{KeyKind, Keys};

/// A key space ready to be drawn from; keys are numbered from 0, the most popular first.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KeySampler {
    Uniform {
        count: u32,
    },
    Zipf(Zipf),
    HotKey {
        count: u32,
        share: f64,
    },
    /// The keys from `hot` on have the share.
    HotRange {
        hot: u32,
        count: u32,
        share: f64,
    },
}

impl KeySampler {
    pub(crate) fn new(config: &Keys) -> Self {
        let count = config.count;
        match config.kind {
            KeyKind::Zipf if config.exponent > 0.0 => Self::Zipf(Zipf::new(count, config.exponent)),
            KeyKind::Uniform | KeyKind::Zipf => Self::Uniform { count },
            KeyKind::HotKey => Self::HotKey { count, share: config.hot_percent / 100.0 },
            KeyKind::HotRange => {
                let width = (f64::from(count) * config.range_percent / 100.0).round().max(1.0) as u32;
                Self::HotRange { hot: count - width.min(count), count, share: config.hot_percent / 100.0 }
            }
        }
    }

    pub(crate) fn draw(&self, rng: &mut impl Rng) -> u32 {
        match self {
            Self::Uniform { count } => below(rng, *count),
            Self::Zipf(zipf) => zipf.draw(rng),
            Self::HotKey { count, share } => {
                if *count == 1 || unit(rng) < *share {
                    0
                } else {
                    1 + below(rng, count - 1)
                }
            }
            Self::HotRange { hot, count, share } => {
                if *hot == 0 || unit(rng) < *share {
                    hot + below(rng, count - hot)
                } else {
                    below(rng, *hot)
                }
            }
        }
    }
}

/// Zipf's law by rejection-inversion (Hörmann and Derflinger, «Rejection-inversion to generate variates from
/// monotone discrete distributions», ACM TOMACS 6, 1996): exact, and without a table of all keys.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Zipf {
    count: f64,
    exponent: f64,
    /// The integral of the hat at the left end of the first key, and at the right end of the last.
    low: f64,
    high: f64,
    /// Distance from a key within which its point is accepted without a further look.
    sure: f64,
}

impl Zipf {
    fn new(count: u32, exponent: f64) -> Self {
        let count = f64::from(count);
        let mut zipf = Self { count, exponent, low: 0.0, high: 0.0, sure: 0.0 };
        zipf.low = zipf.integral(1.5) - 1.0;
        zipf.high = zipf.integral(count + 0.5);
        zipf.sure = 2.0 - zipf.inverse(zipf.integral(2.5) - zipf.weight(2.0));
        zipf
    }

    fn draw(&self, rng: &mut impl Rng) -> u32 {
        loop {
            let area = self.high + unit(rng) * (self.low - self.high);
            let x = self.inverse(area);
            let key = (x + 0.5).floor().min(self.count).max(1.0);
            if key - x <= self.sure || area >= self.integral(key + 0.5) - self.weight(key) {
                return key as u32 - 1;
            }
        }
    }

    fn weight(&self, x: f64) -> f64 {
        libm::exp(-self.exponent * libm::log(x))
    }

    /// The integral of x^-exponent, written so that it is continuous where the exponent passes 1.
    fn integral(&self, x: f64) -> f64 {
        let log = libm::log(x);
        expm1_over((1.0 - self.exponent) * log) * log
    }

    fn inverse(&self, area: f64) -> f64 {
        let t = (area * (1.0 - self.exponent)).max(-1.0);
        libm::exp(log1p_over(t) * area)
    }
}

/// (eˣ − 1) / x, also at 0.
fn expm1_over(x: f64) -> f64 {
    if x.abs() > 1e-8 { libm::expm1(x) / x } else { 1.0 + x / 2.0 }
}

/// ln(1 + x) / x, also at 0.
fn log1p_over(x: f64) -> f64 {
    if x.abs() > 1e-8 { libm::log1p(x) / x } else { 1.0 - x / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seed, Stream};

    fn counts(keys: &Keys, n: u32) -> Vec<u32> {
        let sampler = KeySampler::new(keys);
        let seed = Seed::new(5);
        let mut counts = vec![0; keys.count as usize];
        for entity in 0..n {
            counts[sampler.draw(&mut seed.generator(Stream::Keys, u64::from(entity))) as usize] += 1;
        }
        counts
    }

    /// Each key's count is binomial: five standard deviations either way hold for all 20 keys and 4 exponents.
    #[test]
    fn zipf_gives_each_key_its_share() {
        let n = 100_000;
        for exponent in [0.5, 1.0, 1.3, 2.0] {
            let keys = Keys { kind: KeyKind::Zipf, count: 20, exponent, ..Keys::default() };
            let weights: Vec<f64> = (1..=20).map(|k| libm::pow(f64::from(k), -exponent)).collect();
            let total: f64 = weights.iter().sum();
            for (key, &count) in counts(&keys, n).iter().enumerate() {
                let p = weights[key] / total;
                let deviation = libm::sqrt(f64::from(n) * p * (1.0 - p));
                let error = (f64::from(count) - f64::from(n) * p).abs();
                assert!(error <= 5.0 * deviation, "exponent {exponent}, key {key}: off by {error}");
            }
        }
    }

    #[test]
    fn the_hot_key_has_its_share_and_the_others_split_the_rest() {
        let n = 100_000;
        let keys = Keys { kind: KeyKind::HotKey, count: 11, hot_percent: 30.0, ..Keys::default() };
        let counts = counts(&keys, n);
        // Five standard deviations: 5 × √(100,000 × 0.3 × 0.7) = 725, and 5 × √(100,000 × 0.07 × 0.93) = 403.
        assert!((f64::from(counts[0]) - 30_000.0).abs() < 725.0);
        assert!(counts[1..].iter().all(|&count| (f64::from(count) - 7_000.0).abs() < 403.0));
    }

    #[test]
    fn a_single_key_is_always_drawn() {
        for kind in KeyKind::ALL {
            assert_eq!(counts(&Keys { kind: *kind, count: 1, ..Keys::default() }, 100), [100]);
        }
    }
}
