/** One picture of one frame. */
import { type Frame, REQUEST, REQUEST_STRIDE } from "../../model/views.js";
import { drawBadges, drawMasses } from "./draw-badges.js";
import { drawStations } from "./draw-calls.js";
import { drawInstances, drawLanes } from "./draw-instances.js";
import { drawRequests } from "./draw-requests.js";
import { type Scene, locate, newPlace, requestCount } from "./scene.js";
import type { Theme } from "./theme.js";
import { drawTrialMarks } from "./trials.js";

const place = newPlace();

export function draw(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { width, height } = scene.layout.size;
  ctx.clearRect(0, 0, width, height);
  drawLanes(ctx, scene, theme);
  drawInstances(ctx, scene, theme);
  drawStations(ctx, scene, theme);
  for (const service of scene.layout.services) {
    scene.part?.drawMap(ctx, scene, service, theme);
    scene.part?.drawSides(ctx, scene, service, theme);
  }
  drawMasses(ctx, scene, theme);
  drawRequests(ctx, scene, theme);
  scene.part?.drawTravels(ctx, scene, theme);
  scene.part?.drawStale(ctx, scene, theme);
  drawTrialMarks(ctx, scene, theme);
  drawBadges(ctx, scene, theme);
  drawFollowed(ctx, scene, theme);
}

/** The row of request `id` in the frame, or -1. */
function rowOf(frame: Frame, id: number): number {
  const count = requestCount(frame);
  for (let row = 0; row < count; row += 1) {
    if (frame.requests[row * REQUEST_STRIDE + REQUEST.id] === id) return row;
  }
  return -1;
}

function drawFollowed(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  if (scene.followed === null) return;
  const row = rowOf(scene.frame, scene.followed);
  if (row < 0) return;
  locate(scene, row, place);
  if (!place.shown) return;
  ctx.strokeStyle = theme.gold;
  ctx.lineWidth = 3;
  ctx.beginPath();
  ctx.arc(place.x, place.y, 11, 0, Math.PI * 2);
  ctx.stroke();
}
