import { describe, expect, it } from "vitest";
import type { Band, RunView } from "../model/views.js";
import { healthRows, healthSentence } from "./health.js";

const band = (instance: number, from_ms: number, to_ms: number, status: Band["status"], up: boolean): Band => ({
  instance,
  from_ms,
  to_ms,
  status,
  up,
});

function run(instances: number, bands: Band[]): RunView {
  const instanceNames = Array.from({ length: instances }, (_, index) => `unit-${index}`);
  return { instanceNames, bands } as unknown as RunView;
}

describe("rows of health", () => {
  it("tell a loss that the balancer has not noticed from one that it knows", () => {
    const rows = healthRows(
      run(1, [band(0, 0, 5, "healthy", true), band(0, 5, 9, "healthy", false), band(0, 9, 20, "unhealthy", false)]),
    );
    expect(rows.rows[0]?.stretches.map((stretch) => stretch.health)).toEqual(["healthy", "missed", "down"]);
    expect(healthSentence(rows)).toContain("unit-0 down, not noticed from");
  });

  it("join stretches that say the same", () => {
    const rows = healthRows(run(1, [band(0, 0, 5, "healthy", true), band(0, 5, 9, "healthy", true)]));
    expect(rows.rows[0]?.stretches).toHaveLength(1);
    expect(healthSentence(rows)).toBe("All instances are healthy throughout.");
  });

  it("show, of many instances, only those that were not always healthy, and count the rest of them", () => {
    const bands = Array.from({ length: 100 }, (_, index) =>
      band(index, 0, 9, index < 15 ? "ejected" : "healthy", true),
    );
    const rows = healthRows(run(100, bands));
    expect(rows).toMatchObject({ selective: true, further: 7 });
    expect(rows.rows).toHaveLength(8);
  });
});
