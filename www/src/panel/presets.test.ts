import { expect, it } from "vitest";
import schema from "../../../crates/sim/schema/scenario.schema.json";
import { matches, optionsOf, presetsOf, withOptions } from "./presets.js";

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
  for (const of of ["breaker", "bulkhead", "sharding"] as const) {
    for (const preset of presetsOf(of)) {
      const rule = optionsOf(of, preset.name);
      expect(presetsOf(of).filter((other) => matches(other, rule))).toEqual([preset]);
    }
  }
  const edited = { ...optionsOf("breaker", "gobreaker"), failures: 7 };
  expect(presetsOf("breaker").some((preset) => matches(preset, edited))).toBe(false);
});

it("leaves what a placement says nothing about as it is", () => {
  const properties = Object.keys(schema.$defs.ShardingConfig.properties);
  for (const preset of presetsOf("sharding")) {
    for (const name of Object.keys(preset.options)) expect(properties).toContain(name);
    const rule = withOptions({ placement: "range", bounds: ["m"], copies: 3 }, preset.options);
    expect(rule).toMatchObject({ bounds: ["m"], copies: 3 });
    expect(rule.placement).not.toBe("range");
    expect(matches(preset, rule)).toBe(true);
  }
});
