/** The ways between a balancer and its instances. */
import type { Box } from "./cells.js";
import type { Grid } from "./grid.js";
import { LANE_STRIDE, Path, sample } from "./path.js";

export interface Fan {
  /** Which instances. */
  first: number;
  count: number;
  down: boolean;
  balancer: Box;
  grid: Grid;
  /** Those to boxes behind others go past them on the near side, which on a narrow stage is the left one. */
  near?: boolean;
}

/**
 * Lanes run along the main axis u (x across, y down). The nearest line of boxes is reached by a curve; those behind
 * it through the gaps between, so that no lane ever crosses a card.
 */
export function fillLanes(lanes: Float32Array, boxes: Float32Array, fan: Fan): void {
  const { balancer, grid, down: swap } = fan;
  const startU = swap ? balancer.y + balancer.h : balancer.x + balancer.w;
  const startV = swap ? balancer.x + balancer.w / 2 : balancer.y + balancer.h / 2;
  const gridU = swap ? grid.top : grid.left;
  const gap = swap ? grid.gapX : grid.gapY;
  for (let index = fan.first; index < fan.first + fan.count; index += 1) {
    const x = boxes[index * 4] ?? 0;
    const y = boxes[index * 4 + 1] ?? 0;
    const box: Box = swap ? { x: y, y: x, w: grid.h, h: grid.w } : { x, y, w: grid.w, h: grid.h };
    const first = box.x - gridU < 1;
    const path =
      first && grid.detail !== "tile"
        ? near(startU, startV, box)
        : behind(box, { startU, startV, gridU, gap, near: fan.near ?? box.y + box.h / 2 > startV });
    sample(path, lanes, index * LANE_STRIDE, swap);
  }
}

function near(startU: number, startV: number, box: Box): Path {
  const endV = box.y + box.h / 2;
  const bend = (box.x - startU) * 0.55;
  return new Path(startU, startV).curveTo(startU + bend, startV, box.x - bend, endV, box.x, endV);
}

interface Way {
  startU: number;
  startV: number;
  gridU: number;
  gap: number;
  near: boolean;
}

function behind(box: Box, { startU, startV, gridU, gap, near: above }: Way): Path {
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
