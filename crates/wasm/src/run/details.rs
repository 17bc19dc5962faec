//! What is read from a run beside its pictures.

use sandtable_sim::run::{
    Band, BandStatus, BreakerChangeView, BreakerReport, BulkheadReport, BulkheadTheory, CallReport, Direction,
    Explanation, InstanceReport, Latency, LatencyReport, OutcomeCount, Recovery, Report, Step, StepTo, TheoryRelation,
    TheoryReport, TransitionView,
};
use wasm_bindgen::prelude::*;

use super::Run;
use crate::error::SandtableError;
use crate::host::Float64Array;
use crate::plain::{Plain, object, plain};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A run in buckets of time; see `sandtable_sim::run::Series`. */
export interface Series {
  buckets: number; bucket_ms: number; time_ms: Float64Array;
  arrivals_per_s: Float64Array; attempts_per_s: Float64Array; goodput_per_s: Float64Array; failed_per_s: Float64Array; shed_per_s: Float64Array;
  p50_ms: Float64Array; p95_ms: Float64Array; p99_ms: Float64Array; working: Float64Array; waiting: Float64Array;
}
export interface Latency { count: number; mean_ms: number | null; p50_ms: number | null; p95_ms: number | null; p99_ms: number | null; max_ms: number | null }
export interface InstanceReport {
  name: string; requests: number; share_percent: number | null; utilisation_percent: number | null;
  mean_working: number; mean_waiting: number; max_waiting: number; failed: number; shed: number;
}
export interface TheoryReport {
  model: string; relation: "exact" | "lower_bound" | "approximation" | "none";
  predicted_wait_ms: number | null; measured_wait_ms: number | null; half_width_ms: number | null;
  predicted_refused_percent: number | null; measured_refused_percent: number | null; note: string; unmet: string[];
}
/** A bulkhead beside Erlang's formula. */
export interface BulkheadTheory {
  model: string; relation: "exact" | "lower_bound" | "approximation" | "none"; offered_erlangs: number;
  predicted_refused_percent: number | null; measured_refused_percent: number | null; half_width_percent: number | null;
  note: string; unmet: string[];
}
export interface CallReport {
  name: string; requests: number; attempts: number; amplification: number | null; succeeded: number;
  timed_out: number; refused_by_breaker: number; refused_by_bulkhead: number;
  wasted_work_ms: number; wasted_percent: number | null;
  breaker: { breakers: number; opened: number; open_percent: number } | null;
  bulkhead: { limit: number; mean_in_flight: number; mean_waiting: number; theory: BulkheadTheory } | null;
}
export interface Recovery { fault_ended_ms: number; took_ms: number | null }
export interface Report {
  requests: number; events: number; amplification: number | null; recovery: Recovery | null; calls: CallReport[];
  outcomes: { outcome: "succeeded" | "failed" | "shed"; reason: string; count: number }[];
  goodput_per_s: number; success_percent: number | null;
  latency: { successes: Latency; all: Latency }; wait: Latency;
  instances: InstanceReport[]; stores: StoreReport[]; cqrs: CqrsReport[]; theory: TheoryReport; not_modelled: string[];
}
export interface BreakerChange { at_ms: number; breaker: number; call: number; to: "closed" | "open" | "half_open" | "forced_open" | "disabled"; text: string }
export interface TransitionView { at_ms: number; instance: number; kind: string; text: string }
export interface Band { instance: number; from_ms: number; to_ms: number; status: "healthy" | "unhealthy" | "ejected" | "draining"; up: boolean; here: boolean }
export interface Explanation {
  request: number; key: number; client: string; arrived_ms: number; ended_ms: number; latency_ms: number;
  outcome: string; reason: string; instance: number; attempt: number;
  previous: number | null; next: number | null; parent: number | null; calls: number[]; steps: { at_ms: number; text: string }[];
}
"#;

plain! {
    Latency { count, mean_ms, p50_ms, p95_ms, p99_ms, max_ms }
    LatencyReport { successes, all }
    OutcomeCount { outcome, reason, count }
    InstanceReport {
        name, requests, share_percent, utilisation_percent, mean_working, mean_waiting, max_waiting, failed, shed
    }
    TheoryReport {
        model, relation, predicted_wait_ms, measured_wait_ms, half_width_ms, predicted_refused_percent,
        measured_refused_percent, note, unmet
    }
    Report {
        requests, events, outcomes, goodput_per_s, success_percent, latency, wait, amplification, recovery, calls,
        stores, cqrs, instances, theory, not_modelled
    }
    Recovery { fault_ended_ms, took_ms }
    CallReport {
        name, requests, attempts, amplification, succeeded, timed_out, refused_by_breaker, refused_by_bulkhead,
        wasted_work_ms, wasted_percent, breaker, bulkhead
    }
    BreakerReport { breakers, opened, open_percent }
    BulkheadReport { limit, mean_in_flight, mean_waiting, theory }
    BulkheadTheory {
        model, relation, offered_erlangs, predicted_refused_percent, measured_refused_percent, half_width_percent, note,
        unmet
    }
    BreakerChangeView { at_ms, breaker, call, to, text }
    TransitionView { at_ms, instance, kind, text }
    Band { instance, from_ms, to_ms, status, up, here; .. }
    Explanation {
        request, key, client, arrived_ms, ended_ms, latency_ms, outcome, reason, instance, attempt,
        previous, next, parent, calls, steps
    }
    Step { at_ms, text }
}

impl Plain for TheoryRelation {
    fn to_host(&self) -> JsValue {
        self.name().to_host()
    }
}

impl Plain for BandStatus {
    fn to_host(&self) -> JsValue {
        self.name().to_host()
    }
}

#[wasm_bindgen]
impl Run {
    /// Every change of a breaker.
    #[wasm_bindgen(unchecked_return_type = "BreakerChange[]")]
    pub fn breaker_changes(&self) -> JsValue {
        self.inner.breaker_changes().to_host()
    }

    /// The run in numbers.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn report(&self) -> JsValue {
        self.inner.report().to_host()
    }

    /// The run in `buckets` stretches of time.
    #[wasm_bindgen(unchecked_return_type = "Series")]
    pub fn series(&self, buckets: u32) -> JsValue {
        let series = self.inner.series(buckets as usize);
        let array = |values: &[f64]| JsValue::from(Float64Array::new(values));
        object(&[
            ("buckets", &(series.buckets as u64)),
            ("bucket_ms", &series.bucket_ms),
            ("time_ms", &array(&series.time_ms)),
            ("arrivals_per_s", &array(&series.arrivals_per_s)),
            ("attempts_per_s", &array(&series.attempts_per_s)),
            ("goodput_per_s", &array(&series.goodput_per_s)),
            ("failed_per_s", &array(&series.failed_per_s)),
            ("shed_per_s", &array(&series.shed_per_s)),
            ("p50_ms", &array(&series.p50_ms)),
            ("p95_ms", &array(&series.p95_ms)),
            ("p99_ms", &array(&series.p99_ms)),
            ("working", &array(&series.working)),
            ("waiting", &array(&series.waiting)),
        ])
    }

    /// Every change of state.
    #[wasm_bindgen(unchecked_return_type = "TransitionView[]")]
    pub fn transitions(&self) -> JsValue {
        self.inner.transitions().to_host()
    }

    /// How each instance stood over time.
    #[wasm_bindgen(unchecked_return_type = "Band[]")]
    pub fn bands(&self) -> JsValue {
        self.inner.bands().to_host()
    }

    /// The time of the next (`direction` 1) or previous (-1) event or request.
    ///
    /// # Errors
    /// A `SandtableError` for anything else.
    pub fn step_time(
        &self,
        t_ms: f64,
        #[wasm_bindgen(unchecked_param_type = "\"event\" | \"request\"")] what: &str,
        #[wasm_bindgen(unchecked_param_type = "1 | -1")] direction: i32,
    ) -> Result<f64, JsValue> {
        let to = match what {
            "event" => StepTo::Event,
            "request" => StepTo::Request,
            _ => return Err(SandtableError::bad_argument("what", what, "event, request").into()),
        };
        let direction = match direction {
            1 => Direction::Forward,
            -1 => Direction::Backward,
            _ => return Err(SandtableError::bad_argument("direction", &direction.to_string(), "1, -1").into()),
        };
        Ok(self.inner.step_time(t_ms, to, direction))
    }

    /// Why a request went where it went.
    ///
    /// # Errors
    /// A `SandtableError` where there is no such request.
    #[wasm_bindgen(unchecked_return_type = "Explanation")]
    pub fn explain(&self, request: u32) -> Result<JsValue, JsValue> {
        match self.inner.explain(request) {
            Some(explanation) => Ok(explanation.to_host()),
            None => {
                let message = format!("request: found {request}; allowed: below {}", self.inner.attempts());
                Err(SandtableError::new("no_such_request", message).into())
            }
        }
    }

    /// What the picture shows at `t_ms`, in words.
    pub fn narrate(&self, t_ms: f64) -> String {
        self.inner.narrate(t_ms)
    }
}
