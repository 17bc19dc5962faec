/** The page's one frame loop. It runs while something moves and sleeps otherwise, also when the page is hidden. */

export interface Frames {
  request(callback: (now: number) => void): number;
  cancel(handle: number): void;
}

const browserFrames: Frames = {
  request: (callback) => requestAnimationFrame(callback),
  cancel: (handle) => cancelAnimationFrame(handle),
};

export class FrameLoop {
  readonly #tick: (now: number, elapsed: number) => boolean;
  readonly #frames: Frames;
  #handle: number | null = null;
  #last: number | null = null;
  #disposed = false;

  /** `tick` returns whether the loop goes on by itself. */
  constructor(tick: (now: number, elapsed: number) => boolean, frames: Frames = browserFrames) {
    this.#tick = tick;
    this.#frames = frames;
  }

  wake(): void {
    // A hidden page gets no animation frames from the browser: an asked frame waits, and costs nothing.
    if (this.#handle === null && !this.#disposed) this.#handle = this.#frames.request(this.#run);
  }

  dispose(): void {
    this.#disposed = true;
    if (this.#handle !== null) this.#frames.cancel(this.#handle);
    this.#handle = null;
  }

  readonly #run = (now: number): void => {
    this.#handle = null;
    const elapsed = this.#last === null ? 0 : now - this.#last;
    const goesOn = this.#tick(now, elapsed);
    // After a pause the first step is none: the time slept is not simulated.
    this.#last = goesOn ? now : null;
    if (goesOn) this.wake();
  };
}
