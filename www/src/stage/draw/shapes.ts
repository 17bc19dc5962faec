/** The forms of a request (see the legend): each adds to a path, so that many are filled by one call. */

export function dot(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  ctx.moveTo(x + r, y);
  ctx.arc(x, y, r, 0, Math.PI * 2);
}

export function tick(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  ctx.moveTo(x - r * 0.5, y);
  ctx.lineTo(x - r * 0.1, y + r * 0.42);
  ctx.lineTo(x + r * 0.55, y - r * 0.42);
}

/** Broken: a star of four points. */
export function star(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  const inner = r * 0.34;
  ctx.moveTo(x, y - r);
  ctx.lineTo(x + inner, y - inner);
  ctx.lineTo(x + r, y);
  ctx.lineTo(x + inner, y + inner);
  ctx.lineTo(x, y + r);
  ctx.lineTo(x - inner, y + inner);
  ctx.lineTo(x - r, y);
  ctx.lineTo(x - inner, y - inner);
  ctx.closePath();
}

/** Shed on purpose: a diamond. */
export function diamond(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  ctx.moveTo(x, y - r);
  ctx.lineTo(x + r, y);
  ctx.lineTo(x, y + r);
  ctx.lineTo(x - r, y);
  ctx.closePath();
}

/** Late: a clock. */
export function clock(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  dot(ctx, x, y, r);
  ctx.moveTo(x, y - r * 0.6);
  ctx.lineTo(x, y);
  ctx.lineTo(x + r * 0.5, y + r * 0.3);
}

/** Crashed: a cross. */
export function cross(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  const arm = r * 0.75;
  ctx.moveTo(x - arm, y - arm);
  ctx.lineTo(x + arm, y + arm);
  ctx.moveTo(x + arm, y - arm);
  ctx.lineTo(x - arm, y + arm);
}

/** Refused by a breaker: its switch, open. */
export function lever(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  ctx.moveTo(x - r * 0.9, y + r * 0.5);
  ctx.lineTo(x + r * 0.5, y - r * 0.75);
  dot(ctx, x - r * 0.9, y + r * 0.5, r * 0.18);
  dot(ctx, x + r * 0.9, y + r * 0.5, r * 0.18);
}

/** Refused by a bulkhead: a compartment. */
export function square(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  const half = r * 0.72;
  ctx.rect(x - half, y - half, 2 * half, 2 * half);
}

/** Sent on: an arrow that turns round. */
export function onward(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  const half = r * 0.62;
  ctx.moveTo(x - half, y - half);
  ctx.arc(x, y, Math.hypot(half, half), -Math.PI * 0.75, Math.PI * 0.45);
  const [tipX, tipY] = [x + half * 0.22, y + half * 1.4];
  ctx.moveTo(tipX + r * 0.62, tipY);
  ctx.lineTo(tipX, tipY);
  ctx.lineTo(tipX + r * 0.1, tipY - r * 0.62);
}
