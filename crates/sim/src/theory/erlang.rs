//! Erlang's two formulas.

use super::{TheoryError, check_not_negative, check_servers, check_some_servers};

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
/// At and beyond capacity the answer is 1, its limit: in the long run everyone waits. Use [`Mmc`](super::Mmc) where such a
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
