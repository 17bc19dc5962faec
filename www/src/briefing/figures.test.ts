import { expect, it } from "vitest";
import type { Report } from "../model/views.js";
import { recoverySentence, rowsFor, wasteOf } from "./figures.js";

const call = (more: object = {}): object => ({
  name: "clients → maps",
  requests: 200,
  succeeded: 150,
  wasted_work_ms: 0,
  wasted_percent: 0,
  ...more,
});

function report(more: object = {}): Report {
  return {
    goodput_per_s: 120,
    success_percent: 75,
    amplification: 1,
    recovery: null,
    latency: { successes: { p99_ms: 400 } },
    calls: [call()],
    stores: [],
    cqrs: [],
    ...more,
  } as unknown as Report;
}

const recovered = (took_ms: number | null): Report => report({ recovery: { fault_ended_ms: 5, took_ms } });
const plain = (text: string): string => text.replace(/\u202f/g, " ");

it("says when it recovered, that it never did, or nothing where nothing ended", () => {
  expect(plain(recoverySentence(recovered(1_500)))).toBe("Recovered 1.5 s after the fault ended.");
  expect(recoverySentence(recovered(0))).toBe("Recovered at once when the fault ended.");
  expect(recoverySentence(recovered(null))).toBe("Never recovered in this run after the fault ended.");
  expect(recoverySentence(report())).toBe("");
});

it("leaves out rows of what is nowhere in play", () => {
  const names = (reports: Report[]): string[] => rowsFor(reports).map((row) => row.name);
  expect(names([report()])).toEqual(["goodput", "succeeded", "p99 of successes"]);
  const wasteful = report({ amplification: 2, calls: [call({ wasted_work_ms: 90_000, wasted_percent: 30 })] });
  expect(names([report(), wasteful]).slice(3)).toEqual(["attempts a request", "wasted work", "share of work wasted"]);
  expect(names([report(), recovered(null)])).toContain("recovered after");
});

it("tells how each of several calls fared, and adds up their waste", () => {
  const two = report({
    calls: [call({ wasted_work_ms: 5 }), call({ name: "clients → radio", succeeded: 50, wasted_work_ms: 7 })],
  });
  const rows = rowsFor([two]).map((row) => `${row.name}: ${plain(row.of(two))}`);
  expect(rows).toContain("of clients → maps: 75 %");
  expect(rows).toContain("of clients → radio: 25 %");
  expect(wasteOf(two)).toEqual({ ms: 12, percent: null });
});

it("tells what a store moved and how even its load was, and of several stores nothing", () => {
  const store = (more: object = {}): object => ({
    changes: [{ moved_percent: 76.3, took_ms: 7_640 }],
    load_peak: 1.16,
    stale: 0,
    gather_latency: { p95_ms: null },
    ...more,
  });
  const told = (...stores: object[]): string[] => {
    const one = report({ stores });
    return rowsFor([one])
      .map((row) => `${row.name}: ${plain(row.of(one))}`)
      .slice(3);
  };
  expect(told(store())).toEqual(["keys moved: 76.3 %", "moved in: 7.64 s", "busiest ÷ mean: 1.16 ×"]);
  expect(told(store({ changes: [], stale: 4 }))).toEqual(["busiest ÷ mean: 1.16 ×", "stale reads: 4"]);
  expect(told(store(), store())).toEqual([]);
});

it("puts commands beside queries, and what of them was stale, rejected or not caught up", () => {
  const sides = (more: object = {}): object => ({
    command_latency: { p95_ms: 668 },
    query_latency: { p95_ms: 633 },
    stale: 0,
    stale_age: { max_ms: null },
    rejected: [],
    not_caught_up: 0,
    models: [{ as_replayed: true }],
    ...more,
  });
  const told = (...cqrs: object[]): string[] => {
    const one = report({ cqrs });
    return rowsFor([one])
      .map((row) => `${row.name}: ${plain(row.of(one))}`)
      .slice(3);
  };
  expect(told(sides())).toEqual(["p95 of commands: 668 ms", "p95 of queries: 633 ms"]);
  const behind = {
    stale: 14,
    stale_age: { max_ms: 67.2 },
    rejected: [{ why: "assigned to no company", count: 3 }],
    not_caught_up: 2,
    models: [{ as_replayed: false }],
  };
  expect(told(sides(behind)).slice(2)).toEqual([
    "stale reads: 14",
    "the oldest: 67.2 ms",
    "commands rejected: 3",
    "not caught up: 2",
    "equal to a replay: 0 of 1",
  ]);
  expect(told(sides(), sides())).toEqual([]);
});
