/** The few numbers that a person acts on. Each says whether it is of now or of the whole run. */
import { type TemplateResult, html } from "lit";
import { SCALAR } from "../model/views.js";
import { type Moment, noticed } from "./words/describe.js";
import { amplification, times } from "./words/describe-calls.js";
import { writtenCall } from "./layout/topology.js";
import { count, span } from "../panel/number.js";
import { rate, share } from "./words/format.js";

interface Item {
  value: string;
  label: string;
  of: string;
}

/** Before there is a run the places of the numbers are kept, or the stage would jump when they come. */
export function headline(moment: Moment | null): TemplateResult {
  return html`<dl class="numbers">
    ${(moment ? itemsOf(moment) : EMPTY).map(
      ({ value, label, of }) =>
        html`<div>
          <dt>${label} <span class="of">${of}</span></dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** What flickers is an average (`SCALAR`): beside the figures of the charts, which are of a moment, it says so. */
const LATELY = "last 2.5\u202Fs";

const EMPTY: readonly Item[] = [
  { value: "–", label: "goodput", of: LATELY },
  { value: "–", label: "succeed", of: LATELY },
  { value: "–", label: "in flight", of: "now" },
  { value: "–", label: "p99 of good", of: "whole run" },
];

function itemsOf(moment: Moment): Item[] {
  const { scalars } = moment.frame;
  const scalar = (which: number): number => scalars[which] ?? NaN;
  const { report } = moment.run;
  const items: Item[] = [
    { value: rate(scalar(SCALAR.goodputPerS)), label: "goodput", of: LATELY },
    { value: share(scalar(SCALAR.successShare)), label: "succeed", of: LATELY },
    { value: count(scalar(SCALAR.inFlight)), label: "in flight", of: "now" },
    { value: span(report?.latency.successes.p99_ms ?? null), label: "p99 of good", of: "whole run" },
  ];
  const tried = moment.run.calls.flatMap(({ client }, call) =>
    typeof client === "number" && (writtenCall(moment.run, call)?.retry.attempts ?? 1) > 1 ? [call] : [],
  );
  if (tried.length > 0)
    items.push({ value: times(amplification(moment, tried)), label: "load amplification", of: LATELY });
  const notice = noticed(moment.run, scalar(SCALAR.tMs));
  if (notice) {
    const value = notice.after_ms === null ? "not yet" : span(notice.after_ms);
    items.push({ value, label: "to notice", of: `${notice.name}’s loss` });
  }
  return items;
}
