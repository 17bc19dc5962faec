/** Two sides with two read models and five events, as the model tells them. For tests. */
import { type Frame, MODEL, MODEL_STATE, MODEL_STRIDE, type RunView, type SidesDetails } from "../../model/views.js";
import { quietFrame } from "./frame.fixture.js";

/** Events at 0 (from before the run), 0, 1000, 2000 and 3000 ms; by person has each 100 ms later, strength 1 s later. */
export function sides(more: Partial<SidesDetails> = {}): SidesDetails {
  return {
    name: "personnel",
    station: 0,
    first_instance: 0,
    shared: false,
    first_model: 0,
    models: ["by_person", "strength"],
    log: {
      at_ms: Float64Array.of(0, 0, 1_000, 2_000, 3_000),
      request: Float64Array.of(-1, -1, 7, 12, 20),
      person: Uint32Array.of(1, 2, 3, 1, 2),
      version: Uint32Array.of(0, 0, 0, 1, 1),
      kind: Uint32Array.of(0, 0, 0, 1, 2),
      from: Float64Array.of(-1, -1, -1, 0, 1),
      to: Float64Array.of(0, 1, 2, 3, -1),
      progress_at: [Float64Array.of(0, 1_100, 2_100, 3_100), Float64Array.of(0, 2_000, 2_500, 2_600, 3_000)],
      // The second is rebuilt at 2.5 s.
      progress: [Uint32Array.of(2, 3, 4, 5), Uint32Array.of(2, 3, 0, 1, 3)],
    },
    ...more,
  };
}

export type ModelColumns = Partial<Record<keyof typeof MODEL, number>>;

export function frameOf(t_ms: number, models: readonly ModelColumns[]): Frame {
  const rows = new Float32Array(models.length * MODEL_STRIDE);
  models.forEach((columns, model) => {
    const all = { events: 100, wants: 100, state: MODEL_STATE.follows, staleShare: NaN, ...columns };
    for (const [name, value] of Object.entries(all)) {
      rows[model * MODEL_STRIDE + MODEL[name as keyof typeof MODEL]] = value;
    }
  });
  return { ...quietFrame(t_ms, models.length + 1), models: rows };
}

export function runOf(details: SidesDetails, more: Partial<RunView> = {}): RunView {
  const { shared, models } = details;
  const nodes = shared ? ["model"] : ["commands", ...models];
  const sizes = { concurrency: 2, queue_limit: 8 };
  return {
    scenario: {
      clients: [],
      services: [],
      stores: [],
      cqrs: [
        {
          layout: shared ? "shared" : "apart",
          shared: { locks: true },
          commands: { concurrency: 4, queue_limit: 16 },
          models: models.map(() => sizes),
          queries: { consistency: "eventual" },
        },
      ],
      faults: [],
    },
    services: [
      { name: "personnel", first_instance: 0, instances: nodes.length, store: null, cqrs: 0, copies: 1, nodes },
    ],
    stores: [],
    cqrs: [details],
    instanceNames: nodes,
    calls: [],
    ...more,
  } as unknown as RunView;
}
