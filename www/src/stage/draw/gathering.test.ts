/** Lines from the instances of a service to what they call: from each of them, to one place, over no card. */
import { describe, expect, test } from "vitest";
import { gatheringLines } from "./gathering.js";
import { layout } from "../layout/layout.js";
import { LANE_STRIDE } from "../layout/path.js";
import type { CallShape } from "../layout/topology.js";

const CALL: CallShape = {
  client: 0,
  service: null,
  to: 0,
  policies: [],
  breaker: -1,
  breakers: 0,
  breakersEach: 1,
  trip: "failure_rate",
  windowCells: 0,
  pool: -1,
  waits: false,
};
const SHAPE = { concurrency: 4, queueLimit: 8 };

describe.each([
  { width: 390, height: 0, count: 1 },
  { width: 390, height: 0, count: 3 },
  { width: 390, height: 0, count: 4 },
  { width: 872, height: 285, count: 3 },
  { width: 1_400, height: 700, count: 5 },
])("$count instances on $width × $height", ({ width, height, count }) => {
  const services = [
    { first: 0, count, ...SHAPE },
    { first: count, count: 2, ...SHAPE },
  ];
  const calls = [CALL, { ...CALL, client: null, service: 0, to: 1, policies: ["timeout"] as const }];
  const made = layout({ instances: count + 2, ...SHAPE, services, clients: 1, calls }, { width, height });
  const [front] = made.services;
  if (!front) throw new Error("there are two services");
  const lines = gatheringLines(made, front);

  test("each instance has one, and all end where the trunk begins", () => {
    expect(lines).toHaveLength(count);
    const start = { x: made.trunks[LANE_STRIDE] ?? NaN, y: made.trunks[LANE_STRIDE + 1] ?? NaN };
    for (const { points } of lines) {
      expect(points.at(-1)?.x).toBeCloseTo(start.x, 0);
      expect(points.at(-1)?.y).toBeCloseTo(start.y, 0);
    }
  });

  test("no line leaves the stage or crosses a card of a single column, nor where the stage runs down", () => {
    for (const { points } of lines) {
      for (const { x, y } of points) {
        expect(x).toBeGreaterThan(0);
        expect(x).toBeLessThan(made.size.width);
        expect(y).toBeLessThan(made.size.height);
      }
      for (let index = 1; index < points.length; index += 1) {
        const [a, b] = [points[index - 1], points[index]];
        if (!a || !b) continue;
        for (let each = 0; each < count; each += 1) {
          const [x = 0, y = 0, w = 0, h = 0] = made.boxes.subarray(each * 4, each * 4 + 4);
          const inside = Math.min(a.x, b.x) < x + w - 0.5 && Math.max(a.x, b.x) > x + 0.5;
          const beside = Math.min(a.y, b.y) < y + h - 0.5 && Math.max(a.y, b.y) > y + 0.5;
          expect(inside && beside).toBe(false);
        }
      }
    }
  });
});
