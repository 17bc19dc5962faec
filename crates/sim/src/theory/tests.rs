use super::*;
use proptest::prelude::*;

fn close(got: f64, want: f64) -> bool {
    (got - want).abs() <= 1e-9 * want.abs()
}

#[test]
fn a_load_at_or_beyond_capacity_has_no_steady_state() {
    let unstable = |result| matches!(result, Err(TheoryError::Unstable { .. }));
    assert!(unstable(Mmc::new(4, 4.0, 1.0).map(|_| ())));
    assert!(unstable(Mmc::new(4, 5.0, 1.0).map(|_| ())));
    assert!(unstable(Mm1::new(1.0, 1.0).map(|_| ())));
    assert!(unstable(Mg1::new(2.0, Moments::constant(0.5)).map(|_| ())));
    assert!(unstable(Supermarket::new(1.0, 2).map(|_| ())));
    assert_eq!(erlang_c(4, 4.0), Ok(1.0));
    assert!(Mmck::new(4, 8, 40.0, 1.0).is_ok());
}

#[test]
fn senseless_input_is_refused_and_named() {
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        assert!(matches!(erlang_b(3, bad), Err(TheoryError::OutOfRange { what: "offered load", .. })));
        assert!(Mmc::new(3, bad, 1.0).is_err());
        assert!(Mmc::new(3, 1.0, bad).is_err());
        assert!(Mmck::new(3, 4, bad, 1.0).is_err());
        assert!(Mg1::new(bad, Moments::constant(1.0)).is_err());
        assert!(Mg1::new(0.5, Moments::constant(bad)).is_err());
        assert!(Mm1::new(bad, 1.0).is_err());
        assert!(Supermarket::new(bad, 2).is_err());
        assert!(offered_for_blocking(3, bad).is_err());
    }
    assert!(erlang_c(0, 0.0).is_err());
    assert!(Mmck::new(3, 2, 1.0, 1.0).is_err());
    assert!(Mmck::new(1, 1, 1e300, 1e-300).is_err());
    assert!(Supermarket::new(0.5, 0).is_err());
    assert!(erlang_b(MAX_SERVERS + 1, 1.0).is_err());
    let impossible = Moments { mean: 2.0, second: 3.0 };
    assert!(Mg1::new(0.1, impossible).is_err());
}

#[test]
fn without_traffic_nobody_waits() {
    let idle = Mmc::new(3, 0.0, 2.0).unwrap();
    assert_eq!((idle.p_wait, idle.mean_response_s), (0.0, 0.5));
    let idle = Mmck::new(3, 5, 0.0, 2.0).unwrap();
    assert_eq!((idle.p0, idle.p_block, idle.mean_response_s), (1.0, 0.0, 0.5));
    let idle = Supermarket::new(0.0, 2).unwrap();
    assert_eq!((idle.tail(0), idle.tail(1), idle.mean_response_services()), (1.0, 0.0, 1.0));
    assert_eq!(erlang_b(0, 0.0), Ok(1.0));
    assert_eq!(erlang_b(1, 0.0), Ok(0.0));
    assert_eq!(offered_for_blocking(5, 0.0), Ok(0.0));
}

#[test]
fn thousands_of_servers_and_extreme_loads_stay_finite() {
    for (servers, load) in [(100_000, 99_999.0), (100_000, 1.0), (50, 1e308), (1, f64::MAX)] {
        let blocked = erlang_b(servers, load).unwrap();
        assert!((0.0..=1.0).contains(&blocked), "{servers} {load} {blocked}");
    }
    for load in [1e-300, 1.0, 199.0, 200.0, 1e6, 1e300] {
        let queue = Mmck::new(200, 1_000, load, 1.0).unwrap();
        assert!(queue.mean_in_system.is_finite() && queue.throughput_per_s <= 200.0 + 1e-9);
        assert!((0.0..=1.0).contains(&queue.p_block));
    }
}

#[test]
fn moments_agree_with_numerical_integration() {
    // A midpoint sum over the inverse distribution function; its error is far below 1e-4 for a bounded range.
    let steps = 2_000_000;
    for shape in [0.7, 1.0, 1.5, 2.0, 3.0] {
        let (low, high): (f64, f64) = (1.0, 50.0);
        let tail = 1.0 - libm::pow(low / high, shape);
        let (mut mean, mut second) = (0.0, 0.0);
        for step in 0..steps {
            let u = (f64::from(step) + 0.5) / f64::from(steps);
            let x = low * libm::pow(1.0 - u * tail, -1.0 / shape);
            mean += x / f64::from(steps);
            second += x * x / f64::from(steps);
        }
        let got = Moments::bounded_pareto(shape, low, high);
        assert!((got.mean / mean - 1.0).abs() < 1e-4, "shape {shape}");
        assert!((got.second / second - 1.0).abs() < 1e-4, "shape {shape}");
    }
    // Log-normal: squared coefficient of variation e^(σ²) − 1.
    assert!(close(Moments::log_normal(3.0, 0.5).scv(), libm::expm1(0.25)));
    let bimodal = Moments::mixture([(0.9, Moments::constant(1.0)), (0.1, Moments::constant(11.0))]);
    assert!(close(bimodal.mean, 2.0) && close(bimodal.second, 13.0));
}

#[test]
fn the_99th_percentile_of_a_half_loaded_server() {
    // ln(100) / (μ − λ) = 4.605170… s
    let queue = Mm1::new(1.0, 2.0).unwrap();
    let p99 = queue.response_quantile_s(0.99).unwrap();
    assert!(close(p99, 4.605_170_185_988_091));
    assert!(close(queue.p_response_exceeds(p99), 0.01));
}

proptest! {
    /// The models overlap, so each checks the other.
    #[test]
    fn models_agree_where_they_describe_the_same_queue(
        servers in 1_u32..60, rho in 0.01_f64..0.97, mu in 0.01_f64..100.0, capacity in 0_u32..80,
    ) {
        let lambda = rho * f64::from(servers) * mu;
        let endless = Mmc::new(servers, lambda, mu).unwrap();
        // So many places that refusals vanish: ρ^3000 < 1e-39.
        let roomy = Mmck::new(servers, servers + 3_000, lambda, mu).unwrap();
        prop_assert!(close(roomy.mean_wait_s, endless.mean_wait_s));
        prop_assert!(close(roomy.mean_in_system, endless.mean_in_system));

        let no_queue = Mmck::new(servers, servers, lambda, mu).unwrap();
        prop_assert!(close(no_queue.p_block, erlang_b(servers, lambda / mu).unwrap()));
        let offered = offered_for_blocking(servers, no_queue.p_block).unwrap();
        prop_assert!(no_queue.p_block < 1e-300 || (offered * mu / lambda - 1.0).abs() < 1e-6);

        let bounded = Mmck::new(servers, servers + capacity, lambda * 2.0, mu).unwrap();
        prop_assert!(close(bounded.throughput_per_s, lambda * 2.0 * (1.0 - bounded.p_block)));
        prop_assert!(close(bounded.mean_in_system, bounded.throughput_per_s * bounded.mean_response_s));

        let single = Mmc::new(1, rho * mu, mu).unwrap();
        let general = Mg1::new(rho * mu, Moments::exponential(1.0 / mu)).unwrap();
        prop_assert!(close(general.mean_wait_s, single.mean_wait_s));
        let random = Supermarket::new(rho, 1).unwrap();
        prop_assert!(close(random.mean_response_services() / mu, single.mean_response_s));
        prop_assert!(close(random.tails().sum::<f64>(), single.mean_in_system));
    }

    #[test]
    fn more_choices_and_more_servers_never_wait_longer(load in 0.01_f64..0.999, choices in 1_u32..10) {
        let fewer = Supermarket::new(load, choices).unwrap().mean_response_services();
        let more = Supermarket::new(load, choices + 1).unwrap().mean_response_services();
        prop_assert!(more <= fewer && more >= 1.0);
        let one = Mmc::new(choices, load * f64::from(choices), 1.0).unwrap();
        let two = Mmc::new(choices + 1, load * f64::from(choices + 1), 1.0).unwrap();
        prop_assert!(two.mean_wait_s <= one.mean_wait_s);
    }
}
