//! Load balancer: which instance takes the next request.
//!
//! The [`Balancer`] follows the published descriptions of others' work, named at each part: nginx (smooth weighted
//! round robin, `least_conn`, `max_fails`), Envoy (earliest-deadline round robin, biased least request, outlier
//! ejection, panic threshold, priorities, slow start, ring, weighted Maglev), HAProxy (rise and fall), Finagle and
//! linkerd (peak EWMA), and the papers on power of two choices, Maglev and bounded loads.
//!
//! # A first example
//!
//! ```
//! use rand_core::SeedableRng;
//! use rand_xoshiro::Xoshiro256PlusPlus;
//! use sandtable_patterns::Instant;
//! use sandtable_patterns::balancer::{Balancer, BalancerConfig, Decision, InstanceSpec, Policy, Request};
//! use std::time::Duration;
//!
//! let config = BalancerConfig { policy: Policy::LeastOutstanding, ..Default::default() };
//! let instances = ["alpha", "bravo"].map(|name| InstanceSpec { name: name.into(), ..Default::default() });
//! let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
//! let mut now = Instant::ZERO;
//! let mut balancer = Balancer::try_new(&config, &instances, now).unwrap();
//!
//! let Decision::Send(choice) = balancer.choose(now, &mut rng, &Request::default()) else {
//!     panic!("both are well");
//! };
//! now = now + Duration::from_millis(3);
//! let changes = balancer.on_success(now, choice.instance, Duration::from_millis(3));
//! assert!(changes.is_empty());
//! ```
//!
//! # What is simplified
//!
//! - One balancer stands for all: its counts are exact, while a fleet of proxies each knows only its own part.
//! - Envoy's degraded hosts, retry priorities, subsets and success-rate ejection aren't here; localities are a
//!   function beside the balancer ([`locality_shares`]).
//! - An instance counts as healthy before its first check. Slow start concerns those that come (back) later, not
//!   those present from the beginning. The keyed policies ignore it, as moving keys twice would help nobody; under
//!   policies without weights an instance takes part in its share of the picks only.
//! - nginx counts `fail_timeout` in whole seconds; here it is exact.
//! - Time moves on only by the calls: an ejected instance comes back in [`Balancer::on_deadline`], not before.

mod change;
mod config;
mod decision;
mod fleet;
mod group;
mod health;
mod locality;
mod look;
mod member;
mod operate;
mod outlier;
mod policy;
mod priority;
mod report;
mod slow_start;
mod state;

pub use change::{Change, Changes, GroupLoad, InstanceView, Status, Transition};
pub use config::*;
pub use decision::{Choice, Decision, InstanceSpec, Refusal, Request, WEIGHT_MAX, WEIGHT_MIN, Why};
pub use health::HealthCounter;
pub use locality::{Locality, locality_shares};
pub use state::Balancer;

pub use crate::consistent::{Maglev, Ring, TableHash};
