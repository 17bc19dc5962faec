//! Queues with exponential service: M/M/c, M/M/c/K and M/M/1.

use super::{
    OFFERED_TOO_LARGE, TheoryError, check_not_negative, check_positive, check_servers, check_some_servers,
    check_stable, erlang_c,
};

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
