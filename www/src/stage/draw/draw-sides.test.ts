/** What is under the pointer on and around the log. */
import { expect, test } from "vitest";
import { layout } from "../layout/layout.js";
import { stripOf } from "../layout/log-strip.js";
import { frameOf, runOf, sides } from "../reading/sides.fixture.js";
import { topologyOf } from "../layout/topology.js";
import { pickedAt } from "./draw-sides.js";
import type { Scene } from "./scene.js";

const DETAILS = sides();
const LAYOUT = layout(topologyOf(runOf(DETAILS)), { width: 872, height: 420 });

function scene(t_ms: number): Scene {
  const frame = frameOf(t_ms, [{}, {}]);
  return { layout: LAYOUT, frame, told: frame, old_ms: 1_000, linger_ms: 400, followed: null, cqrs: [DETAILS] };
}

const log = LAYOUT.services[0]?.sides?.log ?? { x: 0, y: 0, w: 0, h: 0 };
const { cells, rows, pitch } = stripOf(log, 2);

test("an event on the log is picked by its cell", () => {
  const newest = { x: cells.x + cells.w - pitch / 2, y: cells.y + cells.h / 2 };
  expect(pickedAt(scene(9_000), newest.x, newest.y)).toEqual({ event: 4, cqrs: 0 });
  expect(pickedAt(scene(9_000), newest.x - pitch, newest.y)).toEqual({ event: 3, cqrs: 0 });
  // At the title, or left of the first event, there is none.
  expect(pickedAt(scene(9_000), newest.x, log.y + 3)).toBeNull();
  expect(pickedAt(scene(9_000), cells.x + 2, newest.y)).toBeNull();
});

test("a line under the log is its read model’s", () => {
  rows.forEach((row, model) => {
    expect(pickedAt(scene(9_000), row.x + 20, row.y + row.h / 2)).toEqual({ node: 1 + model });
  });
});

test("an event on its way is picked where it is, and nothing where none is", () => {
  const feed = LAYOUT.services[0]?.sides?.feeds[0] ?? [];
  const [begin] = feed;
  expect(begin).toBeDefined();
  const at = begin ?? { x: 0, y: 0 };
  // The third event has just set out: it is taken in at 1.1 s.
  expect(pickedAt(scene(1_001), at.x, at.y + 1)).toEqual({ event: 2, cqrs: 0 });
  expect(pickedAt(scene(9_000), at.x, at.y + 1)).toBeNull();
});
