/** The sweep over placements: what its columns are, and where a placement stands in a scenario. */
import type { PlacementRow } from "../model/views.js";
import { count, percent, plain, THIN } from "../panel/number.js";
import type { Path } from "../panel/path.js";
import { peak } from "./store-figures.js";

export interface Column {
  readonly name: string;
  /** What the figure is, for those who want to know. */
  readonly about: string;
  /** How long its bar is, beside those of the other placements. */
  readonly value: (row: PlacementRow) => number | null;
  readonly words: (row: PlacementRow) => string;
}

/** All of them are better when less. */
export const COLUMNS: readonly Column[] = [
  {
    name: "keys",
    about: "fullest shard ÷ mean",
    value: (row) => uneven(row.keys_peak),
    words: (row) => peak(row.keys_peak),
  },
  {
    name: "load",
    about: "busiest shard ÷ mean",
    value: (row) => uneven(row.load_peak),
    words: (row) => peak(row.load_peak),
  },
  {
    name: "moved",
    about: "when one shard joins",
    value: (row) => row.moved_percent,
    words: (row) => percent(row.moved_percent),
  },
  {
    name: "steps",
    about: "to find a key",
    value: (row) => row.steps,
    words: (row) => plain(row.steps, 1),
  },
  {
    name: "memory",
    about: "kept to find a shard",
    value: (row) => row.bytes,
    words: (row) => memory(row.bytes),
  },
];

/** What lies above 1, which is even: whole bars would all look alike. */
function uneven(value: number | null): number | null {
  return value === null ? null : value - 1;
}

function memory(bytes: number): string {
  if (bytes < 1_000) return `${count(bytes)}${THIN}B`;
  return bytes < 1_000_000 ? `${plain(bytes / 1_000, 1)}${THIN}KB` : `${plain(bytes / 1_000_000, 1)}${THIN}MB`;
}

export function placementOf(store: number): Path {
  return ["stores", store, "sharding", "placement"];
}
