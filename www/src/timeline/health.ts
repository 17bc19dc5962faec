/** Rows of health over time: which instances to show, and what each stretch of a row says. */
import { serviceOf } from "../model/faults.js";
import { nodesTitle, spoken } from "../model/names.js";
import type { Band, RunView } from "../model/views.js";
import { span } from "../panel/number.js";

/**
 * `missed` is down while the balancer still believes it healthy: the costly time. `down` is down and known, or where nobody
 * is there to notice. `away` is a shard that has yet to join, or is gone.
 */
export type Health = Band["status"] | "missed" | "down" | "away";

export const HEALTH_WORDS: Record<Health, string> = {
  healthy: "healthy",
  missed: "down, not noticed",
  down: "down",
  away: "not in the map",
  unhealthy: "unhealthy",
  ejected: "ejected",
  draining: "draining",
};

interface Stretch {
  readonly from_ms: number;
  readonly to_ms: number;
  readonly health: Health;
}

export interface Row {
  readonly instance: number;
  readonly name: string;
  readonly stretches: readonly Stretch[];
}

export interface Rows {
  readonly rows: readonly Row[];
  /** Instances that were not always healthy and have no row for want of room. */
  readonly further: number;
  /** Whether those who were healthy throughout were left out. */
  readonly selective: boolean;
}

/** Up to this many instances all have a row; beyond, only those that were not healthy throughout. */
const MOST_INSTANCES = 16;
const MOST_ROWS = 8;

export function healthRows(run: RunView): Rows {
  const byInstance = run.instanceNames.map((name, instance): Row => ({ instance, name: spoken(name), stretches: [] }));
  const stretches = new Map<number, Stretch[]>();
  for (const band of run.bands) {
    const list = stretches.get(band.instance) ?? [];
    append(list, { from_ms: band.from_ms, to_ms: band.to_ms, health: healthOf(band, run) });
    stretches.set(band.instance, list);
  }
  const all = byInstance.map((row) => ({ ...row, stretches: stretches.get(row.instance) ?? [] }));
  const selective = all.length > MOST_INSTANCES;
  const troubled = ({ health }: Stretch): boolean => health !== "healthy" && health !== "away";
  const shown = selective ? all.filter((row) => row.stretches.some(troubled)) : all;
  const rows = selective ? shown.slice(0, MOST_ROWS) : shown;
  return { rows, further: shown.length - rows.length, selective };
}

function healthOf(band: Band, { services }: RunView): Health {
  if (!band.here) return "away";
  if (band.up) return band.status;
  const { store, cqrs } = services[serviceOf(services, band.instance)] ?? { store: null, cqrs: null };
  if (store !== null || cqrs !== null) return "down";
  return band.status === "healthy" ? "missed" : "down";
}

/** Stretches that say the same and touch are one. */
function append(list: Stretch[], next: Stretch): void {
  const last = list.at(-1);
  if (last?.health === next.health && last.to_ms === next.from_ms)
    list[list.length - 1] = { ...last, to_ms: next.to_ms };
  else list.push(next);
}

/** Bands in words, for those who can't see them. */
export function healthSentence(rows: Rows, services: RunView["services"]): string {
  const told = rows.rows.flatMap((row) =>
    row.stretches
      .filter((one) => one.health !== "healthy")
      .map((one) => `${row.name} ${HEALTH_WORDS[one.health]} from ${span(one.from_ms)} to ${span(one.to_ms)}`),
  );
  if (told.length === 0) return `All ${nodesTitle(services)} are healthy throughout.`;
  const rest = told.length > 12 ? `; and ${told.length - 12} more stretches` : "";
  return `${told.slice(0, 12).join("; ")}${rest}.`;
}
