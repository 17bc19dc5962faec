//! The schema from which the form is made, and the shapes by which a scenario is read, say the same of each parameter.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::collections::BTreeSet;

use sandtable_patterns::{Bounds, Parameter, Shape};
use sandtable_sim::Scenario;
use sandtable_sim::scenario::{Call, Cqrs, Fault, SCHEMA, Store};
use serde_json::Value;

/// A scenario with an item in each list, so that each has a part to look at.
fn full() -> Scenario {
    let mut scenario = Scenario {
        faults: vec![Fault::default()],
        stores: vec![Store::default()],
        cqrs: vec![Cqrs::default()],
        ..Scenario::default()
    };
    let store = &mut scenario.stores[0];
    (store.salted_keys, store.copy_ways, store.sharding.bounds) = (vec![1], vec![1.0], vec!["m".to_owned()]);
    (store.shards.weights, store.shards.speeds) = (vec![1.0], vec![1.0]);
    scenario.faults[0].for_ms = Some(1.0);
    scenario.clients[0].trace.counts = vec![(0, 1)];
    scenario.clients[0].trace.keys = vec![1];
    let instances = &mut scenario.services[0].instances;
    (instances.weights, instances.speeds, instances.priorities) = (vec![1.0], vec![1.0], vec![0]);
    let call = || {
        let mut call = Call::default();
        call.bulkhead.rule.max_wait_ms = Some(1.0);
        vec![call]
    };
    (scenario.clients[0].calls, scenario.services[0].calls) = (call(), call());
    scenario.clients[0].shared_pool.rule.max_wait_ms = Some(1.0);
    scenario.services[0].shared_pool.rule.max_wait_ms = Some(1.0);
    scenario
}

struct Comparison {
    root: Value,
    compared: usize,
}

impl Comparison {
    fn same(&mut self, path: &str, config: &dyn Parameter, schema: &Value) {
        let name = schema["$ref"].as_str().map(|reference| reference.rsplit('/').next().unwrap());
        let schema = name.map_or_else(|| schema.clone(), |name| self.root["$defs"][name].clone());
        self.compared += 1;
        match config.shape() {
            Shape::Struct(fields) => {
                let properties = schema["properties"].as_object().unwrap();
                let names: BTreeSet<&str> = fields.iter().map(|field| field.name).collect();
                assert_eq!(names, properties.keys().map(String::as_str).collect(), "{path}");
                for (index, field) in fields.iter().enumerate() {
                    let (path, schema) = (format!("{path}.{}", field.name), &properties[field.name]);
                    let stated = |name: &str, other: &str| schema[name].as_f64().or(schema[other].as_f64());
                    if let Some(Bounds { min, max }) = field.bounds {
                        assert_eq!(stated("x-min", "minLength").unwrap_or(0.0), min, "{path}");
                        assert_eq!(stated("x-max", "maxLength"), Some(max), "{path}");
                    } else {
                        assert_eq!(
                            (stated("x-min", "minLength"), stated("x-max", "maxLength")),
                            (None, None),
                            "{path}"
                        );
                    }
                    self.same(&path, config.part(index).unwrap(), schema);
                }
            }
            Shape::Choice(names) => {
                let options = schema["oneOf"].as_array().unwrap();
                let stated: Vec<&str> = options.iter().map(|option| option["const"].as_str().unwrap()).collect();
                assert_eq!(stated, names, "{path}");
            }
            Shape::Number(number) => {
                let types = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
                assert_eq!(types, Some(if number.whole { "integer" } else { "number" }), "{path}");
            }
            Shape::Optional => self.same(path, config.part(0).unwrap(), &schema),
            Shape::List => self.same(&format!("{path}[0]"), config.part(0).unwrap(), &schema["items"]),
            Shape::Tuple => {
                let places = schema["prefixItems"].as_array().unwrap();
                assert_eq!(places.len(), config.length(), "{path}");
            }
            Shape::Flag => assert_eq!(schema["type"], "boolean", "{path}"),
            Shape::Text => assert_eq!(schema["type"], "string", "{path}"),
        }
    }
}

#[test]
fn the_schema_states_the_fields_bounds_and_names_by_which_a_scenario_is_read() {
    let root: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut comparison = Comparison { root: root.clone(), compared: 0 };
    comparison.same("", &full(), &root);
    assert!(comparison.compared > 90, "{}", comparison.compared);
}
