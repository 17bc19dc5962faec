// Runs named steps one after the other, and sums them up.

import { exitCode, seconds, Stop } from "./run.mjs";

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} groups The parts of `npm test` that it belongs to.
 * @property {string} title
 * @property {string[]} [needs] Names of steps that must have passed before.
 * @property {() => Promise<Counts | string | void>} run Gives the tests it ran; or, for one check, a note or nothing.
 *   Throws a Stop if the check failed, a Skip if it could not be made.
 *
 * @typedef {object} Outcome
 * @property {Step} step
 * @property {Counts} counts
 * @property {string} note
 * @property {number} ms
 */

/** A check that could not be made here, with the reason. */
export class Skip extends Error {}

/** @type {Counts} */
const onePassed = { passed: 1, failed: 0, skipped: 0 };
/** @type {Counts} */
const oneFailed = { passed: 0, failed: 1, skipped: 0 };
/** @type {Counts} */
const oneSkipped = { passed: 0, failed: 0, skipped: 1 };

/**
 * Every step gets its turn, whatever failed before, unless it needs what failed.
 * @param {readonly Step[]} steps
 * @returns {Promise<Outcome[]>}
 */
export async function runSteps(steps) {
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const [index, step] of steps.entries()) {
    console.log(`\n━━ ${index + 1}/${steps.length} ${step.title}`);
    const start = performance.now();
    const missing = outcomes.find((outcome) => step.needs?.includes(outcome.step.name) === true && !usable(outcome));
    const { counts, note } =
      missing === undefined ? await attempt(step) : { counts: oneSkipped, note: `needs «${missing.step.title}»` };
    outcomes.push({ step, counts, note, ms: performance.now() - start });
    if (note !== "") console.log(note);
  }
  return outcomes;
}

/** @param {readonly Outcome[]} outcomes */
export function printSummary(outcomes) {
  const width = Math.max(...outcomes.map(({ step }) => step.title.length));
  console.log(`\n━━ Summary (tests are counted one by one, every other check as one)`);
  for (const outcome of outcomes) {
    const { counts, step, note, ms } = outcome;
    const mark = !succeeded(outcome) ? "✗" : counts.passed > 0 ? "✓" : "–";
    const tests =
      counts.passed + counts.failed > 1 ? `${counts.passed} passed, ${counts.failed} failed` : note.split("\n")[0];
    console.log(`${mark} ${step.title.padEnd(width)}  ${seconds(ms).padStart(8)}  ${tests}`);
  }
  const total = outcomes.map(({ counts }) => counts).reduce(add, { passed: 0, failed: 0, skipped: 0 });
  console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
  return outcomes.every(succeeded);
}

/**
 * Runs a test runner and adds up the closing lines it prints.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {(text: string) => Counts} count
 * @param {{ env?: Record<string, string> }} [options]
 * @returns {Promise<Counts>}
 */
export async function countTests(command, args, count, { env = {} } = {}) {
  let text = "";
  const code = await exitCode(command, args, { env, onOutput: (chunk) => (text += chunk) });
  // eslint-disable-next-line no-control-regex -- That is what colours are made of.
  const counts = count(text.replace(/\x1b\[[0-9;]*m/g, ""));
  // A runner may fail before its tests do, for one by not compiling.
  if (code !== 0 && counts.failed === 0) return add(counts, oneFailed);
  if (counts.passed + counts.failed === 0) throw new Stop("No test ran.");
  return counts;
}

/** Closing lines of Rust's test harness; wasm-bindgen's are the same. @param {string} text */
export function cargoCounts(text) {
  const lines = text.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/g);
  return [...lines]
    .map(([, passed, failed, ignored]) => ({
      passed: Number(passed),
      failed: Number(failed),
      skipped: Number(ignored),
    }))
    .reduce(add, { passed: 0, failed: 0, skipped: 0 });
}

/** @param {string} text */
export function vitestCounts(text) {
  const line = /^\s*Tests\s+(.*)$/m.exec(text)?.[1] ?? "";
  return {
    passed: numberBefore("passed", line),
    failed: numberBefore("failed", line),
    skipped: numberBefore("skipped", line),
  };
}

/** @param {string} text */
export function playwrightCounts(text) {
  const closing = text.slice(text.lastIndexOf("Running "));
  /** @param {string} word */
  const count = (word) => Number(new RegExp(`^\\s+(\\d+) ${word}`, "m").exec(closing)?.[1] ?? 0);
  return {
    passed: count("passed"),
    failed: count("failed") + count("interrupted"),
    skipped: count("skipped") + count("did not run"),
  };
}

/** @param {Step} step */
async function attempt(step) {
  try {
    const result = await step.run();
    if (typeof result === "object") return { counts: result, note: "" };
    return { counts: onePassed, note: result ?? "" };
  } catch (error) {
    if (error instanceof Skip) return { counts: oneSkipped, note: error.message };
    if (error instanceof Stop) return { counts: oneFailed, note: error.message };
    return { counts: oneFailed, note: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** @param {Outcome} outcome */
const succeeded = ({ counts }) => counts.failed === 0;

/** What was skipped is no failure, but what needs it can't run. @param {Outcome} outcome */
const usable = ({ counts }) => counts.failed === 0 && counts.passed > 0;

/** @param {string} word @param {string} line */
const numberBefore = (word, line) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);

/** @param {Counts} a @param {Counts} b @returns {Counts} */
const add = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped });
