import { css, html, nothing, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { figureTable } from "./figure-table.js";
import { clock, count, counted, percent } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { JsonSchema, MapChangeReport, StoreReport } from "../model/views.js";
import { bar, bars } from "./bars.js";
import { changeSentence, movedRows, peak, storeFacts } from "./store-figures.js";

/** More than these are not read; the rest is said to be there. */
const MOST_CHANGES = 8;
const MOST_SHARDS = 50;

/** What became of the keys: what each change of map moved, and how even keys and load are. */
export class StoreCard extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run", "schema"];

  protected override render(): TemplateResult {
    const stores = this.store?.state.run?.report?.stores ?? [];
    return html`${stores.map((store, number) => this.#store(store, number))}`;
  }

  #store(store: StoreReport, number: number): TemplateResult {
    const rest = store.changes.length - MOST_CHANGES;
    return html`<section aria-labelledby="title-${number}">
      <h2 class="small" id="title-${number}">Keys of ${store.name}</h2>
      ${store.changes.slice(0, MOST_CHANGES).map((change) => this.#change(store, change))}
      ${rest > 0 ? html`<p class="muted">and ${counted(rest, "more change")} of the map</p>` : nothing}
      ${this.#facts(store)} ${this.#shards(store)}
    </section>`;
  }

  #change(store: StoreReport, change: MapChangeReport): TemplateResult {
    const rows = movedRows(store, change, moduloIn(this.store?.state.schema));
    return html`<div role="group" aria-label=${change.what}>
      <p>
        <button class="link" @click=${() => this.store?.seek(change.at_ms)}>
          <strong>${change.what}</strong> at ${clock(change.at_ms)}
        </button>
        ${changeSentence(change)}
      </p>
      <table class="moved">
        <caption class="hidden">
          Share of the keys that moved
        </caption>
        <tbody>
          ${rows.map(
            ({ name, value, tone }) =>
              html`<tr>
                <th scope="row">${name}${bar(value, 100, tone)}</th>
                <td>${percent(value)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #facts(store: StoreReport): TemplateResult | typeof nothing {
    const facts = storeFacts(store);
    if (facts.length === 0) return nothing;
    return html`<table>
      <caption class="hidden">
        What reads and queries met
      </caption>
      <tbody>
        ${facts.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #shards(store: StoreReport): TemplateResult {
    const { shards } = store;
    const most = (of: (shard: StoreReport["shards"][number]) => number | null): number =>
      Math.max(0, ...shards.map((shard) => of(shard) ?? 0));
    const mostKeys = most((shard) => shard.keys_percent);
    const mostLoad = most((shard) => shard.load_percent);
    const rest = shards.length - MOST_SHARDS;
    return html`<div class="wide" tabindex="0" role="region" aria-label="Keys and load by shard">
        <table>
          <thead>
            <tr>
              <th scope="col">shard</th>
              <th scope="col">keys</th>
              <th scope="col">share</th>
              <th scope="col" title="Share of the reads and writes">load</th>
            </tr>
          </thead>
          <tbody>
            ${shards.slice(0, MOST_SHARDS).map(
              (shard) =>
                html`<tr>
                  <th scope="row">
                    ${shard.name}${shard.here ? "" : html` <span class="muted">(not in the map)</span>`}
                  </th>
                  <td>${count(shard.keys)}</td>
                  <td>${percent(shard.keys_percent)}${bar(shard.keys_percent, mostKeys, "thin")}</td>
                  <td title=${counted(shard.requests, "read or write", "reads and writes")}>
                    ${percent(shard.load_percent)}${bar(shard.load_percent, mostLoad, "thin")}
                  </td>
                </tr>`,
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colspan="2">fullest ÷ mean</th>
              <td>${peak(store.keys_peak)}</td>
              <td>${peak(store.load_peak)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      ${rest > 0 ? html`<p class="muted">and ${counted(rest, "more shard")}</p>` : nothing}`;
  }

  static override styles = [
    controls,
    figureTable,
    bars,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
      }
      section,
      section > div {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 6px;
        min-width: 0;
      }
      section {
        margin-top: 8px;
      }
      strong {
        color: var(--text);
      }
      .moved th {
        width: 100%;
        padding-bottom: 4px;
      }
      .moved td {
        vertical-align: bottom;
      }
      tfoot tr {
        border-top: 1px solid var(--line);
      }
    `,
  ];
}

/** What hash modulo is called: by the schema, as everything that has a name. */
function moduloIn(schema: JsonSchema | null | undefined): string {
  const choice = schema?.$defs?.["Placement"]?.oneOf?.find((one) => one.const === "hash_modulo");
  return choice?.title ?? "Hash modulo";
}

customElements.define("store-card", StoreCard);
