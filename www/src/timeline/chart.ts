import uPlot from "uplot";
import type { Gutters } from "./axis.js";
import type { Palette } from "./palette.js";
import { plain } from "../panel/number.js";

/** What a chart shows, apart from its data. Two of equal `key` differ in data alone, so the chart is kept. */
export interface ChartShape {
  readonly key: string;
  readonly log: boolean;
  readonly series: readonly Line[];
  readonly fills: readonly { between: [number, number]; fill: (palette: Palette) => string | CanvasPattern }[];
}

export interface Line {
  readonly stroke?: ((palette: Palette) => string) | undefined;
  readonly width?: number;
  readonly dash?: number[];
  readonly fill?: (palette: Palette) => string | CanvasPattern;
  /** Written at the line's right end. */
  readonly name?: string;
}

export type Column = (number | null)[] | Float64Array;

export interface ChartData {
  readonly time_ms: Float64Array;
  readonly columns: readonly Column[];
  readonly end_ms: number;
  readonly top: number;
}

/** One chart, kept and fed with new arrays; it is made anew only when its shape changes. */
export class Chart {
  readonly #host: HTMLElement;
  readonly #height: number;
  #plot: uPlot | undefined;
  #shape: ChartShape | undefined;
  #data: ChartData | undefined;
  #palette: Palette | undefined;
  #width = 0;
  #gutters: Gutters = { left: 0, right: 0 };

  constructor(host: HTMLElement, height: number) {
    this.#host = host;
    this.#height = height;
  }

  show(shape: ChartShape, data: ChartData, palette: Palette): void {
    this.#data = data;
    this.#palette = palette;
    if (this.#shape?.key !== shape.key) this.#remake(shape);
    else this.#plot?.setData(this.#aligned(data));
  }

  resize(width: number, gutters: Gutters): void {
    if (width === this.#width) return;
    this.#width = width;
    const moved = gutters.left !== this.#gutters.left || gutters.right !== this.#gutters.right;
    this.#gutters = gutters;
    if (moved && this.#shape !== undefined) this.#remake(this.#shape);
    else this.#plot?.setSize({ width, height: this.#height });
  }

  recolour(palette: Palette): void {
    this.#palette = palette;
    this.#plot?.redraw(false, true);
  }

  destroy(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#shape = undefined;
  }

  #aligned(data: ChartData): uPlot.AlignedData {
    return [data.time_ms, ...data.columns];
  }

  #remake(shape: ChartShape): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#shape = shape;
    if (this.#data === undefined || this.#width <= 0) return;
    this.#plot = new uPlot(this.#options(shape), this.#aligned(this.#data), this.#host);
  }

  #options(shape: ChartShape): uPlot.Options {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the typings have an ambient enum, without a value to import
    const distr: uPlot.Scale.Distr = shape.log ? 3 : 1;
    return {
      width: this.#width,
      height: this.#height,
      padding: [5, this.#gutters.right, 3, 0],
      legend: { show: false },
      cursor: { show: false },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: false, range: () => [0, this.#data?.end_ms ?? 1] },
        y: { distr, range: () => this.#range(shape.log) },
      },
      axes: [{ show: false }, this.#valueAxis(shape)],
      series: [{}, ...shape.series.map((line) => this.#series(line))],
      bands: shape.fills.map(({ between, fill }) => ({ series: between, fill: () => this.#paint(fill) })),
      hooks: { draw: [(plot) => this.#nameLines(plot, shape)] },
    };
  }

  #range(log: boolean): [number, number] {
    const top = this.#data?.top ?? 1;
    return log ? [Math.min(1, top / 10), top] : [0, top];
  }

  #series(line: Line): uPlot.Series {
    return {
      stroke: () => (line.stroke === undefined ? "transparent" : this.#paint(line.stroke)),
      width: line.stroke === undefined ? 0 : (line.width ?? 1),
      ...(line.dash === undefined ? {} : { dash: line.dash }),
      ...(line.fill === undefined ? {} : { fill: () => this.#paint(line.fill) }),
      // A value between two gaps has no line; it still has to be seen.
      points: {
        show: line.stroke !== undefined,
        size: 3,
        width: 0,
        fill: () => this.#paint(line.stroke),
        filter: lonely,
      },
    };
  }

  #paint<Paint extends string | CanvasPattern>(of: ((palette: Palette) => Paint) | undefined): Paint | string {
    return this.#palette === undefined || of === undefined ? "transparent" : of(this.#palette);
  }

  #valueAxis(shape: ChartShape): uPlot.Axis {
    return {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- as above: on the left
      side: 3,
      size: this.#gutters.left,
      gap: 4,
      font: "10px system-ui, sans-serif",
      stroke: () => this.#palette?.muted ?? "",
      grid: { stroke: () => this.#palette?.line ?? "", width: 1 },
      ticks: { show: false },
      splits: () => this.#splits(shape.log),
      values: (_, splits) => splits.map((value) => plain(value, 3)),
      space: 10,
    };
  }

  #splits(log: boolean): number[] {
    const [low, top] = this.#range(log);
    if (!log) return [0, top / 2, top];
    const first = Math.ceil(Math.log10(low) - 1e-9);
    const last = Math.floor(Math.log10(top) + 1e-9);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index));
  }

  #nameLines(plot: uPlot, shape: ChartShape): void {
    if (this.#gutters.right < 24) return;
    const { ctx } = plot;
    const ratio = devicePixelRatio;
    const step = 10 * ratio;
    let above = plot.bbox.top + plot.bbox.height + step / 2;
    ctx.save();
    ctx.font = `${10 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = "start";
    ctx.textBaseline = "middle";
    ctx.fillStyle = this.#palette?.muted ?? "";
    // From the lowest line up, each name clear of the one below.
    for (const [index, line] of shape.series.entries()) {
      const last = line.name === undefined ? undefined : endValue(plot.data[index + 1] ?? []);
      if (last === undefined || line.name === undefined) continue;
      const y = Math.max(plot.bbox.top, Math.min(plot.valToPos(last, "y", true), above - step));
      above = y;
      ctx.fillText(line.name, plot.bbox.left + plot.bbox.width + 4 * ratio, y);
    }
    ctx.restore();
  }
}

/** Where a line ends, as the eye has it: the median of its last values, not the last straggler. */
function endValue(column: ArrayLike<number | null | undefined>): number | undefined {
  const last: number[] = [];
  for (let index = column.length - 1; index >= 0 && last.length < 15; index -= 1) {
    const value = column[index];
    if (typeof value === "number" && Number.isFinite(value)) last.push(value);
  }
  return last.sort((a, b) => a - b)[Math.floor(last.length / 2)];
}

/** The points without a neighbour on either side. */
function lonely(plot: uPlot, series: number): number[] {
  const column = plot.data[series] ?? [];
  const alone: number[] = [];
  for (let index = 0; index < column.length; index += 1) {
    if (isThere(column[index]) && !isThere(column[index - 1]) && !isThere(column[index + 1])) alone.push(index);
  }
  return alone;
}

function isThere(value: number | null | undefined): boolean {
  return typeof value === "number" && Number.isFinite(value);
}
