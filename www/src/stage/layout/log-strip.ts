/** Where on its strip each event of a log is at a moment: the newest on the right, older ones leave on the left. */
import { lengthAt, upTo } from "../../model/log.js";
import type { LogColumns } from "../../model/views.js";
import type { Box } from "./cells.js";
import { LOG } from "./sides-grid.js";

export interface Strip {
  /** The cells, and below each other the lines of the read models. */
  cells: Box;
  rows: readonly Box[];
  /** From one event to the next. */
  pitch: number;
  /** The middle of the words above. */
  words: number;
  /** Left of the cells and lines, for the names of the read models. */
  gutter: Box;
}

const PITCH = 14;
const GUTTER = 66;
const INSET = 8;

export function stripOf({ x, y, w }: Box, models: number): Strip {
  const left = x + GUTTER;
  const wide = w - GUTTER - INSET;
  const top = y + LOG.words;
  const cells = { x: left, y: top, w: wide, h: LOG.cells };
  const rows = Array.from({ length: models }, (_, model) => ({
    x: left,
    y: top + LOG.cells + model * LOG.row + 3,
    w: wide,
    h: LOG.row - 4,
  }));
  const gutter = { x: x + INSET, y: top, w: GUTTER - INSET - 4, h: LOG.cells + models * LOG.row };
  return { cells, rows, pitch: PITCH, words: y + LOG.words / 2 + 1, gutter };
}

/** How far something is that began `age_ms` ago and takes `whole_ms`: quick at first. */
function eased(age_ms: number, whole_ms: number): number {
  const share = whole_ms > 0 ? Math.min(1, Math.max(0, age_ms / whole_ms)) : 1;
  return 1 - (1 - share) ** 3;
}

/** The length of the log, in which each event counts for as much as it has slid in. */
export function slidLength({ at_ms }: Pick<LogColumns, "at_ms">, t_ms: number, slide_ms: number): number {
  const length = upTo(at_ms, t_ms);
  let still = 0;
  for (let event = length - 1; event >= 0; event -= 1) {
    const age = t_ms - (at_ms[event] ?? t_ms);
    if (age >= slide_ms) break;
    still += 1 - eased(age, slide_ms);
  }
  return length - still;
}

/** The event that a read model wants next, between two of them while it takes one in. */
export function slidPosition(
  { progress, progress_at }: Pick<LogColumns, "progress" | "progress_at">,
  model: number,
  t_ms: number,
  slide_ms: number,
): number {
  const [moments, positions] = [progress_at[model], progress[model]];
  const last = moments === undefined ? -1 : upTo(moments, t_ms) - 1;
  if (moments === undefined || positions === undefined || last < 0) return 0;
  const [before = 0, now = 0] = [positions[last - 1] ?? positions[last], positions[last]];
  // It falls back at once; forwards it goes event by event.
  if (now <= before) return now;
  return before + (now - before) * eased(t_ms - (moments[last] ?? t_ms), slide_ms);
}

/** The left edge of an event's cell, with `length` events slid in. */
export function eventX({ cells, pitch }: Strip, event: number, length: number): number {
  return cells.x + cells.w - (length - event) * pitch;
}

/** The events that are seen, the first of them perhaps in part. */
export function eventsIn({ cells, pitch }: Strip, length: number): { from: number; to: number } {
  return { from: Math.max(0, Math.floor(length - cells.w / pitch)), to: Math.ceil(length) };
}

/** The event at a place on the strip; null where there is none. */
export function eventAt(strip: Strip, log: LogColumns, t_ms: number, slide_ms: number, x: number): number | null {
  const { cells, pitch } = strip;
  if (x < cells.x || x > cells.x + cells.w) return null;
  const event = Math.floor(slidLength(log, t_ms, slide_ms) - (cells.x + cells.w - x) / pitch);
  return event >= 0 && event < lengthAt(log, t_ms) ? event : null;
}

export interface Fed {
  event: number;
  progress: number;
}

/** More than these at a time are no longer told apart. */
const MOST_FED = 24;

/** The events on their way from the log into a read model: each sets out so that it arrives when it is taken in. */
export function fedAt(log: LogColumns, model: number, t_ms: number, way_ms: number): Fed[] {
  const [moments, positions] = [log.progress_at[model], log.progress[model]];
  if (moments === undefined || positions === undefined) return [];
  const fed: Fed[] = [];
  for (let step = upTo(moments, t_ms); step < moments.length && fed.length < MOST_FED; step += 1) {
    const taken = moments[step] ?? Infinity;
    if (taken > t_ms + way_ms) break;
    const from = positions[step - 1] ?? 0;
    for (let event = from; event < (positions[step] ?? 0) && fed.length < MOST_FED; event += 1) {
      const sets_out = Math.max(log.at_ms[event] ?? 0, taken - way_ms);
      if (sets_out <= t_ms) fed.push({ event, progress: (t_ms - sets_out) / Math.max(1e-9, taken - sets_out) });
    }
  }
  return fed;
}
