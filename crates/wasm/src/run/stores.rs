//! What is read of a run's stores.

use sandtable_sim::run::{
    KeyPlace, MapChangeReport, MapView, PlacementRow, ShardReport, StoreKeys, StoreReport, StoreView,
};
use wasm_bindgen::prelude::*;

use super::Run;
use crate::error::SandtableError;
use crate::host::{Float64Array, Uint32Array};
use crate::plain::{Plain, object, plain};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A store: its nodes are those from `first_instance` on, shard after shard, each with its copies; its rows in `Frame.shards` begin at `first_shard`. */
export interface StoreView {
  name: string; station: number; first_instance: number; first_shard: number; shards: number; copies: number;
  placement: "hash_modulo" | "ring" | "jump" | "rendezvous" | "maglev" | "slots" | "range" | "directory"; key_prefix: string;
}
/** A store's map from one moment on; `segments` are triples of beginning, end and owner, places run from 0 to 1. */
export interface MapView {
  at_ms: number; fault: number | null; shape: "ring" | "ranges" | "slots" | "table" | "buckets";
  shards: Uint32Array; segments: Float64Array; labels: string[]; shares: Float64Array; keys: Float64Array;
}
/** The keys that are drawn; `travels` are rows of 5: which key, begins (ms), ends (ms or Infinity), from, to. */
export interface StoreKeys { every: number; numbers: Uint32Array; owners: Uint32Array; travels: Float64Array }
/** Where a key is at a moment, and why. */
export interface KeyPlace { key: string; shard: number; name: string; place: number; why: string; holder: number; holder_name: string; leaving: number | null }
/** What a placement would make of a store's keys, shards and requests; peaks are the greatest over the mean. */
export interface PlacementRow {
  placement: StoreView["placement"]; title: string; keys_peak: number | null; load_peak: number | null;
  moved_percent: number | null; least_percent: number; steps: number | null; bytes: number;
}
export interface ShardReport {
  name: string; keys: number; keys_percent: number | null; requests: number; load_percent: number | null; here: boolean;
}
/** What a change of map moved, beside the least that any placement has to, and beside hash modulo. */
export interface MapChangeReport {
  at_ms: number; what: string; keys: number; of_keys: number; moved_percent: number | null; least_percent: number;
  modulo_percent: number | null; took_ms: number | null; sent_after: number;
}
export interface StoreReport {
  name: string; placement: string; reads: number; writes: number; gathered: number; gather_latency: Latency;
  stale: number; stale_age: Latency; sent_on: number; shards: ShardReport[];
  load_peak: number | null; keys_peak: number | null; changes: MapChangeReport[];
}
"#;

plain! {
    StoreView { name, station, first_instance, first_shard, shards, copies, placement, key_prefix }
    KeyPlace { key, shard, name, place, why, holder, holder_name, leaving }
    PlacementRow { placement, title, keys_peak, load_peak, moved_percent, least_percent, steps, bytes }
    ShardReport { name, keys, keys_percent, requests, load_percent, here }
    MapChangeReport {
        at_ms, what, keys, of_keys, moved_percent, least_percent, modulo_percent, took_ms, sent_after
    }
    StoreReport {
        name, placement, reads, writes, gathered, gather_latency, stale, stale_age, sent_on, shards, load_peak,
        keys_peak, changes
    }
}

fn floats(values: &[f64]) -> JsValue {
    Float64Array::new(values).into()
}

fn numbers(values: &[u32]) -> JsValue {
    Uint32Array::new(values).into()
}

impl Plain for MapView {
    fn to_host(&self) -> JsValue {
        object(&[
            ("at_ms", &self.at_ms),
            ("fault", &self.fault),
            ("shape", &self.shape),
            ("shards", &numbers(&self.shards)),
            ("segments", &floats(&self.segments)),
            ("labels", &self.labels),
            ("shares", &floats(&self.shares)),
            ("keys", &floats(&self.keys)),
        ])
    }
}

impl Plain for StoreKeys {
    fn to_host(&self) -> JsValue {
        object(&[
            ("every", &self.every),
            ("numbers", &numbers(&self.numbers)),
            ("owners", &numbers(&self.owners)),
            ("travels", &floats(&self.travels)),
        ])
    }
}

#[wasm_bindgen]
impl Run {
    /// The stores, in the order of their numbers.
    #[wasm_bindgen(unchecked_return_type = "StoreView[]")]
    pub fn stores(&self) -> JsValue {
        self.inner.stores().to_host()
    }

    /// The maps of a store in the order in which they held; none where there is no such store.
    #[wasm_bindgen(unchecked_return_type = "MapView[]")]
    pub fn store_maps(&self, store: u32) -> JsValue {
        self.inner.store_maps(store as usize).to_host()
    }

    /// The keys of a store that are drawn.
    ///
    /// # Errors
    /// A `SandtableError` where there is no such store.
    #[wasm_bindgen(unchecked_return_type = "StoreKeys")]
    pub fn store_keys(&self, store: u32) -> Result<JsValue, JsValue> {
        match self.inner.store_keys(store as usize) {
            Some(keys) => Ok(keys.to_host()),
            None => {
                let message = format!("store: found {store}; allowed: below {}", self.inner.stores().len());
                Err(SandtableError::new("no_such_store", message).into())
            }
        }
    }

    /// Where keys are at `t_ms`, and why; none where there is no such store.
    #[wasm_bindgen(unchecked_return_type = "KeyPlace[]")]
    pub fn locate(&self, store: u32, t_ms: f64, keys: Vec<String>) -> JsValue {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        self.inner.locate(store as usize, t_ms, &keys).to_host()
    }

    /// What each placement would make of a store: asked for only when somebody wants to see it. None where there is no
    /// such store.
    #[wasm_bindgen(unchecked_return_type = "PlacementRow[]")]
    pub fn placements(&self, store: u32) -> JsValue {
        self.inner.placements(store as usize).to_host()
    }
}
