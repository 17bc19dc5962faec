//! Plain data between a configuration and whatever it is written in.

use std::fmt::{self, Write};

use crate::Shown;

/// Plain data, as JSON has it. Whoever reads a text, or gets objects from a host, turns it into this first.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// Any number; whole ones are exact up to 2⁵³.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// Named fields, in order.
    Object(Vec<(String, Self)>),
}

impl Value {
    /// The field `name`, where this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(fields) = self else { return None };
        fields.iter().find(|field| field.0 == name).map(|field| &field.1)
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// The value as a message shows it: JSON, but for numbers that JSON doesn't know or that are longer than a reader wants.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, &|number, f| Shown(number).fmt(f))
    }
}

impl Value {
    /// The value as JSON, every number exact.
    pub fn to_json(&self) -> String {
        fmt::from_fn(|f| self.write(f, &|number, f| write!(f, "{number}"))).to_string()
    }

    fn write(
        &self,
        f: &mut fmt::Formatter<'_>,
        number: &dyn Fn(f64, &mut fmt::Formatter<'_>) -> fmt::Result,
    ) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => f.write_str(if *value { "true" } else { "false" }),
            Self::Number(value) => number(*value, f),
            Self::Text(text) => quoted(text, f),
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    f.write_char(if index == 0 { '[' } else { ',' })?;
                    item.write(f, number)?;
                }
                f.write_str(if items.is_empty() { "[]" } else { "]" })
            }
            Self::Object(fields) => {
                for (index, (name, value)) in fields.iter().enumerate() {
                    f.write_char(if index == 0 { '{' } else { ',' })?;
                    quoted(name, f)?;
                    f.write_char(':')?;
                    value.write(f, number)?;
                }
                f.write_str(if fields.is_empty() { "{}" } else { "}" })
            }
        }
    }
}

fn quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                f.write_char('\\')?;
                f.write_char(character)?;
            }
            '\0'..='\x1f' => write!(f, "\\u{:04x}", character as u32)?,
            _ => f.write_char(character)?,
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_as_json_that_reads_back() {
        let text = |text: &str| Value::Text(text.to_owned());
        let value = Value::Object(vec![
            ("a \"name\"".to_owned(), text("tab\t, quote \", backslash \\, ü")),
            ("numbers".to_owned(), Value::List([0.1, -0.0, 1e300, 5e-324, 4.0].map(Value::Number).to_vec())),
            ("empty".to_owned(), Value::List(vec![Value::Object(Vec::new()), Value::List(Vec::new())])),
            ("rest".to_owned(), Value::List(vec![Value::Null, Value::Bool(true), Value::Bool(false)])),
        ]);
        let read: serde_json::Value = serde_json::from_str(&value.to_json()).unwrap();
        assert_eq!(read["a \"name\""], "tab\t, quote \", backslash \\, ü");
        assert_eq!(read["empty"], serde_json::json!([{}, []]));
        assert_eq!(read["rest"], serde_json::json!([null, true, false]));
        let numbers: Vec<f64> = serde_json::from_value(read["numbers"].clone()).unwrap();
        assert_eq!(numbers, [0.1, -0.0, 1e300, 5e-324, 4.0]);
    }
}
