//! What adaptive limits do under loads whose answer is known.

use std::time::Duration;

use super::rehearsal::MILLISECOND;
use sandtable_patterns::Instant;
use sandtable_patterns::bulkhead::{Bulkhead, BulkheadConfig, Entry, LimitKind, Outcome, Permit};

/// So many callers who always want in, before a service whose answers depend on how many calls are under way. One
/// round is one latency.
struct Load {
    bulkhead: Bulkhead,
    now: Instant,
}

impl Load {
    fn new(limit: LimitKind, initial_limit: u32, max_concurrent: u32) -> Self {
        let config = BulkheadConfig { limit, initial_limit, max_concurrent, max_waiting: 0, ..Default::default() };
        Self { bulkhead: Bulkhead::try_new(&config, Instant::ZERO).unwrap(), now: Instant::ZERO }
    }

    /// `answer`: from the calls under way and the place among them to the outcome and the latency in ms. Gives the
    /// limit after each round.
    fn rounds(&mut self, rounds: usize, demand: u64, answer: impl Fn(u32, u32) -> (Outcome, u64)) -> Vec<u32> {
        let round = |_| {
            let entries: Vec<Entry> = (0..demand).map(|caller| self.bulkhead.try_acquire(self.now, caller)).collect();
            let permits: Vec<Permit> = entries.into_iter().filter_map(Entry::permit).collect();
            let in_flight = permits.len() as u32;
            let answers: Vec<_> = (0..in_flight).map(|place| answer(in_flight, place)).collect();
            let longest = answers.iter().map(|(_, millis)| *millis).max().unwrap_or(1);
            self.now = self.now + Duration::from_nanos(longest * MILLISECOND);
            for (permit, (outcome, millis)) in permits.into_iter().zip(answers) {
                let _ = self.bulkhead.on_release(self.now, permit, outcome, Duration::from_millis(millis));
            }
            self.bulkhead.view(self.now).limit
        };
        (0..rounds).map(round).collect()
    }
}

fn healthy(_: u32, _: u32) -> (Outcome, u64) {
    (Outcome::Succeeded, 20)
}

#[test]
fn a_healthy_service_is_given_all_that_is_asked_for_and_not_much_more() {
    for kind in [LimitKind::Aimd, LimitKind::Gradient2] {
        let mut load = Load::new(kind, 5, 1_000);
        let limits = load.rounds(2_000, 60, healthy);
        assert!(limits.windows(2).all(|pair| pair[0] <= pair[1]), "{kind:?} never falls");
        let last = *limits.last().unwrap();
        // It grows while half of it is in use: to twice the demand, and at most by one step more.
        assert!((60..=125).contains(&last), "{kind:?}: {last}");
    }
}

#[test]
fn an_unused_limit_is_not_raised() {
    for kind in [LimitKind::Aimd, LimitKind::Gradient2] {
        let limits = Load::new(kind, 50, 1_000).rounds(500, 24, healthy);
        assert!(limits.iter().all(|limit| *limit == 50), "{kind:?}");
    }
}

#[test]
fn aimd_swings_about_what_the_service_can_do() {
    let mut load = Load::new(LimitKind::Aimd, 100, 1_000);
    // Twenty calls at a time are answered, further ones dropped.
    let capacity = 20;
    let shedding = |_, place| if place < capacity { (Outcome::Succeeded, 10) } else { (Outcome::Dropped, 1) };
    let limits = load.rounds(400, 500, shedding);
    let settled = &limits[100..];
    // Cut to 0.9 of a little above 20 whenever it passes 20, and grown by half a call a round between.
    assert!(settled.iter().all(|limit| (17..=capacity + 1).contains(limit)), "{settled:?}");
    let recovered = load.rounds(200, 500, healthy);
    assert!(*recovered.last().unwrap() >= 100, "{recovered:?}");
}

#[test]
fn aimd_grows_by_its_increase_in_a_round_and_cuts_once_in_a_round() {
    let mut load = Load::new(LimitKind::Aimd, 40, 1_000);
    let grown = load.rounds(10, 500, healthy);
    // Each call adds 1/limit, but for the half of a round that came in while less than half of the limit was in use.
    assert_eq!((grown[0], *grown.last().unwrap()), (40, 45));
    let cut = load.rounds(1, 500, |_, _| (Outcome::Dropped, 10));
    assert_eq!(cut, [40]);
    let late = load.rounds(1, 500, |_, _| (Outcome::Succeeded, 5_001));
    assert_eq!(late, [36]);
    let told_nothing = load.rounds(1, 500, |_, _| (Outcome::Ignored, 9_000));
    assert_eq!(told_nothing, [36]);
}

#[test]
fn gradient2_falls_when_the_latency_rises_and_recovers_when_it_is_back() {
    let mut load = Load::new(LimitKind::Gradient2, 20, 100);
    // Samples are 100 ms; a round of 20 ms is a fifth of one.
    let limits = load.rounds(1_000, 500, healthy);
    assert_eq!(*limits.last().unwrap(), 100, "as far as it may");
    // Ten times slower: the gradient is at its floor of a half, where the limit goes to 8 = 0.5 · 8 + 4.
    let limits = load.rounds(40, 500, |_, _| (Outcome::Succeeded, 200));
    assert!(limits.windows(2).all(|pair| pair[0] >= pair[1]), "{limits:?}");
    assert!(*limits.last().unwrap() <= 15, "{limits:?}");
    let limits = load.rounds(2_500, 500, healthy);
    assert_eq!(*limits.last().unwrap(), 100);
}

#[test]
fn gradient2_keeps_a_queueing_service_near_its_capacity() {
    let mut load = Load::new(LimitKind::Gradient2, 20, 1_000);
    load.rounds(300, 8, healthy);
    // Ten calls at a time take 20 ms; more of them share the capacity.
    let queueing = |in_flight: u32, _| (Outcome::Succeeded, u64::from(2 * in_flight.max(10)));
    let limits = load.rounds(200, 500, queueing);
    let settled = &limits[100..];
    // At limit L the latency is L/10 of the unloaded one, so the gradient is 1.5 · 10/L, and L = 15 + 4 where it
    // settles; the long-run latency creeps up meanwhile, and L with it.
    assert!(settled.iter().all(|limit| (15..=60).contains(limit)), "{settled:?}");
}

#[test]
fn gradient2_falls_on_drops_whose_answer_was_quick() {
    let mut load = Load::new(LimitKind::Gradient2, 20, 100);
    load.rounds(1_000, 500, healthy);
    let refusing = |_, place| if place < 5 { (Outcome::Succeeded, 20) } else { (Outcome::Dropped, 1) };
    let limits = load.rounds(200, 500, refusing);
    assert!(*limits.last().unwrap() <= 6, "{limits:?}");
}

#[test]
fn gradient2_takes_the_steps_of_its_formula() {
    let config = BulkheadConfig {
        limit: LimitKind::Gradient2,
        initial_limit: 20,
        max_concurrent: 100,
        max_waiting: 0,
        sample_ms: 0.0,
        ..Default::default()
    };
    let mut bulkhead = Bulkhead::try_new(&config, Instant::ZERO).unwrap();
    let now = Instant::ZERO;
    // One sample: ten calls at once, which is half of the limit.
    let mut estimate_after = |millis| {
        let entries: Vec<Entry> = (0..11).map(|caller| bulkhead.try_acquire(now, caller)).collect();
        let [first, ten @ ..] = entries.as_slice() else { panic!("eleven") };
        let _ = bulkhead.on_release(now, first.permit().unwrap(), Outcome::Ignored, Duration::from_secs(9));
        for entry in ten {
            bulkhead.on_release(now, entry.permit().unwrap(), Outcome::Succeeded, Duration::from_millis(millis));
        }
        let view = bulkhead.view(now);
        (view.estimate, view.long_latency)
    };
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    // 20 · 0.8 + 0.2 · (20 · 1 + 4)
    let (estimate, long) = estimate_after(20);
    near(estimate, 20.8);
    assert_eq!(long, Duration::from_millis(20));
    // The long run is the mean (20 + 200) / 2 = 110 ms, the gradient 1.5 · 110 / 200 = 0.825:
    // 20.8 · 0.8 + 0.2 · (20.8 · 0.825 + 4)
    let (estimate, long) = estimate_after(200);
    near(estimate, 20.872);
    assert_eq!(long, Duration::from_millis(110));
}

#[test]
fn gradient2_forgets_a_long_overload_soon() {
    let mut load = Load::new(LimitKind::Gradient2, 20, 100);
    load.rounds(1_000, 500, |_, _| (Outcome::Succeeded, 200));
    assert_eq!(load.bulkhead.view(load.now).long_latency, Duration::from_millis(200));
    // Forty samples of five rounds. 0.95 to the 32nd is a fifth, from where on the average alone moves it; by the
    // average alone it would be at 160 ms still.
    load.rounds(200, 500, healthy);
    let long = load.bulkhead.view(load.now).long_latency;
    assert!(long <= Duration::from_millis(40), "{long:?}");
}
