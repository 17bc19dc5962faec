/** What the store needs of the model. The worker's client is one; tests have another. */
import type { Answers, FrameAnswer, FrameAsk, Question, Refusal, RunAnswer } from "./protocol.js";
import type { Details, Replication } from "./views.js";

export interface LoadOrder {
  epoch: number;
  json: string;
  ask: FrameAsk;
  /** Nobody waits for the picture: the run is wanted with all that is read of it. */
  at_once?: boolean;
}

export interface EngineListener {
  ready(): void;
  run(epoch: number, run: RunAnswer, first: FrameAnswer): void;
  /** What the whole module has read from the run that is shown. */
  details(epoch: number, details: Details): void;
  refused(epoch: number, refusal: Refusal): void;
  frame(epoch: number, answer: FrameAnswer): void;
  replication(epoch: number, replication: Replication): void;
  /** The model broke down; a new one stands, empty. What is wanted must be loaded again. */
  rebuilt(message: string): void;
  /** The model cannot run here at all. */
  unavailable(message: string): void;
}

export interface Engine {
  listen(listener: EngineListener): void;
  load(order: LoadOrder): void;
  frame(ask: FrameAsk): void;
  replicate(epoch: number, seeds: number): void;
  /** Fetches what the first picture did without; rejects where that can't be had, and may then be tried again. */
  complete(): Promise<void>;
  ask<Kind extends Question["kind"]>(
    question: Extract<Question, { kind: Kind }>,
    transfer?: Transferable[],
  ): Promise<Answers[Kind]>;
}

/** A question that was under way when the model broke down; whoever listens is told of that by `rebuilt`. */
export class BrokenDown extends Error {}

/** A question that the model refused, with what is wrong and what is allowed. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = "Refused";
    this.refusal = refusal;
  }
}
