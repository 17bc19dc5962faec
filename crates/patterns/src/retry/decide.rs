use std::time::Duration;

use rand_core::Rng;

use super::{Backoff, Jitter, RetryBudget, RetryConfig};
use crate::time::{nanos_from_millis, nanos_of};
use crate::{ConfigError, Instant, check_all};

/// What becomes of a call that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum RetryDecision {
    /// It is tried again after this time. The budget, if there is one, has been charged.
    After(Duration),
    /// It is not tried again.
    GiveUp(GiveUp),
}

/// Why a call is not tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiveUp {
    /// It was tried as often as it may be.
    AttemptsUsedUp,
    /// There have been as many retries as the budget allows for the requests made.
    BudgetEmpty,
}

/// A caller's way of trying again. See the [module](super) for an example.
#[derive(Clone, Debug)]
pub struct Retry {
    attempts: u32,
    backoff: Backoff,
    jitter: Jitter,
    factor: f64,
    base_ns: u64,
    max_ns: u64,
    budget: Option<RetryBudget>,
}

impl Retry {
    /// A policy with its own budget, where the configuration asks for one.
    ///
    /// # Errors
    /// Every mistake of the configuration, with its path.
    pub fn try_new(config: &RetryConfig, now: Instant) -> Result<Self, Vec<ConfigError>> {
        check_all(config)?;
        Ok(Self {
            attempts: config.attempts,
            backoff: config.backoff,
            jitter: config.jitter,
            factor: config.factor,
            base_ns: nanos_from_millis(config.base_ms),
            max_ns: nanos_from_millis(config.max_ms),
            budget: config.budget.then(|| RetryBudget::new(config, now)),
        })
    }

    /// A request is made for the first time, which earns the budget its share.
    pub fn on_request(&mut self, now: Instant) {
        if let Some(budget) = &mut self.budget {
            budget.deposit(now);
        }
    }

    /// Whether to try again after `attempt` attempts have failed, the first one included, and when.
    /// `previous_delay` is the delay before the last attempt, zero if that was the first; only decorrelated jitter
    /// asks for it. One number is drawn where there is jitter and another attempt, none otherwise.
    pub fn decide<R: Rng + ?Sized>(
        &mut self,
        now: Instant,
        rng: &mut R,
        attempt: u32,
        previous_delay: Duration,
    ) -> RetryDecision {
        if attempt >= self.attempts {
            return RetryDecision::GiveUp(GiveUp::AttemptsUsedUp);
        }
        if let Some(budget) = &mut self.budget
            && !budget.try_withdraw(now)
        {
            return RetryDecision::GiveUp(GiveUp::BudgetEmpty);
        }
        RetryDecision::After(self.delay(rng, attempt, previous_delay))
    }

    /// The delay after `attempt` failed attempts, without a look at the budget or the number of attempts. The
    /// arguments are those of [`Retry::decide`].
    pub fn delay<R: Rng + ?Sized>(&self, rng: &mut R, attempt: u32, previous_delay: Duration) -> Duration {
        let (least, most) = self.range(attempt, previous_delay);
        let nanos = if self.jitter == Jitter::None { most } else { between(rng, least, most) };
        Duration::from_nanos(nanos.min(self.max_ns))
    }

    /// The shortest and the longest delay that [`Retry::delay`] may give.
    pub fn delay_bounds(&self, attempt: u32, previous_delay: Duration) -> (Duration, Duration) {
        let (least, most) = self.range(attempt, previous_delay);
        let capped = |nanos: u64| Duration::from_nanos(nanos.min(self.max_ns));
        (capped(least), capped(most))
    }

    /// The budget, if there is one.
    pub const fn budget(&self) -> Option<&RetryBudget> {
        self.budget.as_ref()
    }

    /// Where the delay is drawn from, in nanoseconds. Decorrelated delays are drawn first and capped afterwards, as in
    /// the source, so that many of them are the longest.
    fn range(&self, attempt: u32, previous_delay: Duration) -> (u64, u64) {
        match self.jitter {
            Jitter::None => {
                let delay = self.backoff(attempt);
                (delay, delay)
            }
            Jitter::Full => (0, self.backoff(attempt)),
            Jitter::Decorrelated => {
                let previous = nanos_of(previous_delay);
                (self.base_ns, previous.max(self.base_ns).saturating_mul(3))
            }
        }
    }

    /// The delay after so many failed attempts, without jitter and with the cap.
    fn backoff(&self, attempt: u32) -> u64 {
        let failed = attempt.max(1);
        let delay = match self.backoff {
            Backoff::Constant => self.base_ns,
            Backoff::Linear => self.base_ns.saturating_mul(u64::from(failed)),
            // Zero times an infinite power would not be a number; it becomes 0 here.
            Backoff::Exponential => (self.base_ns as f64 * libm::pow(self.factor, f64::from(failed - 1))) as u64,
        };
        delay.min(self.max_ns)
    }
}

/// A whole number from `least` to `most`, both included, from one draw.
fn between<R: Rng + ?Sized>(rng: &mut R, least: u64, most: u64) -> u64 {
    let numbers = u128::from(most.saturating_sub(least)) + 1;
    least + ((u128::from(rng.next_u64()) * numbers) >> 64) as u64
}
