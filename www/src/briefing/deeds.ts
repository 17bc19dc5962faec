/** Carries out what a step of the briefing asks for, as one edit and so one run. */
import type { Deed } from "../../content/briefing.js";
import type { Fault, Scenario } from "../model/views.js";
import { getAt, setAt } from "../panel/path.js";
import { optionsOf, withOptions } from "../panel/presets.js";

export interface Situation {
  readonly names: readonly string[];
  /** The names of the stores. */
  readonly stores?: readonly string[];
  readonly playhead_ms: number;
}

export function carryOut(draft: Scenario, deeds: readonly Deed[], situation: Situation): void {
  for (const deed of deeds) {
    switch (deed.does) {
      case "fault":
        draft.faults.push(faultOf(deed, situation));
        break;
      case "set":
        setAt(draft, deed.path, structuredClone(deed.value));
        break;
      case "scale":
        setAt(draft, deed.path, scaled(getAt(draft, deed.path), deed.by));
        break;
      case "mend":
        draft.faults = draft.faults.filter(({ kind }) => deed.kinds !== undefined && !deed.kinds.includes(kind));
        break;
      case "preset":
        setAt(draft, deed.path, withOptions(getAt(draft, deed.path), optionsOf(deed.of, deed.name) ?? {}));
        break;
      case "seek":
      case "traffic":
      case "look_up":
      case "open_event":
        // The playhead moves, a dialog opens or a card is asked; nothing of the scenario changes.
        break;
    }
  }
}

const LOOKS: ReadonlySet<Deed["does"]> = new Set(["seek", "traffic", "look_up", "open_event"]);

/** Whether nothing of the scenario changes, and so no run has to be made. */
export function onlyLooks(deeds: readonly Deed[]): boolean {
  return deeds.every(({ does }) => LOOKS.has(does));
}

function faultOf(deed: Extract<Deed, { does: "fault" }>, situation: Situation): Fault {
  const target = targetOf(deed, situation);
  const { kind, at_ms = Math.round(situation.playhead_ms), for_ms, factor = 4, percent = 50 } = deed;
  return { kind, target, at_ms, for_ms, factor, percent };
}

function targetOf(deed: Extract<Deed, { does: "fault" }>, { names, stores = [] }: Situation): string {
  if ("target" in deed) return deed.target;
  if ("store" in deed) return stores[deed.store] ?? stores[0] ?? "store";
  return names[deed.instance] ?? names[0] ?? "alpha";
}

function scaled(value: unknown, by: number): unknown {
  return typeof value === "number" ? Number((value * by).toPrecision(6)) : value;
}
