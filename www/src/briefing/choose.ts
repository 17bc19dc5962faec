/** Which text belongs to the scenario on the page. */
import type { Briefing } from "../../content/briefing.js";
import { erlang, twoServices } from "../../content/bulkhead.js";
import { failingService, partialFailure, retryStorm } from "../../content/circuit-breaker.js";
import { lag, ownWrites, personnel, personnelShared, rebuild } from "../../content/cqrs.js";
import { copies, gather, hotKey, hotRange, sectors, sectorsRing } from "../../content/database-sharding.js";
import { loadBalancer } from "../../content/load-balancer.js";
import { offerOf } from "../app/origin.js";
import type { Scenario } from "../model/views.js";

const BRIEFINGS: Readonly<Record<string, Briefing>> = {
  "failing-service": failingService,
  "retry-storm": retryStorm,
  "partial-failure": partialFailure,
  "two-services": twoServices,
  erlang,
  sectors,
  "sectors-ring": sectorsRing,
  "hot-key": hotKey,
  "hot-range": hotRange,
  gather,
  copies,
  "personnel-shared": personnelShared,
  personnel,
  lag,
  "own-writes": ownWrites,
  rebuild,
};

/** The reader's own scenarios have what their first station is about: a balancer, shards, or two sides. */
export function briefingFor(scenario: Scenario | null): Briefing {
  const own = BRIEFINGS[offerOf(scenario)?.id ?? ""];
  if (own !== undefined) return own;
  if (scenario === null || scenario.services.length > 0) return loadBalancer;
  if (scenario.stores.length > 0) return sectors;
  const [sides] = scenario.cqrs;
  if (sides === undefined) return loadBalancer;
  return sides.layout === "shared" ? personnelShared : personnel;
}
