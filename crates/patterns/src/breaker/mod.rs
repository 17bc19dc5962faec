//! Circuit breaker: stops calling what fails, and tries again by and by.
//!
//! The pattern is Michael Nygard's (*Release It!*, 2007). The [`Breaker`] here is one state machine; its options are
//! what the breakers that people know differ in, and a [`BreakerPreset`] gathers the options of one of them:
//! resilience4j (rates over a window of calls or of time, slow calls), sony/gobreaker v2 (any rule, generations, rolling
//! buckets), Polly v7 (failures in a row, or a rate over a sampling duration), failsafe-go (k failures of the last n),
//! and the field manual's. Each was checked against runs of the library it names, which stand with the tests.
//!
//! Four kinds of method: **decide** ([`Breaker::try_acquire`]), **report** ([`Breaker::on_success`],
//! [`Breaker::on_failure`], [`Breaker::on_ignored`]), **look** ([`Breaker::state_at`], [`Breaker::view`],
//! [`Breaker::cells`]) and **wake** ([`Breaker::next_deadline`], [`Breaker::on_deadline`]). Waking is for those who want
//! to know of a change when it happens; where nobody wakes it, the next call brings the change about.
//!
//! # A first example
//!
//! ```
//! use sandtable_patterns::Instant;
//! use sandtable_patterns::breaker::{Admission, Breaker, BreakerConfig, State, TripRule};
//! use std::time::Duration;
//!
//! let config = BreakerConfig { trip_rule: TripRule::Consecutive, failures: 2, wait_ms: 500.0, ..Default::default() };
//! let mut breaker = Breaker::try_new(&config, Instant::ZERO)?;
//! let took = Duration::from_millis(20);
//!
//! let mut opened = None;
//! for millis in [100.0, 200.0] {
//!     let now = Instant::from_millis_f64(millis);
//!     let Admission::Admitted(permit) = breaker.try_acquire(now).0 else { panic!("it is closed") };
//!     opened = breaker.on_failure(now + took, permit, took);
//! }
//! let opened = opened.expect("two failures in a row");
//! assert_eq!(opened.sentence(), "opened at 0.220 s: 2 calls in a row failed (threshold 2)");
//!
//! let (refused, _) = breaker.try_acquire(Instant::from_millis_f64(300.0));
//! let Admission::Refused(refusal) = refused else { panic!("it is open") };
//! assert_eq!(refusal.retry_at, Some(Instant::from_millis_f64(720.0)));
//!
//! let (trial, half_open) = breaker.try_acquire(Instant::from_millis_f64(720.0));
//! assert!(trial.permit().is_some_and(|permit| permit.is_trial()));
//! assert_eq!(half_open.map(|change| change.to), Some(State::HalfOpen));
//! # Ok::<(), Vec<sandtable_patterns::ConfigError>>(())
//! ```
//!
//! # What is simplified
//!
//! - Whether an answer is a failure, and which ones are ignored, is the caller's to say: there are no predicates here.
//! - Durations of waits don't vary by what went wrong (failsafe-go's delay function) and have no jitter; resilience4j's
//!   way of growing is the one there is, with its rounding down to the millisecond.
//! - A rate's threshold is rounded to a ten-thousandth of a percent and compared exactly. resilience4j and gobreaker
//!   divide in floating point, which for thresholds of so few digits decides the same.
//! - A change is dated when somebody takes note of it: by [`Breaker::on_deadline`] at the deadline, else with the next
//!   call. Answers alone don't end a wait.
//! - Only trial calls are looked up. Of other calls an answer given twice is noticed as such when all of the same time
//!   are answered, and until then stands for one that is missing.
//! - Under [`LateAnswers::Counted`] a late answer may stand for a trial call's, as it does in the libraries.
//! - gobreaker's shared store for a fleet, and Polly v8's breaks of varying length, aren't here.

mod buckets;
mod command;
mod config;
mod counts;
mod look;
mod places;
mod preset;
mod report;
mod rules;
mod state;
mod transition;
mod window;

pub use command::{Command, CommandRefused};
pub use config::*;
pub use counts::{Counts, Outcome};
pub use look::{Trials, View};
pub use preset::BreakerPreset;
pub use state::{Admission, Breaker, Permit, Refusal, RefusalReason};
pub use transition::{Cause, Over, State, Transition, Trip, Verdict};
pub use window::{Cell, Window};
