/** The breakers, bulkheads and placements that people know, as options of a rule; what they are comes from Rust. */
import presets from "../generated/presets.json";

type Options = Readonly<Record<string, unknown>>;

export interface Preset {
  readonly name: string;
  readonly title: string;
  readonly options: Options;
}

export type PresetOf = "breaker" | "bulkhead" | "sharding";

const ALL: Readonly<Record<PresetOf, readonly Preset[]>> = presets;

/** Those that have the same options are one to choose, under all of their titles. */
export function presetsOf(of: PresetOf): Preset[] {
  const different: Preset[] = [];
  for (const preset of ALL[of]) {
    const index = different.findIndex((other) => matches(other, preset.options));
    const other = different[index];
    if (other === undefined) different.push(preset);
    else different[index] = { ...other, title: `${other.title}; ${preset.title}` };
  }
  return different;
}

/** Whether a rule is as this preset has it. What the rule has beyond the preset's options doesn't count. */
export function matches(preset: Preset, rule: unknown): boolean {
  if (typeof rule !== "object" || rule === null) return false;
  return Object.entries(preset.options).every(([name, value]) => (rule as Options)[name] === value);
}

/** A rule's options, ready to be put in its place. */
export function optionsOf(of: PresetOf, name: string): Record<string, unknown> | undefined {
  const preset = ALL[of].find((one) => one.name === name);
  return preset && { ...preset.options };
}

/** A rule with these options in it. What the preset says nothing about stays. */
export function withOptions(rule: unknown, options: Options): Record<string, unknown> {
  return { ...(typeof rule === "object" ? rule : {}), ...options };
}
