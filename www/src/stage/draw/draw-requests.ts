/** Requests: sorted by look first, so that the canvas changes its style a few times a frame and not once a request. */
import { REQUEST, REQUEST_FLAG, REQUEST_STATE, REQUEST_STRIDE } from "../../model/views.js";
import { compartments } from "../layout/compartments.js";
import { isDrawn } from "./falls.js";
import { FORMS, type Form, formOf, reasonIn } from "./reasons.js";
import { type Place, type Scene, cellsAt, isSampled, locate, newPlace, requestCount, serviceOf } from "./scene.js";
import { dot, square, tick } from "./shapes.js";
import type { Theme } from "./theme.js";

/** Looks, in the order in which they are drawn: what is broken lies on top. */
const WAITING = 0;
const POOLED = 4;
const WORKING = 8;
/** Kept in a slot or a queue for nobody: whoever asked has given up. */
const UNWANTED_WAITING = 12;
const UNWANTED_WORKING = 13;
/** Keeps its slot while its instance calls others. */
const CALLING = 14;
const UNWANTED_MOVING = 15;
const TRAVELLING = 16;
const RETRYING = 20;
const ANSWERED = 24;
/** An answer that was no longer so. */
const STALE = 25;
const PAUSING = 26;
/** One for each form in which something leaves, and each step of its fading. */
const FALLING = 27;

const AGES = 4;
const FADES = 3;
const LOOKS = FALLING + FORMS.length * FADES;
const NOT_DRAWN = LOOKS;
/** Above this many moving ones a shape is two or three pixels wide: squares look the same and cost a third. */
const MOST_SHAPES = 700;

/** Reused from frame to frame; grown when a frame has more. */
let order = new Uint32Array(4_096);
let looks = new Uint8Array(4_096);
const starts = new Uint32Array(LOOKS + 2);
const place: Place = newPlace();

export function drawRequests(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const count = requestCount(scene.frame);
  sortByLook(scene, count);
  const moving = (starts[LOOKS] ?? 0) - (starts[UNWANTED_MOVING] ?? 0);
  const small = moving > MOST_SHAPES || scene.layout.detail === "tile";
  // Of a sample the cells would be empty although the instance is busy: its counts are drawn instead.
  if (!isSampled(scene.frame)) drawHeld(ctx, scene, theme);
  drawUnwantedMoving(ctx, scene, theme, small);
  for (let age = 0; age < AGES; age += 1) {
    const colour = theme.ages[age] ?? theme.accent;
    drawTravelling(ctx, scene, TRAVELLING + age, colour, small);
    drawRetrying(ctx, scene, RETRYING + age, colour, small);
  }
  drawAnswers(ctx, scene, theme, small);
  drawStaleAnswers(ctx, scene, theme, small);
  drawPausing(ctx, scene, theme, small);
  FORMS.forEach((form, index) => drawFalling(ctx, scene, FALLING + index * FADES, form, theme));
  ctx.globalAlpha = 1;
}

function drawHeld(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  for (let age = 0; age < AGES; age += 1) {
    drawWaiting(ctx, scene, WAITING + age, age, theme);
    drawPooled(ctx, scene, POOLED + age, age, theme);
    drawWorking(ctx, scene, WORKING + age, age, theme);
  }
  drawHollow(ctx, scene, UNWANTED_WAITING, theme, false);
  drawHollow(ctx, scene, UNWANTED_WORKING, theme, true);
  drawCalling(ctx, scene, theme);
  drawRetryMarks(ctx, scene, theme);
  drawCommandMarks(ctx, scene, theme);
}

/** A counting sort: one pass to count, one to place. */
function sortByLook(scene: Scene, count: number): void {
  if (order.length < count) {
    order = new Uint32Array(count * 2);
    looks = new Uint8Array(count * 2);
  }
  starts.fill(0);
  const scale = AGES / (2 * Math.max(1, scene.old_ms));
  for (let row = 0; row < count; row += 1) {
    const look = lookOf(scene, row, scale);
    looks[row] = look;
    starts[look + 1] = (starts[look + 1] ?? 0) + 1;
  }
  for (let look = 1; look <= LOOKS; look += 1) starts[look] = (starts[look] ?? 0) + (starts[look - 1] ?? 0);
  const next = nextOf;
  next.set(starts);
  for (let row = 0; row < count; row += 1) {
    const look = looks[row] ?? NOT_DRAWN;
    const at = next[look] ?? 0;
    order[at] = row;
    next[look] = at + 1;
  }
}

const nextOf = new Uint32Array(LOOKS + 2);

function lookOf({ frame, layout }: Scene, row: number, ageScale: number): number {
  const { requests } = frame;
  const at = row * REQUEST_STRIDE;
  const age = Math.min(AGES - 1, Math.floor((requests[at + REQUEST.ageMs] ?? 0) * ageScale));
  const flags = requests[at + REQUEST.flags] ?? 0;
  const unwanted = (flags & REQUEST_FLAG.unwanted) !== 0;
  switch (requests[at + REQUEST.state] ?? -1) {
    case REQUEST_STATE.toBalancer:
    case REQUEST_STATE.toInstance:
      if (unwanted) return UNWANTED_MOVING;
      return ((flags & REQUEST_FLAG.retry) !== 0 ? RETRYING : TRAVELLING) + age;
    case REQUEST_STATE.waiting:
      return unwanted ? UNWANTED_WAITING : WAITING + age;
    case REQUEST_STATE.pooled:
      return POOLED + age;
    case REQUEST_STATE.working:
      return unwanted ? UNWANTED_WORKING : WORKING + age;
    case REQUEST_STATE.calling:
      // One that waits at a router for the answers of several shards pauses, so to speak, in the middle of its way.
      return (requests[at + REQUEST.instance] ?? 0) < 0 ? PAUSING : CALLING;
    case REQUEST_STATE.answerToBalancer:
    case REQUEST_STATE.answerToClient:
      if (unwanted) return UNWANTED_MOVING;
      return (flags & REQUEST_FLAG.stale) === 0 ? ANSWERED : STALE;
    case REQUEST_STATE.pausing:
      return PAUSING;
    case REQUEST_STATE.broken:
    case REQUEST_STATE.shed: {
      if (!isDrawn(frame, row, layout)) return NOT_DRAWN;
      const fade = Math.min(FADES - 1, Math.floor((requests[at + REQUEST.progress] ?? 0) * FADES));
      return FALLING + formOf(reasonIn(flags)) * FADES + fade;
    }
    default:
      return NOT_DRAWN;
  }
}

function from(look: number): number {
  return starts[look] ?? 0;
}

function drawTravelling(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  look: number,
  colour: string,
  small: boolean,
): void {
  const end = from(look + 1);
  if (from(look) === end) return;
  ctx.fillStyle = colour;
  if (!small) ctx.beginPath();
  for (let at = from(look); at < end; at += 1) {
    locate(scene, order[at] ?? 0, place);
    if (small) ctx.fillRect(place.x - 1.5, place.y - 1.5, 3, 3);
    else body(ctx, scene, order[at] ?? 0, 4.2);
  }
  if (!small) ctx.fill();
}

/** At `place`: a command is a square, a query or any other request is round. */
function body(ctx: CanvasRenderingContext2D, scene: Scene, row: number, r: number): void {
  if (isCommand(scene, row)) square(ctx, place.x, place.y, r * 1.25);
  else dot(ctx, place.x, place.y, r);
}

function isCommand({ frame }: Scene, row: number): boolean {
  return ((frame.requests[row * REQUEST_STRIDE + REQUEST.flags] ?? 0) & REQUEST_FLAG.command) !== 0;
}

/** An answer is hollow with a tick; far away, a smaller and fainter square. */
function drawAnswers(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme, small: boolean): void {
  const end = from(ANSWERED + 1);
  if (from(ANSWERED) === end) return;
  ctx.fillStyle = small ? theme.accentSoft : theme.background;
  ctx.strokeStyle = theme.accent;
  ctx.lineWidth = 1.25;
  ctx.beginPath();
  for (let at = from(ANSWERED); at < end; at += 1) {
    locate(scene, order[at] ?? 0, place);
    if (small) ctx.fillRect(place.x - 1, place.y - 1, 2, 2);
    else body(ctx, scene, order[at] ?? 0, 4);
  }
  if (small) return;
  ctx.fill();
  for (let at = from(ANSWERED); at < end; at += 1) {
    locate(scene, order[at] ?? 0, place);
    tick(ctx, place.x, place.y, 4);
  }
  ctx.stroke();
}

/** What it says was so once: amber, with a broken ring round it. */
function drawStaleAnswers(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme, small: boolean): void {
  const end = from(STALE + 1);
  if (from(STALE) === end) return;
  ctx.fillStyle = small ? theme.amber : theme.background;
  ctx.strokeStyle = theme.amber;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (let at = from(STALE); at < end; at += 1) {
    locate(scene, order[at] ?? 0, place);
    if (small) ctx.rect(place.x - 1.5, place.y - 1.5, 3, 3);
    else dot(ctx, place.x, place.y, 4);
  }
  ctx.fill();
  if (small) return;
  for (let at = from(STALE); at < end; at += 1) {
    locate(scene, order[at] ?? 0, place);
    tick(ctx, place.x, place.y, 4);
  }
  ctx.stroke();
  ctx.setLineDash([3, 2.4]);
  ctx.beginPath();
  for (let at = from(STALE); at < end; at += 1) {
    locate(scene, order[at] ?? 0, place);
    dot(ctx, place.x, place.y, 6.8);
  }
  ctx.stroke();
  ctx.setLineDash([]);
}

/** A retry has a ring around it. */
function drawRetrying(ctx: CanvasRenderingContext2D, scene: Scene, look: number, colour: string, small: boolean): void {
  const end = from(look + 1);
  if (from(look) === end) return;
  drawTravelling(ctx, scene, look, colour, small);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.25;
  ctx.beginPath();
  for (let at = from(look); at < end; at += 1) {
    locate(scene, order[at] ?? 0, place);
    if (small) ctx.rect(place.x - 3.5, place.y - 3.5, 7, 7);
    else {
      ctx.moveTo(place.x + 6.6, place.y);
      ctx.arc(place.x, place.y, 6.6, 0, Math.PI * 2);
    }
  }
  ctx.stroke();
}

/** Still on its way, or answered, for nobody: hollow and grey. */
function drawUnwantedMoving(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme, small: boolean): void {
  const end = from(UNWANTED_MOVING + 1);
  if (from(UNWANTED_MOVING) === end) return;
  ctx.strokeStyle = theme.muted;
  ctx.lineWidth = 1.25;
  ctx.beginPath();
  for (let at = from(UNWANTED_MOVING); at < end; at += 1) {
    locate(scene, order[at] ?? 0, place);
    if (small) ctx.rect(place.x - 1, place.y - 1, 2, 2);
    else body(ctx, scene, order[at] ?? 0, 3.4);
  }
  ctx.stroke();
}

/** A pause between two attempts: a small ring, on its loop. */
function drawPausing(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme, small: boolean): void {
  const end = from(PAUSING + 1);
  if (from(PAUSING) === end) return;
  ctx.strokeStyle = theme.text;
  ctx.fillStyle = theme.wait;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let at = from(PAUSING); at < end; at += 1) {
    locate(scene, order[at] ?? 0, place);
    if (!place.shown) continue;
    if (small) ctx.rect(place.x - 1.5, place.y - 1.5, 3, 3);
    else dot(ctx, place.x, place.y, 3);
  }
  ctx.fill();
  if (!small) ctx.stroke();
}

/** A queue place fills with the age of who waits there. */
function drawWaiting(ctx: CanvasRenderingContext2D, scene: Scene, look: number, age: number, theme: Theme): void {
  const end = from(look + 1);
  if (from(look) === end) return;
  ctx.fillStyle = theme.wait;
  ctx.globalAlpha = 0.55 + 0.15 * age;
  for (let at = from(look); at < end; at += 1) {
    const row = order[at] ?? 0;
    locate(scene, row, place);
    const queue = cellsAt(scene.layout, instanceIn(scene, row))?.queue;
    if (place.shown && queue) ctx.fillRect(place.x - queue.w / 2, place.y - queue.h / 2, queue.w, queue.h);
  }
  ctx.globalAlpha = 1;
}

function instanceIn(scene: Scene, row: number): number {
  return scene.frame.requests[row * REQUEST_STRIDE + REQUEST.instance] ?? 0;
}

function callIn(scene: Scene, row: number): number {
  return scene.frame.requests[row * REQUEST_STRIDE + REQUEST.call] ?? 0;
}

/** So does a waiting place of a bulkhead. */
function drawPooled(ctx: CanvasRenderingContext2D, scene: Scene, look: number, age: number, theme: Theme): void {
  const end = from(look + 1);
  if (from(look) === end) return;
  const { layout, frame } = scene;
  ctx.fillStyle = theme.wait;
  ctx.globalAlpha = 0.55 + 0.15 * age;
  for (let at = from(look); at < end; at += 1) {
    const row = order[at] ?? 0;
    locate(scene, row, place);
    const station = layout.stations[layout.stationsOf[callIn(scene, row)]?.bulkhead ?? -1];
    const cells = place.shown && station ? compartments(frame, station).places : null;
    if (cells) ctx.fillRect(place.x - cells.w / 2, place.y - cells.h / 2, cells.w, cells.h);
  }
  ctx.globalAlpha = 1;
}

/** A working slot drains as its work is done. */
function drawWorking(ctx: CanvasRenderingContext2D, scene: Scene, look: number, age: number, theme: Theme): void {
  const { requests } = scene.frame;
  const end = from(look + 1);
  if (from(look) === end) return;
  ctx.fillStyle = theme.ages[age] ?? theme.accent;
  for (let at = from(look); at < end; at += 1) {
    const row = order[at] ?? 0;
    locate(scene, row, place);
    const slots = cellsAt(scene.layout, instanceIn(scene, row))?.slots;
    if (!place.shown || !slots) continue;
    const inset = slots.w > 8 ? 2 : 1;
    const left = 1 - (requests[row * REQUEST_STRIDE + REQUEST.progress] ?? 0);
    const height = Math.max(1, (slots.h - 2 * inset) * left);
    const bottom = place.y + slots.h / 2 - inset;
    ctx.fillRect(place.x - slots.w / 2 + inset, bottom - height, slots.w - 2 * inset, height);
  }
}

/** For nobody: the outline of what it would be, grey; work still drains. */
function drawHollow(ctx: CanvasRenderingContext2D, scene: Scene, look: number, theme: Theme, works: boolean): void {
  const end = from(look + 1);
  if (from(look) === end) return;
  ctx.strokeStyle = theme.muted;
  ctx.lineWidth = 1.25;
  ctx.beginPath();
  for (let at = from(look); at < end; at += 1) {
    const row = order[at] ?? 0;
    locate(scene, row, place);
    const own = cellsAt(scene.layout, instanceIn(scene, row));
    const cells = works ? own?.slots : own?.queue;
    if (!place.shown || !cells) continue;
    const left = works ? 1 - (scene.frame.requests[row * REQUEST_STRIDE + REQUEST.progress] ?? 0) : 1;
    const inset = cells.w > 8 ? 2.5 : 1.5;
    const height = Math.max(1, (cells.h - 2 * inset) * left);
    ctx.rect(place.x - cells.w / 2 + inset, place.y + cells.h / 2 - inset - height, cells.w - 2 * inset, height);
  }
  ctx.stroke();
}

/** Its own work is done, and the slot is kept: an arrow towards those that it waits for. */
function drawCalling(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const end = from(CALLING + 1);
  if (from(CALLING) === end) return;
  ctx.fillStyle = theme.accentSoft;
  ctx.strokeStyle = theme.accent;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (let at = from(CALLING); at < end; at += 1) {
    const row = order[at] ?? 0;
    locate(scene, row, place);
    const slots = cellsAt(scene.layout, instanceIn(scene, row))?.slots;
    if (!place.shown || !slots) continue;
    const [w, h] = [slots.w / 2 - (slots.w > 8 ? 2 : 1), slots.h / 2 - 2];
    ctx.globalAlpha = 0.35;
    ctx.fillRect(place.x - w, place.y - h, 2 * w, 2 * h);
    ctx.globalAlpha = 1;
    const r = Math.min(4, w - 0.5, h);
    ctx.moveTo(place.x - r * 0.5, place.y - r);
    ctx.lineTo(place.x + r * 0.6, place.y);
    ctx.lineTo(place.x - r * 0.5, place.y + r);
  }
  ctx.stroke();
}

/** In a slot or a queue a command keeps its form, cut out. */
function drawCommandMarks(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { requests } = scene.frame;
  ctx.fillStyle = theme.card;
  for (let at = from(WAITING); at < from(UNWANTED_MOVING); at += 1) {
    const row = order[at] ?? 0;
    if (!isCommand(scene, row)) continue;
    const state = requests[row * REQUEST_STRIDE + REQUEST.state];
    const own = cellsAt(scene.layout, instanceIn(scene, row));
    const cells = state === REQUEST_STATE.waiting ? own?.queue : own?.slots;
    if (!cells || cells.w < 8 || state === REQUEST_STATE.pooled) continue;
    locate(scene, row, place);
    if (place.shown) ctx.fillRect(place.x - 2, place.y - 2, 4, 4);
  }
}

/** In a slot a retry keeps a ring in the corner. */
function drawRetryMarks(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { requests } = scene.frame;
  ctx.strokeStyle = theme.accent;
  ctx.fillStyle = theme.card;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let at = from(WORKING); at < from(UNWANTED_MOVING); at += 1) {
    const row = order[at] ?? 0;
    if (((requests[row * REQUEST_STRIDE + REQUEST.flags] ?? 0) & REQUEST_FLAG.retry) === 0) continue;
    const state = requests[row * REQUEST_STRIDE + REQUEST.state];
    const cells = state === REQUEST_STATE.waiting ? null : cellsAt(scene.layout, instanceIn(scene, row))?.slots;
    if (!cells || cells.w < 8) continue;
    locate(scene, row, place);
    if (place.shown) dot(ctx, place.x + cells.w / 2 - 4, place.y - cells.h / 2 + 4.5, 2);
  }
  ctx.fill();
  ctx.stroke();
}

/** What leaves the stage: by its form and colour one sees why. */
function drawFalling(ctx: CanvasRenderingContext2D, scene: Scene, look: number, form: Form, theme: Theme): void {
  if (from(look) === from(look + FADES)) return;
  const { shape, colour, hollow } = form;
  ctx.fillStyle = theme[colour];
  ctx.strokeStyle = theme[colour];
  ctx.lineWidth = 2;
  for (let fade = 0; fade < FADES; fade += 1) {
    const end = from(look + fade + 1);
    if (from(look + fade) === end) continue;
    ctx.globalAlpha = 1 - fade * 0.3;
    ctx.beginPath();
    for (let at = from(look + fade); at < end; at += 1) {
      const row = order[at] ?? 0;
      locate(scene, row, place);
      const tile = instanceIn(scene, row) >= 0 && serviceOf(scene.layout, instanceIn(scene, row))?.detail === "tile";
      shape(ctx, place.x, place.y, ((hollow ? 5.6 : 6.5) - fade) * (tile ? 0.6 : 1));
    }
    if (hollow) ctx.stroke();
    else ctx.fill();
  }
  ctx.globalAlpha = 1;
}
