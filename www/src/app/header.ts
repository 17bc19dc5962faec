import { type TemplateResult, html } from "lit";
import { OFFERS, type Offer } from "./scenarios.js";
import type { Tone } from "./theme-choice.js";

export interface HeaderActions {
  readonly offer: (offer: Offer) => void;
  readonly traffic: () => void;
  readonly share: () => void;
  readonly export: () => void;
  readonly import: () => void;
  readonly theme: () => void;
  readonly help: () => void;
  readonly skip: (event: Event) => void;
}

const MARK = html`<svg class="mark" viewBox="0 0 64 64" width="22" height="22" aria-hidden="true">
  <path fill="#c5203e" d="M0 0h64v64H0z" />
  <path fill="none" stroke="#fff" stroke-width="6" d="m10 44 14-17 12 10 18-20" />
</svg>`;

const HALF = html`<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
  <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.4" />
  <path d="M8 1.8a6.2 6.2 0 0 1 0 12.4Z" fill="currentColor" />
</svg>`;

export function header(actions: HeaderActions, chosen: string, tone: Tone): TemplateResult {
  const onOffer = (event: Event): void => {
    const id = (event.target as HTMLSelectElement).value;
    const offer = OFFERS.find((each) => each.id === id);
    if (offer) actions.offer(offer);
  };
  const other = tone === "dark" ? "light" : "dark";
  return html`<header>
    <a class="skip" href="#stage" @click=${actions.skip}>Skip to the stage</a>
    <h1>${MARK}<span class="brand">Sandtable</span> <span class="pattern">Load balancer</span></h1>
    <label class="offer">
      <span>Scenario</span>
      <select @change=${onOffer}>
        ${OFFERS.map(({ id, name }) => html`<option value=${id} ?selected=${id === chosen}>${name}</option>`)}
        ${chosen === "" ? html`<option value="" selected>your own</option>` : ""}
      </select>
    </label>
    <div class="tools">
      <button type="button" title="Use recorded traffic" @click=${actions.traffic}>Traffic</button>
      <button type="button" @click=${actions.share}>Share</button>
      <button type="button" @click=${actions.export}>Export</button>
      <button type="button" @click=${actions.import}>Open</button>
      <button
        type="button"
        class="square"
        aria-label="Switch to ${other}"
        title="Switch to ${other}"
        @click=${actions.theme}
      >
        ${HALF}
      </button>
      <button type="button" class="square" aria-label="Help: keys" title="Keys (?)" @click=${actions.help}>?</button>
    </div>
  </header>`;
}
