// Lays out all source as `npm test` wants it; with --check it only says what isn't.

import { pathToFileURL } from "node:url";
import { main, run } from "./lib/run.mjs";

/** @param {{ check: boolean }} options */
export async function format({ check }) {
  const asAsked = check ? ["--check"] : [];
  await run("cargo", ["fmt", "--all", ...asAsked]);
  await run("cargo", ["fmt", "--manifest-path", "fuzz/Cargo.toml", ...asAsked]);
  await run("prettier", [check ? "--check" : "--write", "--log-level", "warn", "."]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(() => format({ check: process.argv.includes("--check") }));
}
