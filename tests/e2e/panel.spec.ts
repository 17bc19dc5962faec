/** The form of parameters: made from the schema, applied at once, told why where a value is refused. */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { addressOf } from "./address.js";
import { expect, test } from "./fixtures.js";

/** What the page says of the run: «14 394 requests · …». */
const about = (page: Page): Locator => page.getByText(/\d requests ·/);

async function requests(page: Page): Promise<number> {
  return Number(((await about(page).textContent()) ?? "").replace(/ requests.*/s, "").replace(/\D/g, ""));
}

test.beforeEach(async ({ page }) => {
  await page.goto(addressOf({}));
  await expect(about(page)).toBeVisible();
});

test("a typed rate makes the whole run again, and its reset brings the first one back", async ({ page }) => {
  const before = await requests(page);
  await page.getByRole("textbox", { name: "Rate", exact: true }).fill("480");
  await expect.poll(() => requests(page)).toBeGreaterThan(before * 1.8);
  await page.getByRole("button", { name: "Reset Rate", exact: true }).click();
  await expect.poll(() => requests(page)).toBe(before);
  await expect(page.getByRole("textbox", { name: "Rate", exact: true })).toHaveValue("240");
});

test("a slider follows the keys, one step at a time", async ({ page }) => {
  const count = page.getByRole("slider", { name: "Count", exact: true });
  await count.focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("textbox", { name: "Count", exact: true })).toHaveValue("5");
  await expect(page.getByRole("textbox", { name: "Weights: echo" })).toBeVisible();
  await expect(count).toHaveAttribute("aria-valuetext", /^5.instances$/);
});

test("a slider that ends before the bounds do says so", async ({ page }) => {
  const slider = page.getByRole("slider", { name: "Rate", exact: true });
  const hint = page.getByText(/^\s*The slider ends here; the number can be typed, down to 0\.001./);
  await expect(slider).toHaveAccessibleDescription(/The slider goes from 2\.4 to 24.000/);
  await expect(hint).toBeHidden();
  await slider.fill("0");
  await expect(hint).toBeVisible();
  await page.getByRole("textbox", { name: "Rate", exact: true }).fill("300");
  await expect(hint).toBeHidden();
  await expect(page.getByRole("slider", { name: "Count", exact: true })).not.toHaveAccessibleDescription(/slider/);
});

test("a refused value says why at its own field, and neither the text nor the run is lost", async ({ page }) => {
  const before = await requests(page);
  const rate = page.getByRole("textbox", { name: "Rate", exact: true });
  await rate.fill("0");
  await expect(rate).toHaveAttribute("aria-invalid", "true");
  await expect(rate).toHaveAccessibleDescription(/Allowed: 0\.001 to/);
  await expect(rate).toHaveValue("0");
  expect(await requests(page)).toBe(before);
  await rate.fill("abc");
  await expect(rate).toHaveAccessibleDescription(/not a number/);
  await rate.fill("240");
  await expect(rate).toHaveAttribute("aria-invalid", "false");
});

test("what doesn't apply isn't shown", async ({ page }) => {
  const end = page.getByRole("textbox", { name: "Rate at the end" });
  await expect(end).toBeHidden();
  await page.getByRole("combobox", { name: "Arrivals" }).selectOption({ label: "Ramp" });
  await expect(end).toBeVisible();
  await expect(page.getByText(/grows or falls evenly/).first()).toBeVisible();
});

test("more parameters come on demand", async ({ page }) => {
  const more = page.getByRole("button", { name: /^Show \d+ more parameters$/ });
  const panic = page.getByRole("textbox", { name: "Panic threshold" });
  await expect(panic).toBeHidden();
  await more.click();
  await expect(panic).toBeVisible();
  await page.getByRole("button", { name: "Show fewer parameters" }).click();
  await expect(panic).toBeHidden();
});

test("a new seed gives another run of the same scenario", async ({ page }) => {
  const seed = page.getByRole("textbox", { name: "Seed", exact: true });
  const before = await seed.inputValue();
  await page.getByRole("button", { name: "New seed" }).click();
  await expect(seed).not.toHaveValue(before);
  await page.getByRole("button", { name: "Reset Seed" }).click();
  await expect(seed).toHaveValue(before);
});

test("with all parameters in view nothing is out of reach of assistive technology", async ({ page }) => {
  await page.getByRole("button", { name: /^Show \d+ more parameters$/ }).click();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
});
