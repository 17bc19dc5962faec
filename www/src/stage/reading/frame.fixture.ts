/** A frame in which every node is up and gets 50 requests a second. For tests. */
import { type Frame, INSTANCE, INSTANCE_STRIDE, SCALAR } from "../../model/views.js";

export function quietFrame(t_ms: number, nodes: number): Frame {
  const instances = new Float32Array(nodes * INSTANCE_STRIDE);
  for (let node = 0; node < nodes; node += 1) {
    instances[node * INSTANCE_STRIDE + INSTANCE.up] = 1;
    instances[node * INSTANCE_STRIDE + INSTANCE.requestsPerS] = 50;
    instances[node * INSTANCE_STRIDE + INSTANCE.statusSinceMs] = NaN;
  }
  const scalars = new Float64Array(14);
  scalars[SCALAR.tMs] = t_ms;
  scalars[SCALAR.drawnEvery] = 1;
  const none = new Float32Array(0);
  return {
    scalars,
    instances,
    requests: none,
    badges: none,
    calls: none,
    breakers: none,
    cells: none,
    shards: none,
    models: none,
  };
}
