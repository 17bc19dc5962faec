/** Sides and read models in sentences. */
import { modelWords } from "../model/personnel.js";
import { counted, span } from "../panel/number.js";
import type { ModelNow } from "../stage/reading/sides.js";

export function modelSentence({ kind, state, behind, age_ms, events, waiting }: ModelNow): string {
  const name = `The read model ${modelWords(kind)}`;
  const lacks = `lacks ${counted(behind, "event")}, the oldest for ${span(age_ms)}`;
  const has = `has all ${counted(events, "event")}`;
  const waits = waiting === 0 ? "" : ` ${counted(waiting, "query waits", "queries wait")} for it.`;
  switch (state) {
    case "follows":
      return `${name} ${behind === 0 ? has : lacks}.${waits}`;
    case "stopped":
      return `${name} takes nothing in: its projection is stopped. It ${behind === 0 ? has : lacks}.${waits}`;
    case "down":
      return `${name} is down. It goes on from its checkpoint, and ${behind === 0 ? has : lacks}.`;
    case "replays":
      return `${name} takes in again what it had before; so far it ${lacks}.${waits}`;
  }
}

/** Of the node that takes commands, or of the shared model. */
export function sideSentence(shared: boolean, up: boolean): string {
  if (!up)
    return shared ? "It is down: neither commands nor queries are answered." : "It is down: nothing can be written.";
  return shared
    ? "One model takes commands and queries alike: nothing is ever behind, and they stand in each other’s way."
    : "Commands are decided here by what the log says, and become events in it.";
}
