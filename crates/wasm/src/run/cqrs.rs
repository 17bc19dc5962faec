//! What is read of a run's command and query sides.

use sandtable_sim::run::{CqrsReport, CqrsView, LogColumns, ModelReport, RejectionCount};
use wasm_bindgen::prelude::*;

use super::Run;
use crate::host::{Float64Array, Uint32Array};
use crate::plain::{Plain, object, plain};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A pair of sides: its nodes are the side that writes, then its read models (or the one model); its rows in `Frame.models` begin at `first_model`. */
export interface CqrsView {
  name: string; station: number; first_instance: number; shared: boolean; first_model: number;
  models: ("by_person" | "by_company" | "strength")[];
}
/** A pair's log, event by event; and for each read model the moments from which on it wanted another event next. */
export interface LogColumns {
  at_ms: Float64Array; request: Float64Array; person: Uint32Array; version: Uint32Array;
  kind: Uint32Array; from: Float64Array; to: Float64Array;
  progress_at: Float64Array[]; progress: Uint32Array[];
}
export interface ModelReport {
  kind: string; applied: number; duplicates: number; most_behind: number; longest_lag_ms: number | null;
  behind: number; most_waiting: number; answered: number; stale: number; as_replayed: boolean;
}
export interface CqrsReport {
  name: string; shared: boolean; commands: number; command_latency: Latency;
  rejected: { why: string; count: number }[]; conflicts: number; log_refused: number;
  queries: number; query_latency: Latency; stale: number; stale_age: Latency; not_caught_up: number;
  events: number; models: ModelReport[];
}
"#;

plain! {
    CqrsView { name, station, first_instance, shared, first_model, models }
    RejectionCount { why, count }
    ModelReport {
        kind, applied, duplicates, most_behind, longest_lag_ms, behind, most_waiting, answered, stale,
        as_replayed
    }
    CqrsReport {
        name, shared, commands, command_latency, rejected, conflicts, log_refused, queries, query_latency, stale, stale_age,
        not_caught_up, events, models
    }
}

impl Plain for LogColumns {
    fn to_host(&self) -> JsValue {
        let floats = |values: &Vec<f64>| JsValue::from(Float64Array::new(values));
        let numbers = |values: &Vec<u32>| JsValue::from(Uint32Array::new(values));
        let progress_at: Vec<JsValue> = self.progress_at.iter().map(floats).collect();
        let progress: Vec<JsValue> = self.progress.iter().map(numbers).collect();
        object(&[
            ("at_ms", &floats(&self.at_ms)),
            ("request", &floats(&self.request)),
            ("person", &numbers(&self.person)),
            ("version", &numbers(&self.version)),
            ("kind", &numbers(&self.kind)),
            ("from", &floats(&self.from)),
            ("to", &floats(&self.to)),
            ("progress_at", &progress_at),
            ("progress", &progress),
        ])
    }
}

#[wasm_bindgen]
impl Run {
    /// The pairs of command and query side, in the order of their numbers.
    #[wasm_bindgen(unchecked_return_type = "CqrsView[]")]
    pub fn cqrs(&self) -> JsValue {
        self.inner.cqrs().to_host()
    }

    /// The log of a pair; empty where there is no such pair.
    #[wasm_bindgen(unchecked_return_type = "LogColumns")]
    pub fn log(&self, pair: u32) -> JsValue {
        self.inner.log(pair as usize).to_host()
    }
}
