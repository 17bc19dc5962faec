import { expect, it } from "vitest";
import schema from "../../../crates/sim/schema/scenario.schema.json";
import type { Scenario } from "../model/views.js";
import { groupsOf, type Group } from "./groups.js";
import { fieldsOf } from "./schema.js";

const off = { enabled: false, rule: {} };
const call = (to: string, more: object = {}): object => ({
  to,
  timeout_ms: 0,
  retry: { attempts: 1 },
  breaker: off,
  bulkhead: off,
  ...more,
});
const client = (name: string, ...calls: object[]): object => ({ name, calls, shared_pool: off, arrivals: "poisson" });
const groups = (clients: object[], services: object[]): Group[] =>
  groupsOf(schema, { clients, services, stores: [], cqrs: [], faults: [], seed: 1 } as unknown as Scenario);
const titles = (all: Group[]): string[] => all.map((group) => group.title);
const open = (all: Group[]): string[] => titles(all.filter((group) => group.open));

it("needs no names where there is one of each, and closes what the scenario is not about", () => {
  const plain = groups([client("clients", call(""))], [client("service")]);
  expect(titles(plain)).toEqual(["Traffic", "Call", "Balancer", "Instances", "Run"]);
  expect(open(plain)).toEqual(["Traffic", "Balancer", "Instances", "Run"]);
  const timed = groups([client("clients", call("", { timeout_ms: 5 }))], [client("service")]);
  expect(open(timed)).toEqual(["Traffic", "Call", "Run"]);
});

it("names callers and services where there are several, the calls of services too", () => {
  const all = groups([client("units", call(""), call("radio"))], [client("maps", call("radio")), client("radio")]);
  expect(titles(all)).toEqual([
    "Traffic",
    "Shared pool: units",
    "Call: units → maps",
    "Call: units → radio",
    "Balancer: maps",
    "Instances: maps",
    "Call: maps → radio",
    "Balancer: radio",
    "Instances: radio",
    "Run",
  ]);
  expect(fieldsOf(all[6]?.nodes ?? []).map((field) => field.key)).toContain("services[0].calls[0].timeout_ms");
});

it("says in which order the policies wrap", () => {
  const [, own] = groups([client("clients", call(""))], [client("service")]);
  expect(own?.about).toMatch(/retry, then breaker, then bulkhead, then timeout/);
});

it("asks how often to try again before asking how", () => {
  const retry = (attempts: number): string[] => {
    const [, own] = groups([client("clients", call("", { retry: { attempts, jitter: "full" } }))], [client("service")]);
    return fieldsOf(own?.nodes ?? []).flatMap(({ key }) => /\.retry\.(\w+)$/.exec(key)?.[1] ?? []);
  };
  expect(retry(1)).toEqual(["attempts"]);
  expect(retry(3)[0]).toBe("attempts");
  expect(retry(3)).toContain("jitter");
});
