/** Why a request leaves the stage: in which form and colour, and which policy of its call let it go. */
import { REASON, REASON_SHIFT, REASON_WORDS } from "../model/views.js";
import { clock, cross, diamond, lever, square, star } from "./shapes.js";
import type { Policy } from "./topology.js";

export interface Form {
  shape: typeof star;
  /** Red is broken, amber is refused on purpose or too late. */
  colour: "red" | "amber";
  /** Drawn as an outline: thin forms, and those that would else look like another one. */
  hollow: boolean;
}

/** In the order in which they are drawn: what is broken lies on top. */
export const FORMS: readonly Form[] = [
  { shape: diamond, colour: "amber", hollow: false },
  { shape: diamond, colour: "amber", hollow: true },
  { shape: lever, colour: "amber", hollow: true },
  { shape: square, colour: "amber", hollow: false },
  { shape: clock, colour: "amber", hollow: true },
  { shape: star, colour: "red", hollow: false },
  { shape: star, colour: "red", hollow: true },
  { shape: cross, colour: "red", hollow: true },
];

const FORM_OF: Readonly<Record<number, number>> = {
  [REASON.queueFull]: 0,
  [REASON.noInstance]: 1,
  [REASON.breakerOpen]: 2,
  [REASON.bulkheadFull]: 3,
  [REASON.bulkheadWait]: 3,
  [REASON.timedOut]: 4,
  [REASON.error]: 5,
  [REASON.callFailed]: 6,
  [REASON.connectionRefused]: 7,
  [REASON.connectionLost]: 7,
};

/** Which of `FORMS` a reason has. */
export function formOf(reason: number): number {
  return FORM_OF[reason] ?? 5;
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
  return flags >> REASON_SHIFT;
}

export function reasonWords(reason: number): string {
  return REASON_WORDS[reason] ?? "refused";
}
