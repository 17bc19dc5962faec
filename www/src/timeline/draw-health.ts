import type { Gutters } from "./axis.js";
import { HEALTH_WORDS, type Health, type Row } from "./health.js";
import { texture, type Palette } from "./palette.js";

/** Height of a row and of the bar in it. */
const ROW = 12;
const BAR = 8;

export interface HealthScene {
  readonly rows: readonly Row[];
  readonly width: number;
  readonly gutters: Gutters;
  readonly end_ms: number;
  readonly selected: number | undefined;
}

/** Draws the rows; colour, texture and, where there is room, a word say the same. */
export function drawHealth(canvas: HTMLCanvasElement, scene: HealthScene, palette: Palette): void {
  const ratio = devicePixelRatio;
  const height = Math.max(1, scene.rows.length * ROW);
  canvas.width = Math.round(scene.width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.scale(ratio, ratio);
  context.font = "10px system-ui, sans-serif";
  context.textBaseline = "middle";
  scene.rows.forEach((row, index) => {
    drawRow(context, row, index * ROW + ROW / 2, scene, palette);
  });
}

function drawRow(context: CanvasRenderingContext2D, row: Row, y: number, scene: HealthScene, palette: Palette): void {
  const { left, right } = scene.gutters;
  const inner = scene.width - left - right;
  const x = (t_ms: number): number => left + (t_ms / scene.end_ms) * inner;
  context.fillStyle = row.instance === scene.selected ? palette.text : palette.muted;
  context.textAlign = "end";
  context.fillText(row.name, left - 6, y + 0.5, left - 8);
  context.textAlign = "start";
  for (const stretch of row.stretches) {
    // Who isn't there has no line.
    if (stretch.health === "away") continue;
    const from = x(stretch.from_ms);
    const width = Math.max(1, x(Math.min(stretch.to_ms, scene.end_ms)) - from);
    const bar = stretch.health === "healthy" ? 3 : BAR;
    context.fillStyle = paintOf(stretch.health, palette);
    context.fillRect(from, y - bar / 2, width, bar);
    if (stretch.health !== "healthy") drawWord(context, HEALTH_WORDS[stretch.health], from, width, y, palette);
  }
}

function paintOf(health: Exclude<Health, "away">, palette: Palette): string | CanvasPattern {
  switch (health) {
    case "healthy":
      return palette.accent;
    case "missed":
      return palette.broken;
    case "down":
      return texture("hatched", palette.broken);
    case "unhealthy":
      return texture("hatched", palette.late);
    case "ejected":
      return texture("dotted", palette.late);
    case "draining":
      return texture("striped", palette.waiting);
  }
}

function drawWord(
  context: CanvasRenderingContext2D,
  word: string,
  from: number,
  width: number,
  y: number,
  palette: Palette,
): void {
  const room = context.measureText(word).width + 6;
  if (room + 8 > width) return;
  context.fillStyle = palette.surface;
  context.fillRect(from + 4, y - BAR / 2, room, BAR);
  context.fillStyle = palette.text;
  context.fillText(word, from + 7, y + 0.5);
}
