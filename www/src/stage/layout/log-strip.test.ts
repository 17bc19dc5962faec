/** The log on its strip: where each event is, how far each read model has come, and what is on its way to it. */
import { describe, expect, test } from "vitest";
import { eventAt, eventX, eventsIn, fedAt, slidLength, slidPosition, stripOf } from "./log-strip.js";
import { sides } from "../reading/sides.fixture.js";

const { log } = sides();
const STRIP = stripOf({ x: 100, y: 50, w: 300, h: 70 }, 2);
const SLIDE = 200;

test("a strip has its names, its cells and a line for each read model, and nothing leaves it", () => {
  const { cells, rows, gutter } = STRIP;
  expect(gutter.x).toBeGreaterThanOrEqual(100);
  expect(gutter.x + gutter.w).toBeLessThanOrEqual(cells.x);
  expect(cells.x + cells.w).toBeLessThanOrEqual(400);
  expect(rows).toHaveLength(2);
  for (const row of rows) {
    expect(row.y).toBeGreaterThanOrEqual(cells.y + cells.h);
    expect(row.y + row.h).toBeLessThanOrEqual(120);
  }
});

describe("the log", () => {
  test("has slid in what was written a while ago, and none of what is to come", () => {
    expect(slidLength(log, 900, SLIDE)).toBe(2);
    expect(slidLength(log, 1_500, SLIDE)).toBe(3);
    expect(slidLength(log, 9_000, SLIDE)).toBe(5);
  });

  test("slides an event in without a jump", () => {
    const lengths = Array.from({ length: 26 }, (_, step) => slidLength(log, 980 + step * 10, SLIDE));
    for (const [step, length] of lengths.entries()) {
      const before = lengths[step - 1] ?? length;
      expect(length).toBeGreaterThanOrEqual(before);
      expect(length - before).toBeLessThan(0.2);
    }
  });

  test("keeps the newest at the right edge, and all others left of it", () => {
    const length = slidLength(log, 9_000, SLIDE);
    expect(eventX(STRIP, 4, length) + STRIP.pitch).toBeCloseTo(STRIP.cells.x + STRIP.cells.w);
    expect(eventX(STRIP, 3, length)).toBeCloseTo(eventX(STRIP, 4, length) - STRIP.pitch);
    expect(eventsIn(STRIP, 5)).toEqual({ from: 0, to: 5 });
    const { from, to } = eventsIn(STRIP, 1_000);
    expect(to - from).toBeLessThanOrEqual(STRIP.cells.w / STRIP.pitch + 2);
  });

  test("finds the event under the pointer", () => {
    for (const event of [2, 3, 4]) {
      const middle = eventX(STRIP, event, 5) + STRIP.pitch / 2;
      expect(eventAt(STRIP, log, 9_000, SLIDE, middle)).toBe(event);
    }
    expect(eventAt(STRIP, log, 9_000, SLIDE, STRIP.cells.x + 1)).toBeNull();
    expect(eventAt(STRIP, log, 9_000, SLIDE, STRIP.gutter.x)).toBeNull();
    // What is written later isn't there yet.
    expect(eventAt(STRIP, log, 1_500, SLIDE, STRIP.cells.x + STRIP.cells.w - 1)).toBe(2);
  });
});

describe("a read model", () => {
  test("glides forwards, event by event", () => {
    expect(slidPosition(log, 0, 1_099, SLIDE)).toBe(2);
    const moving = slidPosition(log, 0, 1_150, SLIDE);
    expect(moving).toBeGreaterThan(2);
    expect(moving).toBeLessThan(3);
    expect(slidPosition(log, 0, 1_400, SLIDE)).toBe(3);
  });

  test("falls back at once when it is rebuilt", () => {
    expect(slidPosition(log, 1, 2_499, SLIDE)).toBe(3);
    expect(slidPosition(log, 1, 2_501, SLIDE)).toBe(0);
  });

  test("is nowhere where it isn't known", () => {
    expect(slidPosition(log, 7, 2_000, SLIDE)).toBe(0);
    expect(fedAt(log, 7, 2_000, 100)).toEqual([]);
  });

  test("is fed each event so that it arrives when it is taken in", () => {
    expect(fedAt(log, 0, 1_050, 100)).toEqual([{ event: 2, progress: 0.5 }]);
    expect(fedAt(log, 0, 1_100, 100)).toEqual([]);
    // It can't set out before it is written.
    expect(fedAt(log, 0, 1_050, 5_000)[0]).toEqual({ event: 2, progress: 0.5 });
    expect(fedAt(log, 0, 990, 5_000)).toEqual([]);
  });

  test("is fed again what it had, after a rebuild, and no more at a time than can be told apart", () => {
    expect(fedAt(log, 1, 2_550, 100)).toEqual([{ event: 0, progress: 0.5 }]);
    expect(fedAt(log, 1, 2_950, 100).map(({ event }) => event)).toEqual([1, 2]);
    const many = sides().log;
    const all = Array.from({ length: 500 }, (_, event) => event);
    const busy = {
      ...many,
      at_ms: Float64Array.from(all, () => 0),
      progress_at: [Float64Array.from(all, (event) => 1_000 + event / 100)],
      progress: [Uint32Array.from(all)],
    };
    expect(fedAt(busy, 0, 999, 100).length).toBeLessThanOrEqual(24);
  });
});
