import { describe, expect, it } from "vitest";
import { course, fittingCompression, outlook, sampled } from "./recording.js";

const sample = {
  name: "A morning",
  source: "An archive",
  licence: "free",
  keys: [],
  counts: [
    [0, 2],
    [99, 4],
  ],
};

describe("a sample", () => {
  it("is summed up from its counts and told with its source", () => {
    expect(sampled(sample)).toMatchObject({
      requests: 6,
      span_s: 100,
      rejected: 0,
      attribution: "An archive. Licence: free.",
    });
  });

  it("that is something else is refused", () => {
    for (const value of [null, [], "x", {}, { ...sample, counts: [] }]) expect(() => sampled(value)).toThrow();
  });
});

describe("the replay", () => {
  it("fits the run with the suggested compression", () => {
    for (const span_s of [10_800, 298_860, 59, 0.5]) {
      const compression = fittingCompression(span_s, 60_000);
      expect((span_s * 1000) / compression).toBeLessThanOrEqual(60_000);
      expect(compression).toBeLessThan(((span_s * 1000) / 60_000) * 1.011);
    }
  });

  it("is foretold: how long, how much of it, how fast", () => {
    const seen = outlook(sampled(sample), { multiplier: 10, compression: 2 }, 25_000);
    expect(seen).toEqual({ lasts_ms: 50_000, fits: 0.5, mean_per_s: 1.2 });
  });

  it("is pictured as shares of its busiest stretch", () => {
    expect(
      course(
        [
          [0, 2],
          [99, 4],
        ],
        100,
        4,
      ),
    ).toEqual([0.5, 0, 0, 1]);
  });
});
