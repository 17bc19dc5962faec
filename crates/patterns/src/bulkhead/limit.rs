//! How many calls at a time: fixed, or found out from how the calls end.

use std::time::Duration;

use super::{BulkheadConfig, LimitKind, Outcome};
use crate::Instant;
use crate::time::{nanos_from_millis, nanos_of};

/// How one call ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    /// [`Limit::cuts`] when it was let in.
    pub(super) cuts: u32,
    /// Calls under way when it was let in, itself included.
    pub(super) in_flight: u32,
    pub(super) outcome: Outcome,
    pub(super) latency: Duration,
}

#[derive(Clone, Debug)]
pub(super) struct Limit {
    min: u32,
    max: u32,
    /// Between the two; a fixed limit has no other.
    estimate: f64,
    current: u32,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Fixed,
    Aimd(Aimd),
    Gradient2(Gradient2),
}

impl Limit {
    pub(super) fn new(config: &BulkheadConfig, now: Instant) -> Self {
        let kind = match config.limit {
            LimitKind::Fixed => Kind::Fixed,
            LimitKind::Aimd => Kind::Aimd(Aimd::new(config)),
            LimitKind::Gradient2 => Kind::Gradient2(Gradient2::new(config, now)),
        };
        let estimate = f64::from(config.initial_limit);
        let mut limit = Self { min: config.min_limit, max: 0, estimate, current: 0, kind };
        limit.set_max(config.max_concurrent);
        limit
    }

    pub(super) const fn current(&self) -> u32 {
        self.current
    }

    /// How often AIMD has cut the limit: a call that was let in before the last time doesn't cut it again.
    pub(super) const fn cuts(&self) -> u32 {
        match &self.kind {
            Kind::Aimd(aimd) => aimd.cuts,
            _ => 0,
        }
    }

    pub(super) const fn max(&self) -> u32 {
        self.max
    }

    pub(super) const fn estimate(&self) -> f64 {
        self.estimate
    }

    pub(super) fn long_latency(&self) -> Duration {
        match &self.kind {
            Kind::Gradient2(gradient) => Duration::from_nanos(gradient.long_ns as u64),
            _ => Duration::ZERO,
        }
    }

    pub(super) fn set_max(&mut self, max: u32) {
        self.max = max;
        if matches!(self.kind, Kind::Fixed) {
            self.estimate = f64::from(max);
        }
        self.settle(self.estimate);
    }

    #[inline]
    pub(super) fn on_answer(&mut self, now: Instant, answer: &Answer) {
        if !matches!(self.kind, Kind::Fixed) {
            self.adapt(now, answer);
        }
    }

    fn adapt(&mut self, now: Instant, answer: &Answer) {
        let estimate = match &mut self.kind {
            Kind::Fixed => return,
            Kind::Aimd(aimd) => aimd.on_answer(self.estimate, answer),
            Kind::Gradient2(gradient) => gradient.on_answer(now, self.estimate, answer),
        };
        self.settle(estimate);
    }

    fn settle(&mut self, estimate: f64) {
        let min = self.min.min(self.max);
        // Not `clamp`, whose panic would name these bounds, and bring in the 7 KB (gzipped) of wasm that write floats.
        self.estimate = estimate.max(f64::from(min)).min(f64::from(self.max));
        self.current = self.estimate as u32;
    }
}

/// Additive increase, multiplicative decrease.
#[derive(Clone, Debug)]
struct Aimd {
    increase: f64,
    backoff: f64,
    late: Duration,
    cuts: u32,
}

impl Aimd {
    fn new(config: &BulkheadConfig) -> Self {
        let late = Duration::from_nanos(nanos_from_millis(config.late_ms));
        Self { increase: config.increase, backoff: config.backoff, late, cuts: 0 }
    }

    fn on_answer(&mut self, estimate: f64, answer: &Answer) -> f64 {
        let late = answer.latency > self.late;
        match answer.outcome {
            Outcome::Ignored => estimate,
            Outcome::Succeeded if !late => {
                // Whoever doesn't use the limit learns nothing about a greater one.
                let in_use = f64::from(answer.in_flight) * 2.0 >= estimate;
                if in_use { estimate + self.increase / estimate.max(1.0) } else { estimate }
            }
            Outcome::Succeeded | Outcome::Dropped => {
                if answer.cuts != self.cuts {
                    return estimate;
                }
                self.cuts = self.cuts.wrapping_add(1);
                estimate * self.backoff
            }
        }
    }
}

/// Samples with fewer calls than this say too little (`WindowedLimit`'s default).
const LEAST_CALLS: u32 = 10;
/// The long-run average is the plain mean of so many samples at first (`ExpAvgMeasurement` in `Gradient2Limit`).
const WARM_UP: u32 = 10;

#[derive(Clone, Debug)]
struct Gradient2 {
    tolerance: f64,
    smoothing: f64,
    queue_allowed: f64,
    /// The weight of the newest sample in the long-run average.
    factor: f64,
    length: Duration,
    sample: Sample,
    sample_ends: Instant,
    long_ns: f64,
    /// Samples in the long-run average, up to the end of its warm-up.
    samples: u32,
}

/// What the calls of one sample come to.
#[derive(Clone, Debug, Default)]
struct Sample {
    calls: u32,
    succeeded: u32,
    latency_ns: u64,
    most_in_flight: u32,
}

impl Gradient2 {
    fn new(config: &BulkheadConfig, now: Instant) -> Self {
        let length = Duration::from_nanos(nanos_from_millis(config.sample_ms));
        Self {
            tolerance: config.tolerance,
            smoothing: config.smoothing,
            queue_allowed: config.queue_allowed,
            factor: 2.0 / (f64::from(config.long_samples) + 1.0),
            length,
            sample: Sample::default(),
            sample_ends: now + length,
            long_ns: 0.0,
            samples: 0,
        }
    }

    fn on_answer(&mut self, now: Instant, estimate: f64, answer: &Answer) -> f64 {
        if answer.outcome == Outcome::Ignored {
            return estimate;
        }
        let sample = &mut self.sample;
        sample.calls = sample.calls.saturating_add(1);
        sample.most_in_flight = sample.most_in_flight.max(answer.in_flight);
        if answer.outcome == Outcome::Succeeded {
            let nanos = nanos_of(answer.latency);
            sample.succeeded = sample.succeeded.saturating_add(1);
            sample.latency_ns = sample.latency_ns.saturating_add(nanos);
        }
        if now < self.sample_ends || sample.calls < LEAST_CALLS {
            return estimate;
        }
        self.sample_ends = now + self.length;
        let sample = std::mem::take(&mut self.sample);
        self.on_sample(estimate, &sample)
    }

    fn on_sample(&mut self, estimate: f64, sample: &Sample) -> f64 {
        // A nanosecond at least, so that nothing is divided by zero.
        let short_ns = (sample.latency_ns as f64 / f64::from(sample.succeeded.max(1))).max(1.0);
        if sample.succeeded > 0 {
            self.average(short_ns);
        }
        let aim = if sample.succeeded < sample.calls {
            estimate / 2.0
        } else if f64::from(sample.most_in_flight) * 2.0 < estimate {
            return estimate;
        } else {
            // Half at least, as a single outlier should not shed half of the load and more.
            let gradient = (self.tolerance * self.long_ns / short_ns).clamp(0.5, 1.0);
            estimate * gradient + self.queue_allowed
        };
        estimate * (1.0 - self.smoothing) + aim * self.smoothing
    }

    fn average(&mut self, short_ns: f64) {
        if self.samples < WARM_UP {
            self.samples += 1;
            self.long_ns += (short_ns - self.long_ns) / f64::from(self.samples);
        } else {
            self.long_ns += (short_ns - self.long_ns) * self.factor;
        }
        // After a long overload the average would stay high for long, and with it the limit.
        if self.long_ns > 2.0 * short_ns {
            self.long_ns *= 0.95;
        }
    }
}
