//! Makes the sample traffic of the page from its sources: `cargo run --example samples -- LOG CSV FOLDER`, where
//! LOG is `apache-access-2015.log` and CSV is `nasa-ksc-1995-07-13-launch.csv`.

use std::{env, error::Error, fs, path::Path};

use sandtable_sim::import::{ImportOptions, import};
use serde::Serialize;

/// One sample: its origin, and the traffic as `import` gives it.
#[derive(Serialize)]
struct Sample {
    name: &'static str,
    source: &'static str,
    licence: &'static str,
    counts: Vec<(u32, u32)>,
    keys: Vec<u32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [log, csv, folder] = arguments.as_slice() else {
        return Err("usage: samples LOG CSV FOLDER".into());
    };
    let apache = Sample {
        name: "Access log of a public web site, 17–20 May 2015",
        source: "elastic/examples, Common Data Formats/apache_logs/apache_logs",
        licence: "Apache-2.0",
        ..read(log)?
    };
    let nasa = Sample {
        name: "Kennedy Space Center's web server on the morning of a launch, 13 July 1995",
        source: "NASA-HTTP trace of the Internet Traffic Archive (J. Dumoulin), requests counted per second",
        licence: "freely redistributable",
        ..read(csv)?
    };
    write(folder, "apache-access-2015", &apache)?;
    write(folder, "nasa-ksc-1995-07-13-launch", &nasa)
}

fn read(path: &str) -> Result<Sample, Box<dyn Error>> {
    let trace = import(&fs::read(path)?, &ImportOptions::default())?;
    if let Some(first) = trace.rejections.first() {
        return Err(format!("{path}: {} lines rejected; {first}", trace.rejected).into());
    }
    Ok(Sample { name: "", source: "", licence: "", counts: trace.counts, keys: trace.keys })
}

fn write(folder: &str, name: &str, sample: &Sample) -> Result<(), Box<dyn Error>> {
    let path = Path::new(folder).join(name).with_extension("json");
    let mut json = serde_json::to_string(sample)?;
    json.push('\n');
    fs::write(&path, &json)?;
    let requests: u32 = sample.counts.iter().map(|&(_, count)| count).sum();
    println!("{}: {requests} requests in {} seconds, {} bytes", path.display(), sample.counts.len(), json.len());
    Ok(())
}
