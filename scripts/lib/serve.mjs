// A static host, as plain as they come, for measuring and comparing what is built.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = new Map([
  [".html", "text/html"],
  [".js", "text/javascript"],
  [".mjs", "text/javascript"],
  [".css", "text/css"],
  [".json", "application/json"],
  [".svg", "image/svg+xml"],
  [".wasm", "application/wasm"],
]);

/**
 * @typedef {object} Host
 * @property {string} address
 * @property {() => void} close
 */

/**
 * A folder without a page of its own gets an empty one.
 * @param {string} folder
 * @returns {Promise<Host>}
 */
export async function serve(folder) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname));
    const name = path.endsWith("/") ? `${path}index.html` : path;
    readFile(join(folder, name)).then(
      (body) => {
        response.setHeader("content-type", types.get(extname(name)) ?? "application/octet-stream");
        response.end(body);
      },
      () => {
        if (name !== "/index.html") response.statusCode = 404;
        response.setHeader("content-type", "text/html");
        response.end("<!doctype html><title>Empty</title>");
      },
    );
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
