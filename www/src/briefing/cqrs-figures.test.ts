import { expect, it } from "vitest";
import type { CqrsReport, Latency, ModelReport } from "../model/views.js";
import { cqrsFacts, MODEL_ROWS, rightModels, SIDE_ROWS } from "./cqrs-figures.js";

const NONE: Latency = { count: 0, mean_ms: null, p50_ms: null, p95_ms: null, p99_ms: null, max_ms: null };

const model = (more: Partial<ModelReport> = {}): ModelReport => ({
  kind: "by_person",
  applied: 926,
  duplicates: 3,
  most_behind: 12,
  longest_lag_ms: 71.7,
  behind: 0,
  most_waiting: 0,
  answered: 200,
  stale: 30,
  as_replayed: true,
  ...more,
});

const sides = (more: Partial<CqrsReport> = {}): CqrsReport => ({
  name: "personnel",
  shared: false,
  commands: 100,
  command_latency: NONE,
  rejected: [],
  conflicts: 0,
  log_refused: 0,
  queries: 900,
  query_latency: NONE,
  stale: 0,
  stale_age: NONE,
  not_caught_up: 0,
  events: 200,
  models: [model()],
  ...more,
});

it("says of two models that nothing was stale, and of one model nothing about that", () => {
  expect(cqrsFacts(sides())).toEqual([
    ["stale reads", "0"],
    ["events in the log", "200"],
  ]);
  expect(cqrsFacts(sides({ shared: true }))).toEqual([]);
});

it("tells why commands were rejected, how much was stale and how old, and who got no answer", () => {
  const rejected = [{ why: "assigned to no company", count: 29 }];
  const stale_age = { ...NONE, count: 90, p50_ms: 575.6, p95_ms: 1_636, max_ms: 2_879 };
  expect(cqrsFacts(sides({ rejected, conflicts: 2, log_refused: 35, stale: 90, stale_age, not_caught_up: 7 }))).toEqual(
    [
      ["rejected: assigned to no company", "29"],
      ["refused: conflict", "2"],
      ["refused: by the log", "35"],
      ["stale reads", "90 (10\u202f%)"],
      ["their age, p50", "576\u202fms"],
      ["their age, p95", "1.64\u202fs"],
      ["the oldest", "2.88\u202fs"],
      ["no answer: not caught up", "7"],
      ["events in the log", "200"],
    ],
  );
});

it("has a row for each figure of a read model and of a side", () => {
  const told = (one: ModelReport): string[] => MODEL_ROWS.map(({ of }) => of(one));
  expect(told(model())).toEqual(["926", "3", "12", "71.7\u202fms", "0", "0", "200", "15\u202f%", "✓ yes"]);
  const unused = model({ longest_lag_ms: null, answered: 0, stale: 0, as_replayed: false });
  expect(told(unused).slice(3)).toEqual(["–", "0", "0", "0", "–", "✕ no"]);
  expect(told(model({ behind: 5 })).at(-1)).toBe("✓ so far");
  expect(SIDE_ROWS.map(({ of }) => of({ ...NONE, count: 3, p95_ms: 76 }))).toEqual([
    "3",
    "–",
    "–",
    "76.0\u202fms",
    "–",
    "–",
  ]);
});

it("counts the read models that are right", () => {
  expect(rightModels(sides({ models: [model(), model({ as_replayed: false })] }))).toBe("1 of 2");
  expect(rightModels(sides())).toBe("all");
});
