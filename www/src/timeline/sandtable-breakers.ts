import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { controls } from "../panel/controls.js";
import { counted } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { axisEnd, guttersFor } from "./axis.js";
import { breakerBands, STATE_WORDS, type BreakerBand, type BreakerBands, type BreakerStretch } from "./breakers.js";

/** More stretches than this in a band can't be told apart, nor reached one by one. */
const MOST_STRETCHES = 120;
/** Nor are more sentences than this read one after the other. */
const MOST_TOLD = 200;
/** A word needs about this much room, in pixels. */
const ROOM_FOR_A_WORD = 58;

/** How each breaker stood over time; what happened at a change is told when it is pointed at, or has the focus. */
export class SandtableBreakers extends StoreElement {
  static override properties: PropertyDeclarations = { width: { attribute: false } };
  declare width: number;
  protected override readonly watched: readonly StateKey[] = ["run", "selection"];

  #told = "";

  constructor() {
    super();
    this.width = 0;
  }

  protected override render(): TemplateResult | typeof nothing {
    const run = this.store?.state.run;
    if (!run || this.width === 0) return nothing;
    const bands = breakerBands(run);
    if (bands.bands.length === 0) return nothing;
    const end_ms = axisEnd(run.duration_ms, run.end_ms);
    return html`<section aria-label="Breakers over time">
      ${bands.bands.map((band) => this.#band(band, end_ms))}
      <p class="told">${this.#told === "" ? this.#summary(bands) : this.#told}</p>
      <ol class="hidden" aria-label="Changes of breakers">
        ${run.breakerChanges.slice(0, MOST_TOLD).map((change) => html`<li>${change.text}</li>`)}
      </ol>
    </section>`;
  }

  #summary({ further }: BreakerBands): string {
    const changes = counted(this.store?.state.run?.breakerChanges.length ?? 0, "change");
    const rest = further > 0 ? `; ${counted(further, "more breaker")} changed, not shown` : "";
    return `${changes} of breakers in this run${rest}`;
  }

  #band(band: BreakerBand, end_ms: number): TemplateResult {
    const { left, right } = guttersFor(this.width);
    const inner = this.width - left - right;
    const { run, selection } = this.store?.state ?? {};
    const picked = selection?.kind === "call" && selection.call === band.call;
    const about = `${band.name}: pick the call ${run?.calls[band.call]?.name ?? ""}`;
    return html`<div class="band" role="group" aria-label="Breaker: ${band.name}">
      <button
        class="name"
        style="width: ${left - 4}px; font-size: ${left < 50 ? 9 : 10}px"
        title=${about}
        aria-label=${about}
        aria-pressed=${picked}
        @click=${() => this.store?.select(picked ? null : { kind: "call", call: band.call })}
      >
        ${band.name}
      </button>
      <span
        class="closed"
        style="left: ${left}px; width: ${(Math.min(run?.end_ms ?? end_ms, end_ms) / end_ms) * inner}px"
      ></span>
      ${band.stretches.slice(0, MOST_STRETCHES).map((stretch) => this.#stretch(stretch, left, inner / end_ms))}
    </div>`;
  }

  #stretch(stretch: BreakerStretch, left: number, perMs: number): TemplateResult {
    const { from_ms, to_ms, state, text } = stretch;
    const closed = state === "closed";
    const wide = (to_ms - from_ms) * perMs;
    // That it closed is a moment; the band is quiet from then on.
    const place = { left: `${left + from_ms * perMs}px`, width: `${Math.max(2, closed ? 5 : wide)}px` };
    const tell = (told: string) => (): void => {
      this.#told = told;
      this.requestUpdate();
    };
    return html`<button
      class=${state}
      style=${styleMap(place)}
      aria-label=${text}
      title=${text}
      @click=${() => this.store?.seek(from_ms)}
      @pointerenter=${tell(text)}
      @pointerleave=${tell("")}
      @focus=${tell(text)}
      @blur=${tell("")}
    >
      ${!closed && wide > ROOM_FOR_A_WORD ? html`<span>${STATE_WORDS[state]}</span>` : nothing}
    </button>`;
  }

  static override styles = [
    controls,
    css`
      .band {
        position: relative;
        height: 14px;
        overflow: hidden;
      }
      .closed {
        position: absolute;
        top: 5px;
        height: 3px;
        background: var(--accent);
      }
      button {
        position: absolute;
        top: 1px;
        height: 12px;
        min-height: 0;
        padding: 0;
        overflow: hidden;
        border: 0;
        background: var(--broken);
        font-size: 0.625rem;
        line-height: 12px;
      }
      button.name {
        top: 0;
        left: 0;
        height: 14px;
        background: none;
        color: var(--muted);
        line-height: 14px;
        text-align: end;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      button.name:hover,
      button.name[aria-pressed="true"] {
        color: var(--text);
        text-decoration: underline;
      }
      button.closed {
        top: 1px;
        height: 12px;
        background: linear-gradient(var(--accent), var(--accent)) left / 2px 100% no-repeat;
      }
      button.half_open {
        background: repeating-linear-gradient(
          135deg,
          var(--late) 0 2px,
          color-mix(in srgb, var(--late) 45%, var(--surface)) 2px 5px
        );
      }
      button.disabled {
        background: var(--waiting);
      }
      button span {
        padding-inline: 3px;
        background: var(--surface);
        color: var(--text);
      }
      button:focus-visible {
        z-index: 1;
        outline-offset: -3px;
      }
      .told {
        min-height: 18px;
        color: var(--muted);
        font-size: 0.6875rem;
        overflow-wrap: anywhere;
      }
    `,
  ];
}

customElements.define("sandtable-breakers", SandtableBreakers);
