import { expect, it } from "vitest";
import { LAST_STOP, speedAt, stopOf } from "./speed.js";

it("goes from a hundredth to twenty, and through one", () => {
  expect([speedAt(0), speedAt(LAST_STOP), speedAt(99)]).toEqual([0.01, 20, 20]);
  expect(speedAt(stopOf(1))).toBe(1);
});

it("finds each stop again, and the nearest to what lies between", () => {
  for (let stop = 0; stop <= LAST_STOP; stop += 1) expect(stopOf(speedAt(stop))).toBe(stop);
  expect(speedAt(stopOf(0.95))).toBe(1);
});
