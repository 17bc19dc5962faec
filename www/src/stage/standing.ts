/** What a layout, or a run, means for the stage around it. */
import type { Selection } from "../model/store.js";
import type { JsonSchema, RunView } from "../model/views.js";
import type { Box } from "./layout/cells.js";
import type { Layout, ServicePlace } from "./layout/layout.js";

/** What each balancer does, how each store places its keys, and how two sides share models, as the schema calls it. */
export function routerTitles({ scenario }: RunView, schema: JsonSchema | null): string[] {
  const titled = (of: string, value: string): string => {
    const title = schema?.$defs?.[of]?.oneOf?.find((each) => each.const === value)?.title;
    return (title ?? value.replaceAll("_", " ")).toLowerCase();
  };
  return [
    ...scenario.services.map(({ balancer }) => titled("Policy", balancer.policy)),
    ...scenario.stores.map(({ sharding }) => titled("Placement", sharding.placement)),
    // Of several read models nobody would call that two.
    ...scenario.cqrs.map(({ layout }) => (layout === "apart" ? "two sides" : titled("ModelLayout", layout))),
  ];
}

/** What stands on the picture, for whoever hears it. */
export function groupName(layout: Layout | null): string {
  const services = layout?.services ?? [];
  const [stores, sides] = [services.some(({ store }) => store), services.some((service) => service.sides)];
  const some = services.some(isBalanced) || services.length === 0;
  return [
    some ? "Clients, calls, balancers and instances" : "Clients, calls",
    ...(stores ? ["maps and shards"] : []),
    ...(sides ? ["the side that writes, the log and read models"] : []),
  ].join(", ");
}

/** Whether a balancer stands before it, rather than a map or a router. */
export function isBalanced({ store, sides }: ServicePlace): boolean {
  return !store && !sides;
}

/** Then there is room for the legend on the stage itself. */
export function isSimple({ services, clients, direction, stations }: Layout): boolean {
  return (
    services.length === 1 &&
    !services[0]?.store &&
    !services[0]?.sides &&
    clients.length === 1 &&
    (direction === "across" || stations.length === 0)
  );
}

/** Whether something stands elsewhere, beyond another amount of the same. */
export function differs(old: Layout, next: Layout): boolean {
  return (
    old.topology.instances !== next.topology.instances ||
    old.stations.length !== next.stations.length ||
    old.stations.some(({ policy, call }, index) => {
      const now = next.stations[index];
      return policy !== now?.policy || call !== now.call;
    })
  );
}

export function boxOf({ boxes, services }: Layout, selection: Selection): Box | null {
  if (selection?.kind === "balancer") return services[selection.service ?? 0]?.balancer ?? null;
  if (selection?.kind !== "instance") return null;
  const at = selection.index * 4;
  return { x: boxes[at] ?? 0, y: boxes[at + 1] ?? 0, w: boxes[at + 2] ?? 0, h: boxes[at + 3] ?? 0 };
}
