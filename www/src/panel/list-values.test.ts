import { describe, expect, it } from "vitest";
import { parseList, parseTexts, textsOf, withItem } from "./list-values.js";

describe("a number for each instance", () => {
  it("fills up to the one that is set, and leaves out defaults at the end", () => {
    expect(withItem([], 2, 5, 1)).toEqual([1, 1, 5]);
    expect(withItem([1, 1, 5], 2, 1, 1)).toEqual([]);
    expect(withItem([5, 1, 2], 0, 1, 1)).toEqual([1, 1, 2]);
  });

  it("is read from text", () => {
    expect(parseList("5, 1 1;2.5")).toEqual([5, 1, 1, 2.5]);
    expect(parseList("")).toEqual([]);
    expect(parseList("5, x")).toBeUndefined();
  });
});

it("reads texts between commas, semicolons or lines", () => {
  expect(parseTexts(" soldier_2, soldier_5;;m\n")).toEqual(["soldier_2", "soldier_5", "m"]);
  expect(textsOf(["a", 1, null, "b"])).toEqual(["a", "b"]);
  expect(textsOf("a")).toEqual([]);
});
