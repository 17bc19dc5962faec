// Rust itself, and the Rust programs that make and test the wasm.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cache, cacheBin, root } from "../lib/places.mjs";
import { output, run, step, Stop } from "../lib/run.mjs";

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} command The program that it installs and that is asked for its version.
 * @property {string} version
 * @property {string[]} options For `cargo install`.
 * @property {string} usually
 */

/** @type {Tool} */
export const wasmPack = {
  name: "wasm-pack",
  command: "wasm-pack",
  version: "0.15.0",
  options: ["--locked"],
  usually: "2 to 5 min, once",
};

/**
 * Its version must be that of the wasm-bindgen crate to the digit, so it is read from Cargo.lock.
 * @returns {Tool}
 */
export const wasmBindgen = () => ({
  name: "wasm-bindgen-cli",
  command: "wasm-bindgen",
  version: lockedVersion("wasm-bindgen"),
  // Not --locked: its lock file names a release that has been withdrawn.
  options: [],
  usually: "2 to 5 min, once",
});

/** @type {Tool} */
export const cargoDeny = {
  name: "cargo-deny",
  command: "cargo-deny",
  version: "0.20.2",
  options: ["--locked"],
  usually: "3 to 6 min, once",
};

/** @type {Tool} */
export const cargoMachete = {
  name: "cargo-machete",
  command: "cargo-machete",
  version: "0.9.2",
  options: ["--locked"],
  usually: "about 1 min, once",
};

/** @type {Tool} */
export const cargoFuzz = {
  name: "cargo-fuzz",
  command: "cargo-fuzz",
  version: "0.13.2",
  options: ["--locked"],
  usually: "1 to 2 min, once",
};

export function checkRust() {
  const wanted = /^rust-version = "(.*)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))?.[1] ?? "";
  const found = /^rustc (\d+\.\d+)/.exec(output("rustc", ["--version"]) ?? "")?.[1];
  if (found === undefined) throw new Stop("Sandtable needs Rust. Install it from https://rustup.rs/, then try again.");
  if (minor(found) < minor(wanted))
    throw new Stop(`Sandtable needs Rust ${wanted}; this is ${found}. Run «rustup update stable».`);
}

/** @param {Tool} tool */
export const isInstalled = ({ command, version }) =>
  output(command, ["--version"])?.split(/\s/).includes(version) === true;

/** @param {readonly Tool[]} tools */
export async function installTools(tools) {
  // One target folder, so that what two tools share is built once; less optimised, so that it is built soon.
  const build = join(cache, "build");
  const env = { CARGO_TARGET_DIR: build, CARGO_PROFILE_RELEASE_OPT_LEVEL: "1", CARGO_PROFILE_RELEASE_LTO: "off" };
  for (const { name, version, options, usually } of tools) {
    await step(`Building ${name} ${version} into ${cacheBin}`, usually, () =>
      run("cargo", ["install", name, "--version", version, "--force", "--root", cache, ...options], {
        env,
        quiet: true,
      }),
    );
  }
  rmSync(build, { recursive: true, force: true });
}

/** @param {string} crate */
function lockedVersion(crate) {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const version = new RegExp(`^name = "${crate}"\nversion = "(.*)"$`, "m").exec(lock)?.[1];
  if (version === undefined) throw new Stop(`Cargo.lock does not name ${crate}.`);
  return version;
}

/** @param {string} version */
const minor = (version) => Number(version.split(".")[1]);
