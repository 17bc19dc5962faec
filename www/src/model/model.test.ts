/** The two workers of the model, against ones that answer when the test says so. */
import { beforeEach, expect, test } from "vitest";
import { BrokenDown, type EngineListener, Refused } from "./engine.js";
import { Model, type Stage } from "./model.js";
import type { FrameAsk, FromWorker, RunAnswer, ToWorker } from "./protocol.js";
import { NO_DETAILS } from "./views.js";

class FakeWorker {
  readonly stage: Stage;
  readonly heard: ToWorker[] = [];
  ended = false;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | undefined;
  onerror: ((event: ErrorEvent) => void) | undefined;

  constructor(stage: Stage) {
    this.stage = stage;
  }
  postMessage(message: ToWorker): void {
    this.heard.push(message);
  }
  terminate(): void {
    this.ended = true;
  }
  say(message: FromWorker): void {
    this.onmessage?.({ data: message } as MessageEvent<FromWorker>);
  }
  /** Answers the load of this epoch, as its module would. */
  finish(epoch: number): void {
    const details =
      this.stage === "whole" ? { ...NO_DETAILS, report: { requests: 1 }, series: { buckets: 1 } } : NO_DETAILS;
    this.say({
      type: "run",
      epoch,
      run: details as unknown as RunAnswer,
      first: { frame: {}, narration: null } as never,
    });
  }
  get loads(): number[] {
    return this.heard.filter((message) => message.type === "load").map(({ epoch }) => epoch);
  }
  get questions(): ToWorker[] {
    return this.heard.filter((message) => message.type === "question");
  }
}

const ASK: FrameAsk = { t_ms: 5, linger_ms: 0, max_drawn: 10, narrate: false };

let workers: FakeWorker[];
let told: string[];
let model: Model;

const make = (stage: Stage): Worker => {
  const worker = new FakeWorker(stage);
  workers.push(worker);
  return worker as unknown as Worker;
};
const worker = (index: number): FakeWorker => {
  const one = workers[index];
  if (!one) throw new Error(`there are ${workers.length} workers`);
  return one;
};

function listener(): EngineListener {
  return {
    ready: () => told.push("ready"),
    run: (epoch, run) => told.push(`run ${epoch}${run.report ? ", read" : ""}`),
    details: (epoch) => told.push(`details ${epoch}`),
    refused: (epoch) => told.push(`refused ${epoch}`),
    frame: (epoch) => told.push(`frame ${epoch}`),
    replication: () => told.push("replication"),
    rebuilt: () => told.push("rebuilt"),
    unavailable: (message) => told.push(`unavailable: ${message}`),
  };
}

function load(epoch: number): void {
  model.load({ epoch, json: `{"seed":${epoch}}`, ask: ASK });
}

beforeEach(() => {
  workers = [];
  told = [];
  model = new Model("first", make);
  model.listen(listener());
});

test("the first picture takes one worker, and the whole one only when the page asks for it", () => {
  load(1);
  worker(0).finish(1);
  expect(workers.map(({ stage }) => stage)).toEqual(["first"]);
  void model.complete();
  expect(workers.map(({ stage }) => stage)).toEqual(["first", "whole"]);
  expect(told).toEqual(["run 1"]);
});

test("the whole one simulates the run that is shown, tells its details and takes over", async () => {
  load(1);
  worker(0).say({ type: "ready" });
  worker(0).finish(1);
  const complete = model.complete();
  expect(worker(1).loads).toEqual([1]);
  model.frame(ASK);
  expect(worker(0).heard.at(-1)?.type).toBe("frame");
  worker(1).finish(1);
  await complete;
  expect(told).toEqual(["ready", "run 1", "details 1"]);
  expect(worker(0).ended).toBe(true);
  // The first one never answered it.
  expect(worker(1).heard.at(-1)).toEqual({ type: "frame", ask: ASK });
});

test("details that follow their run are passed on, unless another run is shown by then", () => {
  load(1);
  worker(0).finish(1);
  void model.complete();
  worker(1).say({ type: "details", epoch: 1, details: {} as never });
  worker(1).say({ type: "details", epoch: 2, details: {} as never });
  expect(told).toEqual(["run 1", "details 1"]);
});

test("a scenario with stores or sides goes to the whole one at once, and the first one ends when that has a run", () => {
  model.load({ epoch: 1, json: `{"stores":[],"cqrs":[{}]}`, ask: ASK });
  expect(workers.map(({ stage }) => stage)).toEqual(["first", "whole"]);
  expect(worker(0).loads).toEqual([]);
  worker(1).finish(1);
  expect(worker(0).ended).toBe(true);
  expect(told).toEqual(["run 1, read"]);
});

test("an edit while the whole one comes goes to it alone, and frames go on from the first until then", () => {
  load(1);
  worker(0).say({ type: "ready" });
  worker(0).finish(1);
  void model.complete();
  load(2);
  expect(worker(0).loads).toEqual([1]);
  expect(worker(1).loads).toEqual([1, 2]);
  model.frame(ASK);
  worker(0).say({ type: "frame", epoch: 1, answer: { frame: {}, narration: null } as never });
  worker(1).finish(2);
  expect(told).toEqual(["ready", "run 1", "frame 1", "run 2, read"]);
  expect(worker(0).ended).toBe(true);
});

test("an edit that the whole one refuses leaves it the run that is shown", () => {
  load(1);
  worker(0).finish(1);
  void model.complete();
  load(2);
  worker(1).say({ type: "refused", epoch: 2, refusal: { code: "", path: "", message: "no", mistakes: [] } });
  expect(worker(1).loads).toEqual([1, 2, 1]);
  worker(1).finish(1);
  expect(told).toEqual(["run 1", "refused 2", "details 1"]);
});

test("a question before the first picture waits for it, and then for the whole module", async () => {
  load(1);
  const seed = model.ask({ kind: "seed" });
  expect(workers).toHaveLength(1);
  worker(0).finish(1);
  expect(worker(1).questions).toHaveLength(1);
  worker(1).say({ type: "answer", call: 1, value: 7 });
  await expect(seed).resolves.toBe(7);
});

test("where the whole module can't be had, the picture and edits go on, and it can be tried again", async () => {
  load(1);
  worker(0).finish(1);
  const complete = model.complete();
  load(2);
  const step = model.ask({ kind: "step", t_ms: 0, what: "event", direction: 1 });
  worker(1).say({ type: "unavailable", message: "no network" });
  await expect(complete).rejects.toThrow("no network");
  await expect(step).rejects.toThrow("no network");
  expect(worker(0).loads).toEqual([1, 2]);
  worker(0).finish(2);
  void model.complete();
  expect(worker(2).loads).toEqual([2]);
  worker(2).finish(2);
  expect(told).toEqual(["run 1", "run 2", "details 2"]);
});

test("a trap of the whole one before it has taken over leaves the first as it is", async () => {
  load(1);
  worker(0).finish(1);
  const complete = model.complete();
  worker(1).say({ type: "trapped", message: "unreachable" });
  await expect(complete).rejects.toThrow("unreachable");
  expect([worker(0).ended, worker(1).ended]).toEqual([false, true]);
  expect(told).toEqual(["run 1"]);
});

test("a trap after that builds the whole one again, and only that", async () => {
  load(1);
  worker(0).finish(1);
  void model.complete();
  worker(1).finish(1);
  const explained = model.ask({ kind: "explain", request: 3 });
  worker(1).say({ type: "trapped", message: "unreachable" });
  await expect(explained).rejects.toBeInstanceOf(BrokenDown);
  expect(workers.map(({ stage, ended }) => [stage, ended])).toEqual([
    ["first", true],
    ["whole", true],
    ["whole", false],
  ]);
  load(2);
  worker(2).finish(2);
  expect(told).toEqual(["run 1", "details 1", "rebuilt", "run 2, read"]);
});

test("a trap of the first one is a breakdown of the model", () => {
  load(1);
  worker(0).say({ type: "trapped", message: "unreachable" });
  expect(told).toEqual(["rebuilt"]);
});

test("a worker that is no longer needed is no longer heard", () => {
  load(1);
  worker(0).finish(1);
  void model.complete();
  worker(1).finish(1);
  worker(0).say({ type: "frame", epoch: 1, answer: { frame: {}, narration: null } as never });
  worker(0).say({ type: "trapped", message: "too late" });
  expect(told).toEqual(["run 1", "details 1"]);
});

test("a question that is refused says why", async () => {
  model = new Model("whole", make);
  model.listen(listener());
  load(1);
  worker(1).finish(1);
  const explained = model.ask({ kind: "explain", request: 99 });
  const refusal = { code: "no_such_request", path: "", message: "no such request", mistakes: [] };
  worker(1).say({ type: "question-refused", call: 1, refusal });
  await expect(explained).rejects.toBeInstanceOf(Refused);
  expect(told).toEqual(["run 1, read"]);
});
