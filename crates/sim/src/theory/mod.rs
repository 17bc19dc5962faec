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

mod erlang;
mod general;
mod markov;
mod supermarket;

pub use erlang::{erlang_b, erlang_c, offered_for_blocking};
pub use general::{Mg1, Moments};
pub use markov::{Mm1, Mmc, Mmck};
pub use supermarket::Supermarket;

use sandtable_patterns::Shown;
use thiserror::Error;

/// The most servers or places a function accepts: each costs one step of a recurrence.
pub const MAX_SERVERS: u32 = 1_000_000;

/// Why a formula has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum TheoryError {
    /// The offered load reaches or exceeds the capacity: the queue grows without end.
    #[error("no steady state: the utilisation would be {}, and must stay below 1", Shown(*.utilisation))]
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
mod tests;
