// The same scenario gives the same run everywhere: each file of www/scenarios, natively, and with either module in Node
// and in Chromium. The first module knows neither stores nor sides: those scenarios are for the whole one alone.

import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { scenarios, wasmModules, wasmOut } from "./lib/places.mjs";
import { main, output, run, Stop } from "./lib/run.mjs";
import { serve } from "./lib/serve.mjs";
import { launchOptions } from "./setup/browser.mjs";

/** @typedef {Map<string, string>} Digests By name of scenario. */

/** @typedef {{ name: string, folder: string }} Module */

export async function compareDigests() {
  const files = readdirSync(scenarios)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => join(scenarios, file));
  if (files.length === 0) throw new Stop("www/scenarios holds no scenario.");
  /** @type {Record<string, Digests>} */
  const engines = { native: await nativeDigests(files) };
  for (const module of wasmModules) {
    const short = module.name.replace("sandtable_", "");
    const known = module === wasmModules[0] ? files.filter((file) => !hasData(file)) : files;
    engines[`Node, ${short}`] = await nodeDigests(module, known);
    engines[`Chromium, ${short}`] = await chromiumDigests(module, known);
  }

  const withData = new Set(files.filter(hasData).map((file) => basename(file, ".json")));
  const names = files.map((file) => basename(file, ".json"));
  const width = Math.max(...names.map((name) => name.length));
  let failed = 0;
  console.log(["scenario".padEnd(width), ...Object.keys(engines).map((name) => name.padEnd(16))].join("  "));
  for (const name of names) {
    const digests = Object.values(engines).map((engine) => engine.get(name) ?? "–");
    const due = Object.keys(engines).map((engine) => !(withData.has(name) && engine.endsWith(", first")));
    const equal = digests.every((digest, at) =>
      due[at] ? digest === digests[0] && /^[0-9a-f]{16}$/.test(digest) : digest === "–",
    );
    if (!equal) failed += 1;
    console.log([name.padEnd(width), ...digests.map((digest) => digest.padEnd(16)), equal ? "✓" : "✗"].join("  "));
  }
  return { passed: names.length - failed, failed, skipped: 0 };
}

/** @param {string} file Whether the scenario has stores or sides. */
function hasData(file) {
  const { stores = [], cqrs = [] } = JSON.parse(readFileSync(file, "utf8"));
  return stores.length + cqrs.length > 0;
}

/**
 * @param {readonly string[]} files
 * @returns {Promise<Digests>}
 */
async function nativeDigests(files) {
  // Built with the tests, so with their profile.
  const example = ["--profile", "test", "-q", "-p", "sandtable-sim", "--example", "digest"];
  await run("cargo", ["build", ...example]);
  const lines = output("cargo", ["run", ...example, "--", ...files]);
  if (lines === undefined) throw new Stop("The example «digest» of sandtable-sim failed.");
  return new Map(lines.split("\n").map((line) => /** @type {[string, string]} */ (line.split(" "))));
}

/**
 * @param {Module} module
 * @param {readonly string[]} files
 * @returns {Promise<Digests>}
 */
async function nodeDigests({ name, folder }, files) {
  const { initSync, Simulation } = await import(pathToFileURL(join(folder, `${name}.js`)).href);
  initSync({ module: readFileSync(join(folder, `${name}_bg.wasm`)) });
  return new Map(files.map((file) => [basename(file, ".json"), digestOf(Simulation, readFileSync(file, "utf8"))]));
}

/**
 * @param {Module} module
 * @param {readonly string[]} files
 * @returns {Promise<Digests>}
 */
async function chromiumDigests({ name, folder }, files) {
  const { chromium } = await import("@playwright/test");
  const host = await serve(wasmOut);
  const script = [...relative(wasmOut, folder).split(sep), `${name}.js`].filter((part) => part !== "").join("/");
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    await page.goto(host.address);
    await page.addScriptTag({ content: `globalThis.digestOf = ${digestOf.toString()}` });
    /** @type {Digests} */
    const digests = new Map();
    for (const file of files) {
      digests.set(
        basename(file, ".json"),
        await page.evaluate(digestInPage, { script, json: readFileSync(file, "utf8") }),
      );
    }
    return digests;
  } finally {
    await browser.close();
    host.close();
  }
}

/**
 * Runs in Node as well as in the page.
 * @param {any} Simulation
 * @param {string} json
 * @returns {string}
 */
function digestOf(Simulation, json) {
  const simulation = new Simulation(json);
  while (!simulation.run_slice(50_000));
  const run = simulation.finish();
  const digest = run.digest();
  run.free();
  return digest;
}

/**
 * @param {{ script: string, json: string }} given
 * @returns {Promise<string>}
 */
async function digestInPage({ script, json }) {
  const { default: init, Simulation } = await import(`/${script}`);
  await init();
  return /** @type {any} */ (globalThis).digestOf(Simulation, json);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(async () => {
    if ((await compareDigests()).failed > 0) throw new Stop("Digests differ.");
  });
}
