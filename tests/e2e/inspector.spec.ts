/** The inspector: what is known of an instance, and what can be done to it at the playhead's time. */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { addressOf } from "./address.js";
import { expect, test } from "./fixtures.js";

const inspector = (page: Page): Locator => page.locator("sandtable-inspector");

test.beforeEach(async ({ page }) => {
  await page.goto(addressOf({}));
  await expect(page.getByText(/\d requests ·/)).toBeVisible();
  const pause = page.getByRole("button", { name: "Pause", exact: true });
  if (await pause.isVisible()) await pause.click();
  await page.getByRole("button", { name: "To the start" }).click();
  await page
    .getByRole("region", { name: "Instances" })
    .getByRole("button", { name: /^bravo/ })
    .click();
});

test("an instance is crashed and brought back at the playhead's time", async ({ page }) => {
  await expect(inspector(page).getByRole("heading", { name: "bravo", exact: true })).toBeVisible();
  await inspector(page).getByRole("button", { name: "Crash", exact: true }).click();
  await expect(inspector(page).getByText(/^Down; the balancer still believes it healthy/)).toBeVisible();
  const playhead = page.getByRole("slider", { name: "Playhead" });
  await playhead.focus();
  for (let press = 0; press < 10; press += 1) await page.keyboard.press("PageUp");
  await expect(inspector(page).getByText(/^Down; the balancer knows: unhealthy since/)).toBeVisible();
  await inspector(page).getByRole("button", { name: "Bring back" }).click();
  await expect(page.getByRole("button", { name: /^bravo crash, from 0\.000.s for 10\.2.s$/ }).first()).toBeVisible();
});

test("closing it gives the focus back to what opened it", async ({ page }) => {
  await inspector(page).getByRole("button", { name: "Close the inspector" }).click();
  await expect(inspector(page).getByRole("heading")).toBeHidden();
  await expect(page.getByRole("region", { name: "Instances" }).getByRole("button", { name: /^bravo/ })).toBeFocused();
});

test("it passes axe", async ({ page }) => {
  await inspector(page).getByRole("button", { name: "Drain" }).click();
  await expect(inspector(page).getByText(/^bravo drain, from/)).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});
