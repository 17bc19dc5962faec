import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { clock, count, span } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { Explanation } from "../model/views.js";
import { fact, facts } from "./styles.js";

/** Why a request went where it went, and how it fared. */
export class InspectRequest extends StoreElement {
  static override properties: PropertyDeclarations = { request: { attribute: false } };
  declare request: number;
  protected override readonly watched: readonly StateKey[] = ["run"];
  protected override readonly flowing: readonly StateKey[] = ["playhead_ms"];

  #explanation: Explanation | undefined;
  /** The request and the run that the explanation is of, or is being asked for. */
  #asked = "";
  #follow = false;
  #failed = "";

  constructor() {
    super();
    this.request = 0;
  }

  protected override updated(): void {
    const epoch = this.store?.state.run?.epoch;
    const wanted = `${epoch ?? ""} ${this.request}`;
    if (epoch === undefined || wanted === this.#asked) return;
    this.#asked = wanted;
    void this.#explain(wanted);
  }

  async #explain(wanted: string): Promise<void> {
    try {
      const explanation = await this.store?.explain(this.request);
      if (wanted !== this.#asked) return;
      this.#explanation = explanation;
      this.#failed = "";
      if (this.#follow && explanation !== undefined) this.store?.seek(explanation.arrived_ms);
    } catch (error) {
      if (wanted !== this.#asked) return;
      this.#explanation = undefined;
      this.#failed = error instanceof Error ? error.message : String(error);
    }
    this.#follow = false;
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const one = this.#explanation;
    const last = (this.store?.state.run?.attempts ?? 0) - 1;
    return html`<div class="buttons">
        <button ?disabled=${this.request <= 0} @click=${() => this.#go(-1)}>Previous request</button>
        <button ?disabled=${this.request >= last} @click=${() => this.#go(1)}>Next request</button>
      </div>
      ${one === undefined ? html`<p class="muted" role="status">${this.#failed}</p>` : this.#story(one)}`;
  }

  #story(one: Explanation): TemplateResult {
    const name = this.store?.state.run?.instanceNames[one.instance];
    return html`<dl>
        ${fact("outcome", one.reason === "" || one.reason === "none" ? one.outcome : `${one.outcome}: ${words(one.reason)}`)}
        ${one.attempt > 1 || one.next !== null ? fact("attempt", attemptWords(one)) : nothing}
        ${fact("latency", span(one.latency_ms))} ${fact("instance", name ?? "none")} ${fact("key", count(one.key))}
      </dl>
      ${this.#kin(one)}
      <ol class="steps" aria-label="What happened">
        ${one.steps.map((step) => this.#step(step.at_ms, step.text))}
      </ol>`;
  }

  /** The other attempts of the same call, for whose sake it was made, and the calls made for its sake. */
  #kin(one: Explanation): TemplateResult | typeof nothing {
    const links: [string, number][] = [];
    if (one.previous !== null) links.push(["Previous attempt", one.previous]);
    if (one.next !== null) links.push(["Next attempt", one.next]);
    if (one.parent !== null) links.push([`Made for ${one.parent}`, one.parent]);
    links.push(...one.calls.map((call): [string, number] => [`Calls for it: ${call}`, call]));
    if (links.length === 0) return nothing;
    return html`<div class="buttons" role="group" aria-label="Attempts that belong together">
      ${links.map(([label, id]) => html`<button @click=${() => this.#open(id)}>${label}</button>`)}
    </div>`;
  }

  #step(at_ms: number, text: string): TemplateResult {
    const past = at_ms <= (this.store?.state.playhead_ms ?? 0) + 1e-6;
    return html`<li>
      <button class=${past ? "past" : ""} @click=${() => this.store?.seek(at_ms)}>
        <span class="at">${clock(at_ms)}</span><span>${text}</span>
      </button>
    </li>`;
  }

  #go(direction: 1 | -1): void {
    this.#open(this.request + direction);
  }

  #open(id: number): void {
    // The stage goes along to where the other one is sent, or it would show somebody else's time.
    this.#follow = true;
    this.store?.select({ kind: "request", id });
  }

  static override styles = [controls, facts];
}

/** How many there are in all is known of the last one only. */
function attemptWords({ attempt, next }: Explanation): string {
  return next === null ? `${attempt} of ${attempt}` : `${attempt}, tried again`;
}

function words(reason: string): string {
  return reason.replaceAll("_", " ");
}

customElements.define("inspect-request", InspectRequest);
