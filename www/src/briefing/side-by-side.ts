import { css, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import type { Comparison, Variant } from "../../content/briefing.js";
import { controls } from "../panel/controls.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { Report } from "../model/views.js";
import { fingerprint, variantsOf, varied } from "./compare.js";
import { Comparing } from "./comparing.js";
import { carryOut } from "./deeds.js";
import { rowsFor } from "./figures.js";

/** What a scenario is about, in columns: the same requests under each variant. A column's head puts it in place. */
export class SideBySide extends StoreElement {
  static override properties: PropertyDeclarations = { comparison: { attribute: false } };
  declare comparison: Comparison | undefined;
  protected override readonly watched: readonly StateKey[] = ["run"];

  readonly #comparing = new Comparing(() => this.requestUpdate());

  override disconnectedCallback(): void {
    this.#comparing.stop();
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has("comparison")) this.#comparing.forget();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { comparison } = this;
    if (comparison === undefined) return nothing;
    const { busy, outcomes, candidates, problem } = this.#comparing;
    const stale = this.#stale(comparison);
    return html`<section aria-labelledby="title">
      <h2 class="small" id="title">Side by side</h2>
      <p>${comparison.title}, under the same requests.</p>
      <div>
        <button ?disabled=${busy || !this.store?.state.run} @click=${() => this.#compare(comparison)}>Compare</button>
        <span class="muted" role="status">
          ${busy ? `${outcomes.length} of ${candidates.length}` : stale ? "of an earlier scenario" : problem}
        </span>
      </div>
      ${outcomes.length === 0 ? nothing : this.#table(comparison, stale)}
    </section>`;
  }

  /** An edit of anything but what is compared makes the columns old. */
  #stale({ variants }: Comparison): boolean {
    const now = this.store?.state.run?.scenario;
    const [then] = this.#comparing.candidates;
    const [first] = variants;
    return !!now && !!then && !!first && fingerprint(varied(now, first)) !== fingerprint(then.scenario);
  }

  #table({ title, variants }: Comparison, stale: boolean): TemplateResult {
    const { outcomes } = this.#comparing;
    const reports = outcomes.flatMap(({ report }) => (report === null ? [] : [report]));
    const cell = (variant: Variant, of: (report: Report) => string): string => {
      const report = outcomes.find(({ name }) => name === variant.label)?.report;
      return report ? of(report) : "–";
    };
    return html`<div class="wide" tabindex="0" role="region" aria-label=${title}>
      <table class=${stale ? "stale" : ""}>
        <thead>
          <tr>
            <td></td>
            ${variants.map((variant) => this.#head(variant))}
          </tr>
        </thead>
        <tbody>
          ${rowsFor(reports).map(
            ({ name, of }) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${variants.map((variant) => html`<td>${cell(variant, of)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #head(variant: Variant): TemplateResult {
    const now = this.store?.state.run?.scenario;
    const current = now !== undefined && fingerprint(varied(now, variant)) === fingerprint(now);
    const onClick = (): void => {
      this.store?.edit((draft) => {
        carryOut(draft, variant.deeds, { names: [], playhead_ms: 0 });
      });
    };
    return html`<th scope="col" class=${current ? "current" : ""}>
      <button class="link" title="Put in place" aria-pressed=${current} @click=${onClick}>${variant.label}</button>
    </th>`;
  }

  #compare(comparison: Comparison): void {
    const run = this.store?.state.run;
    if (run) void this.#comparing.start(variantsOf(run.scenario, comparison));
  }

  static override styles = [
    controls,
    css`
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 6px;
        min-width: 0;
        margin-top: 8px;
      }
      .wide {
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 0.75rem;
      }
      th {
        padding: 1px 0;
        color: var(--muted);
        font-weight: 400;
        text-align: start;
        vertical-align: bottom;
      }
      td,
      thead th {
        padding-inline-start: 4px;
        text-align: end;
        white-space: nowrap;
      }
      thead th {
        white-space: normal;
        border-bottom: 3px solid transparent;
      }
      thead th.current {
        border-bottom-color: var(--accent);
      }
      thead button.link {
        text-align: end;
      }
      .current button {
        font-weight: 600;
      }
      td {
        font-weight: 600;
      }
      tbody tr {
        border-top: 1px solid var(--line);
      }
      .stale td {
        color: var(--muted);
      }
    `,
  ];
}

customElements.define("side-by-side", SideBySide);
