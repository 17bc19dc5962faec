//! Randomness that is keyed, never shared: each draw is a function of (seed, stream, entity).
//!
//! Whoever draws more or less therefore changes nothing for anybody else, and two runs of the same seed differ
//! only by what was changed in the scenario (common random numbers).

use std::sync::OnceLock;

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
    /// Whether a request is a command, and whether a query asks all shards.
    Command,
    AllShards,
    /// What a store's router needs a number for: which copy, which sub-key.
    #[cfg(feature = "stores")]
    Router,
    /// Who is in which company at the start.
    #[cfg(feature = "stores")]
    Assigned,
    #[cfg(feature = "stores")]
    OutOfOrder,
    #[cfg(feature = "stores")]
    DeliverTwice,
}

/// The seed of a run, from which every stream derives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed(u64);

impl Seed {
    pub(crate) fn new(seed: u32) -> Self {
        Self(scramble(u64::from(seed) ^ 0x53_414e_4454_4142)) // «SANDTAB», so that seed 0 is no fixed point
    }

    /// One entity, for which several streams are drawn from.
    #[inline]
    pub(crate) fn entity(self, entity: u64) -> Entity {
        // Entities are scrambled by themselves first: SplitMix64 walks by a constant, and neighbouring states
        // would give neighbours' sequences shifted by one.
        Entity { seed: self.0, scrambled: scramble(entity ^ self.0.rotate_left(23)) }
    }

    /// The generator for one entity in one stream. SplitMix64 (Steele, Lea, Flood 2014) starts in a nanosecond.
    #[inline]
    pub(crate) fn generator(self, stream: Stream, entity: u64) -> SplitMix64 {
        self.entity(entity).generator(stream)
    }

    /// One number in [0, 1).
    #[inline]
    pub(crate) fn uniform(self, stream: Stream, entity: u64) -> f64 {
        unit(&mut self.generator(stream, entity))
    }
}

/// An entity under a seed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entity {
    seed: u64,
    scrambled: u64,
}

impl Entity {
    /// Its generator in one stream.
    #[inline]
    pub(crate) fn generator(self, stream: Stream) -> SplitMix64 {
        let key = self.scrambled ^ self.seed.wrapping_add((stream as u64) << 56);
        SplitMix64::from_seed(key.to_le_bytes())
    }

    /// One number in [0, 1).
    #[inline]
    pub(crate) fn uniform(self, stream: Stream) -> f64 {
        unit(&mut self.generator(stream))
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
    upper_53(rng.next_u64())
}

/// The upper 53 bits as a number in [0, 1). Of 64 bits with a sign, since processors convert those in one step.
#[inline]
fn upper_53(bits: u64) -> f64 {
    (bits >> 11) as i64 as f64 * (1.0 / (1_u64 << 53) as f64)
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

/// A standard exponential number, by the ziggurat method (Marsaglia and Tsang 2000): a logarithm takes longer than all
/// else about a draw, and here one is needed in a hundred draws.
#[inline]
pub(crate) fn exponential(rng: &mut impl Rng) -> f64 {
    let layers = LAYERS.get_or_init(Layers::new);
    loop {
        let bits = rng.next_u64();
        // The lower bits choose the layer, the upper 53 the place in it.
        let layer = (bits & 255) as usize;
        let x = upper_53(bits) * layers.widths[layer];
        if x < layers.widths[layer + 1] {
            return x;
        }
        if let Some(x) = layers.at_the_edge(layer, x, rng) {
            return x;
        }
    }
}

/// The exponential density cut into 256 layers of one area, the last of which holds the tail.
struct Layers {
    /// How far each reaches, the lowest first; the lowest as if its tail were folded into it.
    widths: [f64; 257],
    /// The density at these places.
    heights: [f64; 257],
}

/// The same for every run: numbers that follow from the method alone. Made once, since 4 KB would have to be downloaded.
static LAYERS: OnceLock<Layers> = OnceLock::new();

impl Layers {
    /// Where the tail begins, and the area of a layer, for 256 of them (Marsaglia and Tsang).
    const TAIL: f64 = 7.697_117_470_131_05;
    const AREA: f64 = 0.003_949_659_822_581_557;

    fn new() -> Self {
        let mut widths = [0.0; 257];
        widths[0] = Self::AREA / libm::exp(-Self::TAIL);
        widths[1] = Self::TAIL;
        for layer in 2..256 {
            let below: f64 = widths[layer - 1];
            widths[layer] = -libm::log(Self::AREA / below + libm::exp(-below));
        }
        Self { widths, heights: widths.map(|width| libm::exp(-width)) }
    }

    /// What is drawn beyond the part of a layer that lies under the density whole; nothing where it lies above it.
    #[cold]
    fn at_the_edge(&self, layer: usize, x: f64, rng: &mut impl Rng) -> Option<f64> {
        let drawn = unit(rng);
        if layer == 0 {
            // The tail is exponential again. 1 − u lies in (0, 1], where the logarithm is finite.
            return Some(Self::TAIL - libm::log(1.0 - drawn));
        }
        let (low, high) = (self.heights[layer], self.heights[layer + 1]);
        (low + drawn * (high - low) < libm::exp(-x)).then_some(x)
    }
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

    /// The layers close: the topmost ends at the top of the density.
    #[test]
    fn the_layers_of_the_exponential_density_are_of_one_area() {
        let layers = Layers::new();
        for layer in 1..256 {
            let area = layers.widths[layer] * (layers.heights[layer + 1] - layers.heights[layer]);
            assert!((area - Layers::AREA).abs() < 1e-12, "layer {layer}: {area}");
        }
        let lowest = Layers::TAIL * layers.heights[1] + libm::exp(-Layers::TAIL);
        assert!((lowest - Layers::AREA).abs() < 1e-12, "{lowest}");
    }

    /// 1,000,000 draws in 40 cells of equal probability: χ² with 39 degrees of freedom exceeds 80 with probability 1e-4.
    #[test]
    fn exponential_draws_are_exponential() {
        let mut rng = Seed::new(11).generator(Stream::Demand, 0);
        let (n, cells) = (1_000_000, 40.0);
        let mut counts = [0_u32; 40];
        let mut tail = 0;
        for _ in 0..n {
            let x = exponential(&mut rng);
            counts[(((1.0 - libm::exp(-x)) * cells) as usize).min(39)] += 1;
            tail += u32::from(x > Layers::TAIL);
        }
        let expected = f64::from(n) / cells;
        let chi: f64 = counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum();
        assert!(chi < 80.0, "{chi}");
        // e^-7.697 of a million is 454 ± 21 (Poisson); five of these are 107.
        assert!((347..=561).contains(&tail), "{tail}");
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
