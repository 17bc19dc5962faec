/**
 * The typed client of the workers: sends, matches answers to questions, and builds the model anew after a trap.
 *
 * There are two of them. The first holds the small module, with which traffic moves soonest. Once its picture is on the
 * screen, `complete` starts the one with the whole module, which simulates the same scenario again, in its own time
 * (the same run, as a run is a function of its scenario), and takes over: the first is then ended.
 */
import { BrokenDown, type Engine, type EngineListener, type LoadOrder, Refused } from "./engine.js";
import { type Answers, type FrameAsk, type FromWorker, type Question, type ToWorker, unreachable } from "./protocol.js";

export type Stage = "first" | "whole";
export type MakeWorker = (stage: Stage) => Worker;

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

const makeWorker: MakeWorker = (stage) =>
  stage === "first"
    ? new Worker(new URL("./first-worker.ts", import.meta.url), { type: "module", name: "sandtable-first" })
    : new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "sandtable-model" });

export class Model implements Engine {
  readonly #make: MakeWorker;
  /** Until the whole one has taken over. */
  #first: Worker | null = null;
  #whole: Worker | null = null;
  /** Settled once the whole module has taken over, or can't be had. */
  #coming: { promise: Promise<void>; waiting: Waiting } | null = null;
  #listener: EngineListener | null = null;
  /** Of the run that is shown, and of one that is wanted. */
  #shown: LoadOrder | null = null;
  #wanted: LoadOrder | null = null;
  /** The frame that was asked for and has not come. */
  #asked: FrameAsk | null = null;
  #calls = 0;
  readonly #waiting = new Map<number, Waiting>();
  /** What only the whole module can do, and nothing is shown yet: it must not keep the first picture waiting. */
  #early: { message: ToWorker; transfer: Transferable[] }[] = [];

  /** `stage` "whole": there is no picture that anybody waits for. */
  constructor(stage: Stage = "first", make: MakeWorker = makeWorker) {
    this.#make = make;
    if (stage === "first") this.#first = this.#start("first");
    else this.#startWhole();
  }

  listen(listener: EngineListener): void {
    this.#listener = listener;
  }

  load(order: LoadOrder): void {
    this.#wanted = order;
    // The first module knows no stores.
    if (!this.#whole && hasStores(order.json)) this.#startWhole();
    else this.#order(this.#whole ?? this.#first, order);
  }

  frame(ask: FrameAsk): void {
    this.#asked = ask;
    post(this.#first ?? this.#whole, { type: "frame", ask });
  }

  replicate(epoch: number, seeds: number): void {
    this.#sendWhole({ type: "replicate", epoch, seeds });
  }

  ask<Kind extends Question["kind"]>(
    question: Extract<Question, { kind: Kind }>,
    transfer: Transferable[] = [],
  ): Promise<Answers[Kind]> {
    const call = (this.#calls += 1);
    return new Promise((resolve, reject) => {
      // The worker answers each kind with its own type: `answer` in worker.ts is checked against `Answers`.
      this.#waiting.set(call, { resolve: (value) => resolve(value as Answers[Kind]), reject });
      this.#sendWhole({ type: "question", call, question }, transfer);
    });
  }

  complete(): Promise<void> {
    if (!this.#whole) this.#startWhole();
    return this.#coming?.promise ?? Promise.resolve();
  }

  dispose(): void {
    this.#end();
    this.#abandon(new BrokenDown("the model was closed"));
  }

  #end(): void {
    this.#first?.terminate();
    this.#whole?.terminate();
    this.#first = this.#whole = null;
  }

  // ---- the two workers

  #start(stage: Stage): Worker {
    const worker = this.#make(stage);
    const mine = (): boolean => worker === this.#first || worker === this.#whole;
    worker.onmessage = (event: MessageEvent<FromWorker>) => {
      if (mine()) this.#receive(worker, event.data);
    };
    // Without a worker script there is nothing to rebuild; a trap inside it comes as a message of its own.
    worker.onerror = (event) => {
      event.preventDefault();
      if (mine()) this.#unavailable(worker, event.message || "its script could not be loaded");
    };
    worker.onmessageerror = () => {
      if (mine()) this.#trapped(worker, "a message could not be read");
    };
    return worker;
  }

  #startWhole(): void {
    let waiting: Waiting = { resolve: () => undefined, reject: () => undefined };
    const promise = new Promise<void>((resolve, reject) => {
      waiting = { resolve: () => resolve(), reject };
    });
    // Whoever asked for it is told; where nobody did, the questions that waited for it are refused.
    promise.catch(() => undefined);
    this.#coming = { promise, waiting };
    this.#whole = this.#start("whole");
    for (const order of [this.#shown, this.#wanted]) {
      if (order) this.#order(this.#whole, order);
    }
  }

  /** As long as the first one shows a picture, the whole one takes over with all that it can do, or not at all. */
  #order(worker: Worker | null, order: LoadOrder): void {
    post(worker, { type: "load", ...order, at_once: order.at_once ?? this.#first !== null });
  }

  #sendWhole(message: ToWorker, transfer: Transferable[] = []): void {
    if (!this.#whole && !this.#shown) {
      this.#early.push({ message, transfer });
      return;
    }
    if (!this.#whole) this.#startWhole();
    post(this.#whole, message, transfer);
  }

  #sendEarly(): void {
    for (const { message, transfer } of this.#early.splice(0)) this.#sendWhole(message, transfer);
  }

  /** The picture goes on with the first worker, and may be completed another time. */
  #giveUpWhole(reason: string): void {
    this.#whole?.terminate();
    this.#whole = null;
    this.#coming?.waiting.reject(new Error(reason));
    this.#coming = null;
    this.#abandon(new Error(reason));
    if (this.#wanted) this.#order(this.#first, this.#wanted);
  }

  // ---- what they say

  #receive(worker: Worker, message: FromWorker): void {
    const listener = this.#listener;
    if (!listener) return;
    switch (message.type) {
      case "ready": {
        if (!this.#first) this.#coming?.waiting.resolve(undefined);
        listener.ready();
        return;
      }
      case "unavailable": {
        this.#unavailable(worker, message.message);
        return;
      }
      case "run": {
        this.#onRun(worker, message, listener);
        return;
      }
      case "details": {
        if (this.#shown?.epoch === message.epoch) listener.details(message.epoch, message.details);
        return;
      }
      case "refused": {
        this.#onRefused(worker, message, listener);
        return;
      }
      case "frame": {
        this.#asked = null;
        listener.frame(message.epoch, message.answer);
        return;
      }
      case "replication": {
        listener.replication(message.epoch, message.replication);
        return;
      }
      case "answer": {
        this.#settle(message.call, (waiting) => waiting.resolve(message.value));
        return;
      }
      case "question-refused": {
        this.#settle(message.call, (waiting) => waiting.reject(new Refused(message.refusal)));
        return;
      }
      case "trapped": {
        this.#trapped(worker, message.message);
        return;
      }
      default:
        return unreachable(message);
    }
  }

  #onRun(worker: Worker, message: Extract<FromWorker, { type: "run" }>, listener: EngineListener): void {
    const { epoch, run, first } = message;
    const isShown = this.#shown?.epoch === epoch;
    // An answer to an order that a newer one has replaced.
    if (!isShown && this.#wanted?.epoch !== epoch) return;
    if (worker === this.#whole) this.#takeOver(isShown);
    if (isShown) {
      if (run.report && run.series) listener.details(epoch, { ...run, report: run.report, series: run.series });
      return;
    }
    this.#shown = this.#wanted;
    this.#wanted = null;
    this.#asked = null;
    listener.run(epoch, run, first);
    this.#sendEarly();
  }

  #takeOver(isShown: boolean): void {
    if (!this.#first) return;
    this.#coming?.waiting.resolve(undefined);
    this.#first.terminate();
    this.#first = null;
    // The frame that the first one was asked for is still waited for.
    if (isShown && this.#asked) post(this.#whole, { type: "frame", ask: this.#asked });
  }

  #onRefused(worker: Worker, message: Extract<FromWorker, { type: "refused" }>, listener: EngineListener): void {
    if (this.#wanted?.epoch === message.epoch) this.#wanted = null;
    // It never came to the run that is shown, which is still to be taken over.
    if (worker === this.#whole && this.#first && this.#shown && !this.#wanted) {
      this.#order(worker, this.#shown);
    }
    listener.refused(message.epoch, message.refusal);
  }

  #unavailable(worker: Worker, reason: string): void {
    if (worker === this.#whole && this.#first) {
      this.#giveUpWhole(reason);
      return;
    }
    this.#coming?.waiting.reject(new Error(reason));
    this.#listener?.unavailable(reason);
  }

  #settle(call: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if (waiting) how(waiting);
  }

  #trapped(worker: Worker, message: string): void {
    // What the first one shows stands.
    if (worker === this.#whole && this.#first) this.#giveUpWhole(message);
    else this.#rebuild(message);
  }

  /** With the whole module at once: there has been a picture, and nobody waits for the first. */
  #rebuild(message: string): void {
    this.#end();
    this.#shown = this.#wanted = this.#asked = null;
    this.#abandon(new BrokenDown(message));
    this.#startWhole();
    this.#listener?.rebuilt(message);
  }

  #abandon(reason: Error): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#early = [];
    for (const each of waiting) each.reject(reason);
  }
}

function hasStores(json: string): boolean {
  const { stores, cqrs } = JSON.parse(json) as { stores?: unknown; cqrs?: unknown };
  return [stores, cqrs].some((list) => Array.isArray(list) && list.length > 0);
}

function post(worker: Worker | null, message: ToWorker, transfer: Transferable[] = []): void {
  worker?.postMessage(message, transfer);
}
