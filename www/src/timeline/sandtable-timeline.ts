import { css, html, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { clock } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { needs } from "../parts.js";
import { axisEnd, guttersFor, ticks, timeAt } from "./axis.js";
import type { SandtableFaultDialog } from "./sandtable-fault-dialog.js";
import "./sandtable-faults.js";
import "./sandtable-transport.js";

/** Half the width of the playhead's thumb: a native slider's thumb stays within its track. */
const THUMB = 8;
/** One press of an arrow key moves the playhead by this share of the axis. */
const KEY_SHARE = 1 / 600;

/** Time: how it is played, what goes wrong when, what was measured, and where the reader is in it. */
export class SandtableTimeline extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run"];

  #cleanup: AbortController | undefined;
  #width = 0;
  #pointerX: number | undefined;
  #frame: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#cleanup = new AbortController();
    const { signal } = this.#cleanup;
    const observer = new ResizeObserver(() => this.#measure());
    void this.updateComplete.then(() => {
      const plots = this.renderRoot.querySelector(".plots");
      if (plots !== null && !signal.aborted) observer.observe(plots);
    });
    signal.addEventListener("abort", () => observer.disconnect());
  }

  override disconnectedCallback(): void {
    this.#cleanup?.abort();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    super.disconnectedCallback();
  }

  /** Every frame moves the playhead; nothing else has to be made anew. */
  protected override storeChanged(changed: ReadonlySet<StateKey>): void {
    if (changed.has("playhead_ms") || changed.has("playing")) this.#place();
  }

  get #end(): number {
    const run = this.store?.state.run;
    return run ? axisEnd(run.duration_ms, run.end_ms) : 60_000;
  }

  protected override render(): TemplateResult {
    const gutters = guttersFor(this.#width);
    const end = this.#end;
    const inner = `left: ${gutters.left}px; right: ${gutters.right}px`;
    return html`<sandtable-transport .store=${this.store}></sandtable-transport>
      <div
        class="plots"
        @pointerdown=${this.#grab}
        @pointermove=${this.#drag}
        @pointerup=${this.#drop}
        @pointercancel=${this.#drop}
        @fault-open=${(event: CustomEvent<number>) => void this.#form((dialog) => dialog.open(event.detail))}
        @fault-add=${() => void this.#form((dialog) => dialog.add())}
      >
        <div class="scrub">
          <input
            type="range"
            min="0"
            max=${end}
            step="any"
            aria-label="Playhead"
            @input=${this.#onRange}
            @keydown=${this.#onKey}
            style="left: ${gutters.left - THUMB}px; width: ${Math.max(0, this.#width - gutters.left - gutters.right + 2 * THUMB)}px"
          />
        </div>
        <sandtable-faults
          .store=${this.store}
          .width=${this.#width}
          .gutters=${gutters}
          .end_ms=${end}
        ></sandtable-faults>
        <sandtable-charts .store=${this.store}></sandtable-charts>
        <div class="over" style=${inner} aria-hidden="true"><div class="line"></div></div>
        <div class="ticks" aria-hidden="true">${this.#ticks(end, gutters.left, gutters.right)}</div>
      </div>
      <sandtable-fault-dialog .store=${this.store}></sandtable-fault-dialog>`;
  }

  protected override updated(): void {
    this.#place();
  }

  #ticks(end: number, left: number, right: number): TemplateResult[] {
    const inner = Math.max(0, this.#width - left - right);
    return ticks(end, inner).map(
      (tick) => html`<span style="left: ${(left + (tick.at_ms / end) * inner).toFixed(1)}px">${tick.label}</span>`,
    );
  }

  async #form(open: (dialog: SandtableFaultDialog) => void): Promise<void> {
    if (!(await needs(this, "form for faults"))) return;
    const dialog = this.renderRoot.querySelector<SandtableFaultDialog>("sandtable-fault-dialog");
    if (dialog) open(dialog);
  }

  #place(): void {
    const state = this.store?.state;
    const line = this.renderRoot.querySelector<HTMLElement>(".line");
    const range = this.renderRoot.querySelector<HTMLInputElement>(".scrub input");
    if (state === undefined || line === null || range === null) return;
    const share = Math.min(1, state.playhead_ms / this.#end);
    line.style.left = `${(share * 100).toFixed(4)}%`;
    range.value = String(state.playhead_ms);
    // While playing, a screen reader on the slider would read out every frame.
    if (!state.playing)
      range.setAttribute("aria-valuetext", `${clock(state.playhead_ms)} of ${clock(state.run?.end_ms)}`);
  }

  #measure(): void {
    const width = Math.floor(this.renderRoot.querySelector(".plots")?.clientWidth ?? 0);
    if (width === this.#width) return;
    this.#width = width;
    this.requestUpdate();
  }

  #onRange(event: Event): void {
    this.store?.seek(Number((event.target as HTMLInputElement).value));
  }

  #onKey(event: KeyboardEvent): void {
    const direction = { ArrowRight: 1, ArrowUp: 1, PageUp: 10, ArrowLeft: -1, ArrowDown: -1, PageDown: -10 }[event.key];
    const state = this.store?.state;
    if (direction === undefined || state === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.store?.seek(state.playhead_ms + direction * this.#end * KEY_SHARE * (event.shiftKey ? 10 : 1));
  }

  #grab(event: PointerEvent): void {
    const onControl = event
      .composedPath()
      .some((node) => node instanceof HTMLElement && /^(BUTTON|INPUT|DIALOG)$/.test(node.tagName));
    if (onControl || event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#follow(event.clientX);
  }

  #drag(event: PointerEvent): void {
    if (this.#pointerX !== undefined) this.#follow(event.clientX);
  }

  #drop(): void {
    this.#pointerX = undefined;
  }

  /** Seeks once a frame, however often the pointer reports. */
  #follow(x: number): void {
    this.#pointerX = x;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      const plots = this.renderRoot.querySelector(".plots");
      if (plots === null) return;
      const { left, width } = plots.getBoundingClientRect();
      this.store?.seek(timeAt(x - left, width, guttersFor(width), this.#end));
    });
  }

  static override styles = [
    controls,
    css`
      :host {
        min-width: 0;
      }
      /* Where the timeline scrolls, the run can still be played. */
      sandtable-transport {
        position: sticky;
        top: 0;
        z-index: 3;
        background: var(--surface);
      }
      .plots {
        position: relative;
        margin-top: 8px;
        touch-action: pan-y;
        cursor: ew-resize;
        user-select: none;
      }
      .scrub {
        position: relative;
        height: 14px;
      }
      .scrub input[type="range"] {
        position: absolute;
        top: 0;
        z-index: 2;
        height: 14px;
        cursor: ew-resize;
      }
      .scrub input::-webkit-slider-runnable-track {
        height: 14px;
        background: none;
      }
      .scrub input::-moz-range-track {
        height: 14px;
        background: none;
      }
      .scrub input[type="range"]::-webkit-slider-thumb {
        width: ${2 * THUMB}px;
        height: 12px;
        margin: 2px 0 0;
        border: 0;
        background: var(--gold);
        box-shadow: none;
        clip-path: polygon(0 0, 100% 0, 50% 100%);
      }
      .scrub input[type="range"]::-moz-range-thumb {
        width: ${2 * THUMB}px;
        height: 12px;
        border: 0;
        background: var(--gold);
        box-shadow: none;
        clip-path: polygon(0 0, 100% 0, 50% 100%);
      }
      /* As high as they will be, so that nothing jumps when they are there. */
      sandtable-charts {
        display: block;
        min-height: 252px;
      }
      @media (width < 560px) {
        sandtable-charts {
          min-height: 316px;
        }
      }
      .over {
        position: absolute;
        top: 12px;
        bottom: 18px;
        z-index: 1;
        pointer-events: none;
      }
      .line {
        position: absolute;
        top: 0;
        bottom: 0;
        width: 2px;
        margin-inline-start: -1px;
        background: var(--gold);
      }
      /* Where the timeline scrolls, its axis stays in sight. */
      .ticks {
        position: sticky;
        /* Down to the edge, over the margin of what scrolls. */
        bottom: -8px;
        z-index: 1;
        height: 26px;
        margin-bottom: -8px;
        background: var(--surface);
        color: var(--muted);
        font-size: 0.6875rem;
      }
      .ticks span {
        position: absolute;
        translate: -50% 0;
        white-space: nowrap;
      }
    `,
  ];
}

customElements.define("sandtable-timeline", SandtableTimeline);
