/** Circuit breaker and bulkhead: their opening scenarios, what they are compared with, and theory beside them. */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { addressOf } from "./address.js";
import { expect, test } from "./fixtures.js";

const FAILING = "A service fails for fifteen seconds";
const STORM = "Retries hold a service down";
const PARTIAL = "One breaker for all, or one for each";
const TWO = "Two services, one turns slow";
const ERLANG = "A bulkhead, beside the theory";

const parameters = (page: Page): Locator => page.getByRole("region", { name: "Parameters" });
const sideBySide = (page: Page): Locator => page.getByRole("region", { name: "Side by side" });
const report = (page: Page): Locator => page.getByRole("region", { name: "Report of the whole run" });

/** Opens one of the page's scenarios, and holds it. */
async function open(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("./");
  await expect(page.getByText(/\d requests ·/)).toBeVisible();
  await page.getByRole("combobox", { name: "Scenario" }).selectOption({ label: name });
  await expect(
    page.getByRole("region", { name: "Briefing" }).getByRole("heading", { level: 2 }).first(),
  ).not.toHaveText("Load balancer");
}

/** «5 min 46 s», «447 ms», «64.8 %», «1.83 ×», «130 /s» as a number, times in milliseconds. */
function number(text: string): number {
  const plain = text.replace(/[\u202f\s]/g, "");
  const minutes = /^(\d+)min(?:(\d+)s)?$/.exec(plain);
  if (minutes) return (Number(minutes[1]) * 60 + Number(minutes[2] ?? 0)) * 1_000;
  if (/^[\d.]+s$/.test(plain)) return parseFloat(plain) * 1_000;
  return parseFloat(plain);
}

/** The row of the comparison, a text for each column. */
async function compared(page: Page, row: string, columns: number): Promise<string[]> {
  const cells = sideBySide(page).getByRole("row", { name: row }).getByRole("cell");
  await expect(cells).toHaveCount(columns);
  for (let index = 0; index < columns; index += 1) await expect(cells.nth(index)).not.toHaveText("–");
  return cells.allTextContents();
}

async function compare(page: Page): Promise<void> {
  await sideBySide(page).getByRole("button", { name: "Compare", exact: true }).click();
}

async function figures(page: Page, row: string, columns: number): Promise<number[]> {
  return (await compared(page, row, columns)).map(number);
}

test("a breaker trips, and says when and why on its band and to a screen reader", async ({ page }) => {
  await open(page, FAILING);
  const band = page.getByRole("group", { name: "Breaker: breaker" });
  const opened = band.getByRole("button", { name: /opened at 10\.\d+ s: \d+ of the last \d+ calls failed/ });
  await expect(opened).toBeVisible();
  await expect(band.getByRole("button", { name: /closed again at/ })).toBeVisible();
  const told = page.getByRole("list", { name: "Changes of breakers" });
  await expect(told.getByRole("listitem").filter({ hasText: /opened at 10\./ })).toHaveCount(1);
  const sentence = (await opened.getAttribute("aria-label")) ?? "";
  await opened.focus();
  await expect(page.getByRole("region", { name: "Breakers over time" }).getByRole("paragraph")).toHaveText(sentence);
  await opened.press("Enter");
  await expect(page.getByRole("slider", { name: "Playhead" })).toHaveAttribute("aria-valuetext", /^10\./);
});

test("with the breaker less work is wasted, more succeeds and it recovers sooner", async ({ page }) => {
  await open(page, FAILING);
  await compare(page);
  const [withoutIt = 0, withIt = 0] = await figures(page, "succeeded", 2);
  expect(withIt).toBeGreaterThan(withoutIt);
  const [wastedWithout = 0, wastedWith = 0] = await figures(page, "wasted work", 2);
  expect(wastedWith).toBeLessThan(wastedWithout / 2);
  const [slowly = 0, soon = 0] = await figures(page, "recovered after", 2);
  expect(soon).toBeLessThan(slowly);
  // The run on the page is the one with the breaker, and its report says the same.
  await expect(report(page).getByRole("row", { name: /^succeeded, of all/ })).toContainText(
    (await compared(page, "succeeded", 2))[1] ?? "",
  );
  await sideBySide(page).getByRole("button", { name: "without" }).click();
  await expect(parameters(page).getByRole("checkbox", { name: "Circuit breaker" })).not.toBeChecked();
  await expect(sideBySide(page).getByRole("button", { name: "without" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("region", { name: "Breakers over time" })).toBeHidden();
});

test("retries hold a service down for good; a budget or a breaker ends it", async ({ page }) => {
  await open(page, STORM);
  await expect(report(page).getByText("Never recovered in this run after the fault ended.")).toBeVisible();
  await expect(report(page).getByRole("row", { name: /^load amplification/ })).toContainText(/[23]\.\d+/);
  await compare(page);
  const [retries, budget, breaker] = await compared(page, "recovered after", 3);
  expect(retries).toBe("never");
  expect([budget, breaker].map((text) => Number.isFinite(number(text ?? "")))).toEqual([true, true]);
  await page.getByRole("button", { name: /A budget\./ }).click();
  await page.getByRole("button", { name: "Budget of 10 %" }).click();
  await expect(report(page).getByText(/^Recovered .* after the fault ended\.$/)).toBeVisible();
});

test("one breaker for all trips for three healthy instances; one for each does not", async ({ page }) => {
  await open(page, PARTIAL);
  await compare(page);
  const [none = 0, all = 0, each = 0] = await figures(page, "succeeded", 3);
  expect(all).toBeLessThan(none);
  expect(each).toBeGreaterThan(99);
  await page.getByRole("button", { name: "A breaker for each" }).click();
  const opened = { name: /opened at/ };
  await expect(page.getByRole("group", { name: "Breaker: bravo" }).getByRole("button", opened)).toBeVisible();
  await expect(page.getByRole("group", { name: "Breaker: alpha" }).getByRole("button", opened)).toHaveCount(0);
  // With too little to spare the healthy ones trip as well: by queues that overflow, not by errors.
  await page.getByRole("button", { name: /Too few left/ }).click();
  await page.getByRole("button", { name: "200 a second" }).click();
  await expect(page.getByRole("group", { name: "Breaker: alpha" }).getByRole("button", opened).first()).toBeVisible();
});

test("with a pool for each service the other one stays afloat, under the same requests", async ({ page }) => {
  await open(page, TWO);
  await compare(page);
  const maps = await figures(page, "clients → maps", 2);
  const radio = await figures(page, "clients → radio", 2);
  expect(maps[0]).toBeLessThan(80);
  expect(maps[1]).toBeGreaterThan(98);
  expect(Math.max(...radio)).toBeLessThan(80);
  const byCall = report(page).getByRole("region", { name: "Report by call" });
  const made = byCall.getByRole("row", { name: /^made/ });
  const before = await made.textContent();
  await sideBySide(page).getByRole("button", { name: "for each" }).click();
  await expect(byCall.getByRole("row", { name: /^succeeded/ })).toContainText(/9\d\.\d/);
  expect(await made.textContent()).toBe(before);
});

test("a bulkhead refuses as many as Erlang’s formula says, within the confidence interval", async ({ page }) => {
  await open(page, ERLANG);
  const theory = page.getByRole("group", { name: "Bulkhead of clients → maps" });
  await expect(theory).toContainText("13 erlangs");
  await expect(theory).toContainText("M/G/16/16");
  const [, predicted, measured] = await theory.getByRole("definition").allTextContents();
  const [mean = NaN, width = NaN] = (measured ?? "").split("±").map(number);
  expect(width).toBeGreaterThan(0);
  expect(Math.abs(mean - number(predicted ?? ""))).toBeLessThan(width);
  await page.getByRole("button", { name: /Break the assumptions/ }).click();
  await page.getByRole("button", { name: "Twice the traffic here" }).click();
  await expect(theory).toContainText("doesn’t hold here");
  await expect(theory.getByRole("listitem").first()).toContainText(/Poisson/);
});

test("a call is picked by its band, and tells its policies in order, its state and its changes", async ({ page }) => {
  await open(page, FAILING);
  await page.getByRole("button", { name: "breaker: pick the call clients → maps" }).click();
  const inspector = parameters(page).getByRole("region", { name: "Call: clients → maps" });
  const policies = inspector.getByRole("list", { name: "Policies, from the outside" }).getByRole("listitem");
  await expect(policies).toHaveText([
    "Retry: none",
    /^Circuit breaker: opens on 50.% failures of the last 20 calls, for 2.s$/,
    "Bulkhead: none",
    /^Timeout: 500.ms; the work goes on for nobody$/,
  ]);
  await expect(inspector.getByText(/Closed from the beginning\./)).toBeVisible();
  const changes = inspector.getByRole("list", { name: "Changes" });
  await changes.getByRole("button", { name: /opened at 10/ }).click();
  await expect(inspector.getByText(/Open since 10\.\d+.s; tries again in 2.s; \d+ refused so far\./)).toBeVisible();
  await changes
    .getByRole("button", { name: /half-open at/ })
    .first()
    .click();
  await expect(inspector.getByText(/Half-open since 12\.\d+.s\. .*3 needed to close/)).toBeVisible();
});

test("attempts of the same request lead to one another", async ({ page }) => {
  // So many, so slow, that there is one wherever the lane is clicked; all fail and are tried again.
  const client = {
    arrivals: "constant",
    rate_per_s: 20,
    hop: { time_ms: 4_000, jitter_percent: 0 },
    calls: [{ retry: { attempts: 3, base_ms: 10 } }],
  };
  await page.goto(addressOf({ clients: [client], faults: [{ kind: "crash", target: "service", at_ms: 0 }] }, 9_000));
  await expect(page.getByText(/\d requests ·/)).toBeVisible();
  const stage = page.getByRole("region", { name: "Stage" });
  const from = await stage.getByRole("button", { name: /^clients/ }).boundingBox();
  const to = await stage.getByRole("button", { name: /^round robin/ }).boundingBox();
  if (!from || !to) throw new Error("clients and balancer are on the stage");
  const attempt = page.getByRole("definition").filter({ hasText: /^\d, tried again$/ });
  // On the lane stand the call's policies as well, and a click on one of those picks the call; a third attempt is the
  // last. So it is tried along the lane, until one is met that was made again.
  const left = from.x + from.width;
  let along = 0;
  await expect(async () => {
    along = (along + 0.37) % 1;
    await page.mouse.click(left + along * (to.x - left), to.y + to.height / 2);
    await expect(attempt).toBeVisible({ timeout: 1_000 });
  }).toPass();
  const number = Number.parseInt((await attempt.textContent()) ?? "", 10);
  await page.getByRole("button", { name: "Next attempt", exact: true }).click();
  await expect(
    page.getByRole("definition").filter({ hasText: new RegExp(`^${number + 1}(, tried| of)`) }),
  ).toBeVisible();
  await page.getByRole("button", { name: "Previous attempt", exact: true }).click();
  await expect(attempt).toHaveText(`${number}, tried again`);
});

test("a preset sets all options of a rule, and an edited rule is one’s own", async ({ page }) => {
  await open(page, FAILING);
  const call = parameters(page).getByRole("group", { name: "Call", exact: true });
  const preset = call.getByRole("combobox", { name: "As in" });
  await expect(preset).toHaveValue("");
  await preset.selectOption({ label: "gobreaker v2" });
  await expect(call.getByRole("combobox", { name: "Opens on" })).toHaveValue("consecutive");
  await expect(call.getByRole("textbox", { name: "Failures", exact: true })).toHaveValue("6");
  await expect(preset).toHaveValue("gobreaker");
  await call.getByRole("textbox", { name: "Failures", exact: true }).fill("7");
  await expect(preset).toHaveValue("");
  await call.getByRole("checkbox", { name: "Bulkhead" }).check();
  const pool = call.getByRole("group", { name: "Size" });
  await pool.getByRole("combobox", { name: "As in" }).selectOption({ label: "resilience4j" });
  await expect(pool.getByRole("textbox", { name: "Slots" })).toHaveValue("25");
  await expect(pool.getByRole("textbox", { name: "Longest wait" })).toHaveValue("0");
  await pool.getByRole("button", { name: "Longest wait: none" }).click();
  await expect(pool.getByRole("textbox", { name: "Longest wait" })).toHaveValue("");
  await expect(pool.getByRole("combobox", { name: "As in" })).toHaveValue("");
});

test("groups are named after who takes part, and what the scenario is about is open", async ({ page }) => {
  await open(page, TWO);
  const slots = parameters(page).getByRole("textbox", { name: "Slots" });
  await expect(slots).toHaveCount(1);
  await parameters(page).getByText("Call: clients → radio").click();
  const radio = parameters(page).getByRole("group", { name: "Call: clients → radio" });
  await expect(radio.getByText(/retry, then breaker, then bulkhead, then timeout/)).toBeVisible();
  await radio.getByRole("textbox", { name: "Timeout" }).fill("600");
  await expect(
    report(page)
      .getByRole("row", { name: /^timed out/ })
      .first(),
  ).toContainText(/\d/);
  await parameters(page).getByText("Call: clients → radio").click();
  await expect(radio).toBeHidden();
});

test("a fault can strike a whole service, or one instance of it", async ({ page }) => {
  await open(page, TWO);
  const faults = page.getByRole("group", { name: "Faults" });
  await expect(faults.getByRole("button", { name: /^radio slow 20×/ })).toBeVisible();
  await faults.getByRole("button", { name: "+ fault" }).click();
  const target = page.getByRole("combobox", { name: "Target" });
  await target.selectOption({ label: "maps, all instances" });
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const crash = faults.getByRole("button", { name: /^maps crash/ });
  await crash.press("ArrowRight");
  await crash.press("Enter");
  await target.selectOption({ label: "maps/bravo" });
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await faults.getByRole("button", { name: /^maps\/bravo crash/ }).press("Delete");
  await expect(faults.getByRole("button", { name: /crash/ })).toHaveCount(0);
});

for (const name of [FAILING, STORM, TWO]) {
  test(`on a phone nothing scrolls sideways, and assistive technology reaches all: ${name}`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, name);
    await compare(page);
    await compared(page, "goodput", name === STORM ? 3 : 2);
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(sideways).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
  });
}
