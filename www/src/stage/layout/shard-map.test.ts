/** Maps on stages of many sizes: nothing lies on anything else, and keys lie where the map says. */
import { describe, expect, test } from "vitest";
import { curveOf, onCurve } from "../draw/draw-shards.js";
import { type Layout, layout } from "./layout.js";
import { CAPTION, type MapShape, shapeOf } from "./map-shape.js";
import { type MapGeometry, geometryOf, keyAt, nearestKey, pieceBoxes, placesAt, scatterOf } from "./shard-map.js";
import { BADGE_NODE, REASON } from "../../model/views.js";
import { fallTo, newOrigin, originOf } from "../draw/falls.js";
import { store } from "../reading/store.fixture.js";
import type { ServiceShape, Topology } from "./topology.js";

const SHAPES: MapShape[] = ["ring", "ranges", "slots", "table", "buckets"];
const SIZES = [
  { width: 360, height: 0 },
  { width: 390, height: 0 },
  { width: 612, height: 300 },
  { width: 712, height: 268 },
  { width: 872, height: 320 },
  { width: 1_600, height: 800 },
];

function shape(first: number, count: number, map?: MapShape): ServiceShape {
  const own = { first, count, concurrency: 4, queueLimit: 16 };
  return map ? { ...own, store: { number: 0, map, copies: 1, gathers: false } } : own;
}

function topology(...services: ServiceShape[]): Topology {
  const instances = services.reduce((sum, { count }) => sum + count, 0);
  return { instances, concurrency: 4, queueLimit: 16, services, clients: 1 };
}

function boxOf({ boxes }: Layout, node: number): { x: number; y: number; w: number; h: number } {
  const [x = 0, y = 0, w = 0, h = 0] = boxes.subarray(node * 4, node * 4 + 4);
  return { x, y, w, h };
}

const cases = SIZES.flatMap((size) => SHAPES.flatMap((map) => [1, 4, 9, 40].map((count) => ({ ...size, map, count }))));

describe.each(cases)("$map of $count on $width × $height", ({ width, height, map, count }) => {
  const made = layout(topology(shape(0, count, map)), { width, height });
  const [place] = made.services;
  if (!place) throw new Error("there is a store");
  const { balancer } = place;
  const down = made.direction === "down";

  test("the map is large enough to be read, on the stage, and clear of the clients", () => {
    expect(balancer.h).toBeGreaterThanOrEqual(76);
    expect(balancer.w).toBeGreaterThanOrEqual(map === "ring" ? 76 : 120);
    expect(balancer.x).toBeGreaterThanOrEqual(0);
    expect(balancer.x + balancer.w).toBeLessThanOrEqual(width);
    if (down) expect(balancer.y).toBeGreaterThan(made.client.y + made.client.h);
    else {
      expect(balancer.x).toBeGreaterThan(made.client.x + made.client.w + 30);
      expect(balancer.y - CAPTION).toBeGreaterThanOrEqual(0);
      expect(balancer.y + balancer.h + CAPTION).toBeLessThanOrEqual(made.size.height);
    }
  });

  test("cards are clear of the map and of its words, and each has its line of keys or is a tile", () => {
    for (let node = 0; node < count; node += 1) {
      const box = boxOf(made, node);
      if (down) expect(box.y).toBeGreaterThan(balancer.y + balancer.h + 40);
      else expect(box.x).toBeGreaterThan(balancer.x + balancer.w + 40);
      expect(box.y + box.h).toBeLessThanOrEqual(made.size.height);
      if (place.detail === "tile") continue;
      // Below the name and the keys, inside the card.
      expect(place.slots.y).toBeGreaterThanOrEqual(38);
      expect(place.slots.y + place.slots.h).toBeLessThanOrEqual(box.h);
      if (place.share) expect(place.share.x + place.share.w).toBeLessThanOrEqual(box.w - 8);
    }
  });

  test("every key lies inside the map, clear of the pieces", () => {
    const geometry = geometryOf(map, balancer);
    for (let key = 0; key < 200; key += 1) {
      const { x, y } = keyAt(geometry, key / 199, scatterOf(key));
      if (geometry.kind === "ring") {
        const r = Math.hypot(x - geometry.x, y - geometry.y);
        expect(r).toBeLessThan(geometry.inner);
        expect(r).toBeGreaterThan(10);
        continue;
      }
      expect(x).toBeGreaterThanOrEqual(balancer.x);
      expect(x).toBeLessThanOrEqual(balancer.x + balancer.w);
      expect(y).toBeLessThan(geometry.words);
      for (const { bar } of geometry.rows) expect(y <= bar || y >= bar + geometry.barHeight).toBe(true);
    }
  });
});

describe("places", () => {
  const box = { x: 100, y: 50, w: 200, h: 120 };

  test("run along a ring from its top, clockwise", () => {
    const ring = geometryOf("ring", { ...box, w: 120 });
    const right = keyAt(ring, 0.25, 1);
    expect(right.y).toBeCloseTo(110);
    expect(right.x).toBeGreaterThan(160);
    expect(keyAt(ring, 0, 1).y).toBeLessThan(110);
  });

  test("a key lies under its piece of the bar, in the row of it", () => {
    for (const map of ["slots", "table"] as const) {
      const bar = geometryOf(map, box);
      if (bar.kind !== "bar") throw new Error("a bar");
      for (const at of [0.05, 0.33, 0.61, 0.97]) {
        const key = keyAt(bar, at, 0.5);
        const pieces = pieceBoxes(bar, at - 0.02, at + 0.02);
        const above = pieces.filter(({ x, w, y }) => key.x >= x && key.x <= x + w && y < key.y);
        expect(above.length, `${map} ${at}`).toBeGreaterThan(0);
      }
    }
  });

  test("the pieces of a whole map fill all its rows, and no more", () => {
    const table = geometryOf("table", box);
    if (table.kind !== "bar") throw new Error("a bar");
    const boxes = [0, 1, 2, 3, 4, 5, 6].flatMap((piece) => pieceBoxes(table, piece / 7, (piece + 1) / 7));
    const wide = boxes.reduce((sum, { w }) => sum + w, 0);
    expect(wide).toBeCloseTo(table.w * table.rows.length);
  });

  test("glide to where a new map has them, and are there afterwards", () => {
    const { maps } = store();
    expect(placesAt(maps, 0, 9_999)[1]).toBe(0.4);
    const half = placesAt(maps, 1, 10_100)[1] ?? NaN;
    expect(half).toBeGreaterThan(0.4);
    expect(half).toBeLessThan(0.8);
    expect(placesAt(maps, 1, 10_400)[1]).toBe(0.8);
  });

  test("the nearest key is found within reach, and none beyond it", () => {
    const bar: MapGeometry = geometryOf("buckets", box);
    const [places, numbers] = [Float64Array.of(0.2, 0.5, 0.9), Uint32Array.of(4, 5, 6)];
    const { x, y } = keyAt(bar, 0.5, scatterOf(5));
    expect(nearestKey(bar, places, numbers, { x: x + 3, y, reach: 8 })).toBe(1);
    expect(nearestKey(bar, places, numbers, { x: x + 12, y, reach: 8 })).toBe(-1);
  });
});

test("each placement has the shape that the model gives it", () => {
  expect((["ring", "range", "slots", "maglev", "jump", "directory"] as const).map(shapeOf)).toEqual([
    "ring",
    "ranges",
    "slots",
    "table",
    "buckets",
    "buckets",
  ]);
});

test("what falls at a map falls beside it", () => {
  for (const size of SIZES) {
    const made = layout(topology(shape(0, 4, "ring")), size);
    const origin = newOrigin();
    originOf(made, BADGE_NODE.balancers, REASON.callFailed, origin);
    expect(origin.x).toBe(made.balancer.x);
    const at = { x: 0, y: 0 };
    fallTo(origin, 0.5, 3, at);
    expect(at.x).toBeLessThan(made.balancer.x);
  }
});

test("a service beside a store keeps a balancer, and stands clear of it", () => {
  const made = layout(topology(shape(0, 3), shape(3, 4, "ring")), { width: 1_100, height: 600 });
  const [service, ring] = made.services;
  expect(service?.balancer.w).toBe(66);
  expect(service?.store).toBeUndefined();
  expect(ring?.balancer.w).toBeGreaterThan(100);
  expect((ring?.balancer.y ?? 0) - CAPTION).toBeGreaterThan((service?.balancer.y ?? 0) + 66);
});

describe.each(SIZES)("keys between cards on $width × $height", (size) => {
  const made = layout(topology(shape(0, 4, "ring")), size);
  const [place] = made.services;
  if (!place) throw new Error("there is a store");

  test("set out at the edge of one card, end at the edge of the other, and stay on the stage", () => {
    for (let from = 0; from < 4; from += 1) {
      for (let to = 0; to < 4; to += 1) {
        if (from === to) continue;
        const curve = curveOf(made, place, from, to);
        for (const [end, node] of [
          [0, from],
          [1, to],
        ] as const) {
          const { x, y } = onCurve(curve, end);
          const box = boxOf(made, node);
          expect(Math.min(Math.abs(x - box.x), Math.abs(x - box.x - box.w))).toBeLessThan(0.01);
          expect(y).toBeCloseTo(box.y + box.h / 2);
        }
        // Between two columns it runs through the gap, over no card.
        const [a, b] = [boxOf(made, from), boxOf(made, to)];
        if (Math.abs(a.x - b.x) > 1) expect(Math.abs(curve.x3 - curve.x0)).toBeCloseTo(Math.abs(a.x - b.x) - a.w);
        const { x } = onCurve(curve, 0.5);
        expect(x).toBeGreaterThan(0);
        expect(x).toBeLessThan(size.width);
      }
    }
  });
});
