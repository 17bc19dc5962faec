/** A call, its policies and their state in words. */
import {
  BREAKER,
  BREAKER_STATE,
  BREAKER_STRIDE,
  CALL,
  CALL_STRIDE,
  CELL,
  CELL_STRIDE,
  type CallView,
  type Frame,
  type Scenario,
} from "../model/views.js";
import { clock, count, counted, percent, plain, span, THIN } from "../panel/number.js";

type Caller = Scenario["clients"][number] | Scenario["services"][number];
export type CallPolicies = Caller["calls"][number];
type Rule = CallPolicies["breaker"]["rule"];
type Pool = CallPolicies["bulkhead"];

interface Cell {
  readonly kind: "well" | "slow" | "failed" | "empty";
  /** How much of a bucket failed, for one that holds several calls. */
  readonly share: number;
}

export interface BreakerNow {
  readonly state: "closed" | "open" | "half-open" | "forced open" | "disabled";
  readonly since_ms: number;
  readonly retry_at_ms: number;
  readonly measure: number;
  readonly threshold: number;
  readonly calls: number;
  readonly minimum: number;
  readonly slow_percent: number;
  readonly slow_threshold: number;
  readonly trials: { free: number; out: number; answered: number; succeeded: number; needed: number };
  readonly refused: number;
  readonly cells: readonly Cell[];
}

const STATES = {
  [BREAKER_STATE.closed]: "closed",
  [BREAKER_STATE.open]: "open",
  [BREAKER_STATE.halfOpen]: "half-open",
  [BREAKER_STATE.forcedOpen]: "forced open",
  [BREAKER_STATE.disabled]: "disabled",
} as const;

/** Which of its caller's calls it is: they are numbered through. */
export function policiesOf(scenario: Scenario, calls: readonly CallView[], index: number): CallPolicies | undefined {
  const own = calls[index];
  if (own === undefined) return undefined;
  const first = calls.findIndex(({ client, service }) => client === own.client && service === own.service);
  return callerOf(scenario, own)?.calls[index - first];
}

/** The bulkhead that a call goes through, if there is one, and whether the other calls of its caller do so as well. */
export function poolOf(
  scenario: Scenario,
  call: CallView | undefined,
  policies: CallPolicies,
): { pool: Pool; shared: boolean } | undefined {
  const shared = callerOf(scenario, call)?.shared_pool;
  if (shared?.enabled === true) return { pool: shared, shared: true };
  return policies.bulkhead.enabled ? { pool: policies.bulkhead, shared: false } : undefined;
}

function callerOf({ clients, services }: Scenario, call: CallView | undefined): Caller | undefined {
  if (call === undefined) return undefined;
  return call.client === null ? services[call.service ?? 0] : clients[call.client];
}

export function callNow(frame: Frame | null, index: number): Record<keyof typeof CALL, number> | undefined {
  const from = index * CALL_STRIDE;
  if (frame === null || from + CALL_STRIDE > frame.calls.length) return undefined;
  const entries = Object.entries(CALL).map(([name, column]) => [name, frame.calls[from + column] ?? NaN]);
  return Object.fromEntries(entries) as Record<keyof typeof CALL, number>;
}

export function breakerNow(frame: Frame | null, index: number): BreakerNow | undefined {
  const from = index * BREAKER_STRIDE;
  if (frame === null || from + BREAKER_STRIDE > frame.breakers.length) return undefined;
  const at = (column: keyof typeof BREAKER): number => frame.breakers[from + BREAKER[column]] ?? NaN;
  return {
    state: STATES[at("state") as keyof typeof STATES],
    since_ms: at("sinceMs"),
    retry_at_ms: at("retryAtMs"),
    measure: at("measure"),
    threshold: at("threshold"),
    calls: at("calls"),
    minimum: at("minimumCalls"),
    slow_percent: at("slowPercent"),
    slow_threshold: at("slowThreshold"),
    trials: {
      free: at("trialsFree"),
      out: at("trialsOut"),
      answered: at("trialsAnswered"),
      succeeded: at("trialsSucceeded"),
      needed: at("trialsNeeded"),
    },
    refused: at("refused"),
    cells: cellsOf(frame, at("firstCell"), at("cells")),
  };
}

function cellsOf(frame: Frame, first: number, cells: number): Cell[] {
  return Array.from({ length: cells }, (_, index) => {
    const at = (column: number): number => frame.cells[(first + index) * CELL_STRIDE + column] ?? 0;
    const [calls, failures, slow] = [at(CELL.calls), at(CELL.failures), at(CELL.slow)];
    const kind = calls === 0 ? "empty" : failures > 0 ? "failed" : slow > 0 ? "slow" : "well";
    return { kind, share: calls === 0 ? 0 : failures / calls };
  });
}

/** «Open since 10.253 s; half-open in 1.50 s; 312 refused since.» */
export function stateSentence(now: BreakerNow, t_ms: number): string {
  const since = Number.isFinite(now.since_ms) ? ` since ${clock(now.since_ms)}` : " from the beginning";
  const state = `${now.state.charAt(0).toUpperCase()}${now.state.slice(1)}${since}`;
  if (now.state === "open") {
    const left = now.retry_at_ms - t_ms;
    const then = left > 0 ? `tries again in ${span(left)}` : "tries again with the next call";
    return `${state}; ${then}; ${count(now.refused)} refused so far.`;
  }
  if (now.state === "half-open") return `${state}. ${trialSentence(now.trials)}`;
  return `${state}.`;
}

function trialSentence({ free, out, answered, succeeded, needed }: BreakerNow["trials"]): string {
  const done =
    answered === 0
      ? "No trial call is answered yet"
      : `${count(succeeded)} of ${counted(answered, "trial call")} answered succeeded`;
  const want = needed > 0 ? `; ${count(needed)} needed to close` : "";
  return `${done}${want}; ${count(out)} under way, ${count(free)} more may be sent.`;
}

/** What the window holds beside what opens it; nothing where trial calls decide, or where somebody has decided. */
export function windowSentence(now: BreakerNow, rule: Rule): string {
  const { measure, threshold, calls, minimum, state } = now;
  if (state !== "closed" && state !== "open") return "";
  if (calls === 0 && rule.trip_rule !== "consecutive") return "No call is in the window.";
  if (rule.trip_rule === "consecutive") return `${counted(measure, "failure")} in a row; ${count(threshold)} open it.`;
  if (rule.trip_rule === "failures")
    return `${counted(measure, "failure")} among ${counted(calls, "call")} in the window; ${count(threshold)} open it.`;
  const enough = calls < minimum ? `; no rate is looked at before there are ${count(minimum)}` : "";
  const rate = Number.isFinite(measure) ? percent(measure) : "–";
  return `${rate} of ${counted(calls, "call")} in the window failed; ${percent(threshold)} open it${enough}.`;
}

export function slowSentence(now: BreakerNow, rule: Rule): string {
  if (!rule.slow_calls || (now.state !== "closed" && now.state !== "open")) return "";
  const rate = Number.isFinite(now.slow_percent) ? percent(now.slow_percent) : "–";
  return `${rate} took longer than ${set(rule.slow_call_ms)}; ${percent(now.slow_threshold)} open it.`;
}

export interface Policy {
  readonly name: string;
  readonly does: string;
}

/** In the order in which they wrap, from the outside. */
export function policySentences(call: CallPolicies, pool: ReturnType<typeof poolOf>): Policy[] {
  return [
    { name: "Retry", does: retryWords(call.retry) },
    { name: "Circuit breaker", does: call.breaker.enabled ? breakerWords(call.breaker) : "none" },
    { name: "Bulkhead", does: pool === undefined ? "none" : poolWords(pool) },
    { name: "Timeout", does: timeoutWords(call) },
  ];
}

function retryWords(retry: CallPolicies["retry"]): string {
  if (retry.attempts <= 1) return "none";
  const budget = retry.budget ? `budget of ${percent(retry.budget_percent)} of the requests` : "no budget";
  const jitter = retry.jitter === "none" ? "no jitter" : `${retry.jitter} jitter`;
  const pause = retry.jitter === "decorrelated" ? "pauses" : `${retry.backoff} pauses`;
  return `up to ${counted(retry.attempts, "attempt")}, ${pause} from ${set(retry.base_ms)}, ${jitter}, ${budget}`;
}

function breakerWords({ rule, scope }: CallPolicies["breaker"]): string {
  const each = scope === "instance" ? "one for each instance; " : "";
  return `${each}opens on ${tripWords(rule)}, for ${set(rule.wait_ms)}`;
}

function tripWords(rule: Rule): string {
  if (rule.trip_rule === "consecutive") return `${counted(rule.failures, "failure")} in a row`;
  const over = {
    calls: `the last ${counted(rule.window_calls, "call")}`,
    time: `the calls of the last ${set(rule.window_ms)}`,
    unlimited: "all calls since it closed",
  }[rule.window];
  const what =
    rule.trip_rule === "failures"
      ? `${counted(rule.failures, "failure")} among`
      : `${percent(rule.failure_rate_percent)} failures of`;
  return `${what} ${over}`;
}

function poolWords({ pool: { rule }, shared }: NonNullable<ReturnType<typeof poolOf>>): string {
  const slots =
    rule.limit === "fixed" ? counted(rule.max_concurrent, "slot") : `${rule.limit}, at most ${rule.max_concurrent}`;
  const wait = rule.max_wait_ms === null ? "" : `, up to ${set(rule.max_wait_ms)}`;
  const places = rule.max_waiting === 0 ? "nobody waits" : `${count(rule.max_waiting)} may wait${wait}`;
  return `${slots}${shared ? ", shared with the other calls" : ""}, ${places}`;
}

function timeoutWords(call: CallPolicies): string {
  if (call.timeout_ms === 0) return "none";
  return `${set(call.timeout_ms)}; the work ${call.cancel ? "is cancelled" : "goes on for nobody"}`;
}

/** A time that was set is told as it was set; a measured one is rounded. */
function set(ms: number): string {
  return ms < 1_000 ? `${plain(ms)}${THIN}ms` : span(ms);
}

/** «13 erlangs: M/G/16/16 predicts 8.6 % refused, measured 8.57 ± 0.40 %.» */
export function theoryLine(theory: {
  readonly model: string;
  readonly offered_erlangs: number;
  readonly predicted_refused_percent: number | null;
  readonly measured_refused_percent: number | null;
  readonly half_width_percent: number | null;
  readonly unmet: readonly string[];
}): string {
  const { measured_refused_percent: share, half_width_percent: width } = theory;
  const margin = width === null ? "" : ` ±${THIN}${percent(width)}`;
  const measured = `measured ${percent(share)}${share === null ? "" : margin}`;
  const offered = `Offered ${plain(theory.offered_erlangs, 2)} erlangs`;
  if (theory.unmet.length > 0) return `${offered}; refused: ${measured}. No closed form: ${theory.unmet.join(" ")}`;
  return `${offered}; refused by ${theory.model}: ${percent(theory.predicted_refused_percent)}, ${measured}.`;
}
