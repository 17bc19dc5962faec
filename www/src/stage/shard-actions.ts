/** What can be done to a shard, a store or a side at a moment: as far as the model would take it. */
import type { Fault } from "../model/views.js";
import { isSides, sideAt } from "./reading/sides.js";
import { type Moment, isStore, shardAt, shardsOf, storeOf } from "./reading/shards.js";

export type FaultKind = Fault["kind"];

const STRIKES: readonly FaultKind[] = ["crash", "slow", "errors"];

const PROJECTIONS: readonly FaultKind[] = [
  "stop_projection",
  "crash_projection",
  "deliver_twice",
  "out_of_order",
  "rebuild",
];

/** Neither side is checked or drained; a read model may be kept badly, and be made anew. */
function sideActions(moment: Moment, node: number): readonly FaultKind[] | null {
  const side = sideAt(moment, node);
  if (!side) return null;
  return side.model ? [...STRIKES, ...PROJECTIONS] : STRIKES;
}

/** Null for an instance of a service; nothing for a shard that isn't there. */
export function shardActions(moment: Moment, node: number): readonly FaultKind[] | null {
  const now = shardAt(moment, node);
  if (!now) return sideActions(moment, node);
  if (now.presence === "leaving") return STRIKES;
  if (now.presence !== "inMap") return [];
  const here = shardsOf(moment.frame, now.store).filter(({ presence }) => presence === "inMap");
  // The last one stays, and a copy goes only with its shard.
  return here.length > 1 && now.copy === 0 ? [...STRIKES, "remove_shard"] : STRIKES;
}

/** Null for a service. */
export function storeActions({ run }: Moment, station: number): readonly FaultKind[] | null {
  if (isSides(run, station)) return STRIKES;
  if (!isStore(run, station)) return null;
  const placement = storeOf(run, station)?.placement;
  const dealt = placement === "slots" || placement === "range";
  return [...STRIKES, "add_shard", ...(dealt ? (["even_out"] as const) : [])];
}
