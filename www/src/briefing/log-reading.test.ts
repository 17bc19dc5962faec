import { expect, it } from "vitest";
import type { LogColumns } from "../model/views.js";
import { lengthAt, positionAt } from "../model/log.js";
import { eventAt, movesAt, newestBefore, progressWords, takenIn, takenWords, whoHasIt } from "./log-reading.js";

/** Two events from before the run and three of it. The second read model is rebuilt at 500 ms. */
const log: LogColumns = {
  at_ms: new Float64Array([0, 0, 100, 100, 300]),
  request: new Float64Array([-1, -1, 7, 9, 12]),
  person: new Uint32Array([1, 2, 1, 3, 2]),
  version: new Uint32Array([0, 0, 1, 0, 1]),
  kind: new Uint32Array([0, 0, 1, 0, 2]),
  from: new Float64Array([-1, -1, 0, -1, 1]),
  to: new Float64Array([0, 1, 1, 2, -1]),
  progress_at: [new Float64Array([0, 100, 100, 300]), new Float64Array([0, 160, 220, 500, 510, 520, 530])],
  progress: [new Uint32Array([2, 3, 4, 5]), new Uint32Array([2, 3, 4, 0, 1, 2, 3])],
};

it("grows with the playhead and shrinks when that goes back", () => {
  expect([-1, 0, 99, 100, 299, 300, 9_999].map((t_ms) => lengthAt(log, t_ms))).toEqual([0, 2, 2, 4, 4, 5, 5]);
});

it("knows how far each read model is, also where it fell back", () => {
  const positions = (t_ms: number): number[] => [positionAt(log, 0, t_ms), positionAt(log, 1, t_ms)];
  expect([0, 150, 160, 499, 500, 525].map(positions)).toEqual([
    [2, 2],
    [4, 2],
    [4, 3],
    [5, 4],
    [5, 0],
    [5, 2],
  ]);
  expect(movesAt(log, 160)).toEqual([3, 2]);
  expect(positionAt(log, 9, 100)).toBe(0);
});

it("reads an event with its command, and of those from before the run that nobody asked for them", () => {
  expect(eventAt(log, 2)).toEqual({
    position: 2,
    at_ms: 100,
    request: 7,
    person: 1,
    version: 1,
    event: "soldier_1 was transferred from Alpha Company to Bravo Company",
    command: "transfer soldier_1 to Bravo Company",
  });
  expect(eventAt(log, 4)?.event).toBe("soldier_2 was released from Bravo Company");
  expect(eventAt(log, 0)?.request).toBeNull();
  expect(eventAt(log, 5)).toBeUndefined();
});

it("lists the newest first, and no more than there are", () => {
  expect(newestBefore(5, 3)).toEqual([4, 3, 2]);
  expect(newestBefore(2, 3)).toEqual([1, 0]);
  expect(newestBefore(0, 3)).toEqual([]);
});

it("finds when a read model took an event in, each time, and nothing that is still to come", () => {
  expect(takenIn(log, 0, 2, 9_999)).toEqual([100]);
  expect(takenIn(log, 1, 2, 159)).toEqual([]);
  expect(takenIn(log, 1, 2, 160)).toEqual([160]);
  expect(takenIn(log, 1, 2, 9_999)).toEqual([160, 530]);
  expect(takenIn(log, 1, 0, 9_999)).toEqual([0, 510]);
  expect(takenIn(log, 1, 4, 9_999)).toEqual([]);
});

it("says with what lag it was taken in", () => {
  expect(takenWords([], 100)).toBe("");
  expect(takenWords([100], 100)).toBe("0.100\u202fs, in the same step");
  expect(takenWords([160, 530], 100)).toBe("0.160\u202fs, 60.0\u202fms after it was written; again at 0.530\u202fs");
});

it("tells who has an event, and how much somebody lacks", () => {
  expect(whoHasIt(["by_person", "strength"], [5, 2], 2)).toEqual({ has: "by person", lacks: "strength" });
  expect(whoHasIt(["by_person", "strength"], [5, 3], 2)).toEqual({ has: "by person, strength", lacks: "" });
  expect(progressWords(5, 5)).toBe("has all");
  expect(progressWords(4, 5)).toBe("lacks 1 event, wants 4 next");
});
