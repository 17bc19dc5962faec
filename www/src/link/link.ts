/** The address bar follows the store, and the store follows the address bar. */
import { BrokenDown } from "../model/engine.js";
import type { Changed, ChangeEvent, Store } from "../model/store.js";
import type { Scenario } from "../model/views.js";
import { type Address, type TraceAt, read, written } from "./address.js";
import { packed, unpacked } from "./codec.js";
import { leave } from "./leaving.js";
import { fetchTrace, isEmpty, keep, sampleOf, tracesOf } from "./traces.js";
import type { Trace } from "../traffic/recording.js";

/** Longer addresses are cut by mail programs and refused by servers: the trace then stays in this browser. */
const LONGEST_HASH = 30_000;
const SETTLED_MS = 250;
/** While the run plays, its playhead is written this often at most: browsers limit how often an address may change. */
const PLAYING_MS = 2_000;

const NOT_IN_LINK =
  "This link leaves out the recorded traffic, which is too long for an address. It opens in this browser only; export the scenario to pass it on.";

const NOT_KEPT =
  "The address could not be brought up to date: this browser keeps nothing for the page, and the recorded traffic is too long for an address.";

export interface Opened {
  scenario: unknown;
  t_ms: number;
  speed: number | null;
}

/** What an address holds. Throws where it is damaged, or leads to a trace that isn't there. */
export async function opened(address: Address): Promise<Opened> {
  const scenario: unknown = JSON.parse(await unpacked(address.scenario));
  if (typeof scenario !== "object" || scenario === null) throw new Error("it holds no scenario");
  for (const at of address.traces) putTrace(scenario, at.group, await fetchTrace(at));
  return { scenario, t_ms: address.t_ms, speed: address.speed };
}

function putTrace(scenario: object, group: number, trace: unknown): void {
  const { clients } = scenario as { clients?: { trace?: unknown }[] };
  const client = clients?.[group];
  if (client) client.trace = trace;
}

/** Keeps the hash at what the store shows, and hands hashes that come from elsewhere to `open`. */
export class Link {
  readonly #store: Store;
  readonly #open: (address: Address) => void;
  readonly #listening = new AbortController();
  #timer: number | null = null;
  #writtenAt = -Infinity;
  /** The address's costly part, made anew only when the scenario has changed. */
  #packed: { scenario: Scenario; letters: string; traces: readonly TraceAt[] } | null = null;
  /** The hash as last written or opened here: a "hashchange" to it is our own, and any other is still to be opened. */
  #own = location.hash;
  /** The one before: a reload may have set out for it just before this one was written. */
  #before = location.hash;

  constructor(store: Store, open: (address: Address) => void) {
    this.#store = store;
    this.#open = open;
    const { signal } = this.#listening;
    store.addEventListener("change", (event) => this.#onChange((event as ChangeEvent).detail.changed), { signal });
    window.addEventListener("hashchange", () => this.#onHash(), { signal });
    // The last moment is noted without waiting: what is packed already needs no promise.
    window.addEventListener("pagehide", () => this.#leave(), { signal });
    document.addEventListener("visibilitychange", () => this.#flush(), { signal });
  }

  dispose(): void {
    this.#listening.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Brings the address up to date now, and returns it whole. */
  async current(): Promise<string> {
    await this.#pack();
    this.#write();
    return location.href;
  }

  #onChange(changed: Changed): void {
    const { playing, run } = this.#store.state;
    if (!run) return;
    const settled = ["run", "playing", "speed"].some((key) => changed.has(key as "run"));
    if (!settled && !changed.has("playhead_ms")) return;
    if (playing && !settled && performance.now() - this.#writtenAt < PLAYING_MS) return;
    if (settled || !playing) this.#soon();
    else this.#write();
  }

  #soon(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#timer = null;
      this.current().catch((error: unknown) => this.#onProblem(error));
    }, SETTLED_MS);
  }

  #onProblem(error: unknown): void {
    // After a breakdown the run is made again, and its address with it.
    if (!(error instanceof BrokenDown)) this.#store.notify(NOT_KEPT);
  }

  #flush(): void {
    if (document.visibilityState === "hidden") this.#write();
  }

  #leave(): void {
    const exact = this.#exact();
    // An address that came from elsewhere a moment ago is what a reload should open.
    if (exact !== null && location.hash === this.#own) leave({ shown: [location.hash, this.#before], exact });
  }

  #onHash(): void {
    if (location.hash === this.#own) return;
    this.#own = location.hash;
    const address = read(location.hash);
    if (address) this.#open(address);
  }

  async #pack(): Promise<void> {
    const scenario = this.#store.state.run?.scenario;
    if (!scenario || this.#packed?.scenario === scenario) return;
    const compact = await this.#store.compact(scenario);
    const { letters, traces } = await withoutLongTraces(scenario, compact);
    this.#packed = { scenario, letters, traces };
    if (traces.some(({ kind }) => kind === "local")) this.#store.notify(NOT_IN_LINK);
  }

  /** The address of what the store shows; null while an edit is not packed yet. */
  #exact(): string | null {
    const { run, playhead_ms, speed } = this.#store.state;
    if (!run || this.#packed?.scenario !== run.scenario) return null;
    const { letters, traces } = this.#packed;
    return written({ scenario: letters, t_ms: playhead_ms, speed, traces });
  }

  #write(): void {
    const hash = this.#exact();
    // An edit that is not packed yet is written by the timer that it has set.
    if (hash === null) return;
    this.#writtenAt = performance.now();
    // An address that came from elsewhere a moment ago must not be written over before it is opened.
    if (hash === location.hash || location.hash !== this.#own) return;
    this.#before = location.hash;
    history.replaceState(history.state, "", hash);
    this.#own = location.hash;
  }
}

/** Samples are named; other traces are in the link as long as they fit, and in this browser when they don't. */
async function withoutLongTraces(
  scenario: Scenario,
  compact: string,
): Promise<{ letters: string; traces: readonly TraceAt[] }> {
  const samples: TraceAt[] = [];
  const others: { trace: Trace; group: number }[] = [];
  for (const [group, trace] of tracesOf(scenario).entries()) {
    if (isEmpty(trace)) continue;
    const name = await sampleOf(trace);
    if (name === null) others.push({ trace, group });
    else samples.push({ kind: "sample", name, group });
  }
  const named = withoutTraces(compact, samples);
  const letters = await packed(named);
  if (others.length === 0 || letters.length <= LONGEST_HASH) return { letters, traces: samples };
  const bare = await packed(withoutTraces(named, others));
  const kept: TraceAt[] = [];
  for (const { trace, group } of others) kept.push({ kind: "local", name: await keep(trace), group });
  return { letters: bare, traces: [...samples, ...kept] };
}

function withoutTraces(compact: string, of: readonly { group: number }[]): string {
  const scenario = JSON.parse(compact) as { clients?: { trace?: unknown }[] };
  for (const { group } of of) delete scenario.clients?.[group]?.trace;
  return JSON.stringify(scenario);
}
