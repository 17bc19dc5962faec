/** The words on the cards, from frames whose columns are written out here. */
import { expect, test } from "vitest";
import { type Band, type Fault, INSTANCE, INSTANCE_STRIDE, type RunView, SCALAR, STATUS } from "../../model/views.js";
import { type Moment, balancerWords, instanceWords, noticed } from "./describe.js";

interface Column {
  which: number;
  value: number;
}

function moment(t_ms: number, faults: Partial<Fault>[], ...columns: Column[]): Moment {
  const instances = new Float32Array(INSTANCE_STRIDE);
  instances[INSTANCE.up] = 1;
  instances[INSTANCE.statusSinceMs] = NaN;
  for (const { which, value } of columns) instances[which] = value;
  const scalars = new Float64Array(12);
  scalars[SCALAR.tMs] = t_ms;
  const none = new Float32Array(0);
  const frame = {
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
  return { frame, run: run(faults, []) };
}

function run(faults: Partial<Fault>[], bands: Band[]): RunView {
  const service = {
    instances: { concurrency: 4, queue_limit: 8 },
    balancer: { active_checks: { enabled: true, fall: 3 } },
  };
  const services = [
    { name: "service", first_instance: 0, instances: 1, store: null, copies: 1, cqrs: null, nodes: [] },
  ];
  return { scenario: { faults, services: [service] }, instanceNames: ["alpha"], services, bands } as unknown as RunView;
}

test("a healthy instance says how busy it is", () => {
  const words = instanceWords(
    moment(0, [], { which: INSTANCE.requestsPerS, value: 62 }, { which: INSTANCE.working, value: 3 }),
    0,
  );
  expect(words).toMatchObject({ look: "healthy", state: "healthy · 62\u202f/s", working: "working 3 of 4" });
  expect(words.waiting).toBe("waiting 0 of 8");
});

test("one that is down says since when, and whether the balancer knows", () => {
  const crash = { kind: "crash", target: "alpha", at_ms: 11_900, for_ms: null } as const;
  const down = { which: INSTANCE.up, value: 0 };
  const unnoticed = instanceWords(moment(12_400, [crash], down, { which: INSTANCE.checksFailed, value: 2 }), 0);
  expect(unnoticed).toMatchObject({ look: "down", state: "down since 11.9\u202fs", working: "in rotation" });
  expect(unnoticed.waiting).toBe("failed checks 2/3");
  const out = { which: INSTANCE.status, value: STATUS.unhealthy };
  expect(instanceWords(moment(12_400, [crash], down, out), 0).working).toBe("out of rotation");
});

test("a fault that the balancer doesn't see is named instead of «healthy»", () => {
  const slow = { kind: "slow", target: "alpha", at_ms: 0, for_ms: 1_000, factor: 4 } as const;
  expect(instanceWords(moment(500, [slow]), 0)).toMatchObject({ hurt: true, state: "slow ×4 · 0\u202f/s" });
  expect(instanceWords(moment(1_500, [slow]), 0).hurt).toBe(false);
});

test("the time to notice a loss runs from the crash to the change of state, once that has come", () => {
  const faults = [{ kind: "crash", target: "alpha", at_ms: 12_000, for_ms: 19_000 } as const];
  const bands: Band[] = [
    { instance: 0, from_ms: 0, to_ms: 12_000, status: "healthy", up: true, here: true },
    { instance: 0, from_ms: 12_000, to_ms: 17_200, status: "healthy", up: false, here: true },
    { instance: 0, from_ms: 17_200, to_ms: 31_000, status: "unhealthy", up: false, here: true },
  ];
  expect(noticed(run(faults, bands), 11_000)).toBeNull();
  expect(noticed(run(faults, bands), 13_000)).toEqual({ name: "alpha", after_ms: null });
  expect(noticed(run(faults, bands), 20_000)).toEqual({ name: "alpha", after_ms: 5_200 });
});

test("a panic is told at the balancer of its own service, with what it does about it", () => {
  const services = [
    { name: "maps", first_instance: 0, instances: 1, store: null, copies: 1, cqrs: null, nodes: [] },
    { name: "radio", first_instance: 1, instances: 1, store: null, copies: 1, cqrs: null, nodes: [] },
  ];
  const instances = new Float32Array(2 * INSTANCE_STRIDE);
  instances[INSTANCE.takesTraffic] = 1;
  instances[INSTANCE_STRIDE + INSTANCE.panic] = 1;
  const of = (refuse_in_panic: boolean): Moment => {
    const scenario = { services: services.map(() => ({ balancer: { refuse_in_panic } })) };
    const { frame } = moment(0, []);
    return { frame: { ...frame, instances }, run: { scenario, services } as unknown as RunView };
  };
  expect(balancerWords(of(false), 0)).toEqual({ state: "1 of 1", panic: false });
  expect(balancerWords(of(false), 1)).toEqual({ state: "panic: uses all", panic: true });
  expect(balancerWords(of(true), 1).state).toBe("panic: refuses all");
});
