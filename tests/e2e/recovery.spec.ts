/**
 * What becomes of a page whose wasm traps, in either of its stages. The trap is a real one: the module that the page is
 * given at first has an `unreachable` in one of its functions; whatever is fetched after that is as it was built.
 */
import type { Locator, Page } from "@playwright/test";
import { addressOf } from "./address.js";
import { expect, test } from "./fixtures.js";
import { trapping } from "./trap.js";

// The service worker would answer before the test can.
test.use({ serviceWorkers: "block", expectedComplaints: [/Service Worker registration blocked/] });

const stage = (page: Page): Locator => page.getByRole("region", { name: "Stage" });
const about = (page: Page): Locator => page.getByText(/\d requests ·/);
const playhead = (page: Page): Locator => page.getByRole("slider", { name: "Playhead" });
const requestsOf = async (page: Page): Promise<string> => ((await about(page).textContent()) ?? "").split("·")[0] ?? "";

/** Until `times` of them were fetched. */
async function trapIn(page: Page, stage: "first" | "wasm", name: string, times = 1): Promise<void> {
  let left = times;
  await page.route(`**/sandtable_${stage}_bg*.wasm`, async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    await route.fulfill({ response, body: left > 0 ? trapping(body, name) : body });
    left -= 1;
  });
}

/** So many requests, so slow, that there is one wherever the trunk is clicked. */
const SLOW = { clients: [{ arrivals: "constant", rate_per_s: 20, hop: { time_ms: 4_000, jitter_percent: 0 } }] };

async function clickOnTrunk(page: Page): Promise<void> {
  const from = await stage(page)
    .getByRole("button", { name: /^clients/ })
    .boundingBox();
  const to = await stage(page)
    .getByRole("button", { name: /^round robin/ })
    .boundingBox();
  if (!from || !to) throw new Error("clients and balancer are on the stage");
  await page.mouse.click((from.x + from.width + to.x) / 2, to.y + to.height / 2);
}

test("a trap while a question is answered: the model is built again, and the same run is back", async ({ page }) => {
  await trapIn(page, "wasm", "run_explain");
  await page.goto(addressOf({ seed: 42, ...SLOW }, 10_000));
  await expect(about(page)).toBeVisible();
  const before = await requestsOf(page);
  await clickOnTrunk(page);
  await expect(page.getByText("The simulation broke down and was built again.")).toBeVisible();

  await expect(page.getByRole("list", { name: "What happened" })).toBeVisible();
  await expect(playhead(page)).toHaveValue("10000");
  await expect.poll(() => requestsOf(page)).toBe(before);
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect(playhead(page)).not.toHaveValue("10000");
  await page.getByRole("textbox", { name: "Seed", exact: true }).fill("43");
  await expect(page.getByRole("button", { name: "Reset Seed" })).toBeVisible();
});

test("a trap at a step: the model is built again, and the next step is taken", async ({ page }) => {
  await trapIn(page, "wasm", "run_step_time");
  await page.goto(addressOf({}, 5_000));
  await expect(about(page)).toBeVisible();
  await page.getByRole("button", { name: "Next event" }).click();
  await expect(page.getByText("The simulation broke down and was built again.")).toBeVisible();
  await page.getByRole("button", { name: "Next event" }).click();
  await expect.poll(async () => Number(await playhead(page).inputValue())).toBeGreaterThan(5_000);
});

test("a trap in the very first run is said, and can be tried again", async ({ page }) => {
  await trapIn(page, "first", "simulation_run_slice");
  await page.goto("./");
  await expect(page.getByRole("heading", { name: "The simulation cannot run here" })).toBeVisible();
  await expect(page.getByText(/The simulation broke down: /)).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(about(page)).toBeVisible();
});

test("a trap when the whole model takes over: the picture goes on, and it can be tried again", async ({ page }) => {
  await trapIn(page, "wasm", "run_report");
  await page.goto(addressOf({ seed: 42 }, 5_000));
  await expect(page.getByText(/could be loaded \(reports and explanations\)/)).toBeVisible();
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect(playhead(page)).not.toHaveValue("5000");
  await page.getByRole("textbox", { name: "Seed", exact: true }).fill("43");
  await expect(page.getByRole("button", { name: "Reset Seed" })).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Report of the whole run" })).toBeVisible();
  await expect(page.getByText(/goodput/).first()).toBeVisible();
});
