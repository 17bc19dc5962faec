/** The page in its two stages: traffic moves with the first module alone, and the whole one brings the rest. */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { addressOf } from "./address.js";
import { expect, test } from "./fixtures.js";

// The service worker would answer before the test can.
test.use({ serviceWorkers: "block", expectedComplaints: [/Service Worker registration blocked|ERR_FAILED/] });

const WHOLE = "**/sandtable_wasm_bg*.wasm";

const stage = (page: Page): Locator => page.getByRole("region", { name: "Stage" });
const playhead = (page: Page): Locator => page.getByRole("slider", { name: "Playhead" });
const outcomes = (page: Page): Locator => page.getByRole("table", { name: "How requests ended" });

/** Holds the whole module back; tells how many pictures had been drawn when it was asked for. */
async function holdWhole(page: Page): Promise<{ release: () => void; asked: Promise<number> }> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let tell: (drawn: number) => void = () => undefined;
  const asked = new Promise<number>((resolve) => (tell = resolve));
  await page.route(WHOLE, async (route) => {
    tell(await page.evaluate(() => performance.getEntriesByName("first-run", "measure").length));
    await released;
    await route.continue();
  });
  return { release, asked };
}

test("the first picture takes the first module alone, and everything else works after it", async ({ page }) => {
  const { release, asked } = await holdWhole(page);
  await page.goto("./");
  const first = await playhead(page).inputValue();
  await expect(playhead(page)).not.toHaveValue(first);
  expect(await asked).toBe(1);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.getByRole("list", { name: "Steps to try" })).toBeAttached();
  await expect(outcomes(page)).toBeHidden();

  // What is asked now waits for the whole module, and is then answered.
  const before = Number(await playhead(page).inputValue());
  await page.getByRole("button", { name: "Next event" }).click();
  release();
  await expect.poll(async () => Number(await playhead(page).inputValue())).toBeGreaterThan(before);
  await expect(outcomes(page)).toBeAttached();
  await expect(page.getByRole("img", { name: /^Chart: arrivals/ }).locator("canvas")).toBeAttached();

  await page.getByRole("textbox", { name: "Seed", exact: true }).fill("43");
  await expect(page.getByRole("button", { name: "Reset Seed" })).toBeVisible();
  await expect(page).toHaveURL(/#s=/);
  await stage(page)
    .getByRole("button", { name: /^bravo/ })
    .click();
  await expect(page.getByText("Over the whole run")).toBeVisible();
});

test("an edit made before the whole module is there is simulated by it", async ({ page }) => {
  const { release, asked } = await holdWhole(page);
  await page.goto(addressOf({ seed: 42 }, 5_000));
  await asked;
  await page.getByRole("textbox", { name: "Seed", exact: true }).fill("43");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect(playhead(page)).not.toHaveValue("5000");
  release();
  await expect(outcomes(page)).toBeAttached();
  await expect(page.getByRole("textbox", { name: "Seed", exact: true })).toHaveValue("43");
});

test("where the whole module can't be had the picture and edits go on, and it comes when it is tried again", async ({
  page,
}) => {
  await page.route(WHOLE, (route) => route.abort());
  await page.goto(addressOf({ seed: 42 }, 5_000));
  const notice = page.getByText(/^Not everything of this page could be loaded \(reports and explanations\)/);
  await expect(notice).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole("textbox", { name: "Seed", exact: true }).fill("43");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect(playhead(page)).not.toHaveValue("5000");
  await page.unroute(WHOLE);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(notice).toBeHidden();
  await expect(outcomes(page)).toBeAttached();
});
