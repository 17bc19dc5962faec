/** Lanes, cards and tiles: what stands still and only changes its tint, its width or its form. */
import { INSTANCE, INSTANCE_STRIDE, STATUS } from "../model/views.js";
import { type Cells, cellX, cellY } from "./cells.js";
import type { Layout } from "./layout.js";
import { type Scene, isSampled } from "./scene.js";
import { LANE_POINTS, LANE_STRIDE } from "./path.js";
import type { Theme } from "./theme.js";

const TINTS = 8;
const LANE_WIDTH_MIN = 1.5;
const LANE_WIDTH_MAX = 8;
const TILE_LANE_WIDTH = 2;

function column(scene: Scene, instance: number, which: number): number {
  return scene.frame.instances[instance * INSTANCE_STRIDE + which] ?? 0;
}

function busiest(scene: Scene): number {
  let most = 0;
  for (let index = 0; index < scene.layout.topology.instances; index += 1) {
    most = Math.max(most, column(scene, index, INSTANCE.requestsPerS));
  }
  return most;
}

// ---- lanes

/** A wide line is a busy one. The low end is lifted: a trickle must still be seen. */
export function drawLanes(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { layout } = scene;
  const most = busiest(scene);
  const dense = isSampled(scene.frame);
  ctx.lineCap = "butt";
  ctx.lineJoin = "round";
  drawTrunk(ctx, scene, theme, dense, most > 0);
  for (const index of lanesToDraw(layout)) drawLane(ctx, scene, index, { most, dense, theme });
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** Tiles of one row (one column, where the stage runs down) share a gap: the lane to the last of them is all of theirs. */
function lanesToDraw({ topology, detail, direction, columns }: Layout): number[] {
  const all = Array.from({ length: topology.instances }, (_, index) => index);
  if (detail !== "tile") return all;
  return direction === "across"
    ? all.filter((index) => index % columns === columns - 1 || index === topology.instances - 1)
    : all.slice(-columns);
}

function drawTrunk(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme, dense: boolean, busy: boolean): void {
  ctx.setLineDash([]);
  ctx.strokeStyle = dense && busy ? theme.accentSoft : theme.lane;
  ctx.lineWidth = busy ? 12 : LANE_WIDTH_MIN;
  ctx.beginPath();
  trace(ctx, scene.layout.trunk, 0);
  ctx.stroke();
}

interface LaneLook {
  most: number;
  dense: boolean;
  theme: Theme;
}

function drawLane(ctx: CanvasRenderingContext2D, scene: Scene, index: number, look: LaneLook): void {
  const { most, dense, theme } = look;
  const tiles = scene.layout.detail === "tile";
  const share = most > 0 ? column(scene, index, INSTANCE.requestsPerS) / most : 0;
  const open = tiles || column(scene, index, INSTANCE.takesTraffic) > 0;
  ctx.setLineDash(open ? [] : [3, 5]);
  ctx.strokeStyle = dense && open ? theme.accentSoft : theme.lane;
  ctx.globalAlpha = dense ? 0.35 + 0.5 * Math.sqrt(share) : 1;
  const width = LANE_WIDTH_MIN + (LANE_WIDTH_MAX - LANE_WIDTH_MIN) * Math.sqrt(share);
  ctx.lineWidth = tiles ? TILE_LANE_WIDTH : open ? width : LANE_WIDTH_MIN;
  ctx.beginPath();
  trace(ctx, scene.layout.lanes, index * LANE_STRIDE);
  ctx.stroke();
}

function trace(ctx: CanvasRenderingContext2D, points: Float32Array, offset: number): void {
  ctx.moveTo(points[offset] ?? 0, points[offset + 1] ?? 0);
  for (let point = 1; point < LANE_POINTS; point += 1) {
    ctx.lineTo(points[offset + point * 2] ?? 0, points[offset + point * 2 + 1] ?? 0);
  }
}

// ---- cards

export function drawInstances(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  if (scene.layout.detail === "tile") drawTiles(ctx, scene, theme);
  else drawCards(ctx, scene, theme);
}

function drawCards(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { layout } = scene;
  const sampled = isSampled(scene.frame);
  for (let index = 0; index < layout.topology.instances; index += 1) {
    const x = layout.boxes[index * 4] ?? 0;
    const y = layout.boxes[index * 4 + 1] ?? 0;
    const w = layout.boxes[index * 4 + 2] ?? 0;
    const h = layout.boxes[index * 4 + 3] ?? 0;
    ctx.globalAlpha = 1;
    ctx.fillStyle = theme.card;
    ctx.fillRect(x, y, w, h);
    const up = column(scene, index, INSTANCE.up) > 0;
    ctx.globalAlpha = up ? 1 : 0.45;
    ctx.strokeStyle = theme.slotLine;
    ctx.lineWidth = 1;
    const working = column(scene, index, INSTANCE.working);
    const waiting = column(scene, index, INSTANCE.waiting);
    drawCells(ctx, layout.slots, x, y, { filled: sampled ? working : 0, count: working, colour: theme.accent });
    drawCells(ctx, layout.queue, x, y, { filled: sampled ? waiting : 0, count: waiting, colour: theme.wait });
    ctx.fillStyle = theme.bar;
    ctx.fillRect(x, y + h - 4, w * Math.min(1, column(scene, index, INSTANCE.utilisation)), 4);
  }
  ctx.globalAlpha = 1;
}

interface Fill {
  /** Cells to fill without looking at single requests. */
  filled: number;
  count: number;
  colour: string;
}

function drawCells(ctx: CanvasRenderingContext2D, cells: Cells, x: number, y: number, fill: Fill): void {
  if (cells.count === 0) return;
  if (cells.gauge) {
    drawGauge(ctx, cells, x, y, fill);
    return;
  }
  ctx.beginPath();
  for (let place = 0; place < cells.count; place += 1) {
    ctx.rect(x + cellX(cells, place) + 0.5, y + cellY(cells, place) + 0.5, cells.w - 1, cells.h - 1);
  }
  ctx.stroke();
  ctx.fillStyle = fill.colour;
  for (let place = 0; place < Math.min(fill.filled, cells.count); place += 1) {
    ctx.fillRect(x + cellX(cells, place) + 2, y + cellY(cells, place) + 2, cells.w - 4, cells.h - 4);
  }
}

/** Too many cells to tell apart: one bar, full when all are. */
function drawGauge(ctx: CanvasRenderingContext2D, cells: Cells, x: number, y: number, fill: Fill): void {
  ctx.strokeRect(x + cells.x + 0.5, y + cells.y + 0.5, cells.w - 1, cells.h - 1);
  if (fill.count === 0) return;
  ctx.fillStyle = fill.colour;
  // At least a pixel and a half: one that waits among thousands of places is still one that waits.
  const width = Math.max(1.5, (cells.w - 4) * Math.min(1, fill.count / cells.count));
  ctx.fillRect(x + cells.x + 2, y + cells.y + 2, width, cells.h - 4);
}

// ---- tiles

function drawTiles(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { layout } = scene;
  ctx.fillStyle = theme.card;
  ctx.globalAlpha = 1;
  eachTile(scene, (x, y, w, h) => ctx.fillRect(x, y, w, h));
  ctx.fillStyle = theme.bar;
  for (let tint = 0; tint < TINTS; tint += 1) {
    ctx.globalAlpha = 0.12 + (0.88 * tint) / (TINTS - 1);
    eachTile(scene, (x, y, w, h, index) => {
      if (tintOf(column(scene, index, INSTANCE.utilisation)) === tint) ctx.fillRect(x, y, w, h);
    });
  }
  ctx.globalAlpha = 1;
  const size = layout.boxes[2] ?? 0;
  outlineTiles(ctx, scene, theme.amber, size, (index) => isOut(scene, index) && column(scene, index, INSTANCE.up) > 0);
  crossTiles(ctx, scene, theme);
}

function tintOf(utilisation: number): number {
  return Math.min(TINTS - 1, Math.max(0, Math.round(utilisation * (TINTS - 1))));
}

function isOut(scene: Scene, index: number): boolean {
  return column(scene, index, INSTANCE.status) !== STATUS.healthy;
}

function outlineTiles(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  colour: string,
  size: number,
  which: (index: number) => boolean,
): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = size >= 12 ? 2 : 1;
  ctx.beginPath();
  eachTile(scene, (x, y, w, h, index) => {
    if (which(index)) ctx.rect(x + 1, y + 1, w - 2, h - 2);
  });
  ctx.stroke();
}

/** Down: red, and crossed out, so that form says it too. */
function crossTiles(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  ctx.strokeStyle = theme.red;
  ctx.fillStyle = theme.background;
  ctx.lineWidth = 1.5;
  ctx.setLineDash([]);
  ctx.beginPath();
  eachTile(scene, (x, y, w, h, index) => {
    if (column(scene, index, INSTANCE.up) > 0) return;
    ctx.fillRect(x, y, w, h);
    ctx.rect(x + 0.75, y + 0.75, w - 1.5, h - 1.5);
    ctx.moveTo(x + 1, y + 1);
    ctx.lineTo(x + w - 1, y + h - 1);
    ctx.moveTo(x + w - 1, y + 1);
    ctx.lineTo(x + 1, y + h - 1);
  });
  ctx.stroke();
}

function eachTile(scene: Scene, visit: (x: number, y: number, w: number, h: number, index: number) => void): void {
  const { boxes, topology } = scene.layout;
  for (let index = 0; index < topology.instances; index += 1) {
    const at = index * 4;
    visit(boxes[at] ?? 0, boxes[at + 1] ?? 0, boxes[at + 2] ?? 0, boxes[at + 3] ?? 0, index);
  }
}
