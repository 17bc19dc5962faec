/** What comes after the first picture: it isn't waited for, moves nothing, and can be had again where it failed. */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page, Route } from "@playwright/test";
import { addressOf } from "./address.js";
import { expect, test } from "./fixtures.js";

// The service worker would answer before the test can.
test.use({ serviceWorkers: "block", expectedComplaints: [/Service Worker registration blocked|ERR_FAILED/] });

const PARTS = /assets\/sandtable-(panel|briefing|charts|inspector|actions|fault-dialog|traffic)-.*\.js$/;

const playhead = (page: Page): Locator => page.getByRole("slider", { name: "Playhead" });
const rate = (page: Page): Locator => page.getByRole("textbox", { name: "Rate", exact: true });
const bravo = (page: Page): Locator =>
  page.getByRole("region", { name: "Stage" }).getByRole("button", { name: /^bravo/ });

/** Holds back what matches until the returned function is called. */
async function held(page: Page, what: RegExp): Promise<() => void> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(what, async (route: Route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** The sum of the page's layout shifts so far, as browsers count them. */
function shifts(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value;
        }).observe({ type: "layout-shift", buffered: true });
        // Buffered entries are handed over before the next picture.
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
      }),
  );
}

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 900, height: 900 },
  { width: 390, height: 844 },
]) {
  test(`traffic moves without them, and nothing moves when they come, at ${viewport.width} px`, async ({ page }) => {
    await page.setViewportSize(viewport);
    const release = await held(page, PARTS);
    await page.goto("./");
    const first = await playhead(page).inputValue();
    await expect(playhead(page)).not.toHaveValue(first);
    await expect(page.getByText("Loading the parameters…")).toBeVisible();
    release();
    await expect(rate(page)).toBeAttached();
    await expect(page.getByRole("img", { name: /^Chart: arrivals/ }).locator("canvas")).toBeAttached();
    await expect(page.getByRole("heading", { name: "Theory and measurement" })).toBeAttached();
    await expect(page.getByText("Loading the parameters…")).toBeHidden();
    await expect(page.getByText("Loading the briefing…")).toBeHidden();
    expect(await shifts(page)).toBeLessThan(0.01);
  });
}

test("one that could not be fetched says so, and comes when it is tried again", async ({ page }) => {
  await page.route(/sandtable-panel-/, (route) => route.abort());
  await page.goto(addressOf({}));
  const notice = page.getByText(/^Not everything of this page could be loaded \(parameters\)/);
  await expect(notice).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(notice).toBeVisible();
  await page.unroute(/sandtable-panel-/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(rate(page)).toHaveValue("240");
  await expect(notice).toBeHidden();
});

test("one that nobody has asked for is missed only when somebody does", async ({ page }) => {
  const failed = page.waitForEvent("requestfailed", (request) => request.url().includes("sandtable-fault-dialog-"));
  await page.route(/sandtable-fault-dialog-/, (route) => route.abort());
  await page.goto(addressOf({}, 3_000));
  await failed;
  const notice = page.getByText(/^Not everything of this page could be loaded \(form for faults\)/);
  await expect(notice).toBeHidden();
  await page.getByRole("button", { name: "+ fault" }).click();
  await expect(notice).toBeVisible();
  await page.unroute(/sandtable-fault-dialog-/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(notice).toBeHidden();
  await page.getByRole("button", { name: "+ fault" }).click();
  await expect(page.getByRole("dialog", { name: "Add a fault" })).toBeVisible();
});

test("what is asked for before it is there comes, and gives the focus back", async ({ page }) => {
  const release = await held(page, /sandtable-(actions|inspector)-/);
  await page.goto(addressOf({}, 3_000));
  await bravo(page).click();
  await expect(bravo(page)).toHaveAttribute("aria-pressed", "true");
  release();
  await expect(page.getByRole("group", { name: "Do to bravo, now" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "bravo", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Close the inspector" }).click();
  await expect(page.getByRole("group", { name: "Do to bravo, now" })).toBeHidden();
  await expect(bravo(page)).toBeFocused();
});

test("a form that is asked for before it is there opens when it comes", async ({ page }) => {
  const release = await held(page, /sandtable-(fault-dialog|traffic)-/);
  await page.goto(addressOf({}, 3_000));
  await page.getByRole("button", { name: "+ fault" }).click();
  release();
  await expect(page.getByRole("dialog", { name: "Add a fault" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "+ fault" })).toBeFocused();
});
