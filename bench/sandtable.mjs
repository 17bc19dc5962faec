// Our side: the published wasm, through the same calls that the page makes. Each function is sent to a page as text, or
// called in Node, so all it needs comes in as an argument.

/**
 * Simulates a scenario to its whole recording, in slices as the page's worker does.
 * @param {any} wasm The module that wasm-pack made, initialised.
 * @param {string} json
 */
export function simulateRecorded(wasm, json) {
  const start = performance.now();
  const simulation = new wasm.Simulation(json);
  while (!simulation.run_slice(20_000));
  const run = simulation.finish();
  const ms = performance.now() - start;
  const result = { requests: run.requests(), ms, bytes: run.memory_bytes() };
  run.free();
  return result;
}

/**
 * What crosses to JavaScript for one picture: the time it takes, the requests in it, and whether it is numbers only.
 * @param {any} wasm
 * @param {string} json A scenario with very many requests under way at its end.
 * @param {number} mostDrawn
 */
export function crossing(wasm, json, mostDrawn) {
  const simulation = new wasm.Simulation(json);
  while (!simulation.run_slice(20_000));
  const run = simulation.finish();
  /** @type {number[]} */
  const times = [];
  /** @type {Record<string, ArrayBufferView>} */
  let frame = {};
  for (let i = 0; i < 9; i += 1) {
    const start = performance.now();
    frame = run.frame(run.duration_ms(), 0, mostDrawn);
    times.push(performance.now() - start);
  }
  run.free();
  const columns = Object.values(frame);
  const numbersPerRequest = 8;
  return {
    ms: times.sort((a, b) => a - b)[4] ?? NaN,
    requests: /** @type {Float32Array} */ (frame.requests).length / numbersPerRequest,
    numbersOnly: columns.every((column) => ArrayBuffer.isView(column)),
  };
}
