/** CQRS: one model beside two, the log and its events, lag, reading one's own writes, and a read model made again. */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { addressOf } from "./address.js";
import { expect, test } from "./fixtures.js";
import { number, openOffer } from "./reading.js";

const SHARED = "One shared model";
const APART = "Two models";
const LAG = "A read model that falls behind";
const OWN_WRITES = "Read your own writes";
const REBUILD = "Crash, replay, rebuild";

const briefing = (page: Page): Locator => page.getByRole("region", { name: "Briefing" });
const parameters = (page: Page): Locator => page.getByRole("region", { name: "Parameters" });
const card = (page: Page): Locator => page.getByRole("region", { name: /^(Both sides|The one model) of personnel$/i });
const log = (page: Page): Locator => page.getByRole("region", { name: "Log of personnel" });
const events = (page: Page): Locator => log(page).getByRole("list", { name: "Events, the newest first" });
const readModels = (page: Page): Locator => log(page).getByRole("list", { name: "Read models" });
const playhead = (page: Page): Locator => page.getByRole("slider", { name: "Playhead" });
const sideBySide = (page: Page): Locator => page.getByRole("region", { name: "Side by side" });

/** Opens one of the page's scenarios, and holds it. */
async function open(page: Page, name: string): Promise<void> {
  await openOffer(page, name);
  await expect(page.getByText("Operations and intelligence")).toBeVisible();
  await expect(card(page)).toBeVisible();
}

/** The last figure in a row of the card: of queries, or of the last read model. */
async function figure(page: Page, row: RegExp): Promise<number> {
  return number(await card(page).getByRole("row", { name: row }).getByRole("cell").last().textContent());
}

/** How many events the log has where the playhead is. */
async function length(page: Page): Promise<number> {
  return number(
    await log(page)
      .getByText(/events? where the playhead is/)
      .textContent(),
  );
}

/** Shows a step of the briefing, and presses its button. */
async function step(page: Page, title: RegExp, button: string): Promise<void> {
  await briefing(page).getByRole("button", { name: title, expanded: false }).click();
  await briefing(page).getByRole("button", { name: button, exact: true }).click();
}

async function compare(page: Page): Promise<void> {
  await sideBySide(page).getByRole("button", { name: "Compare", exact: true }).click();
}

async function compared(page: Page, row: string): Promise<number[]> {
  const cells = sideBySide(page)
    .getByRole("row", { name: new RegExp(`^${row}`) })
    .getByRole("cell");
  await expect(cells).toHaveCount(3);
  return (await cells.allTextContents()).map(number);
}

/** Waits until each variant has its column. */
async function allCompared(page: Page): Promise<void> {
  const cells = sideBySide(page).getByRole("row", { name: "goodput" }).getByRole("cell");
  await expect(cells).toHaveCount(3);
  for (const cell of await cells.all()) await expect(cell).not.toHaveText("–");
}

test("two models relieve one that suffers, under the same requests, and the form has the switch", async ({ page }) => {
  await open(page, SHARED);
  await expect(card(page)).toHaveAccessibleName(/the one model of personnel/i);
  expect(await figure(page, /^p95/)).toBeGreaterThan(500);
  await expect(card(page).getByRole("row", { name: /^stale reads/ })).toBeHidden();
  await parameters(page).getByRole("combobox", { name: "Models" }).selectOption({ label: "Two models" });
  await expect(card(page)).toHaveAccessibleName(/both sides of personnel/i);
  await expect.poll(() => figure(page, /^p95/)).toBeLessThan(100);
  await expect(card(page).getByRole("row", { name: /^stale reads/ })).toContainText(/^\s*stale reads\s*14\s/);
});

test("a lock, no lock and two models stand side by side", async ({ page }) => {
  await open(page, SHARED);
  await compare(page);
  await allCompared(page);
  const [locks = 0, free = 0, apart = 0] = await compared(page, "p95 of queries");
  expect(locks).toBeGreaterThan(4 * free);
  expect(free).toBeGreaterThan(1.5 * apart);
  const [commandsLock = 0, , commandsApart = 0] = await compared(page, "p95 of commands");
  expect(commandsLock).toBeGreaterThan(4 * commandsApart);
  expect(await compared(page, "stale reads")).toEqual([0, 0, 14]);
  const head = sideBySide(page).getByRole("button", { name: "two models" });
  await head.press("Enter");
  await expect(head).toHaveAttribute("aria-pressed", "true");
  await expect(card(page)).toHaveAccessibleName(/both sides of personnel/i);
});

test("an event is opened and read with its command, and the request behind it explained", async ({ page }) => {
  await open(page, APART);
  await step(page, /Look at a later log/, "Go to 20 s");
  await step(page, /Open an event/, "Open the newest at 5 s");
  await expect(playhead(page)).toHaveAttribute("aria-valuetext", /^5\.000/);
  const opened = events(page).getByRole("listitem").first();
  const title = opened.getByRole("button", { expanded: true });
  await expect(title).toBeVisible();
  const what = /soldier_.*\S/.exec((await title.textContent()) ?? "")?.[0] ?? "";
  expect(what).toMatch(
    /^soldier_\d+ was (assigned to|transferred from|released from) (Alpha|Bravo|Charlie|Delta) Company/,
  );
  await expect(opened.getByText(/^\s*(assign|transfer|release) soldier_\d+.*, by request \d/)).toBeVisible();
  // A moment later both read models have it.
  await playhead(page).fill("6000");
  await expect(opened.getByText(/ms after it was written/)).toHaveCount(2);
  await opened.getByRole("button", { name: /^request \d/ }).press("Enter");
  const inspector = page.getByRole("region", { name: /^Request \d/ });
  await expect(inspector.getByText(`: ${what}.`)).toBeVisible();
});

test("the log is as long as it was where the playhead goes, and can be leafed through from the keyboard", async ({
  page,
}) => {
  await open(page, APART);
  await playhead(page).fill("5000");
  await expect(log(page).getByText(/^213 events where the playhead is/)).toBeVisible();
  const first = await events(page).getByRole("button").first().textContent();
  await playhead(page).fill("20000");
  await expect.poll(() => length(page)).toBeGreaterThan(400);
  await playhead(page).fill("5000");
  await expect(log(page).getByText(/^213 events where the playhead is/)).toBeVisible();
  await expect(events(page).getByRole("button").first()).toHaveText(first ?? "");
  await log(page).getByRole("button", { name: "Older" }).press("Enter");
  await expect(events(page).getByRole("button").first()).toContainText(/^\s*206 ·/);
  // What is being read stays, while the log grows.
  const held = events(page).getByRole("button").first();
  await held.press("Enter");
  await playhead(page).fill("9000");
  await expect(held).toContainText(/^\s*206 ·/);
  await expect(held).toHaveAttribute("aria-expanded", "true");
  await log(page).getByRole("button", { name: "Follow the log" }).press("Enter");
  await expect(held).not.toContainText(/^\s*206 ·/);
});

test("a burst and a stop make a read model fall behind, and what it tells stale", async ({ page }) => {
  await open(page, LAG);
  await playhead(page).fill("9000");
  await expect(readModels(page)).toContainText(/by person lacks 6\d events, wants \d+ next/);
  await expect(events(page).getByText("◷ not yet in by person").first()).toBeVisible();
  await playhead(page).fill("15900");
  await expect(readModels(page)).toContainText(/by person has all|lacks \d events?,/);
  expect(await figure(page, /^the oldest/)).toBeGreaterThan(2_000);
  expect(await figure(page, /^stale reads/)).toBe(325);
  await expect(card(page).getByRole("row", { name: /^rejected: assigned to no company/ })).toBeVisible();
  await step(page, /Stale reads make wrong orders/, "No faults");
  await expect.poll(() => figure(page, /^stale reads/)).toBeLessThan(60);
  await expect.poll(() => figure(page, /^the oldest/)).toBeLessThan(200);
});

test("who waits for their own writes reads less that is stale, and who may not wait goes without", async ({ page }) => {
  await open(page, OWN_WRITES);
  await compare(page);
  await allCompared(page);
  const [whatever = 0, waits = 0, refuses = 0] = await compared(page, "stale reads");
  expect(waits).toBeLessThan(whatever / 5);
  expect(refuses).toBeLessThan(waits);
  const [quick = 0, slow = 0] = await compared(page, "p95 of queries");
  expect(slow).toBeGreaterThan(3 * quick);
  await step(page, /Wait, but not so long/, "Then refuse");
  await expect(card(page).getByRole("row", { name: /^no answer: not caught up/ })).toContainText("317");
  await expect(card(page).getByRole("row", { name: /^most queries waiting/ })).toContainText(/\d/);
  const queries = parameters(page).getByRole("group", { name: "Queries", exact: true });
  await expect(queries.getByRole("combobox", { name: "Consistency" })).toHaveValue("read_your_writes");
});

test("after a crash the one that counts is wrong, and a rebuild from the first event makes it right", async ({
  page,
}) => {
  await open(page, REBUILD);
  const equal = card(page)
    .getByRole("row", { name: /^equal to a replay/ })
    .getByRole("cell");
  await expect(equal).toHaveText([/✓ yes/, /✕ no/]);
  await playhead(page).fill("19290");
  await expect(readModels(page)).toContainText(/strength (has all|lacks \d events?)/);
  await playhead(page).fill("19300");
  await expect(readModels(page)).toContainText(/strength lacks 40 events, wants 450 next/);
  await step(page, /Rebuild what is wrong/, "Rebuild strength at 28 s");
  await expect(equal).toHaveText([/✓ yes/, /✓ yes/]);
  await playhead(page).fill("28000");
  await expect(readModels(page)).toContainText(/strength lacks 68\d events, wants 0 next/);
  await expect(readModels(page)).toContainText(/by person (has all|lacks \d events?)/);
  // An event that it had is open: it was in it, and has yet to be taken in again.
  await events(page).getByRole("button").last().press("Enter");
  await expect(events(page).getByText(/it has yet to be taken in again/)).toBeVisible();
  await playhead(page).fill("36000");
  await expect(readModels(page)).toContainText(/strength (has all|lacks \d events?)/);
  await expect(events(page).getByText(/; again at 3\d\.\d+/)).toBeVisible();
});

test("exactly once in effect, both are right after the crash", async ({ page }) => {
  await open(page, REBUILD);
  await compare(page);
  await allCompared(page);
  const row = sideBySide(page).getByRole("row", { name: /^equal to a replay/ });
  await expect(row.getByRole("cell")).toHaveText(["1 of 2", "1 of 2", "all"]);
});

test("a reader’s own pairs of sides have all of this too", async ({ page }) => {
  const calls = [
    { to: "north", share_percent: 50 },
    { to: "south", share_percent: 50 },
  ];
  const scenario = {
    clients: [{ name: "units", commands_percent: 30, calls }],
    services: [],
    cqrs: [{ name: "north" }, { name: "south", layout: "shared" }],
  };
  await page.goto(addressOf(scenario, 3_000));
  await expect(page.getByRole("region", { name: "Both sides of north" })).toBeVisible();
  await expect(page.getByRole("region", { name: "The one model of south" })).toBeVisible();
  // One model is written in place: there is no log to be read.
  await expect(page.getByRole("region", { name: "Log of south" })).toBeHidden();
  const north = page.getByRole("region", { name: "Log of north" });
  await north
    .getByRole("list", { name: /^Events/ })
    .getByRole("button")
    .first()
    .click();
  await expect(north.getByText(/by request \d/)).toBeVisible();
});

test("on the stage the log is picked as a whole, by its events and by the lines of the read models", async ({
  page,
}) => {
  await open(page, APART);
  await playhead(page).fill("5000");
  const strip = page.getByRole("region", { name: "Stage" }).getByRole("button", { name: /^Log of personnel: / });
  await expect(strip).toHaveAccessibleName(/\d+ events, by person lacks \S+, strength lacks \S+/);
  await strip.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Close the inspector" })).toBeVisible();
  await expect(page.getByRole("list", { name: "Events, the newest first" })).toHaveCount(2);

  const box = await strip.boundingBox();
  if (!box) throw new Error("the log is on the stage");
  // The newest event stands at the right; below the events is a line for each read model.
  await strip.click({ position: { x: box.width - 30, y: 28 } });
  const request = page.getByRole("region", { name: /^Request \d/ });
  await expect(request.getByText(/^Written as event \d+: soldier_\d+ was /)).toBeVisible();
  await expect(request.getByText(/^The read model strength has event \d+, .* after it was written\.$/)).toBeVisible();
  await strip.click({ position: { x: box.width - 60, y: box.height - 9 } });
  const strength = page.getByRole("region", { name: "strength", exact: true });
  await expect(strength.getByText(/^The read model strength (has all|lacks) /)).toBeVisible();
});

for (const [width, height] of [
  [1440, 900],
  [390, 844],
] as const) {
  test(`nothing scrolls sideways at ${width}, and assistive technology reaches all`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, REBUILD);
    await step(page, /Rebuild what is wrong/, "Rebuild strength at 28 s");
    await playhead(page).fill("30000");
    await events(page).getByRole("button").first().click();
    await expect(events(page).getByRole("button", { expanded: true })).toBeVisible();
    await compare(page);
    await allCompared(page);
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(sideways).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
  });
}
