/**
 * The page's one store: the scenario, the run made of it, and where the reader is in it.
 * Elements read `state` and listen for "change"; they call methods and never write.
 */
import { advance, clampPlayhead, clampSpeed, lingerMs } from "./clock.js";
import { BrokenDown, type Engine } from "./engine.js";
import { endedAt, lostFaults } from "./faults.js";
import { FrameLoop, type Frames } from "./loop.js";
import { namesOf, spoken } from "./names.js";
import type { FrameAnswer, FrameAsk, Refusal, RunAnswer } from "./protocol.js";
import { cloneScenario } from "./scenario.js";
import { Stopwatch } from "./stopwatch.js";
import {
  type Details,
  type Explanation,
  type FaultDraft,
  type Fault,
  type Frame,
  type ImportResult,
  isRead,
  type JsonSchema,
  type KeyBy,
  type KeyPlace,
  type Mistake,
  type PlacementRow,
  type Replication,
  type RunView,
  type Scenario,
  type StepKind,
} from "./views.js";

export type Selection =
  | { kind: "instance"; index: number }
  | { kind: "request"; id: number }
  | { kind: "client" }
  /** Of the first service, unless another is given. */
  | { kind: "balancer"; service?: number }
  | { kind: "call"; call: number }
  /** A key of a store, whether it is stored or not. */
  | { kind: "key"; store: number; key: string }
  /** Of a pair of sides, by its number. */
  | { kind: "log"; cqrs: number }
  | null;

export interface State {
  /** Complete; the newest edit, until it is refused. `run.scenario` is the one on the stage. */
  scenario: Scenario | null;
  schema: JsonSchema | null;
  run: RunView | null;
  frame: Frame | null;
  narration: string;
  playhead_ms: number;
  playing: boolean;
  speed: number;
  selection: Selection;
  /** Of the last edit that was refused. */
  mistakes: Mistake[];
  /** A newer run is being simulated. */
  running: boolean;
  fatal: string | null;
  notice: string | null;
  replication: Replication | null;
}

export type Changed = ReadonlySet<keyof State>;
export type ChangeEvent = CustomEvent<{ changed: Changed }>;

/** Above this many the lanes carry density, and what is drawn is a sample. */
const MOST_DRAWN = 2_000;
/** While playing the sentence changes no faster than it can be read. */
const NARRATION_MS = 250;

export interface StoreOptions {
  frames?: Frames;
  /** With reduced motion the playhead moves in steps this long (wall time), not on every frame. */
  stepMs?: () => number;
  mostDrawn?: number;
}

export class Store extends EventTarget {
  readonly #engine: Engine;
  readonly #loop: FrameLoop;
  readonly #stopwatch = new Stopwatch();
  readonly #stepMs: () => number;
  readonly #mostDrawn: number;
  readonly #state: State = {
    scenario: null,
    schema: null,
    run: null,
    frame: null,
    narration: "",
    playhead_ms: 0,
    playing: false,
    speed: 1,
    selection: null,
    mistakes: [],
    running: false,
    fatal: null,
    notice: null,
    replication: null,
  };
  #epoch = 0;
  /** What `reset` goes back to. */
  #opening: unknown = {};
  /** Becomes that once its run is there: a scenario that is refused is nothing to go back to. */
  #candidate: { epoch: number; scenario: unknown } | null = null;
  /** The scenario of the last run that came out well. */
  #good: Scenario | null = null;
  /** The newest run is still to be read. */
  #reading = false;
  /** And is shown only then. */
  #unread: { epoch: number; answer: RunAnswer; first: FrameAnswer } | null = null;
  /** The last load, replayed once after a breakdown unless it caused it. */
  #loading: { epoch: number; json: string } | null = null;
  #arrived: FrameAnswer | null = null;
  #asked = false;
  #wanted = false;
  #narratedAt = -Infinity;
  #heldMs = 0;

  constructor(engine: Engine, options: StoreOptions = {}) {
    super();
    this.#engine = engine;
    this.#stepMs = options.stepMs ?? ((): number => 0);
    this.#mostDrawn = options.mostDrawn ?? MOST_DRAWN;
    this.#loop = new FrameLoop((now, elapsed) => this.#tick(now, elapsed), options.frames);
    engine.listen({
      ready: () => this.#stopwatch.ready(),
      run: (epoch, run, first) => this.#onRun(epoch, run, first),
      details: (epoch, details) => this.#onDetails(epoch, details),
      refused: (epoch, refusal) => this.#onRefused(epoch, refusal),
      frame: (epoch, answer) => this.#onFrame(epoch, answer),
      replication: (epoch, replication) => {
        if (epoch === this.#epoch) this.#set({ replication });
      },
      rebuilt: (message) => this.#onRebuilt(message),
      unavailable: (message) => this.#set({ fatal: message, running: false, playing: false }),
    });
  }

  get state(): Readonly<State> {
    return this.#state;
  }

  // ---- the scenario

  /** Changes the scenario; the whole run is made again. A bad one is refused and the last good run stays. */
  edit(change: (draft: Scenario) => void): void {
    const { scenario } = this.#state;
    if (!scenario) return;
    const draft = cloneScenario(scenario);
    change(draft);
    const lost = lostFaults(scenario, draft);
    if (lost.length > 0) {
      draft.faults = draft.faults.filter((fault) => !lost.includes(fault));
      const whose = [...new Set(lost.map(({ target }) => spoken(target)))].join(" and ");
      this.notify(`With ${whose} went what was to go wrong there. Reset brings both back.`);
    }
    this.#set({ scenario: draft });
    this.#load(draft);
  }

  /** Takes another scenario, complete or not, and begins at `t_ms` of it; `reset` then goes back to it. */
  replace(scenario: unknown, t_ms = 0): void {
    // The end isn't known yet: the playhead is clamped when the run is there.
    this.#set({ selection: null, notice: null, playhead_ms: Math.max(0, t_ms) });
    this.#load(scenario);
    this.#candidate = { epoch: this.#epoch, scenario };
  }

  /** Back to the scenario that was opened last. */
  reset(): void {
    this.#load(this.#opening);
  }

  async reseed(): Promise<void> {
    const seed = await this.#answered(this.#engine.ask({ kind: "seed" }));
    if (seed === null) return;
    this.edit((draft) => {
      draft.seed = seed;
    });
  }

  /** The scenario, complete or not, as JSON with all defaults left out. */
  compact(scenario: object): Promise<string> {
    return this.#engine.ask({ kind: "compact", json: JSON.stringify(scenario) });
  }

  addFault(fault: FaultDraft): void {
    // The model completes it: only the fields that the kind needs have to be given.
    this.edit((draft) => draft.faults.push({ ...FAULT_DEFAULTS, ...fault }));
  }

  moveFault(index: number, at_ms: number, for_ms?: number | null): void {
    this.edit((draft) => {
      const fault = draft.faults[index];
      if (!fault) return;
      fault.at_ms = Math.max(0, at_ms);
      if (for_ms !== undefined) fault.for_ms = for_ms === null ? null : Math.max(0, for_ms);
    });
  }

  removeFault(index: number): void {
    this.edit((draft) => draft.faults.splice(index, 1));
  }

  /** Brings an instance or a service back: every fault that strikes it and is active at `t_ms` ends there, for all. */
  endFaultsAt(target: string, t_ms: number): void {
    const { run } = this.#state;
    if (!run) return;
    this.edit((draft) => {
      draft.faults = endedAt(run, draft.faults, target, t_ms);
    });
  }

  // ---- the playhead

  seek(t_ms: number): void {
    const end = this.#state.run?.end_ms ?? Infinity;
    const playhead_ms = clampPlayhead(t_ms, end);
    if (playhead_ms === this.#state.playhead_ms) return;
    this.#set({ playhead_ms });
    this.#want();
  }

  play(): void {
    if (this.#state.playing) return;
    const { run, playhead_ms } = this.#state;
    // Playing at the end starts over.
    if (run && playhead_ms >= run.end_ms) this.#set({ playhead_ms: 0 });
    this.#heldMs = 0;
    this.#set({ playing: true });
    this.#loop.wake();
  }

  pause(): void {
    if (!this.#state.playing) return;
    this.#set({ playing: false });
    this.#want();
  }

  setSpeed(speed: number): void {
    this.#set({ speed: clampSpeed(speed) });
    this.#want();
  }

  /** To the next or previous event, or request's arrival. Stepping pauses. */
  async step(what: StepKind, direction: 1 | -1): Promise<void> {
    this.pause();
    const { playhead_ms } = this.#state;
    const t_ms = await this.#answered(this.#engine.ask({ kind: "step", t_ms: playhead_ms, what, direction }));
    if (t_ms !== null) this.seek(t_ms);
  }

  // ---- looking

  select(selection: Selection): void {
    this.#set({ selection });
    this.#loop.wake();
  }

  /** Equal for equal runs, on every machine. */
  digest(): Promise<string> {
    return this.#engine.ask({ kind: "digest" });
  }

  explain(request: number): Promise<Explanation> {
    return this.#engine.ask({ kind: "explain", request });
  }

  /** Where keys are in a store where the playhead is, and why. */
  locate(store: number, keys: string[]): Promise<KeyPlace[]> {
    return this.#engine.ask({ kind: "locate", store, t_ms: this.#state.playhead_ms, keys });
  }

  /** What each placement would make of a store, under the requests of this run. */
  placements(store: number): Promise<PlacementRow[]> {
    return this.#engine.ask({ kind: "placements", store });
  }

  /** Reads traffic from a file, plain or gzip; the scenario stays as it is. Throws `Refused`. */
  async importTraffic(file: File, keyBy: KeyBy): Promise<ImportResult> {
    const bytes = await file.arrayBuffer();
    return this.#engine.ask({ kind: "import", bytes, keyBy, name: file.name }, [bytes]);
  }

  /** Runs the scenario with this many seeds, for confidence intervals. */
  replicate(seeds: number): void {
    this.#set({ replication: { seeds, done: 0 } });
    this.#engine.replicate(this.#epoch, seeds);
  }

  notify(notice: string | null): void {
    this.#set({ notice });
  }

  forgetMistakes(): void {
    this.#set({ mistakes: [] });
  }

  /** Asks for one more drawing: a "frame" event will follow. */
  wake(): void {
    this.#loop.wake();
  }

  /** The stage tells that it has drawn the run on it; the bench reads what this measures. */
  drawn(): void {
    if (!this.#state.run) return;
    this.#stopwatch.drawn(this.#state.run.epoch);
    this.dispatchEvent(new Event("drawn"));
  }

  /** Fetches what the first picture did without: reports, series, explanations, the schema. Rejects where it can't be had. */
  async complete(): Promise<void> {
    await Promise.all([this.#engine.complete(), this.#learn()]);
  }

  async #learn(): Promise<void> {
    const { default: schema } = await import("../../../crates/sim/schema/scenario.schema.json");
    if (!this.#state.schema) this.#set({ schema: schema as JsonSchema });
  }

  /** Stops for good; nothing of the store runs afterwards. */
  dispose(): void {
    this.#loop.dispose();
  }

  // ---- inside

  #load(scenario: unknown): void {
    this.#epoch += 1;
    const json = JSON.stringify(scenario);
    this.#loading = { epoch: this.#epoch, json };
    this.#stopwatch.ordered(this.#epoch);
    this.#set({ running: true, replication: null });
    this.#engine.load({ epoch: this.#epoch, json, ask: this.#ask(true) });
  }

  /** Null where there is no answer; the reader is then told why. */
  async #answered<Answer>(question: Promise<Answer>): Promise<Answer | null> {
    try {
      return await question;
    } catch (error) {
      // A breakdown has a notice of its own.
      if (!(error instanceof BrokenDown)) this.notify(error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  #ask(narrate: boolean): FrameAsk {
    const { playhead_ms, speed } = this.#state;
    return { t_ms: playhead_ms, linger_ms: lingerMs(speed), max_drawn: this.#mostDrawn, narrate };
  }

  /** One frame is asked for at a time; the newest wish is asked when the answer is there. */
  #want(): void {
    this.#wanted = true;
    if (this.#asked || !this.#state.run) return;
    const now = performance.now();
    const narrate = !this.#state.playing || now - this.#narratedAt >= NARRATION_MS;
    if (narrate) this.#narratedAt = now;
    this.#wanted = false;
    this.#asked = true;
    this.#engine.frame(this.#ask(narrate));
  }

  #tick(_now: number, elapsed: number): boolean {
    const changes: Partial<State> = {};
    const { run, playing } = this.#state;
    if (playing && run) Object.assign(changes, this.#advance(run, elapsed));
    if (this.#arrived) {
      changes.frame = this.#arrived.frame;
      if (this.#arrived.narration !== null) changes.narration = this.#arrived.narration;
      this.#arrived = null;
    }
    this.#set(changes);
    if (changes.playhead_ms !== undefined) this.#want();
    this.dispatchEvent(new Event("frame"));
    return this.#state.playing && this.#state.run !== null;
  }

  #advance(run: RunView, elapsed: number): Partial<State> {
    this.#heldMs += elapsed;
    const stepMs = this.#stepMs();
    if (this.#heldMs < stepMs) return {};
    const { playhead_ms: from, speed } = this.#state;
    const playhead_ms =
      stepMs > 0 ? clampPlayhead(from + stepMs * speed, run.end_ms) : advance(from, this.#heldMs, speed, run.end_ms);
    this.#heldMs = 0;
    return playhead_ms >= run.end_ms ? { playhead_ms, playing: false } : { playhead_ms };
  }

  #onRun(epoch: number, answer: RunAnswer, first: FrameAnswer): void {
    if (epoch !== this.#epoch) return;
    this.#loading = null;
    // Reading it may still break down, and it is gone back to only once that is done; the first module reads nothing.
    this.#reading = !answer.report && isRead(this.#state.run);
    if (!this.#reading) this.#good = answer.scenario;
    this.#unread = null;
    // With other parts, cards and charts would be empty for the milliseconds until the run has been read.
    if (this.#reading && !haveSameParts(this.#state.run, answer)) this.#unread = { epoch, answer, first };
    else this.#show(epoch, answer, first);
  }

  #show(epoch: number, answer: RunAnswer, first: FrameAnswer): void {
    if (this.#candidate?.epoch === epoch) this.#opening = this.#candidate.scenario;
    const run: RunView = { ...answer, ...this.#meanwhile(answer), epoch, instanceNames: namesOf(answer.services) };
    const playhead_ms = clampPlayhead(this.#state.playhead_ms, run.end_ms);
    // A frame of the old run that is still under way is dropped by its epoch.
    this.#asked = false;
    this.#arrived = null;
    this.#set({
      run,
      scenario: answer.scenario,
      frame: first.frame,
      narration: first.narration ?? "",
      playhead_ms,
      // Of an edit that was refused while this run was being read they stand.
      mistakes: epoch === this.#epoch ? [] : this.#state.mistakes,
      running: false,
      selection: stillThere(this.#state.selection, run),
    });
    if (first.frame.scalars[0] !== playhead_ms) this.#want();
    // Drawn at once, not at the next turn of the loop: it is then in the very next picture that the browser shows.
    this.dispatchEvent(new Event("frame"));
    this.#loop.wake();
  }

  /**
   * What is shown of a run until it has been read: what was read of the one before it, which had the same parts. It is a
   * matter of milliseconds, in which empty cards and charts would flicker.
   */
  #meanwhile(answer: RunAnswer): Partial<RunView> {
    const { run } = this.#state;
    if (answer.report || !isRead(run)) return {};
    const { report, series, breakerChanges, transitions, bands } = run;
    return { report, series, breakerChanges, transitions, bands };
  }

  #onDetails(epoch: number, details: Details): void {
    const { report, series, breakerChanges, transitions, bands, stores, cqrs } = details;
    const unread = this.#unread;
    if (unread?.epoch === epoch) {
      this.#unread = { ...unread, answer: { ...unread.answer, ...details } };
      // While a newer edit is under way, what becomes of that decides.
      if (this.#loading === null) this.#showRead();
      return;
    }
    const { run } = this.#state;
    if (epoch !== run?.epoch) return;
    this.#good = run.scenario;
    this.#reading = false;
    this.#set({ run: { ...run, report, series, breakerChanges, transitions, bands, stores, cqrs } });
    // The words of the moment, which the first module hasn't.
    this.#narratedAt = -Infinity;
    this.#want();
  }

  /** The run that was held back, if it has been read by now. */
  #showRead(): void {
    const unread = this.#unread;
    if (!unread?.answer.report) return;
    this.#unread = null;
    this.#reading = false;
    this.#good = unread.answer.scenario;
    this.#show(unread.epoch, unread.answer, unread.first);
  }

  #onRefused(epoch: number, refusal: Refusal): void {
    if (epoch !== this.#epoch) return;
    this.#loading = null;
    this.#showRead();
    const { code, path, message } = refusal;
    const mistakes = refusal.mistakes.length > 0 ? refusal.mistakes : [{ path, found: "", allowed: code, message }];
    this.#set({ mistakes, scenario: this.#state.run?.scenario ?? this.#good, running: false });
  }

  #onFrame(epoch: number, answer: FrameAnswer): void {
    if (epoch !== this.#state.run?.epoch) return;
    this.#asked = false;
    this.#arrived = answer;
    this.#loop.wake();
    if (this.#wanted) this.#want();
  }

  #onRebuilt(message: string): void {
    this.#asked = false;
    const culprit = this.#loading !== null || this.#reading;
    this.#loading = null;
    this.#reading = false;
    this.#unread = null;
    if (!this.#good) {
      this.#set({ fatal: `The simulation broke down: ${message}`, running: false, playing: false });
      return;
    }
    this.#set({
      notice: culprit
        ? "The simulation broke down on that change; the last good run was built again."
        : "The simulation broke down and was built again.",
    });
    // Determinism makes the rebuilt run the same run: scenario and playhead are all it takes.
    this.#load(this.#good);
  }

  #set(changes: Partial<State>): void {
    const changed = new Set<keyof State>();
    for (const key of Object.keys(changes) as (keyof State)[]) {
      if (!Object.is(this.#state[key], changes[key])) changed.add(key);
    }
    if (changed.size === 0) return;
    Object.assign(this.#state, changes);
    this.dispatchEvent(new CustomEvent("change", { detail: { changed } }));
  }
}

const FAULT_DEFAULTS: Fault = { kind: "crash", target: "alpha", at_ms: 0, for_ms: null, factor: 4, percent: 50 };

function haveSameParts(one: RunView | null, other: RunAnswer): boolean {
  const parts = ({ services, calls }: Pick<RunAnswer, "services" | "calls">): string =>
    JSON.stringify([services, calls]);
  return one !== null && parts(one) === parts(other);
}

function stillThere(selection: Selection, run: RunView): Selection {
  if (selection?.kind === "instance" && selection.index >= run.instanceNames.length) return null;
  if (selection?.kind === "balancer" && (selection.service ?? 0) >= run.services.length) return null;
  if (selection?.kind === "call" && selection.call >= run.calls.length) return null;
  if (selection?.kind === "key" && !run.services.some(({ store }) => store === selection.store)) return null;
  // A shared model has no log of its own to be seen.
  const logged = (number: number): boolean => run.scenario.cqrs[number]?.layout === "apart";
  if (selection?.kind === "log" && !logged(selection.cqrs)) return null;
  if (selection?.kind === "request" && selection.id >= run.attempts) return null;
  return selection;
}
