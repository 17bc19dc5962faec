/** What may go wrong with whom: the kinds and the names that the form for faults offers. */
import { changesMap, concernsProjection } from "../model/faults.js";
import { spoken } from "../model/names.js";
import type { Fault, RunView, Scenario } from "../model/views.js";
import type { Choice } from "../panel/schema.js";

type Kind = Fault["kind"];
type Names = Pick<RunView, "services" | "instanceNames">;
type Parties = Pick<Scenario, "clients" | "stores">;
type Station = Names["services"][number];
type Placement = Scenario["stores"][number]["sharding"]["placement"];

/** Only balancers ask how an instance is, or pass one over that is to rest. */
const OF_BALANCERS: readonly Kind[] = ["failing_checks", "drain"];
const EVENED_OUT: readonly Placement[] = ["slots", "range"];
const WITHOUT_WEIGHTS: readonly Placement[] = ["hash_modulo", "jump"];

/** Of these kinds those that can strike somebody here. */
export function kindsFor(kinds: readonly Choice[], run: Names, parties: Parties): Choice[] {
  return kinds.filter(({ value }) => targetsFor(value as Kind, run, parties).length > 0);
}

/** The names that a fault of this kind may have as its target. */
export function targetsFor(kind: Kind, run: Names, { clients, stores }: Parties): Choice[] {
  if (kind === "traffic") return clients.map(({ name }) => named(name));
  if (changesMap(kind)) {
    const able = stores.map((store, number) => ({ store, number })).filter(({ store }) => takes(kind, store));
    if (kind === "add_shard" || kind === "even_out") return able.map(({ store }) => named(store.name));
    return able.flatMap(({ number }) => shardsOf(run, number).map((name) => named(name)));
  }
  if (concernsProjection(kind)) return run.services.flatMap((one) => readModelsOf(run, one)).map((name) => named(name));
  const balanced = ({ store, cqrs }: Station): boolean => store === null && cqrs === null;
  const struck = run.services.filter((station) => balanced(station) || !OF_BALANCERS.includes(kind));
  return [
    ...struck.flatMap((station) => nodesOf(run, station).map((name) => named(name))),
    ...struck.map((station) => named(station.name, whole(station))),
  ];
}

function whole({ store, cqrs }: Station): string {
  if (cqrs !== null) return ", all of it";
  return store === null ? ", all instances" : ", all shards";
}

/** Behind the node that takes commands there is one for each read model; of a shared model nothing is projected. */
function readModelsOf(run: Names, station: Station): string[] {
  return station.cqrs === null ? [] : nodesOf(run, station).slice(1);
}

function takes(kind: Kind, { sharding: { placement } }: Scenario["stores"][number]): boolean {
  if (kind === "even_out") return EVENED_OUT.includes(placement);
  return kind !== "weigh_shard" || !WITHOUT_WEIGHTS.includes(placement);
}

function nodesOf({ instanceNames }: Names, { first_instance, instances }: Station): string[] {
  return instanceNames.slice(first_instance, first_instance + instances);
}

/** A shard goes by the name of its first copy. */
function shardsOf(run: Names, number: number): string[] {
  const station = run.services.find(({ store }) => store === number);
  return station === undefined ? [] : nodesOf(run, station).filter((_, index) => index % station.copies === 0);
}

function named(name: string, about = ""): Choice {
  return { value: name, title: spoken(name) + about, help: "" };
}
