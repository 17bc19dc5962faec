/** What the picture shows, in words: on the cards, and for whoever hears the page instead of seeing it. */
import { isActive, serviceOf, strikes } from "../../model/faults.js";
import { spoken } from "../../model/names.js";
import { type Fault, INSTANCE, INSTANCE_STRIDE, type RunView, SCALAR, STATUS } from "../../model/views.js";
import { count } from "../../panel/number.js";
import { rate, seconds, share } from "./format.js";
import { type Moment, type Presence, isStore } from "../reading/shards.js";
import { isSides } from "../reading/sides.js";
import { sizesOf } from "../layout/topology.js";

/** How an instance looks; the style sheet knows these names. */
export type Look = "healthy" | "unhealthy" | "ejected" | "draining" | "down";

export interface InstanceWords {
  name: string;
  /** The same in two: its service with a slash, where there are several, and its own. */
  of: string;
  own: string;
  look: Look;
  glyph: string;
  state: string;
  /** The same in few letters, for a small card. */
  short: string;
  /** In one word, for a very small one. */
  tiny: string;
  working: string;
  waiting: string;
  /** Something is wrong with it that the balancer doesn't see. */
  hurt: boolean;
  /** Of a shard: the keys that it holds, and whether it is there. */
  keys: string;
  presence: Presence | null;
}

export type { Moment } from "../reading/shards.js";

const GLYPHS: Record<Look, string> = { healthy: "●", unhealthy: "▲", ejected: "◆", draining: "◇", down: "✕" };
const LOOKS: readonly Look[] = ["healthy", "unhealthy", "ejected", "draining"];

function column(moment: Moment, index: number, which: number): number {
  return moment.frame.instances[index * INSTANCE_STRIDE + which] ?? 0;
}

function nowOf(moment: Moment): number {
  return moment.frame.scalars[SCALAR.tMs] ?? 0;
}

export function instanceWords(moment: Moment, index: number): InstanceWords {
  const name = moment.run.instanceNames[index] ?? "";
  const faults = activeOn(moment, index);
  const look = lookOf(moment, index);
  const slash = moment.run.services.length > 1 ? name.lastIndexOf("/") + 1 : 0;
  const words: InstanceWords = {
    name,
    of: name.slice(0, slash),
    own: name.slice(slash),
    look,
    glyph: GLYPHS[look],
    ...stateOf(moment, index, look, faults),
    ...loadOf(moment, index, look),
    tiny: tinyOf(moment, index, look, faults),
    hurt: look === "healthy" && faults.some((fault) => hurtOf(fault) !== null),
    keys: "",
    presence: null,
  };
  const station = serviceOf(moment.run.services, index);
  if (isSides(moment.run, station)) return ofSide(moment, index, station, words, faults);
  return isStore(moment.run, station) ? ofShard(moment, index, words, faults) : words;
}

/** Neither side has health checks or a rotation: what there is to say is how far it has come. */
function ofSide(moment: Moment, index: number, station: number, words: InstanceWords, faults: Fault[]): InstanceWords {
  const node = index - (moment.run.services[station]?.first_instance ?? 0);
  const own = moment.part?.sideWords(moment, station, node, hurtsOf(moment, index, faults));
  const named = { ...words, name: spoken(words.name), own: spoken(words.own) };
  if (words.look === "down") return { ...named, ...NO_ANSWER, keys: own?.keys ?? "" };
  return own ? { ...named, ...own } : { ...named, glyph: "", state: words.tiny, short: words.tiny };
}

/** A shard has no health checks and no rotation: it has keys, or it isn't there. */
function ofShard(moment: Moment, index: number, words: InstanceWords, faults: Fault[]): InstanceWords {
  const own = moment.part?.shardWords(moment, index, hurtsOf(moment, index, faults));
  const down = words.look === "down";
  // Until its keys are known there is no more to say than how busy it is.
  if (!own && !down) return { ...words, glyph: "", state: words.tiny, short: words.tiny };
  if (!own) return { ...words, ...NO_ANSWER };
  if (own.presence === "yetToJoin" || own.presence === "gone") {
    return { ...words, ...own, look: "healthy", working: "", waiting: "", hurt: false };
  }
  return down ? { ...words, ...NO_ANSWER, keys: own.keys, presence: own.presence } : { ...words, ...own };
}

const NO_ANSWER = { working: "answers nothing", waiting: "" };

function hurtsOf(moment: Moment, index: number, faults: Fault[]): string[] {
  return [...faults.map(hurtOf), forNobody(moment, index)].filter((hurt) => hurt !== null);
}

export function lookOf(moment: Moment, index: number): Look {
  if (column(moment, index, INSTANCE.up) === 0) return "down";
  return LOOKS[column(moment, index, INSTANCE.status)] ?? "healthy";
}

function activeOn(moment: Moment, index: number): Fault[] {
  const t = nowOf(moment);
  return moment.run.scenario.faults.filter((fault) => isActive(fault, t) && strikes(moment.run, fault, index));
}

/** Work in hand that nobody waits for any more. */
function forNobody(moment: Moment, index: number): string | null {
  const unwanted = column(moment, index, INSTANCE.unwanted);
  return unwanted > 0 ? `${count(unwanted)} for nobody` : null;
}

function stateOf(moment: Moment, index: number, look: Look, faults: Fault[]): { state: string; short: string } {
  const perSecond = rate(column(moment, index, INSTANCE.requestsPerS));
  if (look === "down") {
    const crashes = faults.filter((fault) => fault.kind === "crash");
    const since = Math.min(...crashes.map((fault) => fault.at_ms));
    return { state: Number.isFinite(since) ? `down since ${seconds(since)}` : "down", short: "down" };
  }
  // There is room for two of them; work for nobody is seen in the slots as well.
  const hurts = hurtsOf(moment, index, faults).slice(0, 2);
  if (look === "healthy") {
    const told = hurts.length > 1 ? hurts : [hurts[0] ?? "healthy", perSecond];
    return { state: told.join(hurts.length > 1 ? ", " : " · "), short: hurts[0] ?? perSecond };
  }
  const since = column(moment, index, INSTANCE.statusSinceMs);
  return { state: Number.isNaN(since) ? look : `${look} since ${seconds(since)}`, short: look };
}

function loadOf(moment: Moment, index: number, look: Look): { working: string; waiting: string } {
  const station = serviceOf(moment.run.services, index);
  const node = index - (moment.run.services[station]?.first_instance ?? 0);
  const { concurrency, queueLimit: places } = sizesOf(moment.run, station, node);
  if (look === "down") return rotationOf(moment, index);
  const working = count(column(moment, index, INSTANCE.working));
  const waiting = count(column(moment, index, INSTANCE.waiting));
  const calling = column(moment, index, INSTANCE.calling);
  return {
    working: `${calling > 0 ? `${count(calling)} call · ` : "working "}${working} of ${count(concurrency)}`,
    waiting: places === 0 ? "no queue" : places > 999 ? `waiting ${waiting}` : `waiting ${waiting} of ${places}`,
  };
}

/** What the balancer knows of an instance that is down: the moment between the loss and its notice is the lesson. */
function rotationOf(moment: Moment, index: number): { working: string; waiting: string } {
  if (column(moment, index, INSTANCE.status) !== STATUS.healthy) return { working: "out of rotation", waiting: "" };
  const failed = column(moment, index, INSTANCE.checksFailed);
  const service = moment.run.scenario.services[serviceOf(moment.run.services, index)];
  const checks = service?.balancer.active_checks;
  return { working: "in rotation", waiting: checks?.enabled ? `failed checks ${failed}/${checks.fall}` : "" };
}

function tinyOf(moment: Moment, index: number, look: Look, faults: Fault[]): string {
  if (look !== "healthy") return { unhealthy: "out", ejected: "out", draining: "drains", down: "down" }[look];
  const [first] = faults.map(hurtOf).filter((hurt) => hurt !== null);
  return first?.split(" ")[0] ?? rate(column(moment, index, INSTANCE.requestsPerS));
}

/** What a fault does to an instance that still serves, in few letters. */
function hurtOf(fault: Fault): string | null {
  switch (fault.kind) {
    case "slow":
      return `slow ×${fault.factor}`;
    case "errors":
      return `errors ${fault.percent}\u202f%`;
    case "failing_checks":
      return "checks fail";
    case "drain":
    case "crash":
    case "traffic":
    case "add_shard":
    case "remove_shard":
    case "weigh_shard":
    case "even_out":
    case "stop_projection":
    case "crash_projection":
    case "deliver_twice":
    case "out_of_order":
    case "rebuild":
      return null;
  }
}

/** One line for an instance that is drawn too small for words. */
export function tileName(moment: Moment, index: number): string {
  const { name, state, working, waiting, keys, presence } = instanceWords(moment, index);
  const here = presence !== "yetToJoin" && presence !== "gone";
  const utilisation = here ? `utilisation ${share(column(moment, index, INSTANCE.utilisation))}` : "";
  return [`${name}: ${state}`, keys, working, waiting, utilisation].filter((part) => part !== "").join(", ");
}

export function balancerWords(moment: Moment, service: number): { state: string; panic: boolean } {
  const { first_instance: first = 0, instances: all = 0 } = moment.run.services[service] ?? {};
  let taking = 0;
  for (let index = first; index < first + all; index += 1) {
    taking += Number(column(moment, index, INSTANCE.takesTraffic) > 0);
  }
  if (isSides(moment.run, service)) return { state: moment.part?.sidesWords(moment, service) ?? "", panic: false };
  if (column(moment, first, INSTANCE.panic) > 0) {
    const refuses = moment.run.scenario.services[service]?.balancer.refuse_in_panic === true;
    return { state: refuses ? "panic: refuses all" : "panic: uses all", panic: true };
  }
  const several = moment.run.services.length > 1;
  return { state: `${count(taking)} of ${count(all)}${several ? "" : " take traffic"}`, panic: false };
}

/** How long the balancer took to notice the last crash before `t_ms`; null if there was none, or it has not yet. */
export function noticed(run: RunView, t_ms: number): { name: string; after_ms: number | null } | null {
  let last: Fault | null = null;
  for (const fault of run.scenario.faults) {
    if (fault.kind !== "crash" || fault.at_ms > t_ms || isOfStores(run, fault)) continue;
    if (last === null || fault.at_ms >= last.at_ms) last = fault;
  }
  if (last === null) return null;
  const { at_ms, target: name } = last;
  const crash = last;
  const band = run.bands.find(
    (each) => each.status !== "healthy" && !each.up && each.to_ms > at_ms && strikes(run, crash, each.instance),
  );
  const after_ms = band && band.from_ms <= t_ms ? Math.max(0, band.from_ms - at_ms) : null;
  return { name, after_ms };
}

/** Whether a fault strikes nothing but shards or sides: nobody checks their health, so nobody notices. */
function isOfStores(run: RunView, fault: Fault): boolean {
  const first = run.services.find(({ store, cqrs }) => store !== null || cqrs !== null)?.first_instance ?? Infinity;
  if (first === Infinity) return false;
  return !run.instanceNames.some((_, index) => index < first && strikes(run, fault, index));
}
