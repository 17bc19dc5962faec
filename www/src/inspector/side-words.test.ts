import { expect, test } from "vitest";
import type { ModelNow } from "../stage/reading/sides.js";
import { modelSentence } from "./side-words.js";

test("a read model that lacks nothing is said to have all events, also where it is down or stopped", () => {
  const now = { kind: "by_person", behind: 0, age_ms: 0, events: 40, waiting: 0 } as ModelNow;
  expect(modelSentence({ ...now, state: "down" })).toBe(
    "The read model by person is down. It goes on from its checkpoint, and has all 40 events.",
  );
  expect(modelSentence({ ...now, state: "stopped" })).toContain("It has all 40 events.");
  expect(modelSentence({ ...now, state: "down", behind: 3, age_ms: 700 })).toContain(
    "and lacks 3 events, the oldest for",
  );
});
