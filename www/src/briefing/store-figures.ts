/** What a report says of a store, in rows and words. */
import type { MapChangeReport, StoreReport } from "../model/views.js";
import { count, counted, percent, plain, span, THIN } from "../panel/number.js";

/** A bar of a change of map: what was moved, or could have been. */
export interface Moved {
  readonly name: string;
  readonly value: number | null;
  readonly tone: "" | "modulo" | "least";
}

/** What moved under this placement, under hash modulo, and the least that had to. */
export function movedRows({ placement }: StoreReport, change: MapChangeReport, modulo: string): Moved[] {
  const own: Moved = {
    name: `moved: ${placement}`,
    value: change.moved_percent,
    tone: placement === modulo ? "modulo" : "",
  };
  const beside: Moved[] =
    placement === modulo || change.modulo_percent === null
      ? []
      : [{ name: modulo, value: change.modulo_percent, tone: "modulo" }];
  const least: Moved = {
    name: `least possible${part(change.least_percent)}`,
    value: change.least_percent,
    tone: "least",
  };
  return [own, ...beside, least];
}

/** « (1/4)» where it is one part of so many. */
function part(share: number): string {
  const of = Math.round(100 / share);
  return share > 0 && of > 1 && Math.abs(100 / of - share) < 1e-6 ? ` (1/${of})` : "";
}

/** «763 of 1 000 keys, in 7.64 s; 1 write sent after.» */
export function changeSentence(change: MapChangeReport): string {
  const keys = `${count(change.keys)} of ${counted(change.of_keys, "key")}`;
  const took = change.took_ms === null ? "not all of them by the end" : `in ${span(change.took_ms)}`;
  const after = change.sent_after > 0 ? `; ${counted(change.sent_after, "write")} sent after` : "";
  return `${keys}, ${change.keys === 0 ? "so nothing to move" : took}${after}.`;
}

/** «1.16 ×»: 1 is even. */
export function peak(value: number | null): string {
  return value === null ? "–" : `${plain(value, 2)}${THIN}×`;
}

/** What there is to say beyond keys and load; what never happened isn't said. */
export function storeFacts(store: StoreReport): [string, string][] {
  const { stale, stale_age: age, gathered, gather_latency: slowest } = store;
  const share = store.reads > 0 ? ` (${percent((100 * stale) / store.reads)})` : "";
  const facts: [string, string, boolean][] = [
    ["stale reads", `${count(stale)}${share}`, stale > 0],
    ["their age, p50", span(age.p50_ms), stale > 0],
    ["the oldest", span(age.max_ms), stale > 0],
    ["queries of all shards", count(gathered), gathered > 0],
    ["took, p50", span(slowest.p50_ms), gathered > 0],
    ["took, p95", span(slowest.p95_ms), gathered > 0],
    ["took, p99", span(slowest.p99_ms), gathered > 0],
    ["sent on, the key had gone", count(store.sent_on), store.sent_on > 0],
  ];
  return facts.filter(([, , said]) => said).map(([name, value]) => [name, value]);
}
