use std::time::Duration;

use super::RetryConfig;
use crate::time::nanos_from_millis;
use crate::{ConfigError, Instant, check_all};

/// Parts of a window; the oldest is forgotten at a time (as in Finagle's leaky token bucket).
const PARTS: usize = 10;
/// One retry, in the unit of the counts: a thousandth of a per cent of a request.
const RETRY: i64 = 100_000;

/// A budget for the retries of many requests: how many there may be for the requests that were made.
///
/// At each retry, those of the window that ends with it, itself included, come to no more than the share of the
/// window's requests and the reserve. A window is ten parts, the last of which is under way. Whole numbers
/// throughout; they saturate.
#[derive(Clone, Debug)]
pub struct RetryBudget {
    start: Instant,
    part: Duration,
    /// What a request earns.
    deposit: i64,
    reserve: i64,
    /// Earned less spent, by part; a part's place is its number modulo their number.
    parts: [i64; PARTS],
    /// The number of the part that is under way, as of the last change.
    current: u64,
}

impl RetryBudget {
    /// A budget with its reserve alone, after the fields of the configuration that begin with `budget_`.
    ///
    /// # Errors
    /// Every mistake of the configuration, with its path.
    pub fn try_new(config: &RetryConfig, now: Instant) -> Result<Self, Vec<ConfigError>> {
        check_all(config)?;
        Ok(Self::new(config, now))
    }

    /// From a configuration that has been checked.
    pub(super) fn new(config: &RetryConfig, now: Instant) -> Self {
        let window_s = config.budget_window_ms / 1_000.0;
        // `as` saturates, which is what is wanted.
        let parts_of_retry = |number: f64| (number * RETRY as f64).round() as i64;
        Self {
            start: now,
            part: Duration::from_nanos((nanos_from_millis(config.budget_window_ms) / PARTS as u64).max(1)),
            deposit: parts_of_retry(config.budget_percent / 100.0),
            reserve: parts_of_retry(config.budget_min_per_s * window_s),
            parts: [0; PARTS],
            current: 0,
        }
    }

    /// A request was made for the first time; its retries are none.
    pub fn deposit(&mut self, now: Instant) {
        self.add(now, self.deposit);
    }

    /// Takes one retry, if there is one.
    #[must_use]
    pub fn try_withdraw(&mut self, now: Instant) -> bool {
        let enough = self.balance_at(now) >= RETRY;
        if enough {
            self.add(now, -RETRY);
        }
        enough
    }

    /// Retries that could be made at once; below 0 when requests have been forgotten before the retries they paid.
    pub fn balance(&self, now: Instant) -> f64 {
        self.balance_at(now) as f64 / RETRY as f64
    }

    fn balance_at(&self, now: Instant) -> i64 {
        let passed = (self.part_at(now) - self.current).min(PARTS as u64) as usize;
        let kept = (0..PARTS - passed).map(|back| self.parts[(place(self.current) + PARTS - back) % PARTS]);
        kept.fold(self.reserve, i64::saturating_add)
    }

    fn add(&mut self, now: Instant, amount: i64) {
        let part = self.part_at(now);
        for forgotten in 1..=(part - self.current).min(PARTS as u64) {
            self.parts[place(self.current + forgotten)] = 0;
        }
        self.current = part;
        let count = &mut self.parts[place(part)];
        *count = count.saturating_add(amount);
    }

    /// The number of the part in which `now` falls; a moment before the last change counts as that.
    fn part_at(&self, now: Instant) -> u64 {
        let nanos = now.since(self.start).as_nanos() / self.part.as_nanos();
        (nanos as u64).max(self.current)
    }
}

const fn place(part: u64) -> usize {
    (part % PARTS as u64) as usize
}
