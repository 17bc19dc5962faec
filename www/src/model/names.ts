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

export function instanceName(index: number): string {
  const letter = ALPHABET[index % ALPHABET.length] ?? "alpha";
  const round = Math.floor(index / ALPHABET.length);
  return round === 0 ? letter : `${letter}-${round + 1}`;
}
