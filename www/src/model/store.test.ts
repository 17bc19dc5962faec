/** The store against a model that answers when the test says so, and frames that pass when the test says so. */
import { beforeEach, expect, test } from "vitest";
import { BrokenDown, type Engine, type EngineListener, type LoadOrder } from "./engine.js";
import type { Answers, FrameAnswer, FrameAsk, Question, RunAnswer } from "./protocol.js";
import { Store } from "./store.js";
import type { Details, Frame, Report, Scenario, Series } from "./views.js";

class FakeEngine implements Engine {
  listener: EngineListener | undefined;
  readonly loads: LoadOrder[] = [];
  readonly asks: FrameAsk[] = [];
  answer: Answers[Question["kind"]] = 0;

  listen(listener: EngineListener): void {
    this.listener = listener;
  }
  load(order: LoadOrder): void {
    this.loads.push(order);
  }
  frame(ask: FrameAsk): void {
    this.asks.push(ask);
  }
  replicate(): void {
    // No test here runs several seeds.
  }
  complete(): Promise<void> {
    return Promise.resolve();
  }
  ask<Kind extends Question["kind"]>(): Promise<Answers[Kind]> {
    return Promise.resolve(this.answer as Answers[Kind]);
  }

  finish(load: LoadOrder, end_ms = 60_000): void {
    const scenario = JSON.parse(load.json) as Scenario;
    const services = scenario.services.map(({ name, instances }) => ({
      name,
      first_instance: 0,
      instances: instances.count,
      store: null,
      copies: 1,
      cqrs: null,
      nodes: [],
    }));
    const run = {
      scenario,
      end_ms,
      duration_ms: end_ms,
      requests: 100,
      attempts: 100,
      services,
    } as unknown as RunAnswer;
    this.listener?.run(load.epoch, run, frameAt(load.ask.t_ms));
  }
  get last(): LoadOrder {
    const load = this.loads.at(-1);
    if (!load) throw new Error("nothing was loaded");
    return load;
  }
}

class FakeFrames {
  #callbacks: ((now: number) => void)[] = [];
  #now = 0;

  request(callback: (now: number) => void): number {
    return this.#callbacks.push(callback);
  }
  cancel(): void {
    this.#callbacks = [];
  }
  pass(ms: number): void {
    this.#now += ms;
    for (const callback of this.#callbacks.splice(0)) callback(this.#now);
  }
  get waiting(): number {
    return this.#callbacks.length;
  }
}

function frameAt(t_ms: number): FrameAnswer {
  const frame: Frame = {
    scalars: Float64Array.of(t_ms),
    instances: new Float32Array(0),
    requests: new Float32Array(0),
    badges: new Float32Array(0),
    calls: new Float32Array(0),
    breakers: new Float32Array(0),
    cells: new Float32Array(0),
    shards: new Float32Array(0),
    models: new Float32Array(0),
  };
  return { frame, narration: `at ${t_ms}` };
}

const SCENARIO = {
  seed: 1,
  clients: [{ trace: { name: "", counts: [], keys: [] } }],
  services: [{ instances: { count: 4 } }],
  cqrs: [],
  faults: [],
};

let engine: FakeEngine;
let frames: FakeFrames;
let store: Store;

beforeEach(() => {
  engine = new FakeEngine();
  frames = new FakeFrames();
  store = new Store(engine, { frames });
  store.replace(SCENARIO);
});

function setSeed(seed: number): void {
  store.edit((draft) => {
    draft.seed = seed;
  });
}

test("a run brings its names, its first frame and its words", () => {
  engine.finish(engine.last);
  expect(store.state.run?.instanceNames).toEqual(["alpha", "bravo", "charlie", "delta"]);
  expect(store.state.narration).toBe("at 0");
  expect(store.state.running).toBe(false);
});

test("details that come later complete the run that is shown, and no other, and its words are asked for", () => {
  engine.finish(engine.last);
  const epoch = store.state.run?.epoch ?? 0;
  const report = { requests: 100 } as Report;
  const details = {
    report,
    series: {} as Series,
    breakerChanges: [],
    transitions: [],
    bands: [],
    stores: [],
    cqrs: [],
  };
  engine.listener?.details(epoch - 1, details);
  expect(store.state.run?.report).toBeUndefined();
  engine.listener?.details(epoch, details);
  expect(store.state.run).toMatchObject({ epoch, requests: 100, report });
  expect(engine.asks.at(-1)?.narrate).toBe(true);
});

test("until a run has been read, what was read of the one before it stays, and with other parts the one before it", () => {
  engine.finish(engine.last);
  const details = { report: {}, series: {}, breakerChanges: [], transitions: [], bands: [], stores: [], cqrs: [] };
  engine.listener?.details(store.state.run?.epoch ?? 0, details as unknown as Details);
  const { report } = store.state.run ?? {};
  setSeed(2);
  engine.finish(engine.last);
  expect(store.state.run).toMatchObject({ scenario: { seed: 2 } });
  expect(store.state.run?.report).toBe(report);
  store.edit((draft) => {
    for (const { instances } of draft.services) instances.count += 1;
  });
  const { epoch } = engine.last;
  engine.finish(engine.last);
  expect(store.state.run).toMatchObject({ report, services: [{ instances: 4 }] });
  const read = { ...details, report: { requests: 7 } };
  engine.listener?.details(epoch, read as unknown as Details);
  expect(store.state.run).toMatchObject({ epoch, report: { requests: 7 }, services: [{ instances: 5 }] });
});

test("of two edits only the newer's run is shown", () => {
  engine.finish(engine.last);
  setSeed(2);
  const older = engine.last;
  setSeed(3);
  engine.finish(older);
  expect(store.state.run?.scenario.seed).toBe(1);
  engine.finish(engine.last);
  expect(store.state.run?.scenario.seed).toBe(3);
});

test("a second edit builds on the first, also before that one's run is there", () => {
  engine.finish(engine.last);
  setSeed(2);
  store.addFault({ kind: "crash", target: "bravo", at_ms: 5 });
  expect(JSON.parse(engine.last.json)).toMatchObject({ seed: 2, faults: [{ target: "bravo", for_ms: null }] });
});

test("a refused edit leaves scenario and run as they were, and says what is wrong", () => {
  engine.finish(engine.last);
  setSeed(-1);
  const mistakes = [{ path: "seed", found: "-1", allowed: "0 to 4294967295", message: "too small" }];
  engine.listener?.refused(engine.last.epoch, { code: "invalid", path: "seed", message: "too small", mistakes });
  expect(store.state.mistakes).toEqual(mistakes);
  expect(store.state.scenario?.seed).toBe(1);
  expect(store.state.run?.scenario.seed).toBe(1);
});

test("the playhead stays where it was over an edit, and within a shorter run", () => {
  engine.finish(engine.last);
  store.seek(30_000);
  setSeed(2);
  engine.finish(engine.last);
  expect(store.state.playhead_ms).toBe(30_000);
  setSeed(3);
  engine.finish(engine.last, 10_000);
  expect(store.state.playhead_ms).toBe(10_000);
});

test("a scenario can begin at a moment of its run", () => {
  store.replace(SCENARIO, 12_000);
  expect(engine.last.ask.t_ms).toBe(12_000);
  engine.finish(engine.last);
  expect(store.state.playhead_ms).toBe(12_000);
});

test("playing moves the playhead by the time that passed, times the speed", () => {
  engine.finish(engine.last);
  store.setSpeed(0.5);
  store.play();
  frames.pass(16);
  frames.pass(20);
  expect(store.state.playhead_ms).toBeCloseTo(10);
});

test("a stall is not simulated in one leap", () => {
  engine.finish(engine.last);
  store.play();
  frames.pass(16);
  frames.pass(5_000);
  expect(store.state.playhead_ms).toBeLessThanOrEqual(100);
});

test("one frame is asked for at a time, and the newest wish next", () => {
  engine.finish(engine.last);
  frames.pass(16);
  store.seek(1_000);
  store.seek(2_000);
  store.seek(3_000);
  expect(engine.asks.map((ask) => ask.t_ms)).toEqual([1_000]);
  engine.listener?.frame(store.state.run?.epoch ?? 0, frameAt(1_000));
  expect(engine.asks.map((ask) => ask.t_ms)).toEqual([1_000, 3_000]);
});

test("a frame of an older run is dropped", () => {
  engine.finish(engine.last);
  frames.pass(16);
  engine.listener?.frame(99, frameAt(7_000));
  frames.pass(16);
  expect(store.state.frame?.scalars[0]).toBe(0);
});

test("paused, no frame is waited for and nothing is asked", () => {
  engine.finish(engine.last);
  frames.pass(16);
  const asked = engine.asks.length;
  expect(frames.waiting).toBe(0);
  frames.pass(1_000);
  expect(engine.asks.length).toBe(asked);
});

test("at the end the run stops, and playing again starts over", () => {
  engine.finish(engine.last, 50);
  store.play();
  frames.pass(16);
  frames.pass(60);
  expect(store.state.playing).toBe(false);
  expect(store.state.playhead_ms).toBe(50);
  store.play();
  expect(store.state.playhead_ms).toBe(0);
});

test("with reduced motion the playhead moves in steps", () => {
  store = new Store(engine, { frames, stepMs: () => 500 });
  store.replace(SCENARIO);
  engine.finish(engine.last);
  store.play();
  for (let frame = 0; frame < 20; frame += 1) frames.pass(20);
  expect(store.state.playhead_ms).toBe(0);
  for (let frame = 0; frame < 10; frame += 1) frames.pass(20);
  expect(store.state.playhead_ms).toBe(500);
});

test("a step pauses and goes to where the model says", async () => {
  engine.finish(engine.last);
  store.play();
  engine.answer = 123.5;
  await store.step("event", 1);
  expect(store.state).toMatchObject({ playing: false, playhead_ms: 123.5 });
});

test("bringing an instance back ends what is wrong with it now, and nothing else", () => {
  store.replace({
    ...SCENARIO,
    faults: [
      { kind: "crash", target: "bravo", at_ms: 0, for_ms: null },
      { kind: "slow", target: "bravo", at_ms: 500, for_ms: 100 },
      { kind: "slow", target: "bravo", at_ms: 100, for_ms: 100 },
      { kind: "crash", target: "delta", at_ms: 0, for_ms: null },
      { kind: "drain", target: "bravo", at_ms: 150, for_ms: null },
    ],
  });
  engine.finish(engine.last);
  store.endFaultsAt("bravo", 150);
  expect((JSON.parse(engine.last.json) as Scenario).faults).toEqual([
    { kind: "crash", target: "bravo", at_ms: 0, for_ms: 150 },
    { kind: "slow", target: "bravo", at_ms: 500, for_ms: 100 },
    { kind: "slow", target: "bravo", at_ms: 100, for_ms: 50 },
    { kind: "crash", target: "delta", at_ms: 0, for_ms: null },
  ]);
});

test("a selection of what is gone is dropped", () => {
  engine.finish(engine.last);
  store.select({ kind: "instance", index: 3 });
  store.edit((draft) => {
    for (const service of draft.services) service.instances.count = 2;
  });
  engine.finish(engine.last);
  expect(store.state.selection).toBeNull();
});

test("after a breakdown the last good scenario is built again at the same playhead", () => {
  engine.finish(engine.last);
  store.seek(5_000);
  setSeed(13);
  engine.listener?.rebuilt("unreachable");
  expect(JSON.parse(engine.last.json)).toMatchObject({ seed: 1 });
  expect(engine.last.ask.t_ms).toBe(5_000);
  expect(store.state.notice).toMatch(/broke down on that change/);
});

test("a run that breaks down while it is read is not gone back to, or it would break down again and again", () => {
  const details = { report: {}, series: {}, breakerChanges: [], transitions: [], bands: [], stores: [], cqrs: [] };
  engine.finish(engine.last);
  engine.listener?.details(store.state.run?.epoch ?? 0, details as unknown as Details);
  setSeed(13);
  engine.finish(engine.last);
  engine.listener?.rebuilt("unreachable");
  expect(JSON.parse(engine.last.json)).toMatchObject({ seed: 1 });
  expect(store.state.notice).toMatch(/broke down on that change/);
});

test("an edit that is refused while the run is still being read leaves the run's own scenario", () => {
  const details = { report: {}, series: {}, breakerChanges: [], transitions: [], bands: [], stores: [], cqrs: [] };
  engine.finish(engine.last);
  engine.listener?.details(store.state.run?.epoch ?? 0, details as unknown as Details);
  setSeed(13);
  engine.finish(engine.last);
  setSeed(-1);
  engine.listener?.refused(engine.last.epoch, { code: "invalid", path: "", message: "no", mistakes: [] });
  expect(store.state.scenario?.seed).toBe(13);
});

test("a run that is held back until it is read takes nothing from a newer edit, whatever becomes of that", () => {
  const details = { report: {}, series: {}, breakerChanges: [], transitions: [], bands: [], stores: [], cqrs: [] };
  const read = (epoch: number): void => engine.listener?.details(epoch, details as unknown as Details);
  engine.finish(engine.last);
  read(engine.last.epoch);
  store.edit((draft) => {
    for (const { instances } of draft.services) instances.count = 6;
  });
  const held = engine.last;
  engine.finish(held);
  setSeed(-1);
  read(held.epoch);
  expect(store.state.scenario).toMatchObject({ seed: -1 });
  expect(store.state.run?.services).toMatchObject([{ instances: 4 }]);
  engine.listener?.refused(engine.last.epoch, { code: "invalid", path: "", message: "no", mistakes: [] });
  expect(store.state.run?.services).toMatchObject([{ instances: 6 }]);
  expect(store.state.scenario).toMatchObject({ seed: 1, services: [{ instances: { count: 6 } }] });
  expect(store.state.mistakes).toHaveLength(1);
});

test("what was refused while a run was read stays told when that is shown", () => {
  const details = { report: {}, series: {}, breakerChanges: [], transitions: [], bands: [], stores: [], cqrs: [] };
  engine.finish(engine.last);
  engine.listener?.details(engine.last.epoch, details as unknown as Details);
  store.edit((draft) => {
    for (const { instances } of draft.services) instances.count = 6;
  });
  const held = engine.last;
  engine.finish(held);
  setSeed(-1);
  engine.listener?.refused(engine.last.epoch, { code: "invalid", path: "", message: "no", mistakes: [] });
  engine.listener?.details(held.epoch, details as unknown as Details);
  expect(store.state.run?.services).toMatchObject([{ instances: 6 }]);
  expect(store.state.mistakes).toHaveLength(1);
});

test("a breakdown before the first run is final, and no endless loop", () => {
  const before = engine.loads.length;
  engine.listener?.rebuilt("unreachable");
  expect(store.state.fatal).toMatch(/unreachable/);
  expect(engine.loads.length).toBe(before);
});

test("reset goes back to what was opened, not to what was refused", () => {
  engine.finish(engine.last);
  store.replace({ seed: -1 });
  engine.listener?.refused(engine.last.epoch, { code: "invalid", path: "", message: "no", mistakes: [] });
  store.reset();
  expect(JSON.parse(engine.last.json)).toEqual(SCENARIO);
});

test("a step under way when the model breaks down is taken back without another complaint", async () => {
  engine.finish(engine.last);
  engine.ask = () => Promise.reject(new BrokenDown("unreachable"));
  const { playhead_ms } = store.state;
  await store.step("event", 1);
  expect(store.state.playhead_ms).toBe(playhead_ms);
  expect(store.state.notice).toBeNull();
});

test("a seed that the model refuses is told", async () => {
  engine.finish(engine.last);
  engine.ask = () => Promise.reject(new Error("there is no randomness here"));
  await store.reseed();
  expect(store.state.notice).toBe("there is no randomness here");
});
