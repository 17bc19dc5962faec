/** Wall time to simulated time. */

/** A frame that took longer than this (a stall, a sleeping machine) moves the playhead no further. */
const LONGEST_STEP_MS = 100;

export const SPEED_MIN = 0.01;
export const SPEED_MAX = 20;

export function clampSpeed(speed: number): number {
  return Number.isFinite(speed) ? Math.min(SPEED_MAX, Math.max(SPEED_MIN, speed)) : 1;
}

export function clampPlayhead(t_ms: number, end_ms: number): number {
  return Number.isFinite(t_ms) ? Math.min(Math.max(0, t_ms), end_ms) : 0;
}

export function advance(playhead_ms: number, wall_ms: number, speed: number, end_ms: number): number {
  const step = Math.min(Math.max(0, wall_ms), LONGEST_STEP_MS);
  return clampPlayhead(playhead_ms + step * speed, end_ms);
}

/**
 * How long a broken request stays in view, in simulated time: about 1.5 s of the viewer's time at the speed set,
 * so that a fall can be seen at 0.01× and does not pile up at 20×.
 */
export function lingerMs(speed: number): number {
  return Math.min(3_000, 1_500 * speed);
}
