/** A breaker at a moment, read from the frame's columns. */
import {
  BREAKER,
  type BREAKER_STATE,
  BREAKER_STRIDE,
  CELL,
  CELL_STRIDE,
  type Frame,
  SCALAR,
} from "../../model/views.js";
import type { CallShape } from "../layout/topology.js";

export type SwitchState = keyof typeof BREAKER_STATE;

const STATES: readonly SwitchState[] = ["closed", "open", "halfOpen", "forcedOpen", "disabled"];
/** From the one that matters least to the one that matters most. */
const SEVERITY: Record<SwitchState, number> = { disabled: 0, closed: 1, halfOpen: 2, open: 3, forcedOpen: 4 };

function column(frame: Frame, breaker: number, which: number): number {
  return frame.breakers[breaker * BREAKER_STRIDE + which] ?? NaN;
}

function stateOf(frame: Frame, breaker: number): SwitchState {
  return STATES[column(frame, breaker, BREAKER.state)] ?? "closed";
}

/** Nearest to tripping, or farthest from being closed: where each caller has a breaker, this one is drawn. */
export function worstOf(frame: Frame, call: CallShape): number {
  let worst = call.breaker;
  for (let each = call.breaker + 1; each < call.breaker + call.breakers; each += 1) {
    if (severity(frame, each) > severity(frame, worst)) worst = each;
  }
  return worst;
}

function severity(frame: Frame, breaker: number): number {
  const { measure, threshold } = BREAKER;
  const near = column(frame, breaker, measure) / Math.max(1e-9, column(frame, breaker, threshold));
  return SEVERITY[stateOf(frame, breaker)] + Math.min(0.99, Number.isNaN(near) ? 0 : near * 0.5);
}

/** How many of a call's breakers let nothing or only trials through. */
export function notClosed(frame: Frame, first: number, count: number): number {
  let sum = 0;
  for (let each = first; each < first + count; each += 1) sum += Number(SEVERITY[stateOf(frame, each)] > 1);
  return sum;
}

/** The state of the breaker in front of an instance of the service called; the worst over all callers. */
export function stateBefore(frame: Frame, call: CallShape, place: number): SwitchState {
  let worst: SwitchState = "disabled";
  for (let each = call.breaker + place; each < call.breaker + call.breakers; each += call.breakersEach) {
    const state = stateOf(frame, each);
    if (SEVERITY[state] > SEVERITY[worst]) worst = state;
  }
  return worst;
}

export interface BreakerView {
  state: SwitchState;
  /** Time until calls are let through again; NaN where it isn't open. */
  left_ms: number;
  /** Of the time that it stays open, the part still to come. */
  leftShare: number;
  measure: number;
  threshold: number;
  slowPercent: number;
  slowThreshold: number;
  calls: number;
  minimumCalls: number;
  /** Failures in the window, as its cells have them; NaN where there are none. */
  failures: number;
  trials: { free: number; out: number; answered: number; succeeded: number; needed: number };
  refused: number;
  firstCell: number;
  cells: number;
}

export function breakerView(frame: Frame, breaker: number): BreakerView {
  const now = frame.scalars[SCALAR.tMs] ?? 0;
  const read = (which: number): number => column(frame, breaker, which);
  const retryAt = read(BREAKER.retryAtMs);
  const firstCell = read(BREAKER.firstCell) || 0;
  const cells = read(BREAKER.cells) || 0;
  return {
    state: stateOf(frame, breaker),
    left_ms: Math.max(0, retryAt - now),
    leftShare: Math.min(1, Math.max(0, (retryAt - now) / Math.max(1, retryAt - read(BREAKER.sinceMs)))),
    measure: read(BREAKER.measure),
    threshold: read(BREAKER.threshold),
    slowPercent: read(BREAKER.slowPercent),
    slowThreshold: read(BREAKER.slowThreshold),
    calls: read(BREAKER.calls) || 0,
    minimumCalls: read(BREAKER.minimumCalls) || 0,
    failures: failuresIn(frame, firstCell, cells),
    trials: {
      free: read(BREAKER.trialsFree) || 0,
      out: read(BREAKER.trialsOut) || 0,
      answered: read(BREAKER.trialsAnswered) || 0,
      succeeded: read(BREAKER.trialsSucceeded) || 0,
      needed: read(BREAKER.trialsNeeded) || 0,
    },
    refused: read(BREAKER.refused) || 0,
    firstCell,
    cells,
  };
}

function failuresIn(frame: Frame, first: number, cells: number): number {
  if (cells === 0) return NaN;
  let failures = 0;
  for (let each = first; each < first + cells; each += 1) {
    failures += frame.cells[each * CELL_STRIDE + CELL.failures] ?? 0;
  }
  return failures;
}
