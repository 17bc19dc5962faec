/** What the stage says of two sides. */
import { describe, expect, test } from "vitest";
import { MODEL_STATE, REQUEST, REQUEST_FLAG, REQUEST_STATE, REQUEST_STRIDE } from "../../model/views.js";
import { instanceWords } from "./describe.js";
import { lagWords, logLabel, sidesWords } from "./describe-sides.js";
import type { Moment } from "../reading/shards.js";
import { shardActions, storeActions } from "../shard-actions.js";
import { type ModelColumns, frameOf, runOf, sides } from "../reading/sides.fixture.js";
import { isLocked, modelsOf, sideAt } from "../reading/sides.js";
import * as part from "../store-part.js";
import { sizesOf, topologyOf } from "../layout/topology.js";

function at(models: readonly ModelColumns[], details = sides(), fault: object | null = null): Moment {
  const run = runOf(details);
  if (fault) Object.assign(run.scenario, { faults: [fault] });
  return { frame: frameOf(5_000, models), run, part };
}

/** Thin and hard spaces are for the eye. */
function plainly(text: string): string {
  return text.replace(/[\u202F\u00A0\u2009]/g, " ");
}

function card(
  moment: Moment,
  node: number,
): Record<"own" | "keys" | "state" | "short" | "working" | "waiting", string> {
  const { own, keys, state, short, working, waiting } = instanceWords(moment, node);
  return {
    own,
    keys: plainly(keys),
    state: plainly(state),
    short: plainly(short),
    working: plainly(working),
    waiting: plainly(waiting),
  };
}

describe("the cards", () => {
  test("of the side that writes: how much it has written, and its own slots", () => {
    expect(card(at([{}, {}]), 0)).toEqual({
      own: "commands",
      keys: "100 events written",
      state: "50 /s",
      short: "50 /s",
      working: "working 0 of 4",
      waiting: "waiting 0 of 16",
    });
  });

  test("of a read model that follows: that it has all, and its own slots", () => {
    expect(card(at([{}, {}]), 1)).toMatchObject({
      own: "by person",
      keys: "has all 100",
      state: "50 /s",
      working: "working 0 of 2",
      waiting: "waiting 0 of 8",
    });
  });

  test("of one that is behind: by how much, and how many of its answers are stale", () => {
    const late = { wants: 92, behind: 8, ageMs: 1_240, staleShare: 0.25 };
    expect(card(at([late, {}]), 1)).toMatchObject({
      keys: "has 92 of 100",
      state: "1.2 s behind · 25 % stale",
      short: "1.2 s behind",
    });
    // A lag of a few milliseconds comes with each event, and is no news.
    expect(card(at([{ wants: 99, behind: 1, ageMs: 40 }, {}]), 1).state).toBe("50 /s");
  });

  test("say why a read model is behind", () => {
    const of = (state: number): string | null => {
      const [model] = modelsOf(frameOf(0, [{ wants: 90, behind: 10, ageMs: 800, state }]), sides());
      return model ? plainly(lagWords(model) ?? "") : null;
    };
    expect(of(MODEL_STATE.follows)).toBe("800 ms behind");
    expect(of(MODEL_STATE.stopped)).toBe("stopped");
    expect(of(MODEL_STATE.replays)).toBe("replays");
    expect(of(MODEL_STATE.down)).toBe("");
  });

  test("say what is wrong before they say how busy", () => {
    const slow = { kind: "slow", target: "by_person", at_ms: 0, for_ms: null, factor: 4, percent: 50 };
    expect(card(at([{}, {}], sides(), slow), 1).state).toBe("slow ×4 · 50 /s");
    expect(card(at([{}, {}], sides(), slow), 0).state).toBe("50 /s");
  });

  test("say how busy it is before the log is there, or what draws it", () => {
    const early = { own: "by person", state: "50 /s", keys: "" };
    expect(card({ ...at([{}, {}]), part: null }, 1)).toMatchObject(early);
    const run = runOf(sides(), { cqrs: [] });
    expect(card({ ...at([{}, {}]), run }, 1)).toMatchObject(early);
  });
});

describe("a shared model", () => {
  const details = sides({ shared: true, models: ["by_person"] });

  test("is locked as long as a command is at work on it", () => {
    const moment = at([{}], details);
    const working = (flags: number): Moment => {
      const requests = new Float32Array(REQUEST_STRIDE);
      requests[REQUEST.state] = REQUEST_STATE.working;
      requests[REQUEST.flags] = flags;
      return { ...moment, frame: { ...moment.frame, requests } };
    };
    expect(card(working(REQUEST_FLAG.command), 0).keys).toBe("locked by a command");
    expect(card(working(0), 0).keys).toBe("reads and writes");
    expect(isLocked(moment.frame, 0)).toBe(false);
  });

  test("is one node with the slots of the side that writes, and has no read models", () => {
    const moment = at([{}], details);
    expect(sidesWords(moment, 0)).toBe("for commands and queries");
    expect(sideAt(moment, 0)).toEqual({ shared: true, model: null });
    expect(topologyOf(moment.run).services?.[0]).toMatchObject({ count: 1, sides: { shared: true, locks: true } });
  });
});

test("the log says how long it is and what each read model lacks", () => {
  expect(logLabel(at([{}, { behind: 3 }]), 0)).toBe(
    "Log of personnel: 100 events, by person lacks none, strength lacks 3",
  );
  expect(sidesWords(at([{}, {}]), 0)).toBe("2 read models");
});

test("slots and waiting places are those of the node's own side", () => {
  const { run } = at([{}, {}]);
  expect(sizesOf(run, 0, 0)).toEqual({ concurrency: 4, queueLimit: 16 });
  expect(sizesOf(run, 0, 2)).toEqual({ concurrency: 2, queueLimit: 8 });
});

test("what can be done to a side is what the model would take", () => {
  const moment = at([{}, {}]);
  expect(shardActions(moment, 0)).toEqual(["crash", "slow", "errors"]);
  expect(shardActions(moment, 1)).toContain("stop_projection");
  expect(storeActions(moment, 0)).not.toContain("add_shard");
});
