//! System-design patterns as plain state machines.
//!
//! No I/O, no clock, no locks, no global randomness: the time is an argument, the random generator is an
//! argument, and what a pattern decides is a value that says why. A service can therefore drive these types from
//! real sockets and a real clock, a simulator can drive the very same code from a virtual one, and a test can
//! drive it from literals.
//!
//! - [`balancer`]: which instance takes the next request;
//! - [`breaker`]: whether a call is made at all, after what became of those before it;
//! - [`bulkhead`]: how many calls are under way at a time, and who waits;
//! - [`retry`]: whether and when a failed call is made again, and how many retries there may be in all;
//! - [`sharding`]: which of several stores has a key, and what happens when their number changes;
//! - [`cqrs`]: commands on one side, questions on the other, and a log of events between them.
//!
//! Every pattern offers at most four kinds of method: **decide** (`choose`, `try_acquire`), **report** (`on_success`),
//! **look** (`view`), and **wake** (`next_deadline`, `on_deadline`). Looking never changes anything, and any order of
//! calls is safe.
//!
//! ```
//! use rand_core::SeedableRng;
//! use sandtable_patterns::Instant;
//! use sandtable_patterns::balancer::{Balancer, BalancerConfig, InstanceSpec, Refusal, Decision, Request};
//!
//! let config = BalancerConfig::default(); // Round robin; three failed checks take an instance out.
//! let mut balancer = Balancer::try_new(&config, &[InstanceSpec::default()], Instant::ZERO)?;
//! let mut rng = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(1);
//! let now = Instant::from_millis_f64(5.0);
//!
//! let sent = balancer.choose(now, &mut rng, &Request::default()).choice().expect("it is well");
//! let retried = balancer.choose(now, &mut rng, &Request { key: 0, tried: &[sent.instance] });
//! assert_eq!(retried, Decision::Refuse(Refusal::AllTried));
//! # Ok::<(), Vec<sandtable_patterns::ConfigError>>(())
//! ```
#![forbid(unsafe_code)]

// The macros name this crate by its published name, also from inside.
extern crate self as sandtable_patterns;

pub mod balancer;
pub mod breaker;
pub mod bulkhead;
mod consistent;
pub mod cqrs;
pub mod hash;
mod number;
mod order;
mod parameters;
pub mod retry;
pub mod sharding;
mod time;

pub use number::{Rounded, Shown};
pub use parameters::{
    Bounds, ConfigError, Field, NumberShape, Parameter, Place, Shape, Value, check_all, read_all, write,
};
pub use time::Instant;

#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "schema")]
    pub use schemars;
    pub use serde;

    pub use crate::order::sorted;

    /// The index of a name that stands in `value`.
    pub fn place_of(value: &crate::Value, names: &[&str]) -> Option<usize> {
        let crate::Value::Text(text) = value else { return None };
        names.iter().position(|name| name == text)
    }
}
