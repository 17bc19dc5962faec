/** Where a request leaves the stage that was let go, and how it falls from there. Functions of data only. */
import {
  BADGE,
  BADGE_NODE,
  BADGE_STRIDE,
  type Frame,
  REQUEST,
  REQUEST_FLAG,
  REQUEST_STRIDE,
  SCALAR,
} from "../../model/views.js";
import type { Layout } from "../layout/layout.js";
import { LANE_STRIDE } from "../layout/path.js";
import { letGoBy, reasonIn } from "./reasons.js";

/** Below a line, back from an instance or a balancer, beside a line that runs down, or over the edge of a card. */
type Way = "below" | "left" | "aside" | "over";

export interface Origin {
  x: number;
  y: number;
  way: Way;
  /** How far it falls: less where there is little room. */
  scale: number;
}

export function newOrigin(): Origin {
  return { x: 0, y: 0, way: "below", scale: 1 };
}

/** How far below a line something falls. */
export const DEPTH = 44;
const TILES_SCALE = 0.35;
/** Less room than this between a balancer and its instances is little. */
const CLOSE = 76;

/** The node at which the row fell, as badges number it. */
export function nodeOf(frame: Frame, row: number, layout: Layout): number {
  const at = row * REQUEST_STRIDE;
  const instance = frame.requests[at + REQUEST.instance] ?? -1;
  const call = frame.requests[at + REQUEST.call] ?? 0;
  if (((frame.requests[at + REQUEST.flags] ?? 0) & REQUEST_FLAG.fellAtCaller) !== 0) return BADGE_NODE.callers - call;
  const atBalancer = ((frame.requests[at + REQUEST.flags] ?? 0) & REQUEST_FLAG.fellAtBalancer) !== 0;
  return instance >= 0 && !atBalancer ? instance : BADGE_NODE.balancers - (layout.calls[call]?.to ?? 0);
}

/** Writes where falls what `node` let go for `reason`. */
export function originOf(layout: Layout, node: number, reason: number, out: Origin): void {
  const call = BADGE_NODE.callers - node;
  out.scale = 1;
  if (node >= 0) fromInstance(layout, node, out);
  else if (call < 0) fromBalancer(layout, BADGE_NODE.balancers - node, out);
  else fromCaller(layout, call, reason, out);
}

function fromInstance(layout: Layout, instance: number, out: Origin): void {
  const end = instance * LANE_STRIDE + LANE_STRIDE - 2;
  out.x = layout.lanes[end] ?? 0;
  out.y = layout.lanes[end + 1] ?? 0;
  out.way = layout.direction === "across" ? "left" : "over";
  const service = layout.services[layout.owner[instance] ?? 0];
  const at = instance * 4;
  if (service?.detail === "tile") out.scale = TILES_SCALE;
  else if (layout.direction === "down") {
    // Lanes to the rows behind the first end at a side; what falls there would lie on the words.
    out.x = (layout.boxes[at] ?? 0) + (layout.boxes[at + 2] ?? 0) * 0.3;
    out.y = layout.boxes[at + 1] ?? 0;
  } else if (service && service.grid.x - service.balancer.x - service.balancer.w < CLOSE) out.scale = 0.6;
}

/** Words are under a balancer, or to the right of it. */
function fromBalancer(layout: Layout, service: number, out: Origin): void {
  const { x, y, w, h } = layout.services[service]?.balancer ?? layout.balancer;
  out.way = layout.direction === "across" ? "left" : "aside";
  // Beside a map, not over it: the keys on it are to be seen.
  const inside = layout.services[service]?.store ? 0 : w * 0.2;
  out.x = x + inside;
  out.y = y + h * 0.7;
}

/** At that policy of its call which let it go: at a pool of several calls where its own line would enter. */
function fromCaller(layout: Layout, call: number, reason: number, out: Origin): void {
  const policy = letGoBy(reason);
  const station = policy && layout.stations[layout.stationsOf[call]?.[policy] ?? -1];
  const down = layout.direction === "down";
  out.way = down ? "aside" : "below";
  if (!station) {
    const { x, y, w, h } = layout.clients[layout.calls[call]?.client ?? 0] ?? layout.client;
    out.x = x + w;
    out.y = y + h * 0.8;
    return;
  }
  const door = station.calls.length > 1 ? station.doors[station.calls.indexOf(call)] : undefined;
  out.x = door ? door.x - (down ? 4 : 28) : station.x - (down ? 8 : 0);
  out.y = door ? door.y + (down ? -6 : 9) : station.y + (down ? 0 : 9);
}

/** Writes the place after `progress` of the fall; each request takes a way of its own, by its number. */
export function fallTo(origin: Origin, progress: number, id: number, out: { x: number; y: number }): void {
  const { x, y, way, scale } = origin;
  const seed = scattered(id, 0x9e3779b1);
  const side = 2 * seed - 1;
  const bounce = 9 * Math.sin(progress * 3) * (0.4 + seed);
  const away = Math.sqrt(progress);
  switch (way) {
    case "below":
      out.x = x + side * (4 + 18 * away);
      out.y = y + DEPTH * progress * progress - bounce;
      return;
    case "left":
      out.x = x - (6 + (8 + 26 * seed) * away) * scale;
      out.y = y + (54 * progress * progress - bounce) * scale;
      return;
    case "aside":
      out.x = x - DEPTH * progress * progress - 6 * away;
      out.y = y + side * (3 + 14 * away);
      return;
    case "over":
      out.x = x + side * 36 * away * scale;
      out.y = y - (4 + 10 * Math.sin(Math.PI * progress) * (0.5 + seed / 2)) * scale;
      return;
  }
}

/** Between 0 and 1, the same for the same number, and unlike for those next to it. */
function scattered(id: number, salt: number): number {
  return (Math.imul(id + 1, salt) >>> 0) / 2 ** 32;
}

// ---- the mass

/** So many forms can be told apart in one fall; of more, so many are drawn, and how many there are is told by a badge. */
export const MOST_FORMS = 16;

/** Of the frame that was asked for last: for each node and reason, the share of its requests that are drawn. */
let shares: { frame: Frame | null; byPlace: Map<number, number> } = { frame: null, byPlace: new Map() };

function placeKey(node: number, reason: number): number {
  return node * 16 + reason;
}

/** Whether a row that fell is one of those drawn: always the same ones, so that none appears in the middle of its fall. */
export function isDrawn(frame: Frame, row: number, layout: Layout): boolean {
  if (shares.frame !== frame) shares = { frame, byPlace: sharesIn(frame) };
  const at = row * REQUEST_STRIDE;
  const reason = reasonIn(frame.requests[at + REQUEST.flags] ?? 0);
  const share = shares.byPlace.get(placeKey(nodeOf(frame, row, layout), reason)) ?? 1;
  return share >= 1 || scattered(frame.requests[at + REQUEST.id] ?? 0, 0x85ebca6b) < share;
}

function sharesIn({ badges, scalars }: Frame): Map<number, number> {
  const byPlace = new Map<number, number>();
  const every = scalars[SCALAR.drawnEvery] ?? 1;
  for (let at = 0; at + BADGE_STRIDE <= badges.length; at += BADGE_STRIDE) {
    const key = placeKey(badges[at + BADGE.node] ?? 0, badges[at + BADGE.reason] ?? 0);
    byPlace.set(key, (MOST_FORMS * every) / Math.max(1, badges[at + BADGE.count] ?? 1));
  }
  return byPlace;
}
