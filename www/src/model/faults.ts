import type { Fault } from "./views.js";

function faultEnd(fault: Fault): number {
  return fault.for_ms === null ? Infinity : fault.at_ms + fault.for_ms;
}

export function isActive(fault: Fault, t_ms: number): boolean {
  return fault.at_ms <= t_ms && t_ms < faultEnd(fault);
}

/** Ends every fault on `target` that is active at `t_ms`; one that would last no time is dropped. */
export function endedAt(faults: readonly Fault[], target: string, t_ms: number): Fault[] {
  return faults.flatMap((fault) => {
    if (fault.target !== target || !isActive(fault, t_ms)) return [fault];
    const for_ms = t_ms - fault.at_ms;
    return for_ms > 0 ? [{ ...fault, for_ms }] : [];
  });
}
