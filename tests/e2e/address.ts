/** Addresses to begin a test from: the scenario as the page itself would write it there. */
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** The page on a scenario (what is left out has its default), with the playhead at a time. */
export function addressOf(scenario: object, t_ms = 0): string {
  return `./#s=${deflateRawSync(JSON.stringify(scenario)).toString("base64url")}&t=${t_ms}`;
}

/** The scenario that an address holds, as JSON. */
export function scenarioIn(address: string): string {
  const letters = new URLSearchParams(new URL(address).hash.slice(1)).get("s") ?? "";
  return inflateRawSync(Buffer.from(letters, "base64url")).toString();
}
