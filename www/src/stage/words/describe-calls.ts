/** The policies of a call in words: short ones on the stage, and a whole sentence for whoever hears it. */
import { CALL, CALL_STRIDE } from "../../model/views.js";
import { count, counted, plain, span, THIN } from "../../panel/number.js";
import { type BreakerView, breakerView, notClosed, worstOf } from "../reading/breaker.js";
import type { Moment } from "./describe.js";
import { seconds } from "./format.js";
import { type CallShape, type Policy, type WrittenCall, sharedPool, writtenCall } from "../layout/topology.js";

export interface StationWords {
  title: string;
  state: string;
  /** The whole, for the name of the button. */
  label: string;
  /** What is wrong, or deliberately held back; the style sheet knows these names. */
  tone: "quiet" | "red" | "amber";
}

const TITLES: Record<Policy, string> = {
  retry: "Retry",
  breaker: "Breaker",
  bulkhead: "Bulkhead",
  timeout: "Timeout",
};

export function stationWords(moment: Moment, policy: Policy, calls: readonly number[], shape: CallShape): StationWords {
  const call = calls[0] ?? 0;
  const of = `${TITLES[policy]} of ${moment.run.calls[call]?.name ?? "the call"}`;
  switch (policy) {
    case "retry":
      return retryWords(moment, call, of);
    case "breaker":
      return breakerWords(moment, shape, of);
    case "bulkhead":
      return calls.length > 1 ? sharedWords(moment, calls) : bulkheadWords(moment, call, of);
    case "timeout":
      return timeoutWords(moment, call, of);
  }
}

function column(moment: Moment, call: number, which: number): number {
  return moment.frame.calls[call * CALL_STRIDE + which] ?? NaN;
}

// ---- retry

/** Attempts over calls of the last seconds: 1 without retries, more than a call may make where the calls get fewer. */
export function amplification(moment: Moment, calls: readonly number[]): number {
  const sum = (which: number): number => calls.reduce((all, call) => all + column(moment, call, which), 0);
  const made = sum(CALL.callsPerS);
  return made > 0 ? sum(CALL.attemptsPerS) / made : NaN;
}

export function times(factor: number): string {
  return Number.isNaN(factor) ? "–" : `×${factor.toFixed(factor < 9.95 ? 2 : 1)}`;
}

function retryWords(moment: Moment, call: number, of: string): StationWords {
  const factor = amplification(moment, [call]);
  const pausing = column(moment, call, CALL.pausing);
  const retry = writtenCall(moment.run, call)?.retry;
  const told = Number.isNaN(factor) ? "no calls" : `attempts are ${times(factor).slice(1)} times the calls`;
  const most = retry ? `, at most ${retry.attempts}` : "";
  const budget = retry?.budget
    ? `, retries within ${plain(retry.budget_percent)}${THIN}% of the calls`
    : ", without a budget";
  return {
    title: TITLES.retry,
    state: times(factor),
    label: `${of}: ${told}${most}${budget}; ${count(pausing)} pause before their next attempt`,
    tone: factor >= 1.5 ? "amber" : "quiet",
  };
}

// ---- breaker

function breakerWords(moment: Moment, shape: CallShape, of: string): StationWords {
  const view = breakerView(moment.frame, worstOf(moment.frame, shape));
  const others =
    shape.breakers > 1
      ? `; ${count(notClosed(moment.frame, shape.breaker, shape.breakers))} of ${count(shape.breakers)} breakers not closed`
      : "";
  return {
    title: TITLES.breaker,
    state: shortState(view, shape),
    label: `${of}: ${longState(view, shape)}${others}`,
    tone: view.state === "closed" || view.state === "disabled" ? "quiet" : view.state === "halfOpen" ? "amber" : "red",
  };
}

function shortState(view: BreakerView, shape: CallShape): string {
  switch (view.state) {
    case "closed":
      return `closed · ${measured(view, shape)}`;
    case "open":
      return view.left_ms > 0 ? `open · ${seconds(view.left_ms)}` : "open · next call";
    case "halfOpen":
      return "half-open";
    case "forcedOpen":
      return "forced open";
    case "disabled":
      return "disabled";
  }
}

function measured(view: BreakerView, shape: CallShape): string {
  if (shape.trip !== "failure_rate") return `${count(view.measure)}/${count(view.threshold)}`;
  return Number.isNaN(view.measure) ? "–" : `${plain(view.measure, 0)}${THIN}%`;
}

function longState(view: BreakerView, shape: CallShape): string {
  switch (view.state) {
    case "closed":
      return `closed, ${windowWords(view, shape)}, ${thresholdWords(view, shape)}`;
    case "open":
      return `open, ${view.left_ms > 0 ? `tries again in ${seconds(view.left_ms)}` : "tries again with the next call"}, ${count(view.refused)} refused`;
    case "halfOpen":
      return `half-open, ${trialWords(view)}, ${count(view.refused)} refused`;
    case "forcedOpen":
      return `forced open, ${count(view.refused)} refused`;
    case "disabled":
      return "disabled, everything passes";
  }
}

function windowWords(view: BreakerView, shape: CallShape): string {
  if (shape.trip === "consecutive") return `${counted(view.measure, "failure")} in a row`;
  const failures = shape.trip === "failures" ? view.measure : failuresOf(view);
  return view.calls === 0
    ? "no calls in its window"
    : `${count(failures)} of the last ${counted(view.calls, "call")} failed`;
}

function failuresOf(view: BreakerView): number {
  return Number.isNaN(view.failures) ? ((view.measure || 0) * view.calls) / 100 : view.failures;
}

function thresholdWords(view: BreakerView, shape: CallShape): string {
  if (shape.trip !== "failure_rate") return `opens at ${count(view.threshold)}`;
  const early = view.calls < view.minimumCalls ? `, judged from ${counted(view.minimumCalls, "call")} on` : "";
  const slow = Number.isNaN(view.slowThreshold) ? "" : `, or at ${plain(view.slowThreshold)}${THIN}% slow ones`;
  return `opens at ${plain(view.threshold)}${THIN}%${slow}${early}`;
}

function trialWords({ trials }: BreakerView): string {
  const needed = trials.needed > 0 ? ` of ${count(trials.needed)} needed` : "";
  return `${count(trials.succeeded)}${needed} trial calls succeeded, ${count(trials.out)} under way`;
}

/** Where each instance called has a breaker of its own. */
export function eachWords(moment: Moment, call: number, shape: CallShape): StationWords {
  const open = notClosed(moment.frame, shape.breaker, shape.breakers);
  const state = open === 0 ? "all closed" : `${count(open)} of ${count(shape.breakers)} not closed`;
  return {
    title: "Breakers",
    state,
    label: `Breakers of ${moment.run.calls[call]?.name ?? "the call"}, one for each instance: ${state}`,
    tone: open > 0 ? "red" : "quiet",
  };
}

// ---- bulkhead

function bulkheadWords(moment: Moment, call: number, of: string): StationWords {
  const out = column(moment, call, CALL.out);
  const waiting = column(moment, call, CALL.pooled);
  const limit = column(moment, call, CALL.limit);
  const places = column(moment, call, CALL.places);
  const waits = places > 0 ? `, ${count(waiting)} of ${count(places)} waiting places taken` : ", nobody may wait";
  return {
    title: TITLES.bulkhead,
    state: `${count(out)} of ${count(limit)}`,
    label: `${of}: ${count(out)} of ${count(limit)} slots taken${waits}`,
    tone: out >= limit ? "amber" : "quiet",
  };
}

function sharedWords(moment: Moment, calls: readonly number[]): StationWords {
  const sum = (which: number): number => calls.reduce((all, call) => all + column(moment, call, which), 0);
  const limit = column(moment, calls[0] ?? 0, CALL.limit);
  const places = sharedPool(moment.run, calls[0] ?? 0)?.rule.max_waiting ?? 0;
  const out = sum(CALL.out);
  const waiting = sum(CALL.pooled);
  const each = calls
    .map((call) => `${count(column(moment, call, CALL.out))} for ${nameOfTarget(moment, call)}`)
    .join(", ");
  const waits = places > 0 ? `; ${count(waiting)} of ${count(places)} waiting places taken` : "";
  return {
    title: "Shared pool",
    state: `${count(out)} of ${count(limit)}${waiting > 0 ? ` · ${count(waiting)} wait` : ""}`,
    label: `Bulkhead shared by ${calls.map((call) => moment.run.calls[call]?.name ?? "").join(" and ")}: ${count(out)} of ${count(limit)} slots taken, ${each}${waits}`,
    tone: out >= limit ? "amber" : "quiet",
  };
}

function nameOfTarget(moment: Moment, call: number): string {
  return moment.run.services[moment.run.calls[call]?.to ?? 0]?.name ?? "";
}

// ---- timeout

function timeoutWords(moment: Moment, call: number, of: string): StationWords {
  const written: WrittenCall | undefined = writtenCall(moment.run, call);
  const after = span(written?.timeout_ms ?? NaN);
  const then = written?.cancel ? "the work is cancelled with it" : "the instance goes on with it for nobody";
  return { title: TITLES.timeout, state: after, label: `${of}: given up after ${after}; ${then}`, tone: "quiet" };
}
