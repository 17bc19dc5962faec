/**
 * A store's map as places on the stage: a ring, or one or more rows of a bar with the keys below. Places on a map run from
 * 0 to 1, along the ring from its top clockwise, along the rows from left to right. Functions of data only.
 */
import type { MapView } from "../../model/views.js";
import type { Box } from "./cells.js";
import type { MapShape } from "./map-shape.js";

export interface Ring {
  kind: "ring";
  x: number;
  y: number;
  /** Of the arcs. */
  outer: number;
  inner: number;
  /** Keys lie between these, inside the arcs. */
  keysOuter: number;
  keysInner: number;
}

export interface Bar {
  kind: "bar";
  x: number;
  w: number;
  /** Each row shows its part of the whole: the bar, and the keys below it. */
  rows: readonly { bar: number; keys: number }[];
  barHeight: number;
  keysHeight: number;
  /** Of the first keys of ranges, below the bar; 0 where there are none. */
  labels: number;
  /** For the words at the bottom: where their middle is. */
  words: number;
}

export type MapGeometry = Ring | Bar;

const PAD = 8;
const BAR = 20;
const LABELS = 13;
const WORDS = 17;
/** The table of Maglev is a mixture too fine for one row. */
const TABLE_ROW = 7;
const TABLE_KEYS = 8;

export function geometryOf(shape: MapShape, box: Box): MapGeometry {
  if (shape === "ring") return ringIn(box);
  const inner = box.h - PAD - WORDS;
  if (shape === "table") return tableIn(box, inner);
  const labels = shape === "ranges" && box.h >= 96 ? LABELS : 0;
  const top = box.y + PAD;
  const keys = top + BAR + 4 + labels;
  return {
    kind: "bar",
    x: box.x + PAD,
    w: box.w - 2 * PAD,
    rows: [{ bar: top, keys }],
    barHeight: BAR,
    keysHeight: Math.max(6, box.y + PAD + inner - 3 - keys),
    labels,
    words: box.y + box.h - WORDS / 2 - 1,
  };
}

function ringIn({ x, y, w, h }: Box): Ring {
  const outer = Math.min(w, h) / 2 - 4;
  const thick = outer > 60 ? 12 : outer > 45 ? 9 : 7;
  const keysOuter = outer - thick - 4;
  return {
    kind: "ring",
    x: x + w / 2,
    y: y + h / 2,
    outer,
    inner: outer - thick,
    keysOuter,
    keysInner: keysOuter - (outer > 60 ? 18 : 10),
  };
}

function tableIn(box: Box, inner: number): Bar {
  const pitch = TABLE_ROW + TABLE_KEYS + 1;
  const count = Math.max(2, Math.floor(inner / pitch));
  return {
    kind: "bar",
    x: box.x + PAD,
    w: box.w - 2 * PAD,
    rows: Array.from({ length: count }, (_, row) => {
      const bar = box.y + PAD + row * pitch;
      return { bar, keys: bar + TABLE_ROW };
    }),
    barHeight: TABLE_ROW,
    keysHeight: TABLE_KEYS,
    labels: 0,
    words: box.y + box.h - WORDS / 2 - 1,
  };
}

/** Between 0 and 1, by the number of a key: how far it stands from the edge, so that neighbours don't hide each other. */
export function scatterOf(key: number): number {
  return (Math.imul(key + 1, 0x9e3779b1) >>> 0) / 2 ** 32;
}

/** Where on the stage something lies that is at `place` of the map. */
export function keyAt(geometry: MapGeometry, place: number, scatter: number): { x: number; y: number } {
  if (geometry.kind === "ring") {
    const angle = angleOf(place);
    const r = geometry.keysInner + (geometry.keysOuter - geometry.keysInner) * scatter;
    return { x: geometry.x + Math.cos(angle) * r, y: geometry.y + Math.sin(angle) * r };
  }
  const { row, x } = along(geometry, place);
  const inset = Math.min(2, geometry.keysHeight / 4);
  return { x, y: (geometry.rows[row]?.keys ?? 0) + inset + (geometry.keysHeight - 2 * inset) * scatter };
}

export function angleOf(place: number): number {
  return place * 2 * Math.PI - Math.PI / 2;
}

function along({ rows, x, w }: Bar, place: number): { row: number; x: number } {
  const at = Math.min(Math.max(place, 0), 1) * rows.length;
  const row = Math.min(rows.length - 1, Math.floor(at));
  return { row, x: x + (at - row) * w };
}

/** The boxes of a piece of the map in a bar: more than one where it goes on in the next row. */
export function pieceBoxes(bar: Bar, begin: number, end: number): Box[] {
  const count = bar.rows.length;
  return bar.rows.flatMap(({ bar: y }, row) => {
    const from = Math.max(begin * count, row);
    const to = Math.min(end * count, row + 1);
    return to > from ? [{ x: bar.x + (from - row) * bar.w, y, w: (to - from) * bar.w, h: bar.barHeight }] : [];
  });
}

/** After a change of map the points glide to their new places in so much simulated time (ms). */
const GLIDE_MS = 400;

/** The place of each drawn key at `t_ms`. Only in a list of shards do they get other places when the map changes. */
export function placesAt(maps: readonly MapView[], map: number, t_ms: number): Float64Array {
  const now = maps[map];
  const before = maps[map - 1];
  if (!now) return new Float64Array(0);
  const share = (t_ms - now.at_ms) / GLIDE_MS;
  if (!before || share >= 1) return now.keys;
  const eased = 1 - (1 - Math.max(0, share)) ** 3;
  return now.keys.map((place, key) => {
    const from = before.keys[key] ?? place;
    return from + (place - from) * eased;
  });
}

/** The key nearest to (x, y), no farther than `reach`; -1 without. */
export function nearestKey(
  geometry: MapGeometry,
  places: Float64Array,
  numbers: Uint32Array,
  at: { x: number; y: number; reach: number },
): number {
  let best = -1;
  let least = at.reach ** 2;
  for (let key = 0; key < places.length; key += 1) {
    const { x, y } = keyAt(geometry, places[key] ?? 0, scatterOf(numbers[key] ?? 0));
    const distance = (x - at.x) ** 2 + (y - at.y) ** 2;
    if (distance > least) continue;
    least = distance;
    best = key;
  }
  return best;
}
