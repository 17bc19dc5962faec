// `npm test`: everything that CI runs, in one go. With names of parts after it (rust, wasm, …), only those.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { buildWasm, wasmEnvironment } from "./build-wasm.mjs";
import { checkLicences, checkAdvisories, checkUnusedCrates } from "./deps.mjs";
import { compareDigests } from "./digests.mjs";
import { fuzzShortly } from "./fuzz.mjs";
import { root, wasmCrate } from "./lib/places.mjs";
import { cargoCounts, countTests, playwrightCounts, printSummary, runSteps, vitestCounts } from "./lib/report.mjs";
import { main, run, Stop } from "./lib/run.mjs";
import { setUpTests } from "./setup.mjs";
import { findChromedriver, findChromium } from "./setup/browser.mjs";

/** @import { Step } from './lib/report.mjs' */

const cargo = (/** @type {string[]} */ ...args) => run("cargo", args);
const workspace = ["--workspace", "--all-features"];

/** @type {Step[]} */
const steps = [
  {
    name: "files",
    groups: ["lint"],
    title: "Only plain files are committed",
    run: refuseLinks,
  },
  {
    name: "format",
    groups: ["lint"],
    title: "Layout of the source (rustfmt, prettier)",
    run: () =>
      run("node", ["scripts/format.mjs", "--check"]).catch(() => Promise.reject(new Stop("Run «npm run format»."))),
  },
  {
    name: "clippy",
    groups: ["lint", "rust"],
    title: "Rust lints (clippy)",
    run: lintRust,
  },
  {
    name: "cargo-test",
    groups: ["rust"],
    title: "Rust tests: unit, property, vectors, theory, documentation",
    run: () => countTests("cargo", ["test", ...workspace, "--no-fail-fast"], cargoCounts),
  },
  {
    name: "fuzz",
    groups: ["fuzz"],
    title: "A short run of each fuzz target",
    run: fuzzShortly,
  },
  {
    name: "rustdoc",
    groups: ["rust"],
    title: "Rust documentation (rustdoc)",
    run: () => run("cargo", ["doc", ...workspace, "--no-deps"], { env: { RUSTDOCFLAGS: "-D warnings" } }),
  },
  {
    name: "schema",
    groups: ["rust", "types"],
    title: "Schema and types equal to Rust’s",
    run: () => run("node", ["scripts/schema.mjs", "--check"]),
  },
  {
    name: "wasm-check",
    groups: ["wasm"],
    title: "All crates compile for wasm32",
    run: () => run("cargo", ["check", ...workspace, "--target", "wasm32-unknown-unknown"], { env: wasmEnvironment() }),
  },
  {
    name: "wasm-test",
    groups: ["wasm"],
    title: "Rust tests in headless Chrome (wasm-pack)",
    run: testInChrome,
  },
  {
    name: "wasm-build",
    groups: ["wasm", "types", "lint", "unit", "e2e", "deps"],
    title: "The wasm, as published",
    run: buildWasm,
  },
  {
    name: "digests",
    groups: ["wasm"],
    title: "Equal digests: native, Node, Chrome",
    needs: ["wasm-build"],
    run: compareDigests,
  },
  {
    name: "types",
    groups: ["types"],
    title: "TypeScript types (tsc)",
    needs: ["wasm-build"],
    run: () => run("tsc", ["--build", "--pretty", "false"]),
  },
  {
    name: "eslint",
    groups: ["lint"],
    title: "TypeScript lints (eslint)",
    needs: ["wasm-build"],
    run: () => run("eslint", ["--max-warnings", "0", "."]),
  },
  {
    name: "unit",
    groups: ["unit"],
    title: "TypeScript unit tests (vitest)",
    needs: ["wasm-build"],
    run: () => countTests("vitest", ["run"], vitestCounts),
  },
  {
    name: "knip",
    groups: ["deps"],
    title: "Unused files, exports and npm packages (knip)",
    needs: ["wasm-build"],
    run: () => run("knip", []),
  },
  { name: "machete", groups: ["deps"], title: "Unused crates (cargo-machete)", run: checkUnusedCrates },
  { name: "licences", groups: ["deps"], title: "Licences and sources of crates (cargo-deny)", run: checkLicences },
  { name: "advisories", groups: ["deps"], title: "Security advisories", run: checkAdvisories },
  {
    name: "page",
    groups: ["e2e"],
    title: "The page, as published (vite)",
    needs: ["wasm-build"],
    run: () => run("vite", ["build"]),
  },
  {
    name: "e2e",
    groups: ["e2e"],
    title: "The built page in Chromium (Playwright)",
    needs: ["page"],
    run: () => countTests("playwright", ["test"], playwrightCounts),
  },
];

await main(async () => {
  const wanted = process.argv.slice(2);
  const known = new Set(steps.flatMap(({ groups }) => groups));
  const unknown = wanted.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Stop(`No part «${unknown.join(" ")}»; there are: ${[...known].join(", ")}.`);
  await setUpTests();
  const outcomes = await runSteps(
    wanted.length === 0 ? steps : steps.filter(({ groups }) => groups.some((group) => wanted.includes(group))),
  );
  if (!printSummary(outcomes)) process.exitCode = 1;
});

/** A link points to a place on one machine, where a new checkout would look for it in vain. */
async function refuseLinks() {
  const committed = execFileSync("git", ["ls-files", "--stage"], { cwd: root, encoding: "utf8" });
  const links = committed.split("\n").filter((line) => line.startsWith("120000 "));
  if (links.length > 0) throw new Stop(`Links are committed:\n${links.join("\n")}`);
}

async function lintRust() {
  await cargo("clippy", ...workspace, "--all-targets", "--", "-D", "warnings");
  // A workspace of its own, linted without its engine, which is C++ to compile.
  const fuzz = ["--manifest-path", "fuzz/Cargo.toml", "--no-default-features", "--target-dir", "target"];
  await cargo("clippy", ...fuzz, "--", "-D", "warnings");
}

async function testInChrome() {
  const driver = findChromedriver();
  const args = [
    "test",
    "--headless",
    "--chrome",
    ...(driver === undefined ? [] : ["--chromedriver", driver]),
    wasmCrate,
  ];
  const env = { ...wasmEnvironment(), WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilitiesFile() };
  return countTests("wasm-pack", args, cargoCounts, { env });
}

/** The crate's webdriver.json, with the place of this machine's Chromium added to it. */
function capabilitiesFile() {
  const capabilities = JSON.parse(readFileSync(join(wasmCrate, "webdriver.json"), "utf8"));
  capabilities["goog:chromeOptions"].binary = findChromium();
  const file = join(root, "target", "webdriver.json");
  mkdirSync(join(root, "target"), { recursive: true });
  writeFileSync(file, JSON.stringify(capabilities));
  return file;
}
