/** How the nodes of a service, a store or two sides stand in their room. */
import type { Box } from "./cells.js";
import { boxesIn, gridAcross, gridDown } from "./grid.js";
import { type SidesGrid, sidesGrid } from "./sides-grid.js";
import type { ServiceShape } from "./topology.js";

export function standing(
  { count, store, sides }: ServiceShape,
  room: Box,
  { down, narrow }: { down: boolean; narrow: boolean },
): SidesGrid {
  if (sides) return sidesGrid(room, { models: sides.shared ? 0 : count - 1, down, narrow });
  const shards = store !== undefined;
  const grid = down ? gridDown(count, room, shards) : gridAcross(count, room, narrow, shards);
  return { grid, boxes: boxesIn(grid, count), log: null, feeds: [] };
}
