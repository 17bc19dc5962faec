/** What the specs of several patterns do alike: open a scenario, and read figures. */
import type { Page } from "@playwright/test";
import { expect } from "./fixtures.js";

/** Opens one of the page's scenarios by its name, and holds it. */
export async function openOffer(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("./");
  await expect(page.getByText(/\d requests ·/)).toBeVisible();
  await page.getByRole("combobox", { name: "Scenario" }).selectOption({ label: name });
}

/** «76.3 %», «1.16 ×», «325 (10.6 %)», «271 ms», «1.64 s» as a number, times in milliseconds. */
export function number(text: string | null): number {
  const plain = (text ?? "").replace(/[\u202f\s]/g, "");
  return parseFloat(plain) * (/\ds$/.test(plain) ? 1_000 : 1);
}
