/** What a list of the scenario has an item for each of. */
import type { RunView } from "../model/views.js";
import type { Path } from "./path.js";

type Names = Pick<RunView, "services" | "instanceNames" | "scenario">;

/** The instances of its service, the shards of its store, or the copies of each; nothing where a list is free. */
export function namesFor(run: Names, path: Path): readonly string[] {
  const [room, number] = path;
  const station =
    room === "services"
      ? run.services[Number(number)]
      : room === "stores" && path[2] === "shards"
        ? run.services.find(({ store }) => store === Number(number))
        : undefined;
  if (station !== undefined) return ownNames(run, station);
  return path.at(-1) === "copy_ways" ? copies(run.scenario.stores[Number(number)]?.sharding.copies ?? 0) : [];
}

/** Of a shard the first copy's, which is the shard's own name. */
function ownNames(run: Names, { first_instance, instances, copies: each }: Names["services"][number]): string[] {
  const all = run.instanceNames.slice(first_instance, first_instance + instances);
  return all.filter((_, index) => index % each === 0).map((name) => name.slice(name.indexOf("/") + 1));
}

function copies(count: number): string[] {
  return Array.from({ length: count }, (_, index) => (index === 0 ? "primary" : `copy ${index + 1}`));
}
