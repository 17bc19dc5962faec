// The published page: www/dist, for any static host, in any folder of it.

import { buildWasm } from "./build-wasm.mjs";
import { main, run } from "./lib/run.mjs";
import { setUpBuild } from "./setup.mjs";

await main(async () => {
  await setUpBuild();
  await buildWasm();
  await run("vite", ["build"]);
});
