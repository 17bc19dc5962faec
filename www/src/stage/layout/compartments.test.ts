/** Slots and waiting places in a bulkhead's station, for pools from one slot to very many. */
import { expect, test } from "vitest";
import { CALL, CALL_STRIDE, type Frame } from "../../model/views.js";
import { compartments } from "./compartments.js";
import type { Station } from "./stations.js";

function station(calls: readonly number[], w: number, h: number): Station {
  const box = { x: 100, y: 50, w, h };
  return {
    policy: "bulkhead",
    call: 0,
    calls,
    doors: [],
    box,
    x: 0,
    y: 0,
    area: box,
    detail: "full",
    words: "rows",
    wordsAt: 0,
  };
}

function frame(limit: number, places: number): Frame {
  const calls = new Float32Array(CALL_STRIDE * 2);
  calls[CALL.limit] = limit;
  calls[CALL.places] = places;
  const none = new Float32Array(0);
  return {
    scalars: new Float64Array(3),
    instances: none,
    requests: none,
    badges: none,
    calls,
    breakers: none,
    cells: none,
    shards: none,
    models: none,
  };
}

test("a shared pool of 64 shows each of its slots", () => {
  const { slots } = compartments(frame(64, 0), station([0, 1], 100, 80));
  expect(slots).toMatchObject({ gauge: false, count: 64 });
});

test("slots and waiting places are numbers, lie within the station, and not on each other", () => {
  for (const calls of [[0], [0, 1]]) {
    for (const limit of [1, 4, 10, 32, 64, 129, 1_000, 100_000]) {
      for (const waiting of [0, 3, 100, 10_000]) {
        const own = station(calls, 102, calls.length > 1 ? 90 : 24);
        const { slots, places } = compartments(frame(limit, waiting), own);
        expect(places === null).toBe(waiting === 0);
        for (const cells of [slots, places]) {
          if (!cells) continue;
          const rows = cells.gauge ? 1 : Math.ceil(cells.count / cells.columns);
          const right = cells.x + (cells.gauge ? cells.w : cells.columns * (cells.w + cells.gap) - cells.gap);
          const bottom = cells.y + rows * (cells.h + cells.gap) - cells.gap;
          expect(cells.w).toBeGreaterThan(0);
          expect(cells.h).toBeGreaterThan(0);
          expect(right).toBeLessThanOrEqual(own.area.x + own.area.w + 0.01);
          expect(bottom).toBeLessThanOrEqual(own.area.y + own.area.h + 0.01);
          if (cells === slots && places) expect(bottom).toBeLessThan(places.y);
        }
      }
    }
  }
});
