// Rust's scenario types → JSON Schema → TypeScript types, and Rust's presets → JSON for the form. The results are
// committed; with --check they are compared.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, schema as schemaFile } from "./lib/places.mjs";
import { main, output, run, Stop } from "./lib/run.mjs";
import { installNodeModules, nodeModulesAreReady } from "./setup/node-modules.mjs";

const typesFile = join(root, "www", "src", "generated", "scenario.ts");
const presetsFile = join(root, "www", "src", "generated", "presets.json");

const banner = "// Made by `npm run schema` from the types of crates/sim. Edit those.";

await main(async () => {
  const check = process.argv.includes("--check");
  if (!nodeModulesAreReady()) await installNodeModules();
  const schema = await fromRust("schema", ["--features", "schema"]);
  const presets = await fromRust("presets");
  const made = { [schemaFile]: schema, [typesFile]: await typesFromSchema(schema), [presetsFile]: presets };
  const stale = Object.entries(made)
    .filter(([file, wanted]) => contents(file) !== wanted)
    .map(([file, wanted]) => {
      if (!check) write(file, wanted);
      return file.slice(root.length + 1);
    });
  if (check && stale.length > 0) throw new Stop(`Out of date: ${stale.join(", ")}. Run «npm run schema» and commit.`);
  console.log(
    stale.length === 0 ? "The schema, its types and the presets are up to date." : `Written: ${stale.join(", ")}.`,
  );
});

/**
 * What an example of crates/sim prints.
 * @param {string} name
 * @param {readonly string[]} [features]
 */
async function fromRust(name, features = []) {
  const example = ["-q", "-p", "sandtable-sim", ...features, "--example", name];
  // Built first, so that a compiler error is seen.
  await run("cargo", ["build", ...example]);
  const printed = output("cargo", ["run", ...example]);
  if (printed === undefined) throw new Stop(`The example «${name}» of sandtable-sim failed.`);
  return `${printed}\n`;
}

/** @param {string} schema */
async function typesFromSchema(schema) {
  const { compile } = await import("json-schema-to-typescript");
  return compile(JSON.parse(schema), "Scenario", {
    additionalProperties: false,
    bannerComment: banner,
    style: { printWidth: 120, singleQuote: true },
  });
}

/** @param {string} file */
function contents(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
