/** Which faults hold, and whom they strike. */
import type { Fault, RunView, Scenario } from "./views.js";

/** Whose names a fault's target is one of. */
type Names = Pick<RunView, "services" | "instanceNames">;

function faultEnd(fault: Fault): number {
  return fault.for_ms === null ? Infinity : fault.at_ms + fault.for_ms;
}

/** What happens at a moment holds at none. */
export function isActive(fault: Fault, t_ms: number): boolean {
  return !isMoment(fault.kind) && fault.at_ms <= t_ms && t_ms < faultEnd(fault);
}

/** The number of the service that an instance belongs to. */
export function serviceOf(services: Names["services"], instance: number): number {
  const own = services.findIndex(({ first_instance, instances }) => instance < first_instance + instances);
  return Math.max(0, own);
}

const STRIKES_NODES: ReadonlySet<Fault["kind"]> = new Set(["crash", "slow", "errors", "failing_checks", "drain"]);
const CHANGES_MAP: ReadonlySet<Fault["kind"]> = new Set(["add_shard", "remove_shard", "weigh_shard", "even_out"]);

/** Whether it changes the map of a store, for good. */
export function changesMap(kind: Fault["kind"]): boolean {
  return CHANGES_MAP.has(kind);
}

const PROJECTS: ReadonlySet<Fault["kind"]> = new Set([
  "stop_projection",
  "crash_projection",
  "deliver_twice",
  "out_of_order",
  "rebuild",
]);

/** Whether it concerns how a read model is kept. */
export function concernsProjection(kind: Fault["kind"]): boolean {
  return PROJECTS.has(kind);
}

/** Whether it happens at a moment, and lasts no time. */
export function isMoment(kind: Fault["kind"]): boolean {
  return changesMap(kind) || kind === "crash_projection" || kind === "rebuild";
}

/** Whether a fault strikes an instance: by its name, by its service's, or by its own alone in the first service. */
export function strikes(run: Names, { kind, target }: Fault, instance: number): boolean {
  if (!STRIKES_NODES.has(kind) && !concernsProjection(kind)) return false;
  const name = run.instanceNames[instance];
  const service = run.services[serviceOf(run.services, instance)];
  return (
    target === name ||
    target === service?.name ||
    (service === run.services[0] && `${service?.name}/${target}` === name)
  );
}

/** Whether something is wrong with `target` because of this fault: with an instance, or with any of a service. */
export function concerns(run: Names, fault: Fault, target: string): boolean {
  const whole = run.services.find(({ name }) => name === target);
  const first = whole?.first_instance ?? run.instanceNames.indexOf(target);
  for (let instance = Math.max(0, first); instance < first + (whole?.instances ?? 1); instance += 1) {
    if (strikes(run, fault, instance)) return true;
  }
  return false;
}

/** Whether a fault strikes a whole service. */
export function isOfAService({ services }: Names, { kind, target }: Fault): boolean {
  return STRIKES_NODES.has(kind) && services.some(({ name }) => name === target);
}

/** Ends every fault that concerns `target` and is active at `t_ms`; one that would last no time is dropped. */
export function endedAt(run: Names, faults: readonly Fault[], target: string, t_ms: number): Fault[] {
  return faults.flatMap((fault) => {
    if (!isActive(fault, t_ms) || !concerns(run, fault, target)) return [fault];
    const for_ms = t_ms - fault.at_ms;
    return for_ms > 0 ? [{ ...fault, for_ms }] : [];
  });
}

/** The names of the two sides' nodes, alone and with those of their pairs. */
function sidesNames({ cqrs }: Pick<Scenario, "cqrs">): string[] {
  return cqrs.flatMap(({ name, layout, models }) => {
    const own = layout === "shared" ? ["model"] : ["commands", ...models.map(({ kind }) => kind)];
    return own.flatMap((node) => [node, `${name}/${node}`]);
  });
}

/** What was to go wrong with a side that an edit has taken away: that has nobody left to go wrong with. */
export function lostFaults(before: Scenario, after: Scenario): Fault[] {
  const left = new Set(sidesNames(after));
  const lost = new Set(sidesNames(before).filter((name) => !left.has(name)));
  return lost.size === 0 ? [] : after.faults.filter(({ target }) => lost.has(target));
}
