//! Slow start: the share of an instance that has just come grows with time.

use std::time::Duration;

use super::SlowStart;
use crate::time::{nanos_from_millis, nanos_of};

/// The validated form of [`SlowStart`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Ramp {
    window_ns: u64,
    exponent: f64,
    least: f64,
}

impl Ramp {
    pub(super) fn new(config: &SlowStart) -> Self {
        Self {
            window_ns: nanos_from_millis(config.window_ms),
            exponent: 1.0 / config.aggression,
            least: config.min_weight_percent / 100.0,
        }
    }

    pub(super) const fn is_used(&self) -> bool {
        self.window_ns > 0
    }

    /// The share an instance has `age` after it came, or `None` once it has all of it.
    ///
    /// Envoy's formula: max(least, (max(age, 1 ms) / window) ^ (1 / aggression)).
    pub(super) fn factor(&self, age: Duration) -> Option<f64> {
        let age_ns = nanos_of(age).max(1_000_000);
        if age_ns >= self.window_ns {
            return None;
        }
        let part = age_ns as f64 / self.window_ns as f64;
        Some(libm::pow(part, self.exponent).max(self.least))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(window_ms: f64, aggression: f64, min_weight_percent: f64) -> Ramp {
        Ramp::new(&SlowStart { window_ms, aggression, min_weight_percent })
    }

    // The expected factors are those of Envoy's round_robin_lb_test.cc.
    #[test]
    fn the_share_follows_the_formula_of_envoy() {
        let at = |ramp: &Ramp, seconds| ramp.factor(Duration::from_secs(seconds)).unwrap();
        assert!((at(&ramp(60_000.0, 1.0, 10.0), 20) - 1.0 / 3.0).abs() < 1e-12);
        assert!((at(&ramp(10_000.0, 1.5, 10.0), 9) - 0.932_169_751_786_157_7).abs() < 1e-12);
        assert!((at(&ramp(60_000.0, 2.0, 10.0), 26) - 0.658_280_588_604_383_3).abs() < 1e-12);
        assert!((at(&ramp(60_000.0, 1.0, 35.0), 12) - 0.35).abs() < 1e-12);
    }

    #[test]
    fn it_ends_with_the_window() {
        let ramp = ramp(1_000.0, 1.0, 10.0);
        assert!(ramp.factor(Duration::from_millis(999)).is_some());
        assert_eq!(ramp.factor(Duration::from_millis(1_000)), None);
    }
}
