// Chromium, and the driver through which wasm-pack's tests steer it.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { path } from "../lib/places.mjs";
import { output, run, step, Stop } from "../lib/run.mjs";
import { aptHas, aptInstall, canBeRoot, hasApt, refreshLists } from "./apt.mjs";

const debianPackages = ["chromium", "chromium-driver"];

/** Without these Chromium needs a sandbox that root can't have, a GPU, and a network to greet its makers. */
const chromiumFlags = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @returns {string | undefined} */
export function findChromium() {
  return (
    process.env.SANDTABLE_CHROMIUM ??
    process.env.CHROME_PATH ??
    onPath(["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) ??
    existing("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome") ??
    existing(playwrightsOwn())
  );
}

/** For Playwright's `chromium.launch`; with no `executablePath` it takes its own. */
export function launchOptions() {
  const executablePath = findChromium();
  return { args: chromiumFlags, ...(executablePath === undefined ? {} : { executablePath }) };
}

/**
 * Undefined where there is none of the browser's own version; wasm-pack then fetches one.
 * @returns {string | undefined}
 */
export function findChromedriver() {
  const driver = process.env.CHROMEDRIVER ?? onPath(["chromedriver"]);
  const browser = findChromium();
  if (driver === undefined || browser === undefined) return undefined;
  return majorVersion(driver) === majorVersion(browser) ? driver : undefined;
}

export async function installChromium() {
  if (hasApt() && canBeRoot()) {
    await refreshLists();
    if (aptHas(debianPackages)) {
      await step(`Installing ${debianPackages.join(", ")}`, "about 40 s", () => aptInstall(debianPackages));
      return;
    }
  }
  await step("Installing Chromium through Playwright", "about 1 min, given up after 5", () =>
    run("playwright", ["install", "chromium"], { timeoutMs: 300_000 }),
  ).catch(() => {
    throw new Stop("No Chromium. Install it or Chrome, or name one: SANDTABLE_CHROMIUM=/path/to/chrome npm test");
  });
}

/** @param {readonly string[]} names */
function onPath(names) {
  const places = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return places.find((place) => existsSync(place));
}

function playwrightsOwn() {
  try {
    return createRequire(import.meta.url)("playwright-core").chromium.executablePath();
  } catch {
    return undefined;
  }
}

/** @param {string | undefined} file */
const existing = (file) => (file !== undefined && existsSync(file) ? file : undefined);

/** @param {string} program */
const majorVersion = (program) => /(\d+)\.\d+\.\d+/.exec(output(program, ["--version"]) ?? "")?.[1];
