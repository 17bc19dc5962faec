import { css, html, nothing, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { measured, percent, plain, short, THIN } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { CallReport, Replication, Theory } from "../model/views.js";

const SEEDS = 20;

const RELATION: Record<Theory["relation"], string> = {
  exact: "The formula holds for this system; they differ by chance alone.",
  lower_bound: "The formula is a lower bound: no policy over these instances waits less.",
  approximation: "The formula is an approximation here.",
  none: "No closed form is known for this system.",
};

type Pooled = CallReport & { readonly bulkhead: NonNullable<CallReport["bulkhead"]> };

/** Calls with bulkheads, those of which theory says the same together: they share one. */
function pools(calls: readonly CallReport[]): Pooled[][] {
  const pooled = calls.filter((call): call is Pooled => call.bulkhead !== null);
  const said = ({ bulkhead: { limit, theory } }: Pooled): string =>
    JSON.stringify([limit, theory.model, theory.offered_erlangs, theory.unmet]);
  const keys = [...new Set(pooled.map(said))];
  return keys.map((key) => pooled.filter((call) => said(call) === key));
}

/** The closed form beside the measurement, and the measurement again over many seeds. */
export class TheoryCard extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run", "replication"];

  protected override render(): TemplateResult {
    const { theory, calls = [] } = this.store?.state.run?.report ?? {};
    return html`<section aria-labelledby="title">
      <h2 class="small" id="title">Theory and measurement</h2>
      ${pools(calls).map((sharers) => this.#bulkhead(sharers))} ${theory === undefined ? nothing : this.#theory(theory)}
      ${this.#seeds()}
    </section>`;
  }

  /** One bulkhead, and how each of the calls that go through it fared there. */
  #bulkhead(sharers: readonly Pooled[]): TemplateResult | typeof nothing {
    const [first] = sharers;
    if (first === undefined) return nothing;
    const { theory } = first.bulkhead;
    const applies = theory.unmet.length === 0;
    const names = sharers.map(({ name }) => name).join(", ");
    const of = (call: Pooled): string => (sharers.length > 1 ? `, ${call.name}` : "");
    return html`<div role="group" aria-label="Bulkhead of ${names}">
      <p>bulkhead of ${names}${applies ? `, ${theory.model}` : ""}</p>
      <dl>
        <dt>offered load</dt>
        <dd>${plain(theory.offered_erlangs, 2)}${THIN}erlangs</dd>
        <dt>refused: predicted</dt>
        <dd>${percent(theory.predicted_refused_percent)}</dd>
        ${sharers.map(
          (call) =>
            html`<dt>refused: measured${of(call)}</dt>
              <dd>
                ${measured(call.bulkhead.theory.measured_refused_percent, call.bulkhead.theory.half_width_percent, "%")}
              </dd>`,
        )}
      </dl>
      <p class="muted">${theory.note}</p>
      ${
        applies
          ? nothing
          : html`<p class="muted">Erlang’s formula doesn’t hold here:</p>
              <ul>
                ${theory.unmet.map((one) => html`<li>${one}</li>`)}
              </ul>`
      }
    </div>`;
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
      ul {
        font-size: 0.75rem;
        padding-inline-start: 16px;
        color: var(--muted);
      }
    `,
  ];
}

customElements.define("theory-card", TheoryCard);
