/** Lanes, cards and tiles: what stands still and only changes its tint, its width or its form. */
import { CALL, CALL_STRIDE, INSTANCE, INSTANCE_STRIDE, STATUS } from "../../model/views.js";
import { type Cells, cellX, cellY } from "../layout/cells.js";
import type { Layout, ServicePlace } from "../layout/layout.js";
import { drawGathering } from "./gathering.js";
import { type Scene, cellsAt, isSampled } from "./scene.js";
import { LANE_POINTS, LANE_STRIDE } from "../layout/path.js";
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

/** Of the nodes of a store, which are of shards that aren't there; nothing for the instances of a service. */
function awayOf(scene: Scene, service: ServicePlace): readonly boolean[] {
  const { part } = scene;
  return part && service.store ? part.presencesOf(scene, service).map(part.isAway) : [];
}

// ---- lanes

/** A wide line is a busy one. The low end is lifted: a trickle must still be seen. */
export function drawLanes(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { layout } = scene;
  const most = busiest(scene);
  const dense = isSampled(scene.frame);
  ctx.lineCap = "butt";
  ctx.lineJoin = "round";
  drawTrunks(ctx, scene, theme, dense, most > 0);
  for (const service of layout.services) {
    const away = awayOf(scene, service);
    for (const index of lanesToDraw(service, layout.direction)) {
      const gone = away[index - service.first] === true;
      drawLane(ctx, scene, index, { most, dense, tiles: service.detail === "tile", gone, theme });
    }
    if (service.calls) drawGathering(ctx, layout, service, theme);
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** Tiles of one row (one column, where the stage runs down) share a gap: the lane to the last of them is all of theirs. */
function lanesToDraw({ first, count, detail, columns }: ServicePlace, direction: Layout["direction"]): number[] {
  const all = Array.from({ length: count }, (_, index) => first + index);
  if (detail !== "tile") return all;
  return direction === "across"
    ? all.filter((_, index) => index % columns === columns - 1 || index === count - 1)
    : all.slice(-columns);
}

/** A single call is a broad band, as it carries everything; of several the busiest is. */
function drawTrunks(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme, dense: boolean, busy: boolean): void {
  const { calls } = scene.layout;
  let most = 0;
  for (let call = 0; call < calls.length; call += 1) most = Math.max(most, attempts(scene, call));
  ctx.setLineDash([]);
  ctx.strokeStyle = dense && busy ? theme.accentSoft : theme.lane;
  for (let call = 0; call < calls.length; call += 1) {
    const share = calls.length === 1 || most === 0 ? Number(busy) : Math.sqrt(attempts(scene, call) / most);
    ctx.lineWidth = LANE_WIDTH_MIN + (12 - LANE_WIDTH_MIN) * share;
    ctx.beginPath();
    trace(ctx, scene.layout.trunks, call * LANE_STRIDE);
    ctx.stroke();
  }
}

function attempts(scene: Scene, call: number): number {
  return scene.frame.calls[call * CALL_STRIDE + CALL.attemptsPerS] ?? 0;
}

interface LaneLook {
  most: number;
  dense: boolean;
  tiles: boolean;
  /** To a shard that isn't there. */
  gone: boolean;
  theme: Theme;
}

function drawLane(ctx: CanvasRenderingContext2D, scene: Scene, index: number, look: LaneLook): void {
  const { most, dense, tiles, gone, theme } = look;
  const share = most > 0 ? column(scene, index, INSTANCE.requestsPerS) / most : 0;
  const open = !gone && (tiles || column(scene, index, INSTANCE.takesTraffic) > 0);
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
  for (const service of scene.layout.services) {
    if (service.detail === "tile") drawTiles(ctx, scene, service, theme);
    else drawCards(ctx, scene, service, theme);
    scene.part?.drawShards(ctx, scene, service, theme);
  }
}

function drawCards(ctx: CanvasRenderingContext2D, scene: Scene, service: ServicePlace, theme: Theme): void {
  const { layout } = scene;
  const sampled = isSampled(scene.frame);
  const away = awayOf(scene, service);
  for (let index = service.first; index < service.first + service.count; index += 1) {
    // Of a shard that isn't there the card is an outline.
    if (away[index - service.first] === true) continue;
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
    const { slots, queue } = cellsAt(layout, index) ?? service;
    drawCells(ctx, slots, x, y, { filled: sampled ? working : 0, count: working, colour: theme.accent });
    drawCells(ctx, queue, x, y, { filled: sampled ? waiting : 0, count: waiting, colour: theme.wait });
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

function drawTiles(ctx: CanvasRenderingContext2D, scene: Scene, service: ServicePlace, theme: Theme): void {
  const { layout } = scene;
  const tiles: Tiles = { scene, service };
  const away = awayOf(scene, service);
  ctx.fillStyle = theme.card;
  ctx.globalAlpha = 1;
  eachTile(tiles, (x, y, w, h, index) => {
    if (away[index - service.first] !== true) ctx.fillRect(x, y, w, h);
  });
  ctx.fillStyle = theme.bar;
  for (let tint = 0; tint < TINTS; tint += 1) {
    ctx.globalAlpha = 0.12 + (0.88 * tint) / (TINTS - 1);
    eachTile(tiles, (x, y, w, h, index) => {
      if (tintOf(column(scene, index, INSTANCE.utilisation)) === tint) ctx.fillRect(x, y, w, h);
    });
  }
  ctx.globalAlpha = 1;
  const size = layout.boxes[service.first * 4 + 2] ?? 0;
  outlineTiles(ctx, tiles, theme.amber, size, (index) => isOut(scene, index) && column(scene, index, INSTANCE.up) > 0);
  crossTiles(ctx, tiles, theme);
  if (away.includes(true)) outlineTiles(ctx, tiles, theme.slotLine, 0, (index) => away[index - service.first] === true);
}

function tintOf(utilisation: number): number {
  return Math.min(TINTS - 1, Math.max(0, Math.round(utilisation * (TINTS - 1))));
}

function isOut(scene: Scene, index: number): boolean {
  return column(scene, index, INSTANCE.status) !== STATUS.healthy;
}

function outlineTiles(
  ctx: CanvasRenderingContext2D,
  tiles: Tiles,
  colour: string,
  size: number,
  which: (index: number) => boolean,
): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = size >= 12 ? 2 : 1;
  ctx.beginPath();
  eachTile(tiles, (x, y, w, h, index) => {
    if (which(index)) ctx.rect(x + 1, y + 1, w - 2, h - 2);
  });
  ctx.stroke();
}

/** Down: red, and crossed out, so that form says it too. */
function crossTiles(ctx: CanvasRenderingContext2D, tiles: Tiles, theme: Theme): void {
  ctx.strokeStyle = theme.red;
  ctx.fillStyle = theme.background;
  ctx.lineWidth = 1.5;
  ctx.setLineDash([]);
  ctx.beginPath();
  eachTile(tiles, (x, y, w, h, index) => {
    if (column(tiles.scene, index, INSTANCE.up) > 0) return;
    ctx.fillRect(x, y, w, h);
    ctx.rect(x + 0.75, y + 0.75, w - 1.5, h - 1.5);
    ctx.moveTo(x + 1, y + 1);
    ctx.lineTo(x + w - 1, y + h - 1);
    ctx.moveTo(x + w - 1, y + 1);
    ctx.lineTo(x + 1, y + h - 1);
  });
  ctx.stroke();
}

interface Tiles {
  scene: Scene;
  service: ServicePlace;
}

function eachTile(
  { scene, service }: Tiles,
  visit: (x: number, y: number, w: number, h: number, index: number) => void,
): void {
  const { boxes } = scene.layout;
  for (let index = service.first; index < service.first + service.count; index += 1) {
    const at = index * 4;
    visit(boxes[at] ?? 0, boxes[at + 1] ?? 0, boxes[at + 2] ?? 0, boxes[at + 3] ?? 0, index);
  }
}
