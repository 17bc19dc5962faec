/** Shards and maps in words: on their cards and under the map, and for whoever hears the page. */
import { INSTANCE, INSTANCE_STRIDE, type RunView } from "../../model/views.js";
import { count, counted, plain, THIN } from "../../panel/number.js";
import { rate, seconds } from "./format.js";
import {
  type Moment,
  type Presence,
  type ShardNow,
  joinsAt,
  keysIn,
  movesIn,
  shardAt,
  shardsOf,
  storeOf,
} from "../reading/shards.js";

/** What the card of a shard says where that of an instance says other things. */
export interface ShardWords {
  presence: Presence;
  glyph: string;
  state: string;
  short: string;
  tiny: string;
  /** «257 keys · 26 %»; empty for a shard that isn't there. */
  keys: string;
}

/** Of a node that is no shard null; so it is until the maps are there. `hurts` is what is wrong with it. */
export function shardWords(moment: Moment, node: number, hurts: readonly string[]): ShardWords | null {
  const now = shardAt(moment, node);
  if (!now) return null;
  const { presence } = now;
  return {
    presence,
    glyph: "",
    ...stateOf(moment, node, now, hurts),
    keys: keysOf(moment, now),
  };
}

function stateOf(
  moment: Moment,
  node: number,
  now: ShardNow,
  hurts: readonly string[],
): Pick<ShardWords, "state" | "short" | "tiny"> {
  switch (now.presence) {
    case "yetToJoin": {
      const at = joinsAt(now.store, now.shard);
      return { state: at === null ? "yet to join" : `joins at ${seconds(at)}`, short: "yet to join", tiny: "later" };
    }
    case "gone":
      return { state: "gone", short: "gone", tiny: "gone" };
    case "leaving":
      return {
        state: `leaving: ${counted(now.keys, "key")} left`,
        short: `${counted(now.keys, "key")} left`,
        tiny: "leaves",
      };
    case "inMap": {
      const perSecond = rate(moment.frame.instances[node * INSTANCE_STRIDE + INSTANCE.requestsPerS] ?? 0);
      const [first] = hurts;
      const moving = movingOf(now);
      const told = first ?? moving;
      if (told === null) return { state: perSecond, short: perSecond, tiny: perSecond };
      const tiny = first?.split(" ")[0] ?? perSecond;
      return { state: `${told} · ${perSecond}`, short: told, tiny };
    }
  }
}

/** One that wasn't there from the beginning joins as long as it gets keys. */
function movingOf({ store, shard, sending, getting }: ShardNow): string | null {
  if (getting > 0) return store.maps[0]?.shards.includes(shard) ? "gets keys" : "joining";
  return sending > 0 ? "sends keys" : null;
}

function keysOf({ frame }: Moment, { store, keys, presence, copy }: ShardNow): string {
  if (presence === "yetToJoin" || presence === "gone") return "";
  const of = counted(keys, "key");
  if (copy > 0) return `copy · ${of}`;
  const all = keysIn(shardsOf(frame, store));
  return all === 0 ? of : `${of} · ${rounded((100 * keys) / all)}`;
}

/** A share in few letters: «26 %», «0.4 %». */
function rounded(percent: number): string {
  return `${plain(percent, percent > 0 && percent < 9.5 ? 1 : 0)}${THIN}%`;
}

/** The same in few letters, where a store stands beside others. */
export function mapWordsShort(moment: Moment, station: number): string {
  const store = storeOf(moment.run, station);
  const moves = store ? movesIn(shardsOf(moment.frame, store)) : 0;
  const [shards = ""] = mapWords(moment, station).split(",");
  return moves > 0 ? `${shards} · ${count(moves)} moving` : shards;
}

/** Under the map of a store: how many shards it has, and what moves. */
export function mapWords(moment: Moment, station: number): string {
  const store = storeOf(moment.run, station);
  if (!store) return counted(shardsWritten(moment.run, station), "shard");
  const rows = shardsOf(moment.frame, store);
  const here = rows.filter(({ presence }) => presence === "inMap").length;
  const moves = movesIn(rows);
  const moving = moves > 0 ? `, ${unitsOf(store.placement, moves)} on the move` : "";
  return counted(here, "shard") + moving;
}

function shardsWritten({ scenario, services }: RunView, station: number): number {
  return scenario.stores[services[station]?.store ?? 0]?.shards.count ?? 0;
}

/** What moves at a time is a key, a slot or a part of a range. */
export function unitsOf(placement: string, moves: number): string {
  const unit = placement === "slots" ? "slot" : placement === "range" ? "range" : "key";
  return counted(moves, unit);
}

/** The name of the button that a map is, for whoever hears it. */
export function mapLabel(moment: Moment, station: number, placement: string): string {
  const store = storeOf(moment.run, station);
  const name = moment.run.services[station]?.name ?? "";
  const version = store ? `, ${counted(keysIn(shardsOf(moment.frame, store)), "key")}` : "";
  return `Map of ${name}: ${placement}, ${mapWords(moment, station)}${version}`;
}
