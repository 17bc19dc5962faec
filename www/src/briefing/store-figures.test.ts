import { expect, it } from "vitest";
import type { MapChangeReport, StoreReport } from "../model/views.js";
import { barLength } from "./bars.js";
import { changeSentence, movedRows, peak, storeFacts } from "./store-figures.js";

const change = (more: Partial<MapChangeReport> = {}): MapChangeReport => ({
  at_ms: 10_000,
  what: "delta joins",
  keys: 258,
  of_keys: 1_000,
  moved_percent: 25.8,
  least_percent: 25,
  modulo_percent: 76.3,
  took_ms: 2_600,
  sent_after: 0,
  ...more,
});

const NONE = { count: 0, mean_ms: null, p50_ms: null, p95_ms: null, p99_ms: null, max_ms: null };
const store = (more: object = {}): StoreReport =>
  ({
    placement: "Ring",
    reads: 200,
    stale: 0,
    stale_age: NONE,
    gathered: 0,
    gather_latency: NONE,
    sent_on: 0,
    ...more,
  }) as unknown as StoreReport;

const rows = (of: StoreReport, one: MapChangeReport): [string, number | null][] =>
  movedRows(of, one, "Hash modulo").map(({ name, value }) => [name, value]);

it("puts what moved beside modulo and beside the least", () => {
  expect(rows(store(), change())).toEqual([
    ["moved: Ring", 25.8],
    ["Hash modulo", 76.3],
    ["least possible (1/4)", 25],
  ]);
});

it("says modulo once, and leaves it out where it moves nothing", () => {
  const modulo = store({ placement: "Hash modulo" });
  expect(rows(modulo, change({ moved_percent: 76.3 }))).toEqual([
    ["moved: Hash modulo", 76.3],
    ["least possible (1/4)", 25],
  ]);
  expect(rows(store(), change({ modulo_percent: null, least_percent: 0 }))).toEqual([
    ["moved: Ring", 25.8],
    ["least possible", 0],
  ]);
});

it("tells of a change how many keys, how long and what came after", () => {
  expect(changeSentence(change())).toBe("258 of 1\u202f000 keys, in 2.6\u202fs.");
  expect(changeSentence(change({ sent_after: 1 }))).toBe("258 of 1\u202f000 keys, in 2.6\u202fs; 1 write sent after.");
  expect(changeSentence(change({ took_ms: null }))).toBe("258 of 1\u202f000 keys, not all of them by the end.");
  expect(changeSentence(change({ keys: 0, took_ms: 0 }))).toBe("0 of 1\u202f000 keys, so nothing to move.");
});

it("keeps still about what never happened", () => {
  expect(storeFacts(store())).toEqual([]);
  const stale = store({ stale: 50, stale_age: { ...NONE, p50_ms: 335, max_ms: 500 } });
  expect(storeFacts(stale)[0]).toEqual(["stale reads", "50 (25\u202f%)"]);
  expect(storeFacts(stale)).toHaveLength(3);
  expect(storeFacts(store({ gathered: 5, gather_latency: { ...NONE, p95_ms: 272 } }))).toContainEqual([
    "took, p95",
    "272\u202fms",
  ]);
});

it("writes how uneven something is, and «–» where there is nothing", () => {
  expect([peak(null), peak(1), peak(2.176)]).toEqual(["–", "1\u202f×", "2.18\u202f×"]);
});

it("draws no bar of nothing, and none beyond its place", () => {
  expect([barLength(null, 100), barLength(50, 0), barLength(-1, 10), barLength(25, 50), barLength(60, 50)]).toEqual([
    0, 0, 0, 50, 100,
  ]);
});
