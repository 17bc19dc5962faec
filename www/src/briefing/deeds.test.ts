import { expect, it } from "vitest";
import { loadBalancer } from "../../content/load-balancer.js";
import type { Scenario } from "../model/views.js";
import { getAt } from "../panel/path.js";
import { carryOut } from "./deeds.js";

const scenario = (): Scenario =>
  ({
    faults: [],
    services: [{ balancer: { policy: "round_robin", active_checks: { interval_ms: 2000 } } }],
  }) as unknown as Scenario;
const situation = { names: ["alpha", "bravo"], playhead_ms: 12_345.6 };

it("strikes the unit at its place, at the playhead's time, and the first where there is none", () => {
  const draft = scenario();
  carryOut(draft, [{ does: "fault", kind: "crash", instance: 1, for_ms: 20_000 }], situation);
  carryOut(draft, [{ does: "fault", kind: "slow", instance: 9, for_ms: null, factor: 3 }], situation);
  expect(draft.faults).toMatchObject([
    { target: "bravo", at_ms: 12_346, for_ms: 20_000 },
    { target: "alpha", factor: 3 },
  ]);
});

it("finds every place that the steps change", () => {
  for (const deed of loadBalancer.steps.flatMap((step) => step.buttons.flatMap((button) => button.deeds))) {
    if (deed.does === "set" || deed.does === "scale") expect(getAt(scenario(), deed.path)).toBeDefined();
  }
});

it("scales what is there", () => {
  const draft = scenario();
  const path = ["services", 0, "balancer", "active_checks", "interval_ms"];
  carryOut(draft, [{ does: "scale", path, by: 0.5 }], situation);
  expect(getAt(draft, path)).toBe(1000);
});
