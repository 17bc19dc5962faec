//! Checks JSON against the scenario's own JSON Schema and names every mistake, not only the first.
//!
//! It knows the part of JSON Schema that our types generate: `$ref`, `oneOf` of constants, `type`, `properties`,
//! `items`, `prefixItems`, `minimum` and `maximum` (`x-min` and `x-max` for items and lengths). A general
//! validator would bring a regular-expression engine and a network resolver into a page of 80 KB.

use sandtable_patterns::ConfigError;
use serde_json::{Map, Value};

/// All mistakes of `value`, each with its path.
pub(super) fn check(schema: &Value, value: &Value) -> Vec<ConfigError> {
    let mut checker = Checker { definitions: &schema["$defs"], errors: Vec::new() };
    checker.value(schema, value, "");
    checker.errors
}

struct Checker<'a> {
    definitions: &'a Value,
    errors: Vec<ConfigError>,
}

impl<'a> Checker<'a> {
    fn value(&mut self, schema: &'a Value, value: &Value, path: &str) {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap_or_default();
            return self.value(&self.definitions[name], value, path);
        }
        if let Some(options) = schema["oneOf"].as_array() {
            return self.choice(options, value, path);
        }
        let types = allowed_types(schema);
        if !types.is_empty() && !types.iter().any(|name| is_of_type(value, name)) {
            return self.wrong(path, value, types.iter().map(|name| article(name)).collect::<Vec<_>>().join(" or "));
        }
        match value {
            Value::Number(number) => self.number(schema, number.as_f64().unwrap_or(f64::NAN), path),
            Value::String(text) => self.text(schema, text, path),
            Value::Array(items) => self.array(schema, items, path),
            Value::Object(fields) => self.object(schema, fields, path),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn choice(&mut self, options: &[Value], value: &Value, path: &str) {
        let names: Vec<&str> = options.iter().filter_map(|option| option["const"].as_str()).collect();
        if !value.as_str().is_some_and(|name| names.contains(&name)) {
            self.wrong(path, value, format!("one of {}", names.join(", ")));
        }
    }

    fn number(&mut self, schema: &Value, value: f64, path: &str) {
        let bound = |name: &str, other: &str| schema[name].as_f64().or_else(|| schema[other].as_f64());
        let low = bound("minimum", "x-min").unwrap_or(f64::NEG_INFINITY);
        let high = bound("maximum", "x-max").unwrap_or(f64::INFINITY);
        if !(low..=high).contains(&value) {
            let allowed = match (low.is_finite(), high.is_finite()) {
                (true, true) => format!("{low} to {high}"),
                (true, false) => format!("at least {low}"),
                _ => format!("at most {high}"),
            };
            self.errors.push(ConfigError::new(path, value, allowed));
        }
    }

    fn text(&mut self, schema: &Value, text: &str, path: &str) {
        let length = text.chars().count() as u64;
        let low = schema["x-min"].as_u64().unwrap_or(0);
        let high = schema["x-max"].as_u64().or_else(|| schema["maxLength"].as_u64()).unwrap_or(u64::MAX);
        if !(low..=high).contains(&length) {
            let found = format!("{length} characters");
            self.errors.push(ConfigError::new(path, found, format!("{low} to {high} characters")));
        }
    }

    fn array(&mut self, schema: &'a Value, items: &[Value], path: &str) {
        if let Some(places) = schema["prefixItems"].as_array() {
            if places.len() != items.len() {
                let found = format!("{} items", items.len());
                self.errors.push(ConfigError::new(path, found, format!("{} items", places.len())));
                return;
            }
            for (index, (place, item)) in places.iter().zip(items).enumerate() {
                self.value(place, item, &format!("{path}[{index}]"));
            }
            return;
        }
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}[{index}]");
            self.value(&schema["items"], item, &path);
            // The bounds of a list are those of each number in it.
            if let (Some(number), Some(_)) = (item.as_f64(), schema["x-min"].as_f64()) {
                self.number(schema, number, &path);
            }
        }
    }

    fn object(&mut self, schema: &'a Value, fields: &Map<String, Value>, path: &str) {
        let Some(properties) = schema["properties"].as_object() else { return };
        let dot = if path.is_empty() { "" } else { "." };
        for (name, value) in fields {
            let path = format!("{path}{dot}{name}");
            if let Some(property) = properties.get(name) {
                self.value(property, value, &path);
            } else {
                let names: Vec<&str> = properties.keys().map(String::as_str).collect();
                let allowed = format!("no field of this name; there are {}", names.join(", "));
                self.errors.push(ConfigError::new(path, shown(value), allowed));
            }
        }
    }

    fn wrong(&mut self, path: &str, value: &Value, allowed: impl Into<String>) {
        self.errors.push(ConfigError::new(path, shown(value), allowed));
    }
}

fn allowed_types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        // JavaScript writes 4 and 4.0 alike, but other writers don't.
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => true,
    }
}

fn article(name: &str) -> &str {
    match name {
        "null" => "null",
        "boolean" => "true or false",
        "string" => "a text",
        "array" => "a list",
        "object" => "an object",
        "number" => "a number",
        "integer" => "a whole number",
        other => other,
    }
}

/// A value as an error message shows it: cut short, so that a dropped file does not fill the screen.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = value.to_string();
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}
