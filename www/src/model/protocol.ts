/** Every message between the page and the worker. Each carries an epoch or a call number, so that late answers are dropped. */
import type {
  Details,
  Explanation,
  Frame,
  ImportResult,
  KeyBy,
  KeyPlace,
  Mistake,
  PlacementRow,
  Replication,
  RunView,
  Scenario,
  StepKind,
} from "./views.js";

export interface FrameAsk {
  t_ms: number;
  linger_ms: number;
  max_drawn: number;
  narrate: boolean;
}

/** Questions with one answer each. */
export type Question =
  | { kind: "step"; t_ms: number; what: StepKind; direction: 1 | -1 }
  | { kind: "explain"; request: number }
  /** Where keys are in a store at a moment. */
  | { kind: "locate"; store: number; t_ms: number; keys: string[] }
  /** What each placement would make of a store's keys, shards and requests. */
  | { kind: "placements"; store: number }
  | { kind: "import"; bytes: ArrayBuffer; keyBy: KeyBy; name: string }
  /** Asked for only when somebody wants to see it: it reads the whole recording. */
  | { kind: "digest" }
  | { kind: "compact"; json: string }
  | { kind: "seed" };

export interface Answers {
  step: number;
  explain: Explanation;
  locate: KeyPlace[];
  placements: PlacementRow[];
  import: ImportResult;
  digest: string;
  compact: string;
  seed: number;
}

export type ToWorker =
  /** `at_once`: the run is sent with all that is read of it. */
  | { type: "load"; epoch: number; json: string; ask: FrameAsk; at_once: boolean }
  | { type: "frame"; ask: FrameAsk }
  | { type: "replicate"; epoch: number; seeds: number }
  | { type: "question"; call: number; question: Question };

export interface Refusal {
  code: string;
  path: string;
  message: string;
  mistakes: Mistake[];
}

/**
 * A run as a worker sends it: the page adds the epoch and the names. The first module leaves out the details; the whole one
 * sends them after the picture, unless the picture is made of them or none is wanted.
 */
export type RunAnswer = Omit<RunView, "epoch" | "scenario" | "instanceNames"> & { scenario: Scenario };

export interface FrameAnswer {
  frame: Frame;
  narration: string | null;
}

export type FromWorker =
  | { type: "ready" }
  /** The wasm module could not be fetched, compiled or started. */
  | { type: "unavailable"; message: string }
  | { type: "run"; epoch: number; run: RunAnswer; first: FrameAnswer }
  | { type: "details"; epoch: number; details: Details }
  | { type: "refused"; epoch: number; refusal: Refusal }
  | { type: "frame"; epoch: number; answer: FrameAnswer }
  | { type: "replication"; epoch: number; replication: Replication }
  | { type: "answer"; call: number; value: Answers[keyof Answers] }
  | { type: "question-refused"; call: number; refusal: Refusal }
  /** The wasm instance is dead: only a new worker helps. */
  | { type: "trapped"; message: string };

/** The end of a switch over a union: a case that was forgotten fails to compile. */
export function unreachable(value: never): never {
  throw new Error(`unexpected message ${JSON.stringify(value)}`);
}
