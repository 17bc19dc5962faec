/** The map of a store, with its keys on it. */
import type { MapView, StoreDetails } from "../../model/views.js";
import { count, counted, THIN } from "../../panel/number.js";
import type { Box } from "../layout/cells.js";
import { hueOf, letterOf } from "./hues.js";
import type { ServicePlace } from "../layout/layout.js";
import type { Scene } from "./scene.js";
import {
  type Bar,
  type MapGeometry,
  type Ring,
  angleOf,
  geometryOf,
  keyAt,
  pieceBoxes,
  placesAt,
  scatterOf,
} from "../layout/shard-map.js";
import { keysIn, mapAt, movesIn, nowOf, shardsOf } from "../reading/shards.js";
import type { Theme } from "./theme.js";
import { ownersAt, travelsOf } from "../reading/travels.js";

/** A letter needs so much of a bar. */
const LETTER = 13;
/** Those that joined later stand out of the ring. */
const NEWER = 3.5;

export function drawMap(ctx: CanvasRenderingContext2D, scene: Scene, service: ServicePlace, theme: Theme): void {
  const { balancer: box, store } = service;
  if (!store) return;
  const geometry = geometryOf(store.map, box);
  drawGround(ctx, geometry, box, theme);
  const details = scene.stores?.[store.number];
  const t_ms = nowOf(scene.frame);
  const number = details ? mapAt(details.maps, t_ms) : -1;
  const map = details?.maps[number];
  if (!details || !map) return;
  drawPieces(ctx, geometry, map, details.maps[0] ?? map, theme);
  if (geometry.kind === "bar") drawLabels(ctx, geometry, map, details, theme);
  drawKeys(ctx, geometry, details, placesAt(details.maps, number, t_ms), t_ms, theme);
  drawWords(ctx, scene, geometry, details, store.number, theme);
  drawMarked(ctx, scene, geometry, store.number, theme);
  ctx.globalAlpha = 1;
}

function drawGround(ctx: CanvasRenderingContext2D, geometry: MapGeometry, box: Box, theme: Theme): void {
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
  ctx.fillStyle = theme.card;
  ctx.strokeStyle = theme.slotLine;
  ctx.lineWidth = 1;
  ctx.beginPath();
  if (geometry.kind === "ring") ctx.arc(geometry.x, geometry.y, geometry.outer + 0.5, 0, Math.PI * 2);
  else ctx.rect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1);
  ctx.fill();
  ctx.stroke();
}

// ---- whose what is

/** Of a map in its place, the pieces of each hue: thousands of them stay the same from frame to frame. */
const drawn = new WeakMap<MapView, { of: string; paths: Path2D[] }>();

function drawPieces(
  ctx: CanvasRenderingContext2D,
  geometry: MapGeometry,
  map: MapView,
  first: MapView,
  theme: Theme,
): void {
  const of = JSON.stringify(geometry);
  let known = drawn.get(map);
  if (known?.of !== of) {
    known = { of, paths: pathsOf(geometry, map, first, theme.shards.length) };
    drawn.set(map, known);
  }
  known.paths.forEach((path, hue) => {
    ctx.fillStyle = theme.shards[hue] ?? theme.muted;
    ctx.fill(path);
  });
}

function pathsOf(geometry: MapGeometry, { segments }: MapView, first: MapView, hues: number): Path2D[] {
  const paths = Array.from({ length: hues }, () => new Path2D());
  for (let at = 0; at + 3 <= segments.length; at += 3) {
    const [begin = 0, end = 0, owner = 0] = segments.subarray(at, at + 3);
    const path = paths[hueOf(owner)];
    if (!path) continue;
    if (geometry.kind === "ring") arc(path, geometry, begin, end, first.shards.includes(owner) ? 0 : NEWER);
    // A hair's breadth between neighbours, where they are wide enough.
    else for (const { x, y, w, h } of pieceBoxes(geometry, begin, end)) path.rect(x, y, w > 6 ? w - 1 : w, h);
  }
  return paths;
}

function arc(path: Path2D, { x, y, outer, inner }: Ring, begin: number, end: number, out: number): void {
  const [from, to] = [angleOf(begin), angleOf(end)];
  path.moveTo(x + Math.cos(from) * (outer + out), y + Math.sin(from) * (outer + out));
  path.arc(x, y, outer + out, from, to);
  path.arc(x, y, inner, to, from, true);
  path.closePath();
}

/** Letters in the pieces that have room for one, and the first key of each range below them. */
function drawLabels(
  ctx: CanvasRenderingContext2D,
  bar: Bar,
  { segments, labels }: MapView,
  { key_prefix }: StoreDetails,
  theme: Theme,
): void {
  ctx.textBaseline = "middle";
  ctx.font = `600 11px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.fillStyle = theme.onShard;
  for (let at = 0; bar.barHeight > 12 && at + 3 <= segments.length; at += 3) {
    const [begin = 0, end = 0, owner = 0] = segments.subarray(at, at + 3);
    const [box] = pieceBoxes(bar, begin, end);
    const letter = letterOf(owner);
    if (box && box.w >= LETTER * letter.length) ctx.fillText(letter, box.x + box.w / 2, box.y + box.h / 2 + 0.5);
  }
  if (bar.labels > 0) drawFirstKeys(ctx, bar, firstKeys(segments, labels, key_prefix), theme);
}

/** Where each range begins, by its first key: what all keys begin with is said by an ellipsis. */
function firstKeys(segments: Float64Array, labels: readonly string[], prefix: string): { at: number; text: string }[] {
  return labels.flatMap((label, index) => {
    const text = prefix !== "" && label.startsWith(prefix) ? `…${label.slice(prefix.length)}` : label;
    return text === "" ? [] : [{ at: segments[index * 3] ?? 0, text }];
  });
}

function drawFirstKeys(
  ctx: CanvasRenderingContext2D,
  bar: Bar,
  keys: readonly { at: number; text: string }[],
  theme: Theme,
): void {
  ctx.font = `10px ${theme.font}`;
  ctx.textAlign = "left";
  ctx.fillStyle = theme.muted;
  const y = (bar.rows[0]?.bar ?? 0) + bar.barHeight + bar.labels / 2 + 2;
  let free = bar.x;
  for (const { at, text } of keys) {
    const x = bar.x + at * bar.w;
    const wide = ctx.measureText(text).width;
    if (x < free || x + wide > bar.x + bar.w) continue;
    ctx.fillText(text, x, y);
    free = x + wide + 6;
  }
}

// ---- keys

const SIZE = 2;
const SIZE_FEW = 3;
const MANY = 400;

/** In the hue of who has them now: the old owner until they have travelled. */
function drawKeys(
  ctx: CanvasRenderingContext2D,
  geometry: MapGeometry,
  { keys }: StoreDetails,
  places: Float64Array,
  t_ms: number,
  theme: Theme,
): void {
  const owners = ownersAt(travelsOf(keys), t_ms);
  const size = places.length > MANY ? SIZE : SIZE_FEW;
  for (let hue = 0; hue < theme.shards.length; hue += 1) {
    ctx.fillStyle = theme.shards[hue] ?? theme.muted;
    for (let key = 0; key < places.length; key += 1) {
      if (hueOf(owners[key] ?? 0) !== hue) continue;
      const { x, y } = keyAt(geometry, places[key] ?? 0, scatterOf(keys.numbers[key] ?? 0));
      ctx.fillRect(x - size / 2, y - size / 2, size, size);
    }
  }
}

function drawMarked(
  ctx: CanvasRenderingContext2D,
  { marked }: Scene,
  geometry: MapGeometry,
  store: number,
  theme: Theme,
): void {
  if (marked?.store !== store) return;
  const { x, y } = keyAt(geometry, marked.place, scatterOf(marked.number));
  ctx.fillStyle = theme.shards[hueOf(marked.shard)] ?? theme.muted;
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.arc(x, y, 4.5, 0, Math.PI * 2);
  ctx.fill();
  ctx.stroke();
}

// ---- words

/** In a smaller ring no word could be read; what moves is said below it, too. */
const LEAST_ROOM = 30;

/** What there is, and what moves; or, of a marked key, its name and who has it. */
function drawWords(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  geometry: MapGeometry,
  details: StoreDetails,
  store: number,
  theme: Theme,
): void {
  const roomy = geometry.kind === "bar" || geometry.keysInner > 46;
  const lines = wordsOn(scene, details, store, roomy);
  ctx.textBaseline = "middle";
  if (geometry.kind === "bar") {
    ctx.font = `11px ${theme.font}`;
    ctx.textAlign = "left";
    ctx.fillStyle = theme.text;
    ctx.fillText(lines.join(" · "), geometry.x, geometry.words, geometry.w);
    return;
  }
  if (geometry.keysInner < LEAST_ROOM) return;
  ctx.textAlign = "center";
  const room = 2 * geometry.keysInner - 10;
  lines.forEach((line, index) => {
    ctx.font = `${index === 0 ? "600 12" : "11"}px ${theme.font}`;
    ctx.fillStyle = index === 0 ? theme.text : theme.muted;
    ctx.fillText(line, geometry.x, geometry.y + (index - (lines.length - 1) / 2) * 15, room);
  });
}

function wordsOn({ told, marked }: Scene, details: StoreDetails, store: number, roomy: boolean): string[] {
  if (marked?.store === store) return [marked.text, `→ ${marked.owner}`];
  const rows = shardsOf(told, details);
  const moves = movesIn(rows);
  const { every } = details.keys;
  return [
    counted(keysIn(rows), "key"),
    ...(moves > 0 ? [`${count(moves)} ${roomy ? "on the move" : "moving"}`] : []),
    ...(every > 1 ? [`1${THIN}in${THIN}${count(every)} drawn`] : []),
  ];
}
