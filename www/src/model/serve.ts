/**
 * The model's side, whichever of the two modules it holds: one finished run, and another under way, simulated in slices
 * so that a newer edit, or the next frame, never waits longer than one of them.
 */
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
import type { Replicator } from "./replicator.js";
import { Slices } from "./slices.js";
import { type CallView, type Details, type Frame, NO_DETAILS, type Scenario, type ServiceView } from "./views.js";
import type { SandtableError } from "../wasm/sandtable_wasm.js";

/** What both modules offer of a run. */
export interface PictureRun {
  frame(t_ms: number, linger_ms: number, max_drawn: number): Frame;
  services(): ServiceView[];
  calls(): CallView[];
  requests(): number;
  attempts(): number;
  duration_ms(): number;
  end_ms(): number;
  memory_bytes(): number;
  free(): void;
}

interface Simulation<Run> {
  run_slice(most_events: number): boolean;
  finish(): Run;
  free(): void;
}

export interface Module<Run extends PictureRun> {
  init(): Promise<unknown>;
  complete(json: string): string;
  simulation(json: string): Simulation<Run>;
  /** What only the whole module can do. */
  readonly whole: Whole<Run> | null;
}

interface Whole<Run> {
  details(run: Run): Details;
  narrate(run: Run, t_ms: number): string;
  answer(question: Question, run: Run | null): Promise<Answers[Question["kind"]]>;
  replicator(json: string, seeds: number): Replicator;
}

interface Job<Run> {
  epoch: number;
  simulation: Simulation<Run>;
  scenario: Scenario;
  json: string;
  ask: FrameAsk;
  at_once: boolean;
  startedAt: number;
}

/** The two things that are used of a worker's scope; the DOM's own types describe a window. */
interface WorkerScope {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

/** Answers whatever comes to this worker. */
export function serve<Run extends PictureRun>(module: Module<Run>): void {
  const scope = self as unknown as WorkerScope;
  const server = new Server(module, (message, transfer = []) => scope.postMessage(message, transfer));
  // Messages that come before the wasm is there wait for it, in order.
  const started = server.start();
  scope.onmessage = (event: MessageEvent<ToWorker>) => {
    void started.then(() => server.receive(event.data));
  };
}

class Server<Run extends PictureRun> {
  readonly #module: Module<Run>;
  readonly #send: (message: FromWorker, transfer?: Transferable[]) => void;
  readonly #slices = new Slices(performance);
  #job: Job<Run> | null = null;
  #replicator: Replicator | null = null;
  #current: { epoch: number; run: Run; json: string } | null = null;
  /** The current run is still to be read: its picture went first. */
  #unread = false;
  readonly #turns = new MessageChannel();
  /** What came before there was a run for it, while one was under way. */
  #held: ToWorker[] = [];
  #broken = false;

  constructor(module: Module<Run>, send: (message: FromWorker, transfer?: Transferable[]) => void) {
    this.#module = module;
    this.#send = send;
    this.#turns.port1.onmessage = () => this.#read();
  }

  async start(): Promise<void> {
    try {
      await this.#module.init();
      this.#send({ type: "ready" });
    } catch (error) {
      this.#broken = true;
      this.#send({ type: "unavailable", message: messageOf(error) });
    }
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case "load": {
        this.#load(message);
        return;
      }
      case "frame": {
        this.#frame(message.ask);
        return;
      }
      case "replicate": {
        if (this.#early()) this.#held.push(message);
        else this.#replicate(message.epoch, message.seeds);
        return;
      }
      case "question": {
        if (this.#early()) this.#held.push(message);
        else void this.#answer(message.call, message.question);
        return;
      }
      default:
        return unreachable(message);
    }
  }

  #early(): boolean {
    return this.#current === null && this.#job !== null;
  }

  /** A run is there, or refused: what waited for that goes on. */
  #release(): void {
    for (const message of this.#held.splice(0)) this.receive(message);
    // In a turn of its own, so that whatever has come in the meantime goes first: a newer edit spares the reading.
    if (this.#unread) this.#turns.port2.postMessage(null);
  }

  /** Runs `work`; a refusal goes to `refuse`, anything else means that the wasm instance is dead. */
  #guarded(work: () => void, refuse: (refusal: Refusal) => void): void {
    if (this.#broken) return;
    try {
      work();
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) refuse(refusal);
      else this.#breakDown(error);
    }
  }

  #breakDown(error: unknown): void {
    this.#broken = true;
    this.#slices.stop();
    this.#send({ type: "trapped", message: messageOf(error) });
  }

  // ---- runs

  #load({ epoch, json, ask, at_once }: Extract<ToWorker, { type: "load" }>): void {
    this.#abandonJob();
    const refuse = (refusal: Refusal): void => {
      this.#send({ type: "refused", epoch, refusal });
      this.#release();
    };
    this.#guarded(() => {
      const complete = this.#module.complete(json);
      this.#job = {
        epoch,
        simulation: this.#module.simulation(complete),
        scenario: JSON.parse(complete) as Scenario,
        json: complete,
        ask,
        at_once,
        startedAt: performance.now(),
      };
      this.#slices.start((events) => this.#slice(events));
    }, refuse);
  }

  #abandonJob(): void {
    this.#slices.stop();
    if (!this.#broken) {
      this.#job?.simulation.free();
      this.#replicator?.free();
    }
    this.#job = null;
    this.#replicator = null;
  }

  /** One slice of the run under way; true while there is more to do. */
  #slice(events: number): boolean {
    const mine = this.#job;
    if (!mine) return false;
    let more = false;
    this.#guarded(
      () => {
        more = !mine.simulation.run_slice(events);
        if (!more) this.#finish(mine);
      },
      (refusal) => {
        more = false;
        this.#abandonJob();
        this.#send({ type: "refused", epoch: mine.epoch, refusal });
        this.#release();
      },
    );
    return more;
  }

  #finish(mine: Job<Run>): void {
    this.#job = null;
    // `finish` takes the simulation over: there is nothing left to free.
    const run = mine.simulation.finish();
    const simulated_in_ms = performance.now() - mine.startedAt;
    this.#current?.run.free();
    this.#current = { epoch: mine.epoch, run, json: mine.json };
    const { whole } = this.#module;
    const later = whole !== null && !mine.at_once && !isMadeOfDetails(mine.scenario);
    const details = later ? NO_DETAILS : (whole?.details(run) ?? NO_DETAILS);
    this.#unread = later;
    const answer: RunAnswer = {
      scenario: mine.scenario,
      ...details,
      services: run.services(),
      calls: run.calls(),
      requests: run.requests(),
      attempts: run.attempts(),
      duration_ms: run.duration_ms(),
      end_ms: run.end_ms(),
      memory_bytes: run.memory_bytes(),
      simulated_in_ms,
    };
    const first = this.#frameAt(run, { ...mine.ask, t_ms: Math.min(mine.ask.t_ms, answer.end_ms) });
    const transfer = [...buffers(first.frame), ...(details.series ? buffers(details.series) : [])];
    this.#send({ type: "run", epoch: mine.epoch, run: answer, first }, transfer);
    this.#release();
  }

  /** What the picture did not wait for. */
  #read(): void {
    const { whole } = this.#module;
    const held = this.#current;
    if (!whole || !held || !this.#unread || this.#job) return;
    this.#unread = false;
    this.#guarded(
      () => {
        const details = whole.details(held.run);
        this.#send({ type: "details", epoch: held.epoch, details }, buffers(details.series));
      },
      (refusal) => this.#breakDown(new Error(refusal.message)),
    );
  }

  #frameAt(run: Run, ask: FrameAsk): FrameAnswer {
    const frame = run.frame(ask.t_ms, ask.linger_ms, ask.max_drawn);
    return { frame, narration: (ask.narrate ? this.#module.whole?.narrate(run, ask.t_ms) : null) ?? null };
  }

  #frame(ask: FrameAsk): void {
    const held = this.#current;
    if (!held) return;
    this.#guarded(
      () => {
        const answer = this.#frameAt(held.run, ask);
        this.#send({ type: "frame", epoch: held.epoch, answer }, buffers(answer.frame));
      },
      (refusal) => this.#breakDown(new Error(refusal.message)),
    );
  }

  // ---- several seeds

  #replicate(epoch: number, seeds: number): void {
    const { whole } = this.#module;
    if (!whole || this.#current?.epoch !== epoch || this.#job) return;
    const mine = whole.replicator(this.#current.json, seeds);
    this.#abandonJob();
    this.#replicator = mine;
    this.#slices.start((events) => {
      let more = false;
      this.#guarded(
        () => {
          more = mine.slice(events);
          if (mine.news()) this.#send({ type: "replication", epoch, replication: mine.replication() });
        },
        (refusal) => this.#breakDown(new Error(refusal.message)),
      );
      return more;
    });
  }

  // ---- questions

  async #answer(call: number, question: Question): Promise<void> {
    const { whole } = this.#module;
    try {
      if (this.#broken) return;
      if (!whole) throw new Error("only the whole simulation answers questions");
      this.#send({ type: "answer", call, value: await whole.answer(question, this.#current?.run ?? null) });
    } catch (error) {
      const refusal = refusalOf(error) ?? refusalOfFile(error);
      if (refusal) this.#send({ type: "question-refused", call, refusal });
      else this.#breakDown(error);
    }
  }
}

/** Maps, keys and read models are drawn from what is read of a run. */
function isMadeOfDetails({ stores, cqrs }: Scenario): boolean {
  return stores.length + cqrs.length > 0;
}

/** Of every column of a frame or a series. */
function buffers(columns: object): Transferable[] {
  const values: unknown[] = Object.values(columns);
  return values
    .filter((column) => column instanceof Float32Array || column instanceof Float64Array)
    .map(({ buffer }) => buffer as ArrayBuffer);
}

/** What was refused, or null if it is no refusal but a breakdown. */
function refusalOf(error: unknown): Refusal | null {
  if (!isSandtableError(error)) return null;
  const { code, path, message, mistakes } = error;
  return { code, path, message, mistakes };
}

/** By its name: the class itself is a private part of the generated module. */
function isSandtableError(error: unknown): error is SandtableError {
  return error instanceof Error && error.name === "SandtableError";
}

/** A file that cannot be unpacked is a refusal too; only a trap is a breakdown. */
function refusalOfFile(error: unknown): Refusal | null {
  if (error instanceof WebAssembly.RuntimeError || !(error instanceof Error)) return null;
  return { code: error.name, path: "", message: error.message, mistakes: [] };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
