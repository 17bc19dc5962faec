/** What an address says: `#s=<scenario>&t=<playhead>&v=<speed>&x=<where the trace is>`. */
import { SPEED_MAX, SPEED_MIN } from "../model/clock.js";

/** Where a trace is that is not in the link itself. */
export type TraceAt = { kind: "sample"; file: string } | { kind: "local"; digest: string };

export interface Address {
  /** Packed by `codec.ts`. */
  scenario: string;
  t_ms: number;
  speed: number | null;
  trace: TraceAt | null;
}

export function written(address: Address): string {
  const parts = [`s=${address.scenario}`, `t=${Math.round(address.t_ms * 1000) / 1000}`];
  if (address.speed !== null) parts.push(`v=${Number(address.speed.toPrecision(4))}`);
  if (address.trace?.kind === "sample") parts.push(`x=sample.${address.trace.file}`);
  if (address.trace?.kind === "local") parts.push(`x=local.${address.trace.digest}`);
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
    trace: traceAt(parts.get("x")),
  };
}

function traceAt(text: string | null): TraceAt | null {
  const [kind, name] = text?.split(".", 2) ?? [];
  // A name becomes part of an address to fetch: letters, digits and dashes only.
  if (name === undefined || !/^[\w-]+$/.test(name)) return null;
  if (kind === "sample") return { kind, file: name };
  return kind === "local" ? { kind, digest: name } : null;
}
