/** What a report says of a pair of sides, in rows and words. */
import type { CqrsReport, Latency, ModelReport } from "../model/views.js";
import { count, percent, span } from "../panel/number.js";

/** Commands beside queries, how many and how long. */
export const SIDE_ROWS: readonly { readonly name: string; readonly of: (latency: Latency) => string }[] = [
  { name: "answered", of: (latency) => count(latency.count) },
  { name: "mean", of: (latency) => span(latency.mean_ms) },
  { name: "p50", of: (latency) => span(latency.p50_ms) },
  { name: "p95", of: (latency) => span(latency.p95_ms) },
  { name: "p99", of: (latency) => span(latency.p99_ms) },
  { name: "longest", of: (latency) => span(latency.max_ms) },
];

/** Read model by read model. */
export const MODEL_ROWS: readonly { readonly name: string; readonly of: (model: ModelReport) => string }[] = [
  { name: "events taken in", of: (model) => count(model.applied) },
  { name: "came again, known already", of: (model) => count(model.duplicates) },
  { name: "most behind", of: (model) => count(model.most_behind) },
  { name: "longest lag", of: (model) => span(model.longest_lag_ms) },
  { name: "behind at the end", of: (model) => count(model.behind) },
  { name: "most queries waiting", of: (model) => count(model.most_waiting) },
  { name: "queries answered", of: (model) => count(model.answered) },
  {
    name: "with what was stale",
    of: (model) => percent(model.answered === 0 ? null : (100 * model.stale) / model.answered),
  },
  { name: "equal to a replay", of: replayWords },
];

/** One that has not taken in all is compared with a replay of as much as it has. */
function replayWords({ as_replayed, behind }: ModelReport): string {
  if (!as_replayed) return "✕ no";
  return behind === 0 ? "✓ yes" : "✓ so far";
}

/** What there is to say beyond how long it took; what never happened isn't said, except that nothing was stale. */
export function cqrsFacts(report: CqrsReport): [string, string][] {
  const { stale, stale_age: age } = report;
  const facts: [string, string, boolean][] = [
    ...report.rejected.map(({ why, count: times }): [string, string, boolean] => [
      `rejected: ${why}`,
      count(times),
      true,
    ]),
    ["refused: conflict", count(report.conflicts), report.conflicts > 0],
    ["refused: by the log", count(report.log_refused), report.log_refused > 0],
    ["stale reads", `${count(stale)}${staleShare(report)}`, !report.shared || stale > 0],
    ["their age, p50", span(age.p50_ms), stale > 0],
    ["their age, p95", span(age.p95_ms), stale > 0],
    ["the oldest", span(age.max_ms), stale > 0],
    ["no answer: not caught up", count(report.not_caught_up), report.not_caught_up > 0],
    ["events in the log", count(report.events), !report.shared],
  ];
  return facts.filter(([, , said]) => said).map(([name, value]) => [name, value]);
}

function staleShare({ stale, queries }: CqrsReport): string {
  return stale > 0 && queries > 0 ? ` (${percent((100 * stale) / queries)})` : "";
}

/** How many read models are what a replay of the log gives: «1 of 2», or «all». */
export function rightModels({ models }: CqrsReport): string {
  const right = models.filter(({ as_replayed }) => as_replayed).length;
  return right === models.length ? "all" : `${count(right)} of ${count(models.length)}`;
}
