/** Keys picked on the map: which is under the pointer, where it lies and who has it. */
import { expect, test } from "vitest";
import { layout } from "../layout/layout.js";
import { drawnKey, keySelectionAt } from "./marks.js";
import { locate, newPlace, type Scene } from "./scene.js";
import { geometryOf, keyAt, scatterOf } from "../layout/shard-map.js";
import { REQUEST_STATE } from "../../model/views.js";
import { movingRequestAt, heldRequestAt } from "../hit.js";
import { frameOf, store } from "../reading/store.fixture.js";

const LAYOUT = layout(
  {
    instances: 4,
    concurrency: 4,
    queueLimit: 16,
    clients: 1,
    services: [
      {
        first: 0,
        count: 4,
        concurrency: 4,
        queueLimit: 16,
        store: { number: 0, map: "buckets", copies: 1, gathers: true },
      },
    ],
  },
  { width: 872, height: 340 },
);

function scene(t_ms: number, requests: number[] = []): Scene {
  const frame = { ...frameOf(t_ms, [{}, {}, {}, {}]), requests: Float32Array.from(requests) };
  return { layout: LAYOUT, frame, old_ms: 100, linger_ms: 150, told: frame, followed: null, stores: [store()] };
}

test("the key under the pointer is taken, where the map of that moment has it", () => {
  const geometry = geometryOf("buckets", LAYOUT.balancer);
  const before = keyAt(geometry, 0.4, scatterOf(1));
  const after = keyAt(geometry, 0.8, scatterOf(1));
  const one = { kind: "key", store: 0, key: "soldier_1" };
  expect(keySelectionAt(scene(0), before.x, before.y)).toEqual(one);
  expect(keySelectionAt(scene(20_000), after.x, after.y)).toEqual(one);
  expect(keySelectionAt(scene(20_000), before.x, before.y)).toBeNull();
  expect(keySelectionAt(scene(0), LAYOUT.client.x, LAYOUT.client.y)).toBeNull();
});

test("a drawn key is where the map has it, with who holds it", () => {
  expect(drawnKey(store(), 0, "soldier_1", 0)).toMatchObject({ place: 0.4, shard: 1 });
  expect(drawnKey(store(), 0, "soldier_1", 20_000)).toMatchObject({ place: 0.8, shard: 3 });
  // The map has changed, and the key has yet to come.
  expect(drawnKey(store(), 0, "soldier_3", 10_041)).toMatchObject({ shard: 2 });
});

test("other texts are no drawn keys", () => {
  for (const text of ["soldier_4", "soldier_01", "soldier_", "nobody", ""]) {
    expect(drawnKey(store(), 0, text, 0), text).toBeNull();
  }
});

test("a query that waits for several shards stands at the map, and is no slot's", () => {
  const made = scene(0, [5, REQUEST_STATE.calling, -1, 0, 0, 10, 0, 0]);
  const place = newPlace();
  locate(made, 0, place);
  const { x, y, w, h } = LAYOUT.balancer;
  expect(place.shown).toBe(true);
  expect(place.x).toBeGreaterThan(x + w);
  expect(Math.abs(place.y - y - h / 2)).toBeLessThan(20);
  expect(movingRequestAt(made, place.x, place.y, 5)).toBe(5);
  expect(heldRequestAt(made, place.x, place.y)).toBeNull();
});
