//! Plain data across the boundary. The host reads JSON: it can do so anyway, and a second reader would have to be
//! downloaded.

use sandtable_sim::{Scenario, Value};
use wasm_bindgen::prelude::*;

use crate::error::SandtableError;
use crate::host::{self, Array, Object};

/// More text than this is no scenario.
const MOST_BYTES: usize = 64 << 20;

/// Data nested deeper than this is no scenario, and would use up the stack.
const MOST_DEPTH: u32 = 128;

/// The scenario that a JSON text describes.
pub(crate) fn scenario(json: &str) -> Result<Scenario, SandtableError> {
    let not_json = |message: String| SandtableError::new("not_json", format!("not JSON: {message}"));
    if json.len() > MOST_BYTES {
        return Err(not_json(format!("{} bytes, at most {MOST_BYTES}", json.len())));
    }
    let parsed = host::parse_json(json).map_err(|error| not_json(error.unchecked_into::<host::Error>().message()))?;
    let value = from_host(&parsed, MOST_DEPTH).ok_or_else(|| not_json("it is nested too deep".to_owned()))?;
    Ok(Scenario::from_value(&value)?)
}

/// What JSON's reader made, as our own plain data; nothing where it is nested too deep.
fn from_host(value: &JsValue, depth: u32) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    if let Some(number) = value.as_f64() {
        return Some(Value::Number(number));
    }
    if let Some(flag) = value.as_bool() {
        return Some(Value::Bool(flag));
    }
    if let Some(text) = value.as_string() {
        return Some(Value::Text(text));
    }
    if !value.is_object() {
        return Some(Value::Null);
    }
    let parts = host::values(value);
    if host::is_array(value) {
        let mut items = Vec::with_capacity(parts.len());
        for part in parts {
            items.push(from_host(&part, depth)?);
        }
        return Some(Value::List(items));
    }
    let mut fields = Vec::with_capacity(parts.len());
    for (name, part) in host::keys(value).into_iter().zip(parts) {
        fields.push((name.as_string()?, from_host(&part, depth)?));
    }
    Some(Value::Object(fields))
}

/// The JSON text of plain data, its numbers written by the host.
pub(crate) fn to_json(value: &Value) -> String {
    host::to_json_text(&value.to_host())
}

/// What crosses to the host as plain data. One small function for each type, called through a table: generic
/// serialisation would be a copy of the same code for each.
pub(crate) trait Plain {
    /// As JSON would have it.
    fn to_host(&self) -> JsValue;
}

/// A plain object of these fields.
pub(crate) fn object(fields: &[(&str, &dyn Plain)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        object.set(name, &value.to_host());
    }
    object.into()
}

fn list(items: &mut dyn Iterator<Item = JsValue>) -> JsValue {
    let list = Array::new();
    for item in items {
        list.push(&item);
    }
    list.into()
}

/// Structs cross as objects of all their fields. A field that is not named here doesn't compile, so none is
/// forgotten; `hidden` is for those that stay inside.
macro_rules! plain {
    ($($ty:path { $($field:ident),* $(; $hidden:tt)? })*) => {$(
        impl $crate::plain::Plain for $ty {
            fn to_host(&self) -> wasm_bindgen::JsValue {
                let $ty { $($field,)* $($hidden)? } = self;
                $crate::plain::object(&[$((stringify!($field), $field)),*])
            }
        }
    )*};
}
pub(crate) use plain;

impl Plain for f64 {
    fn to_host(&self) -> JsValue {
        JsValue::from_f64(*self)
    }
}

impl Plain for u32 {
    fn to_host(&self) -> JsValue {
        f64::from(*self).to_host()
    }
}

impl Plain for i32 {
    fn to_host(&self) -> JsValue {
        f64::from(*self).to_host()
    }
}

impl Plain for u64 {
    fn to_host(&self) -> JsValue {
        (*self as f64).to_host()
    }
}

impl Plain for bool {
    fn to_host(&self) -> JsValue {
        JsValue::from_bool(*self)
    }
}

impl Plain for &str {
    fn to_host(&self) -> JsValue {
        JsValue::from_str(self)
    }
}

impl Plain for String {
    fn to_host(&self) -> JsValue {
        JsValue::from_str(self)
    }
}

/// An array that the host can use as it is.
impl Plain for JsValue {
    fn to_host(&self) -> JsValue {
        self.clone()
    }
}

impl Plain for (u32, u32) {
    fn to_host(&self) -> JsValue {
        list(&mut [self.0, self.1].iter().map(Plain::to_host))
    }
}

impl Plain for Value {
    fn to_host(&self) -> JsValue {
        match self {
            Self::Null => JsValue::NULL,
            Self::Bool(flag) => flag.to_host(),
            Self::Number(number) => number.to_host(),
            Self::Text(text) => text.to_host(),
            Self::List(items) => items.to_host(),
            Self::Object(fields) => {
                let fields: Vec<(&str, &dyn Plain)> =
                    fields.iter().map(|(name, value)| (name.as_str(), value as &dyn Plain)).collect();
                object(&fields)
            }
        }
    }
}

impl<T: Plain> Plain for Option<T> {
    fn to_host(&self) -> JsValue {
        self.as_ref().map_or(JsValue::NULL, Plain::to_host)
    }
}

impl<T: Plain> Plain for [T] {
    fn to_host(&self) -> JsValue {
        list(&mut self.iter().map(Plain::to_host))
    }
}

impl<T: Plain> Plain for Vec<T> {
    fn to_host(&self) -> JsValue {
        self.as_slice().to_host()
    }
}
