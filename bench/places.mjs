// Where code is timed: in this Node, or in a page of Chromium. Both hold the published wasm, initialised.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { wasmOut } from "../scripts/lib/places.mjs";

/** @import { Page } from '@playwright/test' */

/**
 * @typedef {object} Place
 * @property {<Result, Rest extends any[]>(body: (wasm: any, ...rest: Rest) => Result, ...rest: Rest) => Promise<Result>} call
 * @property {<Result, Rest extends any[]>(body: (...rest: Rest) => Result, ...rest: Rest) => Promise<Result>} callPlain
 */

const script = "sandtable_wasm.js";

/** @returns {Promise<Place>} */
export async function nodePlace() {
  const wasm = await import(pathToFileURL(join(wasmOut, script)).href);
  wasm.initSync({ module: readFileSync(join(wasmOut, "sandtable_wasm_bg.wasm")) });
  return {
    call: (body, ...rest) => Promise.resolve(body(wasm, ...rest)),
    callPlain: (body, ...rest) => Promise.resolve(body(...rest)),
  };
}

/**
 * Functions are sent over as text, once each: a page that is sent the same one again would compile it again.
 * @param {Page} page
 * @param {string} address Of a host of the wasm's folder.
 * @returns {Promise<Place>}
 */
export async function chromiumPlace(page, address) {
  await page.goto(address);
  await page.evaluate(async (name) => {
    const wasm = await import(`/${name}`);
    await wasm.default();
    Object.assign(globalThis, { wasm });
  }, script);
  const known = new Set();
  /** @param {Function} body @param {any[]} rest @param {boolean} withWasm @returns {Promise<any>} */
  const call = async (body, rest, withWasm) => {
    if (!known.has(body.name)) await page.addScriptTag({ content: `globalThis.${body.name} = ${body.toString()}` });
    known.add(body.name);
    return page.evaluate(
      ({ name, given, needsWasm }) => {
        const all = /** @type {any} */ (globalThis);
        return all[name](...(needsWasm ? [all.wasm] : []), ...given);
      },
      { name: body.name, given: rest, needsWasm: withWasm },
    );
  };
  return {
    call: (body, ...rest) => call(body, rest, true),
    callPlain: (body, ...rest) => call(body, rest, false),
  };
}
