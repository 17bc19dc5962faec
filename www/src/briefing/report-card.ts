import { css, html, nothing, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { figureTable } from "./figure-table.js";
import { count, percent, perSecond, span } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { nodeTitle, spoken } from "../model/names.js";
import type { CallReport, InstanceReport, Latency, OutcomeCount, Report } from "../model/views.js";
import { recoverySentence, times, wasteOf } from "./figures.js";

/** More rows than this are not read; the rest is said to be there. */
const MOST_ROWS = 50;
const MARKS: Record<OutcomeCount["outcome"], string> = { succeeded: "✓", failed: "✕", shed: "◆" };

/** What the whole run came to. */
export class ReportCard extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run"];

  protected override render(): TemplateResult {
    const report = this.store?.state.run?.report ?? undefined;
    return html`<section aria-labelledby="title">
      <h2 class="small" id="title">Report of the whole run</h2>
      ${report === undefined ? nothing : this.#report(report)}
    </section>`;
  }

  #report(report: Report): TemplateResult {
    return html`<table>
        <caption class="hidden">
          How requests ended
        </caption>
        <tbody>
          ${report.outcomes.map((one) => this.#outcome(one))}
          <tr class="sum">
            <th scope="row">goodput</th>
            <td>${perSecond(report.goodput_per_s)}</td>
          </tr>
          <tr>
            <th scope="row">succeeded, of all</th>
            <td>${percent(report.success_percent)}</td>
          </tr>
        </tbody>
      </table>
      ${this.#recovery(report)} ${this.#latency(report)} ${this.#calls(report)}
      ${report.calls.length > 1 ? this.#byCall(report.calls) : nothing} ${this.#instances(report.instances)}`;
  }

  #recovery(report: Report): TemplateResult | typeof nothing {
    const sentence = recoverySentence(report);
    return sentence === "" ? nothing : html`<p>${sentence}</p>`;
  }

  /** What the policies of the calls came to; what none of them did has no row. */
  #calls(report: Report): TemplateResult | typeof nothing {
    const { calls } = report;
    const sum = (of: (call: CallReport) => number): number => calls.reduce((total, call) => total + of(call), 0);
    const waste = wasteOf(report);
    const share = waste.percent === null ? "" : ` (${percent(waste.percent)})`;
    const rows: [string, string, boolean][] = [
      ["load amplification", times(report.amplification), (report.amplification ?? 1) !== 1],
      ["timed out", count(sum((call) => call.timed_out)), calls.some((call) => call.timed_out > 0)],
      ["refused by the breaker", count(sum((call) => call.refused_by_breaker)), calls.some((call) => call.breaker)],
      ["refused by the bulkhead", count(sum((call) => call.refused_by_bulkhead)), calls.some((call) => call.bulkhead)],
      ["wasted work", `${span(waste.ms)}${share}`, waste.ms > 0],
    ].filter((row): row is [string, string, boolean] => Boolean(row[2]));
    if (rows.length === 0) return nothing;
    return html`<table>
      <thead>
        <tr>
          <th scope="colgroup" colspan="2">attempts</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #byCall(calls: readonly CallReport[]): TemplateResult {
    const row = (name: string, of: (call: CallReport) => string): TemplateResult =>
      html`<tr>
        <th scope="row">${name}</th>
        ${calls.map((call) => html`<td>${of(call)}</td>`)}
      </tr>`;
    return html`<details open>
      <summary>By call</summary>
      <div class="wide" tabindex="0" role="region" aria-label="Report by call">
        <table>
          <thead>
            <tr>
              <th scope="col"><span class="hidden">figure</span></th>
              ${calls.map(
                (call, index) =>
                  html`<th scope="col">
                    <button class="link" @click=${() => this.store?.select({ kind: "call", call: index })}>
                      ${call.name}
                    </button>
                  </th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${row("made", (call) => count(call.requests))} ${row("attempts", (call) => count(call.attempts))}
            ${row("amplification", (call) => times(call.amplification))}
            ${row("succeeded", (call) => percent(call.requests > 0 ? (100 * call.succeeded) / call.requests : null))}
            ${row("timed out", (call) => count(call.timed_out))}
            ${row("refused by breaker", (call) => count(call.refused_by_breaker))}
            ${row("refused by bulkhead", (call) => count(call.refused_by_bulkhead))}
            ${row("wasted work", (call) => span(call.wasted_work_ms))}
            ${row("share wasted", (call) => percent(call.wasted_percent))}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  #outcome(one: OutcomeCount): TemplateResult {
    const reason = one.reason === "" || one.reason === "none" ? "" : `: ${one.reason.replaceAll("_", " ")}`;
    return html`<tr>
      <th scope="row">
        <span class=${one.outcome} aria-hidden="true">${MARKS[one.outcome]}</span> ${one.outcome}${reason}
      </th>
      <td>${count(one.count)}</td>
    </tr>`;
  }

  #latency(report: Report): TemplateResult {
    const { successes, all } = report.latency;
    const row = (name: string, of: (latency: Latency) => string): TemplateResult =>
      html`<tr>
        <th scope="row">${name}</th>
        <td>${of(successes)}</td>
        <td>${of(all)}</td>
      </tr>`;
    return html`<table>
      <thead>
        <tr>
          <th scope="col">latency</th>
          <th scope="col">successes</th>
          <th scope="col">all</th>
        </tr>
      </thead>
      <tbody>
        ${row("mean", (one) => span(one.mean_ms))} ${row("p50", (one) => span(one.p50_ms))}
        ${row("p95", (one) => span(one.p95_ms))} ${row("p99", (one) => span(one.p99_ms))}
        ${row("longest", (one) => span(one.max_ms))}
      </tbody>
    </table>`;
  }

  #instances(instances: readonly InstanceReport[]): TemplateResult {
    const rest = instances.length - MOST_ROWS;
    const kind = nodeTitle(this.store?.state.run?.services ?? []);
    return html`<details>
      <summary>By ${kind}</summary>
      <div class="wide" tabindex="0" role="region" aria-label="Report by ${kind}">
        <table>
          <thead>
            <tr>
              <th scope="col">${kind}</th>
              <th scope="col">requests</th>
              <th scope="col">share</th>
              <th scope="col">busy</th>
              <th scope="col">failed</th>
              <th scope="col">shed</th>
            </tr>
          </thead>
          <tbody>
            ${instances.slice(0, MOST_ROWS).map(
              (one) =>
                html`<tr>
                  <th scope="row">${spoken(one.name)}</th>
                  <td>${count(one.requests)}</td>
                  <td>${percent(one.share_percent)}</td>
                  <td>${percent(one.utilisation_percent)}</td>
                  <td>${count(one.failed)}</td>
                  <td>${count(one.shed)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${rest > 0 ? html`<p class="muted">and ${count(rest)} more</p>` : nothing}
    </details>`;
  }

  static override styles = [
    controls,
    figureTable,
    css`
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
        min-width: 0;
        margin-top: 8px;
      }
      .sum th,
      .sum td {
        padding-top: 4px;
      }
      .succeeded {
        color: var(--accent);
      }
      .failed {
        color: var(--broken);
      }
      .shed {
        color: var(--late);
      }
      summary {
        color: var(--link);
        cursor: pointer;
      }
    `,
  ];
}

customElements.define("report-card", ReportCard);
