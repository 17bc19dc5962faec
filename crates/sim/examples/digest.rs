//! Prints the digest of each scenario file given, to be compared between targets.

use std::path::Path;
use std::process::ExitCode;

use sandtable_sim::{Scenario, simulate};

fn main() -> ExitCode {
    for file in std::env::args().skip(1) {
        match digest(Path::new(&file)) {
            Ok(digest) => println!("{} {digest:016x}", name(Path::new(&file))),
            Err(error) => {
                eprintln!("{file}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn name(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn digest(file: &Path) -> Result<u64, Box<dyn std::error::Error>> {
    let scenario = Scenario::from_json(&std::fs::read_to_string(file)?)?;
    Ok(simulate(&scenario)?.digest())
}
