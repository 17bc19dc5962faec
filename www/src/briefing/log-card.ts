import { css, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { lengthAt, positionAt } from "../model/log.js";
import { modelWords, soldierName } from "../model/personnel.js";
import type { SidesDetails } from "../model/views.js";
import { controls } from "../panel/controls.js";
import { clock, count, counted } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import {
  eventAt,
  isSame,
  movesAt,
  newestBefore,
  progressWords,
  takenIn,
  takenWords,
  whoHasIt,
  type LoggedEvent,
} from "./log-reading.js";

/** So many events are listed at a time; the others can be gone back to. */
const LISTED = 6;

/** What is shown: a pair's log where the playhead is. */
interface Moment {
  readonly sides: SidesDetails;
  readonly t_ms: number;
  readonly length: number;
  /** Behind the last event that is listed. */
  readonly end: number;
  /** Of each read model, the event that it wants next. */
  readonly positions: readonly number[];
}

/** The log as it is where the playhead is, event by event: each can be opened and read. */
export class LogCard extends StoreElement {
  static override properties: PropertyDeclarations = {
    pair: { attribute: false },
    bare: { type: Boolean, reflect: true },
  };
  declare pair: number;
  /** Its title is said by what it stands in. */
  declare bare: boolean;
  protected override readonly watched: readonly StateKey[] = ["run"];
  protected override readonly flowing: readonly StateKey[] = ["playhead_ms"];

  /** Where the list ends while somebody reads it; else it follows the log. */
  #held: number | undefined;
  #open: number | undefined;
  /** What the open event says, by which it is known again in another run. */
  #read: LoggedEvent | undefined;
  /** What the last picture was made of: while the log and the read models stand still, so does the card. */
  #shown = "";

  constructor() {
    super();
    this.pair = 0;
    this.bare = false;
  }

  /** Opens the newest event at a time. */
  openNewest(t_ms: number): void {
    const sides = this.store?.state.run?.cqrs[this.pair];
    if (sides === undefined) return;
    const length = lengthAt(sides.log, t_ms);
    this.#held = length;
    this.#open = length - 1;
    this.#read = eventAt(sides.log, this.#open);
    this.requestUpdate();
    this.scrollIntoView({ block: "nearest" });
  }

  protected override storeChanged(changed: ReadonlySet<StateKey>): void {
    if (changed.has("run")) this.#letGo();
  }

  /** In another run another event may stand in the place of the one that is open: then there is nothing more to read there. */
  #letGo(): void {
    const log = this.store?.state.run?.cqrs[this.pair]?.log;
    // Between two runs it isn't known yet.
    if (log === undefined || this.#held === undefined) return;
    const now = this.#open === undefined ? undefined : eventAt(log, this.#open);
    if (this.#open !== undefined && isSame(now, this.#read)) return;
    this.#held = this.#open = this.#read = undefined;
  }

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    const now = this.#fingerprint();
    if (changed.size === 0 && now === this.#shown) return false;
    this.#shown = now;
    return true;
  }

  #fingerprint(): string {
    const { run, playhead_ms = 0 } = this.store?.state ?? {};
    const log = run?.cqrs[this.pair]?.log;
    if (log === undefined) return "";
    return [run?.epoch, this.#held, this.#open, lengthAt(log, playhead_ms), ...movesAt(log, playhead_ms)].join(" ");
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run, playhead_ms: t_ms = 0 } = this.store?.state ?? {};
    const sides = run?.cqrs[this.pair];
    // One model is written in place: there is no log between it and anybody.
    if (sides === undefined || sides.shared) return nothing;
    const length = lengthAt(sides.log, t_ms);
    const end = Math.min(this.#held ?? length, length);
    const positions = sides.models.map((_, model) => positionAt(sides.log, model, t_ms));
    const moment: Moment = { sides, t_ms, length, end, positions };
    return html`<section aria-labelledby="title">
      <h2 class="small" id="title">Log of ${sides.name}</h2>
      <p>${counted(length, "event")} where the playhead is.</p>
      ${this.#progress(moment)}
      <ol reversed aria-label="Events, the newest first">
        ${repeat(
          newestBefore(end, LISTED),
          (position) => position,
          (position) => this.#event(moment, position),
        )}
      </ol>
      ${this.#turning(moment)}
    </section>`;
  }

  #progress({ sides, length, positions }: Moment): TemplateResult {
    return html`<ul aria-label="Read models">
      ${sides.models.map(
        (kind, model) =>
          html`<li><span class="muted">${modelWords(kind)}</span> ${progressWords(positions[model] ?? 0, length)}</li>`,
      )}
    </ul>`;
  }

  #event(moment: Moment, position: number): TemplateResult | typeof nothing {
    const event = eventAt(moment.sides.log, position);
    if (event === undefined) return nothing;
    const open = position === this.#open;
    return html`<li class=${open ? "open" : ""}>
      <button class="title" aria-expanded=${open} @click=${() => this.#toggle(moment, position)}>
        <span class="muted">${count(position)} · ${clock(event.at_ms)}</span>
        <span>${event.event}</span>
      </button>
      ${this.#models(moment, position)} ${open ? this.#details(moment, event) : nothing}
    </li>`;
  }

  #models({ sides, positions }: Moment, position: number): TemplateResult {
    const { has, lacks } = whoHasIt(sides.models, positions, position);
    return html`<p class="models">
      ${has === "" ? nothing : html`<span class="muted">✓ in ${has}</span>`}
      ${lacks === "" ? nothing : html`<span class="lacks">◷ not yet in ${lacks}</span>`}
    </p>`;
  }

  #details(moment: Moment, event: LoggedEvent): TemplateResult {
    return html`<dl>
      <dt>command</dt>
      <dd>${event.request === null ? "none: it was so at the start" : this.#command(event, event.request)}</dd>
      <dt>event</dt>
      <dd>
        ${event.event}. Version ${count(event.version)} of ${soldierName(event.person)}; written at
        <button class="link" @click=${() => this.store?.seek(event.at_ms)}>${clock(event.at_ms)}</button>
      </dd>
      ${moment.sides.models.map((kind, model) => this.#taken(moment, event, kind, model))}
    </dl>`;
  }

  #command(event: LoggedEvent, request: number): TemplateResult {
    const onClick = (): void => this.store?.select({ kind: "request", id: request });
    return html`${event.command}, by <button class="link" @click=${onClick}>request ${count(request)}</button>`;
  }

  #taken({ sides, t_ms }: Moment, { position, at_ms }: LoggedEvent, kind: string, model: number): TemplateResult {
    const taken = takenIn(sides.log, model, position, t_ms);
    const lost = taken.length > 0 && positionAt(sides.log, model, t_ms) <= position;
    const words = taken.length === 0 ? "not yet" : takenWords(taken, at_ms);
    return html`<dt>taken in ${modelWords(kind)}</dt>
      <dd>${words}${lost ? "; it has yet to be taken in again" : ""}</dd>`;
  }

  #toggle({ end, sides }: Moment, position: number): void {
    this.#open = this.#open === position ? undefined : position;
    this.#read = this.#open === undefined ? undefined : eventAt(sides.log, this.#open);
    // What is read stays where it is, also while more is written.
    this.#held = end;
    this.requestUpdate();
  }

  #turning({ length, end }: Moment): TemplateResult {
    const turn = (to: number): void => {
      this.#held = to;
      this.requestUpdate();
    };
    const onFollow = (): void => {
      this.#held = undefined;
      this.requestUpdate();
    };
    const following = this.#held === undefined;
    return html`<div class="buttons">
      <button ?disabled=${end <= LISTED} @click=${() => turn(end - LISTED)}>Older</button>
      <button ?disabled=${end >= length} @click=${() => turn(Math.min(length, end + LISTED))}>Newer</button>
      <button aria-pressed=${following} @click=${onFollow}>Follow the log</button>
    </div>`;
  }

  static override styles = [
    controls,
    css`
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 6px;
        margin-top: 8px;
      }
      :host([bare]) h2 {
        display: none;
      }
      ol,
      ul {
        list-style: none;
      }
      ol {
        display: grid;
        gap: 4px;
        overflow-wrap: anywhere;
      }
      ol > li {
        padding-inline-start: 8px;
        border-inline-start: 3px solid var(--line);
      }
      ol > li.open {
        border-inline-start-color: var(--accent);
      }
      .title {
        display: grid;
        width: 100%;
        padding: 2px 0;
        border: 0;
        text-align: start;
      }
      .title:hover {
        text-decoration: underline;
      }
      .title .muted,
      .models,
      dl {
        font-size: 0.75rem;
      }
      .models {
        display: flex;
        flex-wrap: wrap;
        gap: 0 10px;
      }
      .lacks {
        color: var(--late);
      }
      dl {
        display: grid;
        gap: 2px;
        padding-block: 4px;
      }
      dt {
        color: var(--muted);
      }
      dd {
        padding-inline-start: 10px;
      }
      dd button.link {
        min-height: 0;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .buttons [aria-pressed="true"] {
        border-color: var(--accent);
      }
    `,
  ];
}

customElements.define("log-card", LogCard);
