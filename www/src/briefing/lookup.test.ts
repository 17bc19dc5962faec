import { expect, it } from "vitest";
import { movingWords, readKeys, summary } from "./lookup.js";

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

it("tells who has a key until it has moved, whether it is under way, and sums a list up", () => {
  const there = {
    key: "a",
    shard: 3,
    name: "delta",
    place: 0,
    why: "",
    holder: 3,
    holder_name: "delta",
    leaving: null,
  };
  const waiting = { ...there, holder: 0, holder_name: "alpha" };
  const moving = { ...waiting, leaving: 0 };
  expect([there, waiting, moving].map(movingWords)).toEqual([
    "",
    "still with alpha, and has yet to move",
    "on its way from alpha",
  ]);
  expect(summary([])).toBe("No key is asked for.");
  expect(summary([there])).toBe("1 key on 1 shard, none of them on the move.");
  expect(summary([there, waiting, moving])).toBe(
    "3 keys on 2 shards, of them 1 on the move and 1 with a move to come.",
  );
});
