import { expect, it } from "vitest";
import schema from "../../../crates/sim/schema/scenario.schema.json";
import type { Scenario } from "../model/views.js";
import { groupsOf, type Group } from "./groups.js";
import { fieldsOf } from "./schema.js";

const model = (kind: string): object => ({ kind, projection: { delivery: "asynchronous" }, read_time: {} });
const scenario = (layout: string, kinds: string[], more: object = {}): Scenario =>
  ({
    clients: [],
    services: [],
    stores: [],
    faults: [],
    cqrs: [{ name: "personnel", layout, queries: { consistency: "eventual" }, models: kinds.map(model) }],
    ...more,
  }) as unknown as Scenario;
const titles = (groups: Group[]): string[] => groups.map(({ title }) => title);
const group = (of: Scenario, title: string): Group | undefined =>
  groupsOf(schema, of).find((one) => one.title === title);
const keys = (of: Group | undefined): string[] => fieldsOf(of?.nodes ?? []).map(({ key }) => key);
const press = (of: Scenario, title: string, label: string): Scenario => {
  group(of, title)
    ?.changes?.find((one) => one.label === label)
    ?.change(of);
  return of;
};
const kindsOf = (of: Scenario): string[] => of.cqrs.flatMap(({ models }) => models.map(({ kind }) => kind));

it("has a group for each read model where there are two sides, and one model where they share it", () => {
  expect(titles(groupsOf(schema, scenario("apart", ["by_person", "strength"])))).toEqual([
    "Models",
    "Commands",
    "Read model by person",
    "Read model strength",
    "Queries",
    "Event store",
    "Way to the models",
    "Run",
  ]);
  expect(titles(groupsOf(schema, scenario("shared", ["by_person"])))).toEqual([
    "Models",
    "Shared model",
    "Commands",
    "Event store",
    "Way to the models",
    "Run",
  ]);
});

it("asks for the layout first, and for each thing in its own place", () => {
  const apart = scenario("apart", ["by_person", "by_company"]);
  expect(keys(group(apart, "Models"))[0]).toBe("cqrs[0].layout");
  expect(keys(group(apart, "Models"))).not.toContain("cqrs[0].models");
  expect(keys(group(apart, "Read model by company"))).toContain("cqrs[0].models[1].event_ms");
  expect(keys(group(apart, "Queries"))).toEqual(["cqrs[0].queries.consistency"]);
  expect(keys(group(scenario("shared", ["by_person"]), "Shared model"))).toContain("cqrs[0].shared.locks");
});

it("adds a read model of a kind that is missing, and removes one", () => {
  const added = press(scenario("apart", ["by_person", "strength"]), "Models", "Add a read model by company");
  expect(kindsOf(added)).toEqual(["by_person", "strength", "by_company"]);
  expect(group(added, "Models")?.changes).toEqual([]);
  const removed = press(added, "Read model strength", "Remove the read model strength");
  expect(kindsOf(removed)).toEqual(["by_person", "by_company"]);
  // The last one stays.
  expect(group(scenario("apart", ["by_person"]), "Read model by person")?.changes).toEqual([]);
});

it("says whose they are where there are other stations", () => {
  const two = scenario("apart", ["by_person"]);
  two.cqrs.push(...structuredClone(two.cqrs).map((sides) => ({ ...sides, name: "supplies" })));
  expect(titles(groupsOf(schema, two))).toContain("Read model by person: supplies");
});
