import type { Scenario } from "./views.js";

/**
 * A copy to be changed. Traces are taken over, not copied: nobody edits inside a trace, a whole one is put in its
 * place, and one of a day's length would make each drag of a slider copy megabytes.
 */
export function cloneScenario(scenario: Scenario): Scenario {
  const traces = scenario.clients.map((client) => client.trace);
  const light = {
    ...scenario,
    clients: scenario.clients.map((client) => ({ ...client, trace: { name: "", counts: [], keys: [] } })),
  };
  const copy = structuredClone(light) as Scenario;
  copy.clients.forEach((client, index) => {
    const trace = traces[index];
    if (trace) client.trace = trace;
  });
  return copy;
}
