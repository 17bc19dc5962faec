/** What the inspector says of shards, maps and keys. */
import { expect, test } from "vitest";
import { PRESENCE } from "../model/views.js";
import { frameOf, store } from "../stage/reading/store.fixture.js";
import { type ShardNow, shardsOf } from "../stage/reading/shards.js";
import type { ShardColumns } from "../stage/reading/store.fixture.js";
import { keySentence, movedWords, movingWords, shardSentence, sharesOf, versionWords } from "./shard-words.js";

function rows(columns: readonly ShardColumns[], details = store()): ShardNow[] {
  return shardsOf(frameOf(0, columns), details);
}

function sentence(columns: readonly ShardColumns[], shard: number, up = true): string {
  const now = rows(columns)[shard];
  return now ? shardSentence(now, up).replace(/\u202f/g, " ") : "";
}

test("a shard says since when it is in the map, and what it sends and gets", () => {
  expect(sentence([{}, {}, {}, {}], 0)).toBe("In the map from the beginning.");
  expect(sentence([{ sending: 1 }, {}, {}, { getting: 4 }], 3)).toBe(
    "In the map since 10.000 s; gets keys in 4 moves.",
  );
  expect(sentence([{ sending: 1, getting: 2 }, {}, {}, {}], 0)).toBe(
    "In the map from the beginning; sends keys in 1 move; gets keys in 2 moves.",
  );
  expect(sentence([{}, {}, {}, {}], 0, false)).toBe("Down: it answers nothing. In the map from the beginning.");
});

test("a shard that isn't in the map says what becomes of it", () => {
  expect(sentence([{}, {}, {}, { presence: PRESENCE.yetToJoin }], 3)).toBe("Joins at 10.000 s.");
  expect(sentence([{ presence: PRESENCE.leaving, keys: 1, sending: 1 }, {}, {}, {}], 0)).toBe(
    "It has left the map; 1 key still has to move; sends keys in 1 move.",
  );
  expect(sentence([{ presence: PRESENCE.gone }, {}, {}, {}], 0)).toContain("all its keys are with others");
});

test("shares are of the map that holds, beside those of the keys and what would be even", () => {
  const four = rows([{ keys: 50 }, { keys: 25 }, { keys: 25 }, {}]);
  expect(sharesOf(four, 0, 20_000)).toEqual({ keys: 50, map: 25, even: 25 });
  const three = rows([{ keys: 50 }, { keys: 25 }, { keys: 25 }, { presence: PRESENCE.yetToJoin }]);
  expect(sharesOf(three, 0, 0).map).toBeCloseTo(100 / 3);
  expect(sharesOf(three, 3, 0)).toEqual({ keys: 0, map: null, even: null });
  expect(sharesOf(rows([{}, {}, {}, {}]), 0, 0).keys).toBeNull();
});

test("a map says which version it is, what moves and how much has", () => {
  expect(versionWords(store(), 0)).toBe("1 of 2, from the beginning");
  expect(versionWords(store(), 10_000).replace(/\u202f/g, " ")).toBe("2 of 2, since 10.000 s");
  expect(movingWords(store(), rows([{}, {}, {}, {}]))).toBe("nothing");
  expect(movingWords(store({ placement: "range" }), rows([{ sending: 1 }, {}, {}, { getting: 1 }]))).toBe("1 range");
  expect([9_000, 10_000, 10_040, 10_080].map((t_ms) => movedWords(store(), t_ms))).toEqual([
    "0 keys",
    "0 keys",
    "1 key",
    "2 keys",
  ]);
});

test("of a key that has yet to come it is said who still has it", () => {
  const place = {
    key: "soldier_1",
    shard: 3,
    name: "delta",
    place: 0.8,
    why: "",
    holder: 3,
    holder_name: "delta",
    leaving: null,
  };
  const waiting = { ...place, holder: 1, holder_name: "bravo" };
  expect(keySentence(place)).toBe("With delta.");
  expect(keySentence(waiting)).toBe("Still with bravo; the map gives it to delta, and it has yet to move.");
  expect(keySentence({ ...waiting, leaving: 1 })).toMatch(/on its way\.$/);
});
