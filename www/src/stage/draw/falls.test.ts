/** Where what is let go falls, for each reason and on both kinds of stage; and how many of many are drawn. */
import { describe, expect, test } from "vitest";
import { BADGE_NODE, type Frame, REASON, REASON_SHIFT, REQUEST_FLAG, REQUEST_STATE } from "../../model/views.js";
import { anchorOf, cornerOf } from "../layout/badges.js";
import { badgeCount, badgesByCount } from "./draw-badges.js";
import { MOST_FORMS, fallTo, isDrawn, newOrigin, nodeOf, originOf } from "./falls.js";
import { type Layout, layout } from "../layout/layout.js";
import { FORMS, formOf, letGoBy, reasonIn } from "./reasons.js";
import { type CallShape, POLICIES } from "../layout/topology.js";

const CALL: CallShape = {
  client: 0,
  service: null,
  to: 0,
  policies: POLICIES,
  breaker: 0,
  breakers: 1,
  breakersEach: 1,
  trip: "failure_rate",
  windowCells: 20,
  pool: 0,
  waits: true,
};
const SHAPE = { concurrency: 4, queueLimit: 8 };
const ONE = { instances: 4, ...SHAPE, services: [{ first: 0, count: 4, ...SHAPE }], clients: 1, calls: [CALL] };
const TWO = {
  instances: 4,
  ...SHAPE,
  services: [
    { first: 0, count: 2, ...SHAPE },
    { first: 2, count: 2, ...SHAPE },
  ],
  clients: 1,
  calls: [
    { ...CALL, policies: ["bulkhead"] as const, breaker: -1, breakers: 0 },
    { ...CALL, policies: ["bulkhead"] as const, breaker: -1, breakers: 0, to: 1 },
  ],
};
const SIZES = [
  { width: 390, height: 0 },
  { width: 872, height: 285 },
  { width: 1_400, height: 700 },
];

function frame(rows: number[][], badges: number[] = []): Frame {
  const none = new Float32Array(0);
  return {
    scalars: Float64Array.of(0, 0, 1),
    instances: none,
    requests: Float32Array.from(rows.flat()),
    badges: Float32Array.from(badges),
    calls: none,
    breakers: none,
    cells: none,
    shards: none,
    models: none,
  };
}

/** One that fell at its caller, halfway through its fall. */
function fallen(id: number, reason: number, call = 0): number[] {
  const shed = reason !== REASON.timedOut;
  const state = shed ? REQUEST_STATE.shed : REQUEST_STATE.broken;
  return [id, state, -1, 0.5, 0, 0, call, REQUEST_FLAG.fellAtCaller | (reason << REASON_SHIFT)];
}

function originFor(made: Layout, reason: number, call = 0): { x: number; y: number } {
  const out = newOrigin();
  originOf(made, nodeOf(frame([fallen(1, reason, call)]), 0, made), reason, out);
  return out;
}

test("each reason has a form of its own, except those that are the same to a reader", () => {
  const reasons = Object.values(REASON);
  const forms = reasons.map(formOf);
  // Refused or lost, the instance is down; full or waited too long, the bulkhead let it go; a caller's patience or that
  // of a query is over; a command can't be carried out, by itself or beside another; something behind it failed.
  expect(new Set(forms).size).toBe(reasons.length - 5);
  expect(Math.max(...forms)).toBe(FORMS.length - 1);
  // A request that is sent on is neither broken nor shed.
  expect(reasons.filter((reason) => FORMS[formOf(reason)]?.colour === "muted")).toEqual([REASON.moved]);
  expect(FORMS[formOf(99)]).toBe(FORMS[formOf(REASON.error)]);
  for (const reason of reasons) expect(reasonIn(15 | (reason << REASON_SHIFT))).toBe(reason);
});

describe.each(SIZES)("on $width × $height", (size) => {
  const one = layout(ONE, size);
  const two = layout(TWO, size);
  const down = one.direction === "down";

  test("what a policy lets go falls at its own station, and at no other", () => {
    for (const reason of [REASON.timedOut, REASON.breakerOpen, REASON.bulkheadFull, REASON.bulkheadWait]) {
      const at = originFor(one, reason);
      const along = ({ x, y }: { x: number; y: number }): number => (down ? y : x);
      const nearest = [...one.stations].sort((a, b) => Math.abs(along(a) - along(at)) - Math.abs(along(b) - along(at)));
      expect(nearest[0]?.policy).toBe(letGoBy(reason));
    }
  });

  test("at a pool that two calls share each falls before its own door", () => {
    const pool = two.stations[0];
    const [first, second] = [0, 1].map((call) => originFor(two, REASON.bulkheadFull, call));
    if (!pool || !first || !second) throw new Error("both calls go through the pool");
    const across = ({ x, y }: { x: number; y: number }): number => (down ? x : y);
    expect(across(second) - across(first)).toBeCloseTo(across(pool.doors[1] ?? pool) - across(pool.doors[0] ?? pool));
    for (const { x, y } of [first, second]) expect(down ? y < pool.box.y : x < pool.box.x).toBe(true);
  });

  test("falls and badges stay on the stage", () => {
    const place = { x: 0, y: 0 };
    for (const made of [one, two]) {
      for (const [reason, node] of places(made)) {
        const origin = newOrigin();
        originOf(made, node, reason, origin);
        for (let id = 0; id < 40; id += 1) {
          fallTo(origin, id / 40, id, place);
          expect(place.x).toBeGreaterThan(-12);
          expect(place.x).toBeLessThan(made.size.width);
          expect(place.y).toBeGreaterThan(0);
          expect(place.y).toBeLessThan(made.size.height + 12);
        }
        const corner = cornerOf(made.size, anchorOf(made, node, reason), 60, 20, 0);
        expect(corner.x).toBeGreaterThanOrEqual(0);
        expect(corner.x + 60).toBeLessThanOrEqual(made.size.width);
        expect(corner.y).toBeGreaterThanOrEqual(0);
        expect(corner.y + 20).toBeLessThanOrEqual(made.size.height);
      }
    }
  });

  test("badges under the stations of a call don't lie on each other, however wide they may be", () => {
    const boxes = [REASON.breakerOpen, REASON.bulkheadFull, REASON.timedOut].map((reason) => {
      const anchor = anchorOf(one, BADGE_NODE.callers, reason);
      const w = Math.min(150, Math.max(anchor.room, 50));
      return { ...cornerOf(size.height === 0 ? one.size : size, anchor, w, 20, 0), w };
    });
    for (const [index, a] of boxes.entries()) {
      for (const b of boxes.slice(index + 1)) {
        const apart = a.x + a.w <= b.x + 0.01 || b.x + b.w <= a.x + 0.01 || Math.abs(a.y - b.y) >= 20;
        expect(apart, JSON.stringify([a, b])).toBe(true);
      }
    }
  });
});

function places({ calls, services, topology }: Layout): [number, number][] {
  const instances = Array.from({ length: topology.instances }, (_, node): [number, number] => [REASON.error, node]);
  const balancers = services.map((_, index): [number, number] => [REASON.noInstance, BADGE_NODE.balancers - index]);
  const callers = calls.map((_, index): [number, number] => [REASON.bulkheadFull, BADGE_NODE.callers - index]);
  return [...instances, ...balancers, ...callers];
}

describe("of very many", () => {
  const made = layout(ONE, { width: 872, height: 520 });
  const rows = Array.from({ length: 800 }, (_, id) => fallen(id, REASON.breakerOpen));
  const many = frame(rows, [BADGE_NODE.callers, REASON.breakerOpen, rows.length, 0]);
  const drawn = (of: Frame): number[] => rows.flatMap((_, row) => (isDrawn(of, row, made) ? [row] : []));

  test("about as many as can be told apart are drawn", () => {
    expect(drawn(many).length).toBeGreaterThan(MOST_FORMS / 2);
    expect(drawn(many).length).toBeLessThan(MOST_FORMS * 2);
  });

  test("those drawn go on to be drawn while it gets fewer: none appears or ends in mid-fall", () => {
    const fewer = frame(rows, [BADGE_NODE.callers, REASON.breakerOpen, rows.length / 2, 0]);
    expect(drawn(fewer)).toEqual(expect.arrayContaining(drawn(many)));
  });

  test("of few all are drawn", () => {
    expect(drawn(frame(rows, [BADGE_NODE.callers, REASON.breakerOpen, MOST_FORMS, 0]))).toHaveLength(rows.length);
  });

  test("the badge counts as the words do, and leaves out figures that could not be read", () => {
    const later = frame([], [BADGE_NODE.callers, REASON.breakerOpen, 812, 0, 2, REASON.error, 3, 0]);
    expect(badgesByCount(made, later, many).map(({ count }) => count)).toEqual([800, 3]);
    expect([3, 99, 184, 1_234].map(badgeCount)).toEqual(["×3", "×99", "×180", "×1\u202f200"]);
  });
});
