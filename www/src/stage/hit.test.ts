/** What a click takes: built from frames of one request each, whose place the layout gives. */
import { expect, test } from "vitest";
import { type Frame, REQUEST_STATE, REQUEST_STRIDE } from "../model/views.js";
import { heldRequestAt, instanceAt, movingRequestAt } from "./hit.js";
import { layout } from "./layout/layout.js";
import { type Scene, locate, newPlace } from "./draw/scene.js";

const LAYOUT = layout({ instances: 4, concurrency: 4, queueLimit: 8 }, { width: 872, height: 520 });

function scene(...rows: number[][]): Scene {
  const frame: Frame = {
    scalars: new Float64Array(12),
    instances: new Float32Array(40),
    requests: Float32Array.from(rows.flatMap((row) => [...row, ...Array<number>(REQUEST_STRIDE - row.length).fill(0)])),
    badges: new Float32Array(0),
    calls: new Float32Array(0),
    breakers: new Float32Array(0),
    cells: new Float32Array(0),
    shards: new Float32Array(0),
    models: new Float32Array(0),
  };
  return { layout: LAYOUT, frame, old_ms: 100, linger_ms: 150, told: frame, followed: null };
}

function placeOf(made: Scene, row: number): { x: number; y: number } {
  const place = newPlace();
  locate(made, row, place);
  return place;
}

const travelling = [7, REQUEST_STATE.toInstance, 2, 0.5, 0, 10];
const working = [8, REQUEST_STATE.working, 1, 0.25, 2, 10];

test("a request on the move is taken within reach of it, and not beyond", () => {
  const made = scene(travelling);
  const { x, y } = placeOf(made, 0);
  expect(movingRequestAt(made, x + 8, y + 8, 12)).toBe(7);
  expect(movingRequestAt(made, x + 10, y + 10, 12)).toBeNull();
});

test("of two in reach the nearer is taken", () => {
  const made = scene(travelling, [9, REQUEST_STATE.toInstance, 2, 0.53, 0, 10]);
  const { x, y } = placeOf(made, 1);
  expect(movingRequestAt(made, x + 1, y, 30)).toBe(9);
});

test("a request at work is taken in its slot, and never as one on the move", () => {
  const made = scene(working);
  const { x, y } = placeOf(made, 0);
  expect(heldRequestAt(made, x, y)).toBe(8);
  expect(heldRequestAt(made, x, y + 40)).toBeNull();
  expect(movingRequestAt(made, x, y, 12)).toBeNull();
});

test("a request starts at the balancer and ends at its instance", () => {
  const start = placeOf(scene([1, REQUEST_STATE.toInstance, 0, 0, 0, 0]), 0);
  const end = placeOf(scene([1, REQUEST_STATE.toInstance, 0, 1, 0, 0]), 0);
  expect(Math.abs(start.x - (LAYOUT.balancer.x + LAYOUT.balancer.w))).toBeLessThan(6);
  expect(Math.abs(end.x - (LAYOUT.boxes[0] ?? 0))).toBeLessThan(6);
});

test("an answer takes the same lane back", () => {
  const there = placeOf(scene([1, REQUEST_STATE.toInstance, 3, 0.25, 0, 0]), 0);
  const back = placeOf(scene([1, REQUEST_STATE.answerToBalancer, 3, 0.75, 0, 0]), 0);
  expect(Math.hypot(there.x - back.x, there.y - back.y)).toBeLessThan(8);
});

test("a broken request falls from the instance that broke it", () => {
  const early = placeOf(scene([1, REQUEST_STATE.broken, 1, 0.05, 0, 0]), 0);
  const late = placeOf(scene([1, REQUEST_STATE.broken, 1, 0.95, 0, 0]), 0);
  expect(late.y).toBeGreaterThan(early.y + 20);
  expect(late.x).toBeLessThan(LAYOUT.boxes[4] ?? 0);
});

test("a point is in the instance whose box contains it", () => {
  const made = scene();
  expect(instanceAt(made, (LAYOUT.boxes[8] ?? 0) + 5, (LAYOUT.boxes[9] ?? 0) + 5)).toBe(2);
  expect(instanceAt(made, 2, 2)).toBe(-1);
});
