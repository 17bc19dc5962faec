//! Randomness that is keyed, never shared: each draw is a function of (seed, stream, entity).
//!
//! Whoever draws more or less therefore changes nothing for anybody else, and two runs of the same seed differ
//! only by what was changed in the scenario (common random numbers).

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::SplitMix64;

/// What a draw is for.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(crate) enum Stream {
    Arrivals = 1,
    Keys,
    Demand,
    WayToBalancer,
    WayToInstance,
    WayBackToBalancer,
    WayBackToClient,
    Balancer,
    Errors,
    Think,
    TraceOffset,
    TraceCopy,
    /// Which of its calls a client's request makes, or whether an instance makes a call.
    CallShare,
    Backoff,
}

/// The seed of a run, from which every stream derives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed(u64);

impl Seed {
    pub(crate) fn new(seed: u32) -> Self {
        Self(scramble(u64::from(seed) ^ 0x53_414e_4454_4142)) // «SANDTAB», so that seed 0 is no fixed point
    }

    /// The generator for one entity in one stream. SplitMix64 (Steele, Lea, Flood 2014) starts in a nanosecond.
    #[inline]
    pub(crate) fn generator(self, stream: Stream, entity: u64) -> SplitMix64 {
        // Entities are scrambled by themselves first: SplitMix64 walks by a constant, and neighbouring states
        // would give neighbours' sequences shifted by one.
        let key = scramble(entity ^ self.0.rotate_left(23)) ^ self.0.wrapping_add((stream as u64) << 56);
        SplitMix64::from_seed(key.to_le_bytes())
    }

    /// One number in [0, 1).
    #[inline]
    pub(crate) fn uniform(self, stream: Stream, entity: u64) -> f64 {
        unit(&mut self.generator(stream, entity))
    }
}

/// What the draws of the `number`-th thing that `entity` gives rise to are keyed by.
pub(crate) fn derived(entity: u64, number: u64) -> u64 {
    scramble(entity.wrapping_add(scramble(number.wrapping_add(1))))
}

/// SplitMix64's output function: a bijection in which each input bit moves half of the output's.
#[inline]
fn scramble(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number in [0, 1), a multiple of 2⁻⁵³.
#[inline]
pub(crate) fn unit(rng: &mut impl Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// A number below `bound`, without bias that could be seen (Lemire 2019, without the rejection: 64 bits of
/// randomness for 32 bits of result leave an error below 2⁻³²).
#[inline]
pub(crate) fn below(rng: &mut impl Rng, bound: u32) -> u32 {
    // The upper half of a product of 96 bits, from two of 64: wasm has no wider multiplication.
    let (random, bound) = (rng.next_u64(), u64::from(bound));
    let lower = ((random & u64::from(u32::MAX)) * bound) >> 32;
    (((random >> 32) * bound + lower) >> 32) as u32
}

/// A standard exponential number, by inversion.
#[inline]
pub(crate) fn exponential(rng: &mut impl Rng) -> f64 {
    // 1 − u lies in (0, 1], where the logarithm is finite.
    -libm::log(1.0 - unit(rng))
}

/// A standard normal number, by the polar method (Marsaglia and Bray 1964): a point drawn in the unit circle, which
/// needs no cosine, whose reduction of any argument would be 2 KB of wasm.
pub(crate) fn normal(rng: &mut impl Rng) -> f64 {
    loop {
        let (x, y) = (2.0 * unit(rng) - 1.0, 2.0 * unit(rng) - 1.0);
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return x * libm::sqrt(-2.0 * libm::log(square) / square);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_and_entities_do_not_repeat_one_another() {
        let seed = Seed::new(1);
        let mut seen = std::collections::BTreeSet::new();
        for entity in 0..1_000 {
            for stream in [Stream::Keys, Stream::Demand, Stream::Arrivals] {
                let mut rng = seed.generator(stream, entity);
                for _ in 0..4 {
                    assert!(seen.insert(rng.next_u64()));
                }
            }
        }
    }

    #[test]
    fn draws_have_the_moments_they_should() {
        // 200,000 draws: the standard error of the mean is below 0.0023 for all three, so 0.012 is five of them.
        let mut rng = Seed::new(7).generator(Stream::Demand, 0);
        let n = 200_000;
        let mean = |mut draw: Box<dyn FnMut() -> f64>| (0..n).map(|_| draw()).sum::<f64>() / f64::from(n);
        let mut a = rng.clone();
        assert!((mean(Box::new(move || unit(&mut a))) - 0.5).abs() < 0.012);
        let mut b = rng.clone();
        assert!((mean(Box::new(move || exponential(&mut b))) - 1.0).abs() < 0.012);
        assert!(mean(Box::new(move || normal(&mut rng))).abs() < 0.012);
    }
}
