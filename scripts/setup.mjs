// Gets whatever is missing: `npm start` and `npm test` call it, so nobody has to. Says nothing where all is there.
// It has no dependencies of its own, since it is what installs them.

import { pathToFileURL } from "node:url";
import { main } from "./lib/run.mjs";
import { findChromedriver, findChromium, installChromium } from "./setup/browser.mjs";
import { checkNode, installNodeModules, nodeModulesAreReady } from "./setup/node-modules.mjs";
import { checkRust, installTools, isInstalled, wasmBindgen, wasmPack } from "./setup/rust-tools.mjs";
import { installWasmTarget, wasmToolchain } from "./setup/wasm-target.mjs";

/** What the page needs to be built. */
export async function setUpBuild() {
  checkNode();
  checkRust();
  if (!nodeModulesAreReady()) await installNodeModules();
  if (wasmToolchain() === undefined) await installWasmTarget();
  const missing = [wasmPack, wasmBindgen()].filter((tool) => !isInstalled(tool));
  if (missing.length > 0) await installTools(missing);
}

/** And what it needs to be tested. */
export async function setUpTests() {
  await setUpBuild();
  if (findChromium() === undefined) await installChromium();
}

/** True when `npm run setup` started this file, rather than another script that imports it. */
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(async () => {
    await setUpTests();
    console.log(
      `Everything is there. Chromium: ${findChromium()}; its driver: ${findChromedriver() ?? "left to wasm-pack"}.`,
    );
  });
}
