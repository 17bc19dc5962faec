//! The closed forms of `theory` against values that others computed or printed.
//!
//! No case is left out. Computed values agree to a relative 1e-9, unless the file writes 0 for what is merely
//! tiny; printed ones to the last decimal place that is printed.

#[path = "../../../tests/vectors/runner.rs"]
mod runner;

use runner::{Fields, Outcome, Report, number};
use sandtable_sim::theory::{
    Mg1, Mm1, Mmc, Mmck, Moments, Supermarket, TheoryError, erlang_b, erlang_c, offered_for_blocking,
};
use serde_json::Value;

#[test]
fn vectors_queueing_closed_form() {
    run_lists(
        "queueing_closed_form",
        &[
            ("erlang_b", check_erlang_b),
            ("erlang_c_mmc", check_mmc),
            ("mmck", check_mmck),
            ("mg1", check_mg1),
            ("mm1_tails", check_mm1_tails),
            ("mm1_pn", check_mm1_pn),
            ("supermarket", check_supermarket),
        ],
    );
}

#[test]
fn vectors_queueing_published_tables() {
    run_lists("queueing_published_tables", &[("anchors", check_anchor), ("table", check_table_cell)]);
}

type Check = fn(&Fields) -> Outcome;

/// Runs the cases of each list; each must have no field that its check didn't ask for.
fn run_lists(file: &str, lists: &[(&str, Check)]) {
    runner::run(file, |contents: &Value, report: &mut Report| {
        let known: Vec<&str> = lists.iter().map(|&(list, _)| list).collect();
        report.only_lists(contents, &known);
        for &(list, check) in lists {
            let cases = contents[list].as_array().into_iter().flatten().enumerate();
            for (at, case) in cases.filter(|(_, case)| !contradicts_itself(case)) {
                report.case(&format!("{list}[{at}]"), || {
                    let fields = Fields::of(case)?;
                    check(&fields)?;
                    // What a simulation of others measured holds to some percent, so it proves nothing here.
                    for measured in fields.keys_with_prefix("sim_") {
                        let _ = fields.get(measured);
                    }
                    fields.finish()
                });
            }
        }
    });
}

/// Some printed rows contradict the formula that they stand for, and are marked so.
fn contradicts_itself(case: &Value) -> bool {
    let mut fields = case.as_object().into_iter().flatten();
    fields.any(|(name, value)| name.contains("agrees") && value == false)
}

// ---------------------------------------------------------------------------------------------- closed forms

fn check_erlang_b(case: &Fields) -> Outcome {
    let got = erlang_b(case.natural("servers")?, case.number("offered_erlangs")?).map_err(sentence)?;
    check_all(case, &[("p_block", got)])
}

fn check_mmc(case: &Fields) -> Outcome {
    let mu = case.number("mu")?;
    let got = Mmc::new(case.natural("servers")?, case.number("lambda")?, mu).map_err(sentence)?;
    check_all(
        case,
        &[
            ("p_wait", got.p_wait),
            ("mean_wait_Wq", got.mean_wait_s),
            ("mean_response_W", got.mean_response_s),
            ("mean_queue_Lq", got.mean_queue),
            ("p_wait_exceeds_1_service", got.p_wait_exceeds(1.0 / mu)),
        ],
    )
}

fn check_mmck(case: &Fields) -> Outcome {
    let (servers, capacity) = (case.natural("servers")?, case.natural("capacity_K_incl_service")?);
    let got = Mmck::new(servers, capacity, case.number("lambda")?, case.number("mu")?).map_err(sentence)?;
    check_all(
        case,
        &[
            ("queue_size", f64::from(capacity - servers)),
            ("p0", got.p0),
            ("p_block", got.p_block),
            ("throughput", got.throughput_per_s),
            ("L", got.mean_in_system),
            ("W", got.mean_response_s),
            ("Lq", got.mean_queue),
            ("Wq", got.mean_wait_s),
        ],
    )
}

fn check_mg1(case: &Fields) -> Outcome {
    let model = case.text("model")?;
    if !matches!(model, "M/M/1" | "M/D/1" | "M/G/1") {
        return Err(format!("unknown model {model}"));
    }
    let service = service_moments(case.need("service")?)?;
    let got = Mg1::new(case.number("lambda")?, service).map_err(sentence)?;
    check_all(
        case,
        &[
            ("mean_service", service.mean),
            ("second_moment", service.second),
            ("rho", got.utilisation),
            ("Wq", got.mean_wait_s),
            ("W", got.mean_response_s),
            ("Lq", got.mean_queue),
            ("L", got.mean_in_system),
        ],
    )
}

fn service_moments(service: &Value) -> Result<Moments, String> {
    let service = Fields::of(service)?;
    let number = |name| service.number(name);
    let parts = |values: &str, of: fn(f64) -> Moments| -> Result<Moments, String> {
        let (p, values) = (numbers(&service, "p")?, numbers(&service, values)?);
        Ok(Moments::mixture(p.into_iter().zip(values.into_iter().map(of))))
    };
    let moments = match service.text("type")? {
        "deterministic" | "constant" => Moments::constant(number("value").or_else(|_| number("mean"))?),
        "exponential" => Moments::exponential(number("mean")?),
        "erlang" => Moments::erlang(service.natural("k")?, number("mean")?),
        "uniform" => Moments::uniform(number("low")?, number("high")?),
        "hyperexponential" => parts("means", Moments::exponential)?,
        "two_point" | "bimodal" | "discrete" => parts("values", Moments::constant)?,
        "lognormal" | "log_normal" => Moments::log_normal(libm::exp(number("mu")?), number("sigma")?),
        "bounded_pareto" => Moments::bounded_pareto(number("alpha")?, number("low")?, number("high")?),
        other => return Err(format!("unknown service time {other}")),
    };
    service.finish()?;
    Ok(moments)
}

fn check_mm1_tails(case: &Fields) -> Outcome {
    let queue = Mm1::new(case.number("lambda")?, case.number("mu")?).map_err(sentence)?;
    let t_s = case.number("t")?;
    check_all(case, &[("p_response_gt_t", queue.p_response_exceeds(t_s)), ("p_wait_gt_t", queue.p_wait_exceeds(t_s))])
}

fn check_mm1_pn(case: &Fields) -> Outcome {
    let queue = Mm1::new(case.number("rho")?, 1.0).map_err(sentence)?;
    check_all(case, &[("p_n", queue.p_n(case.natural("n")?))])
}

fn check_supermarket(case: &Fields) -> Outcome {
    let model = Supermarket::new(case.number("lambda")?, case.natural("d")?).map_err(sentence)?;
    for (i, want) in (1..).zip(numbers(case, "tail_s_i")?) {
        check_close(&format!("tail_s_{i}"), model.tail(i), want)?;
    }
    check_all(case, &[("mean_time_in_system", model.mean_response_services())])
}

// ---------------------------------------------------------------------------------------------- printed tables

/// A single published number: which one it is shows in the fields that stand beside it.
fn check_anchor(case: &Fields) -> Outcome {
    let servers = case.natural("servers")?;
    let (field, got) = if case.get("erlangs").is_some() {
        ("erlangs", offered_for_blocking(servers, case.number("p_block")?))
    } else if case.get("p_wait").is_some() {
        ("p_wait", erlang_c(servers, case.number("offered_erlangs")?))
    } else {
        ("p_block", erlang_b(servers, case.number("offered_erlangs")?))
    };
    let want = case.number(field)?;
    check_within(field, got.map_err(sentence)?, want, half_of_last_place(want))
}

/// Half a unit of the last decimal place with which a number is written.
fn half_of_last_place(number: f64) -> f64 {
    let places = number.to_string().split_once('.').map_or(0, |(_, decimals)| decimals.len());
    0.5 / libm::pow(10.0, places as f64)
}

/// The load for a given blocking, printed with one decimal.
fn check_table_cell(case: &Fields) -> Outcome {
    let (servers, p_block) = (case.natural("servers")?, case.number("p_block")?);
    let got = offered_for_blocking(servers, p_block).map_err(sentence)?;
    check_within("published_erlangs_1dp", got, case.number("published_erlangs_1dp")?, 0.05)?;
    let back = erlang_b(servers, case.number("exact_erlangs")?).map_err(sentence)?;
    check_all(case, &[("exact_erlangs", got), ("p_block", back)])
}

// ---------------------------------------------------------------------------------------------- comparing

fn sentence(error: TheoryError) -> String {
    error.to_string()
}

fn numbers(case: &Fields, key: &str) -> Result<Vec<f64>, String> {
    case.list(key)?.iter().map(number).collect()
}

/// Compares each of the results that the case has; it must have one.
fn check_all(case: &Fields, results: &[(&str, f64)]) -> Outcome {
    let mut compared = 0;
    for &(name, got) in results {
        if let Some(want) = case.get(name) {
            check_close(name, got, number(want)?)?;
            compared += 1;
        }
    }
    if compared == 0 { Err("no result to compare".to_owned()) } else { Ok(()) }
}

fn check_close(name: &str, got: f64, want: f64) -> Outcome {
    // The files write 0 for what is below about 1e-40.
    let tolerance = if want == 0.0 { 1e-40 } else { 1e-9 * want.abs() };
    check_within(name, got, want, tolerance)
}

fn check_within(name: &str, got: f64, want: f64, tolerance: f64) -> Outcome {
    if (got - want).abs() <= tolerance {
        return Ok(());
    }
    Err(format!("{name}: {got} instead of {want} ± {tolerance}"))
}
