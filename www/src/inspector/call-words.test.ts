import { expect, it } from "vitest";
import {
  BREAKER,
  BREAKER_STRIDE,
  CALL,
  CALL_STRIDE,
  type CallView,
  type Frame,
  type Scenario,
} from "../model/views.js";
import {
  breakerNow,
  callNow,
  policiesOf,
  policySentences,
  poolOf,
  slowSentence,
  stateSentence,
  theoryLine,
  windowSentence,
  type BreakerNow,
  type CallPolicies,
} from "./call-words.js";

function frame(columns: Partial<Record<keyof typeof BREAKER, number>>, cells: number[] = []): Frame {
  const breakers = new Float32Array(BREAKER_STRIDE);
  for (const [name, value] of Object.entries(columns)) breakers[BREAKER[name as keyof typeof BREAKER]] = value;
  const calls = new Float32Array(CALL_STRIDE);
  calls[CALL.out] = 7;
  return { breakers, calls, cells: new Float32Array(cells) } as unknown as Frame;
}

const now = (columns: Partial<Record<keyof typeof BREAKER, number>>, cells?: number[]): BreakerNow => {
  const read = breakerNow(frame(columns, cells), 0);
  if (!read) throw new Error("the frame has a breaker");
  return read;
};

const rule = {
  trip_rule: "failure_rate",
  failure_rate_percent: 50,
  failures: 5,
  window: "calls",
  window_calls: 20,
  slow_calls: true,
  slow_call_ms: 300,
  wait_ms: 2_000,
} as CallPolicies["breaker"]["rule"];

const policies = {
  timeout_ms: 500,
  cancel: false,
  retry: { attempts: 4, backoff: "exponential", base_ms: 50, jitter: "full", budget: true, budget_percent: 10 },
  breaker: { enabled: true, scope: "call", rule },
  bulkhead: { enabled: true, rule: { limit: "fixed", max_concurrent: 16, max_waiting: 0, max_wait_ms: null } },
} as CallPolicies;

it("says how long an open breaker stays so, and what it refused", () => {
  const open = now({ state: 1, sinceMs: 10_250, retryAtMs: 12_250, refused: 312 });
  expect(stateSentence(open, 10_750).replace(/\u202f/g, " ")).toBe(
    "Open since 10.250 s; tries again in 1.5 s; 312 refused so far.",
  );
  expect(stateSentence(open, 12_500)).toContain("tries again with the next call");
});

it("counts trial calls while half-open", () => {
  const half = now({ state: 2, sinceMs: NaN, trialsAnswered: 2, trialsSucceeded: 1, trialsNeeded: 3, trialsOut: 1 });
  expect(stateSentence(half, 0)).toBe(
    "Half-open from the beginning. 1 of 2 trial calls answered succeeded; 3 needed to close; 1 under way, 0 more may be sent.",
  );
  const none = now({ state: 2, sinceMs: NaN, trialsNeeded: 3, trialsOut: 5 });
  expect(stateSentence(none, 0)).toBe(
    "Half-open from the beginning. No trial call is answered yet; 3 needed to close; 5 under way, 0 more may be sent.",
  );
});

it("puts what the window holds beside the threshold", () => {
  const some = now({ measure: 25, threshold: 50, calls: 8, minimumCalls: 10, slowPercent: 12.5, slowThreshold: 80 });
  expect(windowSentence(some, rule).replace(/\u202f/g, " ")).toBe(
    "25 % of 8 calls in the window failed; 50 % open it; no rate is looked at before there are 10.",
  );
  expect(windowSentence({ ...some, calls: 0, measure: NaN }, rule)).toBe("No call is in the window.");
  expect(windowSentence({ ...some, state: "half-open" }, rule)).toBe("");
  expect(windowSentence({ ...some, measure: 1 }, { ...rule, trip_rule: "consecutive" })).toMatch(/^1 failure in a row/);
  expect(slowSentence(some, rule).replace(/\u202f/g, " ")).toBe("12.5 % took longer than 300 ms; 80 % open it.");
});

it("reads the cells of a window, oldest first", () => {
  const { cells } = now({ firstCell: 1, cells: 4 }, [9, 9, 9, 1, 0, 0, 1, 1, 0, 4, 1, 2, 0, 0, 0]);
  expect(cells.map((cell) => `${cell.kind} ${cell.share}`)).toEqual(["well 0", "failed 1", "failed 0.25", "empty 0"]);
  expect(callNow(frame({}), 0)?.out).toBe(7);
  expect(callNow(frame({}), 1)).toBeUndefined();
});

it("tells the policies in the order in which they wrap", () => {
  const told = policySentences(policies, { pool: policies.bulkhead, shared: true });
  expect(told.map(({ name, does }) => `${name}: ${does}`.replace(/\u202f/g, " "))).toEqual([
    "Retry: up to 4 attempts, exponential pauses from 50 ms, full jitter, budget of 10 % of the requests",
    "Circuit breaker: opens on 50 % failures of the last 20 calls, for 2 s",
    "Bulkhead: 16 slots, shared with the other calls, nobody waits",
    "Timeout: 500 ms; the work goes on for nobody",
  ]);
});

it("finds the policies of a call among those of its caller", () => {
  const second = { ...policies, timeout_ms: 9 };
  const scenario = {
    clients: [{ calls: [policies, second], shared_pool: { enabled: false } }],
    services: [
      { calls: [], shared_pool: { enabled: false } },
      { calls: [policies], shared_pool: { enabled: true } },
    ],
  } as unknown as Scenario;
  const calls = [
    { client: 0, service: null },
    { client: 0, service: null },
    { client: null, service: 1 },
  ] as CallView[];
  expect(policiesOf(scenario, calls, 1)).toBe(second);
  expect(policiesOf(scenario, calls, 2)).toBe(policies);
  expect(policiesOf(scenario, calls, 3)).toBeUndefined();
  expect([1, 2].map((call) => poolOf(scenario, calls[call], policies)?.shared)).toEqual([false, true]);
});

it("tells theory and measurement, or why there is none", () => {
  const theory = {
    model: "M/G/16/16",
    offered_erlangs: 13,
    predicted_refused_percent: 8.6,
    measured_refused_percent: 8.57,
    half_width_percent: 0.4,
    unmet: [],
  };
  const plain = (text: string): string => text.replace(/\u202f/g, " ");
  expect(plain(theoryLine(theory))).toBe("Offered 13 erlangs; refused by M/G/16/16: 8.6 %, measured 8.57 % ± 0.4 %.");
  expect(theoryLine({ ...theory, unmet: ["The limit adapts."] })).toMatch(/No closed form: The limit adapts\.$/);
});
