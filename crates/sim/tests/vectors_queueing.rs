//! The closed forms of `theory` against values that others computed or printed.
//!
//! No case is left out. Computed values agree to a relative 1e-9, unless the file writes 0 for what is merely
//! tiny; printed ones to the last decimal place that is printed.

use std::{env, fs, path::PathBuf};

use sandtable_sim::theory::{Mg1, Mm1, Mmc, Mmck, Moments, Supermarket, erlang_b, erlang_c, offered_for_blocking};
use serde_json::Value;

#[test]
fn vectors_queueing_closed_form() {
    run("queueing_closed_form", |kind, case| match kind {
        "erlang_b" => check_erlang_b(case),
        "erlang_c_mmc" => check_mmc(case),
        "mmck" => check_mmck(case),
        "mg1" => check_mg1(case),
        "mm1_tails" => check_mm1_tails(case),
        "mm1_pn" => check_mm1_pn(case),
        "supermarket" => check_supermarket(case),
        _ => Err(format!("unknown kind of case {kind}")),
    });
}

#[test]
fn vectors_queueing_published_tables() {
    run("queueing_published_tables", |kind, case| match kind {
        "anchors" => check_anchor(case),
        "table" => check_table_cell(case),
        _ => Err(format!("unknown kind of case {kind}")),
    });
}

type Checked = Result<(), String>;

// ---------------------------------------------------------------------------------------------- closed forms

fn check_erlang_b(case: &Case) -> Checked {
    let got = erlang_b(case.whole("servers")?, case.number("offered_erlangs")?).map_err(|it| it.to_string())?;
    case.check_all(&["servers", "offered_erlangs"], &[("p_block", got)])
}

fn check_mmc(case: &Case) -> Checked {
    let mu = case.number("mu")?;
    let got = Mmc::new(case.whole("servers")?, case.number("lambda")?, mu).map_err(|it| it.to_string())?;
    case.check_all(
        &["servers", "lambda", "mu"],
        &[
            ("p_wait", got.p_wait),
            ("mean_wait_Wq", got.mean_wait_s),
            ("mean_response_W", got.mean_response_s),
            ("mean_queue_Lq", got.mean_queue),
            ("p_wait_exceeds_1_service", got.p_wait_exceeds(1.0 / mu)),
        ],
    )
}

fn check_mmck(case: &Case) -> Checked {
    let (servers, capacity) = (case.whole("servers")?, case.whole("capacity_K_incl_service")?);
    let got = Mmck::new(servers, capacity, case.number("lambda")?, case.number("mu")?).map_err(|it| it.to_string())?;
    case.check_all(
        &["servers", "capacity_K_incl_service", "lambda", "mu"],
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

fn check_mg1(case: &Case) -> Checked {
    let model = case.value("model")?.as_str();
    if !matches!(model, Some("M/M/1" | "M/D/1" | "M/G/1")) {
        return Err(format!("unknown model {model:?}"));
    }
    let service = service_moments(&Case(case.value("service")?))?;
    let got = Mg1::new(case.number("lambda")?, service).map_err(|it| it.to_string())?;
    case.check_all(
        &["model", "service", "lambda"],
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

fn service_moments(service: &Case) -> Result<Moments, String> {
    let number = |name| service.number(name);
    let parts = |values: &str, of: fn(f64) -> Moments| -> Result<Moments, String> {
        let parts = service.numbers("p")?.into_iter().zip(service.numbers(values)?.into_iter().map(of));
        Ok(Moments::mixture(parts))
    };
    match service.value("type")?.as_str() {
        Some("deterministic" | "constant") => Ok(Moments::constant(number("value").or_else(|_| number("mean"))?)),
        Some("exponential") => Ok(Moments::exponential(number("mean")?)),
        Some("erlang") => Ok(Moments::erlang(service.whole("k")?, number("mean")?)),
        Some("uniform") => Ok(Moments::uniform(number("low")?, number("high")?)),
        Some("hyperexponential") => parts("means", Moments::exponential),
        Some("two_point" | "bimodal" | "discrete") => parts("values", Moments::constant),
        Some("lognormal" | "log_normal") => Ok(Moments::log_normal(libm::exp(number("mu")?), number("sigma")?)),
        Some("bounded_pareto") => Ok(Moments::bounded_pareto(number("alpha")?, number("low")?, number("high")?)),
        other => Err(format!("unknown service time {other:?}")),
    }
}

fn check_mm1_tails(case: &Case) -> Checked {
    let queue = Mm1::new(case.number("lambda")?, case.number("mu")?).map_err(|it| it.to_string())?;
    let t_s = case.number("t")?;
    case.check_all(
        &["lambda", "mu", "t"],
        &[("p_response_gt_t", queue.p_response_exceeds(t_s)), ("p_wait_gt_t", queue.p_wait_exceeds(t_s))],
    )
}

fn check_mm1_pn(case: &Case) -> Checked {
    let queue = Mm1::new(case.number("rho")?, 1.0).map_err(|it| it.to_string())?;
    case.check_all(&["rho", "n"], &[("p_n", queue.p_n(case.whole("n")?))])
}

fn check_supermarket(case: &Case) -> Checked {
    let model = Supermarket::new(case.number("lambda")?, case.whole("d")?).map_err(|it| it.to_string())?;
    for (i, want) in (1..).zip(case.numbers("tail_s_i")?) {
        check_close(&format!("tail_s_{i}"), model.tail(i), want)?;
    }
    case.check_all(&["lambda", "d", "tail_s_i"], &[("mean_time_in_system", model.mean_response_services())])
}

// ---------------------------------------------------------------------------------------------- printed tables

/// A single published number: which one it is shows in the fields that stand beside it.
fn check_anchor(case: &Case) -> Checked {
    let servers = case.whole("servers")?;
    let (field, got) = if case.has("erlangs") {
        ("erlangs", offered_for_blocking(servers, case.number("p_block")?))
    } else if case.has("p_wait") {
        ("p_wait", erlang_c(servers, case.number("offered_erlangs")?))
    } else {
        ("p_block", erlang_b(servers, case.number("offered_erlangs")?))
    };
    let got = got.map_err(|it| it.to_string())?;
    let want = case.number(field)?;
    check_within(field, got, want, half_of_last_place(want))?;
    case.check_all(&["servers", "offered_erlangs", "p_block", "p_wait", "erlangs"], &[])
}

/// Half a unit of the last decimal place with which a number is written.
fn half_of_last_place(number: f64) -> f64 {
    let places = number.to_string().split_once('.').map_or(0, |(_, decimals)| decimals.len());
    0.5 / libm::pow(10.0, places as f64)
}

/// The load for a given blocking, printed with one decimal.
fn check_table_cell(case: &Case) -> Checked {
    let (servers, p_block) = (case.whole("servers")?, case.number("p_block")?);
    let got = offered_for_blocking(servers, p_block).map_err(|it| it.to_string())?;
    check_within("published_erlangs_1dp", got, case.number("published_erlangs_1dp")?, 0.05)?;
    let back = erlang_b(servers, case.number("exact_erlangs")?).map_err(|it| it.to_string())?;
    case.check_all(&["servers", "published_erlangs_1dp"], &[("exact_erlangs", got), ("p_block", back)])
}

// ---------------------------------------------------------------------------------------------- comparing

/// One case of a file: a JSON object.
struct Case<'a>(&'a Value);

impl<'a> Case<'a> {
    fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some()
    }

    fn value(&self, name: &str) -> Result<&'a Value, String> {
        self.0.get(name).ok_or_else(|| format!("no field {name}"))
    }

    fn number(&self, name: &str) -> Result<f64, String> {
        self.value(name)?.as_f64().ok_or_else(|| format!("{name} is not a number"))
    }

    fn whole(&self, name: &str) -> Result<u32, String> {
        let number = self.value(name)?.as_u64().and_then(|number| number.try_into().ok());
        number.ok_or_else(|| format!("{name} is not a whole number"))
    }

    fn numbers(&self, name: &str) -> Result<Vec<f64>, String> {
        let list = self.value(name)?.as_array().ok_or_else(|| format!("{name} is not a list"))?;
        list.iter().map(|it| it.as_f64().ok_or_else(|| format!("{name} holds no number"))).collect()
    }

    /// Compares each result that the case has, and refuses a field that is neither result nor input.
    fn check_all(&self, inputs: &[&str], results: &[(&str, f64)]) -> Checked {
        for name in self.0.as_object().into_iter().flat_map(|fields| fields.keys()) {
            match results.iter().find(|(result, _)| result == name) {
                Some(&(_, got)) => check_close(name, got, self.number(name)?)?,
                None if inputs.contains(&name.as_str()) || is_remark(name) => {}
                None => return Err(format!("unknown field {name}")),
            }
        }
        Ok(())
    }
}

/// Says where a case comes from, or what a simulation of others gave for it.
fn is_remark(name: &str) -> bool {
    matches!(name, "id" | "source" | "note") || name.starts_with("sim_") || name.contains("agrees")
}

/// Some printed rows contradict the formula that they stand for, and are marked so.
fn contradicts_itself(case: &Value) -> bool {
    let mut fields = case.as_object().into_iter().flatten();
    fields.any(|(name, value)| name.contains("agrees") && value == false)
}

fn check_close(name: &str, got: f64, want: f64) -> Checked {
    // The files write 0 for what is below about 1e-40.
    let tolerance = if want == 0.0 { 1e-40 } else { 1e-9 * want.abs() };
    check_within(name, got, want, tolerance)
}

fn check_within(name: &str, got: f64, want: f64, tolerance: f64) -> Checked {
    if (got - want).abs() <= tolerance {
        return Ok(());
    }
    Err(format!("{name}: got {got}, want {want} ± {tolerance}"))
}

// ---------------------------------------------------------------------------------------------- running

/// Runs every case of a file: each list in it holds the cases of one kind.
fn run(file: &str, check: impl Fn(&str, &Case) -> Checked) {
    let ours = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors"));
    let folders = [Some(ours), env::var_os("SANDTABLE_VECTORS").map(PathBuf::from)];
    let (mut passed, mut failed) = (0, 0);
    for path in folders.into_iter().flatten().map(|folder| folder.join(format!("{file}.json"))) {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let document: Value = serde_json::from_str(&text).expect("a vectors file is JSON");
        for (kind, cases) in document.as_object().expect("a vectors file is one object") {
            for case in cases.as_array().into_iter().flatten().filter(|case| !contradicts_itself(case)) {
                match check(kind, &Case(case)) {
                    Ok(()) => passed += 1,
                    Err(problem) => {
                        failed += 1;
                        println!("{file} {kind} {case}: {problem}");
                    }
                }
            }
        }
    }
    println!("vectors {file}: {passed} passed, {failed} failed, 0 left out");
    assert_eq!(failed, 0, "{file}");
    assert!(passed > 0, "{file} has no case");
}
