import { css, html, nothing, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { count, counted, percent, perSecond, span } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { InstanceReport, Latency, OutcomeCount, Report } from "../model/views.js";

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
      ${this.#latency(report)} ${this.#instances(report.instances)}`;
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
    return html`<details>
      <summary>By instance</summary>
      <div class="wide" tabindex="0" role="region" aria-label="Report by instance">
        <table>
          <thead>
            <tr>
              <th scope="col">instance</th>
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
                  <th scope="row">${one.name}</th>
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
      ${rest > 0 ? html`<p class="muted">and ${counted(rest, "more instance")}</p>` : nothing}
    </details>`;
  }

  static override styles = [
    controls,
    css`
      section {
        display: grid;
        gap: 8px;
        min-width: 0;
        margin-top: 8px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th {
        padding: 1px 0;
        color: var(--muted);
        font-weight: 400;
        text-align: start;
      }
      thead th {
        font-size: 0.75rem;
      }
      td,
      thead th:not(:first-child) {
        padding-inline-start: 8px;
        text-align: end;
        white-space: nowrap;
      }
      td {
        font-weight: 600;
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
      .wide {
        overflow-x: auto;
        font-size: 0.75rem;
      }
      summary {
        color: var(--link);
        cursor: pointer;
      }
    `,
  ];
}

customElements.define("report-card", ReportCard);
