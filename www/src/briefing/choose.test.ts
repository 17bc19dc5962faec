import { expect, it } from "vitest";
import type { Scenario } from "../model/views.js";
import { briefingFor } from "./choose.js";

const titled = (scenario: object): string =>
  briefingFor({ name: "mine", services: [], stores: [], cqrs: [], ...scenario } as unknown as Scenario).title;

it("finds the text of a scenario that comes with the page by its name", () => {
  expect(titled({ name: "Read your own writes" })).toBe("Read your own writes");
  expect(titled({ name: "One shared model", cqrs: [{ layout: "apart" }] })).toBe("CQRS: one model first");
});

it("gives the reader's own scenario the text of what it is about", () => {
  const service = {};
  expect(titled({ services: [service], stores: [{}], cqrs: [{ layout: "apart" }] })).toBe("Load balancer");
  expect(titled({ stores: [{}] })).toBe("Database sharding");
  expect(titled({ cqrs: [{ layout: "shared" }] })).toBe("CQRS: one model first");
  expect(titled({ cqrs: [{ layout: "apart" }] })).toBe("Two models, and a log between them");
  expect(titled({})).toBe("Load balancer");
  expect(briefingFor(null).title).toBe("Load balancer");
});
