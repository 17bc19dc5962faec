import { expect, it } from "vitest";
import type { BreakerChange, CallView, RunView } from "../model/views.js";
import { breakerBands } from "./breakers.js";

const change = (at_ms: number, breaker: number, to: BreakerChange["to"]): BreakerChange => ({
  at_ms,
  breaker,
  call: 0,
  to,
  text: `${to} at ${at_ms}`,
});

function run(calls: Partial<CallView>[], changes: BreakerChange[]): RunView {
  return {
    calls: calls.map((call) => ({ parties: 1, to: 0, first_breaker: 0, ...call })),
    services: [{ name: "maps", first_instance: 0, instances: 20, store: null, copies: 1, cqrs: null, nodes: [] }],
    instanceNames: Array.from({ length: 20 }, (_, index) => `maps/i${index}`),
    breakerChanges: changes,
    end_ms: 60_000,
  } as unknown as RunView;
}

it("cuts a breaker's time at its changes, and the last one lasts to the end", () => {
  const { bands } = breakerBands(run([{ breakers: 1 }], [change(10, 0, "open"), change(30, 0, "half_open")]));
  expect(bands.map((band) => band.name)).toEqual(["breaker"]);
  expect(bands[0]?.stretches).toEqual([
    { from_ms: 10, to_ms: 30, state: "open", text: "open at 10" },
    { from_ms: 30, to_ms: 60_000, state: "half_open", text: "half_open at 30" },
  ]);
});

it("shows eight at most, those that changed, and counts the rest", () => {
  const changes = Array.from({ length: 11 }, (_, index) => change(index, index + 5, "open"));
  const { bands, further } = breakerBands(run([{ breakers: 20 }], changes));
  expect(bands.map((band) => band.name)).toEqual(["i5", "i6", "i7", "i8", "i9", "i10", "i11", "i12"]);
  expect(further).toBe(3);
});

it("names the service called where several calls have breakers", () => {
  const { bands } = breakerBands(run([{ breakers: 1 }, { breakers: 2, parties: 2, first_breaker: 1 }], []));
  expect(bands.map((band) => band.name)).toEqual(["→ maps", "→ maps 1", "→ maps 2"]);
});
