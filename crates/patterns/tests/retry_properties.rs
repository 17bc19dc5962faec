//! Delays against their formulas, and the budget against a list of everything that ever happened.

#![allow(clippy::unwrap_used)] // Where a test can't go on it should stop.

use std::convert::Infallible;
use std::time::Duration;

use proptest::prelude::*;
use rand_core::{Rng, SeedableRng, TryRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use sandtable_patterns::Instant;
use sandtable_patterns::retry::{Backoff, GiveUp, Jitter, Retry, RetryBudget, RetryConfig, RetryDecision};

fn rng() -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(7)
}

/// Draws the same number again and again.
struct Always(u64);

impl TryRng for Always {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("delays are drawn from 64 bits")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
        unreachable!("delays are drawn from 64 bits")
    }
}

fn delays() -> impl Strategy<Value = RetryConfig> {
    let kinds = (prop::sample::select(Backoff::ALL), prop::sample::select(Jitter::ALL));
    let numbers = (0..=600_000_u32, 0..=3_600_000_u32, 100..=1_000_u32, 1..=100_u32);
    (kinds, numbers).prop_map(|((backoff, jitter), (base, max, factor, attempts))| RetryConfig {
        attempts,
        backoff,
        jitter,
        base_ms: f64::from(base),
        max_ms: f64::from(max),
        factor: f64::from(factor) / 100.0,
        ..Default::default()
    })
}

fn attempt() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 0..12_u32, 1 => any::<u32>(), 1 => Just(u32::MAX)]
}

/// The delay before the cap, in ms, one multiplication after the other.
fn uncapped(config: &RetryConfig, attempt: u32) -> f64 {
    let failed = attempt.max(1);
    match config.backoff {
        Backoff::Constant => config.base_ms,
        Backoff::Linear => config.base_ms * f64::from(failed),
        // A thousand steps are past any cap, but where nothing grows.
        Backoff::Exponential => (1..failed.min(1_000)).fold(config.base_ms, |delay, _| delay * config.factor),
    }
}

/// Off by the rounding of a few multiplications, and by the nanosecond to which delays are rounded down.
fn near(found: Duration, expected_ms: f64) -> bool {
    let found = found.as_nanos() as f64;
    (found - expected_ms * 1e6).abs() <= 1.0 + found * 1e-11
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn delays_keep_to_their_formula_and_never_pass_the_cap(
        config in delays(),
        attempt in attempt(),
        previous in prop_oneof![0..10_000_000_000_u64, any::<u64>()],
        draws in any::<u64>(),
    ) {
        let retry = Retry::try_new(&config, Instant::ZERO).unwrap();
        let previous = Duration::from_nanos(previous);
        let shortest = retry.delay(&mut Always(0), attempt, previous);
        let longest = retry.delay(&mut Always(u64::MAX), attempt, previous);
        prop_assert_eq!((shortest, longest), retry.delay_bounds(attempt, previous));
        let previous_ms = previous.as_nanos() as f64 / 1e6;
        let (least, most) = match config.jitter {
            Jitter::None => (uncapped(&config, attempt), uncapped(&config, attempt)),
            Jitter::Full => (0.0, uncapped(&config, attempt)),
            Jitter::Decorrelated => (config.base_ms, config.base_ms.max(previous_ms) * 3.0),
        };
        prop_assert!(near(shortest, least.min(config.max_ms)), "{shortest:?} for {least}");
        prop_assert!(near(longest, most.min(config.max_ms)), "{longest:?} for {most}");
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(draws);
        for _ in 0..20 {
            let delay = retry.delay(&mut rng, attempt, previous);
            prop_assert!(shortest <= delay && delay <= longest);
            prop_assert!(near(delay.min(Duration::from_nanos((config.max_ms * 1e6) as u64)), delay.as_secs_f64() * 1e3));
            prop_assert!(delay.as_nanos() as f64 <= config.max_ms * 1e6);
        }
    }

    #[test]
    fn a_call_is_tried_as_often_as_it_may_be_and_chance_is_asked_only_where_it_matters(config in delays()) {
        let mut retry = Retry::try_new(&config, Instant::ZERO).unwrap();
        let (mut rng, mut untouched) = (rng(), rng());
        let mut delay = Duration::ZERO;
        for attempt in 1..config.attempts {
            let decision = retry.decide(Instant::ZERO, &mut rng, attempt, delay);
            let RetryDecision::After(next) = decision else { panic!("attempt {attempt} is not the last") };
            delay = next;
            if config.jitter != Jitter::None {
                untouched.next_u64();
            }
        }
        for attempt in [config.attempts, u32::MAX] {
            let decision = retry.decide(Instant::ZERO, &mut rng, attempt, delay);
            prop_assert_eq!(decision, RetryDecision::GiveUp(GiveUp::AttemptsUsedUp));
        }
        prop_assert_eq!(rng.next_u64(), untouched.next_u64());
    }
}

#[derive(Clone, Debug)]
enum Op {
    Deposit(u32),
    Withdraw(u32),
    Wait(u64),
    /// A report that comes late.
    Back(u64),
}

fn budget_op() -> impl Strategy<Value = Op> {
    prop_oneof![
        5 => (0..20_u32).prop_map(Op::Deposit),
        5 => (0..10_u32).prop_map(Op::Withdraw),
        5 => (0..300_u64).prop_map(Op::Wait),
        1 => (0..3_000_u64).prop_map(Op::Wait),
        1 => (0..500_u64).prop_map(Op::Back),
    ]
}

/// Everything that ever happened: the part of the window in which it did, the requests and the retries.
struct History {
    /// Of a retry, in thousandths of a per cent.
    share: i64,
    reserve: i64,
    events: Vec<(u64, i64, i64)>,
}

impl History {
    const RETRY: i64 = 100_000;

    /// Requests and retries in the ten parts that end with this one.
    fn window(&self, part: u64) -> (i64, i64) {
        let within = self.events.iter().filter(|(at, _, _)| *at <= part && *at + 10 > part);
        within.fold((0, 0), |(requests, retries), event| (requests + event.1, retries + event.2))
    }

    fn balance(&self, part: u64) -> i64 {
        let (requests, retries) = self.window(part);
        self.reserve + requests * self.share - retries * Self::RETRY
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn the_budget_agrees_with_a_list_of_everything_and_never_passes_its_share(
        percent in prop_oneof![0..100_001_i64, Just(60_000), Just(33_333)],
        min_per_s in 0..8_u32,
        start in 0..5_000_u64,
        ops in prop::collection::vec(budget_op(), 0..60),
    ) {
        // A window of 1,000 ms, in ten parts of 100 ms.
        let config = RetryConfig {
            budget_percent: percent as f64 / 1_000.0,
            budget_min_per_s: f64::from(min_per_s),
            budget_window_ms: 1_000.0,
            ..Default::default()
        };
        let at = |millis: u64| Instant::ZERO + Duration::from_millis(millis);
        let mut budget = RetryBudget::try_new(&config, at(start)).unwrap();
        let mut history = History { share: percent, reserve: i64::from(min_per_s) * History::RETRY, events: Vec::new() };
        let mut now = start;
        for op in &ops {
            let newest = history.events.last().map_or(0, |event| event.0);
            let part = (now.saturating_sub(start) / 100).max(newest);
            match *op {
                Op::Deposit(times) => (0..times).for_each(|_| {
                    budget.deposit(at(now));
                    history.events.push((part, 1, 0));
                }),
                Op::Withdraw(times) => for _ in 0..times {
                    let allowed = history.balance(part) >= History::RETRY;
                    prop_assert_eq!(budget.try_withdraw(at(now)), allowed);
                    if allowed {
                        history.events.push((part, 0, 1));
                    }
                },
                Op::Wait(millis) => now += millis,
                Op::Back(millis) => now = now.saturating_sub(millis),
            }
            let before = format!("{budget:?}");
            let newest = history.events.last().map_or(0, |event| event.0);
            let part = (now.saturating_sub(start) / 100).max(newest);
            prop_assert_eq!(budget.balance(at(now)), history.balance(part) as f64 / History::RETRY as f64);
            prop_assert_eq!(before, format!("{budget:?}"), "looking changes nothing");
        }
        // Retries ≤ share × requests + reserve: in the window that ends with a retry; in any other, with the requests
        // of the ten parts before it; and over everything, window by window.
        let last = history.events.last().map_or(0, |event| event.0);
        for part in 0..=last {
            let (mut requests, retries) = history.window(part);
            let ends_with_retry = history.events.iter().any(|event| event.0 == part && event.2 > 0);
            if let Some(before) = part.checked_sub(10).filter(|_| !ends_with_retry) {
                requests += history.window(before).0;
            }
            prop_assert!(retries * History::RETRY <= requests * history.share + history.reserve);
        }
        let requests: i64 = history.events.iter().map(|event| event.1).sum();
        let retries: i64 = history.events.iter().map(|event| event.2).sum();
        let windows = last as i64 / 10 + 1;
        prop_assert!(retries * History::RETRY <= requests * history.share + windows * history.reserve);
    }

    #[test]
    fn a_share_is_exactly_that_share(percent in 0..=1_000_u32) {
        let config = RetryConfig {
            budget_percent: f64::from(percent),
            budget_min_per_s: 0.0,
            ..Default::default()
        };
        let mut budget = RetryBudget::try_new(&config, Instant::ZERO).unwrap();
        (0..100).for_each(|_| budget.deposit(Instant::ZERO));
        let retries = (0..2_000).filter(|_| budget.try_withdraw(Instant::ZERO)).count();
        prop_assert_eq!(retries, percent as usize);
    }

    #[test]
    fn extreme_times_and_amounts_saturate(nanos in any::<u64>(), window in 10..=3_600_000_u32) {
        let config = RetryConfig {
            budget_percent: 1_000.0,
            budget_min_per_s: 1_000_000.0,
            budget_window_ms: f64::from(window),
            ..Default::default()
        };
        let mut budget = RetryBudget::try_new(&config, Instant::from_nanos(nanos)).unwrap();
        for now in [Instant::ZERO, Instant::from_nanos(nanos), Instant::FAR_FUTURE, Instant::ZERO] {
            budget.deposit(now);
            prop_assert!(budget.try_withdraw(now));
            prop_assert!(budget.balance(now) >= 0.0);
        }
    }
}

#[test]
fn a_service_that_answers_nothing_gets_the_requests_and_the_budgets_share_and_no_more() {
    let config = RetryConfig {
        attempts: 10,
        budget: true,
        budget_percent: 20.0,
        budget_min_per_s: 1.0,
        budget_window_ms: 10_000.0,
        ..Default::default()
    };
    let mut retry = Retry::try_new(&config, Instant::ZERO).unwrap();
    let mut rng = rng();
    let (mut sent, mut empty) = (0, 0);
    // 100 requests a second for 60 seconds.
    for request in 0..6_000_u32 {
        let now = Instant::from_millis_f64(f64::from(request) * 10.0);
        retry.on_request(now);
        for attempt in 1.. {
            sent += 1;
            match retry.decide(now, &mut rng, attempt, Duration::ZERO) {
                RetryDecision::After(_) => {}
                RetryDecision::GiveUp(GiveUp::AttemptsUsedUp) => break,
                RetryDecision::GiveUp(GiveUp::BudgetEmpty) => {
                    empty += 1;
                    break;
                }
            }
        }
    }
    // 6,000 and a fifth of them, and the reserve of ten for each of six windows; without a budget it were 60,000.
    assert!((7_200..=7_260).contains(&sent), "{sent}");
    assert!(empty > 4_000, "{empty}");
}

#[test]
fn requests_are_forgotten_after_the_window_and_so_are_retries() {
    let config =
        RetryConfig { budget_percent: 100.0, budget_min_per_s: 1.0, budget_window_ms: 1_000.0, ..Default::default() };
    let at = Instant::from_millis_f64;
    let mut budget = RetryBudget::try_new(&config, at(0.0)).unwrap();
    budget.deposit(at(0.0));
    assert_eq!(budget.balance(at(999.0)), 2.0);
    assert!(budget.try_withdraw(at(500.0)) && budget.try_withdraw(at(500.0)));
    assert!(!budget.try_withdraw(at(999.0)));
    // The request is forgotten before the retry that it paid.
    assert_eq!(budget.balance(at(1_000.0)), -1.0);
    assert_eq!(budget.balance(at(1_500.0)), 1.0);
}

#[test]
fn full_jitter_is_spread_evenly() {
    let config = RetryConfig { backoff: Backoff::Constant, base_ms: 100.0, jitter: Jitter::Full, ..Default::default() };
    let retry = Retry::try_new(&config, Instant::ZERO).unwrap();
    let mut rng = rng();
    let mut tenths = [0_u32; 10];
    for _ in 0..100_000 {
        let delay = retry.delay(&mut rng, 1, Duration::ZERO);
        tenths[(delay.as_millis() as usize / 10).min(9)] += 1;
    }
    // Binomial with n = 100,000 and p = 0.1: a standard deviation of 95, of which six are allowed.
    assert!(tenths.iter().all(|count| count.abs_diff(10_000) < 570), "{tenths:?}");
}

#[test]
fn mistakes_are_told_with_their_bounds() {
    let config = RetryConfig { attempts: 0, factor: 0.5, ..Default::default() };
    let told: Vec<String> =
        Retry::try_new(&config, Instant::ZERO).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(told, ["attempts: found 0; allowed: 1 to 100", "factor: found 0.5; allowed: 1 to 10"]);
    assert!(RetryBudget::try_new(&config, Instant::ZERO).is_err());
}
