import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { clock, count, counted, percent, perSecond, span } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { BreakerChange, CallReport, CallView, RunView } from "../model/views.js";
import {
  breakerNow,
  callNow,
  policiesOf,
  policySentences,
  poolOf,
  slowSentence,
  stateSentence,
  theoryLine,
  windowSentence,
  type BreakerNow,
  type CallPolicies,
} from "./call-words.js";
import { fact, facts } from "./styles.js";

/** More breakers, or more lines, than this are no longer read. */
const MOST_BREAKERS = 8;
const MOST_SHOWN = 200;
const MOST_CELLS = 60;

/** A call with its policies: what they are, how they stand, and what they came to. */
export class InspectCall extends StoreElement {
  static override properties: PropertyDeclarations = { call: { attribute: false } };
  declare call: number;
  protected override readonly watched: readonly StateKey[] = ["run"];
  protected override readonly flowing: readonly StateKey[] = ["frame", "playhead_ms"];

  constructor() {
    super();
    this.call = 0;
  }

  protected override render(): TemplateResult | typeof nothing {
    const run = this.store?.state.run;
    const call = run?.calls[this.call];
    const policies = run && policiesOf(run.scenario, run.calls, this.call);
    const report = run?.report?.calls[this.call];
    if (!run || !call || !policies || !report) return nothing;
    const pool = poolOf(run.scenario, call, policies);
    return html`<ol class="policies" aria-label="Policies, from the outside">
        ${policySentences(policies, pool).map(({ name, does }) => html`<li><b>${name}:</b> ${does}</li>`)}
      </ol>
      ${this.#now()} ${this.#breakers(run, call, policies)} ${pool === undefined ? nothing : this.#bulkhead(run, call)}
      ${this.#report(report)} ${this.#changes(run.breakerChanges.filter((change) => change.call === this.call))}`;
  }

  #now(): TemplateResult | typeof nothing {
    const now = callNow(this.store?.state.frame ?? null, this.call);
    if (now === undefined) return nothing;
    return html`<h3>Now</h3>
      <dl>
        ${fact("made", perSecond(now.callsPerS))} ${fact("attempts", perSecond(now.attemptsPerS))}
        ${fact("failed or refused", perSecond(now.failedPerS))} ${fact("under way", count(now.out))}
        ${now.pausing > 0 ? fact("pause before they try again", count(now.pausing)) : nothing}
      </dl>`;
  }

  #breakers(run: RunView, call: CallView, policies: CallPolicies): TemplateResult | typeof nothing {
    if (call.breakers === 0) return nothing;
    const shown = Array.from({ length: Math.min(call.breakers, MOST_BREAKERS) }, (_, place) => place);
    const rest = call.breakers - shown.length;
    return html`<h3>${call.breakers === 1 ? "Breaker" : "Breakers"}</h3>
      ${shown.map((place) => this.#breaker(run, call, place, policies))}
      ${rest > 0 ? html`<p class="muted">and ${counted(rest, "more breaker")}</p>` : nothing}`;
  }

  #breaker(run: RunView, call: CallView, place: number, policies: CallPolicies): TemplateResult | typeof nothing {
    const { frame, playhead_ms = 0 } = this.store?.state ?? {};
    const now = breakerNow(frame ?? null, call.first_breaker + place);
    if (now === undefined) return nothing;
    const { rule } = policies.breaker;
    return html`<div class="breaker">
      ${call.breakers > 1 ? html`<p><b>${breakerName(run, call, place)}</b></p>` : nothing}
      <p>
        <span class=${now.state.replace(" ", "-")} aria-hidden="true">${MARKS[now.state]}</span>
        ${stateSentence(now, playhead_ms)}
      </p>
      ${this.#window(now)}
      <p class="muted">${windowSentence(now, rule)} ${slowSentence(now, rule)}</p>
    </div>`;
  }

  /** The outcomes that count, oldest first; what they say is said in words below. */
  #window({ cells }: BreakerNow): TemplateResult | typeof nothing {
    if (cells.length === 0) return nothing;
    return html`<div class="window" aria-hidden="true">
      ${cells.slice(-MOST_CELLS).map(({ kind, share }) => html`<i class=${kind} style="--share: ${Math.round(share * 100)}%"></i>`)}
    </div>`;
  }

  #bulkhead(run: RunView, call: CallView): TemplateResult | typeof nothing {
    const frame = this.store?.state.frame ?? null;
    const own = callNow(frame, this.call);
    if (own === undefined) return nothing;
    // A pool that is shared has the calls of all who share it in its slots.
    const sharers = run.calls.flatMap((other, index) =>
      other.bulkheads > 0 && other.first_bulkhead === call.first_bulkhead ? [callNow(frame, index)] : [],
    );
    const sum = (of: "out" | "pooled"): number => sharers.reduce((total, each) => total + (each?.[of] ?? 0), 0);
    return html`<h3>Bulkhead</h3>
      <dl>
        ${fact("slots taken", `${count(sum("out"))} of ${count(own.limit)}`)}
        ${sharers.length > 1 ? fact("of them by this call", count(own.out)) : nothing}
        ${fact("waiting", own.places > 0 ? `${count(sum("pooled"))} of ${count(own.places)}` : "nobody may")}
      </dl>`;
  }

  #report(report: CallReport): TemplateResult {
    const { breaker, bulkhead } = report;
    return html`<h3>Over the whole run</h3>
      <dl>
        ${fact("made", count(report.requests))} ${fact("attempts", count(report.attempts))}
        ${fact("succeeded", count(report.succeeded))} ${fact("timed out", count(report.timed_out))}
        ${breaker === null ? nothing : fact("refused by the breaker", count(report.refused_by_breaker))}
        ${breaker === null ? nothing : fact("not closed", percent(breaker.open_percent))}
        ${bulkhead === null ? nothing : fact("refused by the bulkhead", count(report.refused_by_bulkhead))}
        ${fact("wasted work", `${span(report.wasted_work_ms)} (${percent(report.wasted_percent)})`)}
      </dl>
      ${bulkhead === null ? nothing : html`<p class="muted">${theoryLine(bulkhead.theory)}</p>`}`;
  }

  #changes(changes: readonly BreakerChange[]): TemplateResult | typeof nothing {
    if (changes.length === 0) return nothing;
    const now = this.store?.state.playhead_ms ?? 0;
    const rest = changes.length - MOST_SHOWN;
    return html`<h3>Changes</h3>
      <ol class="steps" aria-label="Changes">
        ${changes.slice(0, MOST_SHOWN).map(
          (one) =>
            html`<li>
              <button class=${one.at_ms <= now ? "past" : ""} @click=${() => this.store?.seek(one.at_ms)}>
                <span class="at">${clock(one.at_ms)}</span><span>${one.text}</span>
              </button>
            </li>`,
        )}
      </ol>
      ${rest > 0 ? html`<p class="muted">and ${counted(rest, "more change")}</p>` : nothing}`;
  }

  static override styles = [
    controls,
    facts,
    css`
      .policies {
        display: grid;
        gap: 2px;
        padding-inline-start: 18px;
      }
      .breaker {
        display: grid;
        gap: 3px;
        margin-block: 6px;
      }
      .open,
      .forced-open {
        color: var(--broken);
      }
      .half-open {
        color: var(--late);
      }
      .closed {
        color: var(--accent);
      }
      .window {
        display: flex;
        flex-wrap: wrap;
        gap: 2px;
      }
      .window i {
        width: 8px;
        height: 10px;
        border: 1px solid var(--line);
      }
      .window .well {
        border-color: var(--accent);
        background: var(--accent);
      }
      .window .slow {
        border-color: var(--late);
        background: var(--late);
      }
      .window .failed {
        border-color: var(--broken);
        background: linear-gradient(to top, var(--broken) var(--share), transparent var(--share));
      }
    `,
  ];
}

const MARKS: Record<BreakerNow["state"], string> = {
  closed: "●",
  open: "✕",
  "half-open": "◐",
  "forced open": "✕",
  disabled: "○",
};

function breakerName(run: RunView, call: CallView, place: number): string {
  const each = call.breakers / call.parties;
  const caller = call.service === null ? undefined : run.services[call.service];
  const party = run.instanceNames[(caller?.first_instance ?? 0) + Math.floor(place / each)];
  const called = run.instanceNames[(run.services[call.to]?.first_instance ?? 0) + (place % each)];
  if (each === 1) return party ?? "";
  return call.parties > 1 ? `${party ?? ""} for ${called ?? ""}` : (called ?? "");
}

customElements.define("inspect-call", InspectCall);
