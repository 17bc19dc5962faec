/** The one time axis that charts, faults, bands and playhead share, and value scales that don't jump between runs. */
import { plain, THIN } from "../panel/number.js";

/** Room for the value axis on the left and for names of lines on the right, in CSS pixels. */
export interface Gutters {
  readonly left: number;
  readonly right: number;
}

export function guttersFor(width: number): Gutters {
  return width < 560 ? { left: 38, right: 12 } : { left: 56, right: 34 };
}

/** How much the axis may end past the arrivals, in steps: two runs that drain a little differently share an axis. */
const TAIL_STEP = 0.02;

/** Where the axis ends: the end of arrivals, or a little later to hold what drains after it. */
export function axisEnd(duration_ms: number, end_ms: number): number {
  if (duration_ms <= 0) return Math.max(end_ms, 1);
  const tail = Math.max(0, end_ms / duration_ms - 1);
  return duration_ms * (1 + Math.ceil(tail / TAIL_STEP - 1e-9) * TAIL_STEP);
}

/** The simulated time at a pixel of an element as wide as the plot with its gutters. */
export function timeAt(x: number, width: number, gutters: Gutters, end_ms: number): number {
  const inner = Math.max(1, width - gutters.left - gutters.right);
  return Math.min(end_ms, Math.max(0, ((x - gutters.left) / inner) * end_ms));
}

const UNITS: readonly { least: number; per: number; name: string }[] = [
  { least: 2 * 86_400_000, per: 86_400_000, name: "d" },
  { least: 3 * 3_600_000, per: 3_600_000, name: "h" },
  { least: 600_000, per: 60_000, name: "min" },
  { least: 2_000, per: 1_000, name: "s" },
  { least: 0, per: 1, name: "ms" },
];

export interface Tick {
  readonly at_ms: number;
  readonly label: string;
}

/** Round times about `apart` pixels from each other. */
export function ticks(end_ms: number, width: number, apart = 84): Tick[] {
  const unit = UNITS.find((one) => end_ms >= one.least) ?? { per: 1, name: "ms" };
  const step = roundUp(end_ms / unit.per / Math.max(1, Math.floor(width / apart)));
  const times = Array.from({ length: Math.floor(end_ms / unit.per / step + 1e-9) + 1 }, (_, index) => index * step);
  return times.map((time) => ({ at_ms: time * unit.per, label: plain(time, 3) + THIN + unit.name }));
}

/** The next of 1, 2, 2.5, 5 or 10 times a power of ten. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  const neat = [1, 2, 2.5, 5, 10].find((candidate) => lead <= candidate + 1e-9) ?? 10;
  return neat * power;
}

/** The next of finer round steps, for the top of a scale. */
function roundTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const neat = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10].find((candidate) => value / power <= candidate + 1e-9) ?? 10;
  return Number((neat * power).toPrecision(6));
}

/**
 * The top of a value scale: the last one while it still serves, so that a new run doesn't make the charts jump.
 * It grows at need, and shrinks only when more than half of it would stay empty.
 */
export function stableTop(last: number | undefined, highest: number): number {
  if (!(highest > 0)) return last ?? 1;
  if (last !== undefined && highest <= last && highest > last * 0.45) return last;
  return roundTop(highest * 1.08);
}

/** Largest finite value, 0 if there is none. */
export function highest(...columns: readonly Iterable<number | null>[]): number {
  let most = 0;
  for (const column of columns) {
    for (const value of column) {
      if (value !== null && value > most) most = value;
    }
  }
  return most;
}

/** The bucket that holds a time. */
export function bucketAt(t_ms: number, bucket_ms: number, buckets: number): number {
  return Math.min(buckets - 1, Math.max(0, Math.floor(t_ms / bucket_ms)));
}
