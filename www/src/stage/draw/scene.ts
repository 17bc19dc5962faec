/** What is drawn: the frame, and everything that turns its numbers into places. Functions of data only. */
import {
  type Frame,
  REQUEST,
  REQUEST_STATE,
  REQUEST_STRIDE,
  SCALAR,
  type SidesDetails,
  type StoreDetails,
} from "../../model/views.js";
import { type Cells, cellX, cellY, hasCell } from "../layout/cells.js";
import { compartments } from "../layout/compartments.js";
import { fallTo, newOrigin, nodeOf, originOf } from "./falls.js";
import type { Layout, ServicePlace } from "../layout/layout.js";
import { LANE_POINTS, LANE_STRIDE } from "../layout/path.js";
import { reasonIn } from "./reasons.js";
import type { Station } from "../layout/stations.js";
import type { StorePart } from "../reading/shards.js";
import type { Policy } from "../layout/topology.js";

export interface Scene {
  layout: Layout;
  frame: Frame;
  /** A request older than this is an old one: the p95 of the run's good answers. */
  old_ms: number;
  linger_ms: number;
  /** The frame of which the words tell: what is counted changes with them, and not with each picture. */
  told: Frame;
  /** A request to be marked, or null. */
  followed: number | null;
  /** Of each store, once they are there. */
  stores?: readonly StoreDetails[];
  cqrs?: readonly SidesDetails[];
  /** What draws them, once it is there. */
  part?: StorePart | null;
  /** A key that was picked or looked up, or null. */
  marked?: MarkedKey | null;
}

/** A key, where it lies on the map of its store, and who has it. */
export interface MarkedKey {
  store: number;
  text: string;
  /** For how far it stands from the edge of the map, as it does among those drawn. */
  number: number;
  place: number;
  shard: number;
  owner: string;
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
    case REQUEST_STATE.calling: {
      if (instance < 0) atRouter(layout, call, id, out);
      else inCell(layout, instance, place, true, out);
      return;
    }
    case REQUEST_STATE.working: {
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
      falling(scene, row, progress, out);
      return;
    }
  }
}

/** A query that several shards must answer waits where its parts set out. */
function atRouter(layout: Layout, call: number, id: number, out: Place): void {
  const { x, y, w, h } = layout.services[layout.calls[call]?.to ?? 0]?.balancer ?? layout.balancer;
  const aside = wobble(id) * 5;
  out.x = layout.direction === "across" ? x + w + 7 : x + w / 2 + aside;
  out.y = layout.direction === "across" ? y + h / 2 + aside : y + h + 7;
}

/** The slots of an instance, and its waiting places. */
export function cellsAt(layout: Layout, instance: number): { slots: Cells; queue: Cells } | undefined {
  const service = serviceOf(layout, instance);
  return service?.cells?.[instance - service.first] ?? service;
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
  const own = cellsAt(layout, instance);
  const cells = working ? own?.slots : own?.queue;
  if (!cells || serviceOf(layout, instance)?.detail === "tile" || !hasCell(cells, place)) {
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

const ORIGIN = newOrigin();

function falling(scene: Scene, row: number, progress: number, out: Place): void {
  const { layout, frame } = scene;
  const at = row * REQUEST_STRIDE;
  originOf(layout, nodeOf(frame, row, layout), reasonIn(frame.requests[at + REQUEST.flags] ?? 0), ORIGIN);
  fallTo(ORIGIN, progress, frame.requests[at + REQUEST.id] ?? 0, out);
}
