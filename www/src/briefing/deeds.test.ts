import { expect, it } from "vitest";
import schema from "../../../crates/sim/schema/scenario.schema.json";
import type { Deed } from "../../content/briefing.js";
import { erlang, twoServices } from "../../content/bulkhead.js";
import { failingService, partialFailure, retryStorm } from "../../content/circuit-breaker.js";
import * as cqrs from "../../content/cqrs.js";
import * as sharding from "../../content/database-sharding.js";
import { loadBalancer } from "../../content/load-balancer.js";
import type { Scenario } from "../model/views.js";
import { getAt } from "../panel/path.js";
import { optionsOf } from "../panel/presets.js";
import { schemaAt } from "../panel/schema.js";
import { carryOut, onlyLooks } from "./deeds.js";

const BRIEFINGS = [
  failingService,
  retryStorm,
  partialFailure,
  twoServices,
  erlang,
  ...Object.values(sharding),
  ...Object.values(cqrs),
];

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

it("lets something go wrong at a moment of its own, and takes faults away again", () => {
  const draft = scenario();
  const rebuild: Deed = { does: "fault", kind: "rebuild", target: "by_person", at_ms: 28_000, for_ms: null };
  const stop: Deed = { does: "fault", kind: "stop_projection", target: "by_person", for_ms: 4_000 };
  carryOut(draft, [rebuild, stop], situation);
  expect(draft.faults).toMatchObject([{ at_ms: 28_000 }, { at_ms: 12_346, for_ms: 4_000 }]);
  carryOut(draft, [{ does: "mend", kinds: ["rebuild"] }, rebuild], situation);
  expect(draft.faults.map(({ kind }) => kind)).toEqual(["stop_projection", "rebuild"]);
  carryOut(draft, [{ does: "mend" }], situation);
  expect(draft.faults).toEqual([]);
});

it("scales what is there", () => {
  const draft = scenario();
  const path = ["services", 0, "balancer", "active_checks", "interval_ms"];
  carryOut(draft, [{ does: "scale", path, by: 0.5 }], situation);
  expect(getAt(draft, path)).toBe(1000);
});

it("means places that a scenario has, and presets that there are", () => {
  const deeds = BRIEFINGS.flatMap(({ steps, comparison }) => [
    ...steps.flatMap((step) => step.buttons.flatMap((button) => button.deeds)),
    ...(comparison?.variants.flatMap((variant) => variant.deeds) ?? []),
  ]);
  expect(deeds.length).toBeGreaterThan(100);
  for (const deed of deeds) {
    if ("path" in deed) expect(schemaAt(schema, deed.path), deed.path.join(".")).toBeDefined();
    if (deed.does === "preset") expect(optionsOf(deed.of, deed.name)).toBeDefined();
  }
});

it("compares variants that set the same places, so that one can take the place of another", () => {
  for (const { comparison } of BRIEFINGS) {
    const places = comparison?.variants.map(({ deeds }) => deeds.map((deed) => ("path" in deed ? deed.path : [])));
    for (const own of places ?? []) expect(own).toEqual(places?.[0]);
  }
});

it("changes the map of the store at its place, whatever that is called", () => {
  const draft = scenario();
  carryOut(draft, [{ does: "fault", kind: "add_shard", store: 0, for_ms: null }], {
    ...situation,
    stores: ["sectors"],
  });
  expect(draft.faults).toMatchObject([{ kind: "add_shard", target: "sectors", at_ms: 12_346, for_ms: null }]);
});

it("puts a copy of a list in its place, and of a preset only what it says something about", () => {
  const draft = { stores: [{ salted_keys: [], sharding: { copies: 3, placement: "ring" } }] } as unknown as Scenario;
  const salted = [0];
  carryOut(draft, [{ does: "set", path: ["stores", 0, "salted_keys"], value: salted }], situation);
  expect(draft.stores[0]?.salted_keys).toEqual(salted);
  expect(draft.stores[0]?.salted_keys).not.toBe(salted);
  const path = ["stores", 0, "sharding"];
  carryOut(draft, [{ does: "preset", path, of: "sharding", name: "as_in_manual" }], situation);
  expect(draft.stores[0]?.sharding).toMatchObject({ copies: 3, placement: "hash_modulo", hash: "fnv1a_64" });
});

it("looks without changing anything", () => {
  expect(onlyLooks([{ does: "seek", t_ms: 5 }])).toBe(true);
  expect(onlyLooks([{ does: "look_up", keys: "soldier_17" }])).toBe(true);
  expect(onlyLooks([{ does: "open_event" }])).toBe(true);
  expect(onlyLooks([{ does: "mend" }])).toBe(false);
  expect(
    onlyLooks([
      { does: "seek", t_ms: 5 },
      { does: "set", path: ["seed"], value: 1 },
    ]),
  ).toBe(false);
});
