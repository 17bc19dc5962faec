/** What a shard's card has beyond an instance's: its hue, its share of the keys; and keys on their way between cards. */
import type { StoreDetails } from "../../model/views.js";
import { hueOf } from "./hues.js";
import type { Layout, ServicePlace } from "../layout/layout.js";
import type { Scene } from "./scene.js";
import { type Presence, type ShardNow, evenShare, keysIn, nowOf, shardsOf } from "../reading/shards.js";
import type { Theme } from "./theme.js";
import { arrivals, eachUnderWay, travelsOf } from "../reading/travels.js";

/** On the left edge of a card. */
const STRIPE = 5;
const TILE_STRIPE = 3;

/** Whether a node is a shard that isn't there: it has yet to join, or is gone. */
export function isAway(presence: Presence | undefined): boolean {
  return presence === "yetToJoin" || presence === "gone";
}

function detailsOf(scene: Scene, { store }: ServicePlace): StoreDetails | undefined {
  return store && scene.stores?.[store.number];
}

/** How each node of a store stands; nothing for the instances of a service. */
export function presencesOf(scene: Scene, service: ServicePlace): Presence[] {
  const details = detailsOf(scene, service);
  if (!details) return [];
  const rows = shardsOf(scene.frame, details);
  return Array.from(
    { length: service.count },
    (_, node) => rows[Math.floor(node / details.copies)]?.presence ?? "inMap",
  );
}

/** Over the cards: hue and share of each shard. */
export function drawShards(ctx: CanvasRenderingContext2D, scene: Scene, service: ServicePlace, theme: Theme): void {
  const details = detailsOf(scene, service);
  if (!details) return;
  const { boxes } = scene.layout;
  const rows = shardsOf(scene.frame, details);
  const scale = scaleOf(rows);
  const stripe = service.detail === "tile" ? TILE_STRIPE : STRIPE;
  for (let node = 0; node < service.count; node += 1) {
    const row = rows[Math.floor(node / details.copies)];
    const at = (service.first + node) * 4;
    if (!row || row.presence === "yetToJoin") continue;
    const [x, y, h] = [boxes[at] ?? 0, boxes[at + 1] ?? 0, boxes[at + 3] ?? 0];
    ctx.globalAlpha = row.presence === "gone" ? 0.35 : 1;
    ctx.fillStyle = theme.shards[hueOf(row.shard)] ?? theme.muted;
    ctx.fillRect(x, y, stripe, h);
    // A copy has no share of its own.
    const primary = node % details.copies === 0;
    if (service.share && primary && row.presence !== "gone") drawShare(ctx, service, { rows, row, scale, x, y }, theme);
  }
  ctx.globalAlpha = 1;
}

/** The whole bar stands for twice the even share, or for the largest share where one is larger. */
function scaleOf(rows: readonly ShardNow[]): number {
  const all = Math.max(1, keysIn(rows));
  return Math.max(...rows.map((row) => Math.max(row.keys / all, 2 * (evenShare(rows, row.shard) ?? 0))), 1e-9);
}

interface Share {
  rows: readonly ShardNow[];
  row: ShardNow;
  scale: number;
  x: number;
  y: number;
}

function drawShare(
  ctx: CanvasRenderingContext2D,
  { share }: ServicePlace,
  { rows, row, scale, x, y }: Share,
  theme: Theme,
): void {
  if (!share) return;
  const [left, top] = [x + share.x, y + share.y];
  const own = row.keys / Math.max(1, keysIn(rows));
  const even = evenShare(rows, row.shard);
  ctx.fillStyle = theme.lane;
  ctx.fillRect(left, top, share.w, share.h);
  ctx.fillStyle = theme.shards[hueOf(row.shard)] ?? theme.muted;
  ctx.fillRect(left, top, (share.w * own) / scale, share.h);
  if (even === null) return;
  ctx.fillStyle = theme.text;
  ctx.fillRect(Math.round(left + (share.w * even) / scale) - 0.75, top - 2, 1.5, share.h + 4);
}

// ---- keys on the move

const KEY = 3.4;
/** A whole range travels at once: so many are drawn smaller, and further from each other. */
const CROWD = 24;
const KEY_IN_CROWD = 1.6;
/** A line is the wider the more keys came along it lately. */
const LINE_MOST = 4;
/** How far a curve between two cards of one column leaves it. */
const BULGE = 30;
const GAP = 14;

/** Between two cards: four points, the middle two of which the curve is drawn to. */
export interface Curve {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  x3: number;
  y3: number;
}

export function curveOf(
  { boxes, direction }: Pick<Layout, "boxes" | "direction">,
  { grid, detail }: Pick<ServicePlace, "grid" | "detail">,
  from: number,
  to: number,
): Curve {
  const box = (node: number): { x: number; y: number; w: number; h: number } => ({
    x: boxes[node * 4] ?? 0,
    y: boxes[node * 4 + 1] ?? 0,
    w: boxes[node * 4 + 2] ?? 0,
    h: boxes[node * 4 + 3] ?? 0,
  });
  const [a, b] = [box(from), box(to)];
  const [y0, y3] = [a.y + a.h / 2, b.y + b.h / 2];
  if (detail === "tile") return straight(a.x + a.w / 2, y0, b.x + b.w / 2, y3);
  if (Math.abs(a.x - b.x) > 1) {
    const rightwards = a.x < b.x;
    const [x0, x3] = rightwards ? [a.x + a.w, b.x] : [a.x, b.x + b.w];
    const bend = (x3 - x0) * 0.5;
    return { x0, y0, x1: x0 + bend, y1: y0, x2: x3 - bend, y2: y3, x3, y3 };
  }
  // In one column: out of it and in again, where there is room. Left of the first there are the lanes, and beside all
  // others, and on a narrow stage, there is no more than a gap.
  const first = a.x - grid.x < 1;
  const rightwards = direction === "down" && first && grid.w > a.w + 1;
  const x = rightwards ? a.x + a.w : a.x;
  const wide = direction === "across" && first ? Math.min(90, BULGE + Math.abs(y3 - y0) * 0.12) : GAP;
  const bulge = rightwards ? wide : -wide;
  return { x0: x, y0, x1: x + bulge, y1: y0, x2: x + bulge, y2: y3, x3: x, y3 };
}

function straight(x0: number, y0: number, x3: number, y3: number): Curve {
  const [dx, dy] = [(x3 - x0) / 3, (y3 - y0) / 3];
  return { x0, y0, x1: x0 + dx, y1: y0 + dy, x2: x3 - dx, y2: y3 - dy, x3, y3 };
}

/** The point after `progress` of a curve. */
export function onCurve(curve: Curve, progress: number): { x: number; y: number } {
  const u = 1 - progress;
  const [a, b, c, d] = [u * u * u, 3 * u * u * progress, 3 * u * progress * progress, progress ** 3];
  return {
    x: a * curve.x0 + b * curve.x1 + c * curve.x2 + d * curve.x3,
    y: a * curve.y0 + b * curve.y1 + c * curve.y2 + d * curve.y3,
  };
}

/** Keys that travel together stand beside each other half-way. */
function aside(key: number, salt: number, progress: number): number {
  return ((Math.imul(key + 1, salt) >>> 0) / 2 ** 32 - 0.5) * 72 * progress * (1 - progress);
}

/** Keys between the cards, in the hue of who is to have them; and the way they take, the wider the more came lately. */
export function drawTravels(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  for (const service of scene.layout.services) {
    const details = detailsOf(scene, service);
    if (details) drawTravelsOf(ctx, scene, service, details, theme);
  }
  ctx.globalAlpha = 1;
}

function drawTravelsOf(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  service: ServicePlace,
  details: StoreDetails,
  theme: Theme,
): void {
  const t_ms = nowOf(scene.frame);
  const travels = travelsOf(details.keys);
  const nodeOf = (shard: number): number => service.first + shard * details.copies;
  const curve = (from: number, to: number): Curve => curveOf(scene.layout, service, nodeOf(from), nodeOf(to));
  ctx.setLineDash([]);
  ctx.globalAlpha = 0.4;
  const pairs = arrivals(travels, t_ms, scene.linger_ms, details.shards);
  let many = 0;
  eachUnderWay(travels, t_ms, ({ from, to }) => {
    const pair = from * details.shards + to;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    many += 1;
  });
  for (const [pair, keys] of pairs) {
    const to = pair % details.shards;
    const { x0, y0, x1, y1, x2, y2, x3, y3 } = curve(Math.floor(pair / details.shards), to);
    ctx.strokeStyle = theme.shards[hueOf(to)] ?? theme.muted;
    ctx.lineWidth = Math.min(LINE_MOST, 1 + Math.log2(1 + keys) / 2);
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.bezierCurveTo(x1, y1, x2, y2, x3, y3);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  ctx.strokeStyle = theme.background;
  ctx.lineWidth = 1;
  const size = many > CROWD ? KEY_IN_CROWD : KEY;
  eachUnderWay(travels, t_ms, ({ key, from, to, progress }) => {
    const { x, y } = onCurve(curve(from, to), progress);
    ctx.fillStyle = theme.shards[hueOf(to)] ?? theme.muted;
    ctx.beginPath();
    ctx.arc(x + aside(key, 0x9e3779b1, progress), y + aside(key, 0x85ebca6b, progress), size, 0, Math.PI * 2);
    ctx.fill();
    if (many <= CROWD) ctx.stroke();
  });
}
