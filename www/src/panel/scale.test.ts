import { describe, expect, it } from "vitest";
import { beyond, nudge, scaleFor, toPosition, toValue, type Range } from "./scale.js";

const rate: Range = { min: 0.001, max: 1_000_000, log: true, integer: false, usual: 240 };
const instances: Range = { min: 1, max: 1_000, log: true, integer: true, usual: 4 };
const queue: Range = { min: 0, max: 2_000_000, log: false, integer: true, usual: 8 };
const share: Range = { min: 0, max: 100, log: false, integer: false, usual: 50 };
const cases: [string, Range][] = [
  ["rate", rate],
  ["instances", instances],
  ["queue", queue],
  ["share", share],
];

describe("a slider", () => {
  it.each(cases)("for %s starts at its least and ends at its most", (_, range) => {
    const scale = scaleFor(range, range.usual);
    expect(toValue(scale, 0)).toBe(scale.min);
    expect(toValue(scale, 1)).toBe(scale.max);
    expect(scale.min).toBeGreaterThanOrEqual(range.min);
    expect(scale.max).toBeLessThanOrEqual(range.max);
  });

  it.each(cases)("for %s finds its position again, but for the rounding", (_, range) => {
    const scale = scaleFor(range, range.usual);
    for (let position = 0; position <= 1; position += 0.125) {
      const back = toPosition(scale, toValue(scale, position));
      // Whole numbers are coarse at the low end; elsewhere two digits are kept.
      expect(Math.abs(back - position)).toBeLessThan(range.integer ? 0.08 : 0.01);
    }
  });

  it.each(cases)("for %s never turns back", (_, range) => {
    const scale = scaleFor(range, range.usual);
    const values = Array.from({ length: 1_001 }, (_, index) => toValue(scale, index / 1_000));
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });

  it("covers what is usual where the bounds are too wide, and stretches to a value beyond", () => {
    expect(scaleFor(rate, 240)).toMatchObject({ kind: "log", min: 2.4, max: 24_000 });
    expect(scaleFor(rate, 500_000).max).toBe(500_000);
    expect(scaleFor(rate, 0.01).min).toBe(0.01);
  });

  it("covers up to six powers of ten as they are", () => {
    const users: Range = { min: 1, max: 100_000, log: true, integer: true, usual: 40 };
    const scale = scaleFor(users, 40);
    expect(scale).toMatchObject({ kind: "log", min: 1, max: 100_000 });
    expect(beyond(scale, users)).toEqual({ below: false, above: false });
  });

  it("knows where it ends before the bounds do", () => {
    expect(beyond(scaleFor(rate, 240), rate)).toEqual({ below: true, above: true });
    expect(beyond(scaleFor(rate, 1_000_000), rate)).toEqual({ below: true, above: false });
    expect(beyond(scaleFor(queue, 8), queue)).toEqual({ below: false, above: true });
  });

  it("reaches zero although it is logarithmic above", () => {
    const scale = scaleFor(queue, 8);
    expect(scale.kind).toBe("zero-log");
    expect(toValue(scale, 0)).toBe(0);
    expect(toValue(scale, 0.5)).toBeLessThan(100);
  });
});

describe("an arrow key", () => {
  it.each(cases)("always moves %s, up and down", (_, range) => {
    const scale = { ...scaleFor(range, range.usual), min: range.min, max: range.max };
    for (const value of [range.usual, scale.min, scale.max, scale.min + (range.integer ? 1 : 0.01)]) {
      if (value < scale.max) expect(nudge(scale, value, 1, false)).toBeGreaterThan(value);
      if (value > scale.min) expect(nudge(scale, value, -1, false)).toBeLessThan(value);
    }
  });

  it("moves to round values and stays within the bounds", () => {
    const scale = scaleFor(share, 50);
    expect(nudge(scale, 50, 1, false)).toBe(55);
    expect(nudge(scale, 100, 1, true)).toBe(100);
    expect(nudge(scaleFor(instances, 4), 4, 1, false)).toBe(5);
  });
});
