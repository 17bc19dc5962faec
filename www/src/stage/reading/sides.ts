/** What a run knows of its command and query sides, and a frame of their read models: read off, never worked out. */
import { serviceOf } from "../../model/faults.js";
import {
  type Frame,
  MODEL,
  MODEL_STATE,
  MODEL_STRIDE,
  REQUEST,
  REQUEST_FLAG,
  REQUEST_STATE,
  REQUEST_STRIDE,
  type RunView,
  type SidesDetails,
} from "../../model/views.js";

type Names = Pick<RunView, "services" | "cqrs">;

type ModelState = keyof typeof MODEL_STATE;
const STATES = Object.keys(MODEL_STATE) as ModelState[];

/** A read model at a moment. */
export interface ModelNow {
  /** Its number within its pair. */
  model: number;
  /** What it answers, as the scenario names it. */
  kind: SidesDetails["models"][number];
  /** In the log. */
  events: number;
  /** So many of them it has: it wants the one with this number next. */
  wants: number;
  behind: number;
  /** How long the oldest of those that it lacks has been there. */
  age_ms: number;
  /** Queries that wait for it. */
  waiting: number;
  state: ModelState;
  /** Of its latest answers; NaN where there were none. */
  staleShare: number;
}

export function isSides({ services }: Pick<RunView, "services">, station: number): boolean {
  return (services[station]?.cqrs ?? null) !== null;
}

/** The details of the pair that a station is; null for any other, and until they are there. */
export function sidesOf({ services, cqrs }: Names, station: number): SidesDetails | null {
  const number = services[station]?.cqrs ?? null;
  return number === null ? null : (cqrs[number] ?? null);
}

export function modelsOf({ models }: Frame, { first_model, models: kinds }: SidesDetails): ModelNow[] {
  return kinds.map((kind, model) => {
    const at = (first_model + model) * MODEL_STRIDE;
    const column = (which: number): number => models[at + which] ?? 0;
    return {
      model,
      kind,
      events: column(MODEL.events),
      wants: column(MODEL.wants),
      behind: column(MODEL.behind),
      age_ms: column(MODEL.ageMs),
      waiting: column(MODEL.waiting),
      state: STATES[column(MODEL.state)] ?? "follows",
      staleShare: column(MODEL.staleShare),
    };
  });
}

/** A node of a pair at a moment: the side that writes, the shared model, or a read model. */
export interface Side {
  shared: boolean;
  model: ModelNow | null;
}

/** The side that a node is; null for an instance or a shard, and until that is known. */
export function sideAt({ frame, run }: { frame: Frame; run: RunView }, node: number): Side | null {
  const details = sidesOf(run, serviceOf(run.services, node));
  if (!details) return null;
  const model = details.shared ? undefined : modelsOf(frame, details)[node - details.first_instance - 1];
  return { shared: details.shared, model: model ?? null };
}

/** Whether a command is at work on a shared model: then nothing else is. */
export function isLocked({ requests }: Frame, node: number): boolean {
  for (let at = 0; at + REQUEST_STRIDE <= requests.length; at += REQUEST_STRIDE) {
    if (requests[at + REQUEST.instance] !== node || requests[at + REQUEST.state] !== REQUEST_STATE.working) continue;
    // Whoever holds the lock is alone, and readers share it: the first tells for all.
    return ((requests[at + REQUEST.flags] ?? 0) & REQUEST_FLAG.command) !== 0;
  }
  return false;
}
