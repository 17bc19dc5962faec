/** Lanes as points at equal distances, so that a request's place on one is two array reads. */

/** Enough for a curve to look like one; every lane has as many. */
export const LANE_POINTS = 41;
export const LANE_STRIDE = LANE_POINTS * 2;

/** A path under construction: a polyline that curves are flattened into. */
export class Path {
  readonly points: number[] = [];

  constructor(x: number, y: number) {
    this.points.push(x, y);
  }

  lineTo(x: number, y: number): this {
    this.points.push(x, y);
    return this;
  }

  curveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): this {
    const x0 = this.points.at(-2) ?? 0;
    const y0 = this.points.at(-1) ?? 0;
    const steps = 20;
    for (let step = 1; step <= steps; step += 1) {
      const t = step / steps;
      const u = 1 - t;
      const a = u * u * u;
      const b = 3 * u * u * t;
      const c = 3 * u * t * t;
      const d = t * t * t;
      this.points.push(a * x0 + b * x1 + c * x2 + d * x, a * y0 + b * y1 + c * y2 + d * y);
    }
    return this;
  }
}

/** Writes `LANE_POINTS` points at equal distances along `path` into `out` at `offset`; `swap` exchanges x and y. */
export function sample(path: Path, out: Float32Array, offset: number, swap: boolean): void {
  const { points } = path;
  const total = lengthOf(points);
  const first = swap ? 1 : 0;
  let at = 2;
  let walked = 0;
  let segment = segmentLength(points, at);
  for (let index = 0; index < LANE_POINTS; index += 1) {
    const goal = (total * index) / (LANE_POINTS - 1);
    while (walked + segment < goal && at < points.length - 2) {
      walked += segment;
      at += 2;
      segment = segmentLength(points, at);
    }
    const share = segment > 0 ? Math.min(1, (goal - walked) / segment) : 0;
    const x = mix(points[at - 2] ?? 0, points[at] ?? 0, share);
    const y = mix(points[at - 1] ?? 0, points[at + 1] ?? 0, share);
    out[offset + index * 2 + first] = x;
    out[offset + index * 2 + 1 - first] = y;
  }
}

function lengthOf(points: readonly number[]): number {
  let length = 0;
  for (let at = 2; at < points.length; at += 2) length += segmentLength(points, at);
  return length;
}

function segmentLength(points: readonly number[], at: number): number {
  return Math.hypot((points[at] ?? 0) - (points[at - 2] ?? 0), (points[at + 1] ?? 0) - (points[at - 1] ?? 0));
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
