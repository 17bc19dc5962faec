/** What is known of a shard, of a map and of a key, in words. */
import type { KeyPlace, MapView, StoreDetails } from "../model/views.js";
import { clock, count, counted, THIN } from "../panel/number.js";
import { unitsOf } from "../stage/words/describe-shards.js";
import { type ShardNow, evenShare, joinsAt, keysIn, mapAt, movesIn } from "../stage/reading/shards.js";
import { endedBy, travelsOf } from "../stage/reading/travels.js";

/** «In the map since 10.000 s; gets keys in 4 moves.» */
export function shardSentence(now: ShardNow, up: boolean): string {
  const since = joinsAt(now.store, now.shard);
  switch (now.presence) {
    case "yetToJoin":
      return since === null ? "Yet to join." : `Joins at ${clock(since)}.`;
    case "gone":
      return "It has left the map, and all its keys are with others.";
    case "leaving":
      return `It has left the map; ${counted(now.keys, "key")} still ${now.keys === 1 ? "has" : "have"} to move${movesOf(now)}.`;
    case "inMap": {
      const here = since === null || since === 0 ? "In the map from the beginning" : `In the map since ${clock(since)}`;
      return `${up ? "" : "Down: it answers nothing. "}${here}${movesOf(now)}.`;
    }
  }
}

function movesOf({ sending, getting }: ShardNow): string {
  const sends = sending > 0 ? `; sends keys in ${counted(sending, "move")}` : "";
  return getting > 0 ? `${sends}; gets keys in ${counted(getting, "move")}` : sends;
}

/** Shares in percent; null where there is none. */
export interface ShardShares {
  keys: number | null;
  map: number | null;
  even: number | null;
}

export function sharesOf(rows: readonly ShardNow[], shard: number, t_ms: number): ShardShares {
  const own = rows[shard];
  const all = keysIn(rows);
  const map = own?.store.maps[mapAt(own.store.maps, t_ms)];
  const even = evenShare(rows, shard);
  return {
    keys: own && all > 0 ? (100 * own.keys) / all : null,
    map: map ? shareIn(map, shard) : null,
    even: even === null ? null : 100 * even,
  };
}

function shareIn({ shards, shares }: MapView, shard: number): number | null {
  const share = shares[shards.indexOf(shard)];
  return share === undefined ? null : 100 * share;
}

/** «2 of 2, since 10.000 s» */
export function versionWords({ maps }: StoreDetails, t_ms: number): string {
  const map = mapAt(maps, t_ms);
  const since = map === 0 ? "from the beginning" : `since ${clock(maps[map]?.at_ms)}`;
  return `${count(map + 1)} of ${count(maps.length)}, ${since}`;
}

/** What is on the move: keys, slots or parts of ranges. */
export function movingWords({ placement }: StoreDetails, rows: readonly ShardNow[]): string {
  const moves = movesIn(rows);
  return moves === 0 ? "nothing" : unitsOf(placement, moves);
}

/** Of the keys that are drawn, those that have come to another shard under the map that holds. */
export function movedWords({ keys, maps }: StoreDetails, t_ms: number): string {
  const since = maps[mapAt(maps, t_ms)]?.at_ms ?? 0;
  const travels = travelsOf(keys);
  const moved = endedBy(travels, t_ms) - endedBy(travels, since);
  const of = keys.every > 1 ? `, 1${THIN}in${THIN}${count(keys.every)} counted` : "";
  return `${counted(moved, "key")}${of}`;
}

/** Whose a key is by the map, and who has it: until it has moved that is the old owner. */
export function keySentence({ name, holder_name: holder, leaving }: KeyPlace): string {
  if (holder === name) return `With ${name}.`;
  return `Still with ${holder}; the map gives it to ${name}, ${leaving === null ? "and it has yet to move" : "and it is on its way"}.`;
}
