// The same workload through every engine, one after the other, round after round: this machine's speed drifts, so only
// ratios within one round mean anything.

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, root } from "../scripts/lib/places.mjs";
import { exitCode, output, run, step } from "../scripts/lib/run.mjs";
import { simulatePlainly } from "./plain-javascript.mjs";
import { simulateRecorded } from "./sandtable.mjs";
import { median } from "./statistics.mjs";
import { richScenario, scenario, workload } from "./workload.mjs";

/** @import { Place } from './places.mjs' */

/**
 * @typedef {{ requests: number, ms: number }} Timing
 * @typedef {{ name: string, measure: () => Promise<Timing | undefined> }} Engine
 */

/** Python is so much slower that a tenth of the workload tells its speed as well. */
const shareForPython = 0.1;

/**
 * @param {{ chromium: Place, node: Place, rounds: number }} options
 * @returns {Promise<Map<string, number[]>>} Requests a second in each round, by engine; engines that aren't here are absent.
 */
export async function measureEngines({ chromium, node, rounds }) {
  const json = JSON.stringify(scenario());
  const rich = JSON.stringify(richScenario());
  const native = await prepareNative(json);
  const python = await preparePython();
  /** @type {Engine[]} */
  const engines = [
    { name: "wasm, Chromium", measure: () => chromium.call(simulateRecorded, json) },
    { name: "wasm, Chromium, rich", measure: () => chromium.call(simulateRecorded, rich) },
    { name: "JavaScript, Chromium", measure: () => chromium.callPlain(simulatePlainly, workload) },
    { name: "native", measure: native },
    { name: "wasm, Node", measure: () => node.call(simulateRecorded, json) },
    { name: "JavaScript, Node", measure: () => node.callPlain(simulatePlainly, workload) },
    { name: "SimPy", measure: python },
  ];
  /** @type {Map<string, number[]>} */
  const speeds = new Map();
  // The first round is for the compilers, and isn't counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, measure } of engines) {
      const timing = await measure();
      if (timing === undefined || round === 0) continue;
      speeds.set(name, [...(speeds.get(name) ?? []), (timing.requests / timing.ms) * 1000]);
    }
  }
  return speeds;
}

/**
 * Of the same rounds, so that a slow moment slows both.
 * @param {Map<string, number[]>} speeds
 * @param {string} one
 * @param {string} other
 */
export function ratio(speeds, one, other) {
  const [above, below] = [speeds.get(one), speeds.get(other)];
  if (above === undefined || below === undefined) return undefined;
  return median(above.map((speed, round) => speed / (below[round] ?? NaN)));
}

/**
 * @param {string} json
 * @returns {Promise<() => Promise<Timing | undefined>>}
 */
async function prepareNative(json) {
  const example = ["build", "--release", "-q", "-p", "sandtable-sim", "--example", "bench_native"];
  if (!existsSync(join(root, "crates", "sim", "examples", "bench_native.rs"))) {
    console.log("– native: crates/sim/examples/bench_native.rs is not there");
    return () => Promise.resolve(undefined);
  }
  await step("Building the native bench", "about 1 min", () => run("cargo", example));
  const file = join(root, "target", "bench-workload.json");
  writeFileSync(file, json);
  const program = join(root, "target", "release", "examples", "bench_native");
  return () => Promise.resolve(timingOf(output(program, [file])));
}

/** @returns {Promise<() => Promise<Timing | undefined>>} */
async function preparePython() {
  const folder = join(cache, "simpy");
  const python = join(folder, "bin", "python");
  if (output(python, ["-c", "import simpy"]) === undefined) {
    const ready = await step("Installing SimPy", "a few seconds", async () => {
      if ((await exitCode("python3", ["-m", "venv", "--clear", folder], { quiet: true })) !== 0) return false;
      return (await exitCode(python, ["-m", "pip", "install", "-q", "simpy==4.1.2"], { quiet: true })) === 0;
    });
    if (!ready) {
      console.log("– SimPy: left out, as there is no Python or no package index here");
      return () => Promise.resolve(undefined);
    }
  }
  const { rate_per_s, instances, mean_ms, duration_ms } = workload;
  const numbers = [rate_per_s, instances, mean_ms, duration_ms * shareForPython].map(String);
  return () => Promise.resolve(timingOf(output(python, [join(root, "bench", "simpy_workload.py"), ...numbers])));
}

/**
 * @param {string | undefined} text Lines of JSON, of which the last counts.
 * @returns {Timing | undefined}
 */
function timingOf(text) {
  const line = text?.split("\n").findLast((candidate) => candidate.startsWith("{"));
  return line === undefined ? undefined : JSON.parse(line);
}
