/** The stations of the calls: retry, breaker, bulkhead, timeout, and small switches where each instance has a breaker. */
import { CALL, CALL_STRIDE } from "../model/views.js";
import { stateBefore } from "./breaker.js";
import { type Cells, cellX, cellY } from "./cells.js";
import { compartments } from "./compartments.js";
import { drawBreaker, drawSwitch } from "./draw-breaker.js";
import type { ServicePlace } from "./layout.js";
import { LANE_POINTS, LANE_STRIDE } from "./path.js";
import { type Scene, isSampled, retryLoop } from "./scene.js";
import { clock } from "./shapes.js";
import type { Station } from "./stations.js";
import type { Theme } from "./theme.js";
import { type CallShape, watchesEach } from "./topology.js";

export function drawStations(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { layout, frame } = scene;
  const down = layout.direction === "down";
  for (const station of layout.stations) {
    const call = layout.calls[station.call];
    if (!call) continue;
    ctx.globalAlpha = 1;
    switch (station.policy) {
      case "retry":
        drawRetry(ctx, scene, station, theme);
        break;
      case "breaker":
        drawBreaker(ctx, frame, station, call, down, theme);
        break;
      case "bulkhead":
        drawBulkhead(ctx, scene, station, theme);
        break;
      case "timeout":
        drawTimeout(ctx, station, theme);
        break;
    }
  }
  for (const call of layout.calls) {
    if (watchesEach(call)) drawSwitches(ctx, scene, call, theme);
  }
}

/** A loop that leads from behind the station back before it. */
function drawRetry(ctx: CanvasRenderingContext2D, { layout }: Scene, station: Station, theme: Theme): void {
  const { x, y, rx, ry, turn } = retryLoop(station, layout.direction);
  ctx.setLineDash([]);
  ctx.strokeStyle = theme.muted;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.ellipse(x, y, rx, ry, 0, turn - Math.PI * 0.85, turn + Math.PI * 0.85);
  ctx.stroke();
  // The head points the way that the pauses go, back before the station.
  const end = turn - Math.PI * 0.85;
  const heading = Math.atan2(-Math.cos(end) * ry, Math.sin(end) * rx);
  arrow(ctx, x + Math.cos(end) * rx, y + Math.sin(end) * ry, heading, theme);
}

function arrow(ctx: CanvasRenderingContext2D, x: number, y: number, angle: number, theme: Theme): void {
  ctx.fillStyle = theme.muted;
  ctx.beginPath();
  ctx.moveTo(x + Math.cos(angle) * 5, y + Math.sin(angle) * 5);
  ctx.lineTo(x + Math.cos(angle + 2.3) * 5, y + Math.sin(angle + 2.3) * 5);
  ctx.lineTo(x + Math.cos(angle - 2.3) * 5, y + Math.sin(angle - 2.3) * 5);
  ctx.closePath();
  ctx.fill();
}

function drawTimeout(ctx: CanvasRenderingContext2D, station: Station, theme: Theme): void {
  const r = station.detail === "icon" ? 7 : 10;
  ctx.setLineDash([]);
  ctx.fillStyle = theme.card;
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 1.75;
  ctx.beginPath();
  clock(ctx, station.x, station.y, r);
  ctx.fill();
  ctx.stroke();
}

// ---- the bulkhead

function drawBulkhead(ctx: CanvasRenderingContext2D, scene: Scene, station: Station, theme: Theme): void {
  const { slots, places } = compartments(scene.frame, station);
  drawWalls(ctx, scene, station, theme);
  if (slots) drawTaken(ctx, scene, station, slots, CALL.out, theme);
  // Of one call's own pool those who wait are drawn each with its age, unless they are a sample.
  const single = station.calls.length === 1 && !isSampled(scene.frame) && places?.gauge === false;
  if (places) drawTaken(ctx, scene, station, places, single ? -1 : CALL.pooled, theme);
}

/** A compartment that the line goes through, by a door on either side. */
function drawWalls(ctx: CanvasRenderingContext2D, { layout }: Scene, station: Station, theme: Theme): void {
  const { box, x, y, calls, detail, area } = station;
  const down = layout.direction === "down";
  const high = detail === "icon" ? 7 : 11;
  const top = area.h > 0 && !down ? Math.min(y - high, area.y - 4) : y - high;
  ctx.setLineDash([]);
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 1.75;
  ctx.beginPath();
  if (calls.length > 1) {
    ctx.rect(box.x + 1, box.y + 1, box.w - 2, box.h - 2);
  } else if (down) {
    for (const side of [-1, 1]) {
      ctx.moveTo(x - 5, y + side * 14);
      ctx.lineTo(x - 13, y + side * 14);
      ctx.lineTo(x - 13, y);
      ctx.moveTo(x + 5, y + side * 14);
      ctx.lineTo(x + 13, y + side * 14);
      ctx.lineTo(x + 13, y);
    }
  } else {
    for (const side of [box.x + 1, box.x + box.w - 1]) {
      ctx.moveTo(side, y - 7);
      ctx.lineTo(side, top);
      ctx.moveTo(side, y + 7);
      ctx.lineTo(side, y + high);
    }
    ctx.moveTo(box.x + 1, top);
    ctx.lineTo(box.x + box.w - 1, top);
    ctx.moveTo(box.x + 1, y + high);
    ctx.lineTo(box.x + box.w - 1, y + high);
  }
  ctx.stroke();
}

/** One call after another; what the second and further ones take differs in form. */
function drawTaken(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  station: Station,
  cells: Cells,
  which: number,
  theme: Theme,
): void {
  ctx.setLineDash([]);
  ctx.strokeStyle = theme.slotLine;
  ctx.lineWidth = 1;
  ctx.beginPath();
  if (cells.gauge) ctx.rect(cells.x + 0.5, cells.y + 0.5, cells.w - 1, cells.h - 1);
  else {
    for (let place = 0; place < cells.count; place += 1) {
      ctx.rect(cellX(cells, place) + 0.5, cellY(cells, place) + 0.5, cells.w - 1, cells.h - 1);
    }
  }
  ctx.stroke();
  if (which < 0) return;
  let from = 0;
  station.calls.forEach((call, order) => {
    const taken = scene.frame.calls[call * CALL_STRIDE + which] ?? 0;
    const to = Math.min(cells.count, from + taken);
    ctx.fillStyle = which === CALL.pooled ? theme.wait : theme.accent;
    if (cells.gauge) fillGauge(ctx, cells, from, to, order, theme);
    else for (let place = from; place < to; place += 1) fillCell(ctx, cells, place, order, theme);
    from = to;
  });
}

function fillCell(ctx: CanvasRenderingContext2D, cells: Cells, place: number, order: number, theme: Theme): void {
  const inset = cells.w > 7 ? 2 : 1;
  const [x, y, w, h] = [
    cellX(cells, place) + inset,
    cellY(cells, place) + inset,
    cells.w - 2 * inset,
    cells.h - 2 * inset,
  ];
  if (order === 0) ctx.fillRect(x, y, w, h);
  else stripe(ctx, x, y, w, h, theme);
}

function fillGauge(
  ctx: CanvasRenderingContext2D,
  cells: Cells,
  from: number,
  to: number,
  order: number,
  theme: Theme,
): void {
  if (to <= from) return;
  const scale = (cells.w - 4) / Math.max(1, cells.count);
  const w = Math.max(1.5, (to - from) * scale);
  if (order === 0) ctx.fillRect(cells.x + 2 + from * scale, cells.y + 2, w, cells.h - 4);
  else stripe(ctx, cells.x + 2 + from * scale, cells.y + 2, w, cells.h - 4, theme);
}

/** The second call's: split by a bright diagonal. */
function stripe(ctx: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, theme: Theme): void {
  ctx.beginPath();
  ctx.moveTo(x, y + h);
  ctx.lineTo(x + w, y);
  ctx.lineTo(x + w, y + h);
  ctx.closePath();
  ctx.fill();
  ctx.strokeStyle = theme.accent;
  ctx.lineWidth = 1;
  ctx.strokeRect(x + 0.5, y + 0.5, Math.max(1, w - 1), Math.max(1, h - 1));
}

// ---- a breaker for each instance

function drawSwitches(ctx: CanvasRenderingContext2D, scene: Scene, call: CallShape, theme: Theme): void {
  const service = scene.layout.services[call.to];
  if (!service) return;
  for (let place = 0; place < service.count; place += 1) {
    if (service.detail === "tile") drawOnTile(ctx, scene, service, call, place, theme);
    else drawOnLane(ctx, scene, service, call, place, theme);
  }
}

function drawOnLane(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  service: ServicePlace,
  call: CallShape,
  place: number,
  theme: Theme,
): void {
  const { lanes, direction } = scene.layout;
  const at = (service.first + place) * LANE_STRIDE + (LANE_POINTS - 7) * 2;
  const line = { x: lanes[at] ?? 0, y: lanes[at + 1] ?? 0, down: direction === "down", half: 8 };
  drawSwitch(ctx, line, stateBefore(scene.frame, call, place), theme);
}

/** A bar before a tile whose breaker isn't closed: whole where nothing passes, half where trials do. */
function drawOnTile(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  service: ServicePlace,
  call: CallShape,
  place: number,
  theme: Theme,
): void {
  const state = stateBefore(scene.frame, call, place);
  if (state === "closed" || state === "disabled") return;
  const { boxes } = scene.layout;
  const at = (service.first + place) * 4;
  const [x, y, h] = [boxes[at] ?? 0, boxes[at + 1] ?? 0, boxes[at + 3] ?? 0];
  ctx.fillStyle = state === "halfOpen" ? theme.amber : theme.red;
  ctx.fillRect(x - 1.5, y, 3, state === "halfOpen" ? h / 2 : h);
}
