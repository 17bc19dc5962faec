/**
 * Where two sides stand: the one that writes above, the read models below, and between them the log, from which each
 * read model is fed along a line of its own. A shared model stands alone.
 */
import type { Box } from "./cells.js";
import { type Detail, type Grid, boxesIn, gridAcross, gridDown } from "./grid.js";

export interface Point {
  x: number;
  y: number;
}

export interface SidesGrid {
  /** For everything that all cards have alike. */
  grid: Grid;
  /** The side that writes, then the read models. */
  boxes: Box[];
  /** Null of a shared model, and where there is no room. */
  log: Box | null;
  /** For each read model, the way of an event from the log to it. */
  feeds: Point[][];
}

/** Beside the read models, for the lines that feed them. */
const RAIL = 18;
const MOST_WIDTH = 440;
const LEAST_WIDTH = 190;
/** Side by side, a card has this much at least. */
const LEAST_BESIDE = 112;
/** Height of the line about keys, or here about events. */
const LINE = { card: 20, compact: 18 };

interface Kind {
  detail: Detail;
  /** Without the line. */
  h: number;
  gap: number;
  beside: boolean;
}

const KINDS: readonly Kind[] = [
  { detail: "card", h: 92, gap: 18, beside: false },
  { detail: "card", h: 70, gap: 14, beside: false },
  { detail: "compact", h: 58, gap: 12, beside: false },
  { detail: "compact", h: 50, gap: 10, beside: false },
  { detail: "compact", h: 58, gap: 14, beside: true },
  { detail: "compact", h: 50, gap: 12, beside: true },
  { detail: "compact", h: 40, gap: 10, beside: true },
];
const DOWN: readonly Kind[] = [{ detail: "compact", h: 60, gap: 16, beside: false }];

/** Words, cells, and a line for each read model. */
export const LOG = { words: 18, cells: 18, row: 12, pad: 5 } as const;

function logHeight(models: number): number {
  return LOG.words + LOG.cells + LOG.row * models + LOG.pad;
}

interface Asked {
  /** None of a shared model. */
  models: number;
  down: boolean;
  /** The room is shared with other services. */
  narrow: boolean;
}

export function sidesGrid(room: Box, asked: Asked): SidesGrid {
  const { models, down, narrow } = asked;
  const w = Math.min(room.w, MOST_WIDTH);
  for (const kind of down ? DOWN : KINDS) {
    if (models === 0 || w < LEAST_WIDTH) break;
    if (kind.beside && (w - (models - 1) * kind.gap) / models < LEAST_BESIDE) continue;
    const made = placed(kind, room, w, asked);
    const { y = 0, h = 0 } = made.boxes.at(-1) ?? {};
    if (down || y + h <= room.y + room.h) return made;
  }
  const grid = down ? gridDown(models + 1, room, true) : gridAcross(models + 1, room, narrow, true);
  return { grid, boxes: boxesIn(grid, models + 1), log: null, feeds: [] };
}

function placed(kind: Kind, room: Box, wide: number, { models, down }: Asked): SidesGrid {
  const { gap, beside, detail } = kind;
  const line = detail === "card" ? LINE.card : LINE.compact;
  const h = kind.h + line;
  const rows = beside ? 1 : models;
  const high = logHeight(models);
  const height = h + gap + high + rows * (h + gap);
  // Left of the cards of a narrow stage run the lanes to those below.
  const w = down ? Math.min(wide, room.w - RAIL) : wide;
  const x = room.x + (room.w - w) * (down ? 0.5 : 1) + (down ? RAIL / 2 : 0);
  const y = down ? room.y : Math.round(room.y + Math.max(0, (room.h - height) / 2));
  const log: Box = { x, y: y + h + gap, w, h: high };
  const top = log.y + high + gap;
  const own = beside ? (w - (models - 1) * gap) / models : w - RAIL;
  const below = Array.from({ length: models }, (_, model): Box => {
    return beside ? { x: x + model * (own + gap), y: top, w: own, h } : { x, y: top + model * (h + gap), w: own, h };
  });
  const boxes = [{ x, y, w, h }, ...below];
  const feeds = below.map((box) => feed(log, box, beside));
  const columns = beside ? models : 1;
  const grid: Grid = {
    detail,
    columns,
    rows: rows + 1,
    w: own,
    h,
    gapX: down ? RAIL : gap,
    gapY: gap,
    left: x,
    top: y,
    line,
  };
  return { grid, boxes, log, feeds };
}

/** Straight down to a card below the log, or along the rail and in by its edge. */
function feed(log: Box, box: Box, beside: boolean): Point[] {
  const bottom = log.y + log.h;
  if (beside) {
    const x = box.x + box.w / 2;
    return [
      { x, y: bottom },
      { x, y: box.y },
    ];
  }
  const x = log.x + log.w - RAIL / 2;
  const y = Math.round(box.y + box.h / 2);
  return [
    { x, y: bottom },
    { x, y },
    { x: box.x + box.w, y },
  ];
}

/** The point after `progress` of a way. */
export function along(way: readonly Point[], progress: number): Point {
  const lengths = way.slice(1).map(({ x, y }, index) => Math.hypot(x - (way[index]?.x ?? x), y - (way[index]?.y ?? y)));
  let left = Math.min(1, Math.max(0, progress)) * lengths.reduce((sum, length) => sum + length, 0);
  for (const [index, length] of lengths.entries()) {
    const [from, to] = [way[index], way[index + 1]];
    if (!from || !to) break;
    if (left <= length || index === lengths.length - 1) {
      const share = length === 0 ? 1 : Math.min(1, left / length);
      return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
    }
    left -= length;
  }
  return way.at(-1) ?? { x: 0, y: 0 };
}
