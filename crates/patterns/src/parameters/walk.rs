//! Reading, checking and writing of any configuration, by the shapes of its parts: one function each, whatever the
//! configuration, rather than one for each type, which would weigh on a page that downloads them.

use crate::Shown;

use super::{Bounds, ConfigError, Parameter, Place, Shape, Value};

/// Every mistake of a configuration, or none.
///
/// # Errors
/// All mistakes, in the order of the fields.
pub fn check_all(config: &impl Parameter) -> Result<(), Vec<ConfigError>> {
    let mut errors = Vec::new();
    check(config, None, &Place::TOP, &mut errors);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Takes on what `value` says, over what `config` says now. What is left out stays as it is, and items of a list
/// start as their type is by default.
///
/// # Errors
/// All mistakes: values of another type or out of bounds, names that don't exist. `config` has then taken on a part.
pub fn read_all(config: &mut impl Parameter, value: &Value) -> Result<(), Vec<ConfigError>> {
    let mut errors = Vec::new();
    Reader { errors: &mut errors }.read(config, value, None, &Place::TOP, "");
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// A configuration as plain data, every parameter written out.
pub fn write(config: &dyn Parameter) -> Value {
    let parts = (0..config.length()).filter_map(|index| config.part(index)).map(write);
    match config.shape() {
        Shape::Struct(fields) => Value::Object(fields.iter().map(|field| field.name.to_owned()).zip(parts).collect()),
        Shape::List | Shape::Tuple => Value::List(parts.collect()),
        Shape::Optional => { parts }.next().unwrap_or(Value::Null),
        _ => config.value(),
    }
}

fn check(config: &dyn Parameter, bounds: Option<Bounds>, place: &Place<'_>, errors: &mut Vec<ConfigError>) {
    let shape = config.shape();
    if shape.is_single() {
        check_single(shape, &config.value(), bounds, place, "", errors);
        return;
    }
    for index in 0..config.length() {
        let Some(part) = config.part(index) else { return };
        match shape {
            Shape::Struct(fields) => check(part, fields[index].bounds, &place.field(fields[index].name), errors),
            Shape::Optional => check(part, bounds, place, errors),
            _ => check(part, bounds, &place.index(index), errors),
        }
    }
}

/// Whether `value` may stand at `place`, if it is a single one. Where not, the mistake is added to `errors`.
fn check_single(
    shape: Shape,
    value: &Value,
    bounds: Option<Bounds>,
    place: &Place<'_>,
    or_null: &str,
    errors: &mut Vec<ConfigError>,
) -> bool {
    let (found, allowed) = match (shape, value) {
        (Shape::Flag, Value::Bool(_)) => return true,
        (Shape::Number(own), &Value::Number(number)) => {
            let Bounds { min, max } = bounds.unwrap_or(own.bounds);
            // Written so that NaN fails; a fraction of what is out of bounds anyway is no mistake of its own.
            if !(number >= min && number <= max) {
                let any = max == f64::MAX;
                let allowed = if any { "a finite number".to_owned() } else { range(min, max) };
                (Shown(number).to_string(), allowed)
            } else if own.whole && number.fract() != 0.0 {
                (Shown(number).to_string(), shape.described().to_owned())
            } else {
                return true;
            }
        }
        (Shape::Text, Value::Text(text)) => {
            let length = text.chars().count();
            let Bounds { min, max } = bounds.unwrap_or(Bounds { min: 0.0, max: f64::MAX });
            if (min..=max).contains(&(length as f64)) {
                return true;
            }
            (format!("{length} characters"), range(min, max) + " characters")
        }
        (Shape::Choice(names), _) => {
            if value.as_text().is_some_and(|name| names.contains(&name)) {
                return true;
            }
            (shown(value), format!("one of {}", names.join(", ")))
        }
        _ => (shown(value), shape.described().to_owned()),
    };
    errors.push(ConfigError { path: place.to_string(), found, allowed: allowed + or_null });
    false
}

struct Reader<'a> {
    errors: &'a mut Vec<ConfigError>,
}

impl Reader<'_> {
    fn read(
        &mut self,
        config: &mut dyn Parameter,
        value: &Value,
        bounds: Option<Bounds>,
        place: &Place<'_>,
        or_null: &str,
    ) {
        let shape = config.shape();
        match (shape, value) {
            (Shape::Struct(fields), Value::Object(_)) => {
                for (index, field) in fields.iter().enumerate() {
                    if let (Some(part), Some(value)) = (config.part_mut(index), value.get(field.name)) {
                        self.read(part, value, field.bounds, &place.field(field.name), "");
                    }
                }
                self.refuse_unknown(shape, value, place);
            }
            (Shape::Tuple, Value::List(items)) if items.len() != config.length() => {
                let allowed = format!("{} items", config.length());
                self.wrong(place, format!("{} items", items.len()), allowed);
            }
            (Shape::List | Shape::Tuple, Value::List(items)) => {
                config.set_length(items.len());
                for (index, item) in items.iter().enumerate() {
                    if let Some(part) = config.part_mut(index) {
                        self.read(part, item, bounds, &place.index(index), "");
                    }
                }
            }
            (Shape::Optional, Value::Null) => config.set_length(0),
            (Shape::Optional, _) => {
                config.set_length(1);
                if let Some(part) = config.part_mut(0) {
                    self.read(part, value, bounds, place, " or null");
                }
            }
            _ => {
                if check_single(shape, value, bounds, place, or_null, self.errors) {
                    config.set_value(value);
                }
            }
        }
    }

    fn refuse_unknown(&mut self, shape: Shape, value: &Value, place: &Place<'_>) {
        let (Shape::Struct(known), Value::Object(fields)) = (shape, value) else { return };
        for (name, value) in fields {
            if known.iter().all(|field| field.name != name) {
                let names: Vec<&str> = known.iter().map(|field| field.name).collect();
                let allowed = format!("no field of this name; there are {}", names.join(", "));
                self.wrong(&place.field(name), shown(value), allowed);
            }
        }
    }

    fn wrong(&mut self, place: &Place<'_>, found: String, allowed: String) {
        self.errors.push(ConfigError { path: place.to_string(), found, allowed });
    }
}

fn range(min: f64, max: f64) -> String {
    format!("{} to {}", Shown(min), Shown(max))
}

/// A value as an error message shows it: cut short, so that a dropped file does not fill the screen.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 60;
    let mut text = value.to_string();
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    text
}
