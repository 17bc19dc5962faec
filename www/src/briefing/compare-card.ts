import { css, html, nothing, type TemplateResult } from "lit";
import { Model } from "../model/model.js";
import type { RunView, Scenario } from "../model/views.js";
import { controls } from "../panel/controls.js";
import { percent, span } from "../panel/number.js";
import { getAt, setAt } from "../panel/path.js";
import { fieldsOf, formFor, type Choice } from "../panel/schema.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { compare, POLICY, type Outcome } from "./compare.js";

/** The same traffic under each policy, on demand; a row's button puts its policy in place. */
export class CompareCard extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run", "schema"];

  #outcomes: Outcome[] = [];
  /** The run whose scenario was compared: a later edit of anything but the policy makes the rows old. */
  #compared: RunView | undefined;
  #model: Model | undefined;
  #problem = "";

  override disconnectedCallback(): void {
    this.#stop();
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const choices = this.#choices();
    const busy = this.#model !== undefined;
    const stale = this.#stale();
    return html`<section aria-labelledby="title">
      <h2 class="small" id="title">Same traffic, each policy</h2>
      <div>
        <button ?disabled=${busy || !this.store?.state.run} @click=${() => void this.#compare(choices)}>
          Compare ${choices.length} policies
        </button>
        <span class="muted" role="status">
          ${busy ? `${this.#outcomes.length} of ${choices.length}` : stale ? "of an earlier scenario" : this.#problem}
        </span>
      </div>
      ${this.#outcomes.length === 0 ? nothing : this.#table(choices, stale)}
    </section>`;
  }

  #choices(): readonly Choice[] {
    const { schema, scenario } = this.store?.state ?? {};
    if (!schema || !scenario) return [];
    const field = fieldsOf(formFor(schema, scenario, POLICY.slice(0, -1))).find(
      (one) => one.path.at(-1) === POLICY.at(-1),
    );
    return field?.control.kind === "choice" ? field.control.choices : [];
  }

  #stale(): boolean {
    const now = this.store?.state.run;
    if (!now || this.#compared === undefined || now === this.#compared) return false;
    return fingerprint(now.scenario) !== fingerprint(this.#compared.scenario);
  }

  #table(choices: readonly Choice[], stale: boolean): TemplateResult {
    const current = getAt(this.store?.state.run?.scenario, POLICY);
    return html`<table class=${stale ? "stale" : ""}>
      <thead>
        <tr>
          <th scope="col">policy</th>
          <th scope="col">p99</th>
          <th scope="col">succeeded</th>
        </tr>
      </thead>
      <tbody>
        ${this.#outcomes.map(
          ({ policy, report }) =>
            html`<tr class=${policy === current ? "current" : ""}>
              <th scope="row">
                <button class="link" aria-pressed=${policy === current} @click=${() => this.#use(policy)}>
                  ${choices.find((choice) => choice.value === policy)?.title ?? policy}
                </button>
              </th>
              <td>${span(report?.latency.successes.p99_ms)}</td>
              <td>${percent(report?.success_percent)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #use(policy: string): void {
    this.store?.edit((draft) => {
      setAt(draft, POLICY, policy);
    });
  }

  /** In a worker of its own, so that the run on the stage is left alone. */
  async #compare(choices: readonly Choice[]): Promise<void> {
    const run = this.store?.state.run;
    if (!run) return;
    this.#compared = run;
    this.#outcomes = [];
    this.#problem = "";
    this.#model = new Model("whole");
    this.requestUpdate();
    try {
      const policies = choices.map((choice) => choice.value);
      await compare(this.#model, run.scenario, policies, (outcome) => {
        this.#outcomes = [...this.#outcomes, outcome];
        this.requestUpdate();
      });
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    this.#stop();
  }

  #stop(): void {
    this.#model?.dispose();
    this.#model = undefined;
    this.requestUpdate();
  }

  static override styles = [
    controls,
    css`
      section {
        display: grid;
        gap: 6px;
        margin-top: 8px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th {
        padding: 0;
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
      tbody tr {
        border-top: 1px solid var(--line);
      }
      .current th {
        box-shadow: inset 3px 0 0 var(--accent);
      }
      .current button {
        padding-inline-start: 8px;
        font-weight: 600;
      }
      .stale td {
        color: var(--muted);
      }
    `,
  ];
}

/** What is compared: all of the scenario but the policy. A trace is told by its name and size. */
function fingerprint(scenario: Scenario): string {
  return JSON.stringify(scenario, (key: string, value: unknown) => {
    if (key === "policy") return undefined;
    return Array.isArray(value) && value.length > 1_000 ? value.length : value;
  });
}

customElements.define("compare-card", CompareCard);
