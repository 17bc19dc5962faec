/** Where the policies of a call stand: on its line, in the order in which they wrap. */
import type { Box } from "./cells.js";
import type { Levels, Row } from "./levels.js";
import { type CallShape, type Policy, POLICIES, watchesEach } from "./topology.js";

export interface Station {
  policy: Policy;
  call: number;
  /** All calls that go through it: more than one for a shared pool. */
  calls: readonly number[];
  box: Box;
  /** Where the line of `call` goes through it. */
  x: number;
  y: number;
  /** For cells and bars; empty where there is no room. */
  area: Box;
  detail: "full" | "small" | "icon";
}

/** Along the way, before one level. */
export interface Zone {
  from: number;
  to: number;
  /** Left free at both ends, for the lines to turn. */
  turn: number;
}

const WANTED: Record<Policy, number> = { retry: 64, breaker: 140, bulkhead: 118, timeout: 62 };
const LEAST: Record<Policy, number> = { retry: 40, breaker: 56, bulkhead: 52, timeout: 46 };
/** Where a station stands on a line that runs down, words and cells are beside the line. */
const STEP_DOWN = 62;
export const LINE_DOWN = 24;
const GAP = 8;
const FULL_ABOVE = 42;
const FULL_BELOW = 54;
const SMALL_ABOVE = 30;
const SMALL_BELOW = 30;
const ICON = 13;

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

export function lengthDown(policies: readonly Policy[]): number {
  return policies.length * STEP_DOWN;
}

export function stationsBefore(
  level: number,
  calls: readonly CallShape[],
  levels: Levels,
  zone: Zone,
  down: boolean,
): Station[] {
  const policies = policiesBefore(level, calls, levels);
  const places = down ? placesDown(policies, zone) : placesAcross(policies, zone);
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

function placesDown(policies: readonly Policy[], zone: Zone): { at: number; length: number }[] {
  return policies.map((_, order) => ({ at: zone.from + zone.turn + order * STEP_DOWN, length: STEP_DOWN - GAP }));
}

function stationAcross(policy: Policy, group: readonly number[], rows: readonly Row[], u: number, w: number): Station {
  const first = rows[0]?.middle ?? 0;
  const last = rows.at(-1)?.middle ?? first;
  const thickness = Math.min(...rows.map((row) => row.thickness));
  const detail =
    w < LEAST[policy] - 2 ? "icon" : thickness >= FULL_ABOVE + FULL_BELOW ? "full" : thickness >= 58 ? "small" : "icon";
  const above = { full: FULL_ABOVE, small: SMALL_ABOVE, icon: ICON }[detail];
  const below = { full: FULL_BELOW, small: SMALL_BELOW, icon: ICON }[detail];
  const box: Box = { x: u, y: first - above, w, h: last - first + above + below };
  const shared = group.length > 1;
  const room = Math.min(96, last - first - 64);
  const area: Box = shared
    ? { x: u + 8, y: (first + last) / 2 - room / 2, w: w - 16, h: room }
    : { x: u + 4, y: first + 28, w: w - 8, h: 22 };
  const shown = shared ? room > 12 : detail === "full";
  return {
    policy,
    call: group[0] ?? 0,
    calls: group,
    box,
    x: u + w / 2,
    y: first,
    area: shown ? area : { ...area, w: 0, h: 0 },
    detail,
  };
}

function stationDown(policy: Policy, group: readonly number[], rows: readonly Row[], u: number, h: number): Station {
  const first = rows[0];
  const last = rows.at(-1) ?? first;
  const left = (first?.middle ?? 0) - LINE_DOWN;
  const w = (last?.middle ?? 0) - LINE_DOWN + roomDown(last) - left;
  const box: Box = { x: left, y: u, w, h };
  const words = LINE_DOWN + 20;
  const until = group.length > 1 ? (rows[1]?.middle ?? 0) - 14 : left + w - 4;
  const area: Box = { x: left + words, y: u + 31, w: Math.min(180, until - left - words), h: 20 };
  return { policy, call: group[0] ?? 0, calls: group, box, x: first?.middle ?? 0, y: u + h / 2, area, detail: "full" };
}

/** How far a station reaches across a line that runs down. */
export function roomDown(row: Row | undefined): number {
  return Math.min(240, (row?.thickness ?? 0) - 8);
}
