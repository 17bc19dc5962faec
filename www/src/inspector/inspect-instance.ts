import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { clock, count, counted, percent, perSecond, short, span } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { isActive, isOfAService, strikes } from "../model/faults.js";
import type { Fault, FaultDraft, InstanceReport } from "../model/views.js";
import { faultSentence } from "../timeline/faults.js";
import { type Side, type ModelNow, sideAt } from "../stage/reading/sides.js";
import { modelSentence, sideSentence } from "./side-words.js";
import { type ShardNow, nowOf, shardAt, shardsOf } from "../stage/reading/shards.js";
import { shardSentence, sharesOf } from "./shard-words.js";
import { fact, facts } from "./styles.js";
import { instanceNow, statusSentence, type InstanceNow } from "./words.js";

type Action = Pick<FaultDraft, "kind" | "factor" | "percent"> & { readonly kind: Fault["kind"] };

/** What an operator, or bad luck, can do to an instance at the playhead's time. */
const ACTIONS: readonly { label: string; action: Action }[] = [
  { label: "Crash", action: { kind: "crash" } },
  { label: "Slow 4×", action: { kind: "slow", factor: 4 } },
  { label: "Fail 50 %", action: { kind: "errors", percent: 50 } },
  { label: "Fail checks", action: { kind: "failing_checks" } },
  { label: "Drain", action: { kind: "drain" } },
];

/** A shard is neither checked nor drained: it is taken out of the map. */
const OF_A_SHARD: readonly Fault["kind"][] = ["crash", "slow", "errors"];

/** What can happen to how a read model is kept. */
const OF_A_PROJECTION: typeof ACTIONS = [
  { label: "Stop projection", action: { kind: "stop_projection" } },
  { label: "Crash projection", action: { kind: "crash_projection" } },
  { label: "Deliver twice", action: { kind: "deliver_twice", percent: 50 } },
  { label: "Out of order", action: { kind: "out_of_order", percent: 50 } },
  { label: "Rebuild", action: { kind: "rebuild" } },
];

function actionsFor(shard: ShardNow | null, side: Side | null): typeof ACTIONS {
  if (!shard && !side) return ACTIONS;
  const own = ACTIONS.filter(({ action }) => OF_A_SHARD.includes(action.kind));
  return side?.model ? [...own, ...OF_A_PROJECTION] : own;
}

export class InspectInstance extends StoreElement {
  static override properties: PropertyDeclarations = { index: { attribute: false } };
  declare index: number;
  protected override readonly watched: readonly StateKey[] = ["run", "scenario"];
  protected override readonly flowing: readonly StateKey[] = ["frame", "playhead_ms"];

  constructor() {
    super();
    this.index = 0;
  }

  get #name(): string {
    return this.store?.state.run?.instanceNames[this.index] ?? "";
  }

  protected override render(): TemplateResult {
    const state = this.store?.state;
    const now = instanceNow(state?.frame ?? null, this.index);
    const report = state?.run?.report?.instances[this.index];
    const shard = this.#shard();
    const side = this.#side();
    const said = now && (shard ? this.#shardNow(now, shard) : side ? this.#sideNow(now, side) : this.#now(now));
    return html`${said ?? nothing} ${this.#actions(shard, side)} ${this.#faults()}
    ${report === undefined ? nothing : this.#report(report)}`;
  }

  #shard(): ShardNow | null {
    const { frame, run } = this.store?.state ?? {};
    return frame && run ? shardAt({ frame, run }, this.index) : null;
  }

  /** A shard has keys where an instance has health. */
  #shardNow(now: InstanceNow, shard: ShardNow): TemplateResult {
    const frame = this.store?.state.frame;
    const rows = frame ? shardsOf(frame, shard.store) : [];
    const shares = sharesOf(rows, shard.shard, frame ? nowOf(frame) : 0);
    return html`<p>${shardSentence(shard, now.up)}</p>
      <dl>
        ${fact("keys", count(shard.keys))} ${fact("share of the keys", percent(shares.keys))}
        ${fact("share of the map", percent(shares.map))} ${fact("even share", percent(shares.even))}
        ${shard.copy > 0 ? fact("copy", `${shard.copy + 1} of ${shard.store.copies}`) : nothing}
        ${fact("reads and writes", perSecond(now.requests_per_s))} ${fact("working", count(now.working))}
        ${fact("waiting", count(now.waiting))} ${fact("utilisation", percent(now.utilisation * 100))}
        ${fact("moves out", count(shard.sending))} ${fact("moves in", count(shard.getting))}
      </dl>`;
  }

  #side(): Side | null {
    const { frame, run } = this.store?.state ?? {};
    return frame && run ? sideAt({ frame, run }, this.index) : null;
  }

  /** A read model has a place in the log where an instance has health. */
  #sideNow(now: InstanceNow, { shared, model }: Side): TemplateResult {
    return html`<p>${model ? modelSentence(model) : sideSentence(shared, now.up)}</p>
      <dl>
        ${model ? this.#modelFacts(model) : nothing} ${fact("requests", perSecond(now.requests_per_s))}
        ${fact("working", count(now.working))} ${fact("waiting", count(now.waiting))}
        ${fact("utilisation", percent(now.utilisation * 100))}
      </dl>`;
  }

  #modelFacts({ wants, events, behind, age_ms, waiting, staleShare }: ModelNow): TemplateResult {
    return html`${fact("position", `${count(wants)} of ${count(events)}`)} ${fact("lacks", counted(behind, "event"))}
    ${fact("lag", behind === 0 ? span(null) : span(age_ms))} ${fact("queries that wait for it", count(waiting))}
    ${fact("stale answers", percent(Number.isNaN(staleShare) ? null : staleShare * 100))}`;
  }

  #now(now: InstanceNow): TemplateResult {
    return html`<p>${statusSentence(now)}</p>
      <dl>
        ${fact("working", count(now.working))} ${fact("waiting", count(now.waiting))}
        ${fact("utilisation", percent(now.utilisation * 100))} ${fact("sent here", perSecond(now.requests_per_s))}
      </dl>`;
  }

  #actions(shard: ShardNow | null, side: Side | null): TemplateResult | typeof nothing {
    // What isn't there can't be struck.
    if (shard && shard.presence !== "inMap" && shard.presence !== "leaving") return nothing;
    const t_ms = Math.round(this.store?.state.playhead_ms ?? 0);
    const faults = this.store?.state.scenario?.faults ?? [];
    const run = this.store?.state.run;
    const active = faults.filter((fault) => run && strikes(run, fault, this.index) && isActive(fault, t_ms));
    const wider = active.find((fault) => run && isOfAService(run, fault));
    return html`<h3>At ${clock(t_ms)}</h3>
      <div class="buttons" role="group" aria-label="At ${clock(t_ms)}">
        ${actionsFor(shard, side).map(
          ({ label, action }) =>
            html`<button
              ?disabled=${active.some((fault) => fault.kind === action.kind)}
              @click=${() => this.#do(action)}
            >
              ${label}
            </button>`,
        )}
        <button ?disabled=${active.length === 0} @click=${() => this.store?.endFaultsAt(this.#name, this.#t_ms)}>
          Bring back${wider ? ` all of ${wider.target}` : ""}
        </button>
      </div>`;
  }

  get #t_ms(): number {
    return Math.round(this.store?.state.playhead_ms ?? 0);
  }

  #do(action: Action): void {
    this.store?.addFault({ ...action, target: this.#name, at_ms: this.#t_ms, for_ms: null });
  }

  #faults(): TemplateResult | typeof nothing {
    const faults = (this.store?.state.scenario?.faults ?? []).map((fault, index) => ({ fault, index }));
    // One on the whole service strikes this instance too; it is shown here, and ends for all.
    const run = this.store?.state.run;
    const mine = faults.filter(({ fault }) => run && strikes(run, fault, this.index));
    if (mine.length === 0) return nothing;
    return html`<h3>Faults</h3>
      <ul>
        ${mine.map(
          ({ fault, index }) =>
            html`<li>
              <button class="link" @click=${() => this.store?.seek(fault.at_ms)}>${faultSentence(fault)}</button>
              <button
                class="icon"
                aria-label="Remove: ${faultSentence(fault)}"
                @click=${() => this.store?.removeFault(index)}
              >
                ✕
              </button>
            </li>`,
        )}
      </ul>`;
  }

  #report(report: InstanceReport): TemplateResult {
    return html`<h3>Over the whole run</h3>
      <dl>
        ${fact("requests", count(report.requests))} ${fact("share", percent(report.share_percent))}
        ${fact("utilisation", percent(report.utilisation_percent))} ${fact("working, mean", short(report.mean_working))}
        ${fact("waiting, mean", short(report.mean_waiting))} ${fact("waiting, most", count(report.max_waiting))}
        ${fact("failed", count(report.failed))} ${fact("shed", count(report.shed))}
      </dl>`;
  }

  static override styles = [controls, facts];
}

customElements.define("inspect-instance", InspectInstance);
