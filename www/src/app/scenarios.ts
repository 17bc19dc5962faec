/** The scenarios that come with the page, and where in each the reader begins. */
import bursts from "../../scenarios/bursts.json";
import copies from "../../scenarios/copies.json";
import erlang from "../../scenarios/erlang.json";
import failingService from "../../scenarios/failing-service.json";
import gather from "../../scenarios/gather.json";
import hotKey from "../../scenarios/hot-key.json";
import hotRange from "../../scenarios/hot-range.json";
import hundred from "../../scenarios/hundred.json";
import lag from "../../scenarios/lag.json";
import loadBalancer from "../../scenarios/load-balancer.json";
import mm1 from "../../scenarios/mm1.json";
import ownWrites from "../../scenarios/own-writes.json";
import partialFailure from "../../scenarios/partial-failure.json";
import personnel from "../../scenarios/personnel.json";
import personnelShared from "../../scenarios/personnel-shared.json";
import rebuild from "../../scenarios/rebuild.json";
import retryStorm from "../../scenarios/retry-storm.json";
import sectors from "../../scenarios/sectors.json";
import sectorsRing from "../../scenarios/sectors-ring.json";
import slowUnit from "../../scenarios/slow-unit.json";
import twoServices from "../../scenarios/two-services.json";
import type { Opened } from "../link/link.js";

/** In the order of the manual. */
export const PATTERNS = ["Load balancer", "Database sharding", "Circuit breaker", "Bulkhead", "CQRS"] as const;

type Pattern = (typeof PATTERNS)[number];

export interface Offer extends Opened {
  id: string;
  name: string;
  pattern: Pattern;
  scenario: object;
}

function offer(pattern: Pattern, id: string, scenario: { name: string }, t_ms: number, speed: number): Offer {
  return { id, name: scenario.name, pattern, scenario, t_ms, speed };
}

/** A little before something happens, at a speed at which single requests can be followed. */
export const OPENING = offer("Load balancer", "load-balancer", loadBalancer, 11_300, 0.1);

export const OFFERS: readonly Offer[] = [
  OPENING,
  offer("Load balancer", "slow-unit", slowUnit, 9_500, 0.2),
  offer("Load balancer", "bursts", bursts, 0, 0.1),
  offer("Load balancer", "hundred", hundred, 7_500, 0.05),
  offer("Load balancer", "mm1", mm1, 0, 0.2),
  offer("Database sharding", "sectors", sectors, 9_700, 0.2),
  offer("Database sharding", "sectors-ring", sectorsRing, 9_700, 0.2),
  offer("Database sharding", "hot-key", hotKey, 5_000, 0.1),
  offer("Database sharding", "hot-range", hotRange, 5_000, 0.1),
  offer("Database sharding", "gather", gather, 2_000, 0.1),
  offer("Database sharding", "copies", copies, 5_000, 0.1),
  offer("Circuit breaker", "failing-service", failingService, 9_700, 0.1),
  offer("Circuit breaker", "retry-storm", retryStorm, 9_700, 0.2),
  offer("Circuit breaker", "partial-failure", partialFailure, 9_700, 0.1),
  offer("Bulkhead", "two-services", twoServices, 11_700, 0.2),
  offer("Bulkhead", "erlang", erlang, 0, 0.1),
  offer("CQRS", "personnel-shared", personnelShared, 13_000, 0.1),
  offer("CQRS", "personnel", personnel, 5_000, 0.1),
  offer("CQRS", "lag", lag, 4_700, 0.2),
  offer("CQRS", "own-writes", ownWrites, 5_000, 0.1),
  offer("CQRS", "rebuild", rebuild, 19_000, 0.1),
];
