/** A bulkhead: a compartment on the line of its call, with slots and places to wait; or one for the lines of several. */
import { CALL, CALL_STRIDE } from "../../model/views.js";
import { type Box, type Cells, cellX, cellY } from "../layout/cells.js";
import { compartments } from "../layout/compartments.js";
import { type Scene, isSampled } from "./scene.js";
import type { Station } from "../layout/stations.js";
import type { Theme } from "./theme.js";

export function drawBulkhead(ctx: CanvasRenderingContext2D, scene: Scene, station: Station, theme: Theme): void {
  const { slots, places } = compartments(scene.frame, station);
  drawWalls(ctx, scene, station, theme);
  if (slots) drawTaken(ctx, scene, station, slots, CALL.out, theme);
  // Of one call's own pool those who wait are drawn each with its age, unless they are a sample.
  const single = station.calls.length === 1 && !isSampled(scene.frame) && places?.gauge === false;
  if (places) drawTaken(ctx, scene, station, places, single ? -1 : CALL.pooled, theme);
  if (station.calls.length > 1) drawDoors(ctx, scene, station, theme);
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
    wallsOfPool(ctx, station, down);
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

/** One room, with a door for each line on the side where it comes in, and one where it goes out. */
function wallsOfPool(ctx: CanvasRenderingContext2D, { box, doors }: Station, down: boolean): void {
  const gap = 8;
  const [near, far] = down ? [box.y + 1, box.y + box.h - 1] : [box.x + 1, box.x + box.w - 1];
  const [from, to] = down ? [box.x + 1, box.x + box.w - 1] : [box.y + 1, box.y + box.h - 1];
  const ends = [from, ...doors.flatMap(({ x, y }) => [(down ? x : y) - gap, (down ? x : y) + gap]), to];
  const move = (u: number, v: number): void => (down ? ctx.moveTo(v, u) : ctx.moveTo(u, v));
  const line = (u: number, v: number): void => (down ? ctx.lineTo(v, u) : ctx.lineTo(u, v));
  for (const wall of [near, far]) {
    for (let at = 0; at + 1 < ends.length; at += 2) {
      move(wall, ends[at] ?? 0);
      line(wall, ends[at + 1] ?? 0);
    }
  }
  for (const side of [from, to]) {
    move(near, side);
    line(far, side);
  }
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
    ctx.strokeStyle = ctx.fillStyle;
    if (cells.gauge) fillGauge(ctx, cells, from, to, order);
    else for (let place = from; place < to; place += 1) fillCell(ctx, cells, place, order);
    from = to;
  });
}

function fillCell(ctx: CanvasRenderingContext2D, cells: Cells, place: number, order: number): void {
  const inset = cells.w > 7 ? 2 : 1;
  const [w, h] = [cells.w - 2 * inset, cells.h - 2 * inset];
  fillMark(ctx, { x: cellX(cells, place) + inset, y: cellY(cells, place) + inset, w, h }, order);
}

function fillGauge(ctx: CanvasRenderingContext2D, cells: Cells, from: number, to: number, order: number): void {
  if (to <= from) return;
  const scale = (cells.w - 4) / Math.max(1, cells.count);
  // In a bar the parts lie beside each other: tone and height tell them apart.
  const h = (cells.h - 4) * (1 - 0.25 * (order % 4));
  ctx.fillRect(cells.x + 2 + from * scale, cells.y + cells.h - 2 - h, Math.max(1.5, (to - from) * scale), h);
}

/** By its form one sees whose it is: the first call's is full, the second's cut, the third's low, the fourth's hollow. */
function fillMark(ctx: CanvasRenderingContext2D, { x, y, w, h }: Box, order: number): void {
  const form = order % 4;
  if (form === 3) {
    ctx.lineWidth = 2;
    ctx.strokeRect(x + 1, y + 1, Math.max(1, w - 2), Math.max(1, h - 2));
    return;
  }
  if (form > 0) {
    ctx.globalAlpha = 0.35;
    ctx.fillRect(x, y, w, h);
    ctx.globalAlpha = 1;
  }
  ctx.beginPath();
  if (form === 0) ctx.rect(x, y, w, h);
  else if (form === 2) ctx.rect(x, y + h * 0.6, w, h * 0.4);
  else {
    ctx.moveTo(x, y + h);
    ctx.lineTo(x + w, y);
    ctx.lineTo(x + w, y + h);
  }
  ctx.fill();
}

/** At each door of a pool of several calls: the mark of this call's slots, and how many it holds. */
function drawDoors(ctx: CanvasRenderingContext2D, { layout, told }: Scene, station: Station, theme: Theme): void {
  const side = 9;
  const down = layout.direction === "down";
  ctx.font = `600 11px ${theme.font}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = down ? "center" : "left";
  station.calls.forEach((call, order) => {
    const { x, y } = station.doors[order] ?? station;
    const mark: Box = down ? { x: x - 22, y: y + 9, w: side, h: side } : { x: x + 8, y: y - 15, w: side, h: side };
    ctx.fillStyle = theme.accent;
    ctx.strokeStyle = theme.accent;
    fillMark(ctx, mark, order);
    ctx.fillStyle = theme.text;
    const out = String(told.calls[call * CALL_STRIDE + CALL.out] ?? 0);
    if (down) ctx.fillText(out, mark.x + side / 2, mark.y + side + 9);
    else ctx.fillText(out, mark.x + side + 4, mark.y + side / 2 + 0.5);
  });
}
