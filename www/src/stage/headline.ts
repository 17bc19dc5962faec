/** The few numbers that a person acts on. Each says whether it is of now or of the whole run. */
import { type TemplateResult, html, nothing } from "lit";
import { SCALAR } from "../model/views.js";
import { type Moment, noticed } from "./describe.js";
import { count, span } from "../panel/number.js";
import { rate, share } from "./format.js";

interface Item {
  value: string;
  label: string;
  of: string;
}

export function headline(moment: Moment | null): TemplateResult | typeof nothing {
  if (!moment) return nothing;
  return html`<dl class="numbers">
    ${itemsOf(moment).map(
      ({ value, label, of }) =>
        html`<div>
          <dt>${label} <span class="of">${of}</span></dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function itemsOf(moment: Moment): Item[] {
  const { scalars } = moment.frame;
  const scalar = (which: number): number => scalars[which] ?? NaN;
  const { report } = moment.run;
  const items: Item[] = [
    { value: rate(scalar(SCALAR.goodputPerS)), label: "goodput", of: "now" },
    { value: share(scalar(SCALAR.successShare)), label: "succeed", of: "now" },
    { value: count(scalar(SCALAR.inFlight)), label: "in flight", of: "now" },
    { value: span(report.latency.successes.p99_ms), label: "p99 of good", of: "whole run" },
  ];
  const notice = noticed(moment.run, scalar(SCALAR.tMs));
  if (notice) {
    const value = notice.after_ms === null ? "not yet" : span(notice.after_ms);
    items.push({ value, label: "to notice", of: `${notice.name}’s loss` });
  }
  return items;
}
