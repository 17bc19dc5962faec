/** Addresses to begin a test from: the scenario as the page itself would write it there. */
import { deflateRawSync } from "node:zlib";

/** The page on a scenario (what is left out has its default), with the playhead at a time. */
export function addressOf(scenario: object, t_ms = 0): string {
  return `./#s=${deflateRawSync(JSON.stringify(scenario)).toString("base64url")}&t=${t_ms}`;
}
