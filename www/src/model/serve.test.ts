/** A model's side with a module that simulates in no time, so that only the order of what it says is left. */
import { afterEach, expect, test, vi } from "vitest";
import type { FrameAsk, FromWorker, ToWorker } from "./protocol.js";
import { type Module, type PictureRun, serve } from "./serve.js";
import type { Details } from "./views.js";

const ASK: FrameAsk = { t_ms: 0, linger_ms: 0, max_drawn: 10, narrate: false };
const EMPTY = JSON.stringify({ stores: [], cqrs: [] });

const run = {
  frame: () => ({ requests: new Float32Array(8) }),
  services: () => [],
  calls: () => [],
  requests: () => 1,
  attempts: () => 1,
  duration_ms: () => 1,
  end_ms: () => 1,
  memory_bytes: () => 1,
  free: () => undefined,
} as unknown as PictureRun;

function refuse(): never {
  throw Object.assign(new Error("no scenario"), { name: "SandtableError", code: "x", path: "", mistakes: [] });
}

const module: Module<PictureRun> = {
  init: () => Promise.resolve(),
  complete: (json) => (json === "bad" ? refuse() : json),
  simulation: () => ({ run_slice: () => true, finish: () => run, free: () => undefined }),
  whole: {
    details: () => ({ report: {}, series: { t_ms: new Float64Array(1) } }) as unknown as Details,
    narrate: () => "",
    answer: () => Promise.resolve(0),
    replicator: () => {
      throw new Error("no test here runs several seeds");
    },
  },
};

/** Starts a worker; gives what it says, and how it is spoken to. */
async function start(): Promise<{ told: string[]; say: (message: ToWorker) => void }> {
  const told: string[] = [];
  const scope = {
    onmessage: null as ((event: { data: ToWorker }) => void) | null,
    postMessage(message: FromWorker): void {
      const epoch = "epoch" in message ? ` ${message.epoch}` : "";
      told.push(`${message.type}${epoch}${message.type === "run" && message.run.report ? ", read" : ""}`);
    },
  };
  vi.stubGlobal("self", scope);
  serve(module);
  await vi.waitFor(() => expect(told).toEqual(["ready"]));
  told.length = 0;
  return { told, say: (data) => scope.onmessage?.({ data }) };
}

const load = (epoch: number, json = EMPTY, at_once = false): ToWorker => ({
  type: "load",
  epoch,
  json,
  ask: ASK,
  at_once,
});

/** Long enough for a turn of the worker's own. */
const turns = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a run's picture goes first, and what is read of it follows", async () => {
  const { told, say } = await start();
  say(load(1));
  await turns();
  expect(told).toEqual(["run 1", "details 1"]);
});

test("a newer edit goes before the reading, and spares it", async () => {
  const { told, say } = await start();
  say(load(1));
  say(load(2));
  await turns();
  expect(told).toEqual(["run 1", "run 2", "details 2"]);
});

test("where the newer edit is refused, the run that is shown is read after all", async () => {
  const { told, say } = await start();
  say(load(1));
  say(load(2, "bad"));
  await turns();
  expect(told).toEqual(["run 1", "refused 2", "details 1"]);
});

test("with stores, of whose maps and keys the picture is made, or where nobody waits for a picture, all comes at once", async () => {
  const { told, say } = await start();
  say(load(1, JSON.stringify({ stores: [{}], cqrs: [] })));
  await turns();
  say(load(2, EMPTY, true));
  await turns();
  expect(told).toEqual(["run 1, read", "run 2, read"]);
});
