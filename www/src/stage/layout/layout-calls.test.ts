/** Several services and calls with policies, for many sizes: in order, on the stage, and clear of each other. */
import { describe, expect, test } from "vitest";
import type { Box } from "./cells.js";
import { type Layout, layout } from "./layout.js";
import { LANE_POINTS, LANE_STRIDE } from "./path.js";
import { type CallShape, POLICIES, type Policy, type Topology } from "./topology.js";

function call(from: Partial<CallShape>, policies: readonly Policy[] = []): CallShape {
  const breaker = policies.includes("breaker");
  return {
    client: 0,
    service: null,
    to: 0,
    policies,
    breaker: breaker ? 0 : -1,
    breakers: Number(breaker),
    breakersEach: 1,
    trip: "failure_rate",
    windowCells: 20,
    pool: policies.includes("bulkhead") ? 0 : -1,
    waits: policies.includes("bulkhead"),
    ...from,
  };
}

function topology(counts: readonly number[], calls: readonly CallShape[], clients = 1): Topology {
  let first = 0;
  const services = counts.map((count) => {
    const shape = { first, count, concurrency: 4, queueLimit: 8 };
    first += count;
    return shape;
  });
  return { instances: first, concurrency: 4, queueLimit: 8, services, clients, calls };
}

const CASES: Record<string, Topology> = {
  "one service, all policies": topology([4], [call({}, POLICIES)]),
  "a hundred instances": topology([100], [call({}, POLICIES)]),
  "two services": topology([4, 4], [call({}, POLICIES), call({ to: 1, pool: 1 }, POLICIES)]),
  "one pool for two": topology([4, 4], [call({}, ["bulkhead"]), call({ to: 1 }, ["bulkhead"])]),
  "a chain": topology(
    [3, 3],
    [call({}, ["timeout"]), call({ client: null, service: 0, to: 1 }, ["breaker", "timeout"])],
  ),
  "a call past a service": topology(
    [4, 4],
    [call({}, POLICIES), call({ to: 1 }), call({ client: null, service: 0, to: 1 }, ["timeout"])],
  ),
  "two groups of clients": topology([1_000, 2], [call({}), call({ client: 1, to: 1 }, ["retry"])], 2),
};

const SIZES = [
  { width: 390, height: 0 },
  { width: 872, height: 285 },
  { width: 872, height: 520 },
  { width: 1_400, height: 700 },
];

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.w - 0.01 && b.x < a.x + a.w - 0.01 && a.y < b.y + b.h - 0.01 && b.y < a.y + a.h - 0.01;
}

function point(made: Layout, index: number, at: number): { x: number; y: number } {
  const offset = index * LANE_STRIDE + at * 2;
  return { x: made.trunks[offset] ?? NaN, y: made.trunks[offset + 1] ?? NaN };
}

const cases = Object.entries(CASES).flatMap(([name, shape]) => SIZES.map((size) => ({ name, shape, ...size })));

describe.each(cases)("$name on $width × $height", ({ shape, width, height }) => {
  const made = layout(shape, { width, height });
  const down = made.direction === "down";

  test("everything is on the stage", () => {
    const boxes = [
      ...made.clients,
      ...made.stations.map(({ box }) => box),
      ...made.services.flatMap(({ balancer, grid }) => [balancer, grid]),
    ];
    for (const { x, y, w, h } of boxes) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(x + w).toBeLessThanOrEqual(made.size.width + 0.01);
      expect(y + h).toBeLessThanOrEqual(made.size.height + 0.01);
    }
  });

  test("nothing stands on anything else", () => {
    const boxes = [
      ...made.stations.map(({ box }) => box),
      ...made.services.flatMap(({ balancer, grid }) => [balancer, grid]),
      ...made.clients,
    ];
    for (const [index, box] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) expect(overlap(box, other), JSON.stringify([box, other])).toBe(false);
    }
  });

  test("the stations of a call stand in the order in which its policies wrap, on its line", () => {
    for (const [index, own] of made.calls.entries()) {
      const stations = own.policies.map((policy) => made.stations[made.stationsOf[index]?.[policy] ?? -1]);
      const along = stations.map((station) => (down ? station?.y : station?.x) ?? NaN);
      expect(along).toEqual([...along].sort((a, b) => a - b));
      for (const station of stations) {
        if (!station || station.calls.length > 1) continue;
        const points = Array.from({ length: LANE_POINTS }, (_, at) => point(made, index, at));
        const near = Math.min(...points.map(({ x, y }) => (down ? Math.abs(x - station.x) : Math.abs(y - station.y))));
        expect(near).toBeLessThan(1);
      }
    }
  });

  test("each trunk leads from its caller to the balancer that it calls", () => {
    for (const [index, own] of made.calls.entries()) {
      const end = point(made, index, LANE_POINTS - 1);
      const balancer = made.services[own.to]?.balancer ?? { x: 0, y: 0, w: 0, h: 0 };
      expect(down ? end.y : end.x).toBeCloseTo(down ? balancer.y : balancer.x, 1);
      expect(down ? end.x : end.y).toBeCloseTo(down ? balancer.x + balancer.w / 2 : balancer.y + balancer.h / 2, 1);
    }
  });

  test("a service stands behind those that call it", () => {
    for (const own of made.calls) {
      const caller = made.services[own.service ?? -1];
      const called = made.services[own.to]?.balancer;
      if (!caller || !called) continue;
      if (down) expect(called.y).toBeGreaterThan(caller.grid.y + caller.grid.h);
      else expect(called.x).toBeGreaterThan(caller.grid.x + caller.grid.w);
    }
  });
});

test("calls that share a pool share one station, as high as their lines; apart each has its own", () => {
  const size = { width: 872, height: 285 };
  const pools = (shape: Topology | undefined): readonly (readonly number[])[] =>
    layout(shape ?? topology([1], []), size)
      .stations.filter(({ policy }) => policy === "bulkhead")
      .map(({ calls }) => calls);
  expect(pools(CASES["one pool for two"])).toEqual([[0, 1]]);
  expect(pools(CASES["two services"])).toEqual([[0], [1]]);
});

test("a breaker for each instance takes no place on the trunk", () => {
  const each = call({ breakers: 4, breakersEach: 4 }, ["breaker", "timeout"]);
  const { stations } = layout(topology([4], [each]), { width: 872, height: 400 });
  expect(stations.map(({ policy }) => policy)).toEqual(["timeout"]);
});

test("attempts leave at the bulkhead where they may have waited, and at their caller otherwise", () => {
  const size = { width: 872, height: 400 };
  const leave = (waits: boolean): number => layout(topology([4], [call({ waits }, POLICIES)]), size).leave[0] ?? NaN;
  expect(leave(false)).toBe(0);
  const made = layout(topology([4], [call({}, POLICIES)]), size);
  const bulkhead = made.stations.find(({ policy }) => policy === "bulkhead");
  const at = point(made, 0, Math.round(leave(true) * (LANE_POINTS - 1)));
  expect(Math.abs(at.x - (bulkhead?.x ?? 0))).toBeLessThan(12);
});

test("two services of four on a stage as low as a laptop's still have cards with words", () => {
  const made = layout(CASES["two services"] ?? topology([1], []), { width: 872, height: 285 });
  expect(made.services.map(({ detail }) => detail)).toEqual(["compact", "compact"]);
});
