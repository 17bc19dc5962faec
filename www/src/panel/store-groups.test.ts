/** The form of a store: what it is about stands open and in view, and what doesn't apply isn't there. */
import { expect, it } from "vitest";
import schema from "../../../crates/sim/schema/scenario.schema.json";
import type { Scenario } from "../model/views.js";
import { groupsOf, type Group } from "./groups.js";
import { namesFor } from "./list-names.js";
import { fieldsOf, type Field } from "./schema.js";

const off = { enabled: false, rule: {} };
const CALL = { to: "", timeout_ms: 0, retry: { attempts: 1 }, breaker: off, bulkhead: off };

interface Change {
  client?: object;
  store?: object;
  sharding?: object;
  faults?: object[];
}

function groups({ client, store, sharding, faults = [] }: Change = {}): Group[] {
  const units = {
    name: "units",
    calls: [CALL],
    shared_pool: off,
    arrivals: "poisson",
    keys: { kind: "uniform" },
    all_shards_percent: 0,
    ...client,
  };
  const sectors = {
    name: "sectors",
    sharding: { placement: "hash_modulo", split_above: 0, copies: 1, ...sharding },
    salted_keys: [],
    ...store,
  };
  return groupsOf(schema, {
    clients: [units],
    services: [],
    stores: [sectors],
    cqrs: [],
    faults,
  } as unknown as Scenario);
}

const fields = (all: Group[], title: string): Field[] =>
  fieldsOf(all.find((group) => group.title === title)?.nodes ?? []);
const names = (all: Group[], title: string): unknown[] => fields(all, title).map(({ path }) => path.at(-1));
const basic = (all: Group[], title: string): unknown[] =>
  fields(all, title)
    .filter(({ level }) => level === "basic")
    .map(({ path }) => path.at(-1));

it("has groups of its own for a store, and none of a service where there is none", () => {
  const all = groups();
  const titles = all.map(({ title }) => title);
  expect(titles).toEqual([
    "Traffic",
    "Keys and commands",
    "Call",
    "Sharding",
    "Shards",
    "Moving",
    "Copies and reads",
    "Salting",
    "Run",
  ]);
  expect(names(all, "Traffic")).not.toContain("commands_percent");
  expect(basic(all, "Keys and commands")).toEqual(expect.arrayContaining(["kind", "commands_percent"]));
});

it("shows no parameter twice, and leaves none of a store out", () => {
  const change = { sharding: { placement: "range", split_above: 9, copies: 2 }, store: { salted_keys: [1] } };
  const keys = groups(change).flatMap((group) => fieldsOf(group.nodes).map(({ key }) => key));
  expect(new Set(keys).size).toBe(keys.length);
  const own = Object.keys(schema.$defs.Store.properties).filter((name) => name !== "name");
  for (const name of own) expect(keys.some((key) => key.startsWith(`stores[0].${name}`))).toBe(true);
});

it("asks for the placement first, and then for what it takes", () => {
  expect(names(groups(), "Sharding")).toEqual(["placement", "hash"]);
  expect(names(groups({ sharding: { placement: "ring" } }), "Sharding")).toContain("virtual_nodes");
  const ranges = groups({ sharding: { placement: "range" } });
  expect(basic(ranges, "Sharding")).toEqual(["placement", "split_by", "split_above"]);
  expect(names(ranges, "Moving")).not.toContain("look_ms");
  expect(basic(groups({ sharding: { placement: "range", split_above: 400 } }), "Moving")).toContain("look_ms");
});

it("opens what the scenario is about", () => {
  const open = (change: Change): string[] =>
    groups(change)
      .filter((group) => group.open)
      .map(({ title }) => title);
  const always = ["Traffic", "Keys and commands", "Sharding", "Shards", "Run"];
  expect(open({})).toEqual(always);
  expect(open({ faults: [{ kind: "add_shard" }] })).toContain("Moving");
  expect(open({ faults: [{ kind: "crash" }] })).not.toContain("Moving");
  expect(open({ sharding: { copies: 3 } })).toContain("Copies and reads");
  expect(open({ client: { keys: { kind: "hot_key" } } })).toContain("Salting");
});

it("asks how to copy and to salt once there is something to copy and to salt", () => {
  expect(basic(groups(), "Copies and reads")).toEqual(["copies"]);
  expect(basic(groups({ sharding: { copies: 2 } }), "Copies and reads")).toEqual(
    expect.arrayContaining(["copies", "replication", "read_preference", "replication_ms"]),
  );
  expect(names(groups(), "Salting")).toEqual(["salted_keys"]);
  expect(basic(groups({ store: { salted_keys: [0] } }), "Salting")).toEqual([
    "salted_keys",
    "sub_keys",
    "salted_reads",
  ]);
});

it("knows a list of texts and one of numbers", () => {
  const bounds = fields(groups({ sharding: { placement: "range" } }), "Sharding").find(
    ({ path }) => path.at(-1) === "bounds",
  );
  expect(bounds?.control).toMatchObject({ kind: "list", texts: true });
  expect(fields(groups(), "Salting")[0]?.control).toMatchObject({ kind: "list", texts: false, integer: true });
});

it("names what a list has a number for each of", () => {
  const services = [
    { name: "maps", store: null, first_instance: 0, instances: 2, copies: 1, cqrs: null, nodes: [] },
    { name: "sectors", store: 0, first_instance: 2, instances: 4, copies: 2 },
  ];
  const instanceNames = [
    "maps/alpha",
    "maps/bravo",
    "sectors/alpha",
    "sectors/alpha.2",
    "sectors/bravo",
    "sectors/bravo.2",
  ];
  const scenario = { stores: [{ sharding: { copies: 2 } }] };
  const run = { services, instanceNames, scenario } as unknown as Parameters<typeof namesFor>[0];
  expect(namesFor(run, ["services", 0, "instances", "weights"])).toEqual(["alpha", "bravo"]);
  expect(namesFor(run, ["stores", 0, "shards", "speeds"])).toEqual(["alpha", "bravo"]);
  expect(namesFor(run, ["stores", 0, "copy_ways"])).toEqual(["primary", "copy 2"]);
  expect(namesFor(run, ["stores", 0, "salted_keys"])).toEqual([]);
});
