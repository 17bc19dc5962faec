/** A service and two stores, and who may be struck by what. */
import { expect, it } from "vitest";
import { namesOf } from "../model/names.js";
import type { Fault, ServiceView } from "../model/views.js";
import type { Choice } from "../panel/schema.js";
import { kindsFor, targetsFor } from "./fault-targets.js";

type Run = Parameters<typeof targetsFor>[1];
type Parties = Parameters<typeof targetsFor>[2];

const KINDS: Fault["kind"][] = [
  "crash",
  "slow",
  "errors",
  "failing_checks",
  "drain",
  "traffic",
  "add_shard",
  "remove_shard",
  "weigh_shard",
  "even_out",
];
const choices: Choice[] = KINDS.map((value) => ({ value, title: value, help: "" }));

function run(...stations: object[]): Run {
  let first_instance = 0;
  const services = stations.map((station) => {
    const whole = {
      copies: 1,
      store: null,
      cqrs: null,
      nodes: [],
      instances: 2,
      ...station,
      first_instance,
    } as unknown as ServiceView;
    first_instance += whole.instances;
    return whole;
  });
  return { services, instanceNames: namesOf(services) };
}

const parties = (...placements: string[]): Parties =>
  ({
    clients: [{ name: "units" }],
    stores: placements.map((placement, number) => ({ name: `store-${number}`, sharding: { placement } })),
  }) as unknown as Parties;

const MAPS = { name: "maps" };
const store = (number: number, more: object = {}): object => ({ name: `store-${number}`, store: number, ...more });

const names = (kind: Fault["kind"], ...rest: [Run, Parties]): string[] =>
  targetsFor(kind, ...rest).map(({ title }) => title);
const kinds = (...rest: [Run, Parties]): string[] => kindsFor(choices, ...rest).map(({ value }) => value);

it("offers changes of map only where there are stores, and balancers’ matters only where there are services", () => {
  const services = kinds(run(MAPS), parties());
  expect(services).toEqual(["crash", "slow", "errors", "failing_checks", "drain", "traffic"]);
  expect(kinds(run(store(0)), parties("ring"))).toEqual([
    "crash",
    "slow",
    "errors",
    "traffic",
    "add_shard",
    "remove_shard",
    "weigh_shard",
  ]);
});

it("offers no weights where the placement knows none, and evens out only what can be dealt out", () => {
  expect(kinds(run(store(0)), parties("hash_modulo"))).not.toContain("weigh_shard");
  expect(kinds(run(store(0)), parties("range"))).toContain("even_out");
  const both = run(store(0), store(1));
  expect(names("even_out", both, parties("ring", "slots"))).toEqual(["store-1"]);
  expect(names("weigh_shard", both, parties("jump", "slots"))).toEqual(["store-1/alpha", "store-1/bravo"]);
});

it("names stores for what a store does, shards for what a shard does, and clients for traffic", () => {
  const all = run(MAPS, store(0, { instances: 4, copies: 2 }));
  expect(names("add_shard", all, parties("ring"))).toEqual(["store-0"]);
  expect(names("remove_shard", all, parties("ring"))).toEqual(["store-0/alpha", "store-0/bravo"]);
  expect(names("traffic", all, parties("ring"))).toEqual(["units"]);
  expect(names("drain", all, parties("ring"))).toEqual(["maps/alpha", "maps/bravo", "maps, all instances"]);
  expect(names("crash", all, parties("ring"))).toEqual([
    "maps/alpha",
    "maps/bravo",
    "store-0/alpha",
    "store-0/alpha.2",
    "store-0/bravo",
    "store-0/bravo.2",
    "maps, all instances",
    "store-0, all shards",
  ]);
});

it("calls shards by their own names where there is nothing else", () => {
  expect(names("remove_shard", run(store(0)), parties("ring"))).toEqual(["alpha", "bravo"]);
});

const sides = (...nodes: string[]): object => ({ name: "personnel", cqrs: 0, instances: nodes.length, nodes });

it("offers faults of projections only where there are read models, and each read model by its name", () => {
  const able: Choice[] = [...choices, { value: "stop_projection", title: "", help: "" }];
  const pair = run(sides("commands", "by_person", "strength"));
  expect(kindsFor(able, pair, parties()).map(({ value }) => value)).toEqual([
    "crash",
    "slow",
    "errors",
    "traffic",
    "stop_projection",
  ]);
  expect(names("stop_projection", pair, parties())).toEqual(["by person", "strength"]);
  expect(names("crash", pair, parties())).toEqual(["commands", "by person", "strength", "personnel, all of it"]);
  // Shown as people say it, and meant by the name that the engine knows.
  expect(targetsFor("rebuild", pair, parties()).map(({ value }) => value)).toEqual(["by_person", "strength"]);
  // One shared model is written by no projection.
  expect(names("rebuild", run(sides("model")), parties())).toEqual([]);
  expect(names("rebuild", run(MAPS, sides("commands", "by_person")), parties())).toEqual(["personnel/by person"]);
});
