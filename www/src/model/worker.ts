/**
 * The worker that takes over once the first picture is there: reports, explanations, and all later edits. Scenarios with
 * stores are its own from the beginning.
 */
import init, * as wasm from "../wasm/sandtable_wasm.js";
import { gunzipped } from "./gunzip.js";
import { type Answers, type Question, unreachable } from "./protocol.js";
import { Replicator } from "./replicator.js";
import { serve } from "./serve.js";
import type { Details } from "./views.js";

const BUCKETS = 240;

function details(run: wasm.Run): Details {
  return {
    report: run.report(),
    series: run.series(BUCKETS),
    breakerChanges: run.breaker_changes(),
    transitions: run.transitions(),
    bands: run.bands(),
    stores: run.stores().map((store, number) => ({
      ...store,
      maps: run.store_maps(number),
      keys: run.store_keys(number),
    })),
    cqrs: run.cqrs().map((sides, number) => ({ ...sides, log: run.log(number) })),
  };
}

async function answer(question: Question, run: wasm.Run | null): Promise<Answers[Question["kind"]]> {
  switch (question.kind) {
    case "step":
      return run?.step_time(question.t_ms, question.what, question.direction) ?? question.t_ms;
    case "explain":
      return there(run).explain(question.request);
    case "locate":
      return there(run).locate(question.store, question.t_ms, question.keys);
    case "placements":
      return there(run).placements(question.store);
    case "import": {
      const bytes = await gunzipped(new Uint8Array(question.bytes));
      return wasm.import_traffic(bytes, question.keyBy, question.name);
    }
    case "digest":
      return there(run).digest();
    case "compact":
      return wasm.compact_scenario(question.json);
    case "seed":
      return wasm.fresh_seed();
    default:
      return unreachable(question);
  }
}

function there(run: wasm.Run | null): wasm.Run {
  if (!run) throw new Error("there is no run yet");
  return run;
}

serve<wasm.Run>({
  init: () => init(),
  complete: (json) => wasm.complete_scenario(json),
  simulation: (json) => new wasm.Simulation(json),
  whole: {
    details,
    narrate: (run, t_ms) => run.narrate(t_ms),
    answer,
    replicator: (json, seeds) => new Replicator(json, seeds),
  },
});
