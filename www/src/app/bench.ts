/** With `?bench=1` the page counts what its frames cost. Otherwise nothing of this is there. */
import type { Frames } from "../model/loop.js";

interface SandtableStats {
  frames: number;
  /** Script of each frame, up to its end or the last microtask that it queued. */
  script_ms: number[];
}

declare global {
  interface Window {
    sandtableStats?: SandtableStats;
  }
}

export interface BenchOptions {
  frames: Frames;
  mostDrawn: number;
}

/** Null on an ordinary page. `?bench=1&drawn=5000` draws that many requests where the page would draw a sample. */
export function benchOptions(search: string): BenchOptions | null {
  const parts = new URLSearchParams(search);
  if (parts.get("bench") !== "1") return null;
  const stats: SandtableStats = { frames: 0, script_ms: [] };
  window.sandtableStats = stats;
  const frames: Frames = {
    request: (callback) =>
      requestAnimationFrame((now) => {
        const before = performance.now();
        callback(now);
        stats.frames += 1;
        // Elements render in microtasks that the callback has queued before this one.
        queueMicrotask(() => stats.script_ms.push(performance.now() - before));
      }),
    cancel: (handle) => cancelAnimationFrame(handle),
  };
  return { frames, mostDrawn: Number(parts.get("drawn") ?? 2_000) };
}
