/** A log at a moment: how long it is, and how far each read model has come. */
import type { LogColumns } from "./views.js";

/** How many of some moments in the order of time are no later than `t_ms`. */
export function upTo(moments: Float64Array | undefined, t_ms: number): number {
  let [from, to] = [0, moments?.length ?? 0];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((moments?.[middle] ?? Infinity) <= t_ms) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How many events were in the log. */
export function lengthAt({ at_ms }: Pick<LogColumns, "at_ms">, t_ms: number): number {
  return upTo(at_ms, t_ms);
}

/** The event that a read model wanted next: it had all before that one. A rebuild lets it fall back. */
export function positionAt(
  { progress, progress_at }: Pick<LogColumns, "progress" | "progress_at">,
  model: number,
  t_ms: number,
): number {
  return progress[model]?.[upTo(progress_at[model], t_ms) - 1] ?? 0;
}
