/** Where the policies of a call stand: on its line, in the order in which they wrap. */
import type { Box } from "./cells.js";
import type { Levels, Row } from "./levels.js";
import { type CallShape, type Policy, POLICIES, watchesEach } from "./topology.js";

export interface Station {
  policy: Policy;
  call: number;
  /** All calls that go through it: more than one for a shared pool. */
  calls: readonly number[];
  /** Where the line of each of these enters it. */
  doors: readonly Point[];
  box: Box;
  /** Where the line of `call` goes through it. */
  x: number;
  y: number;
  /** For cells and bars; empty where there is no room. */
  area: Box;
  /** How much is drawn of it. */
  detail: "full" | "small" | "icon";
  /** Title and state beside or below each other, the title alone, or nothing. */
  words: "row" | "rows" | "title" | "none";
  /** Where the words begin, below the upper edge of the box. */
  wordsAt: number;
}

interface Point {
  x: number;
  y: number;
}

/** Along the way, before one level. */
export interface Zone {
  from: number;
  to: number;
  /** Left free at both ends, for the lines to turn. */
  turn: number;
}

const WANTED: Record<Policy, number> = { retry: 54, breaker: 132, bulkhead: 118, timeout: 52 };
const LEAST: Record<Policy, number> = { retry: 40, breaker: 56, bulkhead: 52, timeout: 46 };
/** From these widths on, title and state have room beside each other. */
const ROW_WIDTH: Record<Policy, number> = { retry: Infinity, breaker: 126, bulkhead: 112, timeout: Infinity };
/**
 * Words, cells and bars stand above a line that runs across, for what is refused falls below it. How high that is:
 * with cells, with one more row of words, and of those stations that have no cells.
 */
const WITH_CELLS = 60;
const ROW = 13;
const WITHOUT_CELLS: Record<Policy, number> = { retry: 54, breaker: 46, bulkhead: 46, timeout: 42 };
const SMALL = 30;
const BELOW = 15;
const ICON = 13;
/** Above each line of a pool stands how many of its slots this call holds. */
const DOORS = 22;
/** Where a station stands on a line that runs down, words and cells are beside the line. */
const STEP_DOWN = 66;
/** And so much more for a pool of several calls. */
const POOL_DOWN = 34;
/** Before its doors, for the counts of those that were refused there. */
const BEFORE_DOORS = 20;
export const LINE_DOWN = 24;
const GAP = 8;

/** The policies that have a place in the zone before `level`. */
export function policiesBefore(level: number, calls: readonly CallShape[], levels: Levels): Policy[] {
  return POLICIES.filter((policy) =>
    calls.some((call, index) => levels.rows[index]?.level === level && stands(call, policy)),
  );
}

export function stands(call: CallShape, policy: Policy): boolean {
  return call.policies.includes(policy) && !(policy === "breaker" && watchesEach(call));
}

/** The least and the wanted length of these stations on a line that runs across. */
export function lengthAcross(policies: readonly Policy[]): { least: number; wanted: number } {
  const sum = (of: Record<Policy, number>): number => policies.reduce((total, policy) => total + of[policy] + GAP, 0);
  return { least: sum(LEAST), wanted: sum(WANTED) + policies.length * GAP };
}

export function lengthDown(policies: readonly Policy[], shared: boolean): number {
  return policies.reduce((sum, policy) => sum + stepDown(policy, shared), 0);
}

function stepDown(policy: Policy, shared: boolean): number {
  return STEP_DOWN + (shared && policy === "bulkhead" ? POOL_DOWN + BEFORE_DOORS : 0);
}

/** Whether calls share a pool in the zone before `level`. */
export function sharesPool(level: number, calls: readonly CallShape[], levels: Levels): boolean {
  const pools = calls.flatMap(({ pool }, index) => (levels.rows[index]?.level === level && pool >= 0 ? [pool] : []));
  return new Set(pools).size < pools.length;
}

export function stationsBefore(
  level: number,
  calls: readonly CallShape[],
  levels: Levels,
  zone: Zone,
  down: boolean,
): Station[] {
  const policies = policiesBefore(level, calls, levels);
  const places = down ? placesDown(policies, zone, sharesPool(level, calls, levels)) : placesAcross(policies, zone);
  return policies.flatMap((policy, order) => {
    const { at, length } = places[order] ?? { at: zone.from, length: 0 };
    const members = calls.flatMap((call, index) =>
      levels.rows[index]?.level === level && stands(call, policy) ? [index] : [],
    );
    return groups(members, calls, policy).map((group) => {
      const rows = group.flatMap((index) => levels.rows[index] ?? []);
      return down ? stationDown(policy, group, rows, at, length) : stationAcross(policy, group, rows, at, length);
    });
  });
}

/** One each, but calls that share a pool share its station. */
function groups(members: readonly number[], calls: readonly CallShape[], policy: Policy): number[][] {
  if (policy !== "bulkhead") return members.map((index) => [index]);
  const pools = new Map<number, number[]>();
  for (const index of members) {
    const pool = calls[index]?.pool ?? -1;
    pools.set(pool, [...(pools.get(pool) ?? []), index]);
  }
  return [...pools.values()];
}

function placesAcross(policies: readonly Policy[], zone: Zone): { at: number; length: number }[] {
  const room = zone.to - zone.from - 2 * zone.turn;
  const { least, wanted } = lengthAcross(policies);
  const share = Math.min(1, Math.max(0, (room - least) / Math.max(1, wanted - least)));
  const squeeze = Math.min(1, room / Math.max(1, least));
  const lengths = policies.map((policy) => (LEAST[policy] + (WANTED[policy] - LEAST[policy]) * share) * squeeze);
  const used = lengths.reduce((sum, length) => sum + length, 0);
  const gap = Math.max(0, room - used) / (policies.length + 1);
  let at = zone.from + zone.turn + gap;
  return lengths.map((length) => {
    const place = { at, length };
    at += length + gap;
    return place;
  });
}

function placesDown(policies: readonly Policy[], zone: Zone, shared: boolean): { at: number; length: number }[] {
  let at = zone.from + zone.turn;
  return policies.map((policy) => {
    const before = shared && policy === "bulkhead" ? BEFORE_DOORS : 0;
    const place = { at: at + before, length: stepDown(policy, shared) - before - GAP };
    at += stepDown(policy, shared);
    return place;
  });
}

function stationAcross(policy: Policy, group: readonly number[], rows: readonly Row[], u: number, w: number): Station {
  const first = rows[0]?.middle ?? 0;
  const half = Math.min(...rows.map((row) => row.thickness)) / 2;
  const { detail, words, above } = lookAcross(policy, w, half);
  const below = detail === "icon" ? ICON : BELOW;
  if (group.length > 1) return sharedAcross(policy, group, rows, u, w);
  const box: Box = { x: u, y: first - above, w, h: above + below };
  const doors = [{ x: u, y: first }];
  const area: Box = { x: u + 4, y: box.y + (words === "rows" ? 2 * ROW : ROW) + 4, w: w - 8, h: 20 };
  const shown = detail === "full" && (policy === "breaker" || policy === "bulkhead");
  return {
    policy,
    call: group[0] ?? 0,
    calls: group,
    doors,
    box,
    x: u + w / 2,
    y: first,
    area: shown ? area : { ...area, w: 0, h: 0 },
    detail,
    words,
    wordsAt: 0,
  };
}

/** A pool for several calls is as high as their lines, with words and cells between the first and the second of them. */
function sharedAcross(policy: Policy, group: readonly number[], rows: readonly Row[], u: number, w: number): Station {
  const edge = 24;
  const [first = 0, second = first] = rows.map((row) => row.middle);
  const last = rows.at(-1)?.middle ?? first;
  const roomy = second - first >= edge + 2 * DOORS + 2 * ROW + 24;
  const box: Box = { x: u, y: first - edge, w, h: last - first + 2 * edge };
  const high = Math.min(90, second - first - 10 - DOORS - 2 * ROW - 4);
  const top = first + 10 + (second - first - 10 - DOORS - (high + 2 * ROW + 4)) / 2;
  const area: Box = { x: u + 8, y: top + 2 * ROW + 4, w: w - 16, h: high };
  return {
    policy,
    call: group[0] ?? 0,
    calls: group,
    doors: rows.map((row) => ({ x: u, y: row.middle })),
    box,
    x: u + w / 2,
    y: first,
    area: roomy ? area : { ...area, w: 0, h: 0 },
    detail: roomy ? "full" : "small",
    words: roomy ? "rows" : "none",
    wordsAt: top - box.y,
  };
}

/** As much as there is room for above the line. */
function lookAcross(policy: Policy, w: number, half: number): Pick<Station, "detail" | "words"> & { above: number } {
  if (w < LEAST[policy] - 2 || half < SMALL) return { detail: "icon", words: "none", above: ICON };
  const cells = policy === "breaker" || policy === "bulkhead";
  if (cells && half >= WITH_CELLS) {
    if (w >= ROW_WIDTH[policy]) return { detail: "full", words: "row", above: WITH_CELLS };
    const rows = half >= WITH_CELLS + ROW;
    return { detail: "full", words: rows ? "rows" : "title", above: WITH_CELLS + (rows ? ROW : 0) };
  }
  const above = WITHOUT_CELLS[policy];
  if (half >= above) return { detail: cells ? "small" : "full", words: "rows", above };
  return { detail: "small", words: "title", above: SMALL };
}

function stationDown(policy: Policy, group: readonly number[], rows: readonly Row[], u: number, h: number): Station {
  const first = rows[0];
  const last = rows.at(-1) ?? first;
  const left = (first?.middle ?? 0) - LINE_DOWN;
  const w = (last?.middle ?? 0) - LINE_DOWN + roomDown(last) - left;
  const box: Box = { x: left, y: u, w, h };
  const beside = LINE_DOWN + 22;
  const until = group.length > 1 ? (rows[1]?.middle ?? 0) - 30 : left + w - 6;
  const high = group.length > 1 ? 20 + POOL_DOWN : 20;
  const area: Box = { x: left + beside, y: u + 21, w: Math.min(180, until - left - beside), h: high };
  const row = Math.min(roomDown(first), until - left) >= 164;
  if (!row) {
    area.y += 9;
    if (group.length > 1) area.h -= 9;
  }
  return {
    policy,
    call: group[0] ?? 0,
    calls: group,
    doors: rows.map((row) => ({ x: row.middle, y: u })),
    box,
    x: first?.middle ?? 0,
    y: u + h / 2 - 5,
    area,
    detail: "full",
    words: row ? "row" : "rows",
    wordsAt: 0,
  };
}

/** How far a station reaches across a line that runs down. */
export function roomDown(row: Row | undefined): number {
  return Math.min(240, (row?.thickness ?? 0) - 8);
}
