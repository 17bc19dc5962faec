/** Long work in slices of a few milliseconds, so that messages are heard between two of them. */

/** Long enough to be worth a turn of the event loop, short enough that a newer edit is not kept waiting. */
const SLICE_MS = 4;
const FEWEST = 1_000;
const MOST = 1_000_000;

export class Slices {
  readonly #clock: { now(): number };
  readonly #channel = new MessageChannel();
  #events = 10_000;
  #turn = 0;
  #work: ((events: number) => boolean) | null = null;

  constructor(clock: { now(): number }) {
    this.#clock = clock;
    // A message to oneself is the one timer that browsers neither clamp nor delay.
    this.#channel.port1.onmessage = (event: MessageEvent<number>) => {
      if (event.data === this.#turn) this.#slice();
    };
  }

  /** `work` is given a number of events and says whether there is more to do. */
  start(work: (events: number) => boolean): void {
    this.stop();
    this.#work = work;
    // The first slice at once: a short run is over within it.
    this.#slice();
  }

  stop(): void {
    this.#turn += 1;
    this.#work = null;
  }

  #slice(): void {
    const work = this.#work;
    if (!work) return;
    const turn = this.#turn;
    const before = this.#clock.now();
    const more = work(this.#events);
    this.#adapt(this.#clock.now() - before);
    // The work may have stopped itself, or started another.
    if (turn !== this.#turn) return;
    if (more) this.#channel.port2.postMessage(turn);
    else this.stop();
  }

  #adapt(took_ms: number): void {
    const scale = Math.min(2, Math.max(0.25, SLICE_MS / Math.max(took_ms, 0.1)));
    this.#events = Math.round(Math.min(MOST, Math.max(FEWEST, this.#events * scale)));
  }
}
