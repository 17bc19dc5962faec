//! Sequences of operations on a retry policy with its budget: delays within their bounds, attempts within their
//! number, and never more retries than requests and reserve pay for.
#![no_main]

#[path = "shared/drawing.rs"]
mod drawing;

use std::time::Duration;

use arbitrary::{Result, Unstructured};
use drawing::draw;
use libfuzzer_sys::fuzz_target;
use rand_core::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use sandtable_patterns::Instant;
use sandtable_patterns::retry::{GiveUp, Jitter, Retry, RetryConfig, RetryDecision};

const MOST_OPS: usize = 300;

fuzz_target!(|bytes: &[u8]| {
    let _ = rehearse(&mut Unstructured::new(bytes));
});

struct Rehearsal {
    config: RetryConfig,
    retry: Retry,
    rng: Xoshiro256PlusPlus,
    now: Instant,
    /// Requests and retries so far, in all.
    requests: f64,
    retries: f64,
    started: Instant,
    latest: Instant,
}

fn rehearse(u: &mut Unstructured<'_>) -> Result<()> {
    let config: RetryConfig = draw(u, "RetryConfig")?;
    let started = Instant::from_nanos(if u.arbitrary()? { u.arbitrary()? } else { 0 });
    let Ok(retry) = Retry::try_new(&config, started) else { return Ok(()) };
    let rng = Xoshiro256PlusPlus::seed_from_u64(u.arbitrary()?);
    let (now, latest) = (started, started);
    let mut rehearsal = Rehearsal { config, retry, rng, now, requests: 0.0, retries: 0.0, started, latest };
    for _ in 0..MOST_OPS {
        if u.is_empty() {
            break;
        }
        rehearsal.step(u)?;
        rehearsal.look();
    }
    Ok(())
}

impl Rehearsal {
    fn step(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        match u.int_in_range(0..=7)? {
            0 | 1 => {
                self.retry.on_request(self.now);
                self.requests += 1.0;
                self.latest = self.latest.max(self.now);
            }
            2..=4 => {
                let attempt = if u.ratio(1, 8)? { u.arbitrary()? } else { u.int_in_range(0..=4)? };
                let previous = Duration::from_nanos(if u.arbitrary()? { u.arbitrary()? } else { 0 });
                self.decide(attempt, previous);
            }
            5 | 6 => self.now = self.now + Duration::from_millis(u.int_in_range(0..=3_000)?),
            _ => self.now = Instant::from_nanos(u.arbitrary()?),
        }
        Ok(())
    }

    fn decide(&mut self, attempt: u32, previous: Duration) {
        let balance = self.retry.budget().map(|budget| budget.balance(self.now));
        let (shortest, longest) = self.retry.delay_bounds(attempt, previous);
        match self.retry.decide(self.now, &mut self.rng, attempt, previous) {
            RetryDecision::After(delay) => {
                assert!(attempt < self.config.attempts && balance.is_none_or(|balance| balance >= 1.0));
                assert!(shortest <= delay && delay <= longest);
                assert!(self.config.jitter != Jitter::None || shortest == longest);
                assert!(longest.as_secs_f64() * 1e3 <= self.config.max_ms + 1e-6);
                self.retries += 1.0;
                self.latest = self.latest.max(self.now);
            }
            RetryDecision::GiveUp(GiveUp::AttemptsUsedUp) => assert!(attempt >= self.config.attempts),
            RetryDecision::GiveUp(GiveUp::BudgetEmpty) => assert!(balance.is_some_and(|balance| balance < 1.0)),
        }
    }

    /// Over everything, the retries come to no more than the share of all requests and one reserve for each window
    /// begun.
    fn look(&self) {
        let Some(budget) = self.retry.budget() else { return };
        let before = format!("{budget:?}");
        for at in [self.now, Instant::ZERO, Instant::FAR_FUTURE] {
            assert_eq!(budget.balance(at), budget.balance(at));
        }
        assert_eq!(before, format!("{budget:?}"), "looking changes nothing");
        // A window is ten parts of whole nanoseconds.
        let part = (self.config.budget_window_ms * 1e6).round() as u128 / 10;
        let windows = (1 + self.latest.since(self.started).as_nanos() / part / 10) as f64;
        let reserve = self.config.budget_min_per_s * self.config.budget_window_ms / 1e3;
        let allowed = self.requests * self.config.budget_percent / 100.0 + windows * reserve;
        // What a request and a window earn is rounded to a 100,000th of a retry.
        let rounding = 1e-5 * (self.requests + windows) + 1e-9 * allowed;
        assert!(self.retries <= allowed + rounding, "{} of {allowed}", self.retries);
    }
}
