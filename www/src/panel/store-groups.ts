/** The groups of a store: in the order in which somebody who builds one decides. */
import { changesMap } from "../model/faults.js";
import type { Scenario } from "../model/views.js";
import type { Group } from "./groups.js";
import type { Path } from "./path.js";
import type { Node } from "./schema.js";

type Form = (path: Path) => Node[];
type Client = Scenario["clients"][number];
type Store = Scenario["stores"][number];

/** Which parameter of a store is in which group; what is named nowhere is in the group of its own object. */
const COPIES = ["copies", "replication", "read_preference"];
const SALTING = ["salted_reads"];
const MOVING = ["on_the_move"];

/** What only a store, or a pair of command and query sides, makes of a request. */
const KINDS = ["commands_percent", "all_shards_percent"];

/** A question to all shards is asked where there are shards. */
function kindsIn({ stores, cqrs }: Scenario): string[] {
  if (stores.length > 0) return KINDS;
  return cqrs.length > 0 ? ["commands_percent"] : [];
}

/** What a client sends a store: which keys, how many of them to be written, and how many questions to all shards. */
export function keysGroup(form: Form, scenario: Scenario, client: Client, path: Path): Group {
  const nodes = form(path)
    .filter((node) => isAnyOf(node, ["keys", ...kindsIn(scenario)]))
    .map(asBasic);
  const title = scenario.clients.length > 1 ? `Keys and commands: ${client.name}` : "Keys and commands";
  return { key: `keys ${path.join(" ")}`, title, nodes, open: true };
}

/** Without either nobody tells commands from queries. */
export function ofAnyClient(node: Node, scenario: Scenario): boolean {
  return !isAnyOf(node, kindsIn(scenario).length > 0 ? ["keys", ...KINDS] : KINDS);
}

export function storeGroups(form: Form, scenario: Scenario, store: Store, index: number): Group[] {
  const path: Path = ["stores", index];
  const own = form(path);
  const sharding = form([...path, "sharding"]);
  const several = scenario.services.length + scenario.stores.length + scenario.cqrs.length > 1;
  const group = (key: string, title: string, nodes: Node[], open: boolean, about?: string): Group => ({
    key: `${key} ${index}`,
    title: several ? `${title}: ${store.name}` : title,
    nodes,
    open,
    ...(about === undefined ? {} : { about }),
  });
  const pick = (nodes: readonly Node[], names: readonly string[]): Node[] => nodes.filter((n) => isAnyOf(n, names));
  const placing = sharding.filter((node) => !isAnyOf(node, [...COPIES, ...SALTING, ...MOVING]));
  const ranges = store.sharding.placement === "range";
  return [
    {
      ...group(
        "sharding",
        "Sharding",
        placing.map((node) => (isAnyOf(node, ["split_above"]) ? asBasic(node) : node)),
        true,
      ),
      preset: { of: "sharding", path: [...path, "sharding"] },
    },
    group("shards", "Shards", [...form([...path, "shards"]), ...pick(own, ["keys", "key_prefix"])], true),
    group(
      "moving",
      "Moving",
      [...pick(sharding, MOVING), ...movingNodes(form([...path, "moving"]), ranges, store)],
      scenario.faults.some(({ kind }) => changesMap(kind)) || (ranges && store.sharding.split_above > 0),
    ),
    group("copies", "Copies and reads", copyNodes(own, sharding, scenario, store), isAboutCopies(scenario, store)),
    group("salting", "Salting", saltNodes(own, sharding, store), isAboutHotKeys(scenario, store), SALT),
  ];
}

const SALT = "A key that is asked for too often is spread over sub-keys, each of which has a shard of its own.";

/** Looking at ranges means something where there are ranges that may be split. */
function movingNodes(nodes: Node[], ranges: boolean, store: Store): Node[] {
  if (ranges && store.sharding.split_above > 0) return nodes.map(asBasic);
  return nodes.filter((node) => !isAnyOf(node, ["look_ms"]));
}

/** First how many; what becomes of them matters once there is more than one. */
function copyNodes(own: Node[], sharding: Node[], scenario: Scenario, store: Store): Node[] {
  const more = store.sharding.copies > 1;
  const copies = sharding.filter((node) => isAnyOf(node, more ? COPIES : ["copies"]));
  const late = own.filter((node) => isAnyOf(node, ["replication_ms", "copy_ways"]));
  const gather = own.filter((node) => isAnyOf(node, ["gather"]));
  const asks = scenario.clients.some((client) => client.all_shards_percent > 0);
  return [...copies.map(asBasic), ...(more ? late.map(asBasic) : []), ...(asks ? gather.map(asBasic) : gather)];
}

function isAboutCopies(scenario: Scenario, store: Store): boolean {
  return store.sharding.copies > 1 || scenario.clients.some((client) => client.all_shards_percent > 0);
}

/** First which keys; how they are spread matters once there are any. */
function saltNodes(own: Node[], sharding: Node[], store: Store): Node[] {
  const keys = own.filter((node) => isAnyOf(node, ["salted_keys"]));
  if (store.salted_keys.length === 0) return keys.map(asBasic);
  const how = [...own.filter((node) => isAnyOf(node, ["sub_keys"])), ...sharding.filter((n) => isAnyOf(n, SALTING))];
  return [...keys, ...how].map(asBasic);
}

function isAboutHotKeys(scenario: Scenario, store: Store): boolean {
  return store.salted_keys.length > 0 || scenario.clients.some((client) => client.keys.kind === "hot_key");
}

function isAnyOf(node: Node, names: readonly string[]): boolean {
  return names.includes(String(node.path.at(-1)));
}

/** What the scenario is about is seen without asking for more. */
function asBasic(node: Node): Node {
  if (node.node === "field") return { ...node, level: "basic" };
  return { ...node, children: node.children.map(asBasic) };
}
