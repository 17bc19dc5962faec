/** The worker that the page starts with: what the first moving picture takes, and nothing else. */
import init, * as wasm from "../wasm/first/sandtable_first.js";
import { serve } from "./serve.js";

serve<wasm.Run>({
  init: () => init(),
  complete: (json) => wasm.complete_scenario(json),
  simulation: (json) => new wasm.Simulation(json),
  whole: null,
});
