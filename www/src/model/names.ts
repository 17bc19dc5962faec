import type { ServiceView } from "./views.js";

/** The spelling alphabet of ICAO and NATO; `crates/sim` names its instances by the same rule. */
const ALPHABET = [
  "alpha",
  "bravo",
  "charlie",
  "delta",
  "echo",
  "foxtrot",
  "golf",
  "hotel",
  "india",
  "juliett",
  "kilo",
  "lima",
  "mike",
  "november",
  "oscar",
  "papa",
  "quebec",
  "romeo",
  "sierra",
  "tango",
  "uniform",
  "victor",
  "whiskey",
  "xray",
  "yankee",
  "zulu",
] as const;

/** The name of the instance, or of the shard, with this number. */
export function instanceName(index: number): string {
  const letter = ALPHABET[index % ALPHABET.length] ?? "alpha";
  const round = Math.floor(index / ALPHABET.length);
  return round === 0 ? letter : `${letter}-${round + 1}`;
}

/**
 * The names of all instances and shards, one station after another; the second copy of a shard is «alpha.2», and the two
 * sides of CQRS have names of their own.
 */
export function namesOf(services: readonly ServiceView[]): string[] {
  return services.flatMap(({ name, instances, copies, nodes }) =>
    Array.from({ length: instances }, (_, index) => {
      const copy = index % copies;
      const shard = instanceName(Math.floor(index / copies)) + (copy === 0 ? "" : `.${copy + 1}`);
      const own = nodes[index] ?? shard;
      return services.length > 1 ? `${name}/${own}` : own;
    }),
  );
}

/** Names of read models, which nobody chose, as people say them; all others are somebody's own, and stay. */
const SPOKEN: ReadonlyMap<string, string> = new Map([
  ["by_person", "by person"],
  ["by_company", "by company"],
]);

/** «personnel/by person»: how the name of a node is shown. */
export function spoken(name: string): string {
  const own = name.slice(name.lastIndexOf("/") + 1);
  return name.slice(0, name.length - own.length) + (SPOKEN.get(own) ?? own);
}

type Kinds = readonly Pick<ServiceView, "store" | "cqrs">[];

function nodeKinds(services: Kinds): string[] {
  const kinds = services.map(({ store, cqrs }) => (cqrs !== null ? "model" : store !== null ? "shard" : "instance"));
  return kinds.length === 0 ? ["instance"] : [...new Set(kinds)];
}

/** What the nodes of all stations are: «instances and shards». */
export function nodesTitle(services: Kinds): string {
  return nodeKinds(services)
    .map((kind) => `${kind}s`)
    .join(" and ");
}

/** What one of them is: «instance or shard». */
export function nodeTitle(services: Kinds): string {
  return nodeKinds(services).join(" or ");
}
