/** What the three charts draw of a run. Pure: from a run to shapes and columns. */
import type { ReadRun, Series } from "../model/views.js";
import { highest } from "./axis.js";
import type { ChartShape, Column, Line } from "./chart.js";
import { texture } from "./palette.js";

export interface Drawing {
  readonly shape: ChartShape;
  readonly columns: readonly Column[];
  readonly highest: number;
}

const RATE_SHAPE: ChartShape = {
  key: "rate",
  log: false,
  series: [
    { fill: (palette) => withAlpha(palette.accent, 0.55) },
    {},
    {},
    { stroke: (palette) => palette.text, width: 1 },
  ],
  fills: [
    { between: [2, 1], fill: (palette) => texture("hatched", palette.broken) },
    { between: [3, 2], fill: (palette) => texture("dotted", palette.late) },
  ],
};

/** Where requests are tried again, or make calls of their own, there are more attempts than arrivals. */
export function retries({ attempts, requests }: ReadRun): boolean {
  return attempts > requests;
}

const WITH_ATTEMPTS: ChartShape = {
  ...RATE_SHAPE,
  key: "rate with attempts",
  series: [...RATE_SHAPE.series, { stroke: (palette) => palette.text, width: 1.25, dash: [4, 2] }],
};

/** What ended, stacked by outcome, under the line of what arrived, and of the attempts made for it. */
export function rateDrawing(series: Series, attempts: boolean): Drawing {
  const failed = sum(series.goodput_per_s, series.failed_per_s);
  const shed = sum(failed, series.shed_per_s);
  const columns = [series.goodput_per_s, failed, shed, series.arrivals_per_s];
  const top = highest(shed, series.arrivals_per_s);
  if (!attempts) return { shape: RATE_SHAPE, columns, highest: top };
  const tries = series.attempts_per_s;
  return { shape: WITH_ATTEMPTS, columns: [...columns, tries], highest: Math.max(top, highest(tries)) };
}

const LATENCY_LINES: readonly Line[] = [
  { stroke: (palette) => palette.muted, width: 1, name: "p50" },
  { stroke: (palette) => palette.accent, width: 1.25, dash: [5, 2], name: "p95" },
  { stroke: (palette) => palette.text, width: 1.75, name: "p99" },
];

export function latencyDrawing(series: Series, log: boolean): Drawing {
  const columns = [gaps(series.p50_ms), gaps(series.p95_ms), gaps(series.p99_ms)];
  const shape: ChartShape = { key: log ? "latency log" : "latency", log, series: LATENCY_LINES, fills: [] };
  return { shape, columns, highest: highest(series.p99_ms) };
}

export type Load = "in hand" | "waiting";

/** Up to this many instances each have a line; beyond, the band between the least and the most busy. */
export const MOST_LINES = 8;

const DASHES: readonly number[][] = [[], [6, 2], [2, 2], [8, 2, 2, 2], [1, 3], [10, 3], [4, 1, 1, 1], [3, 4]];

export function dashOf(index: number): number[] {
  return DASHES[index % DASHES.length] ?? [];
}

export function loadDrawing(run: ReadRun, load: Load, selected: number | undefined): Drawing {
  const instances = run.instanceNames.length;
  const columns = Array.from({ length: instances }, (_, index) => loadOf(run.series, index, load));
  return instances <= MOST_LINES ? lineDrawing(columns, selected) : bandDrawing(columns, selected);
}

function lineDrawing(columns: readonly Float64Array[], selected: number | undefined): Drawing {
  const series = columns.map((_, index): Line => {
    if (index === selected) return { stroke: (palette) => palette.accent, width: 2.25 };
    const alpha = selected === undefined ? 1 : 0.75;
    return { stroke: (palette) => withAlpha(palette.waiting, alpha), width: 1.25, dash: dashOf(index) };
  });
  const key = `lines ${columns.length} ${selected ?? ""}`;
  return { shape: { key, log: false, series, fills: [] }, columns, highest: highest(...columns) };
}

function bandDrawing(columns: readonly Float64Array[], selected: number | undefined): Drawing {
  const buckets = columns[0]?.length ?? 0;
  const least = new Float64Array(buckets).fill(Infinity);
  const most = new Float64Array(buckets);
  for (const column of columns) {
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      const value = column[bucket] ?? 0;
      least[bucket] = Math.min(least[bucket] ?? 0, value);
      most[bucket] = Math.max(most[bucket] ?? 0, value);
    }
  }
  const chosen = selected === undefined ? undefined : columns[selected];
  const edge: Line = { stroke: (palette) => palette.waiting, width: 1 };
  const series = [edge, edge, ...(chosen === undefined ? [] : [{ stroke: accent, width: 2.25 }])];
  const fills = [{ between: [1, 2] as [number, number], fill: bandFill }];
  const shape: ChartShape = { key: `band ${chosen === undefined ? "" : "selected"}`, log: false, series, fills };
  return { shape, columns: [most, least, ...(chosen === undefined ? [] : [chosen])], highest: highest(most) };
}

const accent: NonNullable<Line["stroke"]> = (palette) => palette.accent;
const bandFill: NonNullable<Line["stroke"]> = (palette) => withAlpha(palette.waiting, 0.35);

/** Requests that an instance works on and that wait there, or only those that wait, bucket by bucket. */
export function loadOf(series: Series, instance: number, load: Load): Float64Array {
  const from = instance * series.buckets;
  const waiting = series.waiting.subarray(from, from + series.buckets);
  return load === "waiting" ? waiting : sum(waiting, series.working.subarray(from, from + series.buckets));
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, index) => value + (b[index] ?? 0));
}

/** A bucket in which nothing ended has no latency: a gap, not a zero. */
function gaps(column: Float64Array): (number | null)[] {
  return Array.from(column, (value) => (Number.isFinite(value) ? value : null));
}

function withAlpha(colour: string, alpha: number): string {
  return `color-mix(in srgb, ${colour} ${Math.round(alpha * 100)}%, transparent)`;
}
