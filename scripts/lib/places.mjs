// Where things are. Everything outside the clone lives in one cache folder.

import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");

const cacheHome = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
export const cache = process.env.SANDTABLE_CACHE ?? join(cacheHome, "sandtable");
export const cacheBin = join(cache, "bin");

export const wasmCrate = join(root, "crates", "wasm");
export const wasmOut = join(root, "www", "src", "wasm");
/** The two modules made of the crate, each with the profile and the features that cargo builds it with. */
export const wasmModules = [
  { name: "sandtable_first", folder: join(wasmOut, "first"), profile: "wasm", features: ["--no-default-features"] },
  { name: "sandtable_wasm", folder: wasmOut, profile: "wasm-whole", features: [] },
];
export const scenarios = join(root, "www", "scenarios");
export const schema = join(root, "crates", "sim", "schema", "scenario.schema.json");
export const fuzz = join(root, "fuzz");
export const dist = join(root, "www", "dist");

// Tools are looked for in this order: the project's own, then the machine's. rustup's folder comes last, for shells
// that never read its profile line.
export const path = [
  join(root, "node_modules", ".bin"),
  cacheBin,
  process.env.PATH ?? "",
  join(homedir(), ".cargo", "bin"),
].join(delimiter);
