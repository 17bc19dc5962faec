/** What can be done to the selected instance, or to all of a service, at the playhead's time. */
import { LitElement, css, html } from "lit";
import { concerns, isActive, isOfAService } from "../model/faults.js";
import { spoken } from "../model/names.js";
import type { Store } from "../model/store.js";
import type { Fault, FaultDraft } from "../model/views.js";
import { clock } from "../panel/number.js";
import { buttons } from "../style/controls.js";

type Kind = Fault["kind"];

const ACTIONS: readonly { kind: Kind; label: string; means: string }[] = [
  { kind: "crash", label: "Crash", means: "what it has in hand fails, and so does what still comes" },
  { kind: "slow", label: "Slow down", means: "it works four times slower" },
  { kind: "errors", label: "Fail requests", means: "half of its answers are errors" },
  { kind: "drain", label: "Drain", means: "it finishes what it has and gets nothing new" },
  { kind: "failing_checks", label: "Fail health checks", means: "it serves, but fails its checks" },
  { kind: "remove_shard", label: "Take out of the map", means: "its keys move to the other shards" },
  { kind: "add_shard", label: "Add a shard", means: "keys move to it from the others" },
  { kind: "stop_projection", label: "Stop the projection", means: "it takes no events in" },
  { kind: "crash_projection", label: "Crash the projection", means: "what it has just done is not written down" },
  { kind: "deliver_twice", label: "Deliver twice", means: "half of the events come again" },
  { kind: "out_of_order", label: "Out of order", means: "half of the events come late" },
  { kind: "rebuild", label: "Rebuild", means: "it is emptied, and made again of the log" },
  { kind: "even_out", label: "Even out", means: "slots or ranges are dealt out again" },
];

/** Of an instance. */
const OF_AN_INSTANCE: readonly Kind[] = ["crash", "slow", "errors", "drain", "failing_checks"];

/** Of a whole service only what a service as such suffers: its balancer, its host or its dependency fails. */
const OF_A_SERVICE: readonly Kind[] = ["crash", "slow", "errors"];

class SandtableActions extends LitElement {
  static override properties = {
    store: { attribute: false },
    target: { attribute: false },
    whole: { attribute: false },
    kinds: { attribute: false },
    t_ms: { attribute: false },
    faults: { attribute: false },
  };

  static override styles = [
    buttons,
    css`
      :host {
        display: block;
        background: var(--st-raised);
        border: 1px solid var(--st-line-strong);
        padding: 0.6rem 0.7rem 0.7rem;
        box-sizing: border-box;
        box-shadow: 0 6px 24px rgb(0 0 0 / 25%);
      }
      p {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        gap: 0.5rem;
        margin: 0 0 0.5rem;
        font-size: 0.8125rem;
        color: var(--st-muted);
        font-variant-numeric: tabular-nums;
      }
      strong {
        color: var(--st-text);
      }
      div {
        display: grid;
        grid-template-columns: auto auto;
        gap: 0.35rem;
      }
      div button {
        padding: 0.3rem 0.5rem;
        font-size: 0.8125rem;
        min-height: 1.9rem;
        text-align: start;
        white-space: nowrap;
      }
      .close {
        border: 0;
        background: none;
        min-height: 1.5rem;
        padding: 0 0.3rem;
      }
    `,
  ];

  declare store: Store | null;
  declare target: string;
  /** Whether the target is a service with all its instances. */
  declare whole: boolean;
  /** What can be done to it, where it is a shard or a store. */
  declare kinds: readonly Kind[] | null;
  declare t_ms: number;
  declare faults: readonly Fault[];

  constructor() {
    super();
    this.store = null;
    this.target = "";
    this.whole = false;
    this.kinds = null;
    this.t_ms = 0;
    this.faults = [];
  }

  override render(): unknown {
    const run = this.store?.state.run;
    const holding = this.faults.filter((fault) => isActive(fault, this.t_ms));
    const active = run ? holding.filter((fault) => concerns(run, fault, this.target)) : [];
    // One on the whole service can't end for one instance alone.
    const kinds = this.kinds ?? (this.whole ? OF_A_SERVICE : OF_AN_INSTANCE);
    const wider = this.whole || !run ? undefined : active.find((fault) => isOfAService(run, fault));
    return html`
      <p>
        <span><strong>${spoken(this.target)}</strong>${this.whole ? ", all of it," : ""} at ${clock(this.t_ms)}</span>
        <button type="button" class="close" aria-label="Close" @click=${() => this.store?.select(null)}>✕</button>
      </p>
      <div role="group" aria-label="Do to ${spoken(this.target)}, now">
        ${ACTIONS.filter(({ kind }) => kinds.includes(kind)).map(
          ({ kind, label, means }) => html`
            <button
              type="button"
              title="${label}: ${means}"
              aria-disabled=${this.#suffers(kind, active)}
              @click=${() => this.#add(kind, active)}
            >
              ${label}
            </button>
          `,
        )}
        <button
          type="button"
          title="Bring back: whatever is wrong with it ends now${wider ? `, for all of ${wider.target}` : ""}"
          aria-disabled=${active.length === 0}
          @click=${() => this.#bringBack(active)}
        >
          Bring back${wider ? ` all of ${wider.target}` : ""}
        </button>
      </div>
    `;
  }

  #now(): number {
    return this.store?.state.playhead_ms ?? this.t_ms;
  }

  /** A second fault of the same kind would change nothing, unless the first strikes only a part of what is picked. */
  #suffers(kind: Kind, active: readonly Fault[]): boolean {
    const run = this.store?.state.run;
    return active.some((fault) => fault.kind === kind && (!this.whole || (run ? isOfAService(run, fault) : false)));
  }

  // What can't be done now stays focusable: a button that is disabled under the keyboard would lose the focus.

  #add(kind: Kind, active: readonly Fault[]): void {
    if (this.#suffers(kind, active)) return;
    const fault: FaultDraft = { kind, target: this.target, at_ms: this.#now(), for_ms: null };
    this.store?.addFault(fault);
  }

  #bringBack(active: readonly Fault[]): void {
    if (active.length > 0) this.store?.endFaultsAt(this.target, this.#now());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "sandtable-actions": SandtableActions;
  }
}

customElements.define("sandtable-actions", SandtableActions);
