/** How many were let go, where and why: a badge with the count, and where there are many, the mass of them. */
import { BADGE, BADGE_STRIDE, type Frame } from "../../model/views.js";
import { count as written } from "../../panel/number.js";
import { type Anchor, anchorOf, cornerOf } from "../layout/badges.js";
import { DEPTH, MOST_FORMS, newOrigin, originOf } from "./falls.js";
import type { Layout } from "../layout/layout.js";
import { FORMS, formOf, reasonWords } from "./reasons.js";
import { type Scene, serviceOf } from "./scene.js";
import type { Theme } from "./theme.js";

/** Tiles are small: more badges than this would hide them. */
const MOST_BADGES_ON_TILES = 3;
/** Between badges in one place. */
const STACKED = 3;

interface Measures {
  height: number;
  pad: number;
  /** For the form, and the gap behind it. */
  glyph: number;
  font: number;
}

const ROOMY: Measures = { height: 20, pad: 7, glyph: 16, font: 11.5 };
const SMALL: Measures = { height: 17, pad: 5, glyph: 13, font: 11 };

interface Badge {
  anchor: Anchor;
  reason: number;
  count: number;
  age_ms: number;
}

export function drawBadges(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  const stacked = new Map<number, number>();
  let drawn = 0;
  for (const badge of badgesByCount(scene.layout, scene.frame, scene.told)) {
    const { anchor } = badge;
    const onTile = anchor.key >= 0 && serviceOf(scene.layout, anchor.key)?.detail === "tile";
    if (onTile && drawn >= MOST_BADGES_ON_TILES) continue;
    const taken = stacked.get(anchor.key) ?? 0;
    stacked.set(anchor.key, taken + STACKED + drawBadge(ctx, scene, theme, badge, taken));
    drawn += Number(onTile);
  }
  ctx.globalAlpha = 1;
}

/** The most frequent first, counted as the words have it. There are a handful at most, so that objects cost nothing. */
export function badgesByCount(layout: Layout, { badges }: Frame, told: Frame): Badge[] {
  const all: Badge[] = [];
  for (let at = 0; at + BADGE_STRIDE <= badges.length; at += BADGE_STRIDE) {
    const node = badges[at + BADGE.node] ?? -1;
    const reason = badges[at + BADGE.reason] ?? 0;
    const count = countIn(told, node, reason) ?? badges[at + BADGE.count] ?? 0;
    all.push({ anchor: anchorOf(layout, node, reason), reason, count, age_ms: badges[at + BADGE.ageMs] ?? 0 });
  }
  return all.sort((a, b) => b.count - a.count);
}

function countIn({ badges }: Frame, node: number, reason: number): number | null {
  for (let at = 0; at + BADGE_STRIDE <= badges.length; at += BADGE_STRIDE) {
    if (badges[at + BADGE.node] === node && badges[at + BADGE.reason] === reason) return badges[at + BADGE.count] ?? 0;
  }
  return null;
}

/** The last figures of a large count could not be read while it moves. */
export function badgeCount(count: number): string {
  return `×${written(count < 100 ? count : Number(count.toPrecision(2)))}`;
}

/** Beside or beyond what `taken` is of its place; how much more it takes is returned. */
function drawBadge(ctx: CanvasRenderingContext2D, scene: Scene, theme: Theme, badge: Badge, taken: number): number {
  const { reason, count, age_ms, anchor } = badge;
  const form = FORMS[formOf(reason)];
  if (!form) return 0;
  // The badge grows with the mass, quickly at first: twice as many are not twice as large.
  const grown = anchor.small ? 0 : Math.min(3, 1.5 * Math.log10(Math.max(1, count)));
  const { pad, glyph, font, height: least } = anchor.small ? SMALL : ROOMY;
  const height = least + grown;
  ctx.font = `600 ${Math.round(font + grown / 2)}px ${theme.font}`;
  const widthOf = (of: string): number => Math.ceil(ctx.measureText(of).width) + glyph + 2 * pad;
  const inWords = `${reasonWords(reason)} ${badgeCount(count)}`;
  const room = anchor.side === "words" ? anchor.room - taken : anchor.room;
  const text = widthOf(inWords) <= room ? inWords : badgeCount(count);
  const width = widthOf(text);
  const corner = cornerOf(scene.layout.size, anchor, width, height, taken);
  const age = age_ms / Math.max(1, scene.linger_ms);
  const middle = corner.y + height / 2;
  ctx.globalAlpha = Math.max(0.5, 1 - age * age * 0.5);
  ctx.fillStyle = theme[form.colour];
  ctx.fillRect(corner.x, corner.y, width, height);
  const ink = { amber: theme.onAmber, red: theme.onRed, muted: theme.background }[form.colour];
  ctx.fillStyle = ink;
  ctx.strokeStyle = ink;
  ctx.lineWidth = 1.75;
  ctx.beginPath();
  form.shape(ctx, corner.x + pad + 4, middle, anchor.small ? 4.2 : 5);
  if (form.hollow) ctx.stroke();
  else ctx.fill();
  ctx.fillText(text, corner.x + pad + glyph, middle + 0.5);
  return anchor.side === "words" ? width : height;
}

// ---- the mass

const origin = newOrigin();

/** More than can be told apart fall as a cloud, with some of them in it as forms; it is the denser the more there are. */
export function drawMasses(ctx: CanvasRenderingContext2D, { layout, frame, told }: Scene, theme: Theme): void {
  const { badges } = frame;
  for (let at = 0; at + BADGE_STRIDE <= badges.length; at += BADGE_STRIDE) {
    const node = badges[at + BADGE.node] ?? -1;
    const reason = badges[at + BADGE.reason] ?? 0;
    const count = countIn(told, node, reason) ?? badges[at + BADGE.count] ?? 0;
    const form = FORMS[formOf(reason)];
    if (count <= MOST_FORMS || !form) continue;
    originOf(layout, node, reason, origin);
    if (origin.way === "over" || origin.scale < 1) continue;
    ctx.globalAlpha = Math.min(0.6, 0.14 * Math.log2(count / MOST_FORMS) + 0.1);
    drawCloud(ctx, theme[form.colour]);
  }
  ctx.globalAlpha = 1;
}

function drawCloud(ctx: CanvasRenderingContext2D, colour: string): void {
  const { x, y, way } = origin;
  const [toX, toY] = way === "below" ? [x, y + DEPTH] : way === "aside" ? [x - DEPTH, y] : [x - 40, y + 40];
  const fade = ctx.createLinearGradient(x, y, toX, toY);
  fade.addColorStop(0, colour);
  fade.addColorStop(1, "transparent");
  ctx.fillStyle = fade;
  // Narrow where they leave, wide where they end; an instance is right beside it.
  const wide = way === "left" ? 14 : 22;
  const [alongX, alongY] = [(toX - x) / DEPTH, (toY - y) / DEPTH];
  ctx.beginPath();
  ctx.moveTo(x - alongY * 5, y + alongX * 5);
  ctx.lineTo(toX - alongY * wide, toY + alongX * wide);
  ctx.lineTo(toX + alongY * wide, toY - alongX * wide);
  ctx.lineTo(x + alongY * 5, y - alongX * 5);
  ctx.fill();
}
