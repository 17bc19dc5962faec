/** A list with one number for each instance, in which those at the end that have the default are left out. */
import { parseNumber } from "./number.js";

export function withItem(values: readonly number[], index: number, value: number, itemDefault: number): number[] {
  const length = Math.max(values.length, index + 1);
  const whole = Array.from({ length }, (_, at) => (at === index ? value : (values[at] ?? itemDefault)));
  return trimmed(whole, itemDefault);
}

function trimmed(values: number[], itemDefault: number): number[] {
  return values.slice(0, values.findLastIndex((value) => value !== itemDefault) + 1);
}

/** «5, 1, 1» as numbers; `undefined` where a part is no number. */
export function parseList(text: string): number[] | undefined {
  const parts = text.split(/[,;\s]+/).filter((part) => part !== "");
  const values = parts.map(parseNumber);
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** The numbers of a list that may hold anything. */
export function numbersOf(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "number") : [];
}

/** «a, m, z» as texts, without those that are empty. */
export function parseTexts(text: string): string[] {
  return text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** The texts of a list that may hold anything. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
