/** The timeline: playing and stepping, one playhead, and faults that are added, moved and removed. */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { addressOf } from "./address.js";
import { expect, test } from "./fixtures.js";

const playhead = (page: Page): Locator => page.getByRole("slider", { name: "Playhead" });
const seconds = async (page: Page): Promise<number> => Number(await playhead(page).inputValue()) / 1000;

test.beforeEach(async ({ page }) => {
  await page.goto(addressOf({}));
  await expect(page.getByText(/\d requests ·/)).toBeVisible();
  const pause = page.getByRole("button", { name: "Pause", exact: true });
  if (await pause.isVisible()) await pause.click();
  await page.getByRole("button", { name: "To the start" }).click();
});

test("play moves the playhead, pause holds it", async ({ page }) => {
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect.poll(() => seconds(page)).toBeGreaterThan(0.2);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const held = await seconds(page);
  // Whole milliseconds that are over: the text never says a moment that is still to come.
  const over = (Math.floor(held * 1000 + 5e-7) / 1000).toFixed(3);
  await expect(playhead(page)).toHaveAttribute("aria-valuetext", new RegExp(`^${over}.s of `));
  expect(await seconds(page)).toBe(held);
});

test("a step goes to the next event, or request, and back", async ({ page }) => {
  await page.getByRole("button", { name: "Next request" }).click();
  await expect.poll(() => seconds(page)).toBeGreaterThan(0);
  const first = await seconds(page);
  await page.getByRole("button", { name: "Next request" }).click();
  await expect.poll(() => seconds(page)).toBeGreaterThan(first);
  await page.getByRole("button", { name: "Previous request" }).click();
  await expect.poll(() => seconds(page)).toBeCloseTo(first, 3);
});

test("the playhead is a slider for the keys and says where it is", async ({ page }) => {
  await playhead(page).focus();
  await page.keyboard.press("PageUp");
  await expect(playhead(page)).toHaveAttribute("aria-valuetext", /^1\.02\d.s of 6\d\.\d{3}.s$/);
});

test("the playhead is dragged over the charts' whole width", async ({ page }) => {
  const chart = await page.getByRole("img", { name: /^Chart: arrivals/ }).boundingBox();
  if (chart === null) throw new Error("the chart has no box");
  const y = chart.y + chart.height / 2;
  await page.mouse.move(chart.x + chart.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(chart.x + chart.width * 0.5, y, { steps: 4 });
  await expect.poll(() => seconds(page)).toBeGreaterThan(25);
  await page.mouse.move(chart.x + 2, y, { steps: 4 });
  await expect.poll(() => seconds(page)).toBe(0);
  await page.mouse.up();
});

test("a time at which nothing would happen is told in the form, which keeps what was typed", async ({ page }) => {
  await page.getByRole("button", { name: "+ fault" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a fault" });
  const from = dialog.getByRole("textbox", { name: "From", exact: true });
  for (const [nonsense, kept] of [
    ["-7", /^[-−]7$/],
    ["99999999", /^99.?999.?999$/],
  ] as const) {
    await from.fill(nonsense);
    await dialog.getByRole("button", { name: "Add" }).click();
    await expect(dialog.getByText(/ms is refused\. Allowed: from 0 to 60.000.ms\.$/)).toBeVisible();
    await expect(from).toHaveValue(kept);
  }
  await from.fill("12000");
  await expect(dialog.getByText(/is refused/)).toBeHidden();
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: /^alpha crash, from 12\.000.s/ })).toBeVisible();
});

test("a fault is added, moved, changed and removed without a pointer", async ({ page }) => {
  await page.getByRole("button", { name: "+ fault" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Add a fault" });
  await dialog.getByRole("combobox", { name: "Target" }).selectOption("bravo");
  await dialog.getByRole("textbox", { name: "From", exact: true }).fill("12000");
  await dialog.getByRole("textbox", { name: "For", exact: true }).fill("19000");
  await dialog.getByRole("button", { name: "Add" }).click();
  await page.getByRole("button", { name: /^bravo crash, from 12\.000.s for 19.s$/ }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("button", { name: /^bravo crash, from 12\.100.s/ })).toBeFocused();
  await page.keyboard.press("Alt+Shift+ArrowLeft");
  await expect(page.getByRole("button", { name: /^bravo crash, from 12\.100.s for 18.s$/ })).toBeFocused();
  await expect(page.getByRole("img", { name: /bravo down, not noticed from 12\.1/ })).toBeVisible();
  await page.keyboard.press("Delete");
  await expect(page.getByRole("button", { name: /^bravo crash/ })).toBeHidden();
  await expect(page.getByRole("button", { name: "+ fault" })).toBeFocused();
});

test("a fault is dragged, and everything before it stays", async ({ page }) => {
  await page.getByRole("button", { name: "Crash bravo here" }).click();
  const bar = page.getByRole("button", { name: /^bravo crash/ });
  const box = await bar.boundingBox();
  if (box === null) throw new Error("the fault has no box");
  await page.mouse.move(box.x + 20, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 8, { steps: 5 });
  await page.mouse.up();
  await expect(bar).toHaveAccessibleName(/^bravo crash, from [1-9]\d*\.\d00.s for 20.s$/);
});

test("on a phone nothing is wider than the screen", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("button", { name: /^Show \d+ more parameters$/ }).click();
  await expect(page.getByRole("button", { name: "+ fault" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

test("the timeline with a fault and its dialog pass axe", async ({ page }) => {
  await page.getByRole("button", { name: "Crash bravo here" }).click();
  await expect(page.getByRole("button", { name: /^bravo crash/ })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole("button", { name: "+ fault" }).click();
  await expect(page.getByRole("dialog", { name: "Add a fault" })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});
