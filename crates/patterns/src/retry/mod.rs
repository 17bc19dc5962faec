//! Retry: whether a call that failed is tried again, and after how long.
//!
//! Delays are constant, linear or exponential with a cap; the jitter follows M. Brooker, «Exponential Backoff And
//! Jitter», AWS Architecture Blog, 2015. The budget is that of Finagle's `RetryBudget` (and of linkerd's proxy after
//! it): each request earns a share of a retry, each retry costs a whole one, both are forgotten after a while, and a
//! reserve lets a caller with little traffic retry too.
//!
//! # A first example
//!
//! ```
//! use rand_core::SeedableRng;
//! use sandtable_patterns::Instant;
//! use sandtable_patterns::retry::{GiveUp, Jitter, Retry, RetryConfig, RetryDecision};
//! use std::time::Duration;
//!
//! let config = RetryConfig { attempts: 3, base_ms: 100.0, jitter: Jitter::None, ..Default::default() };
//! let now = Instant::ZERO;
//! let mut rng = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(1);
//! let mut retry = Retry::try_new(&config, now)?;
//!
//! retry.on_request(now);
//! let first = retry.decide(now, &mut rng, 1, Duration::ZERO); // The first attempt failed.
//! assert_eq!(first, RetryDecision::After(Duration::from_millis(100)));
//! let second = retry.decide(now, &mut rng, 2, Duration::from_millis(100));
//! assert_eq!(second, RetryDecision::After(Duration::from_millis(200)));
//! let third = retry.decide(now, &mut rng, 3, Duration::from_millis(200));
//! assert_eq!(third, RetryDecision::GiveUp(GiveUp::AttemptsUsedUp));
//! # Ok::<(), Vec<sandtable_patterns::ConfigError>>(())
//! ```
//!
//! # What is simplified
//!
//! - Which failures are worth another attempt is for the caller to know; it asks only about those.
//! - The budget counts requests over a time, as Finagle's does. Envoy's, a share of the requests under way at the
//!   moment, isn't here.
//! - A budget of Finagle keeps its share as one whole number over another, which rounds (a port of it once turned 60 %
//!   into 100 %); here it is exact to a thousandth of a per cent.
//! - The delay a server asks for (`Retry-After`) isn't here.

mod budget;
mod config;
mod decide;

pub use budget::RetryBudget;
pub use config::*;
pub use decide::{GiveUp, Retry, RetryDecision};
