// The workload that every engine simulates: Poisson arrivals over eight single-server queues with exponential service,
// each request to the instance with the fewest outstanding, ties drawn at random.

export const workload = { rate_per_s: 1000, instances: 8, mean_ms: 6, duration_ms: 600_000 };

/** Of the Markov chain, solved numerically. */
export const exactMeanWaitMs = 1.8825;

/**
 * The workload as a scenario, with whatever of it is to differ.
 * @param {Partial<typeof workload> & { policy?: string, seed?: number }} [changes]
 */
export function scenario(changes = {}) {
  const { rate_per_s, instances, mean_ms, duration_ms, policy, seed } = {
    ...workload,
    policy: "least_outstanding",
    seed: 1,
    ...changes,
  };
  return {
    duration_ms,
    seed,
    clients: [{ arrivals: "poisson", rate_per_s, hop: { time_ms: 0, jitter_percent: 0 } }],
    services: [
      {
        balancer: { policy, active_checks: { enabled: false } },
        instances: {
          count: instances,
          concurrency: 1,
          queue_limit: 1_000_000,
          service_time: { kind: "exponential", mean_ms },
          hop: { time_ms: 0, jitter_percent: 0 },
        },
      },
    ],
  };
}

/**
 * The same with what a call can have: two jittered ways, a timeout, a bulkhead, and a breaker for each instance. About
 * five events a request.
 * @param {Parameters<typeof scenario>[0]} [changes]
 */
export function richScenario(changes = {}) {
  const plain = scenario(changes);
  return {
    ...plain,
    clients: plain.clients.map((client) => ({
      ...client,
      calls: [
        {
          timeout_ms: 100,
          bulkhead: { enabled: true, rule: { max_concurrent: 64, max_waiting: 1000 } },
          breaker: { enabled: true, scope: "instance" },
        },
      ],
    })),
    services: plain.services.map((service) => ({
      ...service,
      instances: { ...service.instances, hop: { time_ms: 1, jitter_percent: 50 } },
    })),
  };
}
