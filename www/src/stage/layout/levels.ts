/**
 * Who stands behind whom: a service's level is the longest chain of calls that leads to it. Across the way, each level
 * is shared out into bands: one for each of its services, and a thin one for each call that passes it by.
 */
import type { CallShape } from "./topology.js";

interface Band {
  from: number;
  to: number;
}

/** A call's row: the stations of its policies stand in it, close behind its caller. */
export interface Row {
  /** The level before which the row lies: the caller's own and one. */
  level: number;
  middle: number;
  thickness: number;
  /** The middle of its band in each level that it passes by, in order. */
  passes: number[];
}

export interface Levels {
  count: number;
  /** Of each service, from 1. */
  of: number[];
  bands: Band[];
  rows: Row[];
}

/** Thickness of the band of a call that only passes by. */
const PASSING = 28;
/** And of one whose stations stand there. */
const PASSING_STATIONS = 100;

export function levelsOf(services: number, calls: readonly CallShape[], from: number, to: number): Levels {
  const of = depths(services, calls);
  const count = Math.max(1, ...of);
  const bands: Band[] = of.map(() => ({ from, to }));
  const passes = calls.map(() => [] as number[]);
  const thickness = calls.map(() => PASSING);
  for (let level = 1; level <= count; level += 1) {
    const own = of.flatMap((depth, service) => (depth === level ? [service] : []));
    const passing = calls.flatMap((call, index) =>
      start(call, of) < level && (of[call.to] ?? 0) > level ? [index] : [],
    );
    const share = (to - from) / (own.length + passing.length);
    const needs = passing.map((index) => {
      const first = start(calls[index], of) + 1 === level && (calls[index]?.policies.length ?? 0) > 0;
      return Math.min(first ? PASSING_STATIONS : PASSING, share);
    });
    const each = (to - from - needs.reduce((sum, need) => sum + need, 0)) / Math.max(1, own.length);
    let at = from;
    for (const service of own) bands[service] = { from: at, to: (at += each) };
    passing.forEach((index, place) => {
      const need = needs[place] ?? PASSING;
      passes[index]?.push(at + need / 2);
      if (passes[index]?.length === 1) thickness[index] = need;
      at += need;
    });
  }
  const rows = calls.map((_, index) =>
    rowOf(calls, of, bands, index, passes[index] ?? [], thickness[index] ?? PASSING),
  );
  return { count, of, bands, rows };
}

function start(call: CallShape | undefined, of: readonly number[]): number {
  return call === undefined || call.service === null ? 0 : (of[call.service] ?? 0);
}

/** Calls form no ring; the bound holds should a scenario ever claim one. */
function depths(services: number, calls: readonly CallShape[]): number[] {
  const of = Array<number>(services).fill(1);
  for (let round = 0; round < services; round += 1) {
    for (const call of calls) {
      if (call.service !== null)
        of[call.to] = Math.min(services, Math.max(of[call.to] ?? 1, (of[call.service] ?? 1) + 1));
    }
  }
  return of;
}

function rowOf(
  calls: readonly CallShape[],
  of: readonly number[],
  bands: readonly Band[],
  index: number,
  passes: number[],
  thickness: number,
): Row {
  const call = calls[index];
  const level = start(call, of) + 1;
  if (passes.length > 0) return { level, middle: passes[0] ?? 0, thickness, passes };
  const beside = calls.flatMap((each, other) => (each.to === call?.to && start(each, of) + 1 === level ? [other] : []));
  const band = bands[call?.to ?? 0] ?? { from: 0, to: 0 };
  const each = (band.to - band.from) / Math.max(1, beside.length);
  return { level, middle: Math.round(band.from + each * (beside.indexOf(index) + 0.5)), thickness: each, passes };
}
