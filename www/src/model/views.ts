/** What the wasm boundary hands out. Column orders are those of `crates/wasm`; this file only names them. */
import type { Fault as WrittenFault, Scenario as WrittenScenario } from "../generated/scenario.js";
import type {
  Band,
  BreakerChange,
  CallView,
  CqrsView,
  LogColumns,
  MapView,
  Report,
  Series,
  ServiceView,
  StoreKeys,
  StoreView,
  TransitionView,
} from "../wasm/sandtable_wasm.js";

export type {
  Band,
  BreakerChange,
  CallReport,
  CallView,
  CqrsReport,
  Explanation,
  Frame,
  ImportResult,
  InstanceReport,
  KeyPlace,
  Latency,
  LogColumns,
  MapChangeReport,
  MapView,
  Mistake,
  ModelReport,
  PlacementRow,
  Report,
  Series,
  ServiceView,
  StoreKeys,
  StoreReport,
  TheoryReport as Theory,
  TransitionView,
} from "../wasm/sandtable_wasm.js";

export type OutcomeCount = Report["outcomes"][number];

/** A scenario may leave anything out; the model completes it before the page sees it. */
type Complete<T> = T extends object ? { [K in keyof T]-?: Complete<T[K]> } : T;

export type Scenario = Complete<WrittenScenario>;
export type Fault = Complete<WrittenFault>;
/** A fault as a caller writes it: the model fills in the rest. */
export type FaultDraft = WrittenFault;

/** The part of JSON Schema that `crates/patterns` writes. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  title?: string;
  description?: string;
  type?: string | string[];
  const?: string;
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  "x-min"?: number;
  "x-max"?: number;
  "x-unit"?: string;
  "x-level"?: "basic" | "more" | "hidden";
  "x-when"?: string;
  "x-scale"?: "log";
}

/** Columns of `Frame.scalars`. Rates and shares are averages over the last 2.5 s simulated. */
export const SCALAR = {
  tMs: 0,
  inFlight: 1,
  /** 1: every request is drawn; n: one in n. */
  drawnEvery: 2,
  arrived: 3,
  succeeded: 4,
  failed: 5,
  shed: 6,
  arrivalsPerS: 7,
  goodputPerS: 8,
  /** NaN where nothing ended in the window: idle is not 100 %. */
  successShare: 9,
  panic: 10,
  takingTraffic: 11,
  attemptsPerS: 12,
  /** Requests that pause before their next attempt. */
  pausing: 13,
} as const;

export const INSTANCE_STRIDE = 13;
export const INSTANCE = {
  up: 0,
  status: 1,
  statusSinceMs: 2,
  working: 3,
  waiting: 4,
  utilisation: 5,
  requestsPerS: 6,
  checksFailed: 7,
  faults: 8,
  takesTraffic: 9,
  /** Of those working and waiting: nobody waits for them any more. */
  unwanted: 10,
  /** Of those working: they wait for calls of their own. */
  calling: 11,
  /** Whether the balancer of its service panics. */
  panic: 12,
} as const;

export const STATUS = { healthy: 0, unhealthy: 1, ejected: 2, draining: 3 } as const;
export const FAULT_BIT = { crash: 1, slow: 2, errors: 4, failingChecks: 8, drain: 16 } as const;

export const REQUEST_STRIDE = 8;
export const REQUEST = { id: 0, state: 1, instance: 2, progress: 3, place: 4, ageMs: 5, call: 6, flags: 7 } as const;
export const REQUEST_FLAG = {
  retry: 1,
  unwanted: 2,
  fellAtBalancer: 4,
  fellAtCaller: 8,
  command: 256,
  /** Of an answer; its age is in `REQUEST.place`. */
  stale: 512,
} as const;
/** Of a request that fell the reason lies between the flags. */
export const REASON_SHIFT = 4;
export const REASON_MASK = 15;
export const REQUEST_STATE = {
  toBalancer: 0,
  toInstance: 1,
  waiting: 2,
  working: 3,
  answerToBalancer: 4,
  answerToClient: 5,
  broken: 6,
  shed: 7,
  pooled: 8,
  calling: 9,
  pausing: 10,
} as const;

export const BADGE_STRIDE = 4;
export const BADGE = { node: 0, reason: 1, count: 2, ageMs: 3 } as const;
/** Why a request fell, by its number. */
export const REASON = {
  error: 1,
  connectionRefused: 2,
  connectionLost: 3,
  queueFull: 4,
  noInstance: 5,
  timedOut: 6,
  breakerOpen: 7,
  bulkheadFull: 8,
  bulkheadWait: 9,
  callFailed: 10,
  moved: 11,
  rejected: 12,
  conflict: 13,
  notCaughtUp: 14,
  logRefused: 15,
} as const;
export const REASON_WORDS = [
  "",
  "error",
  "connection refused",
  "connection lost",
  "queue full",
  "no instance",
  "timed out",
  "breaker open",
  "bulkhead full",
  "bulkhead wait",
  "call failed",
  "sent on",
  "rejected",
  "conflict",
  "not caught up",
  "log refused",
] as const;

/** Badges number balancers from -1 downwards, callers from -100 downwards. */
export const BADGE_NODE = { balancers: -1, callers: -100 } as const;

export const CALL_STRIDE = 8;
export const CALL = {
  out: 0,
  pooled: 1,
  limit: 2,
  places: 3,
  attemptsPerS: 4,
  callsPerS: 5,
  failedPerS: 6,
  pausing: 7,
} as const;

export const BREAKER_STRIDE = 17;
export const BREAKER = {
  state: 0,
  sinceMs: 1,
  retryAtMs: 2,
  measure: 3,
  threshold: 4,
  slowPercent: 5,
  slowThreshold: 6,
  calls: 7,
  minimumCalls: 8,
  trialsFree: 9,
  trialsOut: 10,
  trialsAnswered: 11,
  trialsSucceeded: 12,
  trialsNeeded: 13,
  refused: 14,
  firstCell: 15,
  cells: 16,
} as const;
export const BREAKER_STATE = { closed: 0, open: 1, halfOpen: 2, forcedOpen: 3, disabled: 4 } as const;

export const SHARD_STRIDE = 5;
/** Columns of `Frame.shards`: a row for each shard of each store, from `StoreView.first_shard` on. */
export const SHARD = { keys: 0, presence: 1, sending: 2, getting: 3, weight: 4 } as const;
export const PRESENCE = { yetToJoin: 0, inMap: 1, leaving: 2, gone: 3 } as const;

export const MODEL_STRIDE = 7;
/** Columns of `Frame.models`: a row for each read model of each pair of sides, from `CqrsView.first_model` on. */
export const MODEL = { events: 0, wants: 1, behind: 2, ageMs: 3, waiting: 4, state: 5, staleShare: 6 } as const;
export const MODEL_STATE = { follows: 0, stopped: 1, down: 2, replays: 3 } as const;
/** Columns of `LogColumns.kind`. */
export const EVENT_KIND = { assigned: 0, transferred: 1, released: 2 } as const;

/** Columns of `StoreKeys.travels`. */
export const TRAVEL_STRIDE = 5;
export const TRAVEL = { key: 0, beginsMs: 1, endsMs: 2, from: 3, to: 4 } as const;

export const CELL_STRIDE = 3;
export const CELL = { calls: 0, failures: 1, slow: 2 } as const;

interface Summary {
  mean: number;
  half_width_95: number;
}

export interface Replication {
  seeds: number;
  done: number;
  wait?: Summary;
  goodput?: Summary;
  p99?: Summary;
}

/** What takes the whole module to read from a run. */
export interface Details {
  report: Report;
  series: Series;
  breakerChanges: BreakerChange[];
  transitions: TransitionView[];
  bands: Band[];
  stores: StoreDetails[];
  cqrs: SidesDetails[];
}

/** A pair of sides with its log. */
export interface SidesDetails extends CqrsView {
  log: LogColumns;
}

/** A store with its maps, one after another, and the keys that are drawn. */
export interface StoreDetails extends StoreView {
  maps: MapView[];
  keys: StoreKeys;
}

/** Of a run that so far only the first module has simulated. */
export const NO_DETAILS = {
  report: null,
  series: null,
  breakerChanges: [],
  transitions: [],
  bands: [],
  stores: [],
  cqrs: [],
};

/** A finished run, as the page holds it; the recording itself stays in the worker. */
export interface RunView {
  epoch: number;
  /** The scenario that this run is of: `State.scenario` may already be a newer edit. */
  scenario: Scenario;
  /** Null until the whole module has read it; the lists of changes are empty until then. */
  report: Report | null;
  series: Series | null;
  breakerChanges: BreakerChange[];
  transitions: TransitionView[];
  bands: Band[];
  /** In the order of their numbers; the first module knows none. */
  stores: StoreDetails[];
  cqrs: SidesDetails[];
  /** Services, then stores, in the order of their numbers, as are the calls. */
  services: ServiceView[];
  calls: CallView[];
  requests: number;
  /** Those of retries and of calls that instances make included; each can be picked by its number. */
  attempts: number;
  duration_ms: number;
  end_ms: number;
  memory_bytes: number;
  /** Of all services, one after another; with several, each name begins with its service's: «maps/alpha». */
  instanceNames: string[];
  simulated_in_ms: number;
}

/** A run of which everything has been read. */
export type ReadRun = RunView & Details;

export function isRead(run: RunView | null | undefined): run is ReadRun {
  return Boolean(run?.report && run.series);
}

export type StepKind = "event" | "request";
export type KeyBy = "client" | "path";
