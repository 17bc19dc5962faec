/** The groups of the form, made from who takes part in the scenario. What is in a group comes from the schema. */
import type { Scenario } from "../model/views.js";
import { cqrsGroups } from "./cqrs-groups.js";
import type { Path } from "./path.js";
import type { PresetOf } from "./presets.js";
import { formFor, type Node, type Schema } from "./schema.js";
import { keysGroup, ofAnyClient, storeGroups } from "./store-groups.js";

/** What a button of a group does to the scenario. */
export interface Change {
  readonly label: string;
  readonly change: (draft: Scenario) => void;
}

export interface Group {
  /** Tells the group from the others, and stays while parameters change. */
  readonly key: string;
  readonly title: string;
  readonly nodes: readonly Node[];
  /** What the group's parameters have in common, in a sentence. */
  readonly about?: string;
  /** What can be done to it as a whole. */
  readonly changes?: readonly Change[];
  /** What may be set as a whole, as people know it. */
  readonly preset?: { readonly of: PresetOf; readonly path: Path };
  /** Whether it is open until somebody says otherwise: it is what the scenario is about. */
  readonly open: boolean;
}

type Client = Scenario["clients"][number];
type Service = Scenario["services"][number];
type Call = Client["calls"][number];
type Pool = Client["shared_pool"];

/** As `crates/sim` wraps them; the reason stands there. */
const ORDER = "Around each attempt, from the outside: retry, then breaker, then bulkhead, then timeout.";

export function groupsOf(schema: Schema, scenario: Scenario): Group[] {
  const form = (path: Path): Node[] => formFor(schema, scenario, path);
  const { clients, services, stores } = scenario;
  const nodes = form([]).filter(isScalar);
  return [
    ...clients.flatMap((client, index) => clientGroups(form, scenario, client, index)),
    ...services.flatMap((service, index) => serviceGroups(form, scenario, service, index)),
    ...stores.flatMap((store, index) => storeGroups(form, scenario, store, index)),
    ...cqrsGroups(form, scenario),
    // The run's own parameters stand at the root, beside the lists of those who take part.
    { key: "run", title: "Run", nodes, open: true },
  ];
}

type Form = (path: Path) => Node[];

function clientGroups(form: Form, scenario: Scenario, client: Client, index: number): Group[] {
  const path: Path = ["clients", index];
  const title = named("Traffic", client.name, scenario.clients.length > 1);
  // The pool has a group of its own, beside the calls that share it.
  const nodes = form(path).filter((node) => !node.key.endsWith(".shared_pool") && ofAnyClient(node, scenario));
  const keys = scenario.stores.length + scenario.cqrs.length > 0 ? [keysGroup(form, scenario, client, path)] : [];
  return [{ key: `traffic ${index}`, title, nodes, open: true }, ...keys, ...callGroups(form, scenario, client, path)];
}

function serviceGroups(form: Form, scenario: Scenario, service: Service, index: number): Group[] {
  const several = scenario.services.length + scenario.stores.length + scenario.cqrs.length > 1;
  const open = !several && !anyPolicy(scenario);
  const part = (name: "balancer" | "instances", title: string): Group => ({
    key: `${name} ${index}`,
    title: named(title, service.name, several),
    nodes: form(["services", index, name]),
    open,
  });
  return [
    part("balancer", "Balancer"),
    part("instances", "Instances"),
    ...callGroups(form, scenario, service, ["services", index]),
  ];
}

function callGroups(form: Form, scenario: Scenario, caller: Client | Service, path: Path): Group[] {
  const { calls, shared_pool: pool, name } = caller;
  const all = [...scenario.clients, ...scenario.services].flatMap((one) => one.calls);
  const shared = form([...path, "shared_pool"]);
  const pools = calls.length > 1 || pool.enabled;
  return [
    ...(pools ? [{ ...poolGroup(name, pool, scenario), key: `pool ${path.join(" ")}`, nodes: shared }] : []),
    ...calls.map((call, index) => ({
      key: `call ${path.join(" ")} ${index}`,
      title: all.length > 1 ? `Call: ${name} → ${called(call, scenario)}` : "Call",
      nodes: form([...path, "calls", index])
        .filter((node) => calls.length > 1 || !node.key.endsWith(".share_percent"))
        .map((node) => (node.key.endsWith(".retry") ? retryNode(node, call) : node)),
      about: pool.enabled ? `${ORDER} The bulkhead is the shared pool.` : ORDER,
      open: hasPolicy(call),
    })),
  ];
}

/** First how many attempts; how they are spaced matters once there is more than one. */
function retryNode(node: Node, call: Call): Node {
  if (node.node === "field") return node;
  const isFirst = (child: Node): boolean => child.key.endsWith(".attempts");
  const rest = call.retry.attempts > 1 ? node.children.filter((child) => !isFirst(child)) : [];
  return { ...node, children: [...node.children.filter(isFirst), ...rest] };
}

function poolGroup(name: string, pool: Pool, scenario: Scenario): Omit<Group, "key" | "nodes"> {
  const several = scenario.clients.length + scenario.services.length > 2;
  const about = "One bulkhead for all calls together, in place of each call’s own.";
  return { title: named("Shared pool", name, several), about, open: pool.enabled };
}

function called(call: Call, { services, stores, cqrs }: Scenario): string {
  return call.to === "" ? ([...services, ...stores, ...cqrs][0]?.name ?? "") : call.to;
}

function hasPolicy(call: Call): boolean {
  return call.timeout_ms > 0 || call.retry.attempts > 1 || call.breaker.enabled || call.bulkhead.enabled;
}

function anyPolicy({ clients, services }: Scenario): boolean {
  return [...clients, ...services].some(({ calls, shared_pool }) => shared_pool.enabled || calls.some(hasPolicy));
}

function named(title: string, name: string, several: boolean): string {
  return several ? `${title}: ${name}` : title;
}

function isScalar(node: Node): boolean {
  return node.node === "field" && node.control.kind !== "list" && node.control.kind !== "text";
}
