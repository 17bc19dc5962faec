import { css, html, nothing, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { percent } from "../panel/number.js";
import { setAt } from "../panel/path.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { JsonSchema, PlacementRow } from "../model/views.js";
import { bar, bars } from "./bars.js";
import { COLUMNS, placementOf, sweptOf } from "./placements.js";

interface Swept {
  readonly rows: readonly PlacementRow[];
  readonly of: string;
}

/** The same keys, shards and requests under each placement, on demand; a row's button puts its placement in place. */
export class PlacementsCard extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run", "schema"];

  /** By the store's number. */
  readonly #swept = new Map<number, Swept>();
  #busy: number | undefined;
  #problem = "";

  protected override render(): TemplateResult {
    const stores = this.store?.state.run?.stores ?? [];
    return html`${stores.map(({ name, placement }, number) => this.#store(name, placement, number, stores.length > 1))}`;
  }

  #store(name: string, current: string, number: number, several: boolean): TemplateResult {
    const swept = this.#swept.get(number);
    const scenario = this.store?.state.run?.scenario;
    const stale = swept !== undefined && scenario !== undefined && sweptOf(scenario, number) !== swept.of;
    const busy = this.#busy === number;
    return html`<section aria-labelledby="title-${number}">
      <h2 class="small" id="title-${number}">Same keys, each placement${several ? `: ${name}` : ""}</h2>
      <div>
        <button ?disabled=${busy} @click=${() => void this.#sweep(number)}>
          Compare ${placementsIn(this.store?.state.schema)} placements
        </button>
        <span class="muted" role="status">${busy ? "counting" : stale ? "of an earlier scenario" : this.#problem}</span>
      </div>
      ${swept === undefined ? nothing : this.#table(swept.rows, current, number, stale)}
    </section>`;
  }

  #table(rows: readonly PlacementRow[], current: string, number: number, stale: boolean): TemplateResult {
    const most = COLUMNS.map(({ value }) => Math.max(0, ...rows.map((row) => value(row) ?? 0)));
    const least = rows[0]?.least_percent;
    return html`<div class="wide" tabindex="0" role="region" aria-label="Placements beside each other">
        <table class=${stale ? "stale" : ""}>
          <thead>
            <tr>
              <th scope="col">placement</th>
              ${COLUMNS.map(({ name, about }) => html`<th scope="col" title=${about}>${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) =>
                html`<tr class=${row.placement === current ? "current" : ""}>
                  <th scope="row">
                    <button
                      class="link"
                      aria-pressed=${row.placement === current}
                      @click=${() => this.#use(number, row.placement)}
                    >
                      ${row.title}
                    </button>
                  </th>
                  ${COLUMNS.map(({ value, words }, at) => html`<td>${words(row)}${bar(value(row), most[at] ?? 0, "thin")}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <p class="muted note">
        Keys and load: the fullest shard over the mean, 1 is even. Moved: when one shard joins; the least possible is
        ${percent(least)}. Steps: what is looked at to find a key. Less is better throughout.
      </p>`;
  }

  async #sweep(number: number): Promise<void> {
    const { store } = this;
    const scenario = store?.state.run?.scenario;
    if (!store || !scenario) return;
    this.#busy = number;
    this.#problem = "";
    this.requestUpdate();
    try {
      this.#swept.set(number, { rows: await store.placements(number), of: sweptOf(scenario, number) });
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    this.#busy = undefined;
    this.requestUpdate();
  }

  #use(number: number, placement: string): void {
    this.store?.edit((draft) => {
      setAt(draft, placementOf(number), placement);
    });
  }

  static override styles = [
    controls,
    bars,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
      }
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
        padding: 0;
        color: var(--muted);
        font-weight: 400;
        text-align: start;
      }
      td,
      thead th:not(:first-child) {
        padding-inline-start: 6px;
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
      .note {
        font-size: 0.75rem;
      }
    `,
  ];
}

/** How many placements there are, by the schema. */
function placementsIn(schema: JsonSchema | null | undefined): number {
  return schema?.$defs?.["Placement"]?.oneOf?.length ?? 0;
}

customElements.define("placements-card", PlacementsCard);
