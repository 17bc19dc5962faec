// What the project stands on: nothing unused, nothing under a licence it can't have, nothing known to be unsafe.

import { exitCode, output, run, Stop } from "./lib/run.mjs";
import { Skip } from "./lib/report.mjs";
import { cargoDeny, cargoMachete, installTools, isInstalled } from "./setup/rust-tools.mjs";

/** @import { Tool } from './setup/rust-tools.mjs' */

export async function checkUnusedCrates() {
  await ensure(cargoMachete);
  await run("cargo", ["machete", "crates", "fuzz"]);
}

export async function checkLicences() {
  await ensure(cargoDeny);
  await run("cargo", ["deny", "--offline", "check", "licenses", "bans", "sources"]);
}

/** Both lists of advisories are fetched from outside: where one can't be had, that is said, and the other still checked. */
export async function checkAdvisories() {
  await ensure(cargoDeny);
  const notChecked = [];
  if ((await exitCode("cargo", ["deny", "fetch", "db"], { timeoutMs: 60_000, quiet: true })) === 0) {
    await run("cargo", ["deny", "check", "--disable-fetch", "advisories"]);
  } else {
    notChecked.push("crates (the RustSec database could not be fetched)");
  }
  const audit = npmAudit();
  if (audit === undefined) notChecked.push("npm packages (the registry answers no audits)");
  else if (audit > 0)
    throw new Stop(`${audit} npm packages that reach the page have advisories: see «npm audit --omit=dev».`);
  if (notChecked.length > 0) throw new Skip(`Not checked here: ${notChecked.join("; ")}.`);
}

/** @returns {number | undefined} */
function npmAudit() {
  // It exits non-zero when it finds something too, so its words are read whatever its exit code.
  const answer = output("sh", ["-c", "npm audit --omit=dev --json || true"]) ?? "";
  try {
    return JSON.parse(answer).metadata?.vulnerabilities?.total;
  } catch {
    return undefined;
  }
}

/** @param {Tool} tool */
async function ensure(tool) {
  if (!isInstalled(tool)) await installTools([tool]);
}
