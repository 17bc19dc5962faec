/** One picture of one frame. */
import { BADGE, BADGE_NODE, BADGE_REASONS, BADGE_STRIDE, type Frame, REQUEST, REQUEST_STRIDE } from "../model/views.js";
import type { Box } from "./cells.js";
import { drawStations } from "./draw-calls.js";
import { drawInstances, drawLanes } from "./draw-instances.js";
import { drawRequests } from "./draw-requests.js";
import type { Layout } from "./layout.js";
import { type Scene, locate, newPlace, requestCount, serviceOf } from "./scene.js";
import type { Theme } from "./theme.js";
import type { Policy } from "./topology.js";

/** Tiles are small: more badges than this would hide them. */
const MOST_BADGES_ON_TILES = 3;
/** Beside a line that runs down, words begin so far from the edge of their station. */
const WORDS_DOWN = 46;
/** The reasons that are a refusal on purpose, and lateness: queue full, no instance, and all that callers let go. */
const FIRST_SHED = 4;
const CALL_FAILED = 10;
/** Which policy of a call let an attempt go, by the reason. */
const LET_GO_BY: Record<number, Policy> = { 6: "timeout", 7: "breaker", 8: "bulkhead", 9: "bulkhead" };

const place = newPlace();

export function draw(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  const { width, height } = scene.layout.size;
  ctx.clearRect(0, 0, width, height);
  drawLanes(ctx, scene, theme);
  drawInstances(ctx, scene, theme);
  drawStations(ctx, scene, theme);
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
  ctx.font = `600 12px ${theme.font}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  const stacked = new Map<number, number>();
  let drawn = 0;
  for (const badge of badgesByCount(scene)) {
    const { anchor } = badge;
    const onTile = anchor.key >= 0 && serviceOf(scene.layout, anchor.key)?.detail === "tile";
    if (onTile && drawn >= MOST_BADGES_ON_TILES) continue;
    const level = stacked.get(anchor.key) ?? 0;
    stacked.set(anchor.key, level + 1);
    drawBadge(ctx, scene, theme, badge, level);
    drawn += Number(onTile);
  }
  ctx.globalAlpha = 1;
}

interface Badge {
  anchor: Anchor;
  reason: number;
  count: number;
  age_ms: number;
}

/**
 * The most frequent first. Calls that share a pool share its badge, too. There are a handful at most, so that objects
 * cost nothing.
 */
function badgesByCount({ frame: { badges }, layout }: Scene): Badge[] {
  const all: Badge[] = [];
  for (let at = 0; at + BADGE_STRIDE <= badges.length; at += BADGE_STRIDE) {
    const reason = badges[at + BADGE.reason] ?? 0;
    const count = badges[at + BADGE.count] ?? 0;
    const age_ms = badges[at + BADGE.ageMs] ?? 0;
    const anchor = anchorOf(layout, badges[at + BADGE.node] ?? -1, reason);
    const same = all.find((each) => each.anchor.key === anchor.key && each.reason === reason);
    if (same) {
      same.count += count;
      same.age_ms = Math.min(same.age_ms, age_ms);
    } else all.push({ anchor, reason, count, age_ms });
  }
  return all.sort((a, b) => b.count - a.count);
}

function drawBadge(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme, badge: Badge, level: number): void {
  const { reason, count, age_ms, anchor } = badge;
  const shed = reason >= FIRST_SHED && reason < CALL_FAILED;
  const text = `${BADGE_REASONS[reason] ?? "refused"} ×${count}`;
  const width = ctx.measureText(text).width + 16;
  const height = 20;
  const corner = cornerOf(scene, anchor, width, height, level);
  const age = age_ms / Math.max(1, scene.linger_ms);
  ctx.globalAlpha = Math.max(0.5, 1 - age * age * 0.5);
  ctx.fillStyle = shed ? theme.amber : theme.red;
  ctx.fillRect(corner.x, corner.y, width, height);
  ctx.fillStyle = shed ? theme.onAmber : theme.onRed;
  ctx.fillText(text, corner.x + 8, corner.y + height / 2 + 0.5);
}

interface Anchor {
  /** Badges with the same key stack up. */
  key: number;
  box: Box;
  /** Left of the box, on its upper edge, above it, below it, or under its words. */
  side: "left" | "edge" | "above" | "below" | "words";
}

function anchorOf(layout: Layout, node: number, reason: number): Anchor {
  if (node >= 0) {
    const at = node * 4;
    const { boxes, direction } = layout;
    const box = { x: boxes[at] ?? 0, y: boxes[at + 1] ?? 0, w: boxes[at + 2] ?? 0, h: boxes[at + 3] ?? 0 };
    const service = serviceOf(layout, node);
    const beside = direction === "across" && service?.detail === "card" && service.columns === 1;
    return { key: node, box, side: beside ? "left" : "edge" };
  }
  const call = BADGE_NODE.callers - node;
  if (call >= 0) {
    const policy = LET_GO_BY[reason];
    const number = policy === undefined ? -1 : (layout.stationsOf[call]?.[policy] ?? -1);
    const station = layout.stations[number];
    if (station)
      return {
        key: BADGE_NODE.callers - number,
        box: station.box,
        side: layout.direction === "down" ? "words" : "below",
      };
    const client = layout.clients[layout.calls[call]?.client ?? 0] ?? layout.client;
    return { key: node * 1_000, box: client, side: "above" };
  }
  const balancer = layout.services[BADGE_NODE.balancers - node]?.balancer ?? layout.balancer;
  return { key: node, box: balancer, side: "above" };
}

/** Always inside the stage; of several the most frequent is nearest to the node. */
function cornerOf(
  { layout }: Scene,
  { box, side }: Anchor,
  width: number,
  height: number,
  level: number,
): { x: number; y: number } {
  const centred = box.x + box.w / 2 - width / 2;
  const down = level * (height + 3);
  const inside = (x: number, y: number): { x: number; y: number } => ({
    x: Math.min(layout.size.width - width - 2, Math.max(2, x)),
    y: Math.max(2, y),
  });
  switch (side) {
    case "left":
      return inside(box.x - width - 12, box.y + 6 + down);
    case "edge":
      return inside(centred, box.y - height + 5 + down);
    case "above":
      return inside(centred, box.y - height - 8 - down);
    case "below":
      return inside(centred, box.y + box.h + 1 + down);
    case "words":
      return inside(box.x + WORDS_DOWN, box.y + box.h - 14 + down);
  }
}
