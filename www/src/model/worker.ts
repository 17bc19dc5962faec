/**
 * The model's side: holds the wasm and one finished run, and simulates in slices so that a newer edit, or the next
 * frame, never waits longer than one of them.
 */
import schema from "../../../crates/sim/schema/scenario.schema.json";
import init, * as wasm from "../wasm/sandtable_wasm.js";
import { gunzipped } from "./gunzip.js";
import {
  type Answers,
  type FrameAnswer,
  type FrameAsk,
  type FromWorker,
  type Question,
  type Refusal,
  type RunAnswer,
  type ToWorker,
  unreachable,
} from "./protocol.js";
import { Replicator } from "./replicator.js";
import { Slices } from "./slices.js";
import type { Frame, Scenario, Series } from "./views.js";

const BUCKETS = 240;

interface Job {
  epoch: number;
  simulation: wasm.Simulation;
  scenario: Scenario;
  ask: FrameAsk;
  startedAt: number;
}

/** The two things that are used of a worker's scope; the DOM's own types describe a window. */
interface WorkerScope {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

const scope = self as unknown as WorkerScope;
const slices = new Slices(performance);

let job: Job | null = null;
let replicator: Replicator | null = null;
let current: { epoch: number; run: wasm.Run; json: string } | null = null;
let loadedJson = "";
let broken = false;

function send(message: FromWorker, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}

function buffers(frame: Frame): Transferable[] {
  return Object.values(frame as unknown as Record<string, Float32Array>).map(({ buffer }) => buffer as ArrayBuffer);
}

/** What was refused, or null if it is no refusal but a breakdown. */
function refusalOf(error: unknown): Refusal | null {
  if (!isSandtableError(error)) return null;
  const { code, path, message, mistakes } = error;
  return { code, path, message, mistakes };
}

/** By its name: the class itself is a private part of the generated module. */
function isSandtableError(error: unknown): error is wasm.SandtableError {
  return error instanceof Error && error.name === "SandtableError";
}

/** Runs `work`; a refusal goes to `refuse`, anything else means that the wasm instance is dead. */
function guarded(work: () => void, refuse: (refusal: Refusal) => void): void {
  if (broken) return;
  try {
    work();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal) refuse(refusal);
    else breakDown(error);
  }
}

function breakDown(error: unknown): void {
  broken = true;
  slices.stop();
  send({ type: "trapped", message: error instanceof Error ? error.message : String(error) });
}

// ---- runs

function load(message: Extract<ToWorker, { type: "load" }>): void {
  const { epoch, json, ask } = message;
  abandonJob();
  guarded(
    () => {
      const complete = wasm.complete_scenario(json);
      loadedJson = complete;
      job = {
        epoch,
        simulation: new wasm.Simulation(complete),
        scenario: JSON.parse(complete) as Scenario,
        ask,
        startedAt: performance.now(),
      };
      slices.start(sliceOfJob);
    },
    (refusal) => send({ type: "refused", epoch, refusal }),
  );
}

function abandonJob(): void {
  slices.stop();
  if (!broken) {
    job?.simulation.free();
    replicator?.free();
  }
  job = null;
  replicator = null;
}

/** One slice of the run under way; true while there is more to do. */
function sliceOfJob(events: number): boolean {
  const mine = job;
  if (!mine) return false;
  let more = false;
  guarded(
    () => {
      more = !mine.simulation.run_slice(events);
      if (!more) finish(mine);
    },
    (refusal) => {
      more = false;
      abandonJob();
      send({ type: "refused", epoch: mine.epoch, refusal });
    },
  );
  return more;
}

function finish(mine: Job): void {
  job = null;
  // `finish` takes the simulation over: there is nothing left to free.
  const run = mine.simulation.finish();
  const simulated_in_ms = performance.now() - mine.startedAt;
  current?.run.free();
  current = { epoch: mine.epoch, run, json: loadedJson };
  const answer: RunAnswer = {
    scenario: mine.scenario,
    report: run.report(),
    series: run.series(BUCKETS),
    services: run.services(),
    calls: run.calls(),
    breakerChanges: run.breaker_changes(),
    transitions: run.transitions(),
    bands: run.bands(),
    requests: run.requests(),
    duration_ms: run.duration_ms(),
    end_ms: run.end_ms(),
    memory_bytes: run.memory_bytes(),
    simulated_in_ms,
  };
  const first = frameAt(run, { ...mine.ask, t_ms: Math.min(mine.ask.t_ms, answer.end_ms) });
  send({ type: "run", epoch: mine.epoch, run: answer, first }, [
    ...buffers(first.frame),
    ...seriesBuffers(answer.series),
  ]);
}

function seriesBuffers(series: Series): Transferable[] {
  return Object.values(series)
    .filter((column): column is Float64Array<ArrayBuffer> => column instanceof Float64Array)
    .map((column) => column.buffer);
}

function frameAt(run: wasm.Run, ask: FrameAsk): FrameAnswer {
  const frame = run.frame(ask.t_ms, ask.linger_ms, ask.max_drawn);
  return { frame, narration: ask.narrate ? run.narrate(ask.t_ms) : null };
}

function frame(ask: FrameAsk): void {
  const held = current;
  if (!held) return;
  guarded(() => {
    const answer = frameAt(held.run, ask);
    send({ type: "frame", epoch: held.epoch, answer }, buffers(answer.frame));
  }, breakDown);
}

// ---- several seeds

function replicate(epoch: number, seeds: number): void {
  if (current?.epoch !== epoch || job) return;
  const mine = new Replicator(current.json, seeds);
  abandonJob();
  replicator = mine;
  slices.start((events) => {
    let more = false;
    guarded(() => {
      more = mine.slice(events);
      if (mine.news()) send({ type: "replication", epoch, replication: mine.replication() });
    }, breakDown);
    return more;
  });
}

// ---- questions

async function answer(call: number, question: Question): Promise<void> {
  try {
    if (broken) return;
    send({ type: "answer", call, value: await answerTo(question) });
  } catch (error) {
    const refusal = refusalOf(error) ?? refusalOfFile(error);
    if (refusal) send({ type: "question-refused", call, refusal });
    else breakDown(error);
  }
}

/** A file that cannot be unpacked is a refusal too; only a trap is a breakdown. */
function refusalOfFile(error: unknown): Refusal | null {
  if (error instanceof WebAssembly.RuntimeError || !(error instanceof Error)) return null;
  return { code: error.name, path: "", message: error.message, mistakes: [] };
}

async function answerTo(question: Question): Promise<Answers[Question["kind"]]> {
  switch (question.kind) {
    case "step":
      return current?.run.step_time(question.t_ms, question.what, question.direction) ?? question.t_ms;
    case "explain": {
      if (!current) throw new Error("there is no run yet");
      return current.run.explain(question.request);
    }
    case "import": {
      const bytes = await gunzipped(new Uint8Array(question.bytes));
      return wasm.import_traffic(bytes, question.keyBy, question.name);
    }
    case "digest":
      if (!current) throw new Error("there is no run yet");
      return current.run.digest();
    case "compact":
      return wasm.compact_scenario(question.json);
    case "seed":
      return wasm.fresh_seed();
    default:
      return unreachable(question);
  }
}

// ---- messages

function receive(message: ToWorker): void {
  switch (message.type) {
    case "load": {
      load(message);
      return;
    }
    case "frame": {
      frame(message.ask);
      return;
    }
    case "replicate": {
      replicate(message.epoch, message.seeds);
      return;
    }
    case "question":
      void answer(message.call, message.question);
      return;
    default:
      return unreachable(message);
  }
}

// Messages that come before the wasm is there wait for it, in order.
const started = init()
  .then(() => send({ type: "ready", schema: JSON.stringify(schema) }))
  .catch((error: unknown) => {
    broken = true;
    send({ type: "unavailable", message: error instanceof Error ? error.message : String(error) });
  });

scope.onmessage = (event: MessageEvent<ToWorker>) => {
  void started.then(() => receive(event.data));
};
