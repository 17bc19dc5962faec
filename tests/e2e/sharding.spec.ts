/** Database sharding: what a change of map moves, where a key is, what each placement would do, and the form for all this. */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { addressOf } from "./address.js";
import { expect, test } from "./fixtures.js";
import { number, openOffer } from "./reading.js";

const SECTORS = "Three sectors, a fourth joins";
const HOT_KEY = "One key that everybody asks for";
const HOT_RANGE = "A hot range";
const GATHER = "Queries of all shards";
const COPIES = "Copies that follow later";

const parameters = (page: Page): Locator => page.getByRole("region", { name: "Parameters" });
const briefing = (page: Page): Locator => page.getByRole("region", { name: "Briefing" });
const keysOf = (page: Page): Locator => page.getByRole("region", { name: "Keys of sectors" });
const lookup = (page: Page): Locator => page.getByRole("region", { name: "Where is a key?" });
const faults = (page: Page): Locator => page.getByRole("group", { name: "Faults" });
const sideBySide = (page: Page): Locator => page.getByRole("region", { name: "Side by side" });

/** Opens one of the page's scenarios, and holds it. */
async function open(page: Page, name: string): Promise<void> {
  await openOffer(page, name);
  await expect(page.getByText("Territory division")).toBeVisible();
  await expect(keysOf(page)).toBeVisible();
}

/** The figure in a row of the card of the store. */
async function figure(page: Page, row: RegExp): Promise<number> {
  return number(await keysOf(page).getByRole("row", { name: row }).getByRole("cell").last().textContent());
}

async function compared(page: Page, row: string): Promise<number[]> {
  await sideBySide(page).getByRole("button", { name: "Compare", exact: true }).click();
  const cells = sideBySide(page).getByRole("row", { name: row }).getByRole("cell");
  await expect(cells).toHaveCount(3);
  for (const cell of await cells.all()) await expect(cell).not.toHaveText("–");
  return (await cells.allTextContents()).map(number);
}

test("a fourth sector moves three keys of four by modulo and one of four on a ring, beside the least", async ({
  page,
}) => {
  await open(page, SECTORS);
  const change = keysOf(page).getByRole("group", { name: "delta joins" });
  await expect(change).toContainText(/763 of 1.000 keys, in 7\.64.s/);
  await expect(change.getByRole("row", { name: /^moved: Hash modulo/ })).toContainText(/76\.3.%/);
  await expect(change.getByRole("row", { name: "least possible (1/4)" })).toContainText(/25.%/);
  await parameters(page).getByRole("combobox", { name: "Placement" }).selectOption({ label: "Ring" });
  await expect(change.getByRole("row", { name: /^moved: Ring/ })).toContainText(/2\d\.\d.%/);
  await expect(change.getByRole("row", { name: /^Hash modulo/ })).toContainText(/76\.3.%/);
  await expect(parameters(page).getByRole("textbox", { name: "Virtual nodes" })).toHaveValue("100");
  await change.getByRole("button", { name: /delta joins/ }).click();
  await expect(page.getByRole("slider", { name: "Playhead" })).toHaveAttribute("aria-valuetext", /^10\.000/);
});

test("a placement is chosen as people know it, and one with ranges has a list of bounds", async ({ page }) => {
  await open(page, SECTORS);
  const sharding = parameters(page).getByRole("group", { name: "Sharding", exact: true });
  await sharding.getByRole("combobox", { name: "As in" }).selectOption({ label: "Redis Cluster" });
  await expect(sharding.getByRole("combobox", { name: "Placement" })).toHaveValue("slots");
  await expect(keysOf(page).getByRole("row", { name: /^moved: Hash slots/ })).toContainText(/2\d\.?\d?.%/);
  await sharding.getByRole("combobox", { name: "Placement" }).selectOption({ label: "Ranges" });
  await expect(keysOf(page).getByRole("row", { name: /^moved: Ranges/ })).toBeVisible();
  await parameters(page)
    .getByRole("button", { name: /^Show \d+ more parameters/ })
    .click();
  const bounds = sharding.getByRole("textbox", { name: "Bounds, separated by commas" });
  await bounds.fill("soldier_3, soldier_6");
  await expect(lookup(page).getByRole("status")).toHaveText(/soldier_17 comes before "?soldier_3"?: range 1 of 3/);
  await bounds.fill("soldier_6, soldier_3");
  await expect(sharding.getByText(/is refused/)).toBeVisible();
});

test("a key is looked up where the playhead is, and the sentence says why", async ({ page }) => {
  await open(page, SECTORS);
  const keys = lookup(page).getByRole("textbox", { name: /^Keys/ });
  await expect(keys).toHaveValue("soldier_17");
  const said = lookup(page).getByRole("status");
  await expect(said).toHaveText(/^\s*\w+:\s+soldier_17 hashes to 0x[0-9a-f]+; modulo 3 .*At 9\.700.s\.$/);
  await page.getByRole("slider", { name: "Playhead" }).fill("12000");
  await expect(said).toHaveText(/modulo 4 .*At 12\.000.s\.$/);
  await parameters(page).getByRole("combobox", { name: "Placement" }).selectOption({ label: "Ring" });
  await expect(said).toHaveText(/soldier_17 hashes to 0x[0-9a-f]+; the next point on the ring is \w+#\d+/);
});

test("a pasted list is looked up, keys on the move are marked, and too many are refused in place", async ({ page }) => {
  await open(page, SECTORS);
  // Keys move in their order, four at a time: a second after the change these are among them.
  await page.getByRole("slider", { name: "Playhead" }).fill("11000");
  const keys = lookup(page).getByRole("textbox", { name: /^Keys/ });
  const numbered = (count: number): string =>
    Array.from({ length: count }, (_, key) => `soldier_${key + 100}`).join("\n");
  await keys.fill(numbered(200));
  await expect(lookup(page).getByRole("status")).toHaveText(
    /^200 keys on 4 shards, of them 4 on the move and \d+ with a move to come/,
  );
  const list = lookup(page).getByRole("region", { name: "Keys and their shards" });
  await expect(list.getByRole("row")).toHaveCount(201);
  await expect(list.getByRole("row").filter({ hasText: /on its way from (alpha|bravo|charlie)/ })).toHaveCount(4);
  await keys.fill(numbered(201));
  await expect(lookup(page).getByRole("alert")).toHaveText("These are 201 keys; at most 200 are looked up at a time.");
  await expect(keys).toHaveAttribute("aria-invalid", "true");
  await expect(list).toBeHidden();
});

test("all placements are compared on one screen, and one of them is put in place", async ({ page }) => {
  await open(page, SECTORS);
  await page.getByRole("button", { name: "Compare 8 placements" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "The same keys under each placement" });
  const rows = dialog.getByRole("row");
  await expect(rows).toHaveCount(9);
  await expect(dialog.getByRole("row", { name: /^Hash modulo/ })).toContainText(/76\.3.%/);
  await expect(dialog.getByRole("row", { name: /^Hash modulo/ })).toContainText(/%\s*1\s*0.B\s*$/);
  const moved = await dialog.getByRole("cell").filter({ hasText: "%" }).allTextContents();
  expect(moved).toHaveLength(8);
  for (const share of moved.slice(1)) expect(number(share)).toBeLessThan(40);
  const ring = dialog.getByRole("button", { name: "Ring" });
  await ring.press("Enter");
  await expect(ring).toHaveAttribute("aria-pressed", "true");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(parameters(page).getByRole("combobox", { name: "Placement" })).toHaveValue("ring");
});

test("a sector is added by the form for faults, from the keyboard, and marked with its name", async ({ page }) => {
  await open(page, SECTORS);
  await expect(faults(page).getByRole("button", { name: /^delta joins sectors, at 10\.000/ })).toBeVisible();
  await faults(page).getByRole("button", { name: "+ fault" }).press("Enter");
  const kind = page.getByRole("combobox", { name: "Kind" });
  const offered = await kind.getByRole("option").allTextContents();
  expect(offered).toContain("Remove a shard");
  expect(offered).not.toContain("Drain");
  expect(offered).not.toContain("Weigh a shard");
  await kind.selectOption({ label: "Add a shard" });
  await expect(page.getByRole("combobox", { name: "Target" })).toHaveValue("sectors");
  await expect(page.getByRole("textbox", { name: "For" })).toBeHidden();
  await page.getByRole("button", { name: "Add", exact: true }).press("Enter");
  // It comes before the other, so that it is the fourth and that one the fifth.
  const delta = faults(page).getByRole("button", { name: /^delta joins sectors, at 9\.700/ });
  await expect(delta).toBeVisible();
  await expect(faults(page).getByRole("button", { name: /^echo joins sectors, at 10\.000/ })).toBeVisible();
  await expect(keysOf(page).getByRole("group", { name: "echo joins" })).toBeVisible();
  await delta.press("ArrowRight");
  await expect(faults(page).getByRole("button", { name: /^delta joins sectors, at 9\.7\d+/ })).toBeVisible();
  await faults(page)
    .getByRole("button", { name: /^delta joins/ })
    .press("Delete");
  await expect(faults(page).getByRole("button", { name: /joins/ })).toHaveCount(1);
});

test("a hot key and a hot range are one click away, and so is the salt", async ({ page }) => {
  await open(page, SECTORS);
  const even = await figure(page, /^fullest ÷ mean/);
  await briefing(page)
    .getByRole("button", { name: /Not every key is equal/ })
    .click();
  await briefing(page).getByRole("button", { name: "Make one key hot" }).click();
  await expect.poll(() => figure(page, /^fullest ÷ mean/)).toBeGreaterThan(even + 0.8);
  const report = page.getByRole("region", { name: "Report of the whole run" });
  await expect(report.getByRole("row", { name: /shed: queue full/ })).toContainText(/\d{3}/);
  await briefing(page).getByRole("button", { name: "Salt it" }).click();
  await expect.poll(() => figure(page, /^fullest ÷ mean/)).toBeLessThan(even + 0.2);
  const salting = parameters(page).getByRole("group", { name: "Salting", exact: true });
  await expect(salting.getByRole("textbox", { name: "Salted keys, separated by commas" })).toHaveValue("0");
  await briefing(page).getByRole("button", { name: "Make a range hot" }).click();
  await expect(parameters(page).getByRole("combobox", { name: "Placement" })).toHaveValue("range");
  await expect.poll(() => figure(page, /^fullest ÷ mean/)).toBeGreaterThan(even + 0.3);
  await briefing(page).getByRole("button", { name: "All even again" }).click();
  await expect.poll(() => figure(page, /^fullest ÷ mean/)).toBeCloseTo(even, 2);
});

test("a step looks a key up, and a step adds a sector where the playhead is", async ({ page }) => {
  await open(page, SECTORS);
  await briefing(page)
    .getByRole("button", { name: /Look a key up/ })
    .click();
  await briefing(page).getByRole("button", { name: "While keys move" }).click();
  await expect(lookup(page).getByRole("status")).toHaveText(
    /^12 keys on \d shards, of them 4 on the move(?: and \d+ with a move to come)?\. At 11\.000.s\.$/,
  );
  await expect(lookup(page).getByRole("textbox", { name: /^Keys/ })).toBeFocused();
  await briefing(page)
    .getByRole("button", { name: /Change the map yourself/ })
    .click();
  await briefing(page).getByRole("button", { name: "Add a sector here" }).click();
  await expect(faults(page).getByRole("button", { name: /^echo joins sectors, at 11\.000/ })).toBeVisible();
});

test("more shards don’t help a hot key, and salt does", async ({ page }) => {
  await open(page, HOT_KEY);
  const [four = 0, eight = 0, salted = 0] = await compared(page, "succeeded");
  expect(four).toBeLessThan(95);
  expect(eight).toBeLessThan(99);
  expect(salted).toBeGreaterThan(99.5);
});

test("split by load a hot range is shared out, split by size it is not", async ({ page }) => {
  await open(page, HOT_RANGE);
  const [size = 0, load = 0, hashed = 0] = await compared(page, "busiest ÷ mean");
  expect(size).toBeGreaterThan(2);
  expect(Math.max(load, hashed)).toBeLessThan(1.3);
});

test("the slowest shard decides how long a query of all takes", async ({ page }) => {
  await open(page, GATHER);
  const [all = 0, most = 0] = await compared(page, "all shards, p95");
  expect(all).toBeGreaterThan(4 * most);
  await expect(keysOf(page).getByRole("row", { name: /^queries of all shards/ })).toContainText(/\d{3}/);
});

test("reads of any copy are stale at times, and none is older than the lag", async ({ page }) => {
  await open(page, COPIES);
  expect(await figure(page, /^stale reads/)).toBeGreaterThan(100);
  const oldest = await figure(page, /^the oldest/);
  expect(oldest).toBeGreaterThan(300);
  expect(oldest).toBeLessThanOrEqual(500);
  const copies = parameters(page).getByRole("group", { name: "Copies and reads", exact: true });
  await copies.getByRole("combobox", { name: "Read preference" }).selectOption({ label: "Primary" });
  await expect(keysOf(page).getByRole("row", { name: /^stale reads/ })).toBeHidden();
});

test("a reader’s own scenario of services and stores has all of this too", async ({ page }) => {
  const client = {
    name: "units",
    calls: [
      { to: "orders", share_percent: 50 },
      { to: "sectors", share_percent: 50 },
    ],
  };
  const scenario = {
    clients: [client],
    services: [{ name: "orders" }],
    stores: [{ name: "sectors", sharding: { placement: "jump" } }],
  };
  await page.goto(addressOf(scenario, 1_000));
  await expect(keysOf(page)).toBeVisible();
  await expect(parameters(page).getByText("Sharding: sectors")).toBeVisible();
  await expect(parameters(page).getByText("Balancer: orders")).toBeVisible();
  await faults(page).getByRole("button", { name: "+ fault" }).click();
  await page.getByRole("combobox", { name: "Kind" }).selectOption({ label: "Remove a shard" });
  await page.getByRole("combobox", { name: "Target" }).selectOption({ label: "sectors/bravo" });
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(keysOf(page).getByRole("group", { name: "bravo leaves" })).toBeVisible();
});

for (const [width, height] of [
  [1440, 900],
  [390, 844],
] as const) {
  test(`nothing scrolls sideways at ${width}, and assistive technology reaches all`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, SECTORS);
    await lookup(page).getByRole("textbox", { name: /^Keys/ }).fill("soldier_1\nsoldier_2");
    await expect(lookup(page).getByRole("region", { name: "Keys and their shards" })).toBeVisible();
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(sideways).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
    await page.getByRole("button", { name: "Compare 8 placements" }).click();
    const dialog = page.getByRole("dialog", { name: "The same keys under each placement" });
    const box = await dialog.boundingBox();
    expect(box?.width ?? Infinity).toBeLessThanOrEqual(width);
    await expect(dialog.getByRole("row")).toHaveCount(9);
  });
}
