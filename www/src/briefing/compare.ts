/** The same requests under other settings: a scenario with one thing changed after another, simulated once for each. */
import type { Comparison, Variant } from "../../content/briefing.js";
import type { Engine } from "../model/engine.js";
import { cloneScenario } from "../model/scenario.js";
import type { Report, Scenario } from "../model/views.js";
import { setAt, type Path } from "../panel/path.js";
import { carryOut } from "./deeds.js";

export const POLICY: Path = ["services", 0, "balancer", "policy"];

/** A scenario to be simulated, under the name of what was changed in it. */
export interface Candidate {
  readonly name: string;
  readonly scenario: Scenario;
}

export interface Outcome {
  readonly name: string;
  /** None where the engine refused the scenario. */
  readonly report: Report | null;
}

export function policiesOf(scenario: Scenario, policies: readonly string[]): Candidate[] {
  return policies.map((name) => {
    const draft = cloneScenario(scenario);
    setAt(draft, POLICY, name);
    return { name, scenario: draft };
  });
}

export function variantsOf(scenario: Scenario, { variants }: Comparison): Candidate[] {
  return variants.map((variant) => ({ name: variant.label, scenario: varied(scenario, variant) }));
}

export function varied(scenario: Scenario, variant: Variant): Scenario {
  const draft = cloneScenario(scenario);
  carryOut(draft, variant.deeds, { names: [], playhead_ms: 0 });
  return draft;
}

/**
 * Tells one outcome after the other. Arrivals, keys and demands are the same in all of them, as each draw is keyed by
 * the seed and what it is for, so that they differ by what was changed alone.
 */
export function compare(
  engine: Engine,
  candidates: readonly Candidate[],
  tell: (outcome: Outcome) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (epoch: number): void => {
      const candidate = candidates[epoch];
      if (candidate === undefined) {
        resolve();
        return;
      }
      const json = JSON.stringify(candidate.scenario);
      engine.load({ epoch, json, ask: { t_ms: 0, linger_ms: 0, max_drawn: 0, narrate: false }, at_once: true });
    };
    const heard = (epoch: number, report: Report | null): void => {
      tell({ name: candidates[epoch]?.name ?? "", report });
      next(epoch + 1);
    };
    engine.listen({
      ready: () => undefined,
      frame: () => undefined,
      details: () => undefined,
      replication: () => undefined,
      run: (epoch, run) => heard(epoch, run.report),
      refused: (epoch) => heard(epoch, null),
      rebuilt: (message) => reject(new Error(message)),
      unavailable: (message) => reject(new Error(message)),
    });
    next(0);
  });
}

/** What of a scenario tells whether rows are still of it. A trace is told by its name and size. */
export function fingerprint(scenario: Scenario): string {
  return JSON.stringify(scenario, (_key, value: unknown) =>
    Array.isArray(value) && value.length > 1_000 ? value.length : value,
  );
}
