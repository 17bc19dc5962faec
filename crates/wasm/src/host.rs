//! The few things of the host that are used. js-sys declares hundreds, and what it declares for closures stays in the wasm.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    pub(crate) fn parse_json(text: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = JSON, js_name = stringify)]
    pub(crate) fn to_json_text(value: &JsValue) -> String;

    /// The names of all fields.
    #[wasm_bindgen(js_namespace = Object)]
    pub(crate) fn keys(object: &JsValue) -> Vec<JsValue>;

    /// The values of all fields, or the items of an array.
    #[wasm_bindgen(js_namespace = Object)]
    pub(crate) fn values(object: &JsValue) -> Vec<JsValue>;

    #[wasm_bindgen(js_namespace = Array, js_name = isArray)]
    pub(crate) fn is_array(value: &JsValue) -> bool;
}

#[wasm_bindgen]
extern "C" {
    /// What was thrown.
    pub(crate) type Error;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn message(this: &Error) -> String;

    pub(crate) type Object;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> Object;

    #[wasm_bindgen(method, structural, indexing_setter)]
    pub(crate) fn set(this: &Object, name: &str, value: &JsValue);

    pub(crate) type Array;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> Array;

    #[wasm_bindgen(method)]
    pub(crate) fn push(this: &Array, item: &JsValue) -> u32;

    pub(crate) type Float32Array;

    /// A copy, which the caller may keep and transfer.
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(numbers: &[f32]) -> Float32Array;

    #[cfg(feature = "full")]
    pub(crate) type Uint32Array;

    /// A copy, which the caller may keep and transfer.
    #[cfg(feature = "full")]
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(numbers: &[u32]) -> Uint32Array;

    pub(crate) type Float64Array;

    /// A copy, which the caller may keep and transfer.
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(numbers: &[f64]) -> Float64Array;
}
