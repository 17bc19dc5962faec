import { describe, expect, it } from "vitest";
import type { Band, RunView } from "../model/views.js";
import { healthRows, healthSentence } from "./health.js";

const band = (instance: number, from_ms: number, to_ms: number, status: Band["status"], up: boolean): Band => ({
  instance,
  from_ms,
  to_ms,
  status,
  up,
  here: true,
});

function run(instances: number, bands: Band[], of: "service" | "store" | "sides" = "service"): RunView {
  const instanceNames = Array.from({ length: instances }, (_, index) => `unit-${index}`);
  const store = of === "store" ? 0 : null;
  const services = [{ first_instance: 0, instances, store, cqrs: of === "sides" ? 0 : null }];
  return { instanceNames, bands, services } as unknown as RunView;
}

describe("rows of health", () => {
  it("tell a loss that the balancer has not noticed from one that it knows", () => {
    const rows = healthRows(
      run(1, [band(0, 0, 5, "healthy", true), band(0, 5, 9, "healthy", false), band(0, 9, 20, "unhealthy", false)]),
    );
    expect(rows.rows[0]?.stretches.map((stretch) => stretch.health)).toEqual(["healthy", "missed", "down"]);
    expect(healthSentence(rows, [])).toContain("unit-0 down, not noticed from");
  });

  it("know nobody who could notice a shard or a side that is down", () => {
    const bands = [band(0, 0, 5, "healthy", true), band(0, 5, 9, "healthy", false)];
    for (const of of ["store", "sides"] as const) {
      expect(healthRows(run(1, bands, of)).rows[0]?.stretches.at(-1)?.health).toBe("down");
    }
  });

  it("leave out the time before a shard joins and after it is gone, and tell it to who can’t see", () => {
    const joins = [{ ...band(0, 0, 5_000, "healthy", true), here: false }, band(0, 5_000, 9_000, "healthy", true)];
    const one = run(1, joins, "store");
    const rows = healthRows(one);
    expect(rows.rows[0]?.stretches.map(({ health }) => health)).toEqual(["away", "healthy"]);
    expect(healthSentence(rows, one.services)).toMatch(/^unit-0 not in the map from 0.* to 5/);
    expect(healthSentence({ ...rows, rows: [] }, one.services)).toBe("All shards are healthy throughout.");
  });

  it("join stretches that say the same", () => {
    const rows = healthRows(run(1, [band(0, 0, 5, "healthy", true), band(0, 5, 9, "healthy", true)]));
    expect(rows.rows[0]?.stretches).toHaveLength(1);
    expect(healthSentence(rows, [])).toBe("All instances are healthy throughout.");
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
