/**
 * Where everything stands: a pure function of how much there is to show and how much room. Across on a wide stage
 * (clients, balancer, instances from left to right), down on a phone. Client and balancer keep their places whatever
 * the number of instances, and cards give way to compact cards and these to tiles before anything could overlap.
 */
import { type Box, type Cells, cellsIn } from "./cells.js";
import { LANE_STRIDE, Path, sample } from "./path.js";

export interface Topology {
  instances: number;
  concurrency: number;
  queueLimit: number;
}

export interface Size {
  width: number;
  height: number;
}

type Detail = "card" | "compact" | "tile";

export interface Layout {
  topology: Topology;
  /** The height may be more than was asked for: a narrow stage grows downwards. */
  size: Size;
  direction: "across" | "down";
  detail: Detail;
  client: Box;
  /** The square around the diamond. */
  balancer: Box;
  /** Four numbers an instance: x, y, w, h. */
  boxes: Float32Array;
  columns: number;
  rows: number;
  /** From the client to the balancer. */
  trunk: Float32Array;
  /** From the balancer to each instance, `LANE_STRIDE` numbers each. */
  lanes: Float32Array;
  slots: Cells;
  queue: Cells;
}

/** Below this width the stage is laid out downwards. */
const NARROW = 600;
const MARGIN = 16;
/** Height of a card on a low stage: the same lines, closer together. */
const SNUG = 70;

interface Kind {
  detail: Detail;
  w: number;
  h: number;
  gap: number;
  columns: number;
}

interface Grid {
  detail: Detail;
  columns: number;
  rows: number;
  w: number;
  h: number;
  gapX: number;
  gapY: number;
  left: number;
  top: number;
}

export function layout(topology: Topology, size: Size): Layout {
  return size.width < NARROW ? down(topology, size) : across(topology, size);
}

// ---- across

function across(topology: Topology, size: Size): Layout {
  const middle = Math.round(size.height / 2);
  const client: Box = { x: MARGIN + 8, y: middle - 34, w: 52, h: 68 };
  const side = 74;
  const balancerX = Math.round(size.width * 0.32);
  const balancer: Box = { x: balancerX - side / 2, y: middle - side / 2, w: side, h: side };
  const left = balancer.x + side + 84;
  const room: Box = { x: left, y: 6, w: size.width - MARGIN - left, h: size.height - 12 };
  return assemble(topology, size, "across", client, balancer, gridAcross(topology.instances, room));
}

function gridAcross(count: number, room: Box): Grid {
  const wide = Math.min(250, Math.max(206, room.w * 0.5));
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
  for (const kind of kinds) {
    const columns = Math.min(kind.columns, count);
    const rows = Math.ceil(count / columns);
    if (columns * kind.w + (columns - 1) * kind.gap > room.w) continue;
    if (rows * kind.h + (rows - 1) * kind.gap > room.h) continue;
    return placed(kind, columns, rows, room);
  }
  return tiles(count, room);
}

/** Against the right edge, centred in height. */
function placed(kind: Kind, columns: number, rows: number, room: Box): Grid {
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
  };
}

// ---- down

function down(topology: Topology, size: Size): Layout {
  const middle = Math.round(size.width / 2);
  const client: Box = { x: middle - 22, y: 8, w: 44, h: 52 };
  const side = 64;
  const balancer: Box = { x: middle - side / 2, y: 118, w: side, h: side };
  const top = balancer.y + side + 48;
  const room: Box = { x: MARGIN, y: top, w: size.width - 2 * MARGIN, h: Math.max(240, size.height - top - 8) };
  const grid = gridDown(topology.instances, room);
  const bottom = grid.top + grid.rows * (grid.h + grid.gapY);
  const height = Math.max(size.height, Math.ceil(bottom));
  return assemble(topology, { width: size.width, height }, "down", client, balancer, grid);
}

function gridDown(count: number, room: Box): Grid {
  const mostCards = 12;
  if (count > mostCards) {
    const grid = tiles(count, room);
    // In the middle, under the balancer.
    return { ...grid, left: (room.x + grid.left) / 2, top: room.y };
  }
  const columns = Math.min(2, count);
  const gapX = 28;
  const w = Math.min(240, (room.w - gapX) / 2);
  const width = columns * w + (columns - 1) * gapX;
  const left = room.x + (room.w - width) / 2;
  const rows = Math.ceil(count / columns);
  return { detail: "compact", columns, rows, w, h: 60, gapX, gapY: 16, left, top: room.y };
}

// ---- both

function assemble(
  topology: Topology,
  size: Size,
  direction: Layout["direction"],
  client: Box,
  balancer: Box,
  grid: Grid,
): Layout {
  const boxes = boxesOf(topology.instances, grid);
  const { slots, queue } = cellsOf(topology, grid);
  const { detail, columns, rows } = grid;
  const trunk = new Float32Array(LANE_STRIDE);
  sample(trunkPath(direction, client, balancer), trunk, 0, false);
  const lanes = lanesOf(topology.instances, direction, balancer, grid, boxes);
  return { topology, size, direction, detail, client, balancer, boxes, columns, rows, trunk, lanes, slots, queue };
}

function boxesOf(count: number, grid: Grid): Float32Array {
  const boxes = new Float32Array(count * 4);
  for (let index = 0; index < count; index += 1) {
    boxes[index * 4] = grid.left + (index % grid.columns) * (grid.w + grid.gapX);
    boxes[index * 4 + 1] = grid.top + Math.floor(index / grid.columns) * (grid.h + grid.gapY);
    boxes[index * 4 + 2] = grid.w;
    boxes[index * 4 + 3] = grid.h;
  }
  return boxes;
}

function cellsOf(topology: Topology, grid: Grid): { slots: Cells; queue: Cells } {
  const roomy = grid.detail === "card";
  const pad = roomy ? 14 : 10;
  const inner = grid.w - 2 * pad;
  const y = roomy ? (grid.h === SNUG ? 28 : 34) : grid.h - 26;
  const h = roomy ? (grid.h === SNUG ? 16 : 22) : 14;
  const slotsWidth = inner * 0.56;
  const queueWidth = inner * 0.36;
  const slotsArea: Box = { x: pad, y, w: slotsWidth, h };
  const queueArea: Box = { x: grid.w - pad - queueWidth, y, w: queueWidth, h };
  return {
    slots: cellsIn(slotsArea, topology.concurrency, {
      mostRows: 2,
      widest: roomy ? 22 : 14,
      narrowest: 5,
      gap: topology.concurrency > 6 ? 2 : 6,
    }),
    queue: cellsIn(queueArea, topology.queueLimit, {
      mostRows: topology.queueLimit > 4 ? 3 : 1,
      widest: roomy ? 17 : 12,
      narrowest: roomy ? 12 : 8,
      gap: 2,
    }),
  };
}

function trunkPath(direction: Layout["direction"], client: Box, balancer: Box): Path {
  return direction === "across"
    ? new Path(client.x + client.w, client.y + client.h / 2).lineTo(balancer.x, balancer.y + balancer.h / 2)
    : new Path(client.x + client.w / 2, client.y + client.h).lineTo(balancer.x + balancer.w / 2, balancer.y);
}

/**
 * Lanes run along the main axis u (x across, y down). The nearest line of boxes is reached by a curve; those behind
 * it through the gaps between, so that no lane ever crosses a card.
 */
function lanesOf(
  count: number,
  direction: Layout["direction"],
  balancer: Box,
  grid: Grid,
  boxes: Float32Array,
): Float32Array {
  const swap = direction === "down";
  const lanes = new Float32Array(count * LANE_STRIDE);
  const startU = swap ? balancer.y + balancer.h : balancer.x + balancer.w;
  const startV = swap ? balancer.x + balancer.w / 2 : balancer.y + balancer.h / 2;
  const gridU = swap ? grid.top : grid.left;
  const gap = swap ? grid.gapX : grid.gapY;
  for (let index = 0; index < count; index += 1) {
    const x = boxes[index * 4] ?? 0;
    const y = boxes[index * 4 + 1] ?? 0;
    const box: Box = swap ? { x: y, y: x, w: grid.h, h: grid.w } : { x, y, w: grid.w, h: grid.h };
    const first = box.x - gridU < 1;
    const path = first && grid.detail !== "tile" ? near(startU, startV, box) : behind(startU, startV, box, gridU, gap);
    sample(path, lanes, index * LANE_STRIDE, swap);
  }
  return lanes;
}

function near(startU: number, startV: number, box: Box): Path {
  const endV = box.y + box.h / 2;
  const bend = (box.x - startU) * 0.55;
  return new Path(startU, startV).curveTo(startU + bend, startV, box.x - bend, endV, box.x, endV);
}

function behind(startU: number, startV: number, box: Box, gridU: number, gap: number): Path {
  const above = box.y + box.h / 2 > startV;
  const gapV = above ? box.y - gap / 2 : box.y + box.h + gap / 2;
  const edge = above ? box.y : box.y + box.h;
  const enterU = gridU - 4;
  const bend = (enterU - startU) * 0.55;
  const turnU = box.x + Math.min(box.w / 2, 22);
  return new Path(startU, startV)
    .curveTo(startU + bend, startV, enterU - bend, gapV, enterU, gapV)
    .lineTo(Math.max(enterU, turnU - 10), gapV)
    .curveTo(turnU, gapV, turnU, gapV, turnU, edge);
}

/** A layout on the way from `from` to `to`: what stays moves there, what is new stands where it will be. */
export function between(from: Layout, to: Layout, share: number): Layout {
  if (share >= 1 || from.detail !== to.detail || from.direction !== to.direction) return to;
  return {
    ...to,
    boxes: blend(from.boxes, to.boxes, share),
    lanes: blend(from.lanes, to.lanes, share),
  };
}

function blend(from: Float32Array, to: Float32Array, share: number): Float32Array {
  const common = Math.min(from.length, to.length);
  return to.map((value, index) => (index < common ? (from[index] ?? value) * (1 - share) + value * share : value));
}
