import { css, html, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { clock, count, counted, plain, span, THIN } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { SCALAR, type StepKind } from "../model/views.js";
import { icons } from "./icons.js";
import { LAST_STOP, speedAt, speedSentence, speedText, stopOf } from "./speed.js";

/** Play, pause and step; the speed; where the playhead is, and of how much. */
export class SandtableTransport extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run", "playing", "speed", "running"];
  protected override readonly flowing: readonly StateKey[] = ["frame"];

  /** The time changes with every frame; one text node is all that has to follow. */
  protected override storeChanged(changed: ReadonlySet<StateKey>): void {
    if (!changed.has("playhead_ms")) return;
    const output = this.renderRoot.querySelector(".time");
    if (output !== null) output.textContent = clock(this.store?.state.playhead_ms);
  }

  protected override render(): TemplateResult {
    const state = this.store?.state;
    return html`<div class="bar" role="group" aria-label="Playback">
      <div class="buttons">${this.#buttons(state?.playing === true)}</div>
      <div class="now">
        <strong class="time" .textContent=${clock(state?.playhead_ms)}></strong>
        <span class="end muted">of ${span(state?.run?.end_ms)}</span>
      </div>
      ${this.#speed(state?.speed ?? 1)}
      <p class="about muted">${this.#about()}</p>
    </div>`;
  }

  #buttons(playing: boolean): TemplateResult {
    const step = (what: StepKind, direction: 1 | -1) => () => void this.store?.step(what, direction);
    const seek = (t_ms: number) => () => this.store?.seek(t_ms);
    const button = (name: string, icon: TemplateResult, onClick: () => void): TemplateResult =>
      html`<button aria-label=${name} title=${name} @click=${onClick}>${icon}</button>`;
    const toggle = (): void => (playing ? this.store?.pause() : this.store?.play());
    return html`${button("To the start", icons.toStart, seek(0))}
      ${button("Previous request", icons.previousRequest, step("request", -1))}
      ${button("Previous event", icons.previousEvent, step("event", -1))}
      <button
        class="primary play"
        aria-label=${playing ? "Pause" : "Play"}
        title=${playing ? "Pause" : "Play"}
        @click=${toggle}
      >
        ${playing ? icons.pause : icons.play}
      </button>
      ${button("Next event", icons.nextEvent, step("event", 1))}
      ${button("Next request", icons.nextRequest, step("request", 1))}
      ${button("To the end", icons.toEnd, seek(this.store?.state.run?.end_ms ?? 0))}`;
  }

  #speed(speed: number): TemplateResult {
    const stop = stopOf(speed);
    const onInput = (event: Event): void => {
      this.store?.setSpeed(speedAt(Number((event.target as HTMLInputElement).value)));
    };
    return html`<label class="speed"
      ><span>speed</span
      ><input
        type="range"
        min="0"
        max=${LAST_STOP}
        step="1"
        .value=${String(stop)}
        style="--fill: ${(stop / LAST_STOP) * 100}%"
        aria-label="Speed"
        aria-valuetext="${speedText(speed)}, ${speedSentence(speed)}"
        @input=${onInput}
      /><strong>${speedText(speed)}</strong></label
    >`;
  }

  #about(): TemplateResult | string {
    const { run, frame, running } = this.store?.state ?? {};
    if (!run) return running === true ? "simulating…" : "";
    const every = frame?.scalars[SCALAR.drawnEvery] ?? 1;
    const drawn = every > 1 ? `1 in ${count(every)} drawn` : "all drawn";
    const took = plain(run.simulated_in_ms, run.simulated_in_ms < 10 ? 1 : 0);
    return html`${counted(run.requests, "request")} · ${drawn} ·
      <span title="Time to simulate the whole run"><span class="hidden">simulated in </span>${took}${THIN}ms</span>`;
  }

  static override styles = [
    controls,
    css`
      :host {
        container-type: inline-size;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
      }
      .buttons {
        display: flex;
        gap: 4px;
      }
      .buttons button {
        display: grid;
        place-items: center;
        min-width: 28px;
        min-height: 30px;
        padding: 0;
      }
      .buttons .play {
        min-width: 42px;
      }
      .now {
        white-space: nowrap;
      }
      .time {
        display: inline-block;
        min-width: 5em;
        font-size: 1.0625rem;
      }
      .end {
        display: inline-block;
        min-width: 4em;
      }
      .speed {
        display: flex;
        align-items: center;
        gap: 8px;
        color: var(--muted);
      }
      .speed input {
        width: 80px;
      }
      .speed strong {
        min-width: 4ch;
        color: var(--text);
      }
      @container (width < 800px) {
        .bar {
          column-gap: 7px;
        }
        .speed {
          gap: 6px;
        }
        .speed input {
          width: 60px;
        }
      }
      .about {
        margin-inline-start: auto;
        font-size: 0.75rem;
      }
    `,
  ];
}

customElements.define("sandtable-transport", SandtableTransport);
