/** What is drawn: the frame, and everything that turns its numbers into places. Functions of data only. */
import {
  BADGE,
  BADGE_NODE,
  BADGE_REASONS,
  BADGE_STRIDE,
  BREAKER,
  BREAKER_STATE,
  BREAKER_STRIDE,
  CALL_STRIDE,
  type Frame,
  REQUEST,
  REQUEST_FLAG,
  REQUEST_STATE,
  REQUEST_STRIDE,
  SCALAR,
} from "../model/views.js";
import { cellX, cellY, hasCell } from "./cells.js";
import { compartments } from "./compartments.js";
import type { Layout, ServicePlace } from "./layout.js";
import { LANE_POINTS, LANE_STRIDE } from "./path.js";
import type { Station } from "./stations.js";
import type { Policy } from "./topology.js";

export interface Scene {
  layout: Layout;
  frame: Frame;
  /** A request older than this is an old one: the p95 of the run's good answers. */
  old_ms: number;
  linger_ms: number;
  /** A request to be marked, or null. */
  followed: number | null;
}

/** A place, written instead of returned: a frame has thousands of requests and must not allocate for each. */
export interface Place {
  x: number;
  y: number;
  /** False where the request has no place of its own (in a gauge, or inside a tile). */
  shown: boolean;
}

export function newPlace(): Place {
  return { x: 0, y: 0, shown: false };
}

/** Requests keep to the right of a lane and answers to the other side, so that both ways can be seen. */
const OFFSET_TRUNK = 4;
const OFFSET_LANE = 3;

export function isSampled(frame: Frame): boolean {
  return (frame.scalars[SCALAR.drawnEvery] ?? 1) > 1;
}

export function requestCount(frame: Frame): number {
  return Math.floor(frame.requests.length / REQUEST_STRIDE);
}

/** Where the request in row `row` of the frame is. */
export function locate(scene: Scene, row: number, out: Place): void {
  const { layout, frame } = scene;
  const at = row * REQUEST_STRIDE;
  const { requests } = frame;
  const instance = requests[at + REQUEST.instance] ?? -1;
  const progress = requests[at + REQUEST.progress] ?? 0;
  const place = requests[at + REQUEST.place] ?? 0;
  const id = requests[at + REQUEST.id] ?? 0;
  const call = requests[at + REQUEST.call] ?? 0;
  out.shown = true;
  switch (requests[at + REQUEST.state] ?? -1) {
    case REQUEST_STATE.toBalancer: {
      const leave = layout.leave[call] ?? 0;
      along(layout.trunks, call, leave + (1 - leave) * progress, OFFSET_TRUNK + wobble(id), out);
      return;
    }
    case REQUEST_STATE.toInstance: {
      along(layout.lanes, instance, progress, laneOffset(layout, instance), out);
      return;
    }
    case REQUEST_STATE.waiting: {
      inCell(layout, instance, place, false, out);
      return;
    }
    case REQUEST_STATE.working:
    case REQUEST_STATE.calling: {
      inCell(layout, instance, place, true, out);
      return;
    }
    case REQUEST_STATE.answerToBalancer: {
      along(layout.lanes, instance, 1 - progress, -laneOffset(layout, instance), out);
      return;
    }
    case REQUEST_STATE.answerToClient: {
      along(layout.trunks, call, 1 - progress, -OFFSET_TRUNK - wobble(id), out);
      return;
    }
    case REQUEST_STATE.pooled: {
      inPool(scene, call, place, out);
      return;
    }
    case REQUEST_STATE.pausing: {
      pausing(layout, call, progress, id, out);
      return;
    }
    default: {
      falling(scene, row, instance, progress, out);
      return;
    }
  }
}

/** The service that an instance belongs to. */
export function serviceOf(layout: Layout, instance: number): ServicePlace | undefined {
  return layout.services[layout.owner[instance] ?? 0];
}

function laneOffset(layout: Layout, instance: number): number {
  return serviceOf(layout, instance)?.detail === "tile" ? 0 : OFFSET_LANE;
}

/** A pixel or two aside, so that a busy trunk doesn't look like one bead after another. */
function wobble(id: number): number {
  return ((id * 7) % 5) - 2;
}

function along(points: Float32Array, lane: number, progress: number, offset: number, out: Place): void {
  const position = Math.min(1, Math.max(0, progress)) * (LANE_POINTS - 1);
  const step = Math.min(LANE_POINTS - 2, Math.floor(position));
  const share = position - step;
  const at = lane * LANE_STRIDE + step * 2;
  const x0 = points[at] ?? 0;
  const y0 = points[at + 1] ?? 0;
  const dx = (points[at + 2] ?? x0) - x0;
  const dy = (points[at + 3] ?? y0) - y0;
  const length = Math.sqrt(dx * dx + dy * dy) || 1;
  out.x = x0 + dx * share - (dy / length) * offset;
  out.y = y0 + dy * share + (dx / length) * offset;
}

function inCell(layout: Layout, instance: number, place: number, working: boolean, out: Place): void {
  const service = serviceOf(layout, instance);
  const cells = working ? service?.slots : service?.queue;
  if (!cells || service?.detail === "tile" || !hasCell(cells, place)) {
    out.shown = false;
    return;
  }
  out.x = (layout.boxes[instance * 4] ?? 0) + cellX(cells, place) + cells.w / 2;
  out.y = (layout.boxes[instance * 4 + 1] ?? 0) + cellY(cells, place) + cells.h / 2;
}

function stationOf(layout: Layout, call: number, policy: Policy): Station | undefined {
  return layout.stations[layout.stationsOf[call]?.[policy] ?? -1];
}

/** In a pool that several calls share, a place in one call's queue isn't a place in the pool: it is drawn by counts. */
function inPool(scene: Scene, call: number, place: number, out: Place): void {
  const station = stationOf(scene.layout, call, "bulkhead");
  const cells = station?.calls.length === 1 ? compartments(scene.frame, station).places : null;
  if (!cells || !hasCell(cells, place)) {
    out.shown = false;
    return;
  }
  out.x = cellX(cells, place) + cells.w / 2;
  out.y = cellY(cells, place) + cells.h / 2;
}

/** Round a loop beside the station of the retry, once in each pause. */
function pausing(layout: Layout, call: number, progress: number, id: number, out: Place): void {
  const station = stationOf(layout, call, "retry");
  if (!station) {
    out.shown = false;
    return;
  }
  const { x, y, rx, ry, turn } = retryLoop(station, layout.direction);
  // Back to where it came from: it sets out on the far side and arrives on the near one.
  const angle = turn + (0.5 - progress) * Math.PI * 1.7;
  const aside = 1 + wobble(id) * 0.06;
  out.x = x + Math.cos(angle) * rx * aside;
  out.y = y + Math.sin(angle) * ry * aside;
}

export interface Loop {
  x: number;
  y: number;
  rx: number;
  ry: number;
  /** The direction of its outermost point. */
  turn: number;
}

const LOOP: Loop = { x: 0, y: 0, rx: 0, ry: 0, turn: 0 };

/** The loop on which requests pause. One object, written anew: it is asked for once a request. */
export function retryLoop(station: Station, direction: Layout["direction"]): Loop {
  const down = direction === "down";
  LOOP.rx = down ? 9 : Math.min(18, station.box.w / 2 - 3);
  LOOP.ry = down ? 13 : station.detail === "full" ? 12 : station.detail === "small" ? 8 : 6;
  LOOP.x = down ? station.x - LOOP.rx : station.x;
  LOOP.y = down ? station.y : station.y - LOOP.ry;
  LOOP.turn = down ? Math.PI : -Math.PI / 2;
  return LOOP;
}

/** From where it was refused it turns back a little and falls, each by a way of its own. */
function falling(scene: Scene, row: number, instance: number, progress: number, out: Place): void {
  const { layout, frame } = scene;
  const id = frame.requests[row * REQUEST_STRIDE + REQUEST.id] ?? 0;
  const seed = ((id * 2654435761) % 1024) / 1024;
  const across = layout.direction === "across";
  if (instance < 0) fellFrom(scene, row, progress, out);
  else {
    const end = instance * LANE_STRIDE + LANE_STRIDE - 2;
    out.x = layout.lanes[end] ?? 0;
    out.y = layout.lanes[end + 1] ?? 0;
  }
  const scale = instance >= 0 && serviceOf(layout, instance)?.detail === "tile" ? 0.35 : 1;
  const away = (8 + 26 * seed) * Math.sqrt(progress) * scale;
  const sideways = instance >= 0 && across ? -away - 6 * scale : (seed - 0.5) * 2 * away;
  out.x += sideways;
  out.y += (54 * progress * progress - 10 * Math.sin(progress * 3) * (0.4 + seed)) * scale;
}

/** What never came to an instance falls at its balancer, or at that policy of its call which let it go. */
function fellFrom(scene: Scene, row: number, progress: number, out: Place): void {
  const { layout, frame } = scene;
  const at = row * REQUEST_STRIDE;
  const call = frame.requests[at + REQUEST.call] ?? 0;
  const flags = frame.requests[at + REQUEST.flags] ?? 0;
  const station = (flags & REQUEST_FLAG.fellAtCaller) !== 0 ? stationThatRefused(scene, at, call, progress) : undefined;
  if (station) {
    const shared = station.calls.length > 1;
    out.x = shared ? station.box.x + station.box.w / 2 : station.x;
    out.y = shared ? station.box.y + station.box.h : station.y + 9;
    return;
  }
  const balancer = layout.services[layout.calls[call]?.to ?? 0]?.balancer ?? layout.balancer;
  out.x = balancer.x + balancer.w / 2;
  out.y = balancer.y + balancer.h;
}

function stationThatRefused(scene: Scene, at: number, call: number, progress: number): Station | undefined {
  const { layout, frame } = scene;
  if (frame.requests[at + REQUEST.state] !== REQUEST_STATE.shed) return stationOf(layout, call, "timeout");
  const breaker = stationOf(layout, call, "breaker");
  const bulkhead = stationOf(layout, call, "bulkhead");
  if (!breaker || !bulkhead) return breaker ?? bulkhead;
  // A row doesn't say which of the two it was, but the badges do unless both refuse at once.
  const refused = refusals(frame)[call] ?? 0;
  if (refused !== BY_BREAKER + BY_BULKHEAD) return refused === BY_BULKHEAD ? bulkhead : breaker;
  // A closed switch refuses nobody; before its last change it was the other way round.
  const own = (layout.calls[call]?.breaker ?? 0) * BREAKER_STRIDE;
  const state = frame.breakers[own + BREAKER.state] ?? 0;
  const fell_ms = (frame.scalars[SCALAR.tMs] ?? 0) - progress * scene.linger_ms;
  const closedNow = state === BREAKER_STATE.closed || state === BREAKER_STATE.disabled;
  const changedSince = fell_ms < (frame.breakers[own + BREAKER.sinceMs] ?? NaN);
  return closedNow === changedSince ? breaker : bulkhead;
}

const BY_BREAKER = 1;
const BY_BULKHEAD = 2;
const REFUSES: readonly number[] = BADGE_REASONS.map((reason) =>
  reason === "breaker open" ? BY_BREAKER : reason.startsWith("bulkhead") ? BY_BULKHEAD : 0,
);
/** Of the frame that was asked for last. */
let refusing: { frame: Frame | null; byCall: Uint8Array } = { frame: null, byCall: new Uint8Array(0) };

/** For each call, which of its policies have refused something that still falls. */
function refusals(frame: Frame): Uint8Array {
  if (refusing.frame === frame) return refusing.byCall;
  const byCall = new Uint8Array(frame.calls.length / CALL_STRIDE);
  for (let at = 0; at + BADGE_STRIDE <= frame.badges.length; at += BADGE_STRIDE) {
    const call = BADGE_NODE.callers - (frame.badges[at + BADGE.node] ?? 0);
    if (call >= 0) byCall[call] = (byCall[call] ?? 0) | (REFUSES[frame.badges[at + BADGE.reason] ?? 0] ?? 0);
  }
  refusing = { frame, byCall };
  return byCall;
}
