//! The least busy of a few queues drawn at random.

use super::{TheoryError, check_not_negative, check_stable};

/// The supermarket model: each arrival joins the shortest of `choices` queues drawn at random, among very many
/// servers with exponential service.
///
/// The fixed point for infinitely many servers; a few dozen come within some percent of it. One choice is
/// plain random balancing, so every server is an M/M/1 queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Supermarket {
    load: f64,
    choices: u32,
}

impl Supermarket {
    /// For a `load` per server (arrivals per server times the mean service time), 0 ≤ `load` < 1.
    ///
    /// # Errors
    /// [`TheoryError::Unstable`] from a load of 1 on; [`TheoryError::OutOfRange`] for senseless input.
    pub fn new(load: f64, choices: u32) -> Result<Self, TheoryError> {
        check_not_negative("load per server", load)?;
        if choices == 0 {
            return Err(TheoryError::OutOfRange { what: "choices", allowed: "at least 1" });
        }
        check_stable(load)?;
        Ok(Self { load, choices })
    }

    /// Share of the servers with at least `i` requests: load^((dⁱ − 1) / (d − 1)), and 1 for `i` = 0.
    pub fn tail(&self, i: u32) -> f64 {
        if i == 0 { 1.0 } else { self.tails().nth(i as usize - 1).unwrap_or(0.0) }
    }

    /// The tails from i = 1 on, as far as they are greater than 0 in double precision.
    pub fn tails(&self) -> impl Iterator<Item = f64> + use<> {
        let (load, choices) = (self.load, f64::from(self.choices));
        // The exponents 1, 1 + d, 1 + d + d², … need not be exact past 2⁵³: only their ratio to the last place counts.
        std::iter::successors(Some(1.0), move |exponent| Some(exponent * choices + 1.0))
            .map(move |exponent| libm::pow(load, exponent))
            .take_while(|&share| share > 0.0)
    }

    /// Mean time from arrival to end of service, as a multiple of the mean service time.
    pub fn mean_response_services(&self) -> f64 {
        if self.choices == 1 {
            return 1.0 / (1.0 - self.load);
        }
        if self.load == 0.0 {
            return 1.0;
        }
        // Little's law: the mean number at a server is the sum of the tails.
        self.tails().sum::<f64>() / self.load
    }
}
