import { describe, expect, it } from "vitest";
import type { Fault, Scenario } from "../model/views.js";
import { barEnd, dragged, faultLabel, faultSentence, joining, labelPlace, lanes, snapFor } from "./faults.js";

const END = 60_000;
const fault = (change: Partial<Fault>): Fault => ({
  kind: "crash",
  target: "bravo",
  at_ms: 12_000,
  for_ms: 19_000,
  factor: 4,
  percent: 50,
  ...change,
});

describe("dragging a fault", () => {
  it("moves it by round steps and keeps how long it lasts", () => {
    expect(dragged(fault({}), "whole", 3_049, END)).toEqual({ at_ms: 15_000, for_ms: 19_000 });
  });

  it("keeps its start within the run", () => {
    expect(dragged(fault({}), "whole", -50_000, END).at_ms).toBe(0);
    expect(dragged(fault({}), "whole", 90_000, END).at_ms).toBe(END);
  });

  it("by its end changes how long it lasts, never below one step", () => {
    expect(dragged(fault({}), "end", -4_000, END)).toEqual({ at_ms: 12_000, for_ms: 15_000 });
    expect(dragged(fault({}), "end", -40_000, END).for_ms).toBe(snapFor(END));
  });

  it("to the end of the axis means until the end, and back again", () => {
    expect(dragged(fault({}), "end", 29_000, END).for_ms).toBeNull();
    expect(dragged(fault({ for_ms: null }), "end", -10_000, END).for_ms).toBe(38_000);
  });
});

describe("the bars", () => {
  it("end with the axis", () => {
    expect(barEnd(fault({}), END)).toBe(31_000);
    expect(barEnd(fault({ for_ms: null }), END)).toBe(END);
    expect(barEnd(fault({ for_ms: 90_000 }), END)).toBe(END);
  });

  it("lie in as few lanes as keep them apart", () => {
    const extents = [
      { from: 0, to: 10 },
      { from: 5, to: 15 },
      { from: 10, to: 20 },
      { from: 6, to: 7 },
    ];
    expect(lanes(extents)).toEqual([0, 1, 0, 2]);
    expect(lanes([])).toEqual([]);
  });

  it("are named in words", () => {
    expect(faultLabel(fault({}))).toBe("bravo crash, 19\u202fs");
    expect(faultLabel(fault({ kind: "traffic", target: "clients", factor: 2, for_ms: null }))).toBe("traffic 2×");
    expect(faultSentence(fault({ kind: "slow", for_ms: null }))).toBe(
      "bravo slow 4×, from 12.000\u202fs until the end",
    );
  });
});

describe("changes of map", () => {
  const add = (at_ms: number, target = "sectors"): Fault => fault({ kind: "add_shard", target, at_ms, for_ms: null });

  it("are a mark at their time, and last for good", () => {
    expect(barEnd(add(10_000), END)).toBe(10_000);
    expect(barEnd(fault({ kind: "remove_shard", for_ms: 5_000 }), END)).toBe(12_000);
    expect(faultLabel(fault({ kind: "remove_shard" }))).toBe("bravo leaves");
    expect(faultLabel(fault({ kind: "weigh_shard", factor: 2 }))).toBe("bravo weighs 2×");
    expect(faultSentence(fault({ kind: "even_out", target: "sectors" }))).toBe("sectors evened out, at 12.000\u202fs");
  });

  it("name the shard that joins, in the order of time", () => {
    const stores = [
      { name: "sectors", shards: { count: 3 } },
      { name: "maps", shards: { count: 26 } },
    ];
    const faults = [add(20_000), add(10_000), fault({}), add(10_000), add(5_000, "maps"), add(5_000, "nowhere")];
    const all = { faults, stores } as unknown as Scenario;
    expect(faults.map((_, index) => joining(all, index))).toEqual([
      "foxtrot",
      "delta",
      undefined,
      "echo",
      "alpha-2",
      undefined,
    ]);
    expect(faultLabel(add(10_000), "delta")).toBe("delta joins");
    expect(faultSentence(add(10_000), "delta")).toBe("delta joins sectors, at 10.000\u202fs");
  });
});

describe("faults of projections", () => {
  it("are marks where they happen at a moment, and bars where they last", () => {
    const rebuild = fault({ kind: "rebuild", target: "strength", for_ms: null });
    expect(barEnd(rebuild, END)).toBe(12_000);
    expect(faultLabel(rebuild)).toBe("strength rebuilt");
    expect(faultSentence(rebuild)).toBe("strength rebuilt, at 12.000\u202fs");
    expect(barEnd(fault({ kind: "crash_projection", target: "strength", for_ms: null }), END)).toBe(12_000);
    const stop = fault({ kind: "stop_projection", target: "by_person", for_ms: 5_000 });
    expect(barEnd(stop, END)).toBe(17_000);
    expect(faultLabel(stop)).toBe("by person projection stopped, 5\u202fs");
  });
});

describe("the label of a fault", () => {
  it("stands inside its bar, behind one that is too short, and before one near the edge", () => {
    expect(labelPlace({ from: 100, to: 200 }, 80, 500)).toEqual({ side: "inside", from: 100, to: 200 });
    expect(labelPlace({ from: 100, to: 140 }, 80, 500)).toEqual({ side: "right", from: 100, to: 220 });
    expect(labelPlace({ from: 450, to: 490 }, 80, 500)).toEqual({ side: "left", from: 370, to: 490 });
    expect(labelPlace({ from: 300, to: 300 }, 80, 500)).toEqual({ side: "right", from: 300, to: 380 });
  });
});
