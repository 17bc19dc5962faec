import { css, html, nothing, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { measured, percent, short, THIN } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { Replication, Theory } from "../model/views.js";

const SEEDS = 20;

const RELATION: Record<Theory["relation"], string> = {
  exact: "The formula holds for this system; they differ by chance alone.",
  lower_bound: "The formula is a lower bound: no policy over these instances waits less.",
  approximation: "The formula is an approximation here.",
  none: "No closed form is known for this system.",
};

/** The closed form beside the measurement, and the measurement again over many seeds. */
export class TheoryCard extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run", "replication"];

  protected override render(): TemplateResult {
    const theory = this.store?.state.run?.report?.theory;
    return html`<section aria-labelledby="title">
      <h2 class="small" id="title">Theory and measurement</h2>
      ${theory === undefined ? nothing : this.#theory(theory)} ${this.#seeds()}
    </section>`;
  }

  #theory(theory: Theory): TemplateResult {
    const refused = theory.predicted_refused_percent !== null;
    return html`<p>mean wait${/\w/.test(theory.model) ? `, ${theory.model}` : ""}</p>
      <dl>
        ${
          theory.predicted_wait_ms === null
            ? nothing
            : html`<dt>predicted</dt>
                <dd>${short(theory.predicted_wait_ms)}${THIN}ms</dd>`
        }
        <dt>measured</dt>
        <dd>${measured(theory.measured_wait_ms, theory.half_width_ms, "ms")}</dd>
        ${
          refused
            ? html`<dt>refused: predicted</dt>
                <dd>${percent(theory.predicted_refused_percent)}</dd>
                <dt>refused: measured</dt>
                <dd>${percent(theory.measured_refused_percent)}</dd>`
            : nothing
        }
      </dl>
      <p class="muted">${theory.note === "" ? RELATION[theory.relation] : theory.note}</p>
      ${
        theory.unmet.length === 0
          ? nothing
          : html`<details>
              <summary>What the formula assumes and this run doesn’t meet (${theory.unmet.length})</summary>
              <ul>
                ${theory.unmet.map((one) => html`<li>${one}</li>`)}
              </ul>
            </details>`
      }`;
  }

  #seeds(): TemplateResult {
    const replication = this.store?.state.replication ?? null;
    const busy = replication !== null && replication.done < replication.seeds;
    return html`<div>
        <button ?disabled=${busy || !this.store?.state.run} @click=${() => this.store?.replicate(SEEDS)}>
          Run ${SEEDS} seeds
        </button>
        <span class="muted" role="status">${busy ? `${replication.done} of ${replication.seeds}` : ""}</span>
      </div>
      ${replication === null || busy ? nothing : this.#summary(replication)}`;
  }

  #summary(replication: Replication): TemplateResult {
    const line = (name: string, of: Replication["wait"], unit: string): TemplateResult | typeof nothing =>
      of === undefined
        ? nothing
        : html`<dt>${name}</dt>
            <dd>${measured(of.mean, of.half_width_95, unit)}</dd>`;
    return html`<dl>
        ${line("mean wait", replication.wait, "ms")} ${line("goodput", replication.goodput, "/s")}
        ${line("p99 of successes", replication.p99, "ms")}
      </dl>
      <p class="muted">Mean of ${replication.seeds} independent runs, ± 95 % confidence.</p>`;
  }

  static override styles = [
    controls,
    css`
      section {
        display: grid;
        gap: 4px;
        margin-top: 8px;
      }
      dl {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 10px;
      }
      dd {
        white-space: nowrap;
        font-weight: 600;
        text-align: end;
      }
      p.muted,
      details {
        font-size: 0.75rem;
      }
      summary {
        color: var(--link);
        cursor: pointer;
      }
      details ul {
        padding-inline-start: 16px;
        color: var(--muted);
      }
    `,
  ];
}

customElements.define("theory-card", TheoryCard);
