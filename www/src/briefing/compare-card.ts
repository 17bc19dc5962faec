import { css, html, nothing, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { figureTable } from "./figure-table.js";
import { percent, span } from "../panel/number.js";
import { getAt, setAt } from "../panel/path.js";
import { fieldsOf, formFor, type Choice } from "../panel/schema.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { fingerprint, POLICY, policiesOf } from "./compare.js";
import { Comparing } from "./comparing.js";

/** The same traffic under each policy, on demand; a row's button puts its policy in place. */
export class CompareCard extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run", "schema"];

  readonly #comparing = new Comparing(() => this.requestUpdate());

  override disconnectedCallback(): void {
    this.#comparing.stop();
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const choices = this.#choices();
    const { busy, outcomes, problem } = this.#comparing;
    const stale = this.#stale();
    return html`<section aria-labelledby="title">
      <h2 class="small" id="title">Same traffic, each policy</h2>
      <div>
        <button ?disabled=${busy || !this.store?.state.run} @click=${() => this.#compare(choices)}>
          Compare ${choices.length} policies
        </button>
        <span class="muted" role="status">
          ${busy ? `${outcomes.length} of ${choices.length}` : stale ? "of an earlier scenario" : problem}
        </span>
      </div>
      ${outcomes.length === 0 ? nothing : this.#table(choices, stale)}
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

  /** An edit of anything but the policy makes the rows old. */
  #stale(): boolean {
    const now = this.store?.state.run?.scenario;
    const first = this.#comparing.candidates[0];
    const same = now && first && policiesOf(now, [first.name]).at(0);
    return same !== undefined && fingerprint(same.scenario) !== fingerprint(first?.scenario ?? same.scenario);
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
        ${this.#comparing.outcomes.map(
          ({ name: policy, report }) =>
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

  #compare(choices: readonly Choice[]): void {
    const run = this.store?.state.run;
    const policies = choices.map((choice) => choice.value);
    if (run) void this.#comparing.start(policiesOf(run.scenario, policies));
  }

  static override styles = [
    controls,
    figureTable,
    css`
      section {
        display: grid;
        gap: 6px;
        margin-top: 8px;
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

customElements.define("compare-card", CompareCard);
