/** The worker that the page starts with: what the first moving picture takes, and nothing else. */
import schema from "../../../crates/sim/schema/scenario.schema.json";
import init, * as wasm from "../wasm/first/sandtable_first.js";
import { serve } from "./serve.js";

serve<wasm.Run>({
  init: () => init(),
  schema: JSON.stringify(schema),
  complete: (json) => wasm.complete_scenario(json),
  simulation: (json) => new wasm.Simulation(json),
  whole: null,
});
