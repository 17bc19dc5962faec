//! Rates that change in time, as straight pieces, so that an arrival's time is found exactly by inverting the
//! integrated rate (the time-change theorem: a Poisson process of rate λ(t) is a unit one read on the clock ∫λ).

use crate::scenario::{Arrivals, Client, Fault, FaultKind};
use crate::time::nanos;

/// Straight pieces that approximate a day's cosine; with 48, one each half hour, the error stays below 0.2 %.
const DAY_PIECES: f64 = 48.0;

/// A stretch of time over which the rate is a straight line. Times in nanoseconds, rates per nanosecond.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) start: f64,
    pub(crate) end: f64,
    pub(crate) rate: f64,
    pub(crate) slope: f64,
}

impl Piece {
    fn line(start: f64, end: f64, from: f64, to: f64) -> Self {
        Self { start, end, rate: from, slope: (to - from) / (end - start) }
    }

    #[inline]
    pub(crate) fn rate_at(&self, t: f64) -> f64 {
        (self.rate + self.slope * (t - self.start)).max(0.0)
    }
}

/// The configured rate, before any fault multiplies it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rate {
    Even { rate: f64 },
    OnOff { rate: f64, on: f64, off: f64 },
    Ramp { from: f64, to: f64, duration: f64 },
    Daily { mean: f64, swing: f64, day: f64 },
}

impl Rate {
    pub(crate) fn new(client: &Client, duration_ms: f64) -> Self {
        let rate = client.rate_per_s / 1e9;
        match client.arrivals {
            Arrivals::OnOff => Self::OnOff { rate, on: client.on_ms * 1e6, off: client.off_ms * 1e6 },
            Arrivals::Ramp => Self::Ramp { from: rate, to: client.ramp_to_per_s / 1e9, duration: duration_ms * 1e6 },
            Arrivals::Daily => {
                Self::Daily { mean: rate, swing: client.swing_percent / 100.0, day: client.day_ms * 1e6 }
            }
            Arrivals::Constant | Arrivals::Poisson | Arrivals::Trace | Arrivals::Users => Self::Even { rate },
        }
    }

    /// The piece that holds at `t` and for some time after it.
    pub(crate) fn piece_at(&self, t: f64) -> Piece {
        match *self {
            Self::Even { rate } => Piece { start: 0.0, end: f64::INFINITY, rate, slope: 0.0 },
            Self::OnOff { rate, on, off } => {
                let cycle = (t / (on + off)).floor() * (on + off);
                if t < cycle + on {
                    Piece { start: cycle, end: cycle + on, rate, slope: 0.0 }
                } else {
                    Piece { start: cycle + on, end: cycle + on + off, rate: 0.0, slope: 0.0 }
                }
            }
            Self::Ramp { from, to, duration } => Piece::line(0.0, duration, from, to),
            Self::Daily { mean, swing, day } => {
                let width = day / DAY_PIECES;
                let index = (t / width).floor();
                let value = |index: f64| mean * (1.0 - swing * day_cosine(index));
                Piece::line(index * width, (index + 1.0) * width, value(index), value(index + 1.0))
            }
        }
    }
}

/// Faults that multiply the traffic of one group of clients.
#[derive(Clone, Debug, Default)]
pub(crate) struct Multiplier {
    /// (from, until, factor), in nanoseconds.
    spans: Vec<(f64, f64, f64)>,
}

impl Multiplier {
    pub(crate) fn new(client: &Client, faults: &[Fault]) -> Self {
        let spans = faults
            .iter()
            .filter(|fault| fault.kind == FaultKind::Traffic && fault.target == client.name)
            .map(|fault| {
                let from = nanos(fault.at_ms) as f64;
                (from, fault.for_ms.map_or(f64::INFINITY, |time| from + nanos(time) as f64), fault.factor)
            })
            .collect();
        Self { spans }
    }

    /// The factor at `t`.
    pub(crate) fn at(&self, t: f64) -> f64 {
        let holds = |&&(from, until, _): &&(f64, f64, f64)| from <= t && t < until;
        self.spans.iter().filter(holds).map(|&(_, _, factor)| factor).product()
    }

    /// The largest factor at any time.
    pub(crate) fn most(&self) -> f64 {
        let starts = self.spans.iter().map(|&(from, _, _)| self.at(from));
        starts.fold(1.0, f64::max)
    }

    /// The next time after `t` at which the factor changes.
    fn changes_after(&self, t: f64) -> f64 {
        let times = self.spans.iter().flat_map(|&(from, until, _)| [from, until]);
        times.filter(|&time| time > t).fold(f64::INFINITY, f64::min)
    }
}

/// A clock that runs as fast as requests come: it finds the time at which one more unit of traffic has arrived.
#[derive(Clone, Debug)]
pub(crate) struct RateClock {
    rate: Rate,
    multiplier: Multiplier,
    now: f64,
    /// The stretch on which both the rate's piece and the multiplier hold, and what they make of it.
    stretch: Piece,
}

impl RateClock {
    pub(crate) fn new(rate: Rate, multiplier: Multiplier) -> Self {
        let stretch = Piece { start: 0.0, end: 0.0, rate: 0.0, slope: 0.0 };
        Self { rate, multiplier, now: 0.0, stretch }
    }

    /// Moves on by `amount` units of traffic, but not past `until`; counts the stretches walked in `steps`.
    /// `None` when the end came first.
    #[inline]
    pub(crate) fn advance(&mut self, mut amount: f64, until: f64, steps: &mut u64) -> Option<f64> {
        while self.now < until {
            if self.now >= self.stretch.end {
                *steps += 1;
                self.stretch = self.stretch_at(self.now);
            }
            let stretch = &self.stretch;
            let (rate, slope) = (stretch.rate_at(self.now), stretch.slope);
            let end = stretch.end.min(until);
            let width = end - self.now;
            let available = (rate + slope * width / 2.0) * width;
            if amount < available {
                self.now += time_for(amount, rate, slope);
                return (self.now < until).then_some(self.now);
            }
            amount -= available;
            // A stretch of no width (rounding at its end) must not hold the clock.
            self.now = if end > self.now { end } else { next_up(self.now) };
        }
        None
    }

    #[cold]
    fn stretch_at(&self, t: f64) -> Piece {
        let piece = self.rate.piece_at(t);
        let factor = self.multiplier.at(t);
        let end = piece.end.min(self.multiplier.changes_after(t));
        Piece { start: piece.start, end, rate: piece.rate * factor, slope: piece.slope * factor }
    }
}

/// The cosine at the beginning of a piece of the day, any number of days on.
fn day_cosine(index: f64) -> f64 {
    /// cos(2π i / 48) for the first quarter of the day.
    const QUARTER: [f64; 13] = [
        1.0,
        0.991_444_861_373_810_4,
        0.965_925_826_289_068_3,
        0.923_879_532_511_286_7,
        0.866_025_403_784_438_7,
        0.793_353_340_291_235_2,
        std::f64::consts::FRAC_1_SQRT_2,
        0.608_761_429_008_720_7,
        0.5,
        0.382_683_432_365_089_8,
        0.258_819_045_102_520_74,
        0.130_526_192_220_051_57,
        0.0,
    ];
    let index = (index - (index / DAY_PIECES).floor() * DAY_PIECES) as usize;
    let from_midnight = index.min(48 - index);
    if from_midnight <= 12 { QUARTER[from_midnight] } else { -QUARTER[24 - from_midnight] }
}

/// The root of rate·x + slope/2·x² = amount, in the form that loses no digits for small slopes.
#[inline]
fn time_for(amount: f64, rate: f64, slope: f64) -> f64 {
    if slope == 0.0 {
        return amount / rate;
    }
    2.0 * amount / (rate + (rate * rate + 2.0 * slope * amount).max(0.0).sqrt())
}

fn next_up(t: f64) -> f64 {
    (t + 1.0).max(t.next_up())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_cosine_is_that_of_the_library() {
        for index in 0..200 {
            let exact = libm::cos(std::f64::consts::TAU * f64::from(index) / DAY_PIECES);
            assert!((day_cosine(f64::from(index)) - exact).abs() < 1e-13, "{index}");
        }
    }

    fn times(rate: Rate, multiplier: Multiplier, until: f64) -> Vec<f64> {
        let mut clock = RateClock::new(rate, multiplier);
        let mut steps = 0;
        std::iter::from_fn(|| clock.advance(1.0, until, &mut steps)).collect()
    }

    #[test]
    fn an_even_rate_gives_equal_distances() {
        let times = times(Rate::Even { rate: 0.001 }, Multiplier::default(), 10_500.0);
        assert_eq!(times.len(), 10);
        assert!(times.iter().enumerate().all(|(i, t)| (t - 1_000.0 * (i + 1) as f64).abs() < 1e-6));
    }

    #[test]
    fn a_ramp_brings_the_area_under_its_line() {
        // From 0.001 to 0.003 over 1,000,000: the area is 2,000; the last unit may fall on the end itself.
        let ramp = Rate::Ramp { from: 0.001, to: 0.003, duration: 1e6 };
        let times = times(ramp, Multiplier::default(), 1e6);
        assert!((1_999..=2_000).contains(&times.len()), "{}", times.len());
        // A quarter of the way along, the area is 0.001·x + 0.001·x²/10⁶ at x = 250,000: 312.5.
        let early = times.iter().filter(|&&t| t <= 250_000.0).count();
        assert_eq!(early, 312);
    }

    #[test]
    fn a_day_brings_its_mean_rate_and_bursts_only_come_while_on() {
        let daily = times(Rate::Daily { mean: 0.001, swing: 1.0, day: 1e6 }, Multiplier::default(), 1e6);
        assert!((999..=1_000).contains(&daily.len()), "{}", daily.len());
        let bursts = Rate::OnOff { rate: 0.01, on: 1_000.0, off: 4_000.0 };
        let bursts = times(bursts, Multiplier::default(), 50_000.0);
        assert!((99..=100).contains(&bursts.len()), "{}", bursts.len());
        assert!(bursts.iter().all(|t| t % 5_000.0 <= 1_000.0 + 1e-6));
    }

    #[test]
    fn a_multiplier_changes_nothing_before_it_begins() {
        let rate = Rate::Ramp { from: 0.001, to: 0.002, duration: 1e6 };
        let plain = times(rate, Multiplier::default(), 1e6);
        let surge = times(rate, Multiplier { spans: vec![(400_000.0, 600_000.0, 3.0)] }, 1e6);
        let before = plain.iter().filter(|&&t| t < 400_000.0).count();
        assert_eq!(plain[..before], surge[..before]);
        assert!(surge.len() > plain.len() + 500);
    }
}
