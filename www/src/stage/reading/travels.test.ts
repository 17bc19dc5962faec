/** Who has which key, and what is on the way: the same for a moment from wherever the playhead comes. */
import { describe, expect, test } from "vitest";
import type { StoreKeys } from "../../model/views.js";
import { store } from "./store.fixture.js";
import { type UnderWay, arrivals, eachUnderWay, endedBy, ownersAt, travelsOf } from "./travels.js";

function underWay(keys: StoreKeys, t_ms: number): UnderWay[] {
  const all: UnderWay[] = [];
  eachUnderWay(travelsOf(keys), t_ms, (one) => all.push({ ...one }));
  return all;
}

describe("two keys that move one after another", () => {
  const { keys } = store();
  const owners = (t_ms: number): number[] => [...ownersAt(travelsOf(keys), t_ms)];

  test("a key is with its old owner until its travel ends", () => {
    expect(owners(0)).toEqual([0, 1, 2, 2]);
    expect(owners(10_039)).toEqual([0, 1, 2, 2]);
    expect(owners(10_040)).toEqual([0, 3, 2, 2]);
    expect(owners(99_999)).toEqual([0, 3, 2, 3]);
  });

  test("on its way it has come as far as its time has", () => {
    expect(underWay(keys, 9_999)).toEqual([]);
    expect(underWay(keys, 10_010)).toEqual([{ key: 1, from: 1, to: 3, progress: 0.25 }]);
    expect(underWay(keys, 10_040)).toEqual([{ key: 3, from: 2, to: 3, progress: 0 }]);
    expect(underWay(keys, 10_080)).toEqual([]);
  });

  test("those that came lately are counted by where they came from and went", () => {
    expect([...arrivals(travelsOf(keys), 10_100, 1_000, 4)]).toEqual([
      [1 * 4 + 3, 1],
      [2 * 4 + 3, 1],
    ]);
    expect([...arrivals(travelsOf(keys), 10_100, 30, 4)]).toEqual([[2 * 4 + 3, 1]]);
  });
});

test("one that doesn't arrive within the run stays on its way, no further than half", () => {
  const keys = {
    every: 1,
    numbers: Uint32Array.of(7),
    owners: Uint32Array.of(0),
    travels: Float64Array.of(0, 100, Infinity, 0, 1),
  };
  expect(underWay(keys, 99)).toEqual([]);
  expect(underWay(keys, 5_000)).toEqual([{ key: 0, from: 0, to: 1, progress: 0.5 }]);
  expect([...ownersAt(travelsOf(keys), 5_000)]).toEqual([0]);
});

describe("thousands of travels", () => {
  const shards = 5;
  const many = 3_000;
  const rows = Array.from({ length: many }, (_, travel) => {
    const key = (travel * 7) % 900;
    const begins = travel * 10;
    return [key, begins, begins + 25 + (travel % 3) * 40, travel % shards, (travel + 1 + (travel % 2)) % shards];
  });
  const keys: StoreKeys = {
    every: 2,
    numbers: Uint32Array.from({ length: 900 }, (_, key) => key * 2),
    owners: Uint32Array.from({ length: 900 }, (_, key) => key % shards),
    travels: Float64Array.from(rows.flat()),
  };
  const times = [0, 24, 25, 7_777, 15_000, 29_990, 30_100, 60_000];

  /** From the beginning, travel by travel. */
  function slowly(t_ms: number): number[] {
    const owners = [...keys.owners];
    const ended = rows.filter(([, , ends = 0]) => ends <= t_ms).sort(([, , a = 0], [, , b = 0]) => a - b);
    for (const [key = 0, , , , to = 0] of ended) owners[key] = to;
    return owners;
  }

  test("are found as from the beginning, whichever way the playhead jumps", () => {
    for (const t_ms of [...times, ...times.toReversed()]) {
      expect([...ownersAt(travelsOf(keys), t_ms)]).toEqual(slowly(t_ms));
      expect(endedBy(travelsOf(keys), t_ms)).toBe(rows.filter(([, , ends = 0]) => ends <= t_ms).length);
      const now = rows.filter(([, begins = 0, ends = 0]) => begins <= t_ms && ends > t_ms);
      expect(underWay(keys, t_ms).map(({ key }) => key)).toEqual(now.map(([key]) => key));
    }
  });
});
