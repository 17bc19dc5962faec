/** The shape of a pattern's briefing. The texts are content; what a step does is data, carried out by the page. */

type Place = readonly (string | number)[];

type FaultKind =
  | "crash"
  | "slow"
  | "errors"
  | "failing_checks"
  | "drain"
  | "traffic"
  | "add_shard"
  | "remove_shard"
  | "weigh_shard"
  | "even_out"
  | "stop_projection"
  | "crash_projection"
  | "deliver_twice"
  | "out_of_order"
  | "rebuild";

/**
 * What a step's button does to the scenario. An instance and a store are meant by their place in the row, anything else
 * by its name.
 */
export type Deed =
  | ({
      readonly does: "fault";
      readonly kind: FaultKind;
      /** Where nothing is given, when the playhead is there. */
      readonly at_ms?: number;
      readonly for_ms: number | null;
      readonly factor?: number;
      readonly percent?: number;
    } & ({ readonly instance: number } | { readonly store: number } | { readonly target: string }))
  | { readonly does: "set"; readonly path: Place; readonly value: string | number | boolean | null | readonly number[] }
  | { readonly does: "scale"; readonly path: Place; readonly by: number }
  /** Takes all faults away, or those of some kinds. */
  | { readonly does: "mend"; readonly kinds?: readonly FaultKind[] }
  /** All options of a rule, as a library that people know has them. */
  | {
      readonly does: "preset";
      readonly path: Place;
      readonly of: "breaker" | "bulkhead" | "sharding";
      readonly name: string;
    }
  /** The card that looks keys up asks for these. */
  | { readonly does: "look_up"; readonly keys: string }
  /** The card of the log opens the newest event that is in it. */
  | { readonly does: "open_event" }
  /** The playhead goes there. */
  | { readonly does: "seek"; readonly t_ms: number }
  | { readonly does: "traffic" };

export interface Step {
  readonly title: string;
  readonly text: string;
  readonly buttons: readonly { readonly label: string; readonly deeds: readonly Deed[] }[];
  /** What to look at once it is done. */
  readonly watch: string;
}

export interface Variant {
  /** A word or two: it heads a column. */
  readonly label: string;
  readonly deeds: readonly Deed[];
}

/** What is worth seeing side by side, under the same requests. Each variant sets the same places. */
export interface Comparison {
  readonly title: string;
  readonly variants: readonly Variant[];
}

export interface Source {
  readonly title: string;
  readonly address: string;
}

export interface Briefing {
  readonly picture: string;
  readonly title: string;
  readonly lead: readonly string[];
  readonly steps: readonly Step[];
  /** Without one, the policies of the balancer are compared. */
  readonly comparison?: Comparison;
  /** What this scenario leaves out, beyond what no run models. */
  readonly absent?: readonly string[];
  readonly sources: readonly Source[];
}
