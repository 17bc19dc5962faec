/** The ways from callers to balancers: through the stations of the call, and past the levels that it doesn't touch. */
import type { Box } from "./cells.js";
import type { Levels } from "./levels.js";
import { LANE_STRIDE, Path, sample } from "./path.js";
import type { Plan } from "./plan.js";
import type { Zone } from "./stations.js";
import type { CallShape } from "./topology.js";

interface Parts {
  calls: readonly CallShape[];
  levels: Levels;
  plan: Plan;
  places: readonly { balancer: Box; grid: Box }[];
  down: boolean;
}

export function fillTrunks(trunks: Float32Array, parts: Parts): void {
  parts.calls.forEach((call, index) => {
    sample(trunkOf(call, index, parts), trunks, index * LANE_STRIDE, parts.down);
  });
}

/** Along u (x across, y down); v runs across the way. */
function trunkOf(call: CallShape, index: number, { levels, plan, places, down }: Parts): Path {
  const start = startOf(call, plan, places, down);
  const balancer = places[call.to]?.balancer ?? { x: 0, y: 0, w: 0, h: 0 };
  const endU = down ? balancer.y : balancer.x;
  const endV = down ? balancer.x + balancer.w / 2 : balancer.y + balancer.h / 2;
  const row = levels.rows[index];
  const path = new Path(start.u, start.v);
  if (!row) return path.lineTo(endU, endV);
  const through = [row.middle, ...row.passes.slice(1)];
  let v = start.v;
  through.forEach((middle, step) => {
    const zone = plan.zones[row.level - 1 + step];
    if (!zone) return;
    turn(path, step === 0 ? start.u : zone.from, zone, v, middle);
    v = middle;
    path.lineTo(zone.to - zone.turn, v);
  });
  const last = plan.zones[(levels.of[call.to] ?? 1) - 1];
  if (last) path.lineTo(Math.max(last.from, last.to - last.turn), v);
  const fromU = last ? Math.max(last.from, last.to - last.turn) : endU;
  const bend = (endU - fromU) * 0.55;
  return Math.abs(endV - v) < 0.5
    ? path.lineTo(endU, endV)
    : path.curveTo(fromU + bend, v, endU - bend, endV, endU, endV);
}

function turn(path: Path, from: number, zone: Zone, v: number, middle: number): void {
  const until = zone.from + zone.turn;
  const bend = (until - from) * 0.55;
  if (Math.abs(v - middle) < 0.5) path.lineTo(until, middle);
  else path.curveTo(from + bend, v, until - bend, middle, until, middle);
}

/** Behind the instances of a service, where what they call is gathered (see gathering.ts). */
export const BRACKET = 11;

function startOf(call: CallShape, plan: Plan, places: Parts["places"], down: boolean): { u: number; v: number } {
  if (call.service !== null) {
    const { x, y, w, h } = places[call.service]?.grid ?? NOWHERE;
    return { u: (down ? y + h : x + w) + BRACKET, v: down ? x + w / 2 : y + h / 2 };
  }
  const client = plan.clients[call.client ?? 0] ?? NOWHERE;
  return down
    ? { u: client.y + client.h, v: client.x + client.w / 2 }
    : { u: client.x + client.w, v: client.y + client.h / 2 };
}

const NOWHERE: Box = { x: 0, y: 0, w: 0, h: 0 };
