// The simulator that one would write in an afternoon: a binary heap of event objects, and nothing recorded but a sum.
// It is the yardstick, so it is neither tuned nor slowed. It runs in Node and, sent over as text, in a page; for that
// all it needs is inside it.

/**
 * @param {{ rate_per_s: number, instances: number, mean_ms: number, duration_ms: number }} workload
 * @returns {{ requests: number, meanWaitMs: number, ms: number }}
 */
export function simulatePlainly({ rate_per_s, instances, mean_ms, duration_ms }) {
  class EventQueue {
    /** @type {any[]} */
    heap = [];

    push(/** @type {any} */ event) {
      const heap = this.heap;
      let child = heap.length;
      heap.push(event);
      while (child > 0) {
        const parent = (child - 1) >> 1;
        if (heap[parent].time <= event.time) break;
        heap[child] = heap[parent];
        child = parent;
      }
      heap[child] = event;
    }

    pop() {
      const heap = this.heap;
      const first = heap[0];
      const last = heap.pop();
      if (heap.length === 0) return first;
      let parent = 0;
      for (;;) {
        let child = 2 * parent + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && heap[child + 1].time < heap[child].time) child += 1;
        if (last.time <= heap[child].time) break;
        heap[parent] = heap[child];
        parent = child;
      }
      heap[parent] = last;
      return first;
    }
  }

  const exponential = (/** @type {number} */ mean) => -mean * Math.log(1 - Math.random());

  const start = performance.now();
  const events = new EventQueue();
  const servers = Array.from({ length: instances }, () => ({
    /** @type {any[]} */
    queue: [],
    outstanding: 0,
  }));
  let requests = 0;
  let totalWaitMs = 0;

  function pickServer() {
    let fewest = Infinity;
    /** @type {any[]} */
    let candidates = [];
    for (const server of servers) {
      if (server.outstanding < fewest) {
        fewest = server.outstanding;
        candidates = [server];
      } else if (server.outstanding === fewest) {
        candidates.push(server);
      }
    }
    return candidates[Math.floor(Math.random() * candidates.length)];
  }

  function begin(/** @type {any} */ server, /** @type {any} */ request, /** @type {number} */ now) {
    totalWaitMs += now - request.arrivedAt;
    events.push({ time: now + exponential(mean_ms), type: "finish", server, request });
  }

  events.push({ time: exponential(1000 / rate_per_s), type: "arrive" });
  while (events.heap.length > 0) {
    const event = events.pop();
    const now = event.time;
    if (event.type === "arrive") {
      if (now > duration_ms) continue;
      events.push({ time: now + exponential(1000 / rate_per_s), type: "arrive" });
      const request = { id: requests, arrivedAt: now };
      requests += 1;
      const server = pickServer();
      server.outstanding += 1;
      if (server.outstanding === 1) begin(server, request, now);
      else server.queue.push(request);
    } else {
      const { server } = event;
      server.outstanding -= 1;
      const next = server.queue.shift();
      if (next !== undefined) begin(server, next, now);
    }
  }
  return { requests, meanWaitMs: totalWaitMs / requests, ms: performance.now() - start };
}
