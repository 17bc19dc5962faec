//! How traffic is split over localities (zones, sites), one balancer in each.

/// One locality.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Locality {
    /// Its share relative to the others while all of it is healthy.
    pub weight: f64,
    /// Instances of it that are healthy.
    pub healthy: u32,
    /// Instances it has.
    pub total: u32,
}

/// The share of the traffic that each locality gets, in percent; all 0 when none can take any.
///
/// Envoy's locality weighted load balancing: a locality keeps its whole weight while its healthy share times
/// `overprovisioning` (1.4 there) is at least 1, and loses weight in proportion below that. The [`Balancer`] knows
/// no localities; a caller that has one balancer in each decides between them with this.
///
/// ```
/// use sandtable_patterns::balancer::{Locality, locality_shares};
///
/// let near = Locality { weight: 1.0, healthy: 5, total: 10 };
/// let far = Locality { weight: 2.0, healthy: 10, total: 10 };
/// let shares = locality_shares(&[near, far], 1.4);
/// assert_eq!(shares[0].round(), 26.0);
/// ```
///
/// [`Balancer`]: super::Balancer
pub fn locality_shares(localities: &[Locality], overprovisioning: f64) -> Vec<f64> {
    let effective = |locality: &Locality| {
        if locality.total == 0 {
            return 0.0;
        }
        let healthy = f64::from(locality.healthy) / f64::from(locality.total);
        locality.weight * (overprovisioning * healthy).min(1.0)
    };
    let total: f64 = localities.iter().map(effective).sum();
    let share = |locality| {
        if total > 0.0 { 100.0 * effective(locality) / total } else { 0.0 }
    };
    localities.iter().map(share).collect()
}
