//! Bulkhead: at most so many calls at a time, a bounded queue before them, and a refusal for the rest.
//!
//! A ship's hull is divided so that one flooded compartment doesn't sink it. A caller that gives each of its
//! dependencies a [`Bulkhead`] loses, when one of them turns slow, the slots of that one and no more; several
//! dependencies that share one pool share one `Bulkhead`.
//!
//! The fixed kind is a counting semaphore with waiters in the order of their coming, as in Polly, resilience4j and
//! failsafe-go. Two kinds find the limit themselves: AIMD (D.-M. Chiu and R. Jain, «Analysis of the increase and
//! decrease algorithms for congestion avoidance in computer networks», 1989; `AIMDLimit` of Netflix's
//! concurrency-limits) and Gradient2 (`Gradient2Limit` and `WindowedLimit` of the same project).
//!
//! # A first example
//!
//! ```
//! use sandtable_patterns::Instant;
//! use sandtable_patterns::bulkhead::{Bulkhead, BulkheadConfig, Entry, Outcome, Refusal};
//! use std::time::Duration;
//!
//! let config = BulkheadConfig { max_concurrent: 1, max_waiting: 1, ..Default::default() };
//! let mut now = Instant::ZERO;
//! let mut bulkhead = Bulkhead::try_new(&config, now)?;
//!
//! let Entry::Admit(permit) = bulkhead.try_acquire(now, 7) else { panic!("the slot is free") };
//! assert!(matches!(bulkhead.try_acquire(now, 8), Entry::Wait(_)));
//! assert_eq!(bulkhead.try_acquire(now, 9), Entry::Refuse(Refusal::QueueFull { waiting: 1 }));
//!
//! now = now + Duration::from_millis(3);
//! bulkhead.on_release(now, permit, Outcome::Succeeded, Duration::from_millis(3));
//! let admitted = bulkhead.next_admitted().expect("the slot went to the waiter");
//! assert_eq!((admitted.caller, admitted.waited()), (8, Duration::from_millis(3)));
//! # Ok::<(), Vec<sandtable_patterns::ConfigError>>(())
//! ```
//!
//! # What can be relied on
//!
//! - A call is let in only while fewer than the limit are under way, whatever the order of calls. After the limit has
//!   shrunk nobody new goes in until enough have left; those under way are not disturbed.
//! - While somebody waits no newcomer goes first, not even one that would not wait.
//! - A waiter is let in only *before* its longest wait is over: at that very moment it is too late, whether the slot
//!   or the deadline is reported first. (So does Go's `x/sync/semaphore`, on which failsafe-go stands.)
//! - A permit given back twice, or late, counts once.
//! - Each call takes constant time, and nothing is allocated once as many calls have been under way and waiting as
//!   ever will be. Only where callers bring different longest waits does a new one pass the waiters that have more
//!   time left.
//!
//! # What is simplified
//!
//! - A permit stands for one call; weighted permits aren't here.
//! - AIMD grows by its increase once in a round of calls and shrinks once in a round, as congestion control does:
//!   calls that went in before the last cut don't cut again. Netflix's grows by one and shrinks with each call.
//! - Gradient2 follows latencies; in a window with a dropped call it halves its aim, as its forerunner
//!   `GradientLimit` does, and leaves that call's latency out, for a quick refusal says nothing about the queue.
//! - resilience4j's call that lowers the number of permits blocks until they are free; here the limit is lower at
//!   once, and in use until the calls have left.
//! - Time moves on only by the calls: [`Bulkhead::on_deadline`] tells whose longest wait is over, none is woken
//!   without it.

mod config;
mod decision;
mod limit;
mod look;
mod slots;
mod state;

pub use config::*;
pub use decision::{Admission, Entry, LimitChange, Outcome, Permit, Place, Refusal, Release, TimedOut};
pub use look::{BulkheadView, Waiter};
pub use state::Bulkhead;
