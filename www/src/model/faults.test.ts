/** Two services of two instances each, and what strikes whom of them. */
import { describe, expect, test } from "vitest";
import { concerns, endedAt, lostFaults, strikes } from "./faults.js";
import { namesOf } from "./names.js";
import type { Fault, Scenario } from "./views.js";

const services = [
  { name: "maps", first_instance: 0, instances: 2, store: null, copies: 1, cqrs: null, nodes: [] },
  { name: "radio", first_instance: 2, instances: 2, store: null, copies: 1, cqrs: null, nodes: [] },
];
const RUN = { services, instanceNames: namesOf(services) };

function fault(target: string, more: Partial<Fault> = {}): Fault {
  return { kind: "slow", target, at_ms: 1_000, for_ms: null, factor: 4, percent: 50, ...more };
}

test("a fault strikes the instance that it names, or all of the service that it names", () => {
  const struck = (target: string): number[] => [0, 1, 2, 3].filter((index) => strikes(RUN, fault(target), index));
  expect(struck("radio/bravo")).toEqual([3]);
  expect(struck("radio")).toEqual([2, 3]);
  expect(struck("bravo")).toEqual([1]);
  expect([0, 1, 2, 3].filter((index) => strikes(RUN, fault("maps", { kind: "traffic" }), index))).toEqual([]);
});

test("a fault concerns a service if it strikes any of it, and an instance also with its whole service", () => {
  expect(concerns(RUN, fault("radio/bravo"), "radio")).toBe(true);
  expect(concerns(RUN, fault("radio"), "radio/alpha")).toBe(true);
  expect(concerns(RUN, fault("radio/bravo"), "radio/alpha")).toBe(false);
  expect(concerns(RUN, fault("maps"), "radio")).toBe(false);
  expect(concerns(RUN, fault("maps"), "nobody")).toBe(false);
});

describe("bringing back", () => {
  const faults = [fault("radio"), fault("radio/bravo"), fault("maps"), fault("radio", { at_ms: 9_000 })];
  const ends = (target: string, t_ms: number): (number | null)[] =>
    endedAt(RUN, faults, target, t_ms).map(({ for_ms }) => for_ms);

  test("a service: what is wrong with all of it ends, and what is wrong with any of it", () => {
    expect(ends("radio", 3_000)).toEqual([2_000, 2_000, null, null]);
  });

  test("an instance: what is wrong with it ends, also where that is wrong with its whole service", () => {
    expect(ends("radio/alpha", 3_000)).toEqual([2_000, null, null, null]);
  });

  test("at the moment at which a fault begins nothing of it is left", () => {
    expect(ends("radio", 1_000)).toEqual([null, null]);
  });
});

test("with a side goes what was to go wrong with it, by either of its names, and nothing else", () => {
  const scenario = (layout: "apart" | "shared", kinds: readonly string[], faults: Fault[] = []): Scenario =>
    ({ cqrs: [{ name: "personnel", layout, models: kinds.map((kind) => ({ kind })) }], faults }) as unknown as Scenario;
  const faults = ["by_person", "personnel/by_person", "strength", "personnel", "units"].map((target) =>
    fault(target, { kind: "stop_projection" }),
  );
  const before = scenario("apart", ["by_person", "strength"], faults);
  const targets = (after: Scenario): string[] => lostFaults(before, after).map(({ target }) => target);
  expect(targets(scenario("apart", ["by_person", "strength"], faults))).toEqual([]);
  expect(targets(scenario("apart", ["strength"], faults))).toEqual(["by_person", "personnel/by_person"]);
  expect(targets(scenario("shared", ["by_person", "strength"], faults))).toHaveLength(3);
});
