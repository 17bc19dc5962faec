import { type TemplateResult, html, nothing } from "lit";
import { OFFERS, PATTERNS, type Offer } from "./scenarios.js";
import type { Tone } from "./theme-choice.js";

export interface HeaderActions {
  readonly offer: (offer: Offer) => void;
  /** Undoes all edits of the scenario that was chosen. */
  readonly back: () => void;
  readonly traffic: () => void;
  readonly share: () => void;
  readonly export: () => void;
  readonly import: () => void;
  readonly theme: () => void;
  readonly help: () => void;
  readonly skip: () => void;
}

export interface Chosen {
  /** None where the scenario is the reader's own. */
  readonly offer: Offer | undefined;
  readonly edited: boolean;
}

const MARK = html`<svg class="mark" viewBox="0 0 64 64" width="22" height="22" aria-hidden="true">
  <path fill="#c5203e" d="M0 0h64v64H0z" />
  <path fill="none" stroke="#fff" stroke-width="6" d="m10 44 14-17 12 10 18-20" />
</svg>`;

const HALF = html`<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
  <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.4" />
  <path d="M8 1.8a6.2 6.2 0 0 1 0 12.4Z" fill="currentColor" />
</svg>`;

export function header(actions: HeaderActions, chosen: Chosen, tone: Tone): TemplateResult {
  const other = tone === "dark" ? "light" : "dark";
  return html`<header>
    <button type="button" class="skip" @click=${actions.skip}>Skip to the stage</button>
    <h1>
      ${MARK}<span class="brand">Sandtable</span>
      <span class="pattern">${chosen.offer?.pattern ?? "Own scenario"}</span>
    </h1>
    ${scenario(actions, chosen)}
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

function scenario(actions: HeaderActions, { offer, edited }: Chosen): TemplateResult {
  const onOffer = (event: Event): void => {
    const id = (event.target as HTMLSelectElement).value;
    const picked = OFFERS.find((each) => each.id === id);
    if (picked) actions.offer(picked);
  };
  const onBack = (event: Event): void => {
    actions.back();
    // The button goes; what it belongs to keeps the focus.
    (event.currentTarget as HTMLElement).parentElement?.querySelector("select")?.focus();
  };
  const own = offer === undefined ? "your own" : edited ? `${offer.name} (edited)` : null;
  return html`<div class="offer">
    <label for="scenario">Scenario</label>
    <select id="scenario" @change=${onOffer}>
      ${own === null ? nothing : html`<option value="" .selected=${true}>${own}</option>`}
      ${PATTERNS.map(
        (pattern) =>
          html`<optgroup label=${pattern}>
            ${OFFERS.filter((each) => each.pattern === pattern).map(
              (each) =>
                html`<option value=${each.id} .selected=${own === null && each === offer}>${each.name}</option>`,
            )}
          </optgroup>`,
      )}
    </select>
    <button
      type="button"
      class="square back ${edited ? "" : "none"}"
      aria-label="Back to the original"
      title="Back to the original: undo all edits"
      @click=${onBack}
    >
      ↺
    </button>
  </div>`;
}
