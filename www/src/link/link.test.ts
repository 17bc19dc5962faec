/** Addresses: what is written is read again, and what is damaged is an error, not another scenario. */
import { expect, test } from "vitest";
import { read, written } from "./address.js";
import { packed, unpacked } from "./codec.js";
import { opened } from "./link.js";
import { digestOf } from "./traces.js";

test("any text comes back as it went in, in letters that an address allows", async () => {
  const text = JSON.stringify({
    name: "«–» 東京 🙂",
    numbers: Array.from({ length: 5_000 }, (_, index) => index % 97),
  });
  const letters = await packed(text);
  expect(letters).toMatch(/^[\w-]+$/);
  expect(letters.length).toBeLessThan(text.length / 4);
  expect(await unpacked(letters)).toBe(text);
});

test("damaged letters are an error", async () => {
  const letters = await packed('{"seed":7}');
  await expect(unpacked(letters.slice(0, -3))).rejects.toThrow();
  await expect(unpacked("%%%")).rejects.toThrow();
});

test("an address is read as it was written", () => {
  const address = {
    scenario: "abc-_",
    t_ms: 12_412.25,
    speed: 0.1,
    traces: [
      { kind: "sample", name: "apache-access-2015", group: 0 } as const,
      { kind: "local", name: "0a1b", group: 2 } as const,
    ],
  };
  expect(read(written(address))).toEqual(address);
  expect(written(address)).toBe("#s=abc-_&t=12412.25&v=0.1&x=sample.apache-access-2015&x=local.0a1b.2");
});

test("nonsense in an address is left out, and a hash of something else is no address", () => {
  expect(read("#s=a&t=-5&v=900&x=sample.../../etc")).toEqual({ scenario: "a", t_ms: 0, speed: null, traces: [] });
  expect(read("#s=a&t=x")).toMatchObject({ t_ms: 0 });
  expect(read("")).toBeNull();
  expect(read("#stage")).toBeNull();
});

test("an address opens as scenario, playhead and speed", async () => {
  const scenario = await packed('{"seed":7}');
  expect(await opened({ scenario, t_ms: 5, speed: 2, traces: [] })).toEqual({
    scenario: { seed: 7 },
    t_ms: 5,
    speed: 2,
  });
});

test("an address that holds no scenario is refused", async () => {
  const scenario = await packed('"seven"');
  await expect(opened({ scenario, t_ms: 0, speed: null, traces: [] })).rejects.toThrow("holds no scenario");
});

test("traces that differ in one number have different digests", () => {
  const trace = (count: number, key: number): Parameters<typeof digestOf>[0] => ({
    name: "",
    counts: [[0, count]],
    keys: [key],
  });
  const digests = [trace(1, 2), trace(2, 1), trace(1, 3)].map(digestOf);
  expect(new Set(digests).size).toBe(3);
  expect(digestOf(trace(1, 2))).toBe(digests[0]);
});
