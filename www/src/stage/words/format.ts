/** How the stage writes what flickers: with fewer figures than a table would, so that it can be read. */
import { count, perSecond as measuredRate, percent, plain, THIN } from "../../panel/number.js";

/** One decimal while a rate is small, none above. */
export function rate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return measuredRate(null);
  const text = perSecond > 0 && perSecond < 9.95 ? perSecond.toFixed(1) : count(perSecond);
  return `${text}${THIN}/s`;
}

/** 100 % is said only where it is all of them. */
export function share(part: number): string {
  if (!Number.isFinite(part)) return percent(null);
  const value = part * 100;
  const text = value > 99.9 && value < 100 ? "99.9" : plain(value, 1);
  return `${text}${THIN}%`;
}

/** How old something is, roughly: «340 ms», «1.2 s». */
export function about(ms: number): string {
  return ms < 995 ? `${count(ms < 100 ? ms : Math.round(ms / 10) * 10)}${THIN}ms` : seconds(ms);
}

/** A point in simulated time, as it is said: «11.9 s». */
export function seconds(t_ms: number): string {
  return `${plain(t_ms / 1000, 1)}${THIN}s`;
}
