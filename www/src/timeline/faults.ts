/** Faults as bars, what happens at a moment as marks: their words, their lanes, and what dragging one means. */
import { isMoment } from "../model/faults.js";
import { instanceName, spoken } from "../model/names.js";
import type { Fault, Scenario } from "../model/views.js";
import { clock, plain, span } from "../panel/number.js";

const WORDS: Record<Fault["kind"], (fault: Fault) => string> = {
  crash: () => "crash",
  slow: (fault) => `slow ${plain(fault.factor, 2)}×`,
  errors: (fault) => `fails ${plain(fault.percent, 1)} %`,
  failing_checks: () => "fails checks",
  drain: () => "drain",
  traffic: (fault) => `traffic ${plain(fault.factor, 2)}×`,
  add_shard: () => "a shard joins",
  remove_shard: () => "leaves",
  weigh_shard: (fault) => `weighs ${plain(fault.factor, 2)}×`,
  even_out: () => "evened out",
  stop_projection: () => "projection stopped",
  crash_projection: () => "projection crashes",
  deliver_twice: (fault) => `${plain(fault.percent, 1)} % of events twice`,
  out_of_order: (fault) => `${plain(fault.percent, 1)} % of events late`,
  rebuild: () => "rebuilt",
};

/** «bravo crash, 19 s»; of a shard that joins its name, if that is known: «delta joins». */
export function faultLabel(fault: Fault, joins?: string): string {
  const what = WORDS[fault.kind](fault);
  if (fault.kind === "add_shard") return joins === undefined ? `${fault.target}: ${what}` : `${joins} joins`;
  const whom = fault.kind === "traffic" ? "" : `${spoken(fault.target)} `;
  return fault.for_ms === null || isMoment(fault.kind) ? whom + what : `${whom}${what}, ${span(fault.for_ms)}`;
}

/** The whole of it, for those who don't see where the bar lies. */
export function faultSentence(fault: Fault, joins?: string): string {
  if (isMoment(fault.kind)) {
    const where = joins === undefined ? "" : ` ${fault.target}`;
    return `${faultLabel(fault, joins)}${where}, at ${clock(fault.at_ms)}`;
  }
  const long = fault.for_ms === null ? "until the end" : `for ${span(fault.for_ms)}`;
  return `${spoken(fault.target)} ${WORDS[fault.kind](fault)}, from ${clock(fault.at_ms)} ${long}`;
}

/** The name of the shard that joins by fault `index`: the next after those at the start and those that joined before. */
export function joining({ faults, stores }: Pick<Scenario, "faults" | "stores">, index: number): string | undefined {
  const fault = faults[index];
  const store = stores.find(({ name }) => name === fault?.target);
  if (fault?.kind !== "add_shard" || store === undefined) return undefined;
  const before = faults.filter(
    (other, at) =>
      other.kind === "add_shard" &&
      other.target === fault.target &&
      (other.at_ms < fault.at_ms || (other.at_ms === fault.at_ms && at < index)),
  );
  return instanceName(store.shards.count + before.length);
}

/** Where a fault's bar ends on an axis of this length; what happens at a moment has no length. */
export function barEnd(fault: Fault, end_ms: number): number {
  if (isMoment(fault.kind)) return Math.min(end_ms, fault.at_ms);
  return Math.min(end_ms, fault.for_ms === null ? end_ms : fault.at_ms + fault.for_ms);
}

/** The least change of a drag: a round share of the axis, so that times stay readable. */
export function snapFor(end_ms: number): number {
  return Math.max(1, 10 ** Math.floor(Math.log10(Math.max(end_ms, 1) / 500)));
}

/** Where the label of a bar or a mark stands, and how far the two reach together. */
export interface LabelPlace {
  readonly side: "inside" | "right" | "left";
  readonly from: number;
  readonly to: number;
}

/** Inside its bar where it fits; else behind that, as a line through words is hard to read; before it near the edge. */
export function labelPlace(bar: { from: number; to: number }, label: number, edge: number): LabelPlace {
  const { from, to } = bar;
  if (label <= to - from) return { side: "inside", from, to };
  return to + label <= edge ? { side: "right", from, to: to + label } : { side: "left", from: from - label, to };
}

export interface Placement {
  readonly at_ms: number;
  readonly for_ms: number | null;
}

export type Grip = "whole" | "end";

/**
 * Where a fault comes to lie when it, or its end, is dragged by `by_ms`. An end dragged to the end of the axis means
 * «until the end».
 */
export function dragged(start: Placement, grip: Grip, by_ms: number, end_ms: number): Placement {
  const snap = snapFor(end_ms);
  if (grip === "whole") return { at_ms: clamp(round(start.at_ms + by_ms, snap), 0, end_ms), for_ms: start.for_ms };
  const end = (start.for_ms === null ? end_ms : start.at_ms + start.for_ms) + by_ms;
  if (end >= end_ms) return { at_ms: start.at_ms, for_ms: null };
  return { at_ms: start.at_ms, for_ms: Math.max(snap, round(end - start.at_ms, snap)) };
}

function round(value: number, step: number): number {
  return Math.round(value / step) * step;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** For each fault the lane in which its bar and its label overlap no other. `extent` is in the same unit for both ends. */
export function lanes(extents: readonly { from: number; to: number }[]): number[] {
  const ends: number[] = [];
  const lane = extents.map(() => 0);
  const order = extents.map((_, index) => index).sort((a, b) => (extents[a]?.from ?? 0) - (extents[b]?.from ?? 0));
  for (const index of order) {
    const extent = extents[index];
    if (extent === undefined) continue;
    const free = ends.findIndex((end) => end <= extent.from);
    const chosen = free === -1 ? ends.length : free;
    ends[chosen] = extent.to;
    lane[index] = chosen;
  }
  return lane;
}
