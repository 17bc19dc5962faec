//! Prints the options of each preset of breaker, bulkhead and sharding, for the form on the page: the numbers stand in
//! the library alone.

use sandtable_patterns::breaker::BreakerPreset;
use sandtable_patterns::bulkhead::BulkheadPreset;
use sandtable_patterns::sharding::ShardingPreset;
use serde_json::{Value, json};

/// What a preset of sharding says nothing about: which keys there are, how many copies, what is hot.
const OWN: [&str; 7] =
    ["bounds", "split_by", "split_above", "copies", "replication", "read_preference", "salted_reads"];

fn main() {
    let breaker = BreakerPreset::ALL.iter().map(|one| preset(one.name(), one.title(), json!(one.config())));
    let bulkhead = BulkheadPreset::ALL.iter().map(|one| preset(one.name(), one.title(), json!(one.config())));
    let sharding = ShardingPreset::ALL.iter().map(|one| preset(one.name(), one.title(), placing(json!(one.config()))));
    let presets = json!({
        "breaker": breaker.collect::<Value>(),
        "bulkhead": bulkhead.collect::<Value>(),
        "sharding": sharding.collect::<Value>(),
    });
    println!("{}", serde_json::to_string_pretty(&presets).expect("options are plain JSON"));
}

fn preset(name: &str, title: &str, options: Value) -> Value {
    json!({ "name": name, "title": title, "options": options })
}

fn placing(mut options: Value) -> Value {
    let fields = options.as_object_mut().expect("a configuration is an object");
    fields.retain(|name, _| !OWN.contains(&name.as_str()));
    options
}
