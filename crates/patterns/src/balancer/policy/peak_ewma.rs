//! Peak EWMA: the lower expected wait of two instances drawn.
//!
//! Finagle's and linkerd's measure: a latency average that jumps up to a slower answer at once and decays
//! exponentially otherwise, times the requests under way. An instance that has never answered is tried once before
//! all others and then avoided until it answers. Failures count like successes, by their latency.

use std::time::Duration;

use rand_core::Rng;

use super::{Pick, below, only};
use crate::Instant;
use crate::balancer::{Choice, Why};

/// What an unmeasured instance with a request under way costs, in nanoseconds: more than any measured one.
const UNKNOWN_COST: f64 = 1e18;

/// The latency average of one instance.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::balancer) struct PeakEwma {
    average_ns: f64,
    at: Instant,
    measured: bool,
}

impl PeakEwma {
    pub(in crate::balancer) fn observe(&mut self, now: Instant, latency: Duration, decay_ns: f64) {
        let latency_ns = latency.as_nanos() as f64;
        self.average_ns = if latency_ns > self.average_ns {
            latency_ns
        } else {
            let kept = kept(now.since(self.at), decay_ns);
            self.average_ns * kept + latency_ns * (1.0 - kept)
        };
        self.at = self.at.max(now);
        self.measured = true;
    }

    /// What it would read at `now`, in nanoseconds: without news it decays towards 0, so that an instance that was
    /// slow once is tried again.
    pub(in crate::balancer) fn read(&self, now: Instant, decay_ns: f64) -> Option<f64> {
        self.measured.then(|| self.average_ns * kept(now.since(self.at), decay_ns))
    }
}

#[inline]
fn kept(elapsed: Duration, decay_ns: f64) -> f64 {
    libm::exp(-(elapsed.as_nanos() as f64) / decay_ns)
}

pub(super) fn pick<R: Rng + ?Sized>(pick: &Pick<'_>, rng: &mut R) -> Option<Choice> {
    let pool = match *pick.pool {
        [] => return None,
        [instance] => return only(instance),
        ref pool => pool,
    };
    // Two different ones: the second is drawn from the rest.
    let n = pool.len() as u32;
    let first = below(rng, n);
    let mut second = below(rng, n - 1);
    if second >= first {
        second += 1;
    }
    let (a, b) = (pool[first as usize], pool[second as usize]);
    let (cost_a, cost_b) = (cost_ns(pick, a), cost_ns(pick, b));
    let (instance, cost_ns, other, other_cost_ns) =
        if cost_b < cost_a { (b, cost_b, a, cost_a) } else { (a, cost_a, b, cost_b) };
    Some(Choice { instance, why: Why::PeakEwma { cost_ns, other, other_cost_ns } })
}

#[inline]
fn cost_ns(pick: &Pick<'_>, instance: u32) -> f64 {
    let outstanding = f64::from(pick.fleet.outstanding(instance));
    match pick.fleet.latency(instance).read(pick.now, pick.fleet.decay_ns()) {
        Some(average_ns) => average_ns * (outstanding + 1.0),
        None if outstanding == 0.0 => 0.0,
        None => UNKNOWN_COST * outstanding,
    }
}
