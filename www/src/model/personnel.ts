/** Soldiers, companies, commands and events in words, as `crates/patterns` and `crates/sim` write them. */

/** The spelling alphabet of ICAO and NATO. */
const NAMES = [
  "Alpha",
  "Bravo",
  "Charlie",
  "Delta",
  "Echo",
  "Foxtrot",
  "Golf",
  "Hotel",
  "India",
  "Juliett",
  "Kilo",
  "Lima",
  "Mike",
  "November",
  "Oscar",
  "Papa",
  "Quebec",
  "Romeo",
  "Sierra",
  "Tango",
  "Uniform",
  "Victor",
  "Whiskey",
  "X-ray",
  "Yankee",
  "Zulu",
] as const;

/** What happened to whom; a company that nobody looked up is `null`. */
export interface Happened {
  readonly kind: "assigned" | "transferred" | "released";
  readonly person: number;
  readonly from: number | null;
  readonly to: number | null;
}

export function soldierName(person: number): string {
  return `soldier_${person}`;
}

/** «Alpha Company»; the 27th is «Alpha 2 Company». */
export function companyName(company: number): string {
  const round = Math.floor(company / NAMES.length);
  return `${NAMES[company % NAMES.length] ?? NAMES[0]}${round > 0 ? ` ${round + 1}` : ""} Company`;
}

/** «soldier_17 was transferred from Alpha Company to Bravo Company». */
export function eventWords({ kind, person, from, to }: Happened): string {
  const left = from === null ? "" : ` from ${companyName(from)}`;
  const joined = to === null ? "" : ` to ${companyName(to)}`;
  return `${soldierName(person)} was ${kind}${left}${joined}`;
}

/** What the command asked for that this follows from: «transfer soldier_17 to Bravo Company». */
export function commandWords({ kind, person, to }: Happened): string {
  const asked = { assigned: "assign", transferred: "transfer", released: "release" }[kind];
  return `${asked} ${soldierName(person)}${to === null ? "" : ` to ${companyName(to)}`}`;
}

/** «by person»: what a read model answers. */
export function modelWords(kind: string): string {
  return kind.replaceAll("_", " ");
}
