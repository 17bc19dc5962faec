/** The typed client of the worker: sends, matches answers to questions, and builds a new worker after a trap. */
import { BrokenDown, type Engine, type EngineListener, type LoadOrder, Refused } from "./engine.js";
import { type Answers, type FrameAsk, type FromWorker, type Question, type ToWorker, unreachable } from "./protocol.js";

export type MakeWorker = () => Worker;

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

const makeWorker: MakeWorker = () =>
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "sandtable-model" });

export class Model implements Engine {
  readonly #make: MakeWorker;
  #worker: Worker;
  #listener: EngineListener | null = null;
  #calls = 0;
  readonly #waiting = new Map<number, Waiting>();

  constructor(make: MakeWorker = makeWorker) {
    this.#make = make;
    this.#worker = this.#start();
  }

  listen(listener: EngineListener): void {
    this.#listener = listener;
  }

  load(order: LoadOrder): void {
    this.#send({ type: "load", ...order });
  }

  frame(ask: FrameAsk): void {
    this.#send({ type: "frame", ask });
  }

  replicate(epoch: number, seeds: number): void {
    this.#send({ type: "replicate", epoch, seeds });
  }

  ask<Kind extends Question["kind"]>(
    question: Extract<Question, { kind: Kind }>,
    transfer: Transferable[] = [],
  ): Promise<Answers[Kind]> {
    const call = (this.#calls += 1);
    return new Promise((resolve, reject) => {
      // The worker answers each kind with its own type: `answer` in worker.ts is checked against `Answers`.
      this.#waiting.set(call, { resolve: (value) => resolve(value as Answers[Kind]), reject });
      this.#send({ type: "question", call, question }, transfer);
    });
  }

  dispose(): void {
    this.#worker.terminate();
    this.#abandon("the model was closed");
  }

  #start(): Worker {
    const worker = this.#make();
    worker.onmessage = (event: MessageEvent<FromWorker>) => {
      if (worker === this.#worker) this.#receive(event.data);
    };
    // Without a worker script there is nothing to rebuild; a trap inside it comes as a message of its own.
    worker.onerror = (event) => {
      event.preventDefault();
      this.#listener?.unavailable(event.message || "its script could not be loaded");
    };
    worker.onmessageerror = () => this.#rebuild("a message could not be read");
    return worker;
  }

  #send(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #receive(message: FromWorker): void {
    const listener = this.#listener;
    if (!listener) return;
    switch (message.type) {
      case "ready": {
        listener.ready(message.schema);
        return;
      }
      case "unavailable": {
        listener.unavailable(message.message);
        return;
      }
      case "run": {
        listener.run(message.epoch, message.run, message.first);
        return;
      }
      case "refused": {
        listener.refused(message.epoch, message.refusal);
        return;
      }
      case "frame": {
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
        this.#rebuild(message.message);
        return;
      }
      default:
        return unreachable(message);
    }
  }

  #settle(call: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if (waiting) how(waiting);
  }

  #rebuild(message: string): void {
    this.#worker.terminate();
    this.#abandon(message);
    this.#worker = this.#start();
    this.#listener?.rebuilt(message);
  }

  #abandon(message: string): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const each of waiting) each.reject(new BrokenDown(message));
  }
}
