// The page's dependencies, as package-lock.json has them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/places.mjs";
import { run, step, Stop } from "../lib/run.mjs";

/** @typedef {Record<string, { version?: string, optional?: boolean, peer?: boolean }>} LockedPackages */

export function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const wanted = numbers(engines.node);
  const found = numbers(process.versions.node);
  const first = wanted.findIndex((part, index) => part !== found[index]);
  if (first >= 0 && (found[first] ?? 0) < (wanted[first] ?? 0)) {
    throw new Stop(`Sandtable needs Node ${engines.node}; this is ${process.versions.node}. See https://nodejs.org/.`);
  }
}

export async function installNodeModules() {
  await step("Installing the npm packages", "about 20 s", () =>
    run("npm", ["ci", "--no-audit", "--no-fund"], { quiet: true }),
  );
}

/** npm leaves a lock file of what it installed; that one is compared with ours, package by package. */
export function nodeModulesAreReady() {
  const installed = lockedPackages(join(root, "node_modules", ".package-lock.json"));
  const wanted = lockedPackages(join(root, "package-lock.json"));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional === true || installed[path]?.version === version,
  );
}

/**
 * @param {string} file
 * @returns {LockedPackages}
 */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return {};
  }
}

/** @param {string} text */
const numbers = (text) => (text.match(/\d+/g) ?? []).map(Number);
