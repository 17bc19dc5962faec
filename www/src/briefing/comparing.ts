import { Model } from "../model/model.js";
import { compare, type Candidate, type Outcome } from "./compare.js";

/** Simulates candidates one after the other, in a worker of its own, so that the run on the stage is left alone. */
export class Comparing {
  readonly #told: () => void;
  #model: Model | undefined;
  #candidates: readonly Candidate[] = [];
  #outcomes: readonly Outcome[] = [];
  #problem = "";

  constructor(told: () => void) {
    this.#told = told;
  }

  get busy(): boolean {
    return this.#model !== undefined;
  }

  get candidates(): readonly Candidate[] {
    return this.#candidates;
  }

  get outcomes(): readonly Outcome[] {
    return this.#outcomes;
  }

  /** Why it could not be done; empty while all is well. */
  get problem(): string {
    return this.#problem;
  }

  async start(candidates: readonly Candidate[]): Promise<void> {
    this.stop();
    const model = new Model("whole");
    this.#model = model;
    this.#candidates = candidates;
    this.#outcomes = [];
    this.#problem = "";
    this.#told();
    try {
      await compare(model, candidates, (outcome) => {
        if (this.#model !== model) return;
        this.#outcomes = [...this.#outcomes, outcome];
        this.#told();
      });
    } catch (error) {
      if (this.#model === model) this.#problem = error instanceof Error ? error.message : String(error);
    }
    if (this.#model === model) this.stop();
  }

  stop(): void {
    this.#model?.dispose();
    this.#model = undefined;
    this.#told();
  }

  forget(): void {
    this.stop();
    this.#candidates = [];
    this.#outcomes = [];
  }
}
