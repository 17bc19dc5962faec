/** What the instances of a service call leaves each of them by a line of its own; these gather where the trunks begin. */
import type { Box } from "../layout/cells.js";
import type { Layout, ServicePlace } from "../layout/layout.js";
import type { Theme } from "./theme.js";
import { BRACKET } from "../layout/trunks.js";

/** From the edge of the instances to the line beside them, where the stage runs down: narrower than its margin. */
const BESIDE = 7;
const ROUND = 5;

export interface Line {
  points: readonly { x: number; y: number }[];
}

/** Each line from an instance to the place at which the trunks begin. Tiles are too many: one line runs along all. */
export function gatheringLines({ boxes, direction }: Pick<Layout, "boxes" | "direction">, own: ServicePlace): Line[] {
  const { grid, first, count, detail } = own;
  if (detail === "tile") return [alongTiles(grid, direction)];
  return Array.from({ length: count }, (_, index) => {
    const at = (first + index) * 4;
    const box = { x: boxes[at] ?? 0, y: boxes[at + 1] ?? 0, w: boxes[at + 2] ?? 0, h: boxes[at + 3] ?? 0 };
    return direction === "across" ? across(box, grid) : down(box, grid, own.columns > 1 && index % own.columns === 0);
  });
}

/** To the right, behind the cards of other columns, and along to the middle. */
function across(box: Box, grid: Box): Line {
  const y = box.y + box.h / 2;
  const x = grid.x + grid.w + BRACKET;
  return {
    points: [
      { x: box.x + box.w, y },
      { x, y },
      { x, y: grid.y + grid.h / 2 },
    ],
  };
}

/** Outwards, down beside the cards and in again: lines from the balancer come in between them. */
function down(box: Box, grid: Box, toTheLeft: boolean): Line {
  const y = box.y + box.h / 2;
  const x = toTheLeft ? grid.x - BESIDE : grid.x + grid.w + BESIDE;
  const bottom = grid.y + grid.h + BRACKET;
  return {
    points: [
      { x: toTheLeft ? box.x : box.x + box.w, y },
      { x, y },
      { x, y: bottom },
      { x: grid.x + grid.w / 2, y: bottom },
    ],
  };
}

function alongTiles({ x, y, w, h }: Box, direction: Layout["direction"]): Line {
  const [right, bottom] = [x + w + BRACKET, y + h + BRACKET];
  return direction === "across"
    ? {
        points: [
          { x: right, y },
          { x: right, y: y + h },
        ],
      }
    : {
        points: [
          { x, y: bottom },
          { x: x + w, y: bottom },
        ],
      };
}

export function drawGathering(
  ctx: CanvasRenderingContext2D,
  layout: Layout,
  service: ServicePlace,
  theme: Theme,
): void {
  const { grid } = service;
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = theme.lane;
  ctx.lineWidth = 4;
  ctx.beginPath();
  for (const { points } of gatheringLines(layout, service)) trace(ctx, points);
  ctx.stroke();
  const across = layout.direction === "across";
  arrow(
    ctx,
    across ? grid.x + grid.w + BRACKET : grid.x + grid.w / 2,
    across ? grid.y + grid.h / 2 : grid.y + grid.h + BRACKET,
    across,
    theme,
  );
}

function trace(ctx: CanvasRenderingContext2D, points: Line["points"]): void {
  points.forEach(({ x, y }, index) => {
    const next = points[index + 1];
    if (index === 0) ctx.moveTo(x, y);
    else if (next) ctx.arcTo(x, y, next.x, next.y, ROUND);
    else ctx.lineTo(x, y);
  });
}

/** Where they are gathered, and which way they go on. */
function arrow(ctx: CanvasRenderingContext2D, x: number, y: number, across: boolean, theme: Theme): void {
  ctx.fillStyle = theme.muted;
  ctx.beginPath();
  ctx.moveTo(across ? x + 9 : x, across ? y : y + 9);
  ctx.lineTo(across ? x + 1 : x - 6, across ? y - 6 : y + 1);
  ctx.lineTo(across ? x + 1 : x + 6, across ? y + 6 : y + 1);
  ctx.fill();
}
