/** Two sides and the log between them, for many sizes: on the stage, clear of each other, and fed. */
import { describe, expect, test } from "vitest";
import type { Box } from "./cells.js";
import { type Layout, layout } from "./layout.js";
import { LANE_POINTS, LANE_STRIDE } from "./path.js";

const SIZES = [
  { width: 320, height: 0 },
  { width: 358, height: 0 },
  { width: 580, height: 0 },
  { width: 640, height: 250 },
  { width: 840, height: 280 },
  { width: 872, height: 420 },
  { width: 1_600, height: 800 },
];

function made(models: number, size: { width: number; height: number }): Layout {
  const count = models + 1;
  const sizes = Array.from({ length: count }, (_, node) => ({ concurrency: 4 + node, queueLimit: 16 }));
  const sides = { number: 0, shared: models === 0, locks: models === 0, waits: false };
  const services = [{ first: 0, count, concurrency: 4, queueLimit: 16, sides, sizes }];
  return layout({ instances: count, concurrency: 4, queueLimit: 16, services }, size);
}

function boxes({ boxes: all, topology }: Layout): Box[] {
  return Array.from({ length: topology.instances }, (_, index) => {
    const [x = 0, y = 0, w = 0, h = 0] = all.subarray(index * 4, index * 4 + 4);
    return { x, y, w, h };
  });
}

function apart(a: Box, b: Box): boolean {
  return a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
}

const cases = SIZES.flatMap((size) => [1, 2, 3].map((models) => ({ ...size, models })));

describe.each(cases)("$models read models on $width × $height", ({ width, height, models }) => {
  const here = made(models, { width, height });
  const place = here.services[0];
  const all = [...boxes(here), ...(place?.sides?.log ? [place.sides.log] : [])];

  test("nothing overlaps, and all is on the stage", () => {
    for (const [index, box] of all.entries()) {
      for (const other of all.slice(index + 1)) expect(apart(box, other)).toBe(true);
      expect(apart(box, here.balancer)).toBe(true);
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.x + box.w).toBeLessThanOrEqual(here.size.width);
      expect(box.y + box.h).toBeLessThanOrEqual(here.size.height);
    }
  });

  test("each read model is fed from the log, and the log lies between the sides", () => {
    const log = place?.sides?.log;
    // On the lowest stage with the most models there may be no room for it.
    if (!log) {
      expect(height > 0 && height < 260).toBe(true);
      return;
    }
    const [commands, ...below] = boxes(here);
    expect(commands && commands.y + commands.h).toBeLessThan(log.y);
    expect(place.sides?.feeds).toHaveLength(models);
    for (const [model, box] of below.entries()) {
      expect(box.y).toBeGreaterThan(log.y + log.h);
      const way = place.sides?.feeds[model] ?? [];
      const [begin, end] = [way[0], way.at(-1)];
      expect(begin?.y).toBe(log.y + log.h);
      expect(end && end.x >= box.x && end.x <= box.x + box.w && end.y >= box.y && end.y <= box.y + box.h).toBe(true);
    }
  });

  test("no lane runs over the log, and each ends at its own card", () => {
    const log = place?.sides?.log;
    for (const [index, box] of boxes(here).entries()) {
      for (let point = 0; log && point < LANE_POINTS; point += 1) {
        const [x = 0, y = 0] = here.lanes.subarray(
          index * LANE_STRIDE + point * 2,
          index * LANE_STRIDE + point * 2 + 2,
        );
        expect(x > log.x + 0.5 && x < log.x + log.w - 0.5 && y > log.y + 0.5 && y < log.y + log.h - 0.5).toBe(false);
      }
      const end = index * LANE_STRIDE + (LANE_POINTS - 1) * 2;
      const [x = NaN, y = NaN] = here.lanes.subarray(end, end + 2);
      expect(x).toBeGreaterThanOrEqual(box.x - 0.01);
      expect(x).toBeLessThanOrEqual(box.x + box.w + 0.01);
      expect(y).toBeGreaterThanOrEqual(box.y - 0.01);
      expect(y).toBeLessThanOrEqual(box.y + box.h + 0.01);
    }
  });

  test("each node has cells for its own slots", () => {
    expect(place?.cells?.map(({ slots }) => slots.count)).toEqual(
      Array.from({ length: models + 1 }, (_, node) => 4 + node),
    );
  });
});

test("a shared model stands alone, without a log", () => {
  const { services } = made(0, { width: 872, height: 420 });
  expect(services[0]?.sides).toMatchObject({ shared: true, log: null, feeds: [] });
});
