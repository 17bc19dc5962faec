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
