//! Prints the options of each preset of breaker and bulkhead, for the form on the page: the numbers stand in the
//! library alone.

use sandtable_patterns::breaker::BreakerPreset;
use sandtable_patterns::bulkhead::BulkheadPreset;
use serde_json::{Value, json};

fn main() {
    let breaker = BreakerPreset::ALL.iter().map(|one| preset(one.name(), one.title(), json!(one.config())));
    let bulkhead = BulkheadPreset::ALL.iter().map(|one| preset(one.name(), one.title(), json!(one.config())));
    let presets = json!({ "breaker": breaker.collect::<Value>(), "bulkhead": bulkhead.collect::<Value>() });
    println!("{}", serde_json::to_string_pretty(&presets).expect("options are plain JSON"));
}

fn preset(name: &str, title: &str, options: Value) -> Value {
    json!({ "name": name, "title": title, "options": options })
}
