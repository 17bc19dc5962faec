/** Proves the form on a small schema with every word that the engine's schema uses, none of its parameters. */
import { describe, expect, it } from "vitest";
import { applies, changed, fieldsOf, formFor, initialAt, type Schema } from "./schema.js";

const schema: Schema = {
  properties: {
    parts: { items: { $ref: "#/$defs/Part" }, default: [{ hop: { time: 20 }, list: [] }], "x-level": "basic" },
  },
  $defs: {
    Part: {
      properties: {
        secret: { type: "number", "x-level": "hidden" },
        amount: {
          type: "number",
          title: "Amount",
          default: 3,
          "x-level": "basic",
          "x-when": "kind=a|b",
          "x-unit": "ms",
        },
        kind: { $ref: "#/$defs/Kind", title: "Kind", default: "a", "x-level": "basic" },
        hop: { $ref: "#/$defs/Hop", title: "Hop", "x-level": "more" },
        list: { type: "array", items: { type: "number" }, title: "List", "x-level": "basic", "x-min": 0, "x-max": 9 },
        whole: { type: ["integer", "null"], title: "Whole", "x-level": "basic", "x-scale": "log" },
        plain: { type: "boolean", title: "Plain", default: false },
      },
    },
    Kind: {
      oneOf: [
        { const: "a", title: "The first", description: "Help." },
        { const: "c", title: "The third" },
      ],
    },
    Hop: {
      properties: { time: { type: "number", title: "Time", default: 0, "x-level": "basic", "x-min": 0, "x-max": 9 } },
    },
  },
};
const path = ["parts", 0] as const;
const scenario = { parts: [{ kind: "a", amount: 3, hop: { time: 20 }, list: [], whole: null }] };
const fields = (of: unknown) => fieldsOf(formFor(schema, of, path));

describe("the form", () => {
  it("puts what others depend on first", () => {
    expect(fields(scenario)[0]?.key).toBe("parts[0].kind");
  });

  it("leaves out what doesn't apply now and what is hidden or has no level", () => {
    const keys = (kind: string) => fields({ parts: [{ kind }] }).map((field) => field.title);
    expect(keys("b")).toContain("Amount");
    expect(keys("c")).not.toContain("Amount");
    expect(keys("a")).not.toContain("secret");
    expect(keys("a")).not.toContain("Plain");
  });

  it("shows a part of something deeper no sooner than the whole", () => {
    expect(fields(scenario).find((field) => field.title === "Time")?.level).toBe("more");
  });

  it("takes the default of the whole before that of the part", () => {
    expect(initialAt(schema, [...path, "hop", "time"])).toBe(20);
    expect(initialAt(schema, [...path, "amount"])).toBe(3);
  });

  it("knows each kind of control", () => {
    const controls = Object.fromEntries(fields(scenario).map((field) => [field.title, field.control]));
    expect(controls).toMatchObject({
      Kind: { kind: "choice", choices: [{ value: "a", title: "The first", help: "Help." }, { value: "c" }] },
      Amount: { kind: "number", integer: false, optional: false },
      Whole: { kind: "number", integer: true, optional: true, log: true },
      List: { kind: "list", itemDefault: 1 },
    });
  });

  it("tells what was changed", () => {
    const edited = { parts: [{ kind: "a", amount: 4, hop: { time: 20 }, list: [] }] };
    const titles = fields(edited)
      .filter((field) => changed(field, edited))
      .map((field) => field.title);
    expect(titles).toEqual(["Amount"]);
  });
});

describe("x-when", () => {
  it("compares with a sibling, whatever its type", () => {
    expect(applies("enabled=true", { enabled: true })).toBe(true);
    expect(applies("enabled=true", { enabled: false })).toBe(false);
    expect(applies(undefined, {})).toBe(true);
  });
});
