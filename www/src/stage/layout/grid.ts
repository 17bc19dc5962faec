/** Where the instances of one service stand: cards give way to compact cards, and these to tiles. */
import { type Box, type Cells, cellsIn } from "./cells.js";

export type Detail = "card" | "compact" | "tile";

/** Height of a card on a low stage: the same lines, closer together. */
const SNUG = 70;
/** One more line on the card of a shard, for the keys that it has: on a card, and on a compact one. */
const KEYS_LINE = { card: 20, compact: 18 };
/** Of the compact card of a shard on a low stage, without its line of keys. */
const LOW = 40;
/** Narrower, the words of a card would run into each other. */
const LEAST_CARD = 200;

interface Kind {
  detail: Detail;
  w: number;
  h: number;
  gap: number;
  columns: number;
}

export interface Grid {
  detail: Detail;
  columns: number;
  rows: number;
  w: number;
  h: number;
  gapX: number;
  gapY: number;
  left: number;
  top: number;
  /** Height of the line with a shard's keys; 0 for the instances of a service, and for tiles. */
  line: number;
}

/** `narrow`: the room may be narrower than a card has always been, as it is shared with other services. */
export function gridAcross(count: number, room: Box, narrow: boolean, shards = false): Grid {
  // Beside stations a card is as wide as its words need.
  const wide = Math.min(250, narrow ? Math.min(room.w, Math.max(248, room.w * 0.5)) : Math.max(206, room.w * 0.5));
  const kinds: Kind[] = [
    { detail: "card", w: wide, h: 92, gap: 20, columns: 1 },
    { detail: "card", w: wide, h: 92, gap: 12, columns: 1 },
    { detail: "card", w: wide, h: SNUG, gap: 8, columns: 1 },
    { detail: "card", w: 206, h: 92, gap: 16, columns: 2 },
    { detail: "compact", w: wide, h: 58, gap: 8, columns: 1 },
    { detail: "compact", w: 158, h: 58, gap: 14, columns: 2 },
    { detail: "compact", w: 140, h: 58, gap: 14, columns: 3 },
    { detail: "compact", w: 132, h: 50, gap: 12, columns: 4 },
  ];
  // Rather closer together than beside each other: keys travel along a column.
  if (shards) kinds.splice(3, 0, { detail: "compact", w: wide, h: 58, gap: 8, columns: 1 });
  if (shards) kinds.splice(4, 0, { detail: "compact", w: wide, h: 50, gap: 5, columns: 1 });
  if (shards) kinds.splice(5, 0, { detail: "compact", w: wide, h: LOW, gap: 4, columns: 1 });
  if (shards) kinds.push({ detail: "compact", w: 158, h: LOW, gap: 5, columns: 2 });
  if (shards) kinds.push({ detail: "compact", w: 140, h: LOW, gap: 5, columns: 3 });
  if (shards) kinds.push({ detail: "compact", w: 140, h: LOW, gap: 5, columns: 2 });
  if (shards) kinds.push({ detail: "compact", w: 124, h: LOW, gap: 5, columns: 3 });
  if (shards) kinds.push({ detail: "compact", w: 94, h: LOW, gap: 5, columns: 3 });
  if (narrow) {
    const w = Math.min(158, Math.max(84, room.w));
    const half = Math.min(158, Math.max(92, (room.w - 10) / 2));
    kinds.push({ detail: "compact", w: half, h: 58, gap: 10, columns: 2 });
    kinds.push({ detail: "compact", w: half, h: 46, gap: 6, columns: 2 });
    kinds.push({ detail: "compact", w, h: 58, gap: 8, columns: 1 });
    kinds.push({ detail: "compact", w, h: 46, gap: 5, columns: 1 });
  }
  for (const kind of kinds) {
    if (kind.detail === "card" && kind.w < LEAST_CARD) continue;
    const line = shards && kind.detail !== "tile" ? KEYS_LINE[kind.detail] : 0;
    const h = kind.h + line;
    const columns = Math.min(kind.columns, count);
    const rows = Math.ceil(count / columns);
    if (columns * kind.w + (columns - 1) * kind.gap > room.w) continue;
    if (rows * h + (rows - 1) * kind.gap > room.h) continue;
    return placed({ ...kind, h }, columns, rows, room, line);
  }
  return tiles(count, room);
}

/** Against the right edge, centred in height. */
function placed(kind: Kind, columns: number, rows: number, room: Box, line: number): Grid {
  const width = columns * kind.w + (columns - 1) * kind.gap;
  const height = rows * kind.h + (rows - 1) * kind.gap;
  return {
    detail: kind.detail,
    columns,
    rows,
    w: kind.w,
    h: kind.h,
    gapX: kind.gap,
    gapY: kind.gap,
    left: room.x + room.w - width,
    top: Math.round(room.y + (room.h - height) / 2),
    line,
  };
}

/** The largest squares that all fit. */
function tiles(count: number, room: Box): Grid {
  const largest = 40;
  for (let pitch = largest; pitch > 4; pitch -= 1) {
    const columns = Math.floor(room.w / pitch);
    const rows = Math.ceil(count / Math.max(1, columns));
    if (columns < 1 || rows * pitch > room.h) continue;
    return tileGrid(pitch, Math.min(columns, count), rows, room);
  }
  const columns = Math.max(1, Math.floor(room.w / 4));
  return tileGrid(4, columns, Math.ceil(count / columns), room);
}

function tileGrid(pitch: number, columns: number, rows: number, room: Box): Grid {
  const gap = pitch >= 12 ? 4 : pitch >= 8 ? 3 : 1;
  return {
    detail: "tile",
    columns,
    rows,
    w: pitch - gap,
    h: pitch - gap,
    gapX: gap,
    gapY: gap,
    left: room.x + room.w - columns * pitch + gap,
    top: Math.round(room.y + Math.max(0, (room.h - rows * pitch) / 2)),
    line: 0,
  };
}

export function gridDown(count: number, room: Box, shards = false): Grid {
  const mostCards = room.w < 300 ? 6 : 12;
  if (count > mostCards) {
    const grid = tiles(count, room);
    // In the middle, under the balancer.
    return { ...grid, left: (room.x + grid.left) / 2, top: room.y };
  }
  // Two beside each other, unless several services stand beside each other already.
  const most = room.w < 300 ? 1 : 2;
  const columns = Math.min(most, count);
  const gapX = 28;
  const w = Math.min(240, (room.w - gapX * (most - 1)) / most);
  const width = columns * w + (columns - 1) * gapX;
  const left = room.x + (room.w - width) / 2;
  const rows = Math.ceil(count / columns);
  const line = shards ? KEYS_LINE.compact : 0;
  return { detail: "compact", columns, rows, w, h: 60 + line, gapX, gapY: 16, left, top: room.y, line };
}

/** The box of each instance, row by row. */
export function boxesIn(grid: Grid, count: number): Box[] {
  return Array.from({ length: count }, (_, index) => ({
    x: grid.left + (index % grid.columns) * (grid.w + grid.gapX),
    y: grid.top + Math.floor(index / grid.columns) * (grid.h + grid.gapY),
    w: grid.w,
    h: grid.h,
  }));
}

/** Writes four numbers an instance into `boxes`, from instance `first` on. */
export function fillBoxes(boxes: Float32Array, first: number, own: readonly Box[]): void {
  own.forEach(({ x, y, w, h }, index) => boxes.set([x, y, w, h], (first + index) * 4));
}

/** Where on its card the share of a shard is drawn; null where there is no room for it. */
export function shareOf({ detail, w, line }: Grid): Box | null {
  if (line === 0) return null;
  const pad = detail === "card" ? 14 : 10;
  // Behind the words, which take so much at least.
  const left = Math.round(Math.max(w * 0.55, detail === "card" ? 132 : 110));
  const wide = w - left - pad;
  return wide < 24 ? null : { x: left, y: detail === "card" ? 33 : 28, w: wide, h: 7 };
}

/** On a narrow card the progress of a read model is a thin line under its words; null where there is no room. */
export function lineOf({ w, h, line, detail }: Grid): Box | null {
  return line === 0 || detail !== "compact" || h < 58 + line ? null : { x: 10, y: 41, w: w - 20, h: 3 };
}

export function cellsOf(
  shape: { concurrency: number; queueLimit: number },
  grid: Grid,
): { slots: Cells; queue: Cells } {
  const roomy = grid.detail === "card";
  const pad = roomy ? 14 : 10;
  const inner = grid.w - 2 * pad;
  const snug = grid.h === SNUG + grid.line;
  const low = grid.h === LOW + grid.line;
  const y = roomy ? (snug ? 28 : 34) + grid.line : grid.h - (low ? 20 : 26);
  const h = roomy ? (snug ? 16 : 22) : 14;
  const slotsWidth = inner * 0.56;
  const queueWidth = inner * 0.36;
  const slotsArea: Box = { x: pad, y, w: slotsWidth, h };
  const queueArea: Box = { x: grid.w - pad - queueWidth, y, w: queueWidth, h };
  return {
    slots: cellsIn(slotsArea, shape.concurrency, {
      mostRows: 2,
      widest: roomy ? 22 : 14,
      narrowest: 5,
      gap: shape.concurrency > 6 ? 2 : 6,
    }),
    queue: cellsIn(queueArea, shape.queueLimit, {
      mostRows: shape.queueLimit > 4 ? 3 : 1,
      widest: roomy ? 17 : 12,
      narrowest: roomy ? 12 : 8,
      gap: 2,
    }),
  };
}
