/** What a report says, in figures and words that the report and the comparison share. */
import type { CqrsReport, Report } from "../model/views.js";
import { count, percent, perSecond, plain, short, span, THIN } from "../panel/number.js";
import { rightModels } from "./cqrs-figures.js";
import { peak } from "./store-figures.js";

/** «2.00 s», «at once», or that it never did. */
function recoveryTime({ recovery }: Report): string {
  if (recovery === null) return "–";
  if (recovery.took_ms === null) return "never";
  return recovery.took_ms === 0 ? "at once" : span(recovery.took_ms);
}

export function recoverySentence({ recovery }: Report): string {
  if (recovery === null) return "";
  if (recovery.took_ms === null) return "Never recovered in this run after the fault ended.";
  if (recovery.took_ms === 0) return "Recovered at once when the fault ended.";
  return `Recovered ${span(recovery.took_ms)} after the fault ended.`;
}

/** Work of instances for attempts that failed or were given up. */
export function wasteOf({ calls }: Report): { ms: number; percent: number | null } {
  const ms = calls.reduce((sum, call) => sum + call.wasted_work_ms, 0);
  // Shares of several calls are of different wholes: each has its own row in the report.
  return { ms, percent: calls.length === 1 ? (calls[0]?.wasted_percent ?? null) : null };
}

export function times(value: number | null): string {
  return value === null ? "–" : `${plain(value, 2)}${THIN}×`;
}

/** In one unit throughout: columns are compared at a glance, and are narrow. */
function seconds(ms: number): string {
  return `${short(ms / 1_000)}${THIN}s`;
}

export interface Row {
  readonly name: string;
  readonly of: (report: Report) => string;
  /** What it says of a run in which nothing of it is in play. */
  readonly idle?: string;
}

/** The rows of a comparison. With several calls, how each fared. */
export function rowsFor(reports: readonly Report[]): Row[] {
  const calls = reports[0]?.calls ?? [];
  const rows: Row[] = [
    { name: "goodput", of: (report) => perSecond(report.goodput_per_s) },
    { name: "succeeded", of: (report) => percent(report.success_percent) },
    ...(calls.length > 1 ? calls.map((call, index) => callRow(call.name, index)) : []),
    { name: "p99 of successes", of: (report) => span(report.latency.successes.p99_ms) },
    { name: "attempts a request", of: (report) => times(report.amplification), idle: times(1) },
    { name: "wasted work", of: (report) => seconds(wasteOf(report).ms), idle: seconds(0) },
    { name: "share of work wasted", of: (report) => percent(wasteOf(report).percent), idle: percent(0) },
    { name: "recovered after", of: recoveryTime },
    ...(reports[0]?.stores.length === 1 ? STORE_ROWS : []),
    ...(reports[0]?.cqrs.length === 1 ? CQRS_ROWS : []),
  ];
  // What is the same everywhere because nothing of it is in play needs no row.
  return rows.filter(({ of, idle }) => reports.some((report) => ![idle, NONE].includes(of(report))));
}

const NONE = "–";

/** Of the one store: with several there is no telling whose figure it is. */
const STORE_ROWS: readonly Row[] = [
  { name: "keys moved", of: ({ stores }) => percent(stores[0]?.changes[0]?.moved_percent) },
  { name: "moved in", of: ({ stores }) => span(stores[0]?.changes[0]?.took_ms) },
  { name: "busiest ÷ mean", of: ({ stores }) => peak(stores[0]?.load_peak ?? null) },
  { name: "stale reads", of: ({ stores }) => count(stores[0]?.stale), idle: count(0) },
  { name: "all shards, p95", of: ({ stores }) => span(stores[0]?.gather_latency.p95_ms) },
];

/** Of the one pair of command and query side. */
const CQRS_ROWS: readonly Row[] = [
  { name: "p95 of commands", of: ({ cqrs }) => span(cqrs[0]?.command_latency.p95_ms) },
  { name: "p95 of queries", of: ({ cqrs }) => span(cqrs[0]?.query_latency.p95_ms) },
  { name: "stale reads", of: ({ cqrs }) => count(cqrs[0]?.stale), idle: count(0) },
  { name: "the oldest", of: ({ cqrs }) => span(cqrs[0]?.stale_age.max_ms) },
  { name: "commands rejected", of: ({ cqrs }) => count(rejectedOf(cqrs[0])), idle: count(0) },
  { name: "not caught up", of: ({ cqrs }) => count(cqrs[0]?.not_caught_up), idle: count(0) },
  {
    name: "equal to a replay",
    of: ({ cqrs: [sides] }) => (sides === undefined ? NONE : rightModels(sides)),
    idle: "all",
  },
];

function rejectedOf(sides: CqrsReport | undefined): number | undefined {
  return sides?.rejected.reduce((sum, { count: times }) => sum + times, 0);
}

function callRow(name: string, index: number): Row {
  return {
    name: `of ${name}`,
    of: (report) => {
      const call = report.calls[index];
      return percent(call === undefined || call.requests === 0 ? null : (100 * call.succeeded) / call.requests);
    },
  };
}
