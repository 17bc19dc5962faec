//! The simulation is held to the closed forms of `tests/vectors/queueing_closed_form.json`.
//!
//! **How the tolerance is derived.** Each case is simulated with `SEEDS` = 10 independent seeds. The mean over the
//! seeds has a standard error that those seeds estimate themselves; the closed form must lie within t standard errors,
//! where t = 6.0 is passed by Student's t with 9 degrees of freedom with probability 2.0e-4. About 50 comparisons
//! are made, so a correct simulation would fail here for one choice of seeds in a hundred; these seeds are fixed.
//!
//! **Warm-up.** A run starts empty. The first tenth of the requests is left out; each case runs so long that a tenth
//! exceeds several relaxation times 1 / (μ (1 − √ρ)²), and what bias remains is allowed for by one percent of the
//! expected value.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod common;

use common::{plain, run};
use sandtable_sim::Outcome;
use sandtable_sim::run::{RequestRow, summarise};
use serde_json::{Value, json};

const SEEDS: u32 = 10;
/// Six standard errors, in units of the 95 % half width, which is 2.2622 of them.
const TOLERANCE: f64 = 6.0 / 2.2622;

/// Mean service time in the simulation; the vectors' unit of time.
const MEAN_MS: f64 = 10.0;

fn vectors(list: &str) -> Vec<Value> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/queueing_closed_form.json");
    let text = std::fs::read_to_string(file).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    value[list].as_array().unwrap().clone()
}

fn number(case: &Value, name: &str) -> f64 {
    case[name].as_f64().unwrap()
}

/// What a case measures over many seeds, compared with what it should be.
fn hold(name: &str, expected: f64, measure: impl Fn(&[RequestRow]) -> f64, scenario: impl Fn(u32) -> String) {
    let values: Vec<f64> = (1..=SEEDS)
        .map(|seed| {
            let rows = common::rows(&run(&scenario(seed)));
            measure(&rows[rows.len() / 10..])
        })
        .collect();
    let estimate = summarise(&values).unwrap();
    let allowed = estimate.half_width_95 * TOLERANCE + 0.01 * expected;
    let error = (estimate.mean - expected).abs();
    assert!(error <= allowed, "{name}: expected {expected}, measured {} ± {allowed}", estimate.mean);
    // A tolerance as wide as the value itself would hold anything.
    assert!(allowed < 0.25 * expected, "{name}: the tolerance {allowed} says nothing about {expected}");
}

/// Mean wait of the requests that were worked on, in mean service times.
fn mean_wait(rows: &[RequestRow]) -> f64 {
    let waits = rows.iter().filter(|row| row.outcome == Outcome::Succeeded);
    let (sum, count) = waits.fold((0.0, 0.0), |(sum, n), row| (sum + (row.started - row.at_instance) as f64, n + 1.0));
    sum / count / (MEAN_MS * 1e6)
}

fn shed_share(rows: &[RequestRow]) -> f64 {
    rows.iter().filter(|row| row.outcome == Outcome::Shed).count() as f64 / rows.len() as f64
}

/// Long enough for 40,000 requests.
fn duration_ms(rate_per_s: f64) -> f64 {
    40_000.0 / rate_per_s * 1e3
}

fn one_instance(rate: f64, seed: u32, slots: u32, queue: u64, service: &str) -> String {
    let instances =
        format!(r#""count": 1, "concurrency": {slots}, "queue_limit": {queue}, "service_time": {{ {service} }}"#);
    plain(rate, duration_ms(rate), seed, "", &instances)
}

const EXPONENTIAL: &str = r#""kind": "exponential", "mean_ms": 10"#;

#[test]
fn several_slots_wait_as_erlang_c_says() {
    let mut held = 0;
    for case in vectors("erlang_c_mmc") {
        let (servers, lambda) = (number(&case, "servers") as u32, number(&case, "lambda"));
        let load = lambda / f64::from(servers);
        // Beyond, the relaxation time exceeds the run; below, hardly anybody waits and the estimate is all noise.
        if !(0.5..=0.85).contains(&load) || number(&case, "p_wait") < 0.1 || servers > 10 {
            continue;
        }
        held += 1;
        let rate = lambda * 1e3 / MEAN_MS;
        hold(&format!("M/M/{servers} at {lambda}"), number(&case, "mean_wait_Wq"), mean_wait, |seed| {
            one_instance(rate, seed, servers, 1_000_000, EXPONENTIAL)
        });
    }
    assert!(held >= 8, "only {held} cases held");
}

#[test]
fn a_bounded_queue_sheds_and_waits_as_m_m_c_k_says() {
    let mut held = 0;
    for case in vectors("mmck").iter().step_by(3) {
        let (servers, queue) = (number(case, "servers") as u32, number(case, "queue_size") as u64);
        let (blocked, wait) = (number(case, "p_block"), number(case, "Wq"));
        let rate = number(case, "lambda") * 1e3 / MEAN_MS;
        let scenario = |seed| one_instance(rate, seed, servers, queue, EXPONENTIAL);
        if blocked > 0.01 {
            held += 1;
            hold(&format!("shed by M/M/{servers}/+{queue} at {rate}/s"), blocked, shed_share, scenario);
        }
        if wait > 0.05 {
            hold(&format!("wait of M/M/{servers}/+{queue} at {rate}/s"), wait, mean_wait, scenario);
        }
    }
    assert!(held >= 8, "only {held} cases held");
}

/// The vectors' service times that a scenario can express, with a mean of 10 ms.
fn service_time(service: &Value) -> Option<String> {
    let mean = MEAN_MS;
    match service["type"].as_str()? {
        "exponential" => Some(EXPONENTIAL.to_owned()),
        "deterministic" | "constant" => Some(format!(r#""kind": "constant", "mean_ms": {mean}"#)),
        // Two times the mean at most; the shortest a scenario allows is a microsecond, not nothing.
        "uniform" => Some(format!(r#""kind": "uniform", "min_ms": 0.001, "max_ms": {}"#, 2.0 * mean)),
        _ => None,
    }
}

#[test]
fn one_slot_waits_as_pollaczek_and_khinchine_say() {
    let mut held = 0;
    for case in vectors("mg1") {
        let lambda = number(&case, "lambda");
        let Some(service) = service_time(&case["service"]).filter(|_| (0.3..=0.85).contains(&lambda)) else { continue };
        held += 1;
        let name = format!("{} with {}", case["model"], case["service"]["type"]);
        hold(&name, number(&case, "Wq"), mean_wait, |seed| {
            one_instance(lambda * 1e3 / MEAN_MS, seed, 1, 1_000_000, &service)
        });
    }
    assert!(held >= 5, "only {held} cases held");
}

/// Splitting a Poisson process at random gives Poisson processes: four instances at a random quarter each are four
/// M/M/1 queues.
/// A bulkhead before instances with room for all that it lets through, without ways.
fn bulkhead(rate: f64, seed: u32, slots: u32, places: u64, service: &str) -> String {
    let json = plain(
        rate,
        duration_ms(rate),
        seed,
        "",
        &format!(r#""count": 1, "concurrency": {slots}, "queue_limit": 0, {service}"#),
    );
    let calls = format!(
        r#""calls": [{{ "bulkhead": {{ "enabled": true, "rule": {{ "max_concurrent": {slots}, "max_waiting": {places} }} }} }}], "rate_per_s""#
    );
    json.replacen(r#""rate_per_s""#, &calls, 1)
}

fn exponential() -> String {
    format!(r#""service_time": {{ "kind": "exponential", "mean_ms": {MEAN_MS} }}"#)
}

/// Without waiting places a bulkhead is Erlang's loss system, for any distribution of the times.
#[test]
fn a_bulkhead_without_a_queue_refuses_as_erlang_b_says() {
    let mut held = 0;
    for case in vectors("erlang_b") {
        let (slots, erlangs, refused) =
            (number(&case, "servers"), number(&case, "offered_erlangs"), number(&case, "p_block"));
        // Rare refusals need more requests than a test should take, and thousands of slots more seconds.
        if !(0.02..0.6).contains(&refused) || slots > 60.0 {
            continue;
        }
        let service = if held % 2 == 0 {
            exponential()
        } else {
            format!(r#""service_time": {{ "kind": "constant", "mean_ms": {MEAN_MS} }}"#)
        };
        let rate = erlangs / MEAN_MS * 1e3;
        hold(&format!("B({slots}, {erlangs})"), refused, shed_share, |seed| {
            bulkhead(rate, seed, slots as u32, 0, &service)
        });
        held += 1;
    }
    assert!(held >= 6, "{held} cases");
}

/// The printed table of Erlang B, read as it is printed: so many erlangs offered to so many channels are blocked with
/// this probability. The traffic is printed to one place, so cells with few erlangs are too coarse to be held to.
#[test]
fn a_bulkhead_without_a_queue_refuses_as_the_printed_table_says() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/queueing_published_tables.json");
    let table: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut held = 0;
    for cell in table["table"].as_array().unwrap() {
        let (slots, refused, erlangs) =
            (number(cell, "servers"), number(cell, "p_block"), number(cell, "published_erlangs_1dp"));
        if refused < 0.03 || erlangs < 2.5 {
            continue;
        }
        // The traffic is right to half of its last place, which moves the probability so far.
        let at = |erlangs: f64| sandtable_sim::theory::erlang_b(slots as u32, erlangs).unwrap();
        let printed = at(erlangs + 0.05) - at(erlangs - 0.05);
        let rate = erlangs / MEAN_MS * 1e3;
        let shares: Vec<f64> = (1..=SEEDS)
            .map(|seed| {
                let rows = common::rows(&run(&bulkhead(rate, seed, slots as u32, 0, &exponential())));
                shed_share(&rows[rows.len() / 10..])
            })
            .collect();
        let estimate = summarise(&shares).unwrap();
        let allowed = estimate.half_width_95 * TOLERANCE + 0.01 * refused + printed;
        assert!((estimate.mean - refused).abs() <= allowed, "{cell}: {} ± {allowed}", estimate.mean);
        held += 1;
    }
    assert!(held >= 5, "{held} cells");
}

#[test]
fn a_bulkhead_with_a_queue_refuses_and_waits_as_m_m_c_k_says() {
    let mut held = 0;
    for case in vectors("mmck") {
        let (slots, places, load) = (
            number(&case, "servers"),
            number(&case, "capacity_K_incl_service"),
            number(&case, "lambda") / number(&case, "mu"),
        );
        let refused = number(&case, "p_block");
        if !(0.02..0.6).contains(&refused) || slots > 20.0 || places <= slots {
            continue;
        }
        let rate = load / MEAN_MS * 1e3;
        let scenario = |seed| bulkhead(rate, seed, slots as u32, (places - slots) as u64, &exponential());
        hold(&format!("M/M/{slots}/{places}, {load} erlangs"), refused, shed_share, scenario);
        let pooled = |rows: &[RequestRow]| {
            let served: Vec<&RequestRow> = rows.iter().filter(|row| row.outcome == Outcome::Succeeded).collect();
            served.iter().map(|row| (row.left - row.sent) as f64).sum::<f64>() / served.len() as f64 / (MEAN_MS * 1e6)
        };
        let wait = number(&case, "Wq") * number(&case, "mu");
        if wait > 0.05 {
            hold(&format!("wait of M/M/{slots}/{places}"), wait, pooled, scenario);
        }
        held += 1;
    }
    assert!(held >= 3, "{held} cases");
}

/// What the report says stands beside the measurement holds: the prediction lies within the interval, widened as above.
#[test]
fn the_report_puts_erlangs_formula_beside_the_bulkhead() {
    let report = run(&bulkhead(800.0, 3, 8, 0, &exponential())).report();
    let theory = report.calls[0].bulkhead.clone().unwrap().theory;
    assert_eq!((theory.model.as_str(), theory.unmet.len()), ("M/G/8/8", 0));
    assert!((theory.offered_erlangs - 8.0).abs() < 1e-9);
    let (predicted, measured) = (theory.predicted_refused_percent.unwrap(), theory.measured_refused_percent.unwrap());
    // B(8, 8) = 23.557 %.
    assert!((predicted - 23.557).abs() < 0.001, "{predicted}");
    assert!((predicted - measured).abs() <= TOLERANCE * theory.half_width_percent.unwrap(), "{measured}");
}

/// Ways take the same time each, so a slot is kept for other than an exponential time: with a queue that matters, and
/// without one it does not. And what a bulkhead refuses is missing from the arrivals of the instances behind it.
#[test]
fn no_formula_stands_beside_what_it_does_not_fit() {
    let theory = |max_waiting: u64, time_ms: f64| {
        let mut scenario: Value = serde_json::from_str(&bulkhead(800.0, 3, 8, max_waiting, &exponential())).unwrap();
        scenario["clients"][0]["hop"]["time_ms"] = time_ms.into();
        let report = run(&scenario.to_string()).report();
        assert!(report.theory.unmet.iter().any(|why| why.contains("policies")), "{:?}", report.theory);
        assert_eq!(report.theory.predicted_refused_percent, None);
        report.calls[0].bulkhead.clone().expect("there is one").theory
    };
    for (max_waiting, time_ms, model) in [(0, 0.0, "M/G/8/8"), (0, 5.0, "M/G/8/8"), (8, 0.0, "M/M/8/16"), (8, 5.0, "–")]
    {
        let told = theory(max_waiting, time_ms);
        assert_eq!((told.model.as_str(), told.unmet.is_empty()), (model, model != "–"));
    }
}

/// Some are refused at any time, so that single stretches are worse than usual by chance; a surge ends at 20 s of 120.
#[test]
fn chance_alone_is_no_failure_to_recover() {
    let mut scenario: Value = serde_json::from_str(&bulkhead(800.0, 3, 12, 0, &exponential())).unwrap();
    scenario["duration_ms"] = 120_000.into();
    let surge = json!({ "kind": "traffic", "target": "clients", "factor": 2, "at_ms": 10_000, "for_ms": 10_000 });
    scenario["faults"] = json!([surge]);
    let recovery = run(&scenario.to_string()).report().recovery.expect("the surge ends");
    assert_eq!(recovery.fault_ended_ms, 20_000.0);
    assert!(recovery.took_ms.is_some_and(|took| took <= 2_000.0), "{recovery:?}");
}

#[test]
fn a_random_split_makes_of_each_instance_a_queue_of_its_own() {
    let (load, count) = (0.7, 4.0);
    let rate = load * count * 1e3 / MEAN_MS;
    let instances =
        format!(r#""count": 4, "concurrency": 1, "queue_limit": 1000000, "service_time": {{ {EXPONENTIAL} }}"#);
    hold("four M/M/1", load / (1.0 - load), mean_wait, |seed| {
        plain(rate, duration_ms(rate), seed, r#", "policy": "random""#, &instances)
    });
}

/// The response time of M/M/1 is exponential: P(T > t) = exp(−(μ − λ) t).
#[test]
fn one_memoryless_slot_has_the_tail_that_it_should() {
    for case in vectors("mm1_tails") {
        let (lambda, t) = (number(&case, "lambda"), number(&case, "t"));
        let expected = number(&case, "p_response_gt_t");
        if expected < 0.02 || lambda > 0.85 {
            continue;
        }
        let share = |rows: &[RequestRow]| {
            let late = rows.iter().filter(|row| (row.ended - row.sent) as f64 > t * MEAN_MS * 1e6).count();
            late as f64 / rows.len() as f64
        };
        hold(&format!("P(T > {t}) at {lambda}"), expected, share, |seed| {
            one_instance(lambda * 1e3 / MEAN_MS, seed, 1, 1_000_000, EXPONENTIAL)
        });
    }
}

/// The supermarket model is the limit of very many instances. At 100 of them the vectors' own simulation is within
/// 0.1 % at a load of 0.5; `hold` allows for one percent and the noise.
#[test]
fn two_choices_among_a_hundred_come_near_the_supermarket_model() {
    for case in vectors("supermarket") {
        let (load, choices) = (number(&case, "lambda"), number(&case, "d") as u32);
        if !(2..=3).contains(&choices) || !(0.5..=0.8).contains(&load) {
            continue;
        }
        let rate = load * 100.0 * 1e3 / MEAN_MS;
        let balancer = format!(r#", "policy": "power_of_two_choices", "choices": {choices}"#);
        let instances =
            format!(r#""count": 100, "concurrency": 1, "queue_limit": 1000000, "service_time": {{ {EXPONENTIAL} }}"#);
        let response = |rows: &[RequestRow]| mean_wait(rows) + 1.0;
        hold(&format!("{choices} choices at {load}"), number(&case, "mean_time_in_system"), response, |seed| {
            plain(rate, duration_ms(rate), seed, &balancer, &instances)
        });
    }
}

/// Eight instances under least outstanding requests, 1,000 requests a second of 6 ms: the Markov chain, solved
/// numerically, has a mean wait of 1.8825 ms.
#[test]
fn least_outstanding_requests_wait_as_the_markov_chain_says() {
    let balancer = r#", "policy": "least_outstanding""#;
    let instances = r#""count": 8, "concurrency": 1, "queue_limit": 1000000,
                       "service_time": { "kind": "exponential", "mean_ms": 6 }"#;
    let in_ms = |rows: &[RequestRow]| mean_wait(rows) * MEAN_MS;
    hold("join the shortest of eight", 1.8825, in_ms, |seed| plain(1_000.0, 60_000.0, seed, balancer, instances));
}
