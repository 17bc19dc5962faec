/** Two sides: the log between them with its events, how far each read model has come, and what is on its way to it. */
import { modelWords } from "../../model/personnel.js";
import { EVENT_KIND, REQUEST, REQUEST_FLAG, REQUEST_STRIDE, type SidesDetails } from "../../model/views.js";
import { counted } from "../../panel/number.js";
import type { Box } from "../layout/cells.js";
import type { ServicePlace, SidesPlace } from "../layout/layout.js";
import {
  type Strip,
  eventAt,
  eventX,
  eventsIn,
  fedAt,
  slidLength,
  slidPosition,
  stripOf,
} from "../layout/log-strip.js";
import { about } from "../words/format.js";
import { type Place, type Scene, isSampled, locate, newPlace, requestCount } from "./scene.js";
import { type Point, along } from "../layout/sides-grid.js";
import { type ModelNow, isLocked, modelsOf } from "../reading/sides.js";
import { nowOf } from "../reading/shards.js";
import type { Theme } from "./theme.js";

/** Of the time for which what fell is seen: an event slides in, and one is on its way to a read model. */
const SLIDE = 0.22;
const WAY = 0.45;

function slideMs({ linger_ms }: Pick<Scene, "linger_ms">): number {
  return linger_ms * SLIDE;
}

export function drawSides(ctx: CanvasRenderingContext2D, scene: Scene, service: ServicePlace, theme: Theme): void {
  const { sides } = service;
  if (!sides) return;
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
  if (sides.locks && isLocked(scene.frame, service.first)) drawLock(ctx, scene, service, theme);
  const details = scene.cqrs?.[sides.number];
  if (!sides.log) {
    if (details && !sides.shared) drawProgress(ctx, scene, service, modelsOf(scene.frame, details), theme);
    return;
  }
  drawGround(ctx, sides.log, boxOf(scene, service.first), theme);
  if (!details) return;
  const models = modelsOf(scene.frame, details);
  drawFeeds(ctx, scene, sides, details, models, theme);
  drawLog(ctx, scene, sides.log, details, models, theme);
  drawProgress(ctx, scene, service, models, theme);
  ctx.globalAlpha = 1;
}

function boxOf({ layout: { boxes } }: Scene, node: number): Box {
  const [x = 0, y = 0, w = 0, h = 0] = boxes.subarray(node * 4, node * 4 + 4);
  return { x, y, w, h };
}

/** The box of the log, and an arrow into it from the side that writes. */
function drawGround(ctx: CanvasRenderingContext2D, log: Box, commands: Box, theme: Theme): void {
  ctx.fillStyle = theme.card;
  ctx.fillRect(log.x, log.y, log.w, log.h);
  const x = log.x + log.w - 9;
  ctx.strokeStyle = theme.muted;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(x, commands.y + commands.h);
  ctx.lineTo(x, log.y - 1);
  ctx.moveTo(x - 4, log.y - 6);
  ctx.lineTo(x, log.y - 1);
  ctx.lineTo(x + 4, log.y - 6);
  ctx.stroke();
}

// ---- the log

function drawLog(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  box: Box,
  details: SidesDetails,
  models: readonly ModelNow[],
  theme: Theme,
): void {
  const { log } = details;
  const strip = stripOf(box, models.length);
  const [t_ms, slide] = [nowOf(scene.frame), slideMs(scene)];
  const length = slidLength(log, t_ms, slide);
  ctx.save();
  ctx.beginPath();
  ctx.rect(strip.cells.x, box.y, strip.cells.w, box.h);
  ctx.clip();
  drawEvents(ctx, scene, strip, details, length, theme);
  models.forEach(({ model }) => {
    const row = strip.rows[model];
    if (row) drawRow(ctx, strip, row, length, slidPosition(log, model, t_ms, slide), theme);
  });
  ctx.restore();
  drawLogWords(ctx, scene, strip, details, models, theme);
}

const GLYPHS: Readonly<Record<number, (ctx: CanvasRenderingContext2D, x: number, y: number) => void>> = {
  [EVENT_KIND.assigned]: (ctx, x, y) => {
    ctx.moveTo(x - 3, y);
    ctx.lineTo(x + 3, y);
    ctx.moveTo(x, y - 3);
    ctx.lineTo(x, y + 3);
  },
  [EVENT_KIND.transferred]: (ctx, x, y) => {
    ctx.moveTo(x - 3.5, y);
    ctx.lineTo(x + 3, y);
    ctx.moveTo(x + 0.5, y - 2.5);
    ctx.lineTo(x + 3, y);
    ctx.lineTo(x + 0.5, y + 2.5);
  },
  [EVENT_KIND.released]: (ctx, x, y) => {
    ctx.moveTo(x - 3, y);
    ctx.lineTo(x + 3, y);
  },
};

function drawEvents(
  ctx: CanvasRenderingContext2D,
  { followed }: Scene,
  strip: Strip,
  { log }: SidesDetails,
  length: number,
  theme: Theme,
): void {
  const { cells, pitch } = strip;
  const { from, to } = eventsIn(strip, length);
  const [w, h, y] = [pitch - 2, cells.h - 4, cells.y + 2];
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.slotLine;
  ctx.fillStyle = theme.lane;
  ctx.beginPath();
  for (let event = from; event < to; event += 1) ctx.rect(eventX(strip, event, length) + 0.5, y + 0.5, w - 1, h - 1);
  ctx.fill();
  ctx.stroke();
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 1.3;
  ctx.beginPath();
  for (let event = from; event < to; event += 1) {
    GLYPHS[log.kind[event] ?? 0]?.(ctx, eventX(strip, event, length) + w / 2, y + h / 2);
  }
  ctx.stroke();
  if (followed === null) return;
  ctx.strokeStyle = theme.gold;
  ctx.lineWidth = 3;
  for (let event = from; event < to; event += 1) {
    if (log.request[event] === followed) ctx.strokeRect(eventX(strip, event, length) - 0.5, y - 0.5, w + 1, h + 1);
  }
}

/** In blue what the read model has, in amber what it lacks, under the events themselves. */
function drawRow(
  ctx: CanvasRenderingContext2D,
  strip: Strip,
  { x, y, w, h }: Box,
  length: number,
  position: number,
  theme: Theme,
): void {
  const at = Math.min(x + w, Math.max(x, eventX(strip, position, length)));
  ctx.fillStyle = theme.accentSoft;
  ctx.fillRect(x, y, at - x, h);
  if (at >= x + w - 0.5) return;
  ctx.fillStyle = theme.amber;
  ctx.fillRect(at, y + 1.5, x + w - at, h - 3);
  // Its place, also where that has left the strip.
  ctx.fillStyle = theme.text;
  ctx.fillRect(at - 1, y - 1, 2, h + 2);
}

function drawLogWords(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  strip: Strip,
  details: SidesDetails,
  models: readonly ModelNow[],
  theme: Theme,
): void {
  const [told] = modelsOf(scene.told, details);
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillStyle = theme.text;
  ctx.font = `600 11px ${theme.font}`;
  ctx.fillText("Log", strip.gutter.x, strip.words);
  ctx.textAlign = "right";
  ctx.font = `11px ${theme.font}`;
  ctx.fillText(counted(told?.events ?? 0, "event"), strip.cells.x + strip.cells.w, strip.words);
  ctx.textAlign = "left";
  ctx.font = `10px ${theme.font}`;
  ctx.fillStyle = theme.muted;
  ctx.fillText("newest →", strip.gutter.x, strip.cells.y + strip.cells.h / 2, strip.gutter.w);
  models.forEach(({ model, kind }) => {
    const row = strip.rows[model];
    if (row) ctx.fillText(modelWords(kind), strip.gutter.x, row.y + row.h / 2 + 0.5, strip.gutter.w);
  });
}

// ---- the ways to the read models

/** An event is a small sheet. */
const SHEET = { w: 8, h: 6 };
/** A finger needs some room. */
const REACH = 10;

/** The event on its way to a read model that is nearest to (x, y), or what is under that on the log itself; null for neither. */
export function pickedAt(
  scene: Scene,
  x: number,
  y: number,
): { event: number; cqrs: number } | { node: number } | null {
  for (const { sides, first } of scene.layout.services) {
    const details = sides && scene.cqrs?.[sides.number];
    if (!sides?.log || !details) continue;
    const t_ms = nowOf(scene.frame);
    const strip = stripOf(sides.log, details.models.length);
    const row = strip.rows.findIndex((line) => y >= line.y - 2 && y < line.y + line.h + 2);
    if (isIn(sides.log, x, y)) {
      if (row >= 0) return { node: first + 1 + row };
      const event = y < strip.cells.y ? null : eventAt(strip, details.log, t_ms, slideMs(scene), x);
      return event === null ? null : { event, cqrs: sides.number };
    }
    for (const [model, way] of sides.feeds.entries()) {
      for (const { event, progress } of fedAt(details.log, model, t_ms, scene.linger_ms * WAY)) {
        const at = along(way, progress);
        if (Math.hypot(at.x - x, at.y - y) <= REACH) return { event, cqrs: sides.number };
      }
    }
  }
  return null;
}

function isIn(box: Box, x: number, y: number): boolean {
  return x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h;
}

function drawFeeds(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  { feeds }: SidesPlace,
  { log }: SidesDetails,
  models: readonly ModelNow[],
  theme: Theme,
): void {
  const t_ms = nowOf(scene.frame);
  // The longest first: where they share a way, the state of the nearest is on top.
  for (const { model, state } of [...models].reverse()) {
    const way = feeds[model];
    if (way) drawWay(ctx, way, state, theme);
  }
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
  ctx.fillStyle = theme.accent;
  ctx.strokeStyle = theme.background;
  for (const { model } of models) {
    const way = feeds[model];
    if (!way) continue;
    for (const { progress } of fedAt(log, model, t_ms, scene.linger_ms * WAY)) {
      const { x, y } = along(way, progress);
      ctx.fillRect(x - SHEET.w / 2, y - SHEET.h / 2, SHEET.w, SHEET.h);
      ctx.strokeRect(x - SHEET.w / 2, y - SHEET.h / 2, SHEET.w, SHEET.h);
    }
  }
}

function drawWay(ctx: CanvasRenderingContext2D, way: readonly Point[], state: ModelNow["state"], theme: Theme): void {
  const [end, before] = [way.at(-1), way.at(-2)];
  if (!end || !before) return;
  ctx.strokeStyle = { follows: theme.lane, replays: theme.accentSoft, stopped: theme.amber, down: theme.red }[state];
  ctx.lineWidth = state === "replays" ? 5 : 3;
  ctx.setLineDash(state === "stopped" || state === "down" ? [3, 4] : []);
  ctx.beginPath();
  way.forEach(({ x, y }, index) => (index === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
  ctx.stroke();
  if (state !== "stopped") return;
  // A bar across it: nothing comes through.
  const [dx, dy] = [Math.sign(end.x - before.x), Math.sign(end.y - before.y)];
  const [x, y] = [end.x - dx * 4, end.y - dy * 4];
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x - dy * 6, y - dx * 6);
  ctx.lineTo(x + dy * 6, y + dx * 6);
  ctx.stroke();
}

// ---- stale answers

/** More than these nobody reads. */
const MOST_AGES = 10;

const place = newPlace();

/** Where the age stands: above the answer, unless the log is there. */
const ABOVE = -9;
const BELOW = 17;
const HIGH = 11;

function isBelowLog({ layout }: Scene, { x, y }: Place): boolean {
  return layout.services.some(({ sides }) => {
    const log = sides?.log;
    return log && x > log.x - REACH && x < log.x + log.w + REACH && y > log.y + log.h && y < log.y + log.h - 2 * ABOVE;
  });
}

/** How old is what a stale answer says, beside it: of as many as can be read, those first that have come farthest. */
export function drawStale(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { requests } = scene.frame;
  ctx.font = `600 10px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.strokeStyle = theme.background;
  ctx.fillStyle = theme.amber;
  ctx.lineWidth = 3;
  const taken: Box[] = [...scene.layout.clients, ...scene.layout.services.map(({ balancer }) => balancer)];
  const others = taken.length;
  for (let row = 0; row < requestCount(scene.frame) && taken.length < others + MOST_AGES; row += 1) {
    if (((requests[row * REQUEST_STRIDE + REQUEST.flags] ?? 0) & REQUEST_FLAG.stale) === 0) continue;
    locate(scene, row, place);
    const text = about(requests[row * REQUEST_STRIDE + REQUEST.place] ?? 0);
    const y = place.y + (isBelowLog(scene, place) ? BELOW : ABOVE);
    const w = ctx.measureText(text).width;
    const box = { x: place.x - w / 2 - 2, y: y - HIGH, w: w + 4, h: HIGH };
    if (taken.some((other) => overlap(box, other))) continue;
    taken.push(box);
    ctx.strokeText(text, place.x, y);
    ctx.fillText(text, place.x, y);
  }
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

// ---- on the cards

/** How much of the log each read model has: a rebuilt one fills up again. */
function drawProgress(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  { first, share }: ServicePlace,
  models: readonly ModelNow[],
  theme: Theme,
): void {
  if (!share) return;
  for (const { model, events, wants } of models) {
    const { x, y } = boxOf(scene, first + 1 + model);
    const has = (share.w * wants) / Math.max(1, events);
    ctx.fillStyle = theme.lane;
    ctx.fillRect(x + share.x, y + share.y, share.w, share.h);
    ctx.fillStyle = theme.bar;
    ctx.fillRect(x + share.x, y + share.y, has, share.h);
    if (wants >= events) continue;
    ctx.fillStyle = theme.amber;
    ctx.fillRect(x + share.x + has, y + share.y, Math.max(2, share.w - has), share.h);
  }
}

function drawLock(ctx: CanvasRenderingContext2D, scene: Scene, service: ServicePlace, theme: Theme): void {
  if (isSampled(scene.frame) || !service.share) return;
  const { x, y, w } = boxOf(scene, service.first);
  const [middle, top] = [x + w - 20, y + service.share.y - 3];
  ctx.fillStyle = theme.amber;
  ctx.strokeStyle = theme.amber;
  ctx.lineWidth = 2;
  ctx.fillRect(middle - 6, top + 5, 12, 9);
  ctx.beginPath();
  ctx.arc(middle, top + 5, 3.6, Math.PI, 0);
  ctx.stroke();
}
