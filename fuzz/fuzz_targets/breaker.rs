//! Sequences of operations on a breaker of any configuration.
//!
//! Half of the time within what the property tests' slow model knows, which is then compared with after each
//! operation; else with any numbers, time that jumps to its end and back, and what holds even then.
#![no_main]

#[path = "shared/drawing.rs"]
mod drawing;
// Shared with the property tests, which are where a failure found here is best written down.
#[path = "../../crates/patterns/tests/breaker_properties/model.rs"]
mod model;
#[path = "../../crates/patterns/tests/breaker_properties/operations.rs"]
mod operations;

use std::time::Duration;

use arbitrary::{Result, Unstructured};
use drawing::draw;
use libfuzzer_sys::fuzz_target;
use model::Model;
use operations::{Bench, Ending, Happened, Op};
use sandtable_patterns::Instant;
use sandtable_patterns::breaker::{
    Admission, Breaker, BreakerConfig, Command, CountedFrom, State, Transition, TrialLimit, TrialRule, WindowKind,
};

const MOST_OPS: usize = 150;

fuzz_target!(|bytes: &[u8]| {
    // Bytes that come to an end give the first of everything, never an error.
    let _ = rehearse(&mut Unstructured::new(bytes));
});

fn rehearse(u: &mut Unstructured<'_>) -> Result<()> {
    let modelled = u.arbitrary()?;
    let mut config: BreakerConfig = draw(u, "BreakerConfig")?;
    keep_small(&mut config);
    if modelled {
        keep_to_the_model(&mut config);
    }
    if u.arbitrary()? {
        // Without this, time that passes soon ends a stay in half-open.
        config.half_open_ms_max = 0.0;
        config.trials = config.trials.min(4);
        config.trial_successes = config.trial_successes.min(config.trials);
    }
    let start = if modelled { Instant::from_millis_f64(1_234.0) } else { Instant::from_nanos(u.arbitrary()?) };
    // Numbers that don't go together are refused, which is an answer too.
    let Ok(breaker) = Breaker::try_new(&config, start) else { return Ok(()) };
    let mut bench = Bench::new(breaker, start);
    let mut model = modelled.then(|| Model::new(&config, start));
    let mut trials = Trials { stay: None, taken: 0, disturbed: false, answered: Vec::new() };
    for step in 0..MOST_OPS {
        if u.is_empty() {
            break;
        }
        let op = draw_op(u, modelled)?;
        if !modelled && u.ratio(1, 16)? {
            bench.now = Instant::from_nanos(u.arbitrary()?);
        }
        let happened = bench.apply(op);
        trials.follow(&bench, happened);
        if step % 8 == 0 {
            look(&bench);
        }
        if let Some(model) = &mut model {
            follow(model, &bench, happened);
        }
    }
    look(&bench);
    Ok(())
}

/// So that looking at every cell stays quick.
fn keep_small(config: &mut BreakerConfig) {
    config.window_calls = config.window_calls.min(100);
    config.window_buckets = config.window_buckets.min(50);
    config.trials = config.trials.min(100);
}

/// The model reckons in whole percents and milliseconds, and doesn't follow runs in a rolling window whose calls count
/// from their admission.
fn keep_to_the_model(config: &mut BreakerConfig) {
    config.failures = config.failures.min(config.window_calls);
    for percent in [&mut config.failure_rate_percent, &mut config.slow_rate_percent] {
        *percent = percent.round();
    }
    config.window_buckets = config.window_buckets.min(5);
    config.window_ms = 100.0 * f64::from(config.window_buckets);
    config.slow_call_ms = 100.0;
    for ms in [&mut config.wait_ms, &mut config.wait_ms_max, &mut config.half_open_ms_max] {
        *ms = ms.min(10_000.0).round();
    }
    config.wait_growth = (2.0 * config.wait_growth).round() / 2.0;
    if config.trial_rule == TrialRule::Successes {
        config.trial_successes = config.trial_successes.min(config.trials);
    }
    if config.window == WindowKind::Time {
        config.counted_from = CountedFrom::Answer;
    }
}

fn draw_op(u: &mut Unstructured<'_>, modelled: bool) -> Result<Op> {
    Ok(match u.int_in_range(0..=if modelled { 12 } else { 13 })? {
        0..=2 => Op::Acquire,
        3..=5 => Op::Answer { call: u.arbitrary()?, ending: draw_ending(u)?, took_ms: u.int_in_range(0..=200)? },
        6 => Op::AnswerAgain { call: u.arbitrary()?, ending: draw_ending(u)? },
        7 => Op::Unasked { ending: draw_ending(u)?, took_ms: u.int_in_range(0..=200)? },
        8 => Op::Wait { nanos: draw_wait(u)? },
        9 => Op::UntilPromise,
        10 => Op::UntilDeadline,
        11 => Op::Wake,
        12 => Op::Command(draw_command(u, modelled)?),
        _ => Op::NearTheEnd { nanos: draw_wait(u)? },
    })
}

fn draw_ending(u: &mut Unstructured<'_>) -> Result<Ending> {
    u.choose(&[Ending::Failure, Ending::Success, Ending::Ignored]).copied()
}

/// The edges of buckets and waits, a nanosecond to either side of them, or anywhere.
fn draw_wait(u: &mut Unstructured<'_>) -> Result<u64> {
    let edge = u.int_in_range(0..=20_u64)? * 50_000_000;
    Ok(match u.int_in_range(0..=3)? {
        0 | 1 => edge,
        2 => (edge + u.int_in_range(0..=2)?).saturating_sub(1),
        _ => u.int_in_range(0..=2_000_000_000)?,
    })
}

fn draw_command(u: &mut Unstructured<'_>, modelled: bool) -> Result<Command> {
    let for_ms = Duration::from_millis(u.int_in_range(0..=300)?);
    let open_for = if !modelled && u.arbitrary()? { Duration::MAX } else { for_ms };
    u.choose(&[
        Command::Close,
        Command::Reset,
        Command::Open,
        Command::OpenFor(open_for),
        Command::HalfOpen,
        Command::ForceOpen,
        Command::Disable,
        Command::MeasureOnly,
    ])
    .copied()
}

/// Looking twice sees the same, at any time, and changes nothing.
fn look(bench: &Bench) {
    let before = format!("{:?}", bench.breaker);
    for at in [bench.now, Instant::ZERO, Instant::FAR_FUTURE] {
        let see = || (bench.breaker.view(at), bench.breaker.cells(at), bench.breaker.state_at(at));
        let (view, cells, state) = see();
        assert_eq!(view.state, state);
        assert!(view.counts.slow() <= view.counts.answered());
        assert_eq!((view, cells, state), see());
    }
    let _ = bench.breaker.next_deadline();
    assert_eq!(before, format!("{:?}", bench.breaker));
}

/// Trial calls as the permits tell of them: of those given out in one stay in half-open, less the places given back.
struct Trials {
    /// The first permit of the stay.
    stay: Option<usize>,
    taken: i64,
    /// An outcome that nobody asked for gives a place free as well, so that the stay has one more than is allowed.
    disturbed: bool,
    answered: Vec<usize>,
}

impl Trials {
    fn follow(&mut self, bench: &Bench, happened: Happened) {
        let config = bench.breaker.config();
        let change = change_of(happened);
        if change.is_some() {
            (self.taken, self.disturbed, self.stay) = (0, false, Some(bench.permits.len()));
        }
        match happened {
            Happened::Asked { admission: Admission::Admitted(permit), .. } if permit.is_trial() => {
                if change.is_some() {
                    self.stay = Some(bench.permits.len() - 1);
                }
                self.taken += 1;
                let uncounted = self.disturbed || config.trial_limit == TrialLimit::OnePerWait;
                assert!(uncounted || self.taken <= i64::from(config.trials), "{} trials", self.taken);
            }
            Happened::Answered { call, ending, .. } => {
                self.disturbed |= call.is_none() && change.is_none();
                let first = call.is_some_and(|call| !self.answered.contains(&call));
                let own = first && call.is_some_and(|call| self.stay.is_some_and(|stay| call >= stay));
                self.answered.extend(call);
                let back = config.trial_limit == TrialLimit::AtATime || ending == Ending::Ignored;
                self.taken -= i64::from(change.is_none() && own && back);
            }
            _ => {}
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

/// Does the same to the model, and compares what both answered and show.
fn follow(model: &mut Model, bench: &Bench, happened: Happened) {
    let now = bench.now;
    let named = |change: Option<Transition>| change.map(|change| (change.from, change.to));
    match happened {
        Happened::Nothing => {}
        Happened::Asked { admission, change } => {
            let (answer, changed) = model.ask(now);
            assert_eq!(named(change), changed);
            match admission {
                Admission::Admitted(permit) => assert_eq!(answer, Ok(permit.is_trial())),
                Admission::Refused(refusal) => assert_eq!(answer, Err(refusal.reason)),
            }
        }
        Happened::Answered { call, ending, took, change } => {
            assert_eq!(named(change), model.answer(now, call, ending, took));
        }
        Happened::Woke { change } => assert_eq!(named(change), model.wake(now)),
        Happened::Commanded { command, result } => {
            assert_eq!(result.map(named).map_err(drop), model.command(now, command));
        }
    }
    if let Some(Transition { at, from, to, cause }) = change_of(happened) {
        assert!(at == now && model::is_fitting(cause, from, to), "{cause:?} from {from:?} to {to:?}");
    }
    let view = bench.breaker.view(now);
    assert_eq!(view.state, model.state_at(now));
    assert_eq!(view.counts, model.counts_at(now));
    assert_eq!((view.refused, view.openings, view.exceeded), (model.refused, model.openings, model.exceeded));
    let in_half_open = view.state == State::HalfOpen && model.state == State::HalfOpen;
    let by_time_alone = bench.breaker.config().trial_limit == TrialLimit::OnePerWait;
    if in_half_open && !by_time_alone && bench.breaker.next_deadline().is_none() {
        assert_eq!(view.trials.free, model.free);
    }
}
