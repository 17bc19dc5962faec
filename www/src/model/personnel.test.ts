import { expect, it } from "vitest";
import library from "../../../crates/patterns/src/cqrs/personnel.rs?raw";
import { commandWords, companyName, eventWords, modelWords, type Happened } from "./personnel.js";

it("calls companies what the library calls them", () => {
  const [, list = ""] = /const NAMES: \[&str; 26\] = \[([^\]]*)\]/.exec(library) ?? [];
  const names = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
  expect(names).toHaveLength(26);
  expect(names.map((_, company) => companyName(company))).toEqual(names.map((name) => `${name} Company`));
  expect([companyName(26), companyName(53)]).toEqual(["Alpha 2 Company", "Bravo 3 Company"]);
});

it("says what happened, and what was asked for before", () => {
  const happened = (more: Partial<Happened>): Happened => ({
    kind: "transferred",
    person: 17,
    from: null,
    to: null,
    ...more,
  });
  const words = (more: Partial<Happened>): string[] => [commandWords(happened(more)), eventWords(happened(more))];
  expect(words({ kind: "assigned", to: 0 })).toEqual([
    "assign soldier_17 to Alpha Company",
    "soldier_17 was assigned to Alpha Company",
  ]);
  expect(words({ from: 0, to: 1 })).toEqual([
    "transfer soldier_17 to Bravo Company",
    "soldier_17 was transferred from Alpha Company to Bravo Company",
  ]);
  expect(words({ kind: "released", from: 23 })).toEqual([
    "release soldier_17",
    "soldier_17 was released from X-ray Company",
  ]);
  // Where nobody checked, nobody knows from where.
  expect(words({ to: 1 })[1]).toBe("soldier_17 was transferred to Bravo Company");
  expect(words({ kind: "released" })[1]).toBe("soldier_17 was released");
});

it("calls read models by what they answer", () => {
  expect(["by_person", "by_company", "strength"].map(modelWords)).toEqual(["by person", "by company", "strength"]);
});
