import { expect, it } from "vitest";
import type { PlacementRow, Scenario } from "../model/views.js";
import { COLUMNS, sweptOf } from "./placements.js";

const ROW: PlacementRow = {
  placement: "ring",
  title: "Ring",
  keys_peak: 1.16,
  load_peak: null,
  moved_percent: 25.8,
  least_percent: 25,
  steps: 1.24,
  bytes: 4_800,
};

it("has a figure and words for each column, and «–» where there is none", () => {
  expect(COLUMNS.map(({ name, words }) => [name, words(ROW)])).toEqual([
    ["keys", "1.16\u202f×"],
    ["load", "–"],
    ["moved", "25.8\u202f%"],
    ["steps", "1.2"],
    ["memory", "4.8\u202fKB"],
  ]);
  expect(COLUMNS.map(({ value }) => value(ROW))).toEqual([1.16, null, 25.8, 1.24, 4_800]);
});

it("is of the same scenario under another placement, and of another one after any other edit", () => {
  const scenario = (placement: string, keys: number): Scenario =>
    ({ clients: [], stores: [{ keys, sharding: { placement } }] }) as unknown as Scenario;
  expect(sweptOf(scenario("ring", 10), 0)).toBe(sweptOf(scenario("jump", 10), 0));
  expect(sweptOf(scenario("ring", 10), 0)).not.toBe(sweptOf(scenario("ring", 11), 0));
});
