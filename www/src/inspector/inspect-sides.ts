import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { modelWords } from "../model/personnel.js";
import { count, percent, span } from "../panel/number.js";
import { resolve, schemaAt } from "../panel/schema.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { type ModelNow, modelsOf, sidesOf } from "../stage/reading/sides.js";
import { modelSentence } from "./side-words.js";
import { fact, facts, figuresTable } from "./styles.js";

/** Two sides as a whole: the models that they have, and how far each read model has come. */
export class InspectSides extends StoreElement {
  static override properties: PropertyDeclarations = { station: { attribute: false } };
  /** The pair's number among services, stores and pairs. */
  declare station: number;
  protected override readonly watched: readonly StateKey[] = ["run"];
  protected override readonly flowing: readonly StateKey[] = ["frame"];

  constructor() {
    super();
    this.station = 0;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run, frame } = this.store?.state ?? {};
    const details = run ? sidesOf(run, this.station) : null;
    if (!frame || !details) return nothing;
    const { title, help } = this.#layout(details.shared);
    const models = modelsOf(frame, details);
    return html`<p><strong>${title}.</strong> ${help}</p>
      ${details.shared ? nothing : html`<dl>${fact("events", count(models[0]?.events ?? 0))}</dl>`}
      ${details.shared ? nothing : this.#models(models)}`;
  }

  #layout(shared: boolean): { title: string; help: string } {
    const { schema } = this.store?.state ?? {};
    const name = shared ? "shared" : "apart";
    const field = schema ? schemaAt(schema, ["cqrs", 0, "layout"]) : undefined;
    const choice = schema && field ? resolve(schema, field).oneOf?.find((one) => one.const === name) : undefined;
    return { title: choice?.title ?? name, help: choice?.description ?? "" };
  }

  #models(models: readonly ModelNow[]): TemplateResult {
    return html`<table>
        <caption>
          Read models
        </caption>
        <thead>
          <tr>
            <th scope="col">model</th>
            <th scope="col">has</th>
            <th scope="col">lacks</th>
            <th scope="col">lag</th>
            <th scope="col" title="Of its answers of the last 2.5 s">stale</th>
          </tr>
        </thead>
        <tbody>
          ${models.map(
            ({ kind, wants, behind, age_ms, staleShare }) =>
              html`<tr>
                <th scope="row">${modelWords(kind)}</th>
                <td>${count(wants)}</td>
                <td>${count(behind)}</td>
                <td>${behind === 0 ? span(null) : span(age_ms)}</td>
                <td>${percent(Number.isNaN(staleShare) ? null : staleShare * 100)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      ${models.map((model) => html`<p>${modelSentence(model)}</p>`)}`;
  }

  static override styles = [controls, facts, figuresTable];
}

customElements.define("inspect-sides", InspectSides);
