/** A recording of traffic before it is replayed: what it holds, and how it would fit a run. */
import type { ImportResult, Scenario } from "../model/views.js";

export type Trace = ImportResult["trace"];

/** A recording that comes with the page. */
export interface Sample {
  readonly file: string;
  readonly title: string;
}

export const SAMPLES: readonly Sample[] = [
  { file: "apache-access-2015", title: "A web site’s access log, May 2015" },
  { file: "nasa-ksc-1995-07-13-launch", title: "Kennedy Space Center, morning of a launch, July 1995" },
];

/** What is shown of a recording, wherever it comes from. */
export interface Recording {
  readonly trace: Trace;
  readonly format: string;
  readonly requests: number;
  readonly span_s: number;
  readonly distinct_keys: number;
  readonly lines: number | undefined;
  readonly rejected: number;
  readonly rejections: readonly { line: number; reason: string }[];
  /** Source and licence of a sample. */
  readonly attribution: string;
}

export function imported(result: ImportResult): Recording {
  return { ...result, attribution: "" };
}

/** A sample as its file has it. Throws where the file is not what it should be. */
export function sampled(value: unknown): Recording {
  if (!isSample(value)) throw new Error("The sample is not a recording of traffic.");
  const requests = value.counts.reduce((sum, [, many]) => sum + many, 0);
  const first = value.counts[0]?.[0] ?? 0;
  const last = value.counts.at(-1)?.[0] ?? 0;
  return {
    trace: { name: value.name, counts: value.counts, keys: value.keys },
    format: "counts per second",
    requests,
    span_s: last - Math.min(first, 0) + 1,
    distinct_keys: new Set(value.keys).size,
    lines: undefined,
    rejected: 0,
    rejections: [],
    attribution: `${value.source}. Licence: ${value.licence}.`,
  };
}

interface SampleFile {
  name: string;
  source: string;
  licence: string;
  counts: [number, number][];
  keys: number[];
}

function isSample(value: unknown): value is SampleFile {
  if (typeof value !== "object" || value === null) return false;
  const { name, source, licence, counts, keys } = value as Partial<Record<keyof SampleFile, unknown>>;
  const texts = [name, source, licence].every((text) => typeof text === "string");
  return texts && Array.isArray(counts) && counts.length > 0 && Array.isArray(keys);
}

/** The time compression with which the whole recording fits the run, rounded up to three digits. */
export function fittingCompression(span_s: number, duration_ms: number): number {
  const exact = (span_s * 1000) / Math.max(duration_ms, 1);
  const power = 10 ** (Math.floor(Math.log10(exact)) - 2);
  return Number((Math.ceil(exact / power - 1e-9) * power).toPrecision(3));
}

export interface Replay {
  readonly multiplier: number;
  readonly compression: number;
}

export interface Outlook {
  /** How long the replay takes, in simulated time. */
  readonly lasts_ms: number;
  /** Share of the recording that falls within the run. */
  readonly fits: number;
  readonly mean_per_s: number;
}

export function outlook(recording: Recording, replay: Replay, duration_ms: number): Outlook {
  const lasts_ms = (recording.span_s * 1000) / replay.compression;
  const mean_per_s = (recording.requests * replay.multiplier * 1000) / lasts_ms;
  return { lasts_ms, fits: Math.min(1, duration_ms / lasts_ms), mean_per_s };
}

/** Puts the recording in the place of the arrivals of one group of clients. */
export function replayed(draft: Scenario, group: number, trace: Trace, replay: Replay): void {
  const client = draft.clients[group];
  if (client === undefined) return;
  client.arrivals = "trace";
  client.trace = trace;
  client.multiplier = replay.multiplier;
  client.compression = replay.compression;
}

/** The recording's course in `bins` equal stretches, each as a share of the greatest. */
export function course(counts: readonly (readonly [number, number])[], span_s: number, bins: number): number[] {
  const sums = new Array<number>(bins).fill(0);
  for (const [second, many] of counts) {
    const bin = Math.min(bins - 1, Math.floor((second / Math.max(span_s, 1)) * bins));
    sums[bin] = (sums[bin] ?? 0) + many;
  }
  const most = Math.max(1, ...sums);
  return sums.map((sum) => sum / most);
}
