import { css, html, nothing, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { percent } from "../panel/number.js";
import { setAt } from "../panel/path.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { JsonSchema, PlacementRow } from "../model/views.js";
import { bar, bars } from "./bars.js";
import { COLUMNS, placementOf } from "./placements.js";

/**
 * The same keys, shards and requests under each placement, on one screen; a row's button puts its placement in place. The
 * rows hold for as long as the dialog is open: nothing else can be changed meanwhile.
 */
export class PlacementsCard extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run", "schema"];

  #rows: readonly PlacementRow[] = [];
  /** The store of which these are. */
  #shown = 0;
  #busy: number | undefined;
  #problem = "";

  protected override render(): TemplateResult {
    const stores = this.store?.state.run?.stores ?? [];
    const shown = stores[this.#shown];
    return html`${stores.map(({ name }, number) => this.#store(stores.length > 1 ? `: ${name}` : "", number))}
      <dialog aria-labelledby="title">
        <h2 id="title">The same keys under each placement${stores.length > 1 ? `: ${shown?.name ?? ""}` : ""}</h2>
        ${shown === undefined ? nothing : this.#table(shown.placement)}
        <button class="primary" @click=${() => this.#dialog?.close()}>Close</button>
      </dialog>`;
  }

  #store(of: string, number: number): TemplateResult {
    const busy = this.#busy === number;
    return html`<section aria-labelledby="title-${number}">
      <h2 class="small" id="title-${number}">Same keys, each placement${of}</h2>
      <p>How even keys and load would be, what a further shard would move, and what finding a key costs.</p>
      <div>
        <button ?disabled=${busy} @click=${() => void this.#sweep(number)}>
          Compare ${placementsIn(this.store?.state.schema)} placements
        </button>
        <span class="muted" role="status">${busy ? "counting" : this.#problem}</span>
      </div>
    </section>`;
  }

  #table(current: string): TemplateResult {
    const rows = this.#rows;
    const most = COLUMNS.map(({ value }) => Math.max(0, ...rows.map((row) => value(row) ?? 0)));
    return html`<p class="muted">
        Of this run’s keys, shards and requests. 1 is even, and the bars say how far from it. A shard that joins has its
        fair share with ${percent(rows[0]?.least_percent)} of the keys; fewer move where it gets less. Less is better
        throughout.
      </p>
      <div class="wide" tabindex="0" role="region" aria-label="Placements beside each other">
        <table>
          <thead>
            <tr>
              <th scope="col">placement</th>
              ${COLUMNS.map(({ name, about }) => html`<th scope="col">${name} <small>${about}</small></th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => this.#row(row, row.placement === current, most))}
          </tbody>
        </table>
      </div>`;
  }

  #row(row: PlacementRow, current: boolean, most: readonly number[]): TemplateResult {
    return html`<tr class=${current ? "current" : ""}>
      <th scope="row">
        <button class="link" aria-pressed=${current} @click=${() => this.#use(this.#shown, row.placement)}>
          ${row.title}
        </button>
      </th>
      ${COLUMNS.map(({ value, words }, at) => html`<td>${words(row)}${bar(value(row), most[at] ?? 0, "low")}</td>`)}
    </tr>`;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  async #sweep(number: number): Promise<void> {
    if (!this.store?.state.run) return;
    this.#busy = number;
    this.#problem = "";
    this.requestUpdate();
    try {
      this.#rows = await this.store.placements(number);
      this.#shown = number;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    this.#busy = undefined;
    this.requestUpdate();
    await this.updateComplete;
    if (this.#problem === "" && this.#dialog?.open === false) this.#dialog.showModal();
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
      dialog {
        width: min(860px, calc(100vw - 16px));
        padding: 20px;
        border: 1px solid var(--line);
        background: var(--surface);
        color: var(--text);
      }
      dialog[open] {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
        justify-items: start;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      dialog h2 {
        font-size: 1rem;
      }
      .wide {
        width: 100%;
        overflow-x: auto;
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
        vertical-align: bottom;
      }
      small {
        display: block;
        font-size: 0.6875rem;
      }
      td,
      thead th:not(:first-child) {
        padding: 3px 0 3px 12px;
        text-align: end;
      }
      td {
        min-width: 56px;
        font-weight: 600;
        white-space: nowrap;
      }
      .bar.low {
        height: 5px;
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
      @media (width < 640px) {
        dialog {
          padding: 12px;
        }
        table {
          font-size: 0.75rem;
        }
        small {
          display: none;
        }
        td,
        thead th:not(:first-child) {
          min-width: 0;
          padding-inline-start: 6px;
        }
      }
    `,
  ];
}

/** How many placements there are, by the schema. */
function placementsIn(schema: JsonSchema | null | undefined): number {
  return schema?.$defs?.["Placement"]?.oneOf?.length ?? 0;
}

customElements.define("placements-card", PlacementsCard);
