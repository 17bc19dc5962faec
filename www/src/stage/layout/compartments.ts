/** A bulkhead's slots and waiting places in its station: cells while they can be told apart, gauges beyond that. */
import { CALL, CALL_STRIDE, type Frame } from "../../model/views.js";
import { type Box, type CellRules, type Cells, cellsIn } from "./cells.js";
import type { Station } from "./stations.js";

export interface Compartments {
  slots: Cells | null;
  places: Cells | null;
}

const MOST_CELLS = 48;
/** A pool of several calls is larger, and shows by its cells whose calls fill it. */
const MOST_CELLS_SHARED = 128;
const NONE: Compartments = { slots: null, places: null };

/** What was worked out last for a station: limits change rarely, and this is asked for once a request. */
const known = new WeakMap<Station, { limit: number; waiting: number; made: Compartments }>();

export function compartments(frame: Frame, station: Station): Compartments {
  const row = station.call * CALL_STRIDE;
  const limit = frame.calls[row + CALL.limit] ?? 0;
  const waiting = frame.calls[row + CALL.places] ?? 0;
  const held = known.get(station);
  if (held?.limit === limit && held.waiting === waiting) return held.made;
  const made = divided(station, limit || 0, waiting || 0);
  known.set(station, { limit, waiting, made });
  return made;
}

function divided({ area, calls }: Station, limit: number, waiting: number): Compartments {
  if (area.w < 12 || area.h < 8) return NONE;
  const shared = calls.length > 1 && area.h > 30;
  const most = shared ? MOST_CELLS_SHARED : MOST_CELLS;
  const high = waiting > 0 ? area.h * (shared ? 0.7 : 0.6) : area.h;
  const rules = { mostRows: shared ? 9 : 2, widest: 13, narrowest: shared ? 4 : 5, gap: 2 };
  const place = { x: area.x, y: area.y + high + 3, w: area.w, h: area.h - high - 3 };
  const few = { ...rules, mostRows: shared ? 3 : 1, widest: 9, narrowest: 3.5 };
  const square = { ...rules, mostRows: shared ? 9 : 1, narrowest: 8 };
  return {
    slots: evened({ ...area, h: high }, limit, most, [square, rules]),
    places: waiting > 0 ? evened(place, waiting, most, [few]) : null,
  };
}

/** Cells by the first rules that give any, and a gauge for very many. */
function evened(area: Box, count: number, most: number, rules: readonly CellRules[]): Cells {
  const highest = 13;
  for (const rule of count > most ? [] : rules) {
    const cells = cellsIn(area, count, rule);
    if (!cells.gauge) return { ...cells, h: Math.min(cells.h, highest) };
  }
  return { ...area, h: Math.min(area.h, highest), gap: 0, columns: 1, count, gauge: true };
}
