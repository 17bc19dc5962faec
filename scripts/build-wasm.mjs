// crates/wasm → www/src/wasm, twice: what the first picture takes, and the whole. Compiled and bound by wasm-pack, then
// shrunk by wasm-opt.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { root, wasmCrate, wasmModules } from "./lib/places.mjs";
import { main, run, Stop } from "./lib/run.mjs";
import { setUpBuild } from "./setup.mjs";
import { wasmToolchain } from "./setup/wasm-target.mjs";

// Plain -O3 inlines the whole run loop into one huge function, which Node 20 compiles badly: 1.3 to 1.7 times slower.
// The lowest kilobyte is the far end of the stack, at which no address is reckoned from: offsets become part of loads.
const wasmOptFlags = ["-O3", "--one-caller-inline-max-function-size=40", "--low-memory-unused", "--converge"];

/** Parts of the standard library that are large and that one careless line brings in, by their names in the wasm. */
const avoidable = {
  flt2dec: "7 KB that one float in a format! costs: use sandtable_patterns::Shown or Rounded.",
  dec2flt: "10 KB that one parse::<f64> costs: numbers come from the host.",
  printable: "4 KB that one text in {:?} costs: use sandtable_patterns::Value::Text, which quotes.",
};

/** Native and wasm builds use different compilers on some machines: a folder for each lets neither wait for the other. */
export function wasmEnvironment() {
  const toolchain = wasmToolchain();
  if (toolchain === undefined) throw new Stop("Nothing here can compile for wasm: run «npm run setup».");
  return { ...toolchain, CARGO_TARGET_DIR: join(root, "target", "wasm") };
}

export async function buildWasm() {
  for (const { name, folder, profile, features } of wasmModules) {
    const options = ["--profile", profile, "--no-opt", "--no-pack", "--target", "web"];
    const places = ["--out-dir", folder, "--out-name", name];
    await run("wasm-pack", ["build", wasmCrate, ...options, ...places, "--", ...features], { env: wasmEnvironment() });
    await optimise(name, join(folder, `${name}_bg.wasm`));
  }
}

/**
 * The result is kept by its input's hash, as wasm-opt takes longer than all else when nothing has changed.
 * @param {string} name
 * @param {string} file
 */
async function optimise(name, file) {
  const input = readFileSync(file);
  const hash = createHash("sha256").update(input).update(wasmOptFlags.join()).digest("hex").slice(0, 16);
  const folder = join(root, "target", "wasm", "optimised");
  const kept = join(folder, `${hash}.wasm`);
  if (!existsSync(kept)) {
    mkdirSync(folder, { recursive: true });
    await run("wasm-opt", [...wasmOptFlags, file, "-o", `${kept}.part`]);
    renameSync(`${kept}.part`, kept);
  }
  copyFileSync(kept, file);
  for (const [part, advice] of Object.entries(avoidable)) {
    if (input.includes(part)) console.log(`${name}: it holds ${part}, ${advice}`);
  }
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  const gzipped = gzipSync(readFileSync(file), { level: 9 }).length;
  console.log(`${name}: ${kilobytes(input.length)} → ${kilobytes(statSync(file).size)}, gzipped ${kilobytes(gzipped)}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(async () => {
    await setUpBuild();
    await buildWasm();
  });
}
