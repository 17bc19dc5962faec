import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { clock, count, percent } from "../panel/number.js";
import { resolve, schemaAt } from "../panel/schema.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { StoreDetails } from "../model/views.js";
import { hueOf } from "../stage/draw/hues.js";
import { type ShardNow, keysIn, nowOf, shardsOf, storeOf } from "../stage/reading/shards.js";
import { movedWords, movingWords, sharesOf, versionWords } from "./shard-words.js";
import { fact, facts, figuresTable } from "./styles.js";

/** More shards than this are no longer read. */
const MOST_SHOWN = 50;

/** The router of a store: how keys find their shards, and what is on the move. */
export class InspectMap extends StoreElement {
  static override properties: PropertyDeclarations = { station: { attribute: false } };
  /** The store's number among services and stores. */
  declare station: number;
  protected override readonly watched: readonly StateKey[] = ["run"];
  protected override readonly flowing: readonly StateKey[] = ["frame", "playhead_ms"];

  constructor() {
    super();
    this.station = 0;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run, frame } = this.store?.state ?? {};
    const details = run ? storeOf(run, this.station) : null;
    if (!frame || !details) return nothing;
    const { title, help } = this.#placement(details);
    const rows = shardsOf(frame, details);
    const t_ms = nowOf(frame);
    return html`<p><strong>${title}.</strong> ${help}</p>
      <dl>
        ${fact("shards", count(rows.filter(({ presence }) => presence === "inMap").length))}
        ${fact("keys", count(keysIn(rows)))} ${fact("map", versionWords(details, t_ms))}
        ${fact("on the move", movingWords(details, rows))} ${fact("moved by this map", movedWords(details, t_ms))}
      </dl>
      ${this.#shares(rows, t_ms)} ${this.#changes(details)}`;
  }

  #placement({ placement }: StoreDetails): { title: string; help: string } {
    const { schema } = this.store?.state ?? {};
    const field = schema ? schemaAt(schema, ["stores", 0, "sharding", "placement"]) : undefined;
    const choice = schema && field ? resolve(schema, field).oneOf?.find((one) => one.const === placement) : undefined;
    return { title: choice?.title ?? placement, help: choice?.description ?? "" };
  }

  #shares(rows: readonly ShardNow[], t_ms: number): TemplateResult {
    const names = this.store?.state.run?.instanceNames ?? [];
    const here = rows.filter(({ presence }) => presence === "inMap" || presence === "leaving").slice(0, MOST_SHOWN);
    return html`<table>
      <caption>
        Shares
      </caption>
      <thead>
        <tr>
          <th scope="col">shard</th>
          <th scope="col">map</th>
          <th scope="col">keys</th>
          <th scope="col">even</th>
        </tr>
      </thead>
      <tbody>
        ${here.map(({ shard, store }) => {
          const { map, keys, even } = sharesOf(rows, shard, t_ms);
          const name = names[store.first_instance + shard * store.copies] ?? "";
          return html`<tr>
            <th scope="row">
              <span class="hue" style="background: var(--st-shard-${hueOf(shard)})"></span>
              ${name.slice(name.lastIndexOf("/") + 1)}
            </th>
            <td>${percent(map)}</td>
            <td>${percent(keys)}</td>
            <td>${percent(even)}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  #changes(details: StoreDetails): TemplateResult {
    const { run, playhead_ms: now = 0 } = this.store?.state ?? {};
    const changes = run?.report?.stores[run.services[this.station]?.store ?? 0]?.changes ?? [];
    if (details.maps.length < 2 || changes.length === 0)
      return html`<h3>Changes</h3>
        <p class="muted">None: the map stays as it is throughout.</p>`;
    return html`<h3>Changes</h3>
      <ol class="steps" aria-label="Changes">
        ${changes.map(
          ({ at_ms, what, moved_percent, least_percent }) =>
            html`<li>
              <button class=${at_ms <= now ? "past" : ""} @click=${() => this.store?.seek(at_ms)}>
                <span class="at">${clock(at_ms)}</span>
                <span>${what}: ${percent(moved_percent)} of the keys move, ${percent(least_percent)} at least</span>
              </button>
            </li>`,
        )}
      </ol>`;
  }

  static override styles = [
    controls,
    facts,
    figuresTable,
    css`
      .hue {
        display: inline-block;
        width: 9px;
        height: 9px;
        margin-inline-end: 4px;
      }
    `,
  ];
}

customElements.define("inspect-map", InspectMap);
