/** Which requests are marked as trial calls, from rows written out here. */
import { expect, test } from "vitest";
import {
  BREAKER,
  BREAKER_STATE,
  BREAKER_STRIDE,
  type Frame,
  REASON,
  REASON_SHIFT,
  REQUEST_FLAG,
  REQUEST_STATE,
} from "../../model/views.js";
import type { CallShape } from "../layout/topology.js";
import { trialRows } from "./trials.js";

const CALL: CallShape = {
  client: 0,
  service: null,
  to: 0,
  policies: ["breaker"],
  breaker: 0,
  breakers: 1,
  breakersEach: 1,
  trip: "failure_rate",
  windowCells: 20,
  pool: -1,
  waits: false,
};

/** At 1,000 ms; the breaker is in `state` since 900 ms. */
function frame(state: number, ...rows: { age: number; call?: number; flags?: number; state?: number }[]): Frame {
  const breakers = new Float32Array(BREAKER_STRIDE);
  breakers[BREAKER.state] = state;
  breakers[BREAKER.sinceMs] = 900;
  const none = new Float32Array(0);
  const requests = rows.flatMap(({ age, call = 0, flags = 0, state: own = REQUEST_STATE.toBalancer }, id) => [
    id,
    own,
    -1,
    0.5,
    0,
    age,
    call,
    flags,
  ]);
  return {
    scalars: Float64Array.of(1_000, 0, 1),
    instances: none,
    requests: Float32Array.from(requests),
    badges: none,
    calls: none,
    breakers,
    cells: none,
    shards: none,
    models: none,
  };
}

const UNWATCHED = { ...CALL, policies: [], breaker: -1, breakers: 0 };
const refused = {
  age: 10,
  state: REQUEST_STATE.shed,
  flags: REQUEST_FLAG.fellAtCaller | (REASON.breakerOpen << REASON_SHIFT),
};

test("those that a half-open breaker has let through, and neither older ones nor those it refused", () => {
  const rows = [{ age: 100 }, { age: 150 }, { age: 10, call: 1 }, refused, { age: 99, state: REQUEST_STATE.working }];
  expect(trialRows(frame(BREAKER_STATE.halfOpen, ...rows), [CALL, UNWATCHED])).toEqual([0, 4]);
});

test("none while the breaker is closed or open", () => {
  expect(trialRows(frame(BREAKER_STATE.closed, { age: 10 }), [CALL])).toEqual([]);
  expect(trialRows(frame(BREAKER_STATE.open, { age: 10 }), [CALL])).toEqual([]);
});

test("a retry tells the age of the whole request, so that it can't be known and isn't marked", () => {
  expect(trialRows(frame(BREAKER_STATE.halfOpen, { age: 10, flags: REQUEST_FLAG.retry }), [CALL])).toEqual([]);
});
