/** The shards' hues: to be read on both grounds, told from each other, and from the colours that mean something. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { HUES, hueOf, letterOf } from "./hues.js";

const tokens = readFileSync(new URL("../../style/tokens.css", import.meta.url), "utf8");

function palette(theme: "light" | "dark"): (name: string) => [number, number, number] {
  const blocks = tokens.split("}");
  const block = blocks.find((each) => each.includes(theme === "light" ? ":root {" : 'data-theme="dark"')) ?? "";
  return (name) => {
    const hex =
      new RegExp(`--st-${name}: #([0-9a-f]{6});`).exec(block)?.[1] ??
      new RegExp(`--st-${name}: #([0-9a-f]{6});`).exec(tokens)?.[1];
    if (!hex) throw new Error(`--st-${name} is no colour`);
    return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
  };
}

/** As WCAG 2 has them. */
function luminance(colour: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = colour.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: readonly number[], b: readonly number[]): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** Of the colour wheel, in degrees. */
function turn([r, g, b]: [number, number, number]): number {
  const degrees = (Math.atan2(Math.sqrt(3) * (g - b), 2 * r - g - b) * 180) / Math.PI;
  return (degrees + 360) % 360;
}

describe.each(["light", "dark"] as const)("in %s", (theme) => {
  const colour = palette(theme);
  const hues = Array.from({ length: HUES }, (_, hue) => colour(`shard-${hue}`));

  test("each is seen on a card, and a letter can be read on it", () => {
    for (const hue of hues) {
      expect(contrast(hue, colour("card"))).toBeGreaterThanOrEqual(3);
      expect(contrast(hue, colour("on-shard"))).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("none is red, amber or gold", () => {
    for (const hue of hues) expect(turn(hue) > 60 && turn(hue) < 330, `${turn(hue)}°`).toBe(true);
  });

  test("no two are the same to the eye", () => {
    for (const [index, a] of hues.entries()) {
      for (const b of hues.slice(index + 1)) {
        expect(Math.hypot(...a.map((part, at) => part - (b[at] ?? 0)))).toBeGreaterThan(40);
      }
    }
  });
});

test("with many shards the hues come again, and letters with numbers tell them apart", () => {
  expect(hueOf(HUES + 2)).toBe(2);
  expect([0, 3, 25, 26, 53].map(letterOf)).toEqual(["A", "D", "Z", "A2", "B3"]);
});
