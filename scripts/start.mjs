// `npm start`: from a fresh clone to the page at the printed address. Edits to www show at once; after an edit to the
// Rust crates, `npm run build:wasm` in a second terminal does.

import { buildWasm } from "./build-wasm.mjs";
import { main, run } from "./lib/run.mjs";
import { setUpBuild } from "./setup.mjs";

await main(async () => {
  await setUpBuild();
  await buildWasm();
  await run("vite", process.argv.slice(2));
});
