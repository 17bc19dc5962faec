import { describe, expect, it } from "vitest";
import { axisEnd, bucketAt, roundUp, stableTop, ticks, timeAt } from "./axis.js";

describe("the time axis", () => {
  it("ends where arrivals end, or a round step later", () => {
    expect(axisEnd(60_000, 59_000)).toBe(60_000);
    expect(axisEnd(60_000, 60_250)).toBe(61_200);
    expect(axisEnd(60_000, 61_200)).toBe(61_200);
    expect(axisEnd(60_000, 61_201)).toBeCloseTo(62_400);
  });

  it("has round ticks in a unit that fits", () => {
    expect(ticks(61_200, 800).map((tick) => tick.at_ms)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
    expect(ticks(10_800_000, 400).map((tick) => tick.label)).toEqual(["0\u202fh", "1\u202fh", "2\u202fh", "3\u202fh"]);
    expect(ticks(5, 400)[1]?.label).toBe("2\u202fms");
  });

  it("maps pixels between the gutters to times", () => {
    const gutters = { left: 50, right: 50 };
    expect([0, 50, 550, 1050, 2000].map((x) => timeAt(x, 1_100, gutters, 60_000))).toEqual([
      0, 0, 30_000, 60_000, 60_000,
    ]);
  });

  it("finds the bucket of a time, also at the very end", () => {
    expect([0, 99, 100, 1_000].map((t_ms) => bucketAt(t_ms, 100, 10))).toEqual([0, 0, 1, 9]);
  });
});

describe("the top of a value scale", () => {
  it("stays while it serves", () => {
    expect(stableTop(400, 300)).toBe(400);
    expect(stableTop(400, 200)).toBe(400);
  });

  it("grows at need and shrinks when most of it is empty", () => {
    expect(stableTop(400, 500)).toBeGreaterThanOrEqual(500);
    expect(stableTop(400, 30)).toBeLessThan(60);
  });

  it("stays as it was when there is nothing to show", () => {
    expect(stableTop(400, 0)).toBe(400);
    expect(stableTop(undefined, 0)).toBe(1);
  });

  it("is round", () => {
    expect([0.3, 7, 84, 240].map(roundUp)).toEqual([0.5, 10, 100, 250]);
  });
});
