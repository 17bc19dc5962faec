/** What a run knows of its stores, and a frame of their shards: read off, never worked out. */
import {
  type Frame,
  type MapView,
  PRESENCE,
  type RunView,
  SCALAR,
  SHARD,
  SHARD_STRIDE,
  type StoreDetails,
} from "../../model/views.js";
import type * as storePart from "../store-part.js";

/** What draws and words stores; fetched when there is one (store-part.ts). */
export type StorePart = typeof storePart;

export interface Moment {
  frame: Frame;
  run: RunView;
  /** Null until it is there. */
  part?: StorePart | null;
}

export type Presence = keyof typeof PRESENCE;
const PRESENCES = Object.keys(PRESENCE) as Presence[];

/** A shard at a moment. */
export interface ShardNow {
  store: StoreDetails;
  /** Its number within its store. */
  shard: number;
  /** 0 for the primary. */
  copy: number;
  keys: number;
  presence: Presence;
  /** Moves in which it sends or gets keys. */
  sending: number;
  getting: number;
  weight: number;
}

/** The details of the store that station `index` is; null for a service, and until they are there. */
export function storeOf(
  { services, stores }: Pick<RunView, "services" | "stores">,
  index: number,
): StoreDetails | null {
  const number = services[index]?.store ?? null;
  return number === null ? null : (stores[number] ?? null);
}

export function isStore({ services }: Pick<RunView, "services">, index: number): boolean {
  return (services[index]?.store ?? null) !== null;
}

/** The shard that a node is, or is a copy of; null for an instance of a service. */
export function shardAt({ frame, run }: Moment, node: number): ShardNow | null {
  const store = run.stores.find(({ first_instance: first, shards, copies }) => {
    return node >= first && node < first + shards * copies;
  });
  if (!store) return null;
  const within = node - store.first_instance;
  return shardRow(frame, store, Math.floor(within / store.copies), within % store.copies);
}

function shardRow({ shards }: Frame, store: StoreDetails, shard: number, copy = 0): ShardNow {
  const at = (store.first_shard + shard) * SHARD_STRIDE;
  const column = (which: number): number => shards[at + which] ?? 0;
  return {
    store,
    shard,
    copy,
    keys: column(SHARD.keys),
    presence: PRESENCES[column(SHARD.presence)] ?? "inMap",
    sending: column(SHARD.sending),
    getting: column(SHARD.getting),
    weight: column(SHARD.weight),
  };
}

export function shardsOf(frame: Frame, store: StoreDetails): ShardNow[] {
  return Array.from({ length: store.shards }, (_, shard) => shardRow(frame, store, shard));
}

/** The map that holds at `t_ms`, by its number. */
export function mapAt(maps: readonly MapView[], t_ms: number): number {
  let map = 0;
  // A handful at most, and more only where ranges are dealt out again and again.
  while (map + 1 < maps.length && (maps[map + 1]?.at_ms ?? Infinity) <= t_ms) map += 1;
  return map;
}

export function nowOf({ scalars }: Frame): number {
  return scalars[SCALAR.tMs] ?? 0;
}

/** All keys that a store holds. */
export function keysIn(rows: readonly ShardNow[]): number {
  return rows.reduce((sum, { keys }) => sum + keys, 0);
}

/** Moves under way: each has one shard that sends. */
export function movesIn(rows: readonly ShardNow[]): number {
  return rows.reduce((sum, { sending }) => sum + sending, 0);
}

/** What would be even: as much as its weight, of all that are in the map; null for a shard that isn't. */
export function evenShare(rows: readonly ShardNow[], shard: number): number | null {
  const own = rows[shard];
  if (own?.presence !== "inMap") return null;
  const here = rows.filter(({ presence }) => presence === "inMap");
  // The remainder of a division, and jump, know no weights.
  if (own.store.placement === "hash_modulo" || own.store.placement === "jump") return 1 / here.length;
  return own.weight / here.reduce((sum, { weight }) => sum + weight, 0);
}

/** When a shard that has yet to join does; null where no map says so. */
export function joinsAt({ maps }: StoreDetails, shard: number): number | null {
  return maps.find(({ shards }) => shards.includes(shard))?.at_ms ?? null;
}
