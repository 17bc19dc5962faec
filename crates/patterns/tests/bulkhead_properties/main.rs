//! Random sequences of calls against a slow and obviously right model: lists of those under way and of those who
//! wait, gone through from the beginning each time. And what adaptive limits do under loads whose answer is known.

#![allow(clippy::unwrap_used)] // Where a test can't go on it should stop.

mod limits;
mod rehearsal;

use std::time::Duration;

use proptest::prelude::*;
use rehearsal::{Op, Rehearsal, config, op};
use sandtable_patterns::Instant;
use sandtable_patterns::bulkhead::{Bulkhead, BulkheadConfig, BulkheadPreset, Entry, LimitKind, Outcome};

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_calls_agrees_with_the_model(config in config(), ops in prop::collection::vec(op(), 0..150)) {
        let mut rehearsal = Rehearsal::new(config);
        rehearsal.compare();
        for op in &ops {
            let before = rehearsal.in_flight();
            rehearsal.step(op);
            let after = rehearsal.in_flight();
            // After the limit has shrunk more may be under way, but nobody new.
            prop_assert!(after <= before || after <= rehearsal.limit as usize);
        }
        rehearsal.leave();
    }

    /// The model of a plain semaphore with nothing told late: who gets in doesn't depend on when deadlines are
    /// reported.
    #[test]
    fn reporting_deadlines_early_or_late_decides_nothing(
        config in config(),
        ops in prop::collection::vec(op(), 0..80),
    ) {
        let fates = |eager: bool| {
            let mut rehearsal = Rehearsal::new(config.clone());
            for op in &ops {
                if eager {
                    rehearsal.step(&Op::TellTimedOut);
                }
                // Told late, a deadline that was waited for would be another moment.
                if !matches!(op, Op::WaitForDeadline) {
                    rehearsal.step(op);
                }
            }
            (rehearsal.fates, rehearsal.limit)
        };
        prop_assert_eq!(fates(true), fates(false));
    }

    #[test]
    fn extreme_values_saturate(
        max in any::<u32>(),
        nanos in any::<u64>(),
        wait in any::<u64>(),
        latency in any::<u64>(),
        kind in prop::sample::select(LimitKind::ALL),
    ) {
        let config = BulkheadConfig { limit: kind, sample_ms: 0.0, ..Default::default() };
        let mut bulkhead = Bulkhead::try_new(&config, Instant::ZERO).unwrap();
        let now = Instant::from_nanos(nanos);
        bulkhead.resize(now, max);
        for caller in 0..30 {
            if let Entry::Admit(permit) = bulkhead.try_acquire_within(now, caller, Some(Duration::from_secs(wait))) {
                let _ = bulkhead.on_release(now, permit, Outcome::Succeeded, Duration::from_secs(latency));
            }
        }
        let view = bulkhead.view(Instant::FAR_FUTURE);
        prop_assert!(view.limit <= max && view.estimate.is_finite());
        prop_assert_eq!(view.in_flight, 0);
    }
}

#[test]
fn presets_are_valid_and_refuse_at_once_as_their_libraries_do() {
    for preset in BulkheadPreset::ALL {
        let config = preset.config();
        let mut bulkhead = Bulkhead::try_new(&config, Instant::ZERO).unwrap();
        let entries = (0..=config.max_concurrent).map(|caller| bulkhead.try_acquire(Instant::ZERO, caller.into()));
        let admitted = entries.filter(|entry| entry.permit().is_some()).count() as u32;
        assert_eq!((admitted, bulkhead.view(Instant::ZERO).refused), (config.max_concurrent, 1), "{preset:?}");
    }
}

#[test]
fn mistakes_are_told_with_their_bounds() {
    let config = BulkheadConfig { max_wait_ms: Some(-1.0), backoff: f64::NAN, ..Default::default() };
    let errors = Bulkhead::try_new(&config, Instant::ZERO).unwrap_err();
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["max_wait_ms: found -1; allowed: 0 to 3600000", "backoff: found NaN; allowed: 0.1 to 0.99"]);
}
