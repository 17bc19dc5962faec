/** The sweep over placements: what its columns are, and whether its rows are still of the scenario on the page. */
import { cloneScenario } from "../model/scenario.js";
import type { PlacementRow, Scenario } from "../model/views.js";
import { percent, plain } from "../panel/number.js";
import { setAt, type Path } from "../panel/path.js";
import { fingerprint } from "./compare.js";
import { memory, peak } from "./store-figures.js";

export interface Column {
  readonly name: string;
  /** What the figure is, for those who want to know. */
  readonly about: string;
  readonly value: (row: PlacementRow) => number | null;
  readonly words: (row: PlacementRow) => string;
}

/** All of them are better when less. */
export const COLUMNS: readonly Column[] = [
  {
    name: "keys",
    about: "Keys of the fullest shard over the mean: 1 is even",
    value: (row) => row.keys_peak,
    words: (row) => peak(row.keys_peak),
  },
  {
    name: "load",
    about: "Reads and writes of the busiest shard over the mean, under this run’s requests: 1 is even",
    value: (row) => row.load_peak,
    words: (row) => peak(row.load_peak),
  },
  {
    name: "moved",
    about: "Share of the keys that moves when one shard joins",
    value: (row) => row.moved_percent,
    words: (row) => percent(row.moved_percent),
  },
  {
    name: "steps",
    about: "Points, scores, bounds or jumps that are looked at to find a key, on average",
    value: (row) => row.steps,
    words: (row) => plain(row.steps, 1),
  },
  {
    name: "memory",
    about: "What is kept in memory to find a shard",
    value: (row) => row.bytes,
    words: (row) => memory(row.bytes),
  },
];

export function placementOf(store: number): Path {
  return ["stores", store, "sharding", "placement"];
}

/** Equal for scenarios that differ by the placement of this store alone: the sweep says the same of them. */
export function sweptOf(scenario: Scenario, store: number): string {
  const draft = cloneScenario(scenario);
  setAt(draft, placementOf(store), "");
  return fingerprint(draft);
}
