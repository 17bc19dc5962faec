/** For many sizes and numbers of instances: nothing overlaps, nothing leaves the stage, and lanes lead home. */
import { describe, expect, test } from "vitest";
import { type Layout, between, layout } from "./layout.js";
import { LANE_POINTS, LANE_STRIDE } from "./path.js";

const COUNTS = [1, 2, 3, 4, 5, 7, 8, 12, 16, 25, 100, 500, 1_000];
const SIZES = [
  { width: 360, height: 0 },
  { width: 390, height: 0 },
  { width: 599, height: 0 },
  { width: 612, height: 420 },
  { width: 840, height: 320 },
  { width: 872, height: 520 },
  { width: 1_600, height: 800 },
];

function topology(instances: number): Layout["topology"] {
  return { instances, concurrency: 4, queueLimit: 8 };
}

function box(made: Layout, index: number): { left: number; top: number; right: number; bottom: number } {
  const [x = 0, y = 0, w = 0, h = 0] = made.boxes.subarray(index * 4, index * 4 + 4);
  return { left: x, top: y, right: x + w, bottom: y + h };
}

const cases = SIZES.flatMap((size) => COUNTS.map((count) => ({ ...size, count })));

describe.each(cases)("$count instances on $width × $height", ({ width, height, count }) => {
  const made = layout(topology(count), { width, height });

  test("no instance overlaps another", () => {
    const boxes = Array.from({ length: count }, (_, index) => box(made, index));
    // Boxes of a grid overlap only if neighbours do: each with the next in its row and the one below.
    for (const [index, here] of boxes.entries()) {
      const right = (index + 1) % made.columns === 0 ? undefined : boxes[index + 1];
      const below = boxes[index + made.columns];
      if (right) expect(right.left).toBeGreaterThan(here.right);
      if (below) expect(below.top).toBeGreaterThan(here.bottom);
    }
  });

  test("everything is on the stage, and the instances clear of the balancer", () => {
    for (let index = 0; index < count; index += 1) {
      const { left, top, right, bottom } = box(made, index);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(made.size.width);
      expect(bottom).toBeLessThanOrEqual(made.size.height);
      if (made.direction === "across") expect(left).toBeGreaterThan(made.balancer.x + made.balancer.w);
      else expect(top).toBeGreaterThan(made.balancer.y + made.balancer.h);
    }
  });

  test("each lane ends at the edge of its own instance", () => {
    for (let index = 0; index < count; index += 1) {
      const end = index * LANE_STRIDE + (LANE_POINTS - 1) * 2;
      const [x = NaN, y = NaN] = made.lanes.subarray(end, end + 2);
      const { left, top, right, bottom } = box(made, index);
      expect(x).toBeGreaterThanOrEqual(left - 0.01);
      expect(x).toBeLessThanOrEqual(right + 0.01);
      expect(y).toBeGreaterThanOrEqual(top - 0.01);
      expect(y).toBeLessThanOrEqual(bottom + 0.01);
    }
  });
});

test("clients and balancer keep their places whatever the number of instances", () => {
  for (const size of SIZES) {
    const places = COUNTS.map((count) => layout(topology(count), size));
    for (const { client, balancer } of places) {
      expect(client).toEqual(places[0]?.client);
      expect(balancer).toEqual(places[0]?.balancer);
    }
  }
});

test("detail gives way before room does: cards, then compact ones, then tiles", () => {
  const detail = (count: number): string => layout(topology(count), { width: 872, height: 520 }).detail;
  expect([4, 12, 100].map(detail)).toEqual(["card", "compact", "tile"]);
});

test("on the way from one layout to another, what stays glides and what is new stands in its place", () => {
  const size = { width: 872, height: 620 };
  const from = layout(topology(3), size);
  const to = layout(topology(4), size);
  const half = between(from, to, 0.5);
  expect(half.boxes[1]).toBeCloseTo(((from.boxes[1] ?? 0) + (to.boxes[1] ?? 0)) / 2);
  expect(half.boxes[13]).toBe(to.boxes[13]);
  expect(between(from, to, 1)).toBe(to);
});

test("many slots become a gauge instead of cells that nobody can tell apart", () => {
  const made = layout({ instances: 4, concurrency: 10_000, queueLimit: 2_000_000 }, { width: 872, height: 520 });
  expect(made.slots.gauge).toBe(true);
  expect(made.queue.gauge).toBe(true);
  expect(layout(topology(4), { width: 872, height: 520 }).slots.gauge).toBe(false);
});
