/** The log of a pair of sides at a moment, read out of its columns. */
import { upTo } from "../model/log.js";
import { eventWords, commandWords, modelWords, type Happened } from "../model/personnel.js";
import type { LogColumns } from "../model/views.js";
import { clock, count, counted, span } from "../panel/number.js";

const KINDS: readonly Happened["kind"][] = ["assigned", "transferred", "released"];

export interface LoggedEvent {
  readonly position: number;
  readonly at_ms: number;
  /** The attempt that brought the command; none of what was there at the start. */
  readonly request: number | null;
  readonly person: number;
  readonly version: number;
  readonly event: string;
  readonly command: string;
}

/** How often each read model has moved by then. Where that stays the same, so does all that is said of it. */
export function movesAt(log: LogColumns, t_ms: number): number[] {
  return log.progress_at.map((moments) => upTo(moments, t_ms));
}

export function eventAt(log: LogColumns, position: number): LoggedEvent | undefined {
  const at_ms = log.at_ms[position];
  if (at_ms === undefined) return undefined;
  const column = (of: Readonly<Record<number, number>>): number => of[position] ?? -1;
  const place = (of: Readonly<Record<number, number>>): number | null => (column(of) < 0 ? null : column(of));
  const person = column(log.person);
  const kind = KINDS[column(log.kind)] ?? "assigned";
  const happened: Happened = { kind, person, from: place(log.from), to: place(log.to) };
  return {
    position,
    at_ms,
    request: place(log.request),
    person,
    version: column(log.version),
    event: eventWords(happened),
    command: commandWords(happened),
  };
}

/** Whether two are the same event, also of two runs: those of a run are the same up to where something was changed. */
export function isSame(one: LoggedEvent | undefined, other: LoggedEvent | undefined): boolean {
  return one?.at_ms === other?.at_ms && one?.event === other?.event && one?.request === other?.request;
}

/** The positions of the events of a list that ends before `end`, the newest first. */
export function newestBefore(end: number, most: number): number[] {
  return Array.from({ length: Math.min(end, most) }, (_, back) => end - 1 - back);
}

/** When a read model took an event in, until a time: more than once where it fell back and went over it again. */
export function takenIn(log: LogColumns, model: number, position: number, t_ms: number): number[] {
  const [moments, wanted] = [log.progress_at[model], log.progress[model]];
  const written = log.at_ms[position] ?? Infinity;
  const taken: number[] = [];
  // Nobody has an event before it is written.
  let index = upTo(moments, written - 1e-6);
  let before = wanted?.[index - 1] ?? 0;
  for (; index < (moments?.length ?? 0); index += 1) {
    const [at, next] = [moments?.[index] ?? Infinity, wanted?.[index] ?? 0];
    if (at > t_ms) break;
    if (before <= position && position < next) taken.push(at);
    before = next;
  }
  return taken;
}

/** «12.472 s, 60 ms after it was written; again at 19.520 s». Empty where it never had it. */
export function takenWords(taken: readonly number[], written_ms: number): string {
  const [first, ...again] = taken;
  if (first === undefined) return "";
  const lag = first - written_ms;
  const after = lag > 0 ? `${span(lag)} after it was written` : "in the same step";
  const more = again.map((at) => `again at ${clock(at)}`);
  return [`${clock(first)}, ${after}`, ...more].join("; ");
}

/** Which read models have an event that is in the log, and which don't yet. */
export function whoHasIt(
  models: readonly string[],
  positions: readonly number[],
  position: number,
): { has: string; lacks: string } {
  const named = (has: boolean): string =>
    models
      .filter((_, model) => (positions[model] ?? 0) > position === has)
      .map(modelWords)
      .join(", ");
  return { has: named(true), lacks: named(false) };
}

/** «has all», or «lacks 3 events, wants 345 next». */
export function progressWords(position: number, length: number): string {
  const lacks = length - position;
  return lacks <= 0 ? "has all" : `lacks ${counted(lacks, "event")}, wants ${count(position)} next`;
}
