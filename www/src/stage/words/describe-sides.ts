/** Two sides in words: on their cards and under their router, and for whoever hears the page. */
import { modelWords } from "../../model/personnel.js";
import { INSTANCE, INSTANCE_STRIDE, type SidesDetails } from "../../model/views.js";
import { count, counted, plain, THIN } from "../../panel/number.js";
import { about, rate } from "./format.js";
import type { Moment } from "../reading/shards.js";
import { type ModelNow, isLocked, modelsOf, sidesOf } from "../reading/sides.js";

/** What the card of a side says where that of an instance says other things. */
export interface SideWords {
  glyph: string;
  state: string;
  short: string;
  tiny: string;
  /** What it has of the log, or what holds it; empty until that is known. */
  keys: string;
}

/** A lag below this comes and goes with every event. */
const LAG_MS = 100;

/** Of the node of a pair, by its number in it; `hurts` is what is wrong with it. */
export function sideWords(moment: Moment, station: number, node: number, hurts: readonly string[]): SideWords {
  const details = sidesOf(moment.run, station);
  const first = moment.run.services[station]?.first_instance ?? 0;
  const perSecond = rate(moment.frame.instances[(first + node) * INSTANCE_STRIDE + INSTANCE.requestsPerS] ?? 0);
  const models = details ? modelsOf(moment.frame, details) : [];
  const model = details?.shared === false ? models[node - 1] : undefined;
  if (model) return ofModel(model, perSecond, hurts);
  const [hurt] = hurts;
  const told = hurt === undefined ? perSecond : `${hurt} · ${perSecond}`;
  const words = { glyph: "", state: told, short: hurt ?? perSecond, tiny: hurt?.split(" ")[0] ?? perSecond };
  return { ...words, keys: details ? heldWords(moment, station, details, models) : "" };
}

function heldWords(
  moment: Moment,
  station: number,
  { shared, first_instance }: SidesDetails,
  models: readonly ModelNow[],
): string {
  if (!shared) return `${counted(models[0]?.events ?? 0, "event")} written`;
  const sides = moment.run.scenario.cqrs[moment.run.services[station]?.cqrs ?? 0];
  if (sides?.shared.locks !== true) return "reads and writes";
  return isLocked(moment.frame, first_instance) ? "locked by a command" : "reads and writes";
}

function ofModel(model: ModelNow, perSecond: string, hurts: readonly string[]): SideWords {
  const { events, wants, behind } = model;
  const lags = lagWords(model);
  const [told, short] = [...hurts, ...(lags === null ? [] : [lags]), ...staleWords(model)].slice(0, 2);
  const state = told === undefined ? perSecond : `${told} · ${short ?? perSecond}`;
  return {
    glyph: "",
    state,
    short: told ?? perSecond,
    tiny: hurts[0]?.split(" ")[0] ?? tinyOf(model, perSecond),
    keys: behind === 0 ? `has all ${count(events)}` : `has ${count(wants)} of ${count(events)}`,
  };
}

/** In a word or two, on a card among three. */
function tinyOf(model: ModelNow, perSecond: string): string {
  const lags = lagWords(model);
  if (lags !== null) return model.state === "follows" ? "late" : lags;
  return model.staleShare > 0 ? "stale" : perSecond;
}

/** Why, and by how much, a read model is behind; null for one that follows closely. */
export function lagWords({ state, age_ms, behind }: ModelNow): string | null {
  const by = behind > 0 && age_ms >= LAG_MS ? `${about(age_ms)} behind` : null;
  switch (state) {
    case "down":
      return null;
    case "stopped":
      return "stopped";
    case "replays":
      return "replays";
    case "follows":
      return by;
  }
}

function staleWords({ staleShare }: ModelNow): string[] {
  if (!(staleShare > 0)) return [];
  const percent = staleShare * 100;
  return [`${plain(percent, percent < 9.5 ? 1 : 0)}${THIN}% stale`];
}

/** Under the router. */
export function sidesWords(moment: Moment, station: number): string {
  const sides = moment.run.scenario.cqrs[moment.run.services[station]?.cqrs ?? 0];
  if (sides?.layout !== "apart") return "for commands and queries";
  return counted(sides.models.length, "read model");
}

/** What the log says of itself to whoever hears it. */
export function logLabel(moment: Moment, station: number): string {
  const details = sidesOf(moment.run, station);
  const models = details ? modelsOf(moment.frame, details) : [];
  const each = models.map(({ kind, behind }) => `${modelWords(kind)} lacks ${behind === 0 ? "none" : count(behind)}`);
  return [
    `Log of ${moment.run.services[station]?.name ?? ""}: ${counted(models[0]?.events ?? 0, "event")}`,
    ...each,
  ].join(", ");
}
