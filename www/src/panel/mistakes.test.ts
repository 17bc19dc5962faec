import { describe, expect, it } from "vitest";
import schema from "../../../crates/sim/schema/scenario.schema.json";
import { messageFor, mistakeWords, problemOf } from "./mistakes.js";
import { fieldsOf, formFor } from "./schema.js";

const complaints = [
  { path: "a.rate", found: "-1", allowed: "0.001 to 1000000", message: "" },
  { path: "a.weights[3]", found: "x", allowed: "0 to 9", message: "" },
  { path: "limits", found: "", allowed: "", message: "Too many requests." },
];

describe("a complaint", () => {
  it("is told at its own field, or at the list that it is about", () => {
    expect(messageFor("a.rate", complaints)).toContain("Allowed: 0.001 to 1\u202f000\u202f000");
    expect(messageFor("a.weights", complaints)).toContain("x is refused");
    expect(messageFor("a.rat", complaints)).toBeUndefined();
  });
});

describe("a list of complaints", () => {
  const path = "cqrs[0].models[1].kind";

  it("names the place once, by its label too, and says what was found and what is allowed", () => {
    const complaint = { path, found: '"strength"', allowed: "once", message: `${path}: found strength again` };
    expect(mistakeWords(complaint, schema)).toBe(
      `Answers (${path}): found strength again (found "strength", allowed: once)`,
    );
    expect(mistakeWords(complaint, null)).toMatch(/^cqrs\[0\]\.models\[1\]\.kind: found strength again/);
  });

  it("leaves out what the message says already, and a place that there is none of", () => {
    const said = { path: "seed", found: "-1", allowed: "0 to 9", message: "seed: found -1; allowed: 0 to 9" };
    expect(mistakeWords(said, schema)).toBe("Seed (seed): found -1; allowed: 0 to 9");
    expect(mistakeWords({ path: "", found: "", allowed: "", message: "no JSON" }, schema)).toBe("no JSON");
    expect(mistakeWords({ path: "not.there", found: "", allowed: "", message: "odd" }, schema)).toBe("not.there: odd");
  });
});

describe("a number that nothing comes of", () => {
  const faults = [{ kind: "rebuild", target: "by_person", at_ms: 0, for_ms: null, factor: 4, percent: 50 }];
  const at = fieldsOf(formFor(schema, { faults }, ["faults", 0])).find(({ path }) => path.at(-1) === "at_ms");

  it("is told with what is allowed, by the bounds or by the end of the run", () => {
    const told = (value: unknown): string | undefined => at && problemOf(at, value, 30_000)?.replace(/\u202f/g, " ");
    expect(told(-7)).toBe("−7 ms is refused. Allowed: from 0 to 30 000 ms.");
    expect(told(99_999_999)).toMatch(/Allowed: from 0 to 30 000 ms\.$/);
    expect([0, 30_000, null].map(told)).toEqual([undefined, undefined, undefined]);
  });
});
