/** Bands of breakers over time: which to show, and what each stretch of a band says. */
import type { BreakerChange, CallView, RunView } from "../model/views.js";

export type BreakerState = BreakerChange["to"];

export const STATE_WORDS: Record<BreakerState, string> = {
  closed: "closed",
  open: "open",
  half_open: "half-open",
  forced_open: "forced open",
  disabled: "disabled",
};

export interface BreakerStretch {
  readonly from_ms: number;
  readonly to_ms: number;
  readonly state: BreakerState;
  /** What happened at its beginning. */
  readonly text: string;
}

export interface BreakerBand {
  readonly breaker: number;
  readonly call: number;
  /** As short as tells it from the others shown. */
  readonly name: string;
  readonly stretches: readonly BreakerStretch[];
}

export interface BreakerBands {
  readonly bands: readonly BreakerBand[];
  /** Breakers that changed and have no band for want of room. */
  readonly further: number;
}

const MOST_BANDS = 8;

/** Those that changed come first: with more breakers than there is room for, the others say nothing. */
export function breakerBands(run: RunView): BreakerBands {
  const changes = new Map<number, BreakerChange[]>();
  for (const change of run.breakerChanges) {
    const own = changes.get(change.breaker) ?? [];
    own.push(change);
    changes.set(change.breaker, own);
  }
  const all = run.calls.flatMap((call, index) =>
    Array.from({ length: call.breakers }, (_, place) => ({ call, index, place, breaker: call.first_breaker + place })),
  );
  const changed = all.filter(({ breaker }) => changes.has(breaker));
  const shown = all.length <= MOST_BANDS ? all : changed.slice(0, MOST_BANDS);
  const several = new Set(all.map(({ index }) => index)).size > 1;
  const bands = shown.map(({ call, index, place, breaker }) => ({
    breaker,
    call: index,
    name: nameOf(run, call, place, several),
    stretches: stretchesOf(changes.get(breaker) ?? [], run.end_ms),
  }));
  return { bands, further: changed.length - shown.filter(({ breaker }) => changes.has(breaker)).length };
}

function nameOf(run: RunView, call: CallView, place: number, several: boolean): string {
  const to = run.services[call.to];
  const each = call.breakers / call.parties;
  const words = several ? [`→ ${to?.name ?? ""}`] : [];
  if (each > 1) {
    const instance = run.instanceNames[(to?.first_instance ?? 0) + (place % each)] ?? "";
    words.push(instance.slice(instance.indexOf("/") + 1));
  } else if (call.parties > 1) {
    words.push(`${place + 1}`);
  }
  return words.length === 0 ? "breaker" : words.join(" ");
}

/** What lies between is closed. */
function stretchesOf(changes: readonly BreakerChange[], end_ms: number): BreakerStretch[] {
  return changes.flatMap((change, index) => {
    const { at_ms: from_ms, to: state, text } = change;
    const to_ms = Math.max(from_ms, changes[index + 1]?.at_ms ?? end_ms);
    return [{ from_ms, to_ms, state, text }];
  });
}
