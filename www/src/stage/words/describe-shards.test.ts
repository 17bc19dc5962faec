/** The words on the cards of shards and under maps, from frames whose columns are written out here. */
import { describe, expect, test } from "vitest";
import { type Fault, INSTANCE, INSTANCE_STRIDE, PRESENCE, type RunView } from "../../model/views.js";
import { instanceWords, noticed, tileName } from "./describe.js";
import { mapLabel, mapWords, mapWordsShort } from "./describe-shards.js";
import { shardActions, storeActions } from "../shard-actions.js";
import type { Moment } from "../reading/shards.js";
import { evenShare, shardsOf } from "../reading/shards.js";
import * as part from "../store-part.js";
import { type ShardColumns, frameOf, runOf, store } from "../reading/store.fixture.js";
import { sizesOf, topologyOf } from "../layout/topology.js";

const JOINED: ShardColumns[] = [
  { keys: 250, sending: 1 },
  { keys: 260 },
  { keys: 410, sending: 2 },
  { keys: 80, getting: 3 },
];

function at(t_ms: number, shards: readonly ShardColumns[], more: Partial<RunView> = {}, details = store()): Moment {
  return { frame: frameOf(t_ms, shards, details.shards * details.copies), run: runOf(details, more), part };
}

function plainly(text: string): string {
  return text.replace(/\u202f/g, " ");
}

function card(moment: Moment, node: number): Record<"state" | "short" | "keys" | "working" | "waiting", string> {
  const { state, short, keys, working, waiting } = instanceWords(moment, node);
  const words = { state, short, keys, working, waiting };
  return Object.fromEntries(Object.entries(words).map(([name, text]) => [name, plainly(text)])) as typeof words;
}

describe("a shard's card", () => {
  test("says how many keys it holds and what share that is of all, and nothing of health", () => {
    expect(card(at(20_000, JOINED), 1)).toEqual({
      state: "50 /s",
      short: "50 /s",
      keys: "260 keys · 26 %",
      working: "working 0 of 4",
      waiting: "waiting 0 of 16",
    });
    expect(instanceWords(at(20_000, JOINED), 1).glyph).toBe("");
  });

  test("says that it sends keys, and of one that came later that it joins", () => {
    expect(card(at(10_500, JOINED), 2).state).toBe("sends keys · 50 /s");
    expect(card(at(10_500, JOINED), 3)).toMatchObject({
      state: "joining · 50 /s",
      short: "joining",
      keys: "80 keys · 8 %",
    });
    expect(card(at(10_500, [{ getting: 1 }, {}, {}, {}]), 0).state).toBe("gets keys · 50 /s");
  });

  test("is nearly empty before it joins and after it is gone", () => {
    const yet = { presence: PRESENCE.yetToJoin };
    expect(card(at(5_000, [{}, {}, {}, yet]), 3)).toEqual({
      state: "joins at 10 s",
      short: "yet to join",
      keys: "",
      working: "",
      waiting: "",
    });
    expect(card(at(30_000, [{ presence: PRESENCE.gone }, {}, {}, {}]), 0)).toMatchObject({ state: "gone", keys: "" });
    expect(plainly(tileName(at(5_000, [{}, {}, {}, yet]), 3))).toBe("delta: joins at 10 s");
  });

  test("says how many keys are left while it leaves", () => {
    const leaving = [{ keys: 41, presence: PRESENCE.leaving, sending: 4 }, { keys: 959 }, {}, {}];
    expect(card(at(12_000, leaving), 0)).toMatchObject({ state: "leaving: 41 keys left", keys: "41 keys · 4.1 %" });
  });

  test("that is down answers nothing, and is in no rotation", () => {
    const fault = { kind: "crash", target: "bravo", at_ms: 11_000, for_ms: null } as Fault;
    const moment = at(12_000, JOINED);
    moment.run.scenario.faults.push(fault);
    moment.frame.instances[INSTANCE_STRIDE + INSTANCE.up] = 0;
    expect(card(moment, 1)).toMatchObject({ state: "down since 11 s", working: "answers nothing", waiting: "" });
    expect(instanceWords(moment, 1).look).toBe("down");
    // Nobody checks the health of a shard, so that nobody can notice its loss.
    expect(noticed(moment.run, 12_000)).toBeNull();
  });

  test("of a copy says that it is one, with the shard's keys", () => {
    const details = store({ copies: 2 });
    expect(card(at(20_000, JOINED, {}, details), 3).keys).toBe("copy · 260 keys");
    expect(card(at(20_000, JOINED, {}, details), 4).keys).toBe("410 keys · 41 %");
  });

  test("says how busy it is before the maps are there, or what draws them, and nothing of health", () => {
    const early = { keys: "", state: "50 /s", short: "50 /s", working: "working 0 of 4" };
    expect(card(at(0, JOINED, { stores: [] }), 0)).toMatchObject(early);
    expect(card({ ...at(0, JOINED), part: null }, 0)).toMatchObject(early);
  });
});

describe("a map", () => {
  test("says how many shards are in it, and what is on the move", () => {
    expect(mapWords(at(20_000, [{}, {}, {}, {}]), 0)).toBe("4 shards");
    expect(mapWords(at(10_500, JOINED), 0)).toBe("4 shards, 3 keys on the move");
    expect(mapWords(at(10_500, JOINED, {}, store({ placement: "slots" })), 0)).toBe("4 shards, 3 slots on the move");
    expect(mapWords(at(5_000, [{}, {}, {}, { presence: PRESENCE.yetToJoin }]), 0)).toBe("3 shards");
    expect(mapWords(at(0, [], { stores: [] }), 0)).toBe("3 shards");
  });

  test("says it in few letters beside others", () => {
    expect(mapWordsShort(at(20_000, [{}, {}, {}, {}]), 0)).toBe("4 shards");
    expect(mapWordsShort(at(10_500, JOINED), 0)).toBe("4 shards · 3 moving");
  });

  test("is heard with its placement and its keys", () => {
    expect(plainly(mapLabel(at(10_500, JOINED), 0, "hash modulo"))).toBe(
      "Map of sectors: hash modulo, 4 shards, 3 keys on the move, 1 000 keys",
    );
  });
});

test("what is even goes by weight, where the placement knows weights, and by those in the map", () => {
  const columns = [{ weight: 2 }, {}, {}, { presence: PRESENCE.yetToJoin }];
  const even = (placement: "ring" | "jump"): (number | null)[] => {
    const rows = shardsOf(frameOf(0, columns), store({ placement }));
    return [0, 1, 2, 3].map((shard) => evenShare(rows, shard));
  };
  expect(even("ring")).toEqual([0.5, 0.25, 0.25, null]);
  expect(even("jump")).toEqual([1 / 3, 1 / 3, 1 / 3, null]);
});

test("what can be done to a shard is what the model would take", () => {
  expect(shardActions(at(20_000, JOINED), 1)).toContain("remove_shard");
  expect(shardActions(at(20_000, JOINED), 1)).not.toContain("drain");
  const gone = { presence: PRESENCE.gone };
  expect(shardActions(at(20_000, [gone, {}, gone, gone]), 0)).toEqual([]);
  expect(shardActions(at(20_000, [gone, {}, gone, gone]), 1)).not.toContain("remove_shard");
  expect(storeActions(at(20_000, JOINED), 0)).toContain("add_shard");
  expect(storeActions(at(20_000, JOINED), 0)).not.toContain("even_out");
  expect(storeActions(at(20_000, JOINED, {}, store({ placement: "range" })), 0)).toContain("even_out");
});

test("slots and waiting places of a shard are its store's", () => {
  const run = runOf(store(), { calls: [] });
  expect(sizesOf(run, 0)).toEqual({ concurrency: 4, queueLimit: 16 });
  expect(topologyOf(run).services).toEqual([
    {
      first: 0,
      count: 4,
      concurrency: 4,
      queueLimit: 16,
      store: { number: 0, copies: 1, map: "buckets", gathers: false },
    },
  ]);
});
