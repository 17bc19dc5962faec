import { expect, test } from "vitest";
import { popoverAt } from "./popover.js";

const popover = { width: 200, height: 100 };
const stage = { width: 600, height: 400 };

test("it stands to the left where there is room, and inside the stage in height", () => {
  expect(popoverAt({ x: 350, y: 0, w: 200, h: 60 }, popover, stage)).toEqual({ x: 140, y: 0 });
});

test("it stands to the right of what is at the left edge", () => {
  expect(popoverAt({ x: 10, y: 200, w: 100, h: 60 }, popover, stage)).toEqual({ x: 120, y: 180 });
});

test("below or above where neither side has room, and never over the node", () => {
  const narrow = { width: 300, height: 400 };
  expect(popoverAt({ x: 50, y: 100, w: 200, h: 60 }, popover, narrow).y).toBe(170);
  expect(popoverAt({ x: 50, y: 300, w: 200, h: 60 }, popover, narrow).y).toBe(190);
});
