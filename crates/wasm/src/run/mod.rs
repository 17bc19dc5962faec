//! What a picture of a run takes; the rest is in `details`.

#[cfg(feature = "full")]
mod cqrs;
#[cfg(feature = "full")]
mod details;
#[cfg(feature = "full")]
mod stores;

use sandtable_sim::run::{CallView, ServiceView};
use wasm_bindgen::prelude::*;

use crate::host::{Float32Array, Float64Array};
use crate::plain::{Plain, object, plain};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A moment of a run; the order of the columns is documented at `sandtable_sim::run::Frame`. */
export interface Frame {
  scalars: Float64Array; instances: Float32Array; requests: Float32Array; badges: Float32Array;
  calls: Float32Array; breakers: Float32Array; cells: Float32Array; shards: Float32Array; models: Float32Array;
}
/** A service or a store: its instances or shards are those from `first_instance` on, in `Frame.instances`. */
export interface ServiceView { name: string; first_instance: number; instances: number; store: number | null; cqrs: number | null; copies: number; nodes: string[] }
/** A call, as numbered in `Frame.calls`: whose breakers are those from `first_breaker` on in `Frame.breakers`. */
export interface CallView {
  name: string; client: number | null; service: number | null; to: number; parties: number;
  first_breaker: number; breakers: number; first_bulkhead: number; bulkheads: number;
}
"#;

plain! {
    ServiceView { name, first_instance, instances, store, cqrs, copies, nodes }
    CallView {
        name, client, service, to, parties, first_breaker, breakers, first_bulkhead, bulkheads
    }
}

/// A finished run. Whoever holds it frees it.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Run {
    inner: sandtable_sim::Run,
}

impl From<sandtable_sim::Run> for Run {
    fn from(inner: sandtable_sim::Run) -> Self {
        Self { inner }
    }
}

#[wasm_bindgen]
impl Run {
    /// 16 hexadecimal digits, equal for equal runs on every target.
    pub fn digest(&self) -> String {
        format!("{:016x}", self.inner.digest())
    }

    /// Number of requests that clients sent.
    pub fn requests(&self) -> u32 {
        self.inner.requests()
    }

    /// Number of attempts, retries and the calls of instances included.
    pub fn attempts(&self) -> u32 {
        self.inner.attempts()
    }

    /// Memory that the recording takes, in bytes.
    pub fn memory_bytes(&self) -> f64 {
        self.inner.memory_bytes() as f64
    }

    /// When arrivals stop.
    pub fn duration_ms(&self) -> f64 {
        self.inner.scenario().duration_ms
    }

    /// When the last thing happened.
    pub fn end_ms(&self) -> f64 {
        self.inner.end_ms()
    }

    /// The names of the instances.
    pub fn instance_names(&self) -> Vec<String> {
        self.inner.instance_names()
    }

    /// The services, then the stores, in the order of their numbers.
    #[wasm_bindgen(unchecked_return_type = "ServiceView[]")]
    pub fn services(&self) -> JsValue {
        self.inner.services().to_host()
    }

    /// The calls, in the order of their numbers.
    #[wasm_bindgen(unchecked_return_type = "CallView[]")]
    pub fn calls(&self) -> JsValue {
        self.inner.calls().to_host()
    }

    /// The moment `t_ms`: broken and shed requests stay for `linger_ms`, and about `max_drawn` requests are drawn
    /// at most. The arrays are the caller's own.
    #[wasm_bindgen(unchecked_return_type = "Frame")]
    pub fn frame(&self, t_ms: f64, linger_ms: f64, max_drawn: u32) -> JsValue {
        let frame = self.inner.frame(t_ms, linger_ms, max_drawn);
        object(&[
            ("scalars", &JsValue::from(Float64Array::new(frame.scalars.as_slice()))),
            ("instances", &JsValue::from(Float32Array::new(frame.instances.as_slice()))),
            ("requests", &JsValue::from(Float32Array::new(frame.requests.as_slice()))),
            ("badges", &JsValue::from(Float32Array::new(frame.badges.as_slice()))),
            ("calls", &JsValue::from(Float32Array::new(frame.calls.as_slice()))),
            ("breakers", &JsValue::from(Float32Array::new(frame.breakers.as_slice()))),
            ("cells", &JsValue::from(Float32Array::new(frame.cells.as_slice()))),
            ("shards", &JsValue::from(Float32Array::new(frame.shards.as_slice()))),
            ("models", &JsValue::from(Float32Array::new(frame.models.as_slice()))),
        ])
    }
}
