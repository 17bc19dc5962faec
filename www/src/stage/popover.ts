/** Where the actions stand: beside the selected node, never over it, never outside the stage. */
import type { Box } from "./layout/cells.js";
import type { Size } from "./layout/layout.js";

const GAP = 10;

function within(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}

export function popoverAt(node: Box, popover: Size, stage: Size): { x: number; y: number } {
  const centredY = within(node.y + node.h / 2 - popover.height / 2, stage.height - popover.height);
  if (node.x - GAP - popover.width >= 0) return { x: node.x - GAP - popover.width, y: centredY };
  if (node.x + node.w + GAP + popover.width <= stage.width) return { x: node.x + node.w + GAP, y: centredY };
  const x = within(node.x + node.w / 2 - popover.width / 2, stage.width - popover.width);
  const below = node.y + node.h + GAP;
  return { x, y: below + popover.height <= stage.height ? below : Math.max(0, node.y - GAP - popover.height) };
}
