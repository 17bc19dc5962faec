/** The scenarios that come with the page, and where in each the reader begins. */
import bursts from "../../scenarios/bursts.json";
import hundred from "../../scenarios/hundred.json";
import loadBalancer from "../../scenarios/load-balancer.json";
import mm1 from "../../scenarios/mm1.json";
import slowUnit from "../../scenarios/slow-unit.json";
import type { Opened } from "../link/link.js";

export interface Offer extends Opened {
  id: string;
  name: string;
  scenario: object;
}

function offer(id: string, scenario: { name: string }, t_ms: number, speed: number): Offer {
  return { id, name: scenario.name, scenario, t_ms, speed };
}

/** A little before something happens, at a speed at which single requests can be followed. */
export const OPENING = offer("load-balancer", loadBalancer, 11_300, 0.1);

export const OFFERS: readonly Offer[] = [
  OPENING,
  offer("slow-unit", slowUnit, 9_500, 0.2),
  offer("bursts", bursts, 0, 0.1),
  offer("hundred", hundred, 7_500, 0.05),
  offer("mm1", mm1, 0, 0.2),
];
