import { expect, it } from "vitest";
import type { Engine, EngineListener } from "../model/engine.js";
import type { RunAnswer } from "../model/protocol.js";
import type { Report, Scenario } from "../model/views.js";
import { compare, policiesOf, variantsOf, type Outcome } from "./compare.js";

const scenario = {
  clients: [],
  seed: 7,
  services: [{ balancer: { policy: "round_robin" } }],
} as unknown as Scenario;

/** Answers each load at once: refuses `maglev`, else reports the policy's length as its requests. */
function fakeEngine(loads: Scenario[]): Engine {
  let listener: EngineListener | undefined;
  const engine: Partial<Engine> = {
    listen: (given) => (listener = given),
    load: ({ epoch, json }) => {
      const loaded = JSON.parse(json) as Scenario;
      loads.push(loaded);
      const policy = loaded.services[0]?.balancer.policy ?? "";
      if (policy === "maglev") listener?.refused(epoch, { code: "", path: "", message: "", mistakes: [] });
      else listener?.run(epoch, { report: { requests: policy.length } as Report } as RunAnswer, {} as never);
    },
  };
  return engine as Engine;
}

it("changes the policy alone, asks one after the other, and tells of a refusal", async () => {
  const loads: Scenario[] = [];
  const outcomes: Outcome[] = [];
  const candidates = policiesOf(scenario, ["random", "maglev", "round_robin"]);
  await compare(fakeEngine(loads), candidates, (outcome) => outcomes.push(outcome));
  expect(outcomes.map(({ name, report }) => [name, report?.requests])).toEqual([
    ["random", 6],
    ["maglev", undefined],
    ["round_robin", 11],
  ]);
  expect(loads.map((load) => load.seed)).toEqual([7, 7, 7]);
  expect(scenario.services[0]?.balancer.policy).toBe("round_robin");
});

it("carries out each variant's deeds on a copy of its own", () => {
  const variant = (label: string, value: number) =>
    ({ label, deeds: [{ does: "set", path: ["seed"], value }] }) as const;
  const candidates = variantsOf(scenario, { title: "", variants: [variant("one", 1), variant("two", 2)] });
  expect(candidates.map((one) => [one.name, one.scenario.seed])).toEqual([
    ["one", 1],
    ["two", 2],
  ]);
  expect(scenario.seed).toBe(7);
});
