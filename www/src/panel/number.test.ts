import { describe, expect, it } from "vitest";
import { clock, count, counted, measured, parseNumber, percent, plain, short, span, THIN } from "./number.js";

const spaced = (text: string): string => text.replaceAll(" ", THIN);

describe("numbers", () => {
  it("parts thousands by a narrow space", () => {
    expect(count(14_402)).toBe(spaced("14 402"));
    expect(count(999)).toBe("999");
    expect(plain(1_234_567.25)).toBe(spaced("1 234 567.25"));
  });

  it("leaves out trailing zeros and writes a real minus", () => {
    expect(plain(0.1)).toBe("0.1");
    expect(plain(-2.5)).toBe("−2.5");
    expect(plain(-0.0000001)).toBe("0");
  });

  it("says nothing, not zero, where there is nothing", () => {
    for (const absent of [null, undefined, NaN, Infinity]) {
      expect([count(absent), span(absent), percent(absent), short(absent)]).toEqual(["–", "–", "–", "–"]);
    }
  });

  it("gives a length of time in the unit that reads best", () => {
    const lengths = [0, 8.214, 41, 999.4, 1_900, 60_000, 200_000, 10_800_000, 298_860_000];
    expect(lengths.map((ms) => span(ms).replaceAll(THIN, " "))).toEqual([
      "0 ms",
      "8.21 ms",
      "41.0 ms",
      "999 ms",
      "1.9 s",
      "60 s",
      "3 min 20 s",
      "3 h",
      "3 d 11 h",
    ]);
  });

  it("tells a point in time to the millisecond", () => {
    expect(clock(12_412)).toBe(spaced("12.412 s"));
    // Not yet the next millisecond; and one that a double can't hold exactly is what it is.
    expect(clock(10_204.9996)).toBe(spaced("10.204 s"));
    expect(clock(10_204.999999999998)).toBe(spaced("10.205 s"));
  });

  it("puts the half width beside a mean only where there is one", () => {
    expect(measured(8.34, 0.31, "ms")).toBe(spaced("8.34 ± 0.31 ms"));
    expect(measured(8.34, null, "ms")).toBe(spaced("8.34 ms"));
  });

  it("counts in the right number", () => {
    expect(counted(1, "line")).toBe("1 line");
    expect(counted(0, "line")).toBe("0 lines");
  });
});

describe("typed numbers", () => {
  it("are read with spaces between thousands and a comma or point before decimals", () => {
    expect(["2 000", `2${THIN}000`, "1,5", "1.5", ".5", "1e3", "−3"].map(parseNumber)).toEqual([
      2000, 2000, 1.5, 1.5, 0.5, 1000, -3,
    ]);
  });

  it("are refused where they are none", () => {
    expect(["", "abc", "1.2.3", "12 s", "--1", "Infinity"].map(parseNumber)).toEqual(Array(6).fill(undefined));
  });

  it("come back as they were shown", () => {
    for (const value of [0, 0.001, 1.25, 240, 60_000, 4_294_967_295]) expect(parseNumber(plain(value))).toBe(value);
  });
});
