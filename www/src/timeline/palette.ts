/** The page's colours as a canvas takes them, and patterns that say the same as the colours. */
export interface Palette {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
  readonly broken: string;
  readonly late: string;
  readonly waiting: string;
  readonly surface: string;
}

/** Resolved through a real element: a custom property may hold any expression that only CSS understands. */
export function readPalette(probe: HTMLElement): Palette {
  const read = (name: keyof Palette): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  return {
    text: read("text"),
    muted: read("muted"),
    line: read("line"),
    accent: read("accent"),
    broken: read("broken"),
    late: read("late"),
    waiting: read("waiting"),
    surface: read("surface"),
  };
}

export type Texture = "hatched" | "dotted" | "striped";

const TILE = 6;
const textures = new Map<string, CanvasPattern>();

/** A tile of the colour at reduced strength with lines or dots of it on top. */
export function texture(kind: Texture, colour: string): CanvasPattern | string {
  const key = `${kind} ${colour}`;
  const known = textures.get(key);
  if (known !== undefined) return known;
  const canvas = document.createElement("canvas");
  canvas.width = TILE;
  canvas.height = TILE;
  const context = canvas.getContext("2d");
  const pattern = context === null ? null : drawTile(context, kind, colour);
  if (pattern !== null) textures.set(key, pattern);
  return pattern ?? colour;
}

function drawTile(context: CanvasRenderingContext2D, kind: Texture, colour: string): CanvasPattern | null {
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.globalAlpha = 0.5;
  context.fillRect(0, 0, TILE, TILE);
  context.globalAlpha = 1;
  context.lineWidth = 1.6;
  context.beginPath();
  if (kind === "hatched") {
    for (const shift of [-TILE, 0, TILE]) {
      context.moveTo(shift, TILE);
      context.lineTo(shift + TILE, 0);
    }
    context.stroke();
  } else if (kind === "dotted") {
    context.fillRect(1, 1, 2, 2);
    context.fillRect(4, 4, 2, 2);
  } else {
    context.fillRect(0, 0, TILE, 2);
  }
  return context.createPattern(context.canvas, "repeat");
}
