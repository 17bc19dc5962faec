/** Which text belongs to the scenario on the page. */
import type { Briefing } from "../../content/briefing.js";
import { erlang, twoServices } from "../../content/bulkhead.js";
import { failingService, partialFailure, retryStorm } from "../../content/circuit-breaker.js";
import { loadBalancer } from "../../content/load-balancer.js";
import { offerOf } from "../app/origin.js";
import type { Scenario } from "../model/views.js";

const BRIEFINGS: Readonly<Record<string, Briefing>> = {
  "failing-service": failingService,
  "retry-storm": retryStorm,
  "partial-failure": partialFailure,
  "two-services": twoServices,
  erlang,
};

/** Scenarios of the load balancer, and the reader's own, have the balancer's: there is one in every scenario. */
export function briefingFor(scenario: Scenario | null): Briefing {
  return BRIEFINGS[offerOf(scenario)?.id ?? ""] ?? loadBalancer;
}
