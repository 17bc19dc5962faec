/** How much there is to show, read off a run: services, who calls whom, and which policies stand on each call. */
import type { CallView, RunView, Scenario, ServiceView } from "../../model/views.js";
import { type MapShape, shapeOf } from "./map-shape.js";

/** In the order in which they wrap an attempt, from the outside. */
export const POLICIES = ["retry", "breaker", "bulkhead", "timeout"] as const;
export type Policy = (typeof POLICIES)[number];

export interface ServiceShape {
  /** Its first instance, counted through all services. */
  first: number;
  count: number;
  concurrency: number;
  queueLimit: number;
  /** Where they differ: of each node its own. */
  sizes?: readonly Sizes[];
  /** Of a store, whose instances are shards. */
  store?: StoreShape;
  /** Of two sides, whose instances are the side that writes and the read models, or the shared model. */
  sides?: SidesShape;
}

export interface Sizes {
  concurrency: number;
  queueLimit: number;
}

export interface SidesShape {
  /** Its number among the pairs of sides. */
  number: number;
  /** Whether one model has both sides. */
  shared: boolean;
  /** Whether a command locks the shared model. */
  locks: boolean;
  /** Whether queries may have to wait for a read model, and go without an answer. */
  waits: boolean;
}

export interface StoreShape {
  /** Its number among the stores. */
  number: number;
  /** What its map is drawn as. */
  map: MapShape;
  /** Of each shard, which are neighbours, the primary first. */
  copies: number;
  /** Whether several shards may have to answer one request. */
  gathers: boolean;
}

export interface CallShape {
  /** The group of clients that makes it, or else the service. */
  client: number | null;
  service: number | null;
  to: number;
  policies: readonly Policy[];
  /** The first of its breakers, -1 without. */
  breaker: number;
  breakers: number;
  /** How many breakers each caller has: one, or one for each instance called. */
  breakersEach: number;
  /** What opens the breaker. */
  trip: "failure_rate" | "failures" | "consecutive";
  /** How many cells the breaker's window has when it is full; 0 where that isn't known. */
  windowCells: number;
  /** Calls with the same number share a bulkhead; -1 without. */
  pool: number;
  /** Whether attempts may wait in the bulkhead: they leave from there. */
  waits: boolean;
}

export interface Topology {
  instances: number;
  /** Of the first service. */
  concurrency: number;
  queueLimit: number;
  /** Left out where there is nothing but clients and one service, without policies between them. */
  services?: readonly ServiceShape[];
  clients?: number;
  calls?: readonly CallShape[];
}

export type WrittenCall = Scenario["services"][number]["calls"][number];
type Pool = Scenario["clients"][number]["shared_pool"];

/** What the scenario says about call `index`; undefined for one that a client makes without having it written. */
export function writtenCall(run: RunView, index: number): WrittenCall | undefined {
  const { calls, scenario } = run;
  const own = calls[index];
  if (!own) return undefined;
  const before = calls.slice(0, index).filter((each) => each.client === own.client && each.service === own.service);
  return callerOf(scenario, own)?.calls[before.length];
}

/** The pool that all calls of the same caller share, if there is one. */
export function sharedPool(run: RunView, index: number): Pool | undefined {
  const own = run.calls[index];
  const caller = own && callerOf(run.scenario, own);
  return caller && "shared_pool" in caller && caller.shared_pool.enabled ? caller.shared_pool : undefined;
}

function callerOf(
  scenario: Scenario,
  { client, service }: CallView,
): Scenario["clients"][number] | Scenario["services"][number] | undefined {
  if (typeof client === "number") return scenario.clients[client];
  return typeof service === "number" ? scenario.services[service] : undefined;
}

/** Slots and waiting places: of each instance of a service, of each shard of a store, or of a node of two sides. */
export function sizesOf(
  { services, scenario }: Pick<RunView, "services" | "scenario">,
  station: number,
  node = 0,
): Sizes {
  const { store = null, cqrs = null } = services[station] ?? {};
  const sides = cqrs === null ? undefined : scenario.cqrs[cqrs];
  // Behind the side that writes come the read models.
  const ofSides = node === 0 ? sides?.commands : sides?.models[node - 1];
  const ofStore = store === null ? undefined : scenario.stores[store]?.shards;
  const sizes = ofSides ?? ofStore ?? scenario.services[station]?.instances;
  return { concurrency: sizes?.concurrency ?? 0, queueLimit: sizes?.queue_limit ?? 0 };
}

function sidesShape({ scenario }: RunView, { cqrs }: ServiceView): SidesShape | undefined {
  if (cqrs === null) return undefined;
  const written = scenario.cqrs[cqrs];
  const shared = written?.layout === "shared";
  const waits = !shared && written?.queries.consistency !== "eventual";
  return { number: cqrs, shared, locks: shared && written.shared.locks, waits };
}

function storeShape({ scenario }: RunView, { store, copies }: ServiceView): StoreShape | undefined {
  if (store === null) return undefined;
  const written = scenario.stores[store];
  const gathers =
    (written?.salted_keys.length ?? 0) > 0 || scenario.clients.some(({ all_shards_percent }) => all_shards_percent > 0);
  return { number: store, copies, map: shapeOf(written?.sharding.placement), gathers };
}

export function topologyOf(run: RunView): Topology {
  const services = run.services.map((view, index): ServiceShape => {
    const own = { first: view.first_instance, count: view.instances, ...sizesOf(run, index) };
    const [store, sides] = [storeShape(run, view), sidesShape(run, view)];
    if (store) return { ...own, store };
    if (!sides) return own;
    const sizes = Array.from({ length: view.instances }, (_, node) => sizesOf(run, index, node));
    return { ...own, sides, sizes };
  });
  return {
    instances: run.instanceNames.length,
    concurrency: services[0]?.concurrency ?? 0,
    queueLimit: services[0]?.queueLimit ?? 0,
    services,
    clients: run.scenario.clients.length,
    calls: run.calls.map((call, index) => callShape(run, call, index)),
  };
}

function callShape(run: RunView, call: CallView, index: number): CallShape {
  const written = writtenCall(run, index);
  const has: Record<Policy, boolean> = {
    retry: (written?.retry.attempts ?? 1) > 1,
    breaker: call.breakers > 0,
    bulkhead: call.bulkheads > 0,
    timeout: (written?.timeout_ms ?? 0) > 0,
  };
  const pool = sharedPool(run, index) ?? written?.bulkhead;
  return {
    client: call.client ?? null,
    service: call.service ?? null,
    to: call.to,
    policies: POLICIES.filter((policy) => has[policy]),
    breaker: has.breaker ? call.first_breaker : -1,
    breakers: call.breakers,
    breakersEach: Math.max(1, Math.round(call.breakers / Math.max(1, call.parties))),
    trip: written?.breaker.rule.trip_rule ?? "failure_rate",
    windowCells: windowCells(written),
    pool: has.bulkhead ? call.first_bulkhead : -1,
    waits: has.bulkhead && (pool?.rule.max_waiting ?? 0) > 0,
  };
}

function windowCells(written: WrittenCall | undefined): number {
  const rule = written?.breaker.rule;
  if (rule?.window === "calls") return rule.window_calls;
  return rule?.window === "time" ? rule.window_buckets : 0;
}

/** One breaker for each instance called: switches on the lanes instead of one on the call. */
export function watchesEach(call: CallShape): boolean {
  return call.breakersEach > 1;
}
