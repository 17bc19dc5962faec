/** Why a request leaves the stage: in which form and colour, and which policy of its call let it go. */
import { REASON, REASON_MASK, REASON_SHIFT, REASON_WORDS } from "../../model/views.js";
import { clock, cross, diamond, lever, onward, square, star } from "./shapes.js";
import type { Policy } from "../layout/topology.js";

export interface Form {
  shape: typeof star;
  /** Red is broken, amber is refused on purpose or too late; grey is neither: it goes on elsewhere. */
  colour: "red" | "amber" | "muted";
  /** Drawn as an outline: thin forms, and those that would else look like another one. */
  hollow: boolean;
}

/** In the order in which they are drawn: what is broken lies on top. */
export const FORMS: readonly Form[] = [
  { shape: onward, colour: "muted", hollow: true },
  { shape: diamond, colour: "amber", hollow: false },
  { shape: diamond, colour: "amber", hollow: true },
  { shape: lever, colour: "amber", hollow: true },
  { shape: square, colour: "amber", hollow: false },
  { shape: clock, colour: "amber", hollow: true },
  { shape: square, colour: "amber", hollow: true },
  { shape: star, colour: "red", hollow: false },
  { shape: star, colour: "red", hollow: true },
  { shape: cross, colour: "red", hollow: true },
];

const FORM_OF: Readonly<Record<number, number>> = {
  [REASON.moved]: 0,
  [REASON.queueFull]: 1,
  [REASON.noInstance]: 2,
  [REASON.breakerOpen]: 3,
  [REASON.bulkheadFull]: 4,
  [REASON.bulkheadWait]: 4,
  [REASON.timedOut]: 5,
  [REASON.notCaughtUp]: 5,
  [REASON.rejected]: 6,
  [REASON.conflict]: 6,
  [REASON.error]: 7,
  [REASON.callFailed]: 8,
  [REASON.logRefused]: 8,
  [REASON.connectionRefused]: 9,
  [REASON.connectionLost]: 9,
};

/** Which of `FORMS` a reason has. */
export function formOf(reason: number): number {
  return FORM_OF[reason] ?? FORM_OF[REASON.error] ?? 0;
}

const LET_GO_BY: Readonly<Record<number, Policy>> = {
  [REASON.timedOut]: "timeout",
  [REASON.breakerOpen]: "breaker",
  [REASON.bulkheadFull]: "bulkhead",
  [REASON.bulkheadWait]: "bulkhead",
};

/** The policy that lets an attempt go for this reason; nothing where none of its call does. */
export function letGoBy(reason: number): Policy | undefined {
  return LET_GO_BY[reason];
}

/** Of a row of the frame that fell, by its flags. */
export function reasonIn(flags: number): number {
  return (flags >> REASON_SHIFT) & REASON_MASK;
}

export function reasonWords(reason: number): string {
  return REASON_WORDS[reason] ?? "refused";
}
