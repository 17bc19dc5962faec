//! Closed forms of queueing theory, to stand beside what a run measured.
//!
//! Pure functions of a few numbers. Rates are per second and times in seconds; a load in *erlangs* is the
//! arrival rate times the mean service time, a plain number. Every function checks its input: a number that
//! makes no sense is [`TheoryError::OutOfRange`], and a queue that would grow without end is
//! [`TheoryError::Unstable`], which a report shows as «no steady state» and not as a number.
//!
//! **What they assume.** Poisson arrivals, first come first served, and the steady state of an endless run. A
//! measured run starts empty and ends, so it comes close to these only when it is long compared with the
//! waits in it.
//!
//! | model | functions | source |
//! | --- | --- | --- |
//! | M/G/c/c, no queue | [`erlang_b`], [`offered_for_blocking`] | A. K. Erlang, 1917 |
//! | M/M/c | [`erlang_c`], [`Mmc`] | A. K. Erlang, 1917 |
//! | M/M/c/K, bounded queue | [`Mmck`] | birth–death chain, e.g. Gross & Harris, *Fundamentals of Queueing Theory* |
//! | M/G/1, with M/M/1 and M/D/1 | [`Mg1`], [`Moments`] | Pollaczek 1930, Khinchine 1932 |
//! | M/M/1 distributions | [`Mm1`] | the same textbook |
//! | the least busy of d random queues | [`Supermarket`] | Vvedenskaya, Dobrushin & Karpelevich 1996; Mitzenmacher 2001 |

use thiserror::Error;

/// The most servers or places a function accepts: each costs one step of a recurrence.
pub const MAX_SERVERS: u32 = 1_000_000;

/// Why a formula has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum TheoryError {
    /// The offered load reaches or exceeds the capacity: the queue grows without end.
    #[error("no steady state: the utilisation would be {utilisation}, and must stay below 1")]
    Unstable {
        /// Offered load divided by the number of servers.
        utilisation: f64,
    },
    /// An input that makes no sense for the model.
    #[error("{what} must be {allowed}")]
    OutOfRange {
        /// Which input.
        what: &'static str,
        /// What it may be.
        allowed: &'static str,
    },
}

// ---------------------------------------------------------------------------------------------- Erlang

/// Erlang's B formula: the share of arrivals lost when `servers` are offered `offered_erlangs` and none may wait.
///
/// Holds for any distribution of the service time and any load; no servers lose everything. Computed by
/// B(k) = a B(k−1) / (k + a B(k−1)) from B(0) = 1, which neither overflows nor cancels.
///
/// # Errors
/// [`TheoryError::OutOfRange`] for a load that is negative or not finite, or too many servers.
pub fn erlang_b(servers: u32, offered_erlangs: f64) -> Result<f64, TheoryError> {
    check_servers(servers)?;
    check_not_negative("offered load", offered_erlangs)?;
    Ok(erlang_b_unchecked(servers, offered_erlangs))
}

/// The load in erlangs at which `servers` lose the share `p_block` of the arrivals: Erlang B read backwards.
///
/// Found by bisection to the last bit: B grows with the load, and B ≥ 1 − c/a puts the answer at or below
/// c / (1 − p). Needs at least one server and 0 ≤ `p_block` < 1.
///
/// # Errors
/// [`TheoryError::OutOfRange`] for anything else.
pub fn offered_for_blocking(servers: u32, p_block: f64) -> Result<f64, TheoryError> {
    check_servers(servers)?;
    check_some_servers(servers)?;
    if !(0.0..1.0).contains(&p_block) {
        return Err(TheoryError::OutOfRange { what: "blocking probability", allowed: "at least 0 and below 1" });
    }
    if p_block == 0.0 {
        return Ok(0.0);
    }
    let (mut low, mut high) = (0.0, f64::from(servers) / (1.0 - p_block));
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return Ok(middle);
        }
        if erlang_b_unchecked(servers, middle) < p_block {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// Erlang's C formula: the share of arrivals that have to wait when `servers` are offered `offered_erlangs` and
/// all may wait.
///
/// At and beyond capacity the answer is 1, its limit: in the long run everyone waits. Use [`Mmc`] where such a
/// load should be refused.
///
/// # Errors
/// [`TheoryError::OutOfRange`] for no or too many servers, or a load that is negative or not finite.
pub fn erlang_c(servers: u32, offered_erlangs: f64) -> Result<f64, TheoryError> {
    check_servers(servers)?;
    check_some_servers(servers)?;
    check_not_negative("offered load", offered_erlangs)?;
    let utilisation = offered_erlangs / f64::from(servers);
    if utilisation >= 1.0 {
        return Ok(1.0);
    }
    let blocked = erlang_b_unchecked(servers, offered_erlangs);
    // B / (1 − ρ(1 − B)), with the denominator written so that nothing cancels near ρ = 1.
    Ok(blocked / ((1.0 - utilisation) + utilisation * blocked))
}

fn erlang_b_unchecked(servers: u32, offered_erlangs: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, server| {
        let carried = offered_erlangs * blocked;
        // An infinite product only arises from loads near the largest double, where everything is lost.
        if carried.is_infinite() { 1.0 } else { carried / (f64::from(server) + carried) }
    })
}

// ---------------------------------------------------------------------------------------------- M/M/c

/// M/M/c: Poisson arrivals, exponential service, `servers` servers, one endless queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mmc {
    /// Share of the servers busy on average, ρ.
    pub utilisation: f64,
    /// Share of the arrivals that wait at all (Erlang C).
    pub p_wait: f64,
    /// Mean time in the queue, Wq, in seconds; those who don't wait count as 0.
    pub mean_wait_s: f64,
    /// Mean time from arrival to end of service, W, in seconds.
    pub mean_response_s: f64,
    /// Mean number waiting, Lq.
    pub mean_queue: f64,
    /// Mean number waiting or in service, L.
    pub mean_in_system: f64,
    drain_per_s: f64,
}

impl Mmc {
    /// The steady state for arrivals at `lambda_per_s` and `servers` servers that each finish `mu_per_s`.
    ///
    /// # Errors
    /// [`TheoryError::Unstable`] at or beyond capacity; [`TheoryError::OutOfRange`] for senseless input.
    pub fn new(servers: u32, lambda_per_s: f64, mu_per_s: f64) -> Result<Self, TheoryError> {
        check_not_negative("arrival rate", lambda_per_s)?;
        check_positive("service rate", mu_per_s)?;
        let offered = lambda_per_s / mu_per_s;
        let p_wait = erlang_c(servers, offered)?;
        let utilisation = check_stable(offered / f64::from(servers))?;
        let drain_per_s = f64::from(servers) * mu_per_s - lambda_per_s;
        let mean_wait_s = p_wait / drain_per_s;
        let mean_response_s = mean_wait_s + 1.0 / mu_per_s;
        Ok(Self {
            utilisation,
            p_wait,
            mean_wait_s,
            mean_response_s,
            mean_queue: lambda_per_s * mean_wait_s,
            mean_in_system: lambda_per_s * mean_response_s,
            drain_per_s,
        })
    }

    /// Share of the arrivals that wait longer than `t_s` seconds.
    pub fn p_wait_exceeds(&self, t_s: f64) -> f64 {
        self.p_wait * libm::exp(-self.drain_per_s * t_s.max(0.0))
    }
}

// ---------------------------------------------------------------------------------------------- M/M/c/K

/// M/M/c/K: as M/M/c, but at most K requests are inside (waiting or in service) and any further one is refused.
///
/// A bulkhead of c slots and q queue places is this with K = c + q. It has a steady state at any load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mmck {
    /// Share of the time with nobody inside.
    pub p0: f64,
    /// Share of the arrivals refused.
    pub p_block: f64,
    /// Requests finished per second.
    pub throughput_per_s: f64,
    /// Mean number inside, L.
    pub mean_in_system: f64,
    /// Mean number waiting, Lq.
    pub mean_queue: f64,
    /// Mean time from arrival to end of service of those let in, W, in seconds.
    pub mean_response_s: f64,
    /// Mean time in the queue of those let in, Wq, in seconds.
    pub mean_wait_s: f64,
}

impl Mmck {
    /// The steady state for `capacity` places in all, of which `servers` are in service; `capacity` ≥ `servers`.
    ///
    /// The probabilities are built outwards from the likeliest state, each from its neighbour by the factor
    /// λ / (min(n, c) μ). So none overflows, and those that underflow are too small to matter.
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] for senseless input; no load is too high.
    pub fn new(servers: u32, capacity: u32, lambda_per_s: f64, mu_per_s: f64) -> Result<Self, TheoryError> {
        check_servers(capacity)?;
        check_some_servers(servers)?;
        check_not_negative("arrival rate", lambda_per_s)?;
        check_positive("service rate", mu_per_s)?;
        if capacity < servers {
            return Err(TheoryError::OutOfRange { what: "capacity", allowed: "at least the number of servers" });
        }
        let offered = lambda_per_s / mu_per_s;
        if !offered.is_finite() {
            return Err(OFFERED_TOO_LARGE);
        }
        let likeliest = if offered >= f64::from(servers) {
            capacity
        } else {
            offered as u32 // rounds down: the last state entered faster than left
        };
        let mut sums = MmckSums::new(servers);
        sums.add(likeliest, 1.0);

        let mut weight = 1.0;
        for n in (0..likeliest).rev() {
            weight *= f64::from((n + 1).min(servers)) / offered;
            sums.add(n, weight);
        }
        let weight_empty = weight;

        weight = 1.0;
        for n in likeliest + 1..=capacity {
            weight *= offered / f64::from(n.min(servers));
            sums.add(n, weight);
        }
        let weight_full = weight;

        let busy = sums.in_service / sums.total;
        let waiting = sums.waiting / sums.total;
        let throughput_per_s = mu_per_s * busy;
        let mean_wait_s = if throughput_per_s > 0.0 { waiting / throughput_per_s } else { 0.0 };
        Ok(Self {
            p0: weight_empty / sums.total,
            p_block: weight_full / sums.total,
            throughput_per_s,
            mean_in_system: busy + waiting,
            mean_queue: waiting,
            mean_response_s: mean_wait_s + 1.0 / mu_per_s,
            mean_wait_s,
        })
    }
}

/// Unnormalised sums over the states of an M/M/c/K queue.
struct MmckSums {
    servers: u32,
    total: f64,
    in_service: f64,
    waiting: f64,
}

impl MmckSums {
    fn new(servers: u32) -> Self {
        Self { servers, total: 0.0, in_service: 0.0, waiting: 0.0 }
    }

    fn add(&mut self, inside: u32, weight: f64) {
        self.total += weight;
        self.in_service += weight * f64::from(inside.min(self.servers));
        self.waiting += weight * f64::from(inside.saturating_sub(self.servers));
    }
}

// ---------------------------------------------------------------------------------------------- M/G/1

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

// ---------------------------------------------------------------------------------------------- M/M/1

/// M/M/1: the one queue whose whole distributions are simple. Its means are those of [`Mmc`] with one server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mm1 {
    /// Share of the time in which the server is busy, ρ.
    pub utilisation: f64,
    drain_per_s: f64,
}

impl Mm1 {
    /// The steady state for arrivals at `lambda_per_s` and a server that finishes `mu_per_s`.
    ///
    /// # Errors
    /// [`TheoryError::Unstable`] at or beyond capacity; [`TheoryError::OutOfRange`] for senseless input.
    pub fn new(lambda_per_s: f64, mu_per_s: f64) -> Result<Self, TheoryError> {
        check_not_negative("arrival rate", lambda_per_s)?;
        check_positive("service rate", mu_per_s)?;
        Ok(Self { utilisation: check_stable(lambda_per_s / mu_per_s)?, drain_per_s: mu_per_s - lambda_per_s })
    }

    /// Share of the time with exactly `n` inside: (1 − ρ) ρⁿ.
    pub fn p_n(&self, n: u32) -> f64 {
        (1.0 - self.utilisation) * libm::pow(self.utilisation, f64::from(n))
    }

    /// Share of the requests whose response takes longer than `t_s` seconds.
    pub fn p_response_exceeds(&self, t_s: f64) -> f64 {
        libm::exp(-self.drain_per_s * t_s.max(0.0))
    }

    /// Share of the requests that wait longer than `t_s` seconds.
    pub fn p_wait_exceeds(&self, t_s: f64) -> f64 {
        self.utilisation * self.p_response_exceeds(t_s)
    }

    /// The response time, in seconds, that the share `quantile` of the requests stay within (0.99 for p99).
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] unless 0 ≤ `quantile` < 1.
    pub fn response_quantile_s(&self, quantile: f64) -> Result<f64, TheoryError> {
        if !(0.0..1.0).contains(&quantile) {
            return Err(TheoryError::OutOfRange { what: "quantile", allowed: "at least 0 and below 1" });
        }
        Ok(-libm::log1p(-quantile) / self.drain_per_s)
    }
}

// ---------------------------------------------------------------------------------------------- d choices

/// The supermarket model: each arrival joins the shortest of `choices` queues drawn at random, among very many
/// servers with exponential service.
///
/// The fixed point for infinitely many servers; a few dozen come within some percent of it. One choice is
/// plain random balancing, so every server is an M/M/1 queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Supermarket {
    load: f64,
    choices: u32,
}

impl Supermarket {
    /// For a `load` per server (arrivals per server times the mean service time), 0 ≤ `load` < 1.
    ///
    /// # Errors
    /// [`TheoryError::Unstable`] from a load of 1 on; [`TheoryError::OutOfRange`] for senseless input.
    pub fn new(load: f64, choices: u32) -> Result<Self, TheoryError> {
        check_not_negative("load per server", load)?;
        if choices == 0 {
            return Err(TheoryError::OutOfRange { what: "choices", allowed: "at least 1" });
        }
        check_stable(load)?;
        Ok(Self { load, choices })
    }

    /// Share of the servers with at least `i` requests: load^((dⁱ − 1) / (d − 1)), and 1 for `i` = 0.
    pub fn tail(&self, i: u32) -> f64 {
        if i == 0 { 1.0 } else { self.tails().nth(i as usize - 1).unwrap_or(0.0) }
    }

    /// The tails from i = 1 on, as far as they are greater than 0 in double precision.
    pub fn tails(&self) -> impl Iterator<Item = f64> + use<> {
        let (load, choices) = (self.load, f64::from(self.choices));
        // The exponents 1, 1 + d, 1 + d + d², … need not be exact past 2⁵³: only their ratio to the last place counts.
        std::iter::successors(Some(1.0), move |exponent| Some(exponent * choices + 1.0))
            .map(move |exponent| libm::pow(load, exponent))
            .take_while(|&share| share > 0.0)
    }

    /// Mean time from arrival to end of service, as a multiple of the mean service time.
    pub fn mean_response_services(&self) -> f64 {
        if self.choices == 1 {
            return 1.0 / (1.0 - self.load);
        }
        if self.load == 0.0 {
            return 1.0;
        }
        // Little's law: the mean number at a server is the sum of the tails.
        self.tails().sum::<f64>() / self.load
    }
}

// ---------------------------------------------------------------------------------------------- input

const OFFERED_TOO_LARGE: TheoryError =
    TheoryError::OutOfRange { what: "offered load", allowed: "finite and at least 0" };

fn check_servers(servers: u32) -> Result<(), TheoryError> {
    if servers > MAX_SERVERS {
        return Err(TheoryError::OutOfRange { what: "servers", allowed: "at most 1,000,000" });
    }
    Ok(())
}

fn check_some_servers(servers: u32) -> Result<(), TheoryError> {
    if servers == 0 {
        return Err(TheoryError::OutOfRange { what: "servers", allowed: "at least 1" });
    }
    Ok(())
}

fn check_not_negative(what: &'static str, value: f64) -> Result<(), TheoryError> {
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    let allowed = "finite and at least 0";
    Err(TheoryError::OutOfRange { what, allowed })
}

fn check_positive(what: &'static str, value: f64) -> Result<(), TheoryError> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    let allowed = "finite and greater than 0";
    Err(TheoryError::OutOfRange { what, allowed })
}

fn check_stable(utilisation: f64) -> Result<f64, TheoryError> {
    if utilisation >= 1.0 {
        return Err(TheoryError::Unstable { utilisation });
    }
    Ok(utilisation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(got: f64, want: f64) -> bool {
        (got - want).abs() <= 1e-9 * want.abs()
    }

    #[test]
    fn a_load_at_or_beyond_capacity_has_no_steady_state() {
        let unstable = |result| matches!(result, Err(TheoryError::Unstable { .. }));
        assert!(unstable(Mmc::new(4, 4.0, 1.0).map(|_| ())));
        assert!(unstable(Mmc::new(4, 5.0, 1.0).map(|_| ())));
        assert!(unstable(Mm1::new(1.0, 1.0).map(|_| ())));
        assert!(unstable(Mg1::new(2.0, Moments::constant(0.5)).map(|_| ())));
        assert!(unstable(Supermarket::new(1.0, 2).map(|_| ())));
        assert_eq!(erlang_c(4, 4.0), Ok(1.0));
        assert!(Mmck::new(4, 8, 40.0, 1.0).is_ok());
    }

    #[test]
    fn senseless_input_is_refused_and_named() {
        for bad in [f64::NAN, f64::INFINITY, -1.0] {
            assert!(matches!(erlang_b(3, bad), Err(TheoryError::OutOfRange { what: "offered load", .. })));
            assert!(Mmc::new(3, bad, 1.0).is_err());
            assert!(Mmc::new(3, 1.0, bad).is_err());
            assert!(Mmck::new(3, 4, bad, 1.0).is_err());
            assert!(Mg1::new(bad, Moments::constant(1.0)).is_err());
            assert!(Mg1::new(0.5, Moments::constant(bad)).is_err());
            assert!(Mm1::new(bad, 1.0).is_err());
            assert!(Supermarket::new(bad, 2).is_err());
            assert!(offered_for_blocking(3, bad).is_err());
        }
        assert!(erlang_c(0, 0.0).is_err());
        assert!(Mmck::new(3, 2, 1.0, 1.0).is_err());
        assert!(Mmck::new(1, 1, 1e300, 1e-300).is_err());
        assert!(Supermarket::new(0.5, 0).is_err());
        assert!(erlang_b(MAX_SERVERS + 1, 1.0).is_err());
        let impossible = Moments { mean: 2.0, second: 3.0 };
        assert!(Mg1::new(0.1, impossible).is_err());
    }

    #[test]
    fn without_traffic_nobody_waits() {
        let idle = Mmc::new(3, 0.0, 2.0).unwrap();
        assert_eq!((idle.p_wait, idle.mean_response_s), (0.0, 0.5));
        let idle = Mmck::new(3, 5, 0.0, 2.0).unwrap();
        assert_eq!((idle.p0, idle.p_block, idle.mean_response_s), (1.0, 0.0, 0.5));
        let idle = Supermarket::new(0.0, 2).unwrap();
        assert_eq!((idle.tail(0), idle.tail(1), idle.mean_response_services()), (1.0, 0.0, 1.0));
        assert_eq!(erlang_b(0, 0.0), Ok(1.0));
        assert_eq!(erlang_b(1, 0.0), Ok(0.0));
        assert_eq!(offered_for_blocking(5, 0.0), Ok(0.0));
    }

    #[test]
    fn thousands_of_servers_and_extreme_loads_stay_finite() {
        for (servers, load) in [(100_000, 99_999.0), (100_000, 1.0), (50, 1e308), (1, f64::MAX)] {
            let blocked = erlang_b(servers, load).unwrap();
            assert!((0.0..=1.0).contains(&blocked), "{servers} {load} {blocked}");
        }
        for load in [1e-300, 1.0, 199.0, 200.0, 1e6, 1e300] {
            let queue = Mmck::new(200, 1_000, load, 1.0).unwrap();
            assert!(queue.mean_in_system.is_finite() && queue.throughput_per_s <= 200.0 + 1e-9);
            assert!((0.0..=1.0).contains(&queue.p_block));
        }
    }

    #[test]
    fn moments_agree_with_numerical_integration() {
        // A midpoint sum over the inverse distribution function; its error is far below 1e-4 for a bounded range.
        let steps = 2_000_000;
        for shape in [0.7, 1.0, 1.5, 2.0, 3.0] {
            let (low, high): (f64, f64) = (1.0, 50.0);
            let tail = 1.0 - libm::pow(low / high, shape);
            let (mut mean, mut second) = (0.0, 0.0);
            for step in 0..steps {
                let u = (f64::from(step) + 0.5) / f64::from(steps);
                let x = low * libm::pow(1.0 - u * tail, -1.0 / shape);
                mean += x / f64::from(steps);
                second += x * x / f64::from(steps);
            }
            let got = Moments::bounded_pareto(shape, low, high);
            assert!((got.mean / mean - 1.0).abs() < 1e-4, "shape {shape}");
            assert!((got.second / second - 1.0).abs() < 1e-4, "shape {shape}");
        }
        // Log-normal: squared coefficient of variation e^(σ²) − 1.
        assert!(close(Moments::log_normal(3.0, 0.5).scv(), libm::expm1(0.25)));
        let bimodal = Moments::mixture([(0.9, Moments::constant(1.0)), (0.1, Moments::constant(11.0))]);
        assert!(close(bimodal.mean, 2.0) && close(bimodal.second, 13.0));
    }

    #[test]
    fn the_99th_percentile_of_a_half_loaded_server() {
        // ln(100) / (μ − λ) = 4.605170… s
        let queue = Mm1::new(1.0, 2.0).unwrap();
        let p99 = queue.response_quantile_s(0.99).unwrap();
        assert!(close(p99, 4.605_170_185_988_091));
        assert!(close(queue.p_response_exceeds(p99), 0.01));
    }

    proptest! {
        /// The models overlap, so each checks the other.
        #[test]
        fn models_agree_where_they_describe_the_same_queue(
            servers in 1_u32..60, rho in 0.01_f64..0.97, mu in 0.01_f64..100.0, capacity in 0_u32..80,
        ) {
            let lambda = rho * f64::from(servers) * mu;
            let endless = Mmc::new(servers, lambda, mu).unwrap();
            // So many places that refusals vanish: ρ^3000 < 1e-39.
            let roomy = Mmck::new(servers, servers + 3_000, lambda, mu).unwrap();
            prop_assert!(close(roomy.mean_wait_s, endless.mean_wait_s));
            prop_assert!(close(roomy.mean_in_system, endless.mean_in_system));

            let no_queue = Mmck::new(servers, servers, lambda, mu).unwrap();
            prop_assert!(close(no_queue.p_block, erlang_b(servers, lambda / mu).unwrap()));
            let offered = offered_for_blocking(servers, no_queue.p_block).unwrap();
            prop_assert!(no_queue.p_block < 1e-300 || (offered * mu / lambda - 1.0).abs() < 1e-6);

            let bounded = Mmck::new(servers, servers + capacity, lambda * 2.0, mu).unwrap();
            prop_assert!(close(bounded.throughput_per_s, lambda * 2.0 * (1.0 - bounded.p_block)));
            prop_assert!(close(bounded.mean_in_system, bounded.throughput_per_s * bounded.mean_response_s));

            let single = Mmc::new(1, rho * mu, mu).unwrap();
            let general = Mg1::new(rho * mu, Moments::exponential(1.0 / mu)).unwrap();
            prop_assert!(close(general.mean_wait_s, single.mean_wait_s));
            let random = Supermarket::new(rho, 1).unwrap();
            prop_assert!(close(random.mean_response_services() / mu, single.mean_response_s));
            prop_assert!(close(random.tails().sum::<f64>(), single.mean_in_system));
        }

        #[test]
        fn more_choices_and_more_servers_never_wait_longer(load in 0.01_f64..0.999, choices in 1_u32..10) {
            let fewer = Supermarket::new(load, choices).unwrap().mean_response_services();
            let more = Supermarket::new(load, choices + 1).unwrap().mean_response_services();
            prop_assert!(more <= fewer && more >= 1.0);
            let one = Mmc::new(choices, load * f64::from(choices), 1.0).unwrap();
            let two = Mmc::new(choices + 1, load * f64::from(choices + 1), 1.0).unwrap();
            prop_assert!(two.mean_wait_s <= one.mean_wait_s);
        }
    }
}
