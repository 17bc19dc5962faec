/** What the map of a store is drawn as, by its placement, and how much room that takes. */
import type { MapView, Scenario } from "../../model/views.js";

export type MapShape = MapView["shape"];
type Placement = Scenario["stores"][number]["sharding"]["placement"];

/** As `crates/sim` draws them: what has no order of its own is nothing but a list of shards. */
export function shapeOf(placement: Placement | undefined): MapShape {
  switch (placement) {
    case "ring":
      return "ring";
    case "range":
      return "ranges";
    case "slots":
      return "slots";
    case "maglev":
      return "table";
    case "hash_modulo":
    case "jump":
    case "rendezvous":
    case "directory":
    case undefined:
      return "buckets";
  }
}

/** Under a map stand two lines of words, and as much is kept free above it, so that it stands in the middle. */
export const CAPTION = 46;
const LEAST_SIDE = 76;
const MOST_SIDE = 184;
const MOST_WIDTH = 224;
const MOST_HEIGHT = 128;

function within(value: number, least: number, most: number): number {
  return Math.round(Math.max(least, Math.min(value, most)));
}

/** A ring is a square; all else is wider than high. */
export function mapSize(shape: MapShape, room: { w: number; h: number }): { w: number; h: number } {
  const high = room.h - 2 * CAPTION;
  if (shape === "ring") {
    const side = within(Math.min(room.w, high), LEAST_SIDE, MOST_SIDE);
    return { w: side, h: side };
  }
  return { w: within(room.w, LEAST_SIDE, MOST_WIDTH), h: within(high, LEAST_SIDE, MOST_HEIGHT) };
}
