import { css, html, nothing, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { modelWords } from "../model/personnel.js";
import type { CqrsReport } from "../model/views.js";
import { cqrsFacts, MODEL_ROWS, SIDE_ROWS } from "./cqrs-figures.js";
import { figureTable } from "./figure-table.js";

/** What commands and queries came to, what was stale, and how each read model kept up with the log. */
export class CqrsCard extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run"];

  protected override render(): TemplateResult {
    const pairs = this.store?.state.run?.report?.cqrs ?? [];
    return html`${pairs.map((sides, number) => this.#sides(sides, number))}`;
  }

  #sides(sides: CqrsReport, number: number): TemplateResult {
    return html`<section aria-labelledby="title-${number}">
      <h2 class="small" id="title-${number}">${sides.shared ? "The one model of" : "Both sides of"} ${sides.name}</h2>
      ${this.#latency(sides)} ${this.#facts(sides)} ${sides.shared ? nothing : this.#models(sides)}
    </section>`;
  }

  #latency({ command_latency: commands, query_latency: queries }: CqrsReport): TemplateResult {
    return html`<table>
      <caption class="hidden">
        How long commands and queries took
      </caption>
      <thead>
        <tr>
          <td></td>
          <th scope="col">commands</th>
          <th scope="col">queries</th>
        </tr>
      </thead>
      <tbody>
        ${SIDE_ROWS.map(
          ({ name, of }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${of(commands)}</td>
              <td>${of(queries)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #facts(sides: CqrsReport): TemplateResult | typeof nothing {
    const facts = cqrsFacts(sides);
    if (facts.length === 0) return nothing;
    return html`<table>
      <caption class="hidden">
        What was rejected, and what was stale
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

  #models({ models }: CqrsReport): TemplateResult {
    return html`<div class="wide" tabindex="0" role="region" aria-label="Read models">
      <table>
        <thead>
          <tr>
            <th scope="col">read model</th>
            ${models.map(({ kind }) => html`<th scope="col">${modelWords(kind)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${MODEL_ROWS.map(
            ({ name, of }) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${models.map((model) => html`<td>${of(model)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  static override styles = [
    controls,
    figureTable,
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
    `,
  ];
}

customElements.define("cqrs-card", CqrsCard);
