// `npm run bench`: the budgets, measured on what is built. With --quick fewer rounds, and noisier numbers.

import { chromium } from "@playwright/test";
import { buildWasm } from "../scripts/build-wasm.mjs";
import { dist, wasmOut } from "../scripts/lib/places.mjs";
import { main, run, Stop } from "../scripts/lib/run.mjs";
import { serve } from "../scripts/lib/serve.mjs";
import { setUpTests } from "../scripts/setup.mjs";
import { launchOptions } from "../scripts/setup/browser.mjs";
import { measureEngines, ratio } from "./engines.mjs";
import { measurePage } from "./page.mjs";
import { chromiumPlace, nodePlace } from "./places.mjs";
import { bigFrame, bytesPerRequest, instancesRatio, lengthRatio, policies, policiesThatScan } from "./scaling.mjs";
import { median } from "./statistics.mjs";
import { printTable } from "./table.mjs";

/** @import { Row } from './table.mjs' */

const rounds = process.argv.includes("--quick") ? 2 : 5;

await main(async () => {
  await setUpTests();
  await buildWasm();
  await run("vite", ["build", "--logLevel", "warn"]);
  const host = await serve(wasmOut);
  const browser = await chromium.launch(launchOptions());
  try {
    console.log(`\nEngines, ${rounds} interleaved rounds (medians):`);
    const engine = await chromiumPlace(await browser.newPage(), host.address);
    const speeds = await measureEngines({ chromium: engine, node: await nodePlace(), rounds });
    for (const [name, perSecond] of speeds) {
      console.log(
        `  ${name.padEnd(20)}  ${(median(perSecond) / 1e6).toFixed(3).padStart(8)} million requests a second`,
      );
    }
    const page = await pageMeasured(browser);
    const rows = [...engineRows(speeds), ...(await scalingRows(engine)), ...pageRows(page)];
    console.log("");
    printTable(rows);
    console.log(`\nThe whole page, gzipped, once idle: ${page.wholeKilobytes.toFixed(0)} KB.`);
  } finally {
    await browser.close();
    host.close();
  }
});

/**
 * @param {Map<string, number[]>} speeds
 * @returns {Row[]}
 */
function engineRows(speeds) {
  const wasm = "wasm, Chromium";
  return [
    {
      what: "wasm, recorded ÷ plain JavaScript, Chromium",
      value: ratio(speeds, wasm, "JavaScript, Chromium"),
      must: 1.5,
      aim: 2.5,
      bound: "at least",
    },
    {
      what: "wasm, recorded, rich ÷ plain JavaScript, plain",
      value: ratio(speeds, "wasm, Chromium, rich", "JavaScript, Chromium"),
      must: 0.7,
      aim: 1.2,
      bound: "at least",
    },
    { what: "wasm, recorded ÷ SimPy", value: ratio(speeds, wasm, "SimPy"), must: 50, aim: 100, bound: "at least" },
    { what: "wasm ÷ native", value: ratio(speeds, wasm, "native"), must: 0.65, aim: 0.8, bound: "at least" },
  ];
}

/**
 * @param {import('./places.mjs').Place} place
 * @returns {Promise<Row[]>}
 */
async function scalingRows(place) {
  /** @type {Row[]} */
  const rows = [
    {
      what: "time per request, 1,000,000 ÷ 10,000 requests",
      value: await lengthRatio(place, rounds),
      must: 1.3,
      aim: 1,
      bound: "at most",
    },
  ];
  for (const policy of policies) {
    rows.push({
      what: `time per request, 1,000 ÷ 10 instances, ${policy}`,
      value: await instancesRatio(place, policy, rounds),
      must: policiesThatScan.has(policy) ? 10 : 3,
      aim: 1.5,
      bound: "at most",
    });
  }
  const frame = await bigFrame(place);
  if (!frame.numbersOnly) throw new Stop("A frame crosses as something else than typed arrays.");
  rows.push(
    {
      what: "memory of a recorded run, per request",
      value: await bytesPerRequest(place, false),
      unit: "bytes",
      must: 64,
      aim: 32,
      bound: "at most",
    },
    {
      what: "memory of a recorded run, per request, rich",
      value: await bytesPerRequest(place, true),
      unit: "bytes",
      must: 160,
      aim: 96,
      bound: "at most",
    },
    {
      what: "a frame made and handed over, per 100,000 requests",
      value: frame.ms,
      unit: "ms",
      aim: 0.5,
      bound: "at most",
    },
  );
  return rows;
}

/** @param {import('@playwright/test').Browser} browser */
async function pageMeasured(browser) {
  const host = await serve(dist);
  try {
    return await measurePage(browser, host.address, rounds);
  } finally {
    host.close();
  }
}

/**
 * @param {Awaited<ReturnType<typeof measurePage>>} page
 * @returns {Row[]}
 */
function pageRows(page) {
  return [
    {
      what: "edit → new run drawn, 60,000 requests, rich, p95",
      value: page.richEditMs,
      unit: "ms",
      must: 66,
      aim: 33,
      bound: "at most",
    },
    {
      what: "edit → new run drawn, 60,000 requests, p95",
      value: page.editMs,
      unit: "ms",
      must: 33,
      aim: 16,
      bound: "at most",
    },
    {
      what: "first result after the wasm is there",
      value: page.firstRunMs,
      unit: "ms",
      must: 150,
      aim: 80,
      bound: "at most",
    },
    {
      what: "script per frame, 5,000 requests drawn",
      value: page.scriptPerFrameMs,
      unit: "ms",
      must: 4,
      aim: 1,
      bound: "at most",
    },
    {
      what: "frames asked for in a second while paused",
      value: page.framesWhilePaused,
      must: 0,
      aim: 0,
      bound: "at most",
    },
    {
      what: "asked for until the first picture, gzipped: all",
      value: page.firstKilobytes,
      unit: "KB",
      must: 220,
      aim: 140,
      bound: "at most",
    },
    {
      what: "asked for until the first picture, gzipped: wasm",
      value: page.wasmKilobytes,
      unit: "KB",
      must: 130,
      aim: 80,
      bound: "at most",
    },
  ];
}
