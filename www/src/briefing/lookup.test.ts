import { expect, it } from "vitest";
import { readKeys } from "./lookup.js";

const many = (count: number, between: string): string =>
  Array.from({ length: count }, (_, key) => `soldier_${key}`).join(between);

it("reads one key, or a list as it is pasted", () => {
  expect(readKeys("soldier_17")).toEqual({ keys: ["soldier_17"] });
  expect(readKeys(" a, b\r\nc\n\n,d ")).toEqual({ keys: ["a", "b", "c", "d"] });
  expect(readKeys("Alpha Company; 2nd platoon")).toEqual({ keys: ["Alpha Company; 2nd platoon"] });
  expect(readKeys(" \n")).toEqual({ keys: [] });
});

it("takes two hundred and says how many there are when it is one more", () => {
  expect(readKeys(many(200, "\n"))).toHaveProperty("keys.length", 200);
  expect(readKeys(many(201, ","))).toEqual({
    problem: "These are 201 keys; at most 200 are looked up at a time.",
  });
});

it("says which key is too long", () => {
  expect(readKeys(`a\n${"x".repeat(200)}`)).toHaveProperty("keys.length", 2);
  expect(readKeys(`a\n${"x".repeat(201)}`)).toEqual({ problem: "Key 2 has 201 letters; a key may have 200." });
});
