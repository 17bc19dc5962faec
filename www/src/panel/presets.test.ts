import { expect, it } from "vitest";
import schema from "../../../crates/sim/schema/scenario.schema.json";
import { matches, optionsOf, presetsOf } from "./presets.js";

it("has every option of the rule that it sets, and no other", () => {
  const names = (properties: object): string[] => Object.keys(properties).sort();
  for (const [of, properties] of [
    ["breaker", schema.$defs.BreakerConfig.properties],
    ["bulkhead", schema.$defs.BulkheadConfig.properties],
  ] as const) {
    for (const preset of presetsOf(of)) expect(names(preset.options)).toEqual(names(properties));
  }
});

it("knows a rule again, and tells that an edited one is nobody's", () => {
  for (const of of ["breaker", "bulkhead"] as const) {
    for (const preset of presetsOf(of)) {
      const rule = optionsOf(of, preset.name);
      expect(presetsOf(of).filter((other) => matches(other, rule))).toEqual([preset]);
    }
  }
  const edited = { ...optionsOf("breaker", "gobreaker"), failures: 7 };
  expect(presetsOf("breaker").some((preset) => matches(preset, edited))).toBe(false);
});
