/** The stations of the calls: retry, breaker, bulkhead, timeout, and small switches where each instance has a breaker. */
import { stateBefore } from "../reading/breaker.js";
import { drawBreaker, drawSwitch } from "./draw-breaker.js";
import { drawBulkhead } from "./draw-bulkhead.js";
import type { ServicePlace } from "../layout/layout.js";
import { LANE_POINTS, LANE_STRIDE } from "../layout/path.js";
import { type Scene, retryLoop } from "./scene.js";
import { clock } from "./shapes.js";
import type { Station } from "../layout/stations.js";
import type { Theme } from "./theme.js";
import { type CallShape, watchesEach } from "../layout/topology.js";

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
