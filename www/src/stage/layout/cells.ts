/** The slots and queue places of a card: a grid of cells while they can be told apart, one gauge beyond that. */

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Cells {
  /** Relative to the card's corner. */
  x: number;
  y: number;
  /** Size of one cell, or of the gauge. */
  w: number;
  h: number;
  gap: number;
  columns: number;
  count: number;
  gauge: boolean;
}

export interface CellRules {
  mostRows: number;
  widest: number;
  narrowest: number;
  gap: number;
}

export function cellsIn(area: Box, count: number, rules: CellRules): Cells {
  const { mostRows, widest, narrowest, gap } = rules;
  for (let rows = 1; rows <= mostRows && count > 0; rows += 1) {
    const columns = Math.ceil(count / rows);
    const w = (area.w - gap * (columns - 1)) / columns;
    if (w < narrowest) continue;
    const h = (area.h - gap * (rows - 1)) / rows;
    return { x: area.x, y: area.y, w: Math.min(w, widest), h, gap, columns, count, gauge: false };
  }
  return { ...area, gap, columns: 1, count, gauge: true };
}

export function cellX(cells: Cells, place: number): number {
  return cells.x + (place % cells.columns) * (cells.w + cells.gap);
}

export function cellY(cells: Cells, place: number): number {
  return cells.y + Math.floor(place / cells.columns) * (cells.h + cells.gap);
}

/** Whether `place` has a cell of its own. */
export function hasCell(cells: Cells, place: number): boolean {
  return !cells.gauge && place >= 0 && place < cells.count;
}
