/**
 * The travels of a store's keys, arranged so that any moment is found at once: who has which key, and what is on the
 * way. Functions of time only: the playhead may jump either way.
 */
import { TRAVEL, TRAVEL_STRIDE } from "../../model/views.js";
import type { StoreKeys } from "../../model/views.js";

/** So many travels lie between two copies of who has what. */
const EVERY = 256;

export interface Travels {
  readonly count: number;
  readonly rows: Float64Array;
  /** The longest that ends within the run (ms). */
  readonly longest: number;
  /** Those that don't end within the run. */
  readonly endless: readonly number[];
  /** Those that end, in the order in which they do. */
  readonly byEnd: Uint32Array;
  /** Who has each key at the beginning, and after each `EVERY` of these. */
  readonly copies: readonly Uint16Array[];
}

const known = new WeakMap<StoreKeys, Travels>();

export function travelsOf(keys: StoreKeys): Travels {
  const old = known.get(keys);
  if (old) return old;
  const made = arrange(keys);
  known.set(keys, made);
  return made;
}

function arrange({ owners, travels: rows }: StoreKeys): Travels {
  const count = Math.floor(rows.length / TRAVEL_STRIDE);
  const all = Array.from({ length: count }, (_, travel) => travel);
  const ends = (travel: number): number => rows[travel * TRAVEL_STRIDE + TRAVEL.endsMs] ?? Infinity;
  const ending = all.filter((travel) => Number.isFinite(ends(travel)));
  const longest = ending.reduce((most, travel) => Math.max(most, ends(travel) - beginsAt(rows, travel)), 0);
  // Sorting keeps the order of those that end together: of two travels of one key the later comes last.
  const byEnd = Uint32Array.from(ending.sort((a, b) => ends(a) - ends(b)));
  const now = Uint16Array.from(owners);
  const copies = [now.slice()];
  byEnd.forEach((travel, index) => {
    arrive(now, rows, travel);
    if ((index + 1) % EVERY === 0) copies.push(now.slice());
  });
  return { count, rows, longest, endless: all.filter((travel) => ends(travel) === Infinity), byEnd, copies };
}

function beginsAt(rows: Float64Array, travel: number): number {
  return rows[travel * TRAVEL_STRIDE + TRAVEL.beginsMs] ?? 0;
}

function arrive(owners: Uint16Array, rows: Float64Array, travel: number): void {
  const at = travel * TRAVEL_STRIDE;
  owners[rows[at + TRAVEL.key] ?? 0] = rows[at + TRAVEL.to] ?? 0;
}

/** The first of `count` whose `value` is above `limit`; they are in order. */
function firstAbove(count: number, limit: number, value: (index: number) => number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value(middle) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How many travels have ended by `t_ms`. */
export function endedBy({ rows, byEnd }: Travels, t_ms: number): number {
  return firstAbove(byEnd.length, t_ms, (index) => rows[(byEnd[index] ?? 0) * TRAVEL_STRIDE + TRAVEL.endsMs] ?? 0);
}

/** Who has each drawn key at `t_ms`: the old owner until its travel ends. */
export function ownersAt(travels: Travels, t_ms: number): Uint16Array {
  const ended = endedBy(travels, t_ms);
  const copy = Math.floor(ended / EVERY);
  const owners = travels.copies[copy]?.slice() ?? new Uint16Array(0);
  for (let index = copy * EVERY; index < ended; index += 1) {
    arrive(owners, travels.rows, travels.byEnd[index] ?? 0);
  }
  return owners;
}

/** A travel under way: which key, from which shard to which, and how much of its way is behind it (0..1). */
export interface UnderWay {
  key: number;
  from: number;
  to: number;
  progress: number;
}

const travelling: UnderWay = { key: 0, from: 0, to: 0, progress: 0 };

/** Visits those under way at `t_ms`; the object is written anew for each. */
export function eachUnderWay(travels: Travels, t_ms: number, visit: (one: Readonly<UnderWay>) => void): void {
  const { rows, longest, endless } = travels;
  const begins = (travel: number): number => beginsAt(rows, travel);
  const until = firstAbove(travels.count, t_ms, begins);
  // What began earlier than the longest takes has ended.
  for (let travel = firstAbove(travels.count, t_ms - longest - 1, begins); travel < until; travel += 1) {
    const at = travel * TRAVEL_STRIDE;
    const ends = rows[at + TRAVEL.endsMs] ?? 0;
    if (ends <= t_ms || ends === Infinity) continue;
    show(rows, at, (t_ms - begins(travel)) / (ends - begins(travel)), visit);
  }
  for (const travel of endless) {
    // When it would arrive isn't known: as fast as others, it comes no further than half-way.
    const progress = Math.min(0.5, (t_ms - begins(travel)) / Math.max(1, longest));
    if (progress >= 0) show(rows, travel * TRAVEL_STRIDE, progress, visit);
  }
}

function show(rows: Float64Array, at: number, progress: number, visit: (one: Readonly<UnderWay>) => void): void {
  travelling.key = rows[at + TRAVEL.key] ?? 0;
  travelling.from = rows[at + TRAVEL.from] ?? 0;
  travelling.to = rows[at + TRAVEL.to] ?? 0;
  travelling.progress = progress;
  visit(travelling);
}

/** Of each pair of shards between which keys arrived in the last `linger_ms`, how many, as «from * shards + to». */
export function arrivals(travels: Travels, t_ms: number, linger_ms: number, shards: number): Map<number, number> {
  const { rows, byEnd } = travels;
  const pairs = new Map<number, number>();
  for (let index = endedBy(travels, t_ms - linger_ms); index < endedBy(travels, t_ms); index += 1) {
    const at = (byEnd[index] ?? 0) * TRAVEL_STRIDE;
    const pair = (rows[at + TRAVEL.from] ?? 0) * shards + (rows[at + TRAVEL.to] ?? 0);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}
