import { expect, it } from "vitest";
import { INSTANCE, INSTANCE_STRIDE, type Frame } from "../model/views.js";
import { instanceNow, statusSentence } from "./words.js";

function frame(columns: Partial<Record<keyof typeof INSTANCE, number>>): Frame {
  const instances = new Float32Array(INSTANCE_STRIDE);
  instances[INSTANCE.statusSinceMs] = NaN;
  for (const [name, value] of Object.entries(columns)) instances[INSTANCE[name as keyof typeof INSTANCE]] = value;
  const none = new Float32Array();
  const frame = { requests: none, badges: none, calls: none, breakers: none, cells: none, shards: none, models: none };
  return { ...frame, scalars: new Float64Array(12), instances };
}

function sentence(columns: Partial<Record<keyof typeof INSTANCE, number>>): string {
  const now = instanceNow(frame(columns), 0);
  return now === undefined ? "" : statusSentence(now);
}

it("says that an instance is down before the balancer knows", () => {
  expect(sentence({ up: 0, status: 0, checksFailed: 2 })).toBe(
    "Down; the balancer still believes it healthy, 2 checks failed in a row.",
  );
});

it("says since when it is out, and whether it takes traffic", () => {
  expect(sentence({ up: 1, status: 2, statusSinceMs: 8_200 })).toBe("Ejected since 8.200\u202fs; takes no traffic.");
  expect(sentence({ up: 1, status: 0, takesTraffic: 1 })).toBe("Healthy; takes traffic.");
});

it("knows nothing of an instance that is not there", () => {
  expect(instanceNow(frame({}), 1)).toBeUndefined();
  expect(instanceNow(null, 0)).toBeUndefined();
});

it("names every fault that is on", () => {
  expect(instanceNow(frame({ up: 1, faults: 2 + 16 }), 0)?.faults).toEqual(["slowed down", "draining"]);
});
