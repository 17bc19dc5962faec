// How time and memory grow: with the length of a run, and with the number of instances.

import { crossing, simulateRecorded } from "./sandtable.mjs";
import { median } from "./statistics.mjs";
import { richScenario, scenario, workload } from "./workload.mjs";

/** @import { Place } from './places.mjs' */

export const policies = [
  "round_robin",
  "smooth_weighted_round_robin",
  "random",
  "weighted_random",
  "least_outstanding",
  "weighted_least_outstanding",
  "power_of_two_choices",
  "peak_ewma",
  "ring_hash",
  "maglev",
  "as_in_manual",
];

/** These weigh every instance for each request: that is what they are. */
export const policiesThatScan = new Set(["smooth_weighted_round_robin", "weighted_least_outstanding"]);

/**
 * Time per request in a run of a million requests, over that in one of ten thousand.
 * @param {Place} place
 * @param {number} rounds
 */
export async function lengthRatio(place, rounds) {
  const long = JSON.stringify(scenario({ duration_ms: 1_000_000 }));
  const short = JSON.stringify(scenario({ duration_ms: 10_000 }));
  // A browser's clock is coarse: many short runs for each long one.
  return interleaved(
    rounds,
    () => perRequest(place, long, 1),
    () => perRequest(place, short, 20),
  );
}

/**
 * Time per request with 1,000 instances, over that with 10: as many requests, at the same load on each instance.
 * @param {Place} place
 * @param {string} policy
 * @param {number} rounds
 */
export async function instancesRatio(place, policy, rounds) {
  const requests = 100_000;
  const json = (/** @type {number} */ instances) => {
    const rate_per_s = (workload.rate_per_s / workload.instances) * instances;
    return JSON.stringify(scenario({ policy, instances, rate_per_s, duration_ms: (requests / rate_per_s) * 1000 }));
  };
  const [many, few] = [json(1000), json(10)];
  return interleaved(
    rounds,
    () => perRequest(place, many, 1),
    () => perRequest(place, few, 1),
  );
}

/**
 * @param {Place} place
 * @param {boolean} rich
 */
export async function bytesPerRequest(place, rich) {
  const json = JSON.stringify(rich ? richScenario() : scenario());
  const { bytes, requests } = await place.call(simulateRecorded, json);
  return bytes / requests;
}

/**
 * The frame of a system with about 100,000 requests under way.
 * @param {Place} place
 */
export async function bigFrame(place) {
  const busy = scenario({ rate_per_s: 10_000, duration_ms: 20_000, instances: 100, mean_ms: 5 });
  for (const client of busy.clients) client.hop.time_ms = 5_000;
  const { ms, requests, numbersOnly } = await place.call(crossing, JSON.stringify(busy), 200_000);
  return { ms: (ms * 100_000) / requests, numbersOnly };
}

/**
 * @param {Place} place
 * @param {string} json
 * @param {number} runs
 */
async function perRequest(place, json, runs) {
  let ms = 0;
  let requests = 0;
  for (let i = 0; i < runs; i += 1) {
    const timing = await place.call(simulateRecorded, json);
    ms += timing.ms;
    requests += timing.requests;
  }
  return ms / requests;
}

/**
 * @param {number} rounds
 * @param {() => Promise<number>} one
 * @param {() => Promise<number>} other
 */
async function interleaved(rounds, one, other) {
  const ratios = [];
  for (let round = 0; round <= rounds; round += 1) {
    const value = (await one()) / (await other());
    // The first round is for the compilers.
    if (round > 0) ratios.push(value);
  }
  return median(ratios);
}
