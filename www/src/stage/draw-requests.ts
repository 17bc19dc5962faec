/** Requests: sorted by look first, so that the canvas changes its style a few times a frame and not once a request. */
import { REQUEST, REQUEST_STATE, REQUEST_STRIDE } from "../model/views.js";
import { type Place, type Scene, isSampled, locate, newPlace, requestCount } from "./scene.js";
import { diamond, dot, star, tick } from "./shapes.js";
import type { Theme } from "./theme.js";

/** Looks, in the order in which they are drawn: what is broken lies on top. */
const WAITING = 0;
const WORKING = 4;
const TRAVELLING = 8;
const ANSWERED = 12;
const SHED = 13;
const BROKEN = 16;
const LOOKS = 19;
const NOT_DRAWN = LOOKS;

const AGES = 4;
const FADES = 3;
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
  const moving = (starts[LOOKS] ?? 0) - (starts[TRAVELLING] ?? 0);
  const small = moving > MOST_SHAPES || scene.layout.detail === "tile";
  const sampled = isSampled(scene.frame);
  for (let age = 0; age < AGES; age += 1) {
    // Of a sample the cells would be empty although the instance is busy: its counts are drawn instead.
    if (!sampled) {
      drawWaiting(ctx, scene, WAITING + age, age, theme);
      drawWorking(ctx, scene, WORKING + age, age, theme);
    }
    drawTravelling(ctx, scene, TRAVELLING + age, theme.ages[age] ?? theme.accent, small);
  }
  drawAnswers(ctx, scene, theme, small);
  drawFalling(ctx, scene, SHED, theme.amber, diamond);
  drawFalling(ctx, scene, BROKEN, theme.red, star);
  ctx.globalAlpha = 1;
}

/** A counting sort: one pass to count, one to place. */
function sortByLook(scene: Scene, count: number): void {
  if (order.length < count) {
    order = new Uint32Array(count * 2);
    looks = new Uint8Array(count * 2);
  }
  starts.fill(0);
  const { requests } = scene.frame;
  const scale = AGES / (2 * Math.max(1, scene.old_ms));
  for (let row = 0; row < count; row += 1) {
    const look = lookOf(requests, row * REQUEST_STRIDE, scale);
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

function lookOf(requests: Float32Array, at: number, ageScale: number): number {
  const age = Math.min(AGES - 1, Math.floor((requests[at + REQUEST.ageMs] ?? 0) * ageScale));
  const fade = Math.min(FADES - 1, Math.floor((requests[at + REQUEST.progress] ?? 0) * FADES));
  switch (requests[at + REQUEST.state] ?? -1) {
    case REQUEST_STATE.toBalancer:
    case REQUEST_STATE.toInstance:
      return TRAVELLING + age;
    case REQUEST_STATE.waiting:
      return WAITING + age;
    case REQUEST_STATE.working:
      return WORKING + age;
    case REQUEST_STATE.answerToBalancer:
    case REQUEST_STATE.answerToClient:
      return ANSWERED;
    case REQUEST_STATE.broken:
      return BROKEN + fade;
    case REQUEST_STATE.shed:
      return SHED + fade;
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
    else dot(ctx, place.x, place.y, 4.2);
  }
  if (!small) ctx.fill();
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
    else dot(ctx, place.x, place.y, 4);
  }
  if (small) return;
  ctx.fill();
  for (let at = from(ANSWERED); at < end; at += 1) {
    locate(scene, order[at] ?? 0, place);
    tick(ctx, place.x, place.y, 4);
  }
  ctx.stroke();
}

/** A queue place fills with the age of who waits there. */
function drawWaiting(ctx: CanvasRenderingContext2D, scene: Scene, look: number, age: number, theme: Theme): void {
  const { queue } = scene.layout;
  const end = from(look + 1);
  if (from(look) === end) return;
  ctx.fillStyle = theme.wait;
  ctx.globalAlpha = 0.55 + 0.15 * age;
  for (let at = from(look); at < end; at += 1) {
    locate(scene, order[at] ?? 0, place);
    if (place.shown) ctx.fillRect(place.x - queue.w / 2, place.y - queue.h / 2, queue.w, queue.h);
  }
  ctx.globalAlpha = 1;
}

/** A working slot drains as its work is done. */
function drawWorking(ctx: CanvasRenderingContext2D, scene: Scene, look: number, age: number, theme: Theme): void {
  const { slots } = scene.layout;
  const { requests } = scene.frame;
  const end = from(look + 1);
  if (from(look) === end) return;
  ctx.fillStyle = theme.ages[age] ?? theme.accent;
  const inset = slots.w > 8 ? 2 : 1;
  for (let at = from(look); at < end; at += 1) {
    const row = order[at] ?? 0;
    locate(scene, row, place);
    if (!place.shown) continue;
    const left = 1 - (requests[row * REQUEST_STRIDE + REQUEST.progress] ?? 0);
    const height = Math.max(1, (slots.h - 2 * inset) * left);
    const bottom = place.y + slots.h / 2 - inset;
    ctx.fillRect(place.x - slots.w / 2 + inset, bottom - height, slots.w - 2 * inset, height);
  }
}

function drawFalling(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  look: number,
  colour: string,
  shape: typeof star,
): void {
  const small = scene.layout.detail === "tile" ? 0.6 : 1;
  ctx.fillStyle = colour;
  for (let fade = 0; fade < FADES; fade += 1) {
    const end = from(look + fade + 1);
    if (from(look + fade) === end) continue;
    ctx.globalAlpha = 1 - fade * 0.3;
    ctx.beginPath();
    for (let at = from(look + fade); at < end; at += 1) {
      locate(scene, order[at] ?? 0, place);
      shape(ctx, place.x, place.y, (6.5 - fade) * small);
    }
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}
