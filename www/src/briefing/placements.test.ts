import { expect, it } from "vitest";
import schema from "../../../crates/sim/schema/scenario.schema.json";
import type { PlacementRow } from "../model/views.js";
import { schemaAt } from "../panel/schema.js";
import { COLUMNS, placementOf } from "./placements.js";

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
  const [keys, ...rest] = COLUMNS.map(({ value }) => value(ROW));
  expect(keys).toBeCloseTo(0.16);
  expect(rest).toEqual([null, 25.8, 1.24, 4_800]);
});

it("knows where the placement of a store stands", () => {
  expect(schemaAt(schema, placementOf(0))).toHaveProperty("title", "Placement");
});

it("writes sizes for people", () => {
  const words = COLUMNS.at(-1)?.words;
  expect([0, 999, 65_536, 2_000_000].map((bytes) => words?.({ ...ROW, bytes }))).toEqual([
    "0\u202fB",
    "999\u202fB",
    "65.5\u202fKB",
    "2\u202fMB",
  ]);
});
