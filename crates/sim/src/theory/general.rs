//! One server with any service time: Pollaczek and Khinchine.

use super::{TheoryError, check_not_negative, check_positive, check_stable};

/// Mean and second moment of a service time: all that the Pollaczek–Khinchine formula needs to know of it.
///
/// The unit is the caller's; [`Mg1`] wants seconds and seconds squared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// E\[S\].
    pub mean: f64,
    /// E\[S²\].
    pub second: f64,
}

impl Moments {
    /// Always the same time.
    pub fn constant(value: f64) -> Self {
        Self::from_scv(value, 0.0)
    }

    /// Exponential.
    pub fn exponential(mean: f64) -> Self {
        Self::from_scv(mean, 1.0)
    }

    /// Any value between `low` and `high`, all equally likely.
    pub fn uniform(low: f64, high: f64) -> Self {
        Self { mean: (low + high) / 2.0, second: (low * low + low * high + high * high) / 3.0 }
    }

    /// Erlang: `stages` exponential stages one after another, `mean` in all.
    pub fn erlang(stages: u32, mean: f64) -> Self {
        Self::from_scv(mean, 1.0 / f64::from(stages))
    }

    /// Log-normal, by its median and the standard deviation of its logarithm.
    pub fn log_normal(median: f64, sigma: f64) -> Self {
        let half_variance = sigma * sigma / 2.0;
        Self { mean: median * libm::exp(half_variance), second: median * median * libm::exp(4.0 * half_variance) }
    }

    /// Pareto with exponent `shape`, cut off at `low` and `high` (0 < `low` < `high`).
    pub fn bounded_pareto(shape: f64, low: f64, high: f64) -> Self {
        let ratio = low / high;
        // E[X^k] = shape · low^k / (1 − ratio^shape) · (1 − ratio^(shape−k)) / (shape − k), by expm1 so that
        // it stays exact near shape = k, where its limit is a logarithm.
        let moment = |k: f64| {
            let excess = shape - k;
            let log_ratio = libm::log(ratio);
            let spread = if excess == 0.0 { -log_ratio } else { -libm::expm1(excess * log_ratio) / excess };
            shape * libm::pow(low, k) * spread / -libm::expm1(shape * log_ratio)
        };
        Self { mean: moment(1.0), second: moment(2.0) }
    }

    /// By mean and squared coefficient of variation (variance / mean²), whatever the distribution.
    pub fn from_scv(mean: f64, scv: f64) -> Self {
        Self { mean, second: mean * mean * (1.0 + scv) }
    }

    /// One of several, each with its probability: constants give a two-point or bimodal time, exponentials a
    /// hyperexponential one. The probabilities should sum to 1.
    pub fn mixture(parts: impl IntoIterator<Item = (f64, Moments)>) -> Self {
        let nothing = Self { mean: 0.0, second: 0.0 };
        parts.into_iter().fold(nothing, |sum, (probability, part)| Self {
            mean: sum.mean + probability * part.mean,
            second: sum.second + probability * part.second,
        })
    }

    /// Variance divided by the square of the mean: 0 when constant, 1 when exponential.
    pub fn scv(&self) -> f64 {
        (self.second / (self.mean * self.mean) - 1.0).max(0.0)
    }
}

/// M/G/1: Poisson arrivals, one server, any distribution of the service time, endless queue.
///
/// Wq = λ E\[S²\] / (2 (1 − ρ)): the wait grows with the *second* moment. [`Moments::exponential`] makes it
/// M/M/1 and [`Moments::constant`] M/D/1, with half the wait of M/M/1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mg1 {
    /// Share of the time in which the server is busy, ρ.
    pub utilisation: f64,
    /// Mean time in the queue, Wq, in seconds.
    pub mean_wait_s: f64,
    /// Mean time from arrival to end of service, W, in seconds.
    pub mean_response_s: f64,
    /// Mean number waiting, Lq.
    pub mean_queue: f64,
    /// Mean number waiting or in service, L.
    pub mean_in_system: f64,
}

impl Mg1 {
    /// The steady state for arrivals at `lambda_per_s` and a service time with these moments, in seconds.
    ///
    /// # Errors
    /// [`TheoryError::Unstable`] at or beyond capacity; [`TheoryError::OutOfRange`] for senseless input.
    pub fn new(lambda_per_s: f64, service_s: Moments) -> Result<Self, TheoryError> {
        check_not_negative("arrival rate", lambda_per_s)?;
        check_positive("mean service time", service_s.mean)?;
        // A variance can't be negative; leave room for the rounding of a constant's square.
        let square = service_s.mean * service_s.mean;
        if !service_s.second.is_finite() || service_s.second < square * (1.0 - 1e-12) {
            return Err(TheoryError::OutOfRange {
                what: "second moment of the service time",
                allowed: "finite and at least the square of the mean",
            });
        }
        let utilisation = check_stable(lambda_per_s * service_s.mean)?;
        let mean_wait_s = lambda_per_s * service_s.second / (2.0 * (1.0 - utilisation));
        let mean_response_s = mean_wait_s + service_s.mean;
        Ok(Self {
            utilisation,
            mean_wait_s,
            mean_response_s,
            mean_queue: lambda_per_s * mean_wait_s,
            mean_in_system: lambda_per_s * mean_response_s,
        })
    }
}
