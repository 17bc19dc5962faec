/** Traces that a link cannot carry: samples are named, large ones are kept in this browser under their digest. */
import { SAMPLES, type Trace } from "../traffic/recording.js";
import type { Scenario } from "../model/views.js";
import type { TraceAt } from "./address.js";

const NO_TRACE: Trace = { name: "", counts: [], keys: [] };

/** The trace of each group of clients, empty where it has none. */
export function tracesOf(scenario: Scenario): Trace[] {
  // JSON Schema's tuples come out as arrays of unknown; the model has checked that they are pairs of numbers.
  return scenario.clients.map(({ trace }) => trace as Trace);
}

export function isEmpty(trace: Trace): boolean {
  return trace.counts.length === 0;
}

/**
 * FNV-1a over the numbers, twice with different starts. It tells traces apart, nothing more; the browser's own digests
 * are only there on secure origins, and the page must also work on a plain one.
 */
export function digestOf(trace: Trace): string {
  let low = 0x811c9dc5;
  let high = 0x050c5d1f;
  const take = (value: number): void => {
    low = Math.imul(low ^ value, 0x01000193);
    high = Math.imul(high ^ (value + 0x9e37), 0x01000193);
  };
  for (const [second, count] of trace.counts) {
    take(second);
    take(count);
  }
  take(-1);
  for (const key of trace.keys) take(key);
  return [low, high].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

// ---- samples

const fetched = new Map<string, Promise<Trace>>();

function sample(file: string): Promise<Trace> {
  const known = fetched.get(file);
  if (known) return known;
  const coming = fetchSample(file);
  // A failure is not kept: the next time may do better.
  coming.catch(() => fetched.delete(file));
  fetched.set(file, coming);
  return coming;
}

async function fetchSample(file: string): Promise<Trace> {
  const response = await fetch(`./samples/${file}.json`);
  if (!response.ok) throw new Error(`the sample «${file}» could not be fetched`);
  const { name, counts, keys } = (await response.json()) as Trace;
  return { name, counts, keys };
}

/** The sample that `trace` is, by its content; null where it is none. */
export async function sampleOf(trace: Trace): Promise<string | null> {
  const digest = digestOf(trace);
  for (const { file } of SAMPLES) {
    const candidate = await sample(file).catch(() => NO_TRACE);
    // Names first: a trace that is no sample should not make the page hash all of them.
    if (candidate.name === trace.name && digestOf(candidate) === digest) return file;
  }
  return null;
}

// ---- this browser's own

const DATABASE = "sandtable";
const TRACES = "traces";

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's storage failed"));
  });
}

async function withStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TRACES);
  const database = await answered(opening);
  try {
    return await answered(work(database.transaction(TRACES, mode).objectStore(TRACES)));
  } finally {
    database.close();
  }
}

export async function keep(trace: Trace): Promise<string> {
  const digest = digestOf(trace);
  await withStore("readwrite", (store) => store.put(trace, digest));
  return digest;
}

/** The trace that a link leaves out. Throws, with what a person can do, where it isn't to be had. */
export async function fetchTrace(at: TraceAt): Promise<Trace> {
  if (at.kind === "sample") return sample(at.name);
  const trace = (await withStore("readonly", (store) => store.get(at.name))) as Trace | undefined;
  if (!trace) throw new Error("its recorded traffic is kept only in the browser that made the link");
  return trace;
}
