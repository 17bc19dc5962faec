/** What an address says: `#s=<scenario>&t=<playhead>&v=<speed>&x=<where the trace is>`. */
import { SPEED_MAX, SPEED_MIN } from "../model/clock.js";

/** Where a trace is that is not in the link itself: a sample's file, or the digest of one that this browser keeps. */
export interface TraceAt {
  kind: "sample" | "local";
  name: string;
  /** The number of the group of clients that sends it. */
  group: number;
}

export interface Address {
  /** Packed by `codec.ts`. */
  scenario: string;
  t_ms: number;
  speed: number | null;
  traces: readonly TraceAt[];
}

export function written(address: Address): string {
  const parts = [`s=${address.scenario}`, `t=${Math.round(address.t_ms * 1000) / 1000}`];
  if (address.speed !== null) parts.push(`v=${Number(address.speed.toPrecision(4))}`);
  for (const { kind, name, group } of address.traces) parts.push(`x=${kind}.${name}${group > 0 ? `.${group}` : ""}`);
  return `#${parts.join("&")}`;
}

/** Null where the hash is no address of ours (empty, or that of another part of the page). */
export function read(hash: string): Address | null {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const scenario = parts.get("s");
  if (scenario === null) return null;
  const t_ms = Number(parts.get("t") ?? 0);
  const speed = Number(parts.get("v") ?? NaN);
  return {
    scenario,
    t_ms: Number.isFinite(t_ms) ? Math.max(0, t_ms) : 0,
    speed: speed >= SPEED_MIN && speed <= SPEED_MAX ? speed : null,
    traces: parts.getAll("x").flatMap((text) => traceAt(text) ?? []),
  };
}

function traceAt(text: string): TraceAt | null {
  const [kind, name, group = "0"] = text.split(".", 3);
  // A name becomes part of an address to fetch: letters, digits and dashes only.
  if (name === undefined || !/^[\w-]+$/.test(name) || !/^\d{1,4}$/.test(group)) return null;
  return kind === "sample" || kind === "local" ? { kind, name, group: Number(group) } : null;
}
