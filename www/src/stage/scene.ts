/** What is drawn: the frame, and everything that turns its numbers into places. Functions of data only. */
import { type Frame, REQUEST, REQUEST_STATE, REQUEST_STRIDE, SCALAR } from "../model/views.js";
import { cellX, cellY, hasCell } from "./cells.js";
import type { Layout } from "./layout.js";
import { LANE_POINTS, LANE_STRIDE } from "./path.js";

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
  out.shown = true;
  switch (requests[at + REQUEST.state] ?? -1) {
    case REQUEST_STATE.toBalancer: {
      along(layout.trunk, 0, progress, OFFSET_TRUNK + wobble(id), out);
      return;
    }
    case REQUEST_STATE.toInstance: {
      along(layout.lanes, instance, progress, laneOffset(layout), out);
      return;
    }
    case REQUEST_STATE.waiting: {
      inCell(layout, instance, place, false, out);
      return;
    }
    case REQUEST_STATE.working: {
      inCell(layout, instance, place, true, out);
      return;
    }
    case REQUEST_STATE.answerToBalancer: {
      along(layout.lanes, instance, 1 - progress, -laneOffset(layout), out);
      return;
    }
    case REQUEST_STATE.answerToClient: {
      along(layout.trunk, 0, 1 - progress, -OFFSET_TRUNK - wobble(id), out);
      return;
    }
    default: {
      falling(layout, instance, progress, id, out);
      return;
    }
  }
}

function laneOffset(layout: Layout): number {
  return layout.detail === "tile" ? 0 : OFFSET_LANE;
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
  const cells = working ? layout.slots : layout.queue;
  if (layout.detail === "tile" || !hasCell(cells, place)) {
    out.shown = false;
    return;
  }
  out.x = (layout.boxes[instance * 4] ?? 0) + cellX(cells, place) + cells.w / 2;
  out.y = (layout.boxes[instance * 4 + 1] ?? 0) + cellY(cells, place) + cells.h / 2;
}

/** From where it was refused it turns back a little and falls, each by a way of its own. */
function falling(layout: Layout, instance: number, progress: number, id: number, out: Place): void {
  const seed = ((id * 2654435761) % 1024) / 1024;
  const across = layout.direction === "across";
  if (instance < 0) {
    out.x = layout.balancer.x + layout.balancer.w / 2;
    out.y = layout.balancer.y + layout.balancer.h;
  } else {
    const end = instance * LANE_STRIDE + LANE_STRIDE - 2;
    out.x = layout.lanes[end] ?? 0;
    out.y = layout.lanes[end + 1] ?? 0;
  }
  const scale = layout.detail === "tile" ? 0.35 : 1;
  const away = (8 + 26 * seed) * Math.sqrt(progress) * scale;
  const sideways = instance >= 0 && across ? -away - 6 * scale : (seed - 0.5) * 2 * away;
  out.x += sideways;
  out.y += (54 * progress * progress - 10 * Math.sin(progress * 3) * (0.4 + seed)) * scale;
}
