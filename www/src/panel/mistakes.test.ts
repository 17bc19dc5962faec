import { describe, expect, it } from "vitest";
import { messageFor } from "./mistakes.js";

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
