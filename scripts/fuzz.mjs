// `npm run fuzz`: input that nobody thought of, for one target after the other. See fuzz/README.md.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { fuzz, scenarios, schema } from "./lib/places.mjs";
import { Skip } from "./lib/report.mjs";
import { exitCode, main, output, run, Stop } from "./lib/run.mjs";
import { cargoFuzz, checkRust, installTools, isInstalled } from "./setup/rust-tools.mjs";

/** @import { Counts } from './lib/report.mjs' */

const targets = readdirSync(join(fuzz, "fuzz_targets"))
  .filter((file) => file.endsWith(".rs"))
  .map((file) => file.slice(0, -".rs".length));

// The crates that are fuzzed forbid unsafe code, which leaves a sanitizer nothing to watch; without one, stable Rust will
// do.
const options = ["--fuzz-dir", fuzz, "--sanitizer", "none"];

/** Runs of a target in `npm test`: some seconds each. What simulates whole runs takes longer over each. */
const shortRuns = (/** @type {string} */ target) => (target === "simulate" ? 2_000 : 10_000);

/**
 * A short run of every target for `npm test`: bounded by a number of runs, not by time, and from the same seed each
 * time, with nothing that an earlier one has found.
 * @returns {Promise<Counts>}
 */
export async function fuzzShortly() {
  await getReady().catch((error) => Promise.reject(error instanceof Stop ? new Skip(error.message) : error));
  await run("cargo", ["fuzz", "build", ...options]);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const target of targets) {
    const scratch = mkdtempSync(join(tmpdir(), `sandtable-${target}-`));
    const limits = [`-runs=${shortRuns(target)}`, "-seed=1775", "-verbosity=0", "-print_final_stats=1"];
    const code = await fuzzTarget(target, scratch, limits);
    counts[code === 0 ? "passed" : "failed"] += 1;
    rmSync(scratch, { recursive: true });
  }
  return counts;
}

/** What can't be had here is said in a Stop. */
async function getReady() {
  if (output(process.env.CXX ?? "c++", ["--version"]) === undefined)
    throw new Stop("Not fuzzed here: libFuzzer is built from C++, and there is no C++ compiler.");
  if (isInstalled(cargoFuzz)) return;
  await installTools([cargoFuzz]).catch(() => {
    throw new Stop(`Not fuzzed here: cargo-fuzz ${cargoFuzz.version} is not at hand and could not be built.`);
  });
}

/**
 * @param {string} target
 * @param {string} corpus Where it keeps what led it on.
 * @param {string[]} limits
 * @returns {Promise<number>}
 */
function fuzzTarget(target, corpus, limits) {
  const seeds = seedsOf(target);
  mkdirSync(corpus, { recursive: true });
  // Text is as long as its seeds; what is drawn out of bytes needs a few hundred of them, from the beginning.
  const lengths = seeds.length > 0 ? ["-max_len=4096"] : ["-max_len=1024", "-len_control=0"];
  if (seeds.length === 0) writeBeginnings(corpus);
  const words = target === "scenario" ? [`-dict=${writeDictionary()}`] : [];
  const bounds = ["-timeout=30", "-rss_limit_mb=2048", ...lengths, ...words];
  return exitCode("cargo", ["fuzz", "run", ...options, target, corpus, ...seeds, "--", ...bounds, ...limits]);
}

/** The page's scenarios are seeds as they are. @param {string} target */
function seedsOf(target) {
  const own = join(fuzz, "seeds", target);
  return [...(existsSync(own) ? [own] : []), ...(target === "scenario" ? [scenarios] : [])];
}

/**
 * Long sequences for what has no seeds; from nothing, libFuzzer would come to them byte by byte. Noise, the same each
 * time. @param {string} corpus
 */
function writeBeginnings(corpus) {
  for (let beginning = 0; beginning < 32; beginning++) {
    const noise = Array.from({ length: 24 }, (_, part) => createHash("sha256").update(`${beginning} ${part}`).digest());
    writeFileSync(join(corpus, `beginning-${beginning}`), Buffer.concat(noise));
  }
}

/** The words of the schema, in libFuzzer's form, which no change of single bytes would ever spell. */
function writeDictionary() {
  /** @type {Set<string>} */
  const words = new Set();
  JSON.parse(readFileSync(schema, "utf8"), (key, value) => {
    if (key === "properties") Object.keys(value).forEach((name) => words.add(name));
    if (key === "const") words.add(value);
    return value;
  });
  const file = join(fuzz, "target", "scenario.dict");
  mkdirSync(join(fuzz, "target"), { recursive: true });
  writeFileSync(file, [...words].map((word) => `${JSON.stringify(JSON.stringify(word))}\n`).join(""));
  return file;
}

/** `npm run fuzz [target …] [seconds]`, or with a file in place of the seconds: that input alone. */
async function fuzzAsAsked() {
  const args = process.argv.slice(2);
  const named = args.filter((arg) => targets.includes(arg));
  const files = args.filter((arg) => !named.includes(arg) && existsSync(arg));
  const seconds = args.filter((arg) => /^\d+$/.test(arg) && !files.includes(arg));
  const unknown = args.filter((arg) => ![...named, ...files, ...seconds].includes(arg));
  if (unknown.length > 0) throw new Stop(`No target «${unknown.join(" ")}»; there are: ${targets.join(", ")}.`);
  if (files.length > 0 && named.length !== 1) throw new Stop("Name the target that the file is for.");
  checkRust();
  await getReady();
  for (const target of named.length > 0 ? named : targets) {
    if (files.length > 0) await run("cargo", ["fuzz", "run", ...options, target, ...files]);
    else if ((await fuzzTarget(target, join(fuzz, "corpus", target), [`-max_total_time=${seconds[0] ?? "60"}`])) !== 0)
      throw new Stop(
        `${target} failed. The input is in fuzz/artifacts/${target}; fuzz/README.md says what to do next.`,
      );
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(fuzzAsAsked);
