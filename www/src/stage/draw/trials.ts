/** Which requests are trial calls: those that a half-open breaker has let through. */
import {
  BREAKER,
  BREAKER_STATE,
  BREAKER_STRIDE,
  type Frame,
  REQUEST,
  REQUEST_FLAG,
  REQUEST_STATE,
  REQUEST_STRIDE,
  SCALAR,
} from "../../model/views.js";
import { hasCell } from "../layout/cells.js";
import { type Scene, locate, newPlace, requestCount, cellsAt } from "./scene.js";
import { dot } from "./shapes.js";
import type { Theme } from "./theme.js";
import type { CallShape } from "../layout/topology.js";

const place = newPlace();
/** A frame's ages are single floats: of ten minutes they keep so many milliseconds. */
const TOLERANCE_MS = 0.1;

/** Since when a call's breaker is half-open; null where it isn't, or where several callers each have one. */
function halfOpenSince(frame: Frame, { breaker, breakers }: CallShape): number | null {
  const at = breaker * BREAKER_STRIDE;
  if (breakers !== 1 || frame.breakers[at + BREAKER.state] !== BREAKER_STATE.halfOpen) return null;
  return frame.breakers[at + BREAKER.sinceMs] ?? null;
}

/** The rows of trial calls. A retry is left out: its row tells the age of the whole request, not its own. */
export function trialRows(frame: Frame, calls: readonly CallShape[]): number[] {
  const since = calls.map((call) => halfOpenSince(frame, call));
  if (since.every((each) => each === null)) return [];
  const now = frame.scalars[SCALAR.tMs] ?? 0;
  const rows: number[] = [];
  for (let row = 0; row < requestCount(frame); row += 1) {
    const at = row * REQUEST_STRIDE;
    const from = since[frame.requests[at + REQUEST.call] ?? 0] ?? null;
    const state = frame.requests[at + REQUEST.state];
    const flags = frame.requests[at + REQUEST.flags] ?? 0;
    if (from === null || state === REQUEST_STATE.broken || state === REQUEST_STATE.shed) continue;
    if ((flags & (REQUEST_FLAG.retry | REQUEST_FLAG.unwanted)) !== 0) continue;
    if (now - (frame.requests[at + REQUEST.ageMs] ?? 0) >= from - TOLERANCE_MS) rows.push(row);
  }
  return rows;
}

/** A ring round each, and round the slot of one at work. */
export function drawTrialMarks(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { frame, layout } = scene;
  const rows = trialRows(frame, layout.calls);
  if (rows.length === 0) return;
  ctx.setLineDash([]);
  ctx.strokeStyle = theme.amber;
  ctx.lineWidth = 2;
  ctx.beginPath();
  for (const row of rows) {
    const at = row * REQUEST_STRIDE;
    locate(scene, row, place);
    if (!place.shown) continue;
    const slots = cellsAt(layout, Math.max(0, frame.requests[at + REQUEST.instance] ?? 0))?.slots;
    const state = frame.requests[at + REQUEST.state];
    const held = state === REQUEST_STATE.working || state === REQUEST_STATE.calling;
    if (!held) dot(ctx, place.x, place.y, 7);
    else if (slots && hasCell(slots, 0)) ctx.rect(place.x - slots.w / 2, place.y - slots.h / 2, slots.w, slots.h);
  }
  ctx.stroke();
}
