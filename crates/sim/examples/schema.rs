//! Prints the JSON Schema of a scenario, from which come the form on the page and its TypeScript types.

fn main() {
    let schema = schemars::schema_for!(sandtable_sim::Scenario);
    println!("{}", serde_json::to_string_pretty(&schema).expect("a schema is plain JSON"));
}
