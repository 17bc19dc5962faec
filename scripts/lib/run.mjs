// Running other programs, and saying so.

import { spawn, spawnSync } from "node:child_process";
import { path, root } from "./places.mjs";

/**
 * @typedef {object} RunOptions
 * @property {Record<string, string>} [env] Added to the environment.
 * @property {string} [cwd]
 * @property {number} [timeoutMs] Past this the program is killed, and the run has failed.
 * @property {boolean} [quiet] Keep the program's output to ourselves, and show it only when it fails.
 * @property {(text: string) => void} [onOutput] Sees all output as it comes.
 */

/** A fault that the reader can mend: its message is all that is shown. */
export class Stop extends Error {}

/**
 * Runs a program to its end and gives its exit code; -1 if it was killed or could not be started.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function exitCode(command, args, { env = {}, cwd = root, timeoutMs, quiet = false, onOutput } = {}) {
  return new Promise((resolve) => {
    const watched = quiet || onOutput !== undefined;
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH: path, ...env },
      stdio: ["ignore", watched ? "pipe" : "inherit", watched ? "pipe" : "inherit"],
    });
    let kept = "";
    /** @param {NodeJS.WriteStream} to @returns {(chunk: Buffer) => void} */
    const take = (to) => (chunk) => {
      if (quiet) kept += chunk.toString();
      else to.write(chunk);
      onOutput?.(chunk.toString());
    };
    child.stdout?.on("data", take(process.stdout));
    child.stderr?.on("data", take(process.stderr));
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    child.on("error", (error) => {
      clearTimeout(timer);
      console.error(`${command}: ${error.message}`);
      resolve(-1);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code !== 0 && quiet) process.stderr.write(kept);
      resolve(code ?? -1);
    });
  });
}

/**
 * Runs a program that must succeed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export async function run(command, args, options) {
  const code = await exitCode(command, args, options);
  if (code !== 0) throw new Stop(`failed (exit ${code}): ${[command, ...args].join(" ")}`);
}

/**
 * What a program prints, trimmed; undefined if it fails or is not there.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, input?: string }} [options]
 * @returns {string | undefined}
 */
export function output(command, args, { env = {}, input = "" } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, PATH: path, ...env },
    input,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
    maxBuffer: 1 << 28,
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/**
 * Says what is about to be done and about how long it takes; then how long it took.
 * @template T
 * @param {string} what
 * @param {string} usually
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(what, usually, work) {
  console.log(`→ ${what} (${usually})`);
  const start = performance.now();
  const result = await work();
  console.log(`✓ ${what}: ${seconds(performance.now() - start)}`);
  return result;
}

/** @param {number} ms */
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/**
 * The body of a script: shows a Stop as its message alone, anything else as the bug that it is.
 * @param {() => Promise<unknown>} body
 */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(`\n✗ ${error.message}`);
    process.exitCode = 1;
  }
}
