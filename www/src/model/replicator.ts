/** The same scenario with several seeds, one after the other, for confidence intervals over independent runs. */
import * as wasm from "../wasm/sandtable_wasm.js";
import type { Replication } from "./views.js";

const SEEDS = 2 ** 32;

export class Replicator {
  readonly #scenario: { seed: number };
  readonly #seeds: number;
  #done = 0;
  #told = -1;
  #simulation: wasm.Simulation | null = null;
  readonly #waits: number[] = [];
  readonly #goodputs: number[] = [];
  readonly #p99s: number[] = [];

  constructor(json: string, seeds: number) {
    this.#scenario = JSON.parse(json) as { seed: number };
    this.#seeds = seeds;
  }

  /** One slice; true while there is more to do. */
  slice(events: number): boolean {
    if (this.#done >= this.#seeds) return false;
    this.#simulation ??= this.#next();
    if (this.#simulation.run_slice(events)) this.#finish(this.#simulation);
    return this.#done < this.#seeds;
  }

  /** Whether a run was finished since this was asked last. */
  news(): boolean {
    const news = this.#told !== this.#done;
    this.#told = this.#done;
    return news;
  }

  replication(): Replication {
    const replication: Replication = { seeds: this.#seeds, done: this.#done };
    // One run alone has no interval.
    const wait = wasm.summarise(this.#waits);
    const goodput = wasm.summarise(this.#goodputs);
    const p99 = wasm.summarise(this.#p99s);
    if (wait) replication.wait = wait;
    if (goodput) replication.goodput = goodput;
    if (p99) replication.p99 = p99;
    return replication;
  }

  free(): void {
    this.#simulation?.free();
    this.#simulation = null;
  }

  #next(): wasm.Simulation {
    // The run on the stage is the first; the others follow its seed, so that the same link gives the same interval.
    const seed = (this.#scenario.seed + this.#done) % SEEDS;
    return new wasm.Simulation(JSON.stringify({ ...this.#scenario, seed }));
  }

  #finish(simulation: wasm.Simulation): void {
    this.#simulation = null;
    const run = simulation.finish();
    const report = run.report();
    run.free();
    this.#done += 1;
    this.#goodputs.push(report.goodput_per_s);
    if (report.wait.mean_ms !== null) this.#waits.push(report.wait.mean_ms);
    if (report.latency.successes.p99_ms !== null) this.#p99s.push(report.latency.successes.p99_ms);
  }
}
