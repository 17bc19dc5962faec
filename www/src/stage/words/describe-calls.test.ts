/** What the stations say, from frames whose columns are written out here. */
import { expect, test } from "vitest";
import {
  BREAKER,
  BREAKER_STATE,
  BREAKER_STRIDE,
  CALL,
  CALL_STRIDE,
  CELL_STRIDE,
  type Frame,
  type RunView,
  SCALAR,
} from "../../model/views.js";
import { strikes } from "../../model/faults.js";
import { amplification, eachWords, stationWords } from "./describe-calls.js";
import { type CallShape, topologyOf } from "../layout/topology.js";

type Columns<Names> = Partial<Record<keyof Names, number>>;

function column<Names extends Record<string, number>>(
  names: Names,
  stride: number,
  values: Columns<Names>,
): Float32Array {
  const row = new Float32Array(stride).fill(NaN);
  for (const [name, at] of Object.entries(names)) row[at] = values[name as keyof Names] ?? 0;
  return row;
}

const POLICY = { attempts: 4, budget: false, budget_percent: 20 };
const CALLED = {
  timeout_ms: 250,
  cancel: false,
  retry: POLICY,
  breaker: {
    enabled: true,
    rule: { trip_rule: "failure_rate", window: "calls", window_calls: 20, window_buckets: 10 },
  },
  bulkhead: { enabled: true, rule: { max_waiting: 5 } },
};

function run(): RunView {
  const view = {
    scenario: {
      clients: [{ name: "clients", shared_pool: { enabled: false }, calls: [CALLED] }],
      services: [
        { name: "service", instances: { concurrency: 4, queue_limit: 8 }, calls: [], shared_pool: { enabled: false } },
      ],
      faults: [],
    },
    services: [{ name: "service", first_instance: 0, instances: 2, store: null, copies: 1, cqrs: null, nodes: [] }],
    instanceNames: ["alpha", "bravo"],
    calls: [
      {
        name: "clients → service",
        client: 0,
        service: null,
        to: 0,
        parties: 1,
        first_breaker: 0,
        breakers: 1,
        first_bulkhead: 0,
        bulkheads: 1,
      },
    ],
  };
  return view as unknown as RunView;
}

const SHAPE = shapeOf(run());

function shapeOf(view: RunView): CallShape {
  const shape = topologyOf(view).calls?.[0];
  if (!shape) throw new Error("the run has a call");
  return shape;
}

function words(
  policy: "retry" | "breaker" | "bulkhead" | "timeout",
  values: Partial<Frame>,
): { state: string; label: string } {
  const none = new Float32Array(0);
  const scalars = new Float64Array(16);
  scalars[SCALAR.tMs] = 10_000;
  const frame: Frame = {
    scalars,
    instances: none,
    requests: none,
    badges: none,
    calls: none,
    breakers: none,
    cells: none,
    shards: none,
    models: none,
  };
  return stationWords({ frame: { ...frame, ...values }, run: run() }, policy, [0], SHAPE);
}

function breaker(values: Columns<typeof BREAKER>): Float32Array {
  return column(BREAKER, BREAKER_STRIDE, { slowPercent: NaN, slowThreshold: NaN, ...values });
}

test("the policies of a call are read off the scenario, in the order in which they wrap", () => {
  expect(SHAPE.policies).toEqual(["retry", "breaker", "bulkhead", "timeout"]);
  expect(SHAPE).toMatchObject({ windowCells: 20, waits: true, trip: "failure_rate" });
});

test("a closed breaker says how near it is to opening", () => {
  const cells = new Float32Array(20 * CELL_STRIDE);
  for (const failed of [1, 5, 9]) cells[failed * CELL_STRIDE + 1] = 1;
  const breakers = breaker({ measure: 15, threshold: 50, calls: 20, minimumCalls: 10, cells: 20 });
  const { state, label } = words("breaker", { breakers, cells });
  expect(state).toBe("closed · 15\u202f%");
  expect(label).toBe("Breaker of clients → service: closed, 3 of the last 20 calls failed, opens at 50\u202f%");
});

test("an open one says when it tries again, and how many it has refused", () => {
  const open = { state: BREAKER_STATE.open, sinceMs: 9_000, retryAtMs: 13_200, refused: 41 };
  const { state, label } = words("breaker", { breakers: breaker(open) });
  expect(state).toBe("open · 3.2\u202fs");
  expect(label).toContain("open, tries again in 3.2\u202fs, 41 refused");
});

test("a half-open one counts its trial calls", () => {
  const trials = { trialsFree: 1, trialsOut: 2, trialsAnswered: 2, trialsSucceeded: 1, trialsNeeded: 3 };
  const { state, label } = words("breaker", { breakers: breaker({ state: BREAKER_STATE.halfOpen, ...trials }) });
  expect(state).toBe("half-open");
  expect(label).toContain("1 of 3 needed trial calls succeeded, 2 under way");
});

test("a bulkhead says how many slots and waiting places are taken", () => {
  const calls = column(CALL, CALL_STRIDE, { out: 3, limit: 10, pooled: 2, places: 5 });
  expect(words("bulkhead", { calls })).toMatchObject({
    state: "3 of 10",
    label: "Bulkhead of clients → service: 3 of 10 slots taken, 2 of 5 waiting places taken",
  });
});

test("the retry says how much it adds to the load, and nothing where there are no calls", () => {
  const calls = column(CALL, CALL_STRIDE, { attemptsPerS: 130, callsPerS: 100, pausing: 4 });
  expect(words("retry", { calls }).state).toBe("×1.30");
  expect(words("retry", { calls }).label).toContain(
    "attempts are 1.30 times the calls, at most 4, without a budget; 4 pause",
  );
  const idle = words("retry", { calls: column(CALL, CALL_STRIDE, {}) });
  expect(idle.state).toBe("–");
  expect(idle.label).toContain("no calls");
});

test("a timeout says what becomes of the work", () => {
  expect(words("timeout", {})).toMatchObject({
    state: "250\u202fms",
    label: "Timeout of clients → service: given up after 250\u202fms; the instance goes on with it for nobody",
  });
});

test("of a breaker for each instance it is said how many are not closed", () => {
  const none = new Float32Array(0);
  const breakers = Float32Array.from([
    ...breaker({ state: BREAKER_STATE.closed }),
    ...breaker({ state: BREAKER_STATE.open }),
  ]);
  const frame: Frame = {
    scalars: new Float64Array(16),
    instances: none,
    requests: none,
    badges: none,
    calls: none,
    breakers,
    cells: none,
    shards: none,
    models: none,
  };
  const each = eachWords({ frame, run: run() }, 0, { ...SHAPE, breakers: 2, breakersEach: 2 });
  expect(each).toMatchObject({ state: "1 of 2 not closed", tone: "red" });
});

test("the amplification of several calls is that of all their attempts together", () => {
  const none = new Float32Array(0);
  const calls = Float32Array.from([
    ...column(CALL, CALL_STRIDE, { attemptsPerS: 100, callsPerS: 100 }),
    ...column(CALL, CALL_STRIDE, { attemptsPerS: 300, callsPerS: 100 }),
  ]);
  const frame: Frame = {
    scalars: new Float64Array(16),
    instances: none,
    requests: none,
    badges: none,
    calls,
    breakers: none,
    cells: none,
    shards: none,
    models: none,
  };
  expect(amplification({ frame, run: run() }, [0, 1])).toBe(2);
});

test("a fault strikes an instance by its name, by its service's, and alone in the first service", () => {
  const services = [
    { name: "maps", first_instance: 0, instances: 2, store: null, copies: 1, cqrs: null, nodes: [] },
    { name: "radio", first_instance: 2, instances: 1, store: null, copies: 1, cqrs: null, nodes: [] },
  ];
  const view = { services, instanceNames: ["maps/alpha", "maps/bravo", "radio/alpha"] } as unknown as RunView;
  const struck = (target: string): number[] =>
    [0, 1, 2].filter((index) =>
      strikes(view, { kind: "crash", target, at_ms: 0, for_ms: null, factor: 4, percent: 50 }, index),
    );
  expect(struck("maps")).toEqual([0, 1]);
  expect(struck("radio/alpha")).toEqual([2]);
  expect(struck("alpha")).toEqual([0]);
});
