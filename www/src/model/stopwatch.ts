/** What the bench reads: the time from an edit to its picture, and from the wasm's start to the first picture. */
export class Stopwatch {
  #order: { epoch: number; at: number } | null = null;
  #readyAt: number | null = null;
  #first = true;

  ready(): void {
    if (this.#readyAt !== null) return;
    this.#readyAt = performance.now();
    performance.mark("wasm-ready");
  }

  ordered(epoch: number): void {
    this.#order = { epoch, at: performance.now() };
  }

  drawn(epoch: number): void {
    if (this.#order?.epoch !== epoch) return;
    const end = performance.now();
    if (this.#first) {
      this.#first = false;
      performance.measure("first-run", { start: this.#readyAt ?? this.#order.at, end });
    } else {
      performance.measure("edit-to-drawn", { start: this.#order.at, end });
    }
    this.#order = null;
  }
}
