/** One picture of one frame. */
import { BADGE, BADGE_REASONS, BADGE_STRIDE, type Frame, REQUEST, REQUEST_STRIDE } from "../model/views.js";
import { drawInstances, drawLanes } from "./draw-instances.js";
import { drawRequests } from "./draw-requests.js";
import { type Scene, locate, newPlace, requestCount } from "./scene.js";
import type { Theme } from "./theme.js";

/** Tiles are small: more badges than this would hide them. */
const MOST_BADGES_ON_TILES = 3;
/** The reasons that are a refusal on purpose. */
const QUEUE_FULL = 4;
const NO_INSTANCE = 5;

const place = newPlace();

export function draw(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { width, height } = scene.layout.size;
  ctx.clearRect(0, 0, width, height);
  drawLanes(ctx, scene, theme);
  drawInstances(ctx, scene, theme);
  drawRequests(ctx, scene, theme);
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

// ---- badges: why a node refuses, and how often

function drawBadges(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { badges } = scene.frame;
  ctx.font = `600 12px ${theme.font}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  const stacked = new Map<number, number>();
  let drawn = 0;
  for (const at of badgesByCount(badges)) {
    if (scene.layout.detail === "tile" && drawn >= MOST_BADGES_ON_TILES) break;
    const node = badges[at + BADGE.node] ?? -1;
    const level = stacked.get(node) ?? 0;
    stacked.set(node, level + 1);
    drawBadge(ctx, scene, theme, at, level);
    drawn += 1;
  }
  ctx.globalAlpha = 1;
}

/** Offsets of the badges, the most frequent first. There are a handful at most, so that a list costs nothing. */
function badgesByCount(badges: Float32Array): number[] {
  const offsets: number[] = [];
  for (let at = 0; at + BADGE_STRIDE <= badges.length; at += BADGE_STRIDE) offsets.push(at);
  return offsets.sort((a, b) => (badges[b + BADGE.count] ?? 0) - (badges[a + BADGE.count] ?? 0));
}

function drawBadge(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme, at: number, level: number): void {
  const { badges } = scene.frame;
  const reason = badges[at + BADGE.reason] ?? 0;
  const shed = reason === QUEUE_FULL || reason === NO_INSTANCE;
  const text = `${BADGE_REASONS[reason] ?? "refused"} ×${badges[at + BADGE.count] ?? 0}`;
  const width = ctx.measureText(text).width + 16;
  const height = 20;
  const corner = cornerOf(scene, badges[at + BADGE.node] ?? -1, width, height, level);
  const age = (badges[at + BADGE.ageMs] ?? 0) / Math.max(1, scene.linger_ms);
  ctx.globalAlpha = Math.max(0.5, 1 - age * age * 0.5);
  ctx.fillStyle = shed ? theme.amber : theme.red;
  ctx.fillRect(corner.x, corner.y, width, height);
  ctx.fillStyle = shed ? theme.onAmber : theme.onRed;
  ctx.fillText(text, corner.x + 8, corner.y + height / 2 + 0.5);
}

/** Beside the node where there is room, otherwise across its upper edge; always inside the stage. */
function cornerOf(scene: Scene, node: number, width: number, height: number, level: number): { x: number; y: number } {
  const { layout } = scene;
  const { balancer, boxes } = layout;
  let x = balancer.x + balancer.w / 2 - width / 2;
  let y = balancer.y - height - 8;
  if (node >= 0) {
    const left = boxes[node * 4] ?? 0;
    const top = boxes[node * 4 + 1] ?? 0;
    const beside = layout.direction === "across" && layout.detail === "card" && layout.columns === 1;
    x = beside ? left - width - 12 : left + (boxes[node * 4 + 2] ?? 0) / 2 - width / 2;
    y = beside ? top + 6 : top - height + 5;
  }
  const stride = height + 3;
  return {
    x: Math.min(layout.size.width - width - 2, Math.max(2, x)),
    y: Math.max(2, y - (node < 0 ? level * stride : -level * stride)),
  };
}
