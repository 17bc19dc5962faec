/** The briefing: steps that change the scenario, theory beside measurement, and all policies under the same traffic. */
import type { Locator, Page } from "@playwright/test";
import { addressOf } from "./address.js";
import { expect, test } from "./fixtures.js";

const policy = (page: Page): Locator => page.getByRole("combobox", { name: "Policy" });

test.beforeEach(async ({ page }) => {
  await page.goto(addressOf({}));
  await expect(page.getByText(/\d requests ·/)).toBeVisible();
});

test("a step changes the scenario and then tells what to watch", async ({ page }) => {
  await page.getByRole("button", { name: /See sooner/ }).click();
  await page.getByRole("button", { name: "Halve the check interval" }).click();
  await expect(page.getByRole("textbox", { name: "Check interval" })).toHaveValue(/^1.000$/);
  await expect(page.getByText(/narrows by half/)).toBeVisible();
});

test("twenty seeds give a confidence interval", async ({ page }) => {
  await page.getByRole("button", { name: "Run 20 seeds" }).click();
  await expect(page.getByText(/Mean of 20 independent runs/)).toBeVisible();
});

test("all policies are compared under the same traffic, and one of them is put in place", async ({ page }) => {
  await page.getByRole("button", { name: /^Compare \d+ policies$/ }).click();
  const table = page.getByRole("region", { name: "Same traffic, each policy" }).getByRole("table");
  const row = table.getByRole("row", { name: /^Peak EWMA/ });
  await expect(row).toContainText(/\d.%/);
  await row.getByRole("button").click();
  await expect(policy(page)).toHaveValue("peak_ewma");
  await expect(row.getByRole("button")).toHaveAttribute("aria-pressed", "true");
});
