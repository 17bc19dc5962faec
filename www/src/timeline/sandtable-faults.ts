import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { controls } from "../panel/controls.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { Fault } from "../model/views.js";
import type { Gutters } from "./axis.js";
import { isMoment } from "../model/faults.js";
import {
  barEnd,
  dragged,
  faultLabel,
  faultSentence,
  type Grip,
  joining,
  type LabelPlace,
  labelPlace,
  lanes,
  type Placement,
  snapFor,
} from "./faults.js";

const LANE = 22;
/** A label is about this wide a letter, in pixels; lanes are packed by it. */
const LETTER = 6.2;
/** A pointer that moved less than this has clicked. */
const CLICK_PX = 4;

const TONES: Record<Fault["kind"], string> = {
  crash: "broken",
  errors: "broken",
  slow: "late",
  failing_checks: "late",
  drain: "waiting",
  traffic: "accent",
  add_shard: "accent",
  remove_shard: "accent",
  weigh_shard: "accent",
  even_out: "accent",
  stop_projection: "late",
  crash_projection: "broken",
  deliver_twice: "late",
  out_of_order: "late",
  rebuild: "accent",
};

interface Drag {
  readonly index: number;
  readonly grip: Grip;
  readonly from_x: number;
  readonly start: Placement;
  moved: boolean;
}

/** The faults of the scenario as bars on the time axis, to be moved, stretched and removed. */
export class SandtableFaults extends StoreElement {
  static override properties: PropertyDeclarations = {
    width: { attribute: false },
    gutters: { attribute: false },
    end_ms: { attribute: false },
  };
  declare width: number;
  declare gutters: Gutters;
  declare end_ms: number;
  protected override readonly watched: readonly StateKey[] = ["scenario"];

  #drag: Drag | undefined;
  #pointerX = 0;
  #frame: number | undefined;

  constructor() {
    super();
    this.width = 0;
    this.gutters = { left: 0, right: 0 };
    this.end_ms = 1;
  }

  override disconnectedCallback(): void {
    this.#stop();
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const faults = this.store?.state.scenario?.faults ?? [];
    const extents = faults.map((fault) => this.#extent(fault));
    const labels = extents.map((extent, index) =>
      labelPlace(extent, this.#labelWidth(faults[index], index), this.width - 2),
    );
    const lane = lanes(labels.map(({ from, to }) => ({ from, to: to + 4 })));
    const rows = Math.max(1, ...lane.map((row) => row + 1));
    return html`<div class="lanes" role="group" aria-label="Faults" style="height: ${rows * LANE}px">
      <button class="add" title="Add a fault" @click=${this.#add}>+ fault</button>
      ${faults.length === 0 ? html`<p class="none muted" style="left: ${this.gutters.left + 6}px">nothing goes wrong</p>` : undefined}
      ${faults.map((fault, index) => this.#bar(fault, index, extents[index] ?? { from: 0, to: 0 }, lane[index] ?? 0, labels[index]?.side ?? "inside"))}
    </div>`;
  }

  #labelWidth(fault: Fault | undefined, index: number): number {
    return fault === undefined ? 0 : faultLabel(fault, this.#joining(index)).length * LETTER + 8;
  }

  #joining(index: number): string | undefined {
    const scenario = this.store?.state.scenario;
    return scenario ? joining(scenario, index) : undefined;
  }

  #x(t_ms: number): number {
    const inner = this.width - this.gutters.left - this.gutters.right;
    return this.gutters.left + (Math.min(t_ms, this.end_ms) / this.end_ms) * inner;
  }

  #extent(fault: Fault): { from: number; to: number } {
    return { from: this.#x(fault.at_ms), to: this.#x(barEnd(fault, this.end_ms)) };
  }

  #bar(
    fault: Fault,
    index: number,
    extent: { from: number; to: number },
    lane: number,
    side: LabelPlace["side"],
  ): TemplateResult {
    const mark = isMoment(fault.kind);
    const place = {
      left: `${extent.from}px`,
      // A mark is as wide as its words, so that it can be grabbed.
      width: mark ? "max-content" : `${Math.max(4, extent.to - extent.from)}px`,
      top: `${lane * LANE + 1}px`,
    };
    const joins = this.#joining(index);
    const sentence = faultSentence(fault, joins);
    return html`<button
        class="fault ${TONES[fault.kind]} ${mark ? "mark" : ""} ${side}"
        style=${styleMap(place)}
        data-kind=${fault.kind}
        aria-label=${sentence}
        aria-describedby=${mark ? "how-mark" : "how"}
        title=${sentence}
        @pointerdown=${(event: PointerEvent) => {
          this.#grab(event, index);
        }}
        @pointermove=${this.#move}
        @pointerup=${this.#drop}
        @pointercancel=${this.#stop}
        @keydown=${(event: KeyboardEvent) => {
          this.#onKey(event, fault, index);
        }}
        @click=${(event: MouseEvent) => {
          if (event.detail === 0) this.#open(index);
        }}
      >
        <span class="label">${faultLabel(fault, joins)}</span
        >${mark ? nothing : html`<span class="grip"></span>`}</button
      >${index === 0 ? html`<span class="hidden" id="how">${HOW}</span><span class="hidden" id="how-mark">${HOW_MARK}</span>` : nothing}`;
  }

  #grab(event: PointerEvent, index: number): void {
    const fault = this.store?.state.scenario?.faults[index];
    if (fault === undefined || event.button !== 0) return;
    const bar = event.currentTarget as HTMLElement;
    bar.setPointerCapture(event.pointerId);
    const grip: Grip = (event.target as Element).classList.contains("grip") ? "end" : "whole";
    this.#pointerX = event.clientX;
    this.#drag = {
      index,
      grip,
      from_x: event.clientX,
      start: { at_ms: fault.at_ms, for_ms: fault.for_ms },
      moved: false,
    };
  }

  #move(event: PointerEvent): void {
    if (this.#drag === undefined) return;
    this.#pointerX = event.clientX;
    if (Math.abs(event.clientX - this.#drag.from_x) >= CLICK_PX) this.#drag.moved = true;
    if (this.#drag.moved) this.#frame ??= requestAnimationFrame(() => this.#follow());
  }

  /** Each frame of a drag is an edit, and so a run. */
  #follow(): void {
    this.#frame = undefined;
    const drag = this.#drag;
    if (drag === undefined) return;
    const inner = Math.max(1, this.width - this.gutters.left - this.gutters.right);
    const by_ms = ((this.#pointerX - drag.from_x) / inner) * this.end_ms;
    const { at_ms, for_ms } = dragged(drag.start, drag.grip, by_ms, this.end_ms);
    const now = this.store?.state.scenario?.faults[drag.index];
    if (now?.at_ms !== at_ms || now.for_ms !== for_ms) this.store?.moveFault(drag.index, at_ms, for_ms);
  }

  #drop(): void {
    const drag = this.#drag;
    if (drag === undefined) return;
    if (drag.moved) this.#follow();
    this.#stop();
    if (!drag.moved) this.#open(drag.index);
  }

  #stop(): void {
    this.#drag = undefined;
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  #onKey(event: KeyboardEvent, fault: Fault, index: number): void {
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      event.stopPropagation();
      void this.#remove(index);
      return;
    }
    const direction = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (direction === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const by_ms = direction * snapFor(this.end_ms) * (event.shiftKey ? 10 : 1);
    const end = event.altKey && !isMoment(fault.kind);
    const { at_ms, for_ms } = dragged(fault, end ? "end" : "whole", by_ms, this.end_ms);
    this.store?.moveFault(index, at_ms, for_ms);
  }

  async #remove(index: number): Promise<void> {
    this.store?.removeFault(index);
    // The focus goes to the next bar, or where a new fault can be added.
    await this.updateComplete;
    const bars = this.renderRoot.querySelectorAll<HTMLElement>(".fault");
    (bars[Math.min(index, bars.length - 1)] ?? this.renderRoot.querySelector<HTMLElement>(".add"))?.focus();
  }

  #open(index: number): void {
    this.dispatchEvent(new CustomEvent<number>("fault-open", { detail: index, bubbles: true, composed: true }));
  }

  #add(): void {
    this.dispatchEvent(new CustomEvent("fault-add", { bubbles: true, composed: true }));
  }

  static override styles = [
    controls,
    css`
      .lanes {
        position: relative;
        overflow: hidden;
      }
      .add {
        position: absolute;
        left: 0;
        min-height: 20px;
        padding: 0 3px;
        border-color: transparent;
        color: var(--link);
        font-size: 0.6875rem;
        white-space: nowrap;
      }
      .none {
        position: absolute;
        font-size: 0.6875rem;
        line-height: 20px;
        pointer-events: none;
      }
      .fault {
        --tone: var(--accent);
        position: absolute;
        min-height: 0;
        height: ${LANE - 4}px;
        padding: 0;
        border: 0;
        border-inline-start: 3px solid var(--tone);
        background: color-mix(in srgb, var(--tone) 28%, var(--surface));
        color: var(--text);
        font-size: 0.6875rem;
        line-height: ${LANE - 4}px;
        text-align: start;
        touch-action: none;
        cursor: grab;
      }
      .fault:active {
        cursor: grabbing;
      }
      .mark {
        background: transparent;
      }
      .mark:hover {
        background: color-mix(in srgb, var(--tone) 28%, var(--surface));
      }
      .broken {
        --tone: var(--broken);
      }
      .late {
        --tone: var(--late);
      }
      .waiting {
        --tone: var(--waiting);
      }
      .fault.right:not(.mark) .label {
        position: absolute;
        top: 0;
        left: calc(100% + 2px);
      }
      .fault.left:not(.mark) .label {
        position: absolute;
        top: 0;
        right: calc(100% + 4px);
      }
      .mark.left {
        border-inline-start: 0;
        border-inline-end: 3px solid var(--tone);
        transform: translateX(-100%);
      }
      .label {
        display: block;
        width: max-content;
        padding-inline: 4px;
        white-space: nowrap;
        pointer-events: none;
      }
      .grip {
        position: absolute;
        inset: 0 -3px 0 auto;
        width: 8px;
        max-width: 60%;
        border-inline-end: 2px solid var(--tone);
        cursor: ew-resize;
      }
    `,
  ];
}

const HOW =
  "Arrow keys move it, with Shift further, with Alt they change how long it lasts. Enter opens it, Delete removes it.";

const HOW_MARK = "Arrow keys move it, with Shift further. Enter opens it, Delete removes it.";

customElements.define("sandtable-faults", SandtableFaults);
