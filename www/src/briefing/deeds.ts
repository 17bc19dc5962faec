/** Carries out what a step of the briefing asks for, as one edit and so one run. */
import type { Deed } from "../../content/briefing.js";
import type { Fault, Scenario } from "../model/views.js";
import { getAt, setAt } from "../panel/path.js";
import { optionsOf } from "../panel/presets.js";

export interface Situation {
  readonly names: readonly string[];
  readonly playhead_ms: number;
}

export function carryOut(draft: Scenario, deeds: readonly Deed[], situation: Situation): void {
  for (const deed of deeds) {
    switch (deed.does) {
      case "fault":
        draft.faults.push(faultOf(deed, situation));
        break;
      case "set":
        setAt(draft, deed.path, deed.value);
        break;
      case "scale":
        setAt(draft, deed.path, scaled(getAt(draft, deed.path), deed.by));
        break;
      case "preset":
        setAt(draft, deed.path, optionsOf(deed.of, deed.name));
        break;
      case "seek":
      case "traffic":
        // The playhead moves, or a dialog opens; nothing of the scenario changes.
        break;
    }
  }
}

/** Whether nothing of the scenario changes, and so no run has to be made. */
export function onlyLooks(deeds: readonly Deed[]): boolean {
  return deeds.every(({ does }) => does === "seek" || does === "traffic");
}

function faultOf(deed: Extract<Deed, { does: "fault" }>, { names, playhead_ms }: Situation): Fault {
  const target = "target" in deed ? deed.target : (names[deed.instance] ?? names[0] ?? "alpha");
  const { kind, for_ms, factor = 4, percent = 50 } = deed;
  return { kind, target, at_ms: Math.round(playhead_ms), for_ms, factor, percent };
}

function scaled(value: unknown, by: number): unknown {
  return typeof value === "number" ? Number((value * by).toPrecision(6)) : value;
}
