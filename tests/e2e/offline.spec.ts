/** After one visit the page needs no network. */
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";

const playhead = (page: Page): Locator => page.getByRole("slider", { name: "Playhead" });

/** A whole visit: all that the page consists of is kept, and what this page fetches by itself has come. */
async function visited(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    const last = ["actions", "inspector", "fault-dialog", "traffic"];
    await Promise.all(last.map((name) => customElements.whenDefined(`sandtable-${name}`)));
  });
}

test("offline after the first visit, traffic moves, and every part of the page is there", async ({ page, context }) => {
  await page.goto("./");
  await visited(page);
  await context.setOffline(true);
  await page.goto("./");
  const first = await playhead(page).inputValue();
  await expect(playhead(page)).not.toHaveValue(first);
  await page.getByRole("button", { name: "Pause", exact: true }).click();

  await expect(page.getByRole("textbox", { name: "Rate", exact: true })).toHaveValue("240");
  await expect(page.getByRole("button", { name: /^Compare \d+ policies$/ })).toBeVisible();
  await expect(page.getByRole("img", { name: /^Chart: arrivals/ })).toBeVisible();
  await page
    .getByRole("region", { name: "Stage" })
    .getByRole("button", { name: /^bravo/ })
    .click();
  await expect(page.getByRole("group", { name: "Do to bravo, now" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "bravo", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Traffic", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Use recorded traffic" });
  await dialog.getByRole("button", { name: /access log/ }).click();
  await expect(dialog.getByText(/^\s*10.000 requests over/)).toBeVisible();
});
