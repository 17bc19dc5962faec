/** The shape of a pattern's briefing. The texts are content; what a step does is data, carried out by the page. */

/** What a step's button does to the scenario. Targets are places in the row of instances, not names. */
export type Deed =
  | {
      readonly does: "fault";
      readonly kind: "crash" | "slow" | "errors" | "failing_checks" | "drain";
      readonly instance: number;
      readonly for_ms: number | null;
      readonly factor?: number;
      readonly percent?: number;
    }
  | { readonly does: "set"; readonly path: readonly (string | number)[]; readonly value: string | number | boolean }
  | { readonly does: "scale"; readonly path: readonly (string | number)[]; readonly by: number }
  | { readonly does: "traffic" };

export interface Step {
  readonly title: string;
  readonly text: string;
  readonly buttons: readonly { readonly label: string; readonly deeds: readonly Deed[] }[];
  /** What to look at once it is done. */
  readonly watch: string;
}

export interface Briefing {
  readonly picture: string;
  readonly title: string;
  readonly lead: readonly string[];
  readonly steps: readonly Step[];
  readonly sources: readonly { readonly title: string; readonly address: string }[];
}
