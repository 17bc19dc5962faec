//! Times a scenario natively, for the benchmark: prints `{"requests": …, "ms": …}`.

use std::process::ExitCode;

use sandtable_sim::{Scenario, Simulation};

fn main() -> ExitCode {
    let Some(file) = std::env::args().nth(1) else {
        eprintln!("usage: bench_native SCENARIO.json");
        return ExitCode::FAILURE;
    };
    match time(&file) {
        Ok((requests, ms)) => {
            println!("{{\"requests\": {requests}, \"ms\": {ms}}}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{file}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures the run alone, as the other engines are measured: not the reading of the file.
#[expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "a benchmark needs the real clock")]
fn time(file: &str) -> Result<(u32, f64), Box<dyn std::error::Error>> {
    let scenario = Scenario::from_json(&std::fs::read_to_string(file)?)?;
    let start = std::time::Instant::now();
    let mut simulation = Simulation::new(&scenario)?;
    while !simulation.run_slice(u64::MAX / 2)? {}
    let run = simulation.finish();
    Ok((run.requests(), start.elapsed().as_secs_f64() * 1e3))
}
