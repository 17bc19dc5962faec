//! Random sequences of operations on a breaker against a slow and obviously right model.
//!
//! Each test draws a configuration out of all the options and a sequence of operations, drives the breaker by them,
//! and after each operation compares all that can be seen with the model, which counts everything again.

#![allow(clippy::unwrap_used)] // Where a test can't go on it should stop.

mod model;
mod operations;

use std::time::Duration;

use model::Model;
use operations::{Bench, Ending, Happened, Op};
use proptest::prelude::*;
use sandtable_patterns::Instant;
use sandtable_patterns::breaker::{
    Admission, AfterWait, Breaker, BreakerConfig, BreakerPreset, BucketStart, Cause, Cell, Command, CountedFrom,
    Counts, HalfOpens, Judged, LateAnswers, Outcome, RateRounding, State, Transition, TrialLimit, TrialRule, TripRule,
    WaitEnd, WindowExpiry, WindowKind,
};

fn ending() -> impl Strategy<Value = Ending> {
    prop_oneof![4 => Just(Ending::Failure), 4 => Just(Ending::Success), 1 => Just(Ending::Ignored)]
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        Just(Command::Close),
        Just(Command::Reset),
        Just(Command::Open),
        (0..300_u64).prop_map(|ms| Command::OpenFor(Duration::from_millis(ms))),
        Just(Command::HalfOpen),
        Just(Command::ForceOpen),
        Just(Command::Disable),
        Just(Command::MeasureOnly),
    ]
}

/// Times on the whole and half hundred milliseconds meet the edges of waits and buckets, a nanosecond more or less
/// passes them by.
fn wait() -> impl Strategy<Value = u64> {
    prop_oneof![
        6 => (0..10_u64).prop_map(|step| step * 50_000_000),
        2 => Just(1),
        1 => (0..10_u64).prop_map(|step| step * 50_000_000 + 49_999_999),
        1 => 0..2_000_000_000_u64,
    ]
}

fn op() -> impl Strategy<Value = Op> {
    // Slow is what takes longer than 100 ms.
    let took = || prop_oneof![3 => 0..200_u16, 1 => Just(100), 1 => Just(101)];
    prop_oneof![
        30 => Just(Op::Acquire),
        24 => (any::<u8>(), ending(), took()).prop_map(|(call, ending, took_ms)| Op::Answer { call, ending, took_ms }),
        2 => (any::<u8>(), ending()).prop_map(|(call, ending)| Op::AnswerAgain { call, ending }),
        2 => (ending(), took()).prop_map(|(ending, took_ms)| Op::Unasked { ending, took_ms }),
        12 => wait().prop_map(|nanos| Op::Wait { nanos }),
        6 => Just(Op::UntilPromise),
        3 => Just(Op::UntilDeadline),
        4 => Just(Op::Wake),
        2 => command().prop_map(Op::Command),
    ]
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec(op(), 1..120)
}

fn pick<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

fn config() -> impl Strategy<Value = BreakerConfig> {
    let trip = (pick(TripRule::ALL), 1..5_u32, 0..11_u32, 1..7_u32, pick(Judged::ALL), pick(RateRounding::ALL));
    let window = (pick(WindowKind::ALL), 1..9_u32, 1..5_u32, pick(BucketStart::ALL), pick(WindowExpiry::ALL));
    let slow = (any::<bool>(), 0..11_u32, pick(CountedFrom::ALL), pick(LateAnswers::ALL), any::<bool>());
    let waits = (pick(&[0.0, 100.0, 250.0]), pick(&[1.0, 1.5, 2.0]), pick(&[50.0, 150.0, 1_000.0]));
    let opens = (waits, pick(WaitEnd::ALL), pick(HalfOpens::ALL), pick(&[0.0, 0.0, 100.0, 300.0]), any::<bool>());
    let trials = (1..5_u32, 1..5_u32, pick(TrialLimit::ALL), pick(TrialRule::ALL), any::<bool>(), 0..5_u32);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (trip, window, slow, opens, trials, flags).prop_map(|(trip, window, slow, opens, trials, flags)| BreakerConfig {
        trip_rule: trip.0,
        failures: trip.1.min(window.1),
        failure_rate_percent: f64::from(trip.2 * 10),
        minimum_calls: trip.3,
        judged: trip.4,
        rate_rounding: trip.5,
        window: window.0,
        window_calls: window.1,
        window_ms: 100.0 * f64::from(window.2),
        window_buckets: window.2,
        bucket_start: window.3,
        window_expiry: window.4,
        slow_calls: slow.0,
        slow_call_ms: 100.0,
        slow_rate_percent: f64::from(slow.1 * 10),
        counted_from: slow.2,
        late_answers: slow.3,
        late_failures_prolong: slow.4,
        wait_ms: opens.0.0,
        wait_growth: opens.0.1,
        wait_ms_max: opens.0.2,
        wait_end: opens.1,
        half_opens: opens.2,
        half_open_ms_max: opens.3,
        window_kept: opens.4,
        trials: trials.0,
        // More than there are trial calls is a mistake only where they are counted.
        trial_successes: if trials.3 == TrialRule::Successes { trials.1.min(trials.0) } else { trials.1 },
        trial_limit: trials.2,
        trial_rule: trials.3,
        closing_trial_counts: trials.4,
        after_wait: if trials.5 == 0 { AfterWait::Closed } else { AfterWait::HalfOpen },
        commands_renew: flags.0,
        commands_strict: flags.1,
    })
}

fn bench(config: &BreakerConfig) -> Bench {
    let now = Instant::from_millis_f64(1_234.0);
    Bench::new(Breaker::try_new(config, now).unwrap(), now)
}

fn named(change: Option<Transition>) -> Option<(State, State)> {
    change.map(|change| (change.from, change.to))
}

/// Does the same to the model, and compares what both answered.
fn follow(model: &mut Model, bench: &Bench, happened: Happened) {
    let now = bench.now;
    let change = match happened {
        Happened::Nothing => return,
        Happened::Asked { admission, change } => {
            let (answer, changed) = model.ask(now);
            assert_eq!(named(change), changed);
            match admission {
                Admission::Admitted(permit) => assert_eq!(answer, Ok(permit.is_trial())),
                Admission::Refused(refusal) => assert_eq!(answer, Err(refusal.reason)),
            }
            change
        }
        Happened::Answered { call, ending, took, change } => {
            assert_eq!(named(change), model.answer(now, call, ending, took));
            change
        }
        Happened::Woke { change } => {
            assert_eq!(named(change), model.wake(now));
            change
        }
        Happened::Commanded { command, result } => {
            let result = result.map_err(|refused| assert_eq!(refused.command, command));
            assert_eq!(result.map(named), model.command(now, command));
            result.unwrap_or_default()
        }
    };
    if let Some(Transition { at, from, to, cause }) = change {
        assert_eq!(at, now);
        assert!(model::is_fitting(cause, from, to), "{cause:?} from {from:?} to {to:?}");
    }
}

/// The runs in a rolling window where calls count from their admission follow gobreaker, whose answers that come out
/// of order no simple rule describes; its own runs stand with the vectors.
fn without_runs(config: &BreakerConfig, mut counts: Counts) -> Counts {
    if config.window == WindowKind::Time && config.counted_from == CountedFrom::Admission {
        (counts.successes_in_a_row, counts.failures_in_a_row) = (0, 0);
    }
    counts
}

fn compare(model: &Model, bench: &Bench) {
    let (breaker, now) = (&bench.breaker, bench.now);
    let view = breaker.view(now);
    assert_eq!(view.state, model.state_at(now));
    assert_eq!(breaker.state_at(now), view.state);
    let config = breaker.config();
    assert_eq!(without_runs(config, view.counts), without_runs(config, model.counts_at(now)));
    assert_eq!((view.refused, view.openings, view.exceeded), (model.refused, model.openings, model.exceeded));
    if view.state == State::HalfOpen && model.state == State::HalfOpen && breaker.next_deadline().is_none() {
        if config.trial_limit != TrialLimit::OnePerWait {
            assert_eq!(view.trials.free, model.free);
        }
        assert_eq!(view.trials.answered, view.counts.answered());
    }
    recount(breaker, &view.counts, now);
}

/// The sums are those of the cells, wherever cells show the same moment as the sums.
fn recount(breaker: &Breaker, counts: &Counts, now: Instant) {
    if breaker.config().window_expiry == WindowExpiry::OnRecord {
        return;
    }
    let mut sum = [0; 4];
    for cell in breaker.cells(now) {
        let (failures, successes, slow_failures, slow_successes) = match cell {
            Cell::Call(outcome) => {
                let one = |is: Outcome| u64::from(outcome == is);
                let slow = [one(Outcome::SlowFailure), one(Outcome::SlowSuccess)];
                (one(Outcome::Failure) + slow[0], one(Outcome::Success) + slow[1], slow[0], slow[1])
            }
            Cell::Bucket { from, counts } => {
                assert!(from <= now || counts == Counts::default());
                (counts.failures, counts.successes, counts.slow_failures, counts.slow_successes)
            }
        };
        for (sum, part) in sum.iter_mut().zip([failures, successes, slow_failures, slow_successes]) {
            *sum += part;
        }
    }
    assert_eq!(sum, [counts.failures, counts.successes, counts.slow_failures, counts.slow_successes]);
}

/// The model can't tell apart what a rolling window's run of failures makes of answers out of order.
fn is_modelled(config: &BreakerConfig) -> bool {
    let runs = config.trip_rule == TripRule::Consecutive;
    !(runs && config.window == WindowKind::Time && config.counted_from == CountedFrom::Admission)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn it_does_what_the_model_does(config in config().prop_filter("modelled", is_modelled), ops in ops()) {
        let mut bench = bench(&config);
        let mut model = Model::new(&config, bench.now);
        for op in ops {
            let happened = bench.apply(op);
            follow(&mut model, &bench, happened);
            compare(&model, &bench);
        }
    }

    #[test]
    fn looking_changes_nothing(config in config(), ops in ops(), ahead in 0..3_000_000_000_u64) {
        let mut bench = bench(&config);
        for op in ops {
            bench.apply(op);
            let before = format!("{:?}", bench.breaker);
            for at in [bench.now, bench.now + Duration::from_nanos(ahead), Instant::FAR_FUTURE, Instant::ZERO] {
                let first = (bench.breaker.view(at), bench.breaker.cells(at), bench.breaker.state_at(at));
                let second = (bench.breaker.view(at), bench.breaker.cells(at), bench.breaker.state_at(at));
                prop_assert_eq!(first, second);
                bench.breaker.next_deadline();
            }
            prop_assert_eq!(before, format!("{:?}", bench.breaker));
        }
    }

    /// Told from the permits alone: of those given out in one stay in half-open, less the places given back.
    #[test]
    fn there_are_never_more_trials_than_allowed(config in config(), ops in ops()) {
        let mut bench = bench(&config);
        let (mut taken, mut last_trial, mut stay) = (0_i64, None::<Instant>, None::<usize>);
        let (mut wait, mut answered) = (Duration::from_millis(config.wait_ms as u64), vec![]);
        for op in ops {
            let happened = bench.apply(op);
            let (change, now) = (change_of(happened), bench.now);
            if change.is_some() {
                // A stay in half-open begins or ends; a trial that came with the beginning is the first of it.
                (taken, last_trial, stay) = (0, None, Some(bench.permits.len()));
            }
            if let Some(Transition { at, to: State::Open { retry_at }, .. }) = change {
                wait = retry_at - at;
            }
            if change.is_some_and(|change| matches!(change.cause, Cause::HalfOpenTooLong { .. }) && change.to == change.from)
            {
                // It was open in between, for no time at all.
                wait = Duration::ZERO;
            }
            match happened {
                Happened::Asked { admission: Admission::Admitted(permit), .. } if permit.is_trial() => {
                    if change.is_some() {
                        stay = Some(bench.permits.len() - 1);
                    }
                    taken += 1;
                    if config.trial_limit == TrialLimit::OnePerWait {
                        prop_assert!(last_trial.is_none_or(|last| now - last >= wait));
                        last_trial = Some(now);
                    } else {
                        prop_assert!(taken <= i64::from(config.trials), "{} trials", taken);
                    }
                }
                Happened::Answered { call, ending, .. } if change.is_none() => {
                    let first = call.is_none_or(|call| !answered.contains(&call));
                    let own = first && call.is_none_or(|call| stay.is_some_and(|stay| call >= stay));
                    answered.extend(call);
                    let back = config.trial_limit == TrialLimit::AtATime || ending == Ending::Ignored;
                    taken -= i64::from(own && back);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn a_call_is_refused_until_the_promised_instant_and_admitted_at_it(config in config(), ops in ops()) {
        let mut bench = bench(&config);
        for op in ops {
            let happened = bench.apply(op);
            let Happened::Asked { admission: Admission::Refused(refusal), .. } = happened else { continue };
            let Some(promise) = refusal.retry_at else { continue };
            prop_assert!(promise > bench.now || promise == Instant::FAR_FUTURE);
            let before = Instant::from_nanos(promise.as_nanos() - 1);
            for woken in [false, true] {
                let mut waiting = bench.breaker.clone();
                if before >= bench.now {
                    if woken {
                        prop_assert_eq!(waiting.on_deadline(before), None);
                    }
                    let (early, change) = waiting.try_acquire(before);
                    prop_assert!(early.permit().is_none() && change.is_none());
                }
                if woken {
                    waiting.on_deadline(promise);
                }
                prop_assert!(waiting.try_acquire(promise).0.permit().is_some());
            }
        }
    }

    #[test]
    fn no_wait_grows_beyond_its_cap(config in config(), ops in ops()) {
        let mut bench = bench(&config);
        let cap = Duration::from_millis(config.wait_ms_max.max(config.wait_ms) as u64) + Duration::from_nanos(1);
        for op in ops {
            let Some(change) = change_of(bench.apply(op)) else { continue };
            let chosen = matches!(change.cause, Cause::Commanded(Command::OpenFor(_)));
            if let (State::Open { retry_at }, false) = (change.to, chosen) {
                prop_assert!(retry_at - change.at <= cap);
            }
        }
    }

    /// Jumps to the last nanoseconds there are, durations without end: nothing overflows, and the sums stay sums.
    #[test]
    fn nothing_overflows_at_the_end_of_time(
        config in config(),
        ops in prop::collection::vec(prop_oneof![
            9 => op(),
            1 => prop_oneof![Just(0), 0..10_u64, 0..1_000_000_000_u64].prop_map(|nanos| Op::NearTheEnd { nanos }),
            1 => Just(Op::Command(Command::OpenFor(Duration::MAX))),
        ], 1..80),
    ) {
        let mut bench = bench(&config);
        for op in ops {
            bench.apply(op);
            let view = bench.breaker.view(bench.now);
            recount(&bench.breaker, &view.counts, bench.now);
        }
    }

    /// A clock that is set back, and answers at odd times.
    #[test]
    fn time_may_run_backwards(config in config(), ops in prop::collection::vec((op(), 0..3_000_u64), 1..80)) {
        let mut bench = bench(&config);
        for (op, at) in ops {
            bench.now = Instant::from_millis_f64(at as f64);
            bench.apply(op);
            let counts = bench.breaker.view(bench.now).counts;
            prop_assert!(counts.slow() <= counts.answered());
            bench.breaker.cells(bench.now);
        }
    }

    /// Every preset, too, and every other number at a bound of its range.
    #[test]
    fn configurations_at_their_bounds_work(
        preset in prop::sample::select(BreakerPreset::ALL),
        highest in any::<[bool; 11]>(),
        ops in ops(),
    ) {
        let mut config = preset.config();
        let mut highest = highest.into_iter();
        let mut bound = |low: f64, high: f64| if highest.next() == Some(true) { high } else { low };
        config.failures = bound(1.0, 10_000.0) as u32;
        config.window_calls = config.failures;
        config.minimum_calls = bound(1.0, 100_000.0) as u32;
        config.failure_rate_percent = bound(0.0, 100.0);
        config.window_ms = bound(1.0, 86_400_000.0);
        config.window_buckets = bound(1.0, 3_600.0) as u32;
        config.slow_call_ms = bound(0.0, 3_600_000.0);
        config.slow_rate_percent = bound(0.0, 100.0);
        config.wait_ms = bound(0.0, 86_400_000.0);
        config.wait_growth = bound(1.0, 10.0);
        config.half_open_ms_max = bound(0.0, 86_400_000.0);
        config.trials = bound(1.0, 10_000.0) as u32;
        config.trial_successes = config.trials;
        let mut bench = bench(&config);
        for op in ops {
            bench.apply(op);
            bench.breaker.view(bench.now);
        }
    }
}

fn change_of(happened: Happened) -> Option<Transition> {
    match happened {
        Happened::Asked { change, .. } | Happened::Answered { change, .. } | Happened::Woke { change } => change,
        Happened::Commanded { result, .. } => result.unwrap_or_default(),
        Happened::Nothing => None,
    }
}

#[test]
fn every_mistake_of_a_configuration_is_told() {
    let config =
        BreakerConfig { window_calls: 0, wait_ms: f64::NAN, failure_rate_percent: 101.0, ..BreakerConfig::default() };
    let errors = Breaker::try_new(&config, Instant::ZERO).unwrap_err();
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "failure_rate_percent: found 101; allowed: 0 to 100",
            "window_calls: found 0; allowed: 1 to 10000",
            "wait_ms: found NaN; allowed: 0 to 86400000",
        ]
    );
}

#[test]
fn numbers_that_do_not_go_together_are_told() {
    let config = BreakerConfig {
        trip_rule: TripRule::Failures,
        failures: 21,
        window_calls: 20,
        trials: 2,
        trial_successes: 3,
        ..BreakerConfig::default()
    };
    let errors = Breaker::try_new(&config, Instant::ZERO).unwrap_err();
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["failures: found 21; allowed: 1 to 20", "trial_successes: found 3; allowed: 1 to 2"]);
}

#[test]
fn every_preset_is_a_valid_configuration() {
    for preset in BreakerPreset::ALL {
        let made = Breaker::try_new(&preset.config(), Instant::ZERO);
        assert!(made.is_ok(), "{}: {made:?}", preset.name());
    }
}
