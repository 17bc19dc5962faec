// The built page, as a person has it: what it weighs, how soon it answers, what a frame costs, and that it sleeps.

import { deflateRawSync, gzipSync } from "node:zlib";
import { median, percentile } from "./statistics.mjs";
import { richScenario, scenario } from "./workload.mjs";

/** @import { Browser, Page, Response } from '@playwright/test' */

/**
 * @param {Browser} browser
 * @param {string} address Of a host of the built page.
 * @param {number} rounds
 */
export async function measurePage(browser, address, rounds) {
  const openings = [];
  for (let round = 0; round < rounds; round += 1) openings.push(await opening(browser, address));
  return {
    firstRunMs: median(openings.map(({ firstRunMs }) => firstRunMs)),
    firstKilobytes: median(openings.map(({ firstKilobytes }) => firstKilobytes)),
    wasmKilobytes: median(openings.map(({ wasmKilobytes }) => wasmKilobytes)),
    wholeKilobytes: median(openings.map(({ wholeKilobytes }) => wholeKilobytes)),
    editMs: await edits(browser, address, rounds * 10, scenario({ duration_ms: 60_000 })),
    richEditMs: await edits(browser, address, rounds * 10, richScenario({ duration_ms: 60_000 })),
    ...(await frames(browser, address)),
  };
}

/**
 * From an empty cache to the first picture, and on until the page has fetched all that it fetches by itself: its other
 * parts, and the whole of the wasm. What was asked for before the picture was drawn counts for the picture, whether or
 * not the picture needed it. The service worker, which keeps everything for later visits, is kept out.
 * @param {Browser} browser
 * @param {string} address
 */
async function opening(browser, address) {
  const context = await browser.newContext({ serviceWorkers: "block" });
  const page = await context.newPage();
  /** @type {ReturnType<typeof weighed>[]} */
  const responses = [];
  // Weighed as they come: what a worker has fetched is gone with the worker.
  page.on("response", (response) => responses.push(weighed(response)));
  await page.goto(address);
  const firstRunMs = (await measures(page, "first-run", 1))[0] ?? NaN;
  const drawnAt = await page.evaluate(() => {
    const picture = performance.getEntriesByName("first-run", "measure")[0];
    return performance.timeOrigin + (picture?.startTime ?? NaN) + (picture?.duration ?? NaN);
  });
  // The last of the parts that come when the browser is idle.
  await page.evaluate(() => customElements.whenDefined("sandtable-traffic").then(() => undefined));
  await page.waitForLoadState("networkidle");
  const files = await Promise.all(responses);
  await context.close();
  const first = files.filter(({ askedAt }) => !(askedAt > drawnAt));
  return {
    firstRunMs,
    firstKilobytes: kilobytes(first),
    wasmKilobytes: kilobytes(first.filter(({ url }) => url.endsWith(".wasm"))),
    wholeKilobytes: kilobytes(files),
  };
}

/**
 * Compressed here as a host would, at its usual level.
 * @param {Response} response
 */
async function weighed(response) {
  const bytes = await response.body().then(
    (body) => gzipSync(body).length,
    () => 0,
  );
  return { url: response.url(), askedAt: response.request().timing().startTime, bytes };
}

/**
 * Each file once, however often it was asked for.
 * @param {readonly { url: string, bytes: number }[]} files
 */
function kilobytes(files) {
  const sizes = new Map(files.map(({ url, bytes }) => [url, bytes]));
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0) / 1000;
}

/**
 * A value typed into the form, until the new run's picture: the slowest but for one in twenty.
 * @param {Browser} browser
 * @param {string} address
 * @param {number} count
 * @param {object} edited
 */
async function edits(browser, address, count, edited) {
  const warmUp = 5;
  const page = await browser.newPage();
  await page.goto(address + link(edited));
  await measures(page, "first-run", 1);
  await whole(page);
  const rate = page.getByRole("textbox", { name: "Rate", exact: true });
  /** @type {number[]} */
  let taken = [];
  for (let edit = 1; edit <= warmUp + count; edit += 1) {
    await rate.fill(String(1000 + (edit % 10)));
    taken = await measures(page, "edit-to-drawn", edit);
  }
  await page.close();
  return percentile(taken.slice(warmUp), 95);
}

/**
 * About 5,000 requests under way, played for a while and then paused.
 * @param {Browser} browser
 * @param {string} address
 */
async function frames(browser, address) {
  const page = await browser.newPage();
  await page.addInitScript(() => {
    const original = globalThis.requestAnimationFrame.bind(globalThis);
    const counter = { asked: 0 };
    Object.assign(globalThis, { frameCounter: counter });
    globalThis.requestAnimationFrame = (callback) => {
      counter.asked += 1;
      return original(callback);
    };
  });
  const busy = scenario({ rate_per_s: 10_000, duration_ms: 20_000, instances: 100, mean_ms: 5 });
  for (const client of busy.clients) client.hop.time_ms = 250;
  // Asked for by name, since a person's page draws a sample of so many.
  await page.goto(`${address}?bench=1&drawn=10000${link(busy, 5_000)}`);
  await measures(page, "first-run", 1);
  await whole(page);
  const play = page.getByRole("button", { name: "Play", exact: true });
  if (await play.isVisible()) await play.click();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  await page.waitForTimeout(1000);

  const before = { script: await scriptMs(devtools), frames: await framesDrawn(page) };
  await page.waitForTimeout(3000);
  const after = { script: await scriptMs(devtools), frames: await framesDrawn(page) };

  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.waitForTimeout(500);
  const atRest = await framesAsked(page);
  await page.waitForTimeout(1000);
  const framesWhilePaused = (await framesAsked(page)) - atRest;
  await page.close();
  return { scriptPerFrameMs: (after.script - before.script) / (after.frames - before.frames), framesWhilePaused };
}

/** Once the whole module has taken over, which all that a person does then is for. @param {Page} page */
const whole = (page) => page.getByRole("table", { name: "How requests ended" }).waitFor({ state: "attached" });

/** What the page counts of itself when it is asked to. @param {Page} page */
const framesDrawn = (page) => page.evaluate(() => /** @type {any} */ (globalThis).sandtableStats.frames);

/** By anything on the page. @param {Page} page */
const framesAsked = (page) => page.evaluate(() => /** @type {any} */ (globalThis).frameCounter.asked);

/** @param {import('@playwright/test').CDPSession} devtools */
async function scriptMs(devtools) {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "ScriptDuration")?.value ?? NaN) * 1000;
}

/**
 * The durations that the page has measured under a name, once there are so many.
 * @param {Page} page
 * @param {string} name
 * @param {number} count
 * @returns {Promise<number[]>}
 */
async function measures(page, name, count) {
  await page.waitForFunction(
    ([wanted, least]) => performance.getEntriesByName(wanted, "measure").length >= least,
    /** @type {const} */ ([name, count]),
    // Not at every frame: that would be a frame loop of its own.
    { polling: 20, timeout: 20_000 },
  );
  return page.evaluate(
    (wanted) => performance.getEntriesByName(wanted, "measure").map(({ duration }) => duration),
    name,
  );
}

/**
 * The page's own address of a scenario.
 * @param {object} value
 * @param {number} [t_ms]
 */
function link(value, t_ms = 0) {
  return `#s=${deflateRawSync(JSON.stringify(value)).toString("base64url")}&t=${t_ms}&v=1`;
}
