/** The speed of play: 0.01 to 20 simulated seconds a second, on a logarithmic slider with round stops. */
import { THIN } from "../panel/number.js";

const STOPS = [
  0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20,
] as const;

export const LAST_STOP = STOPS.length - 1;

export function speedAt(stop: number): number {
  return STOPS[Math.min(LAST_STOP, Math.max(0, Math.round(stop)))] ?? 1;
}

/** The stop nearest to a speed, by ratio. */
export function stopOf(speed: number): number {
  let best = 0;
  STOPS.forEach((stop, index) => {
    if (Math.abs(Math.log(stop / speed)) < Math.abs(Math.log((STOPS[best] ?? 1) / speed))) best = index;
  });
  return best;
}

export function speedText(speed: number): string {
  return `${Number(speed.toPrecision(3))}×`;
}

/** What a speed means in words. */
export function speedSentence(speed: number): string {
  if (speed === 1) return "as fast as in reality";
  return speed < 1 ? `${Number((1 / speed).toPrecision(3))}${THIN}times slower` : `${speed}${THIN}times faster`;
}
