/** The same traffic under each policy: the scenario with nothing but its policy changed, simulated once for each. */
import type { Engine } from "../model/engine.js";
import { cloneScenario } from "../model/scenario.js";
import type { Report, Scenario } from "../model/views.js";
import { setAt, type Path } from "../panel/path.js";

export const POLICY: Path = ["services", 0, "balancer", "policy"];

export interface Outcome {
  readonly policy: string;
  /** None where the engine refused the scenario under this policy. */
  readonly report: Report | null;
}

/**
 * Tells the outcome under one policy after the other. Arrivals, keys and demands are the same in all of them, as each
 * draw is keyed by the seed and what it is for, so that the rows differ by the policy alone.
 */
export function compare(
  engine: Engine,
  scenario: Scenario,
  policies: readonly string[],
  tell: (outcome: Outcome) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (epoch: number): void => {
      const policy = policies[epoch];
      if (policy === undefined) {
        resolve();
        return;
      }
      const json = JSON.stringify(withPolicy(scenario, policy));
      engine.load({ epoch, json, ask: { t_ms: 0, linger_ms: 0, max_drawn: 0, narrate: false } });
    };
    const heard = (epoch: number, report: Report | null): void => {
      tell({ policy: policies[epoch] ?? "", report });
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

function withPolicy(scenario: Scenario, policy: string): Scenario {
  const draft = cloneScenario(scenario);
  setAt(draft, POLICY, policy);
  return draft;
}
