/** A breaker: a switch on the line of its call, with its window and what it measures beside it. */
import { CELL, CELL_STRIDE, type Frame } from "../../model/views.js";
import { type BreakerView, type SwitchState, breakerView, worstOf } from "../reading/breaker.js";
import type { Box } from "../layout/cells.js";
import type { Station } from "../layout/stations.js";
import type { Theme } from "./theme.js";
import type { CallShape } from "../layout/topology.js";
import { plain, THIN } from "../../panel/number.js";

interface Line {
  x: number;
  y: number;
  down: boolean;
  /** From the middle of the switch to a contact. */
  half: number;
}

export function drawBreaker(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  station: Station,
  call: CallShape,
  down: boolean,
  theme: Theme,
): void {
  const view = breakerView(frame, worstOf(frame, call));
  const half = station.detail === "full" ? 15 : station.detail === "small" ? 12 : 9;
  drawSwitch(ctx, { x: station.x, y: station.y, down, half }, view.state, theme);
  const { area } = station;
  if (area.w < 16) return;
  const strip: Box = { ...area, h: 11 };
  const bar: Box = { ...area, y: area.y + 15, h: 5 };
  if (view.state === "halfOpen") drawTrials(ctx, strip, view, theme);
  else drawWindow(ctx, frame, strip, view, call.windowCells, theme);
  if (view.state === "open") drawTimeLeft(ctx, bar, view, theme);
  else if (view.state === "halfOpen") drawSuccesses(ctx, bar, view, theme);
  else if (view.state === "closed") drawMeasure(ctx, bar, view, call.trip === "failure_rate", theme);
}

// ---- the switch

const LEVERS: Record<SwitchState, number> = { closed: 0, disabled: 0, halfOpen: 0.35, open: 0.85, forcedOpen: 0.85 };

export function drawSwitch(ctx: CanvasRenderingContext2D, line: Line, state: SwitchState, theme: Theme): void {
  const { x, y, down, half } = line;
  ctx.save();
  ctx.translate(x, y);
  // Along the line is along x from here on, and the lever rises to negative y, also where the line runs down.
  if (down) ctx.rotate(Math.PI / 2);
  ctx.setLineDash([]);
  ctx.fillStyle = theme.background;
  // The gap is seen in every state: a closed lever bridges it.
  ctx.fillRect(-half, -8, 2 * half, 16);
  const colour = {
    closed: theme.accent,
    disabled: theme.muted,
    halfOpen: theme.amber,
    open: theme.red,
    forcedOpen: theme.red,
  }[state];
  const angle = LEVERS[state] * (down ? 1 : -1);
  ctx.strokeStyle = colour;
  ctx.lineWidth = half > 10 ? 4 : 3;
  if (state === "disabled") ctx.setLineDash([3, 3]);
  ctx.beginPath();
  ctx.moveTo(-half, 0);
  ctx.lineTo(-half + Math.cos(angle) * half * 2, Math.sin(angle) * half * 2);
  ctx.stroke();
  ctx.setLineDash([]);
  if (state === "forcedOpen") drawWedge(ctx, half, angle, theme);
  ctx.fillStyle = theme.text;
  for (const at of [-half, half]) {
    ctx.beginPath();
    ctx.arc(at, 0, half > 10 ? 3.5 : 2.5, 0, Math.PI * 2);
    ctx.fill();
  }
  ctx.restore();
}

/** Held open by hand: a bar across the lever's end. */
function drawWedge(ctx: CanvasRenderingContext2D, half: number, angle: number, theme: Theme): void {
  const [tipX, tipY] = [-half + Math.cos(angle) * half * 2, Math.sin(angle) * half * 2];
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 2.5;
  ctx.beginPath();
  ctx.moveTo(tipX + Math.sin(angle) * 5, tipY - Math.cos(angle) * 5);
  ctx.lineTo(tipX - Math.sin(angle) * 5, tipY + Math.cos(angle) * 5);
  ctx.stroke();
}

// ---- the window

/** Oldest to newest, from left to right. More cells than can be told apart are drawn several as one. */
function drawWindow(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  strip: Box,
  view: BreakerView,
  full: number,
  theme: Theme,
): void {
  const narrowest = 3;
  const gap = 1;
  const most = Math.max(1, Math.floor((strip.w + gap) / (narrowest + gap)));
  const all = Math.max(view.cells, full);
  if (all === 0) return;
  const each = Math.ceil(all / most);
  const count = Math.ceil(all / each);
  const w = Math.min(11, (strip.w - gap * (count - 1)) / count);
  ctx.lineWidth = 1;
  // What isn't there yet stays empty at the new end, so that the strip fills from the left and then moves on.
  for (let place = 0; place < count; place += 1) {
    const x = strip.x + place * (w + gap);
    drawCell(ctx, frame, { ...strip, x, w }, view, place * each, each, theme);
  }
}

function drawCell(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  box: Box,
  view: BreakerView,
  from: number,
  each: number,
  theme: Theme,
): void {
  let [calls, failures, slow] = [0, 0, 0];
  for (let cell = from; cell < Math.min(view.cells, from + each); cell += 1) {
    const at = (view.firstCell + cell) * CELL_STRIDE;
    calls += frame.cells[at + CELL.calls] ?? 0;
    failures += frame.cells[at + CELL.failures] ?? 0;
    slow += frame.cells[at + CELL.slow] ?? 0;
  }
  if (calls === 0) {
    ctx.strokeStyle = theme.slotLine;
    ctx.strokeRect(box.x + 0.5, box.y + 0.5, Math.max(1, box.w - 1), box.h - 1);
    return;
  }
  ctx.fillStyle = theme.accentSoft;
  ctx.fillRect(box.x, box.y, box.w, box.h);
  if (slow > 0) hatch(ctx, box, box.h * Math.min(1, slow / calls), theme);
  if (failures > 0) drawFailures(ctx, box, box.h * Math.min(1, failures / calls), theme);
}

/** Failures rise from below, as high as their share; a whole cell of them has a cross. */
function drawFailures(ctx: CanvasRenderingContext2D, box: Box, high: number, theme: Theme): void {
  const height = Math.max(2, high);
  ctx.fillStyle = theme.red;
  ctx.fillRect(box.x, box.y + box.h - height, box.w, height);
  if (box.w < 4 || height < box.h - 0.5) return;
  const r = Math.min(2.5, box.w / 2 - 1);
  const [x, y] = [box.x + box.w / 2, box.y + box.h / 2];
  ctx.strokeStyle = theme.onRed;
  ctx.beginPath();
  ctx.moveTo(x - r, y - r);
  ctx.lineTo(x + r, y + r);
  ctx.moveTo(x + r, y - r);
  ctx.lineTo(x - r, y + r);
  ctx.stroke();
}

/** Slow ones are hatched. */
function hatch(ctx: CanvasRenderingContext2D, box: Box, high: number, theme: Theme): void {
  ctx.strokeStyle = theme.amber;
  ctx.beginPath();
  for (let y = box.y + box.h - 1; y > box.y + box.h - high; y -= 3) {
    ctx.moveTo(box.x, y);
    ctx.lineTo(box.x + box.w, Math.max(box.y, y - 3));
  }
  ctx.stroke();
}

// ---- how near it is

/** The rate, or the number of failures, against the mark at which the breaker opens. */
function drawMeasure(ctx: CanvasRenderingContext2D, bar: Box, view: BreakerView, percent: boolean, theme: Theme): void {
  const whole = percent ? 100 : view.threshold * 1.25;
  track(ctx, bar, theme);
  const measure = Number.isNaN(view.measure) ? 0 : view.measure;
  // Before there are enough calls no rate is looked at: what it would be is drawn quietly.
  const counts = !percent || view.calls >= view.minimumCalls;
  ctx.fillStyle = !counts ? theme.slotLine : measure >= view.threshold ? theme.red : theme.bar;
  ctx.fillRect(bar.x, bar.y, bar.w * Math.min(1, measure / whole), bar.h);
  mark(ctx, bar, view.threshold / whole, theme.text);
  nameMark(
    ctx,
    bar,
    view.threshold / whole,
    percent ? `${plain(view.threshold)}${THIN}%` : plain(view.threshold),
    theme,
  );
  if (!Number.isNaN(view.slowThreshold)) {
    const share = Number.isNaN(view.slowPercent) ? 0 : view.slowPercent / 100;
    ctx.fillStyle = theme.amber;
    ctx.fillRect(bar.x, bar.y + bar.h - 2, bar.w * Math.min(1, share), 2);
    mark(ctx, bar, view.slowThreshold / 100, theme.amber);
  }
}

function track(ctx: CanvasRenderingContext2D, bar: Box, theme: Theme): void {
  ctx.fillStyle = theme.lane;
  ctx.fillRect(bar.x, bar.y, bar.w, bar.h);
}

function mark(ctx: CanvasRenderingContext2D, bar: Box, share: number, colour: string): void {
  ctx.fillStyle = colour;
  ctx.fillRect(bar.x + bar.w * Math.min(1, share) - 1, bar.y - 3, 2, bar.h + 6);
}

/** At what it opens: below its mark, where the line is free as long as the switch is closed. */
function nameMark(ctx: CanvasRenderingContext2D, bar: Box, share: number, text: string, theme: Theme): void {
  ctx.font = `10px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillStyle = theme.muted;
  const half = ctx.measureText(text).width / 2;
  const x = bar.x + bar.w * Math.min(1, share);
  ctx.fillText(text, Math.min(bar.x + bar.w - half, Math.max(bar.x + half, x)), bar.y + bar.h + 4);
}

/** Grows until it closes. */
function drawSuccesses(ctx: CanvasRenderingContext2D, bar: Box, { trials }: BreakerView, theme: Theme): void {
  if (trials.needed <= 0) return;
  track(ctx, bar, theme);
  ctx.fillStyle = theme.bar;
  ctx.fillRect(bar.x, bar.y, bar.w * Math.min(1, trials.succeeded / trials.needed), bar.h);
}

/** Shrinks until trial calls may go. */
function drawTimeLeft(ctx: CanvasRenderingContext2D, bar: Box, view: BreakerView, theme: Theme): void {
  track(ctx, bar, theme);
  ctx.fillStyle = theme.amber;
  ctx.fillRect(bar.x, bar.y, bar.w * view.leftShare, bar.h);
}

/** Places for the trial calls: answered, under way, free. */
function drawTrials(ctx: CanvasRenderingContext2D, strip: Box, view: BreakerView, theme: Theme): void {
  const { free, out, answered, succeeded } = view.trials;
  const places = Math.min(24, answered + out + free);
  if (places === 0) return;
  const gap = 2;
  const w = Math.min(12, (strip.w - gap * (places - 1)) / places);
  ctx.lineWidth = 1.25;
  for (let place = 0; place < places; place += 1) {
    const box: Box = { x: strip.x + place * (w + gap), y: strip.y, w, h: strip.h };
    if (place < succeeded) drawSucceeded(ctx, box, theme);
    else if (place < answered) drawFailures(ctx, box, box.h, theme);
    else drawTrial(ctx, box, place < answered + out, theme);
  }
}

function drawSucceeded(ctx: CanvasRenderingContext2D, box: Box, theme: Theme): void {
  ctx.fillStyle = theme.accentSoft;
  ctx.fillRect(box.x, box.y, box.w, box.h);
  if (box.w < 5) return;
  const [x, y] = [box.x + box.w / 2, box.y + box.h / 2];
  ctx.strokeStyle = theme.text;
  ctx.beginPath();
  ctx.moveTo(x - 3, y);
  ctx.lineTo(x - 1, y + 2.5);
  ctx.lineTo(x + 3, y - 2.5);
  ctx.stroke();
}

function drawTrial(ctx: CanvasRenderingContext2D, box: Box, out: boolean, theme: Theme): void {
  ctx.strokeStyle = out ? theme.accent : theme.muted;
  ctx.setLineDash(out ? [] : [2, 2]);
  ctx.strokeRect(box.x + 0.5, box.y + 0.5, Math.max(1, box.w - 1), box.h - 1);
  ctx.setLineDash([]);
  if (!out) return;
  ctx.fillStyle = theme.accent;
  ctx.beginPath();
  ctx.arc(box.x + box.w / 2, box.y + box.h / 2, Math.min(3, box.w / 2 - 1), 0, Math.PI * 2);
  ctx.fill();
}
