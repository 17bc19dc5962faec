/** What the frame's columns say of an instance, in words. */
import { FAULT_BIT, INSTANCE, INSTANCE_STRIDE, STATUS, type Frame } from "../model/views.js";
import { clock, counted } from "../panel/number.js";

export interface InstanceNow {
  readonly up: boolean;
  readonly status: "healthy" | "unhealthy" | "ejected" | "draining";
  readonly since_ms: number;
  readonly working: number;
  readonly waiting: number;
  readonly utilisation: number;
  readonly requests_per_s: number;
  readonly checks_failed: number;
  readonly faults: readonly string[];
  readonly takes_traffic: boolean;
  /** Whether its balancer no longer believes its checks. */
  readonly panic: boolean;
}

const STATUSES = ["healthy", "unhealthy", "ejected", "draining"] as const;

const FAULT_WORDS: readonly [number, string][] = [
  [FAULT_BIT.crash, "crashed"],
  [FAULT_BIT.slow, "slowed down"],
  [FAULT_BIT.errors, "failing requests"],
  [FAULT_BIT.failingChecks, "failing its checks"],
  [FAULT_BIT.drain, "draining"],
];

export function instanceNow(frame: Frame | null, index: number): InstanceNow | undefined {
  const from = index * INSTANCE_STRIDE;
  if (frame === null || from + INSTANCE_STRIDE > frame.instances.length) return undefined;
  const at = (column: number): number => frame.instances[from + column] ?? NaN;
  const bits = at(INSTANCE.faults);
  return {
    up: at(INSTANCE.up) !== 0,
    status: STATUSES[at(INSTANCE.status)] ?? STATUSES[STATUS.healthy],
    since_ms: at(INSTANCE.statusSinceMs),
    working: at(INSTANCE.working),
    waiting: at(INSTANCE.waiting),
    utilisation: at(INSTANCE.utilisation),
    requests_per_s: at(INSTANCE.requestsPerS),
    checks_failed: at(INSTANCE.checksFailed),
    faults: FAULT_WORDS.filter(([bit]) => (bits & bit) !== 0).map(([, word]) => word),
    takes_traffic: at(INSTANCE.takesTraffic) !== 0,
    panic: at(INSTANCE.panic) !== 0,
  };
}

/** «Down, and the balancer still believes it healthy: 2 checks failed in a row.» */
export function statusSentence(now: InstanceNow): string {
  const since = Number.isFinite(now.since_ms) ? ` since ${clock(now.since_ms)}` : "";
  const believed = `${now.status}${since}`;
  const checks = now.checks_failed > 0 ? `, ${counted(now.checks_failed, "check")} failed in a row` : "";
  if (!now.up) {
    const belief =
      now.status === "healthy" ? "the balancer still believes it healthy" : `the balancer knows: ${believed}`;
    return `Down; ${belief}${checks}.`;
  }
  const taking = now.takes_traffic ? "takes traffic" : "takes no traffic";
  return `${believed.charAt(0).toUpperCase()}${believed.slice(1)}${checks}; ${taking}.`;
}
