/** The scenarios that come with the page, and where in each the reader begins. */
import bursts from "../../scenarios/bursts.json";
import erlang from "../../scenarios/erlang.json";
import failingService from "../../scenarios/failing-service.json";
import hundred from "../../scenarios/hundred.json";
import loadBalancer from "../../scenarios/load-balancer.json";
import mm1 from "../../scenarios/mm1.json";
import partialFailure from "../../scenarios/partial-failure.json";
import retryStorm from "../../scenarios/retry-storm.json";
import slowUnit from "../../scenarios/slow-unit.json";
import twoServices from "../../scenarios/two-services.json";
import type { Opened } from "../link/link.js";

/** In the order of the manual. */
export const PATTERNS = ["Load balancer", "Circuit breaker", "Bulkhead"] as const;

export type Pattern = (typeof PATTERNS)[number];

export interface Offer extends Opened {
  id: string;
  name: string;
  pattern: Pattern;
  scenario: object;
}

function offers(
  pattern: Pattern,
  ...all: readonly (readonly [id: string, scenario: { name: string }, t_ms: number, speed: number])[]
): Offer[] {
  return all.map(([id, scenario, t_ms, speed]) => ({ id, name: scenario.name, pattern, scenario, t_ms, speed }));
}

/** Each begins a little before something happens, at a speed at which single requests can be followed. */
export const OFFERS: readonly Offer[] = [
  ...offers(
    "Load balancer",
    ["load-balancer", loadBalancer, 11_300, 0.1],
    ["slow-unit", slowUnit, 9_500, 0.2],
    ["bursts", bursts, 0, 0.1],
    ["hundred", hundred, 7_500, 0.05],
    ["mm1", mm1, 0, 0.2],
  ),
  ...offers(
    "Circuit breaker",
    ["failing-service", failingService, 9_700, 0.1],
    ["retry-storm", retryStorm, 9_700, 0.2],
    ["partial-failure", partialFailure, 9_700, 0.1],
  ),
  ...offers("Bulkhead", ["two-services", twoServices, 11_700, 0.2], ["erlang", erlang, 0, 0.1]),
];

/** What the page opens with. */
export const OPENING: object & Opened = OFFERS[0] ?? { scenario: {}, t_ms: 0, speed: null };
