/** The page as a whole: it opens moving, works by keyboard alone, keeps its state in the address, and mends itself. */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { addressOf, scenarioIn } from "./address.js";
import { expect, test } from "./fixtures.js";

const stage = (page: Page): Locator => page.getByRole("region", { name: "Stage" });
const instance = (page: Page, name: string): Locator =>
  stage(page).getByRole("button", { name: new RegExp(`^${name}(?![\\w-])`) });
const playhead = (page: Page): Locator => page.getByRole("slider", { name: "Playhead" });
const aboutRun = (page: Page): Locator => page.getByText(/\d requests ·/);

async function playheadMs(page: Page): Promise<number> {
  return Number(await playhead(page).inputValue());
}

async function open(page: Page, address = "./"): Promise<void> {
  await page.goto(address);
  await expect(aboutRun(page)).toBeVisible();
}

/** Opens the page and holds it at a moment. */
async function openPaused(page: Page, scenario: object, t_ms: number): Promise<void> {
  await open(page, addressOf(scenario, t_ms));
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
}

const CRASH = { faults: [{ kind: "crash", target: "bravo", at_ms: 2_000, for_ms: 4_000 }] };

test("it opens moving, on a run that is soon interesting", async ({ page }) => {
  await open(page);
  const before = await playheadMs(page);
  await expect.poll(() => playheadMs(page)).toBeGreaterThan(before);
  await expect(instance(page, "bravo")).toContainText(/down since 12/, { timeout: 20_000 });
});

test("what is crashed says so, and that the balancer does not know yet", async ({ page }) => {
  await openPaused(page, CRASH, 2_500);
  await expect(instance(page, "bravo")).toContainText("in rotation");
  await expect(instance(page, "alpha")).toContainText("healthy");
  await expect(
    stage(page)
      .getByText(/bravo has been down for 0.5.s/)
      .first(),
  ).toBeAttached();
});

test("an instance is crashed and brought back with one click, at the playhead's time", async ({ page }) => {
  await openPaused(page, {}, 3_000);
  await instance(page, "charlie").click();
  const actions = stage(page).getByRole("group", { name: /charlie/ });
  await actions.getByRole("button", { name: "Crash", exact: true }).click();
  await expect(instance(page, "charlie")).toContainText(/down since 3/);
  await expect(actions.getByRole("button", { name: "Crash", exact: true })).toBeDisabled();
  await actions.getByRole("button", { name: "Bring back" }).click();
  await expect(instance(page, "charlie")).toContainText("healthy");
});

test("a request on its way is picked by a click near it, and told about", async ({ page }) => {
  // So many, so slow, that there is one wherever the trunk is clicked.
  const client = { arrivals: "constant", rate_per_s: 20, hop: { time_ms: 4_000, jitter_percent: 0 } };
  await openPaused(page, { clients: [client] }, 10_000);
  const from = await stage(page)
    .getByRole("button", { name: /^clients/ })
    .boundingBox();
  const to = await stage(page)
    .getByRole("button", { name: /^round robin/ })
    .boundingBox();
  if (!from || !to) throw new Error("clients and balancer are on the stage");
  await page.mouse.click((from.x + from.width + to.x) / 2, to.y + to.height / 2);
  await expect(page.getByRole("heading", { name: /^Request \d+$/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { name: /^Request \d+$/ })).toBeHidden();
});

test("by keyboard alone: to the stage, onto an instance, crash it, play, step and jump", async ({ page }) => {
  await openPaused(page, {}, 3_000);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Skip to the stage" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(stage(page)).toBeFocused();
  for (const name of [/^clients/, /^round robin/, /^alpha/, /^bravo/]) {
    await page.keyboard.press("Tab");
    await expect(stage(page).getByRole("button", { name })).toBeFocused();
  }
  await page.keyboard.press("Enter");
  await expect(instance(page, "bravo")).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(instance(page, "bravo")).toContainText(/down since 3/);
  await page.keyboard.press("Escape");
  await expect(instance(page, "bravo")).toHaveAttribute("aria-pressed", "false");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => playheadMs(page)).toBeGreaterThan(3_000);
  await page.keyboard.press("End");
  await expect.poll(() => playheadMs(page)).toBeGreaterThan(60_000);
  await page.keyboard.press("Home");
  await expect.poll(() => playheadMs(page)).toBe(0);
});

test("the tab key goes from the header onto the stage", async ({ page }) => {
  await openPaused(page, {}, 3_000);
  await page.getByRole("button", { name: "Help: keys" }).focus();
  await page.keyboard.press("Tab");
  await expect(stage(page).getByRole("button", { name: /^clients/ })).toBeFocused();
});

test("the space bar plays and pauses, but belongs to a button that has the focus", async ({ page }) => {
  await openPaused(page, {}, 3_000);
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
  await instance(page, "alpha").focus();
  await page.keyboard.press("Space");
  await expect(instance(page, "alpha")).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
});

test("the help lists the keys and gives the focus back", async ({ page }) => {
  await openPaused(page, {}, 3_000);
  const opener = page.getByRole("button", { name: "Help: keys" });
  await opener.click();
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
  await expect(opener).toBeFocused();
});

test("a reload keeps scenario, seed and playhead", async ({ page }) => {
  await openPaused(page, { seed: 42 }, 7_250);
  await page.getByRole("textbox", { name: "Rate", exact: true }).fill("111");
  await expect(aboutRun(page)).toContainText(/6.\d\d\d requests/);
  const run = await aboutRun(page).textContent();
  await expect.poll(() => scenarioIn(page.url())).toContain('"rate_per_s":111');
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Rate", exact: true })).toHaveValue("111");
  await expect(page.getByRole("textbox", { name: "Seed", exact: true })).toHaveValue("42");
  await expect.poll(() => playheadMs(page)).toBe(7_250);
  expect((await aboutRun(page).textContent())?.split("·")[0]).toBe(run?.split("·")[0]);
});

test("a reload while it plays loses no moment", async ({ page }) => {
  await openPaused(page, {}, 5_000);
  await page.getByRole("button", { name: "Play", exact: true }).click();
  const written = (): number => Number(new URLSearchParams(new URL(page.url()).hash.slice(1)).get("t"));
  // While it plays, the address is behind; without that this test would show nothing.
  const behindBy = async (): Promise<number> => (await playheadMs(page)) - written();
  await expect.poll(behindBy, { intervals: [50], timeout: 15_000 }).toBeGreaterThan(700);
  const before = await playheadMs(page);
  const behind = written();
  await page.reload();
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
  expect(behind).toBeLessThan(before);
  expect(await playheadMs(page)).toBeGreaterThanOrEqual(before);
  await expect.poll(written).toBeGreaterThanOrEqual(before);
});

test("an edited scenario says that it is, also after a reload, and goes back", async ({ page }) => {
  await open(page);
  const scenario = page.getByRole("combobox", { name: "Scenario" });
  const shown = scenario.locator("option:checked");
  const rate = page.getByRole("textbox", { name: "Rate", exact: true });
  const back = page.getByRole("button", { name: "Back to the original" });
  await expect(shown).toHaveText("One of four falls");
  await expect(back).toBeHidden();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await rate.fill("111");
  await expect(shown).toHaveText("One of four falls (edited)");
  await expect.poll(() => scenarioIn(page.url())).toContain('"rate_per_s":111');
  await page.reload();
  await expect(shown).toHaveText("One of four falls (edited)");
  const t_ms = await playheadMs(page);
  await back.click();
  await expect(shown).toHaveText("One of four falls");
  await expect(rate).toHaveValue("240");
  expect(await playheadMs(page)).toBe(t_ms);
  await expect(scenario).toBeFocused();
  await expect(back).toBeHidden();
});

test("the list of scenarios leads back from an edit as well", async ({ page }) => {
  await open(page);
  const scenario = page.getByRole("combobox", { name: "Scenario" });
  await page.getByRole("button", { name: "New seed" }).click();
  await expect(scenario.locator("option:checked")).toHaveText("One of four falls (edited)");
  await scenario.selectOption({ label: "One of four falls" });
  await expect(scenario.locator("option:checked")).toHaveText("One of four falls");
  await expect(page.getByRole("textbox", { name: "Seed", exact: true })).toHaveValue(/^1.775$/);
});

test("a damaged link says so and opens the page as usual", async ({ page }) => {
  await open(page, "./#s=AAAA&t=5");
  await expect(
    page.getByText("The link could not be opened: it is damaged. This is the opening scenario."),
  ).toBeVisible();
  await expect(instance(page, "delta")).toBeVisible();
});

test("a link whose scenario is refused says why and opens the page as usual", async ({ page }) => {
  await open(page, addressOf({ seed: -3 }));
  await expect(page.getByText(/^The link’s scenario was refused \(seed/)).toBeVisible();
  await expect(instance(page, "delta")).toBeVisible();
});

test("a replayed sample is named in the link, not copied into it", async ({ page }) => {
  await openPaused(page, {}, 1_000);
  await page.getByRole("button", { name: "Traffic", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Use recorded traffic" });
  await dialog.getByRole("button", { name: /access log/ }).click();
  await dialog.getByRole("button", { name: "Replay it" }).click();
  await expect(page).toHaveURL(/&x=sample\.apache-access-2015/);
  expect(page.url().length).toBeLessThan(2_000);
  const run = (await aboutRun(page).textContent())?.split("·")[0];
  await page.reload();
  await expect(aboutRun(page)).toContainText(run ?? "–");
});

test("another address in the same tab is another scenario, and going back brings the first", async ({ page }) => {
  await openPaused(page, { services: [{ instances: { count: 2 } }] }, 1_000);
  await page.evaluate((hash) => (location.hash = hash), addressOf({}, 2_000).slice(2));
  await expect(instance(page, "delta")).toBeVisible();
  await expect.poll(() => playheadMs(page)).toBe(2_000);
  await page.goBack();
  await expect(instance(page, "delta")).toBeHidden();
  await expect(instance(page, "bravo")).toBeVisible();
});

test("the link is copied", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openPaused(page, CRASH, 2_500);
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByText("The link to this moment is copied.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
});

test("a scenario is exported as a file and opened again", async ({ page }) => {
  await openPaused(page, { seed: 42, ...CRASH }, 2_500);
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  const file = await (await coming).path();
  await open(page);
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await (await choosing).setFiles({ name: "mine.json", mimeType: "application/json", buffer: await contents(file) });
  await expect(page.getByRole("textbox", { name: "Seed", exact: true })).toHaveValue("42");
});

test("a file that is no scenario is refused in words and changes nothing", async ({ page }) => {
  await openPaused(page, { seed: 42 }, 2_500);
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await (await choosing).setFiles({ name: "bad.json", mimeType: "application/json", buffer: Buffer.from("{") });
  await expect(page.getByText("«bad.json» is not JSON. The run stays as it is.")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Seed", exact: true })).toHaveValue("42");
});

test("a refused edit lists every mistake, and the last good run stays", async ({ page }) => {
  await openPaused(page, { seed: 42 }, 2_500);
  const bad = JSON.stringify({ seed: -1, services: [{ balancer: { policy: "rnd" } }] });
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await (await choosing).setFiles({ name: "bad.json", mimeType: "application/json", buffer: Buffer.from(bad) });
  const list = page.getByRole("alert").filter({ hasText: "That change was refused" });
  await expect(list).toContainText("seed");
  await expect(list).toContainText("services[0].balancer.policy");
  await expect(page.getByRole("textbox", { name: "Seed", exact: true })).toHaveValue("42");
});

test.describe("where the wasm can't be had", () => {
  test.use({ expectedComplaints: [/wasm|ERR_FAILED|Service Worker registration blocked/i], serviceWorkers: "block" });

  test("the page says so, and offers to try again", async ({ page }) => {
    await page.route("**/*.wasm", (route) => route.abort());
    await page.goto("./");
    await expect(page.getByRole("heading", { name: "The simulation cannot run here" })).toBeVisible();
    await page.unroute("**/*.wasm");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(aboutRun(page)).toBeVisible();
  });
});

test("the theme is the system's until it is chosen, and the choice is kept", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open(page);
  await page.getByRole("button", { name: "Switch to light" }).click();
  await expect(page.getByRole("button", { name: "Switch to dark" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Switch to dark" })).toBeVisible();
});

test("with reduced motion it opens paused", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page);
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
  await expect(page.getByText(/moves in steps/)).toBeVisible();
});

test("a thousand instances are one stop for Tab, and the arrow keys go from one to the next", async ({ page }) => {
  await openPaused(page, { duration_ms: 2_000, services: [{ instances: { count: 1_000 } }] }, 1_000);
  await instance(page, "alpha").focus();
  await page.keyboard.press("ArrowRight");
  await expect(instance(page, "bravo")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("group", { name: /bravo/ })).toBeVisible();
});

for (const colorScheme of ["dark", "light"] as const) {
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    test(`it passes axe, ${colorScheme} at ${viewport.width} px, with an instance selected`, async ({ page }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await openPaused(page, CRASH, 2_500);
      await instance(page, "bravo").click();
      await expect(page.getByRole("group", { name: /bravo/ })).toBeVisible();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    });
  }
}

for (const width of [360, 390, 768, 1024, 1280, 1440]) {
  test(`nothing scrolls sideways at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await openPaused(page, CRASH, 2_500);
    const overhang = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overhang).toBeLessThanOrEqual(0);
  });
}

for (const viewport of [
  { width: 1440, height: 800 },
  { width: 1366, height: 768 },
]) {
  test(`on a laptop of ${viewport.width} × ${viewport.height} stage, transport and form are in view at once`, async ({
    page,
  }) => {
    await page.setViewportSize(viewport);
    await openPaused(page, CRASH, 2_500);
    await expect(page.getByRole("textbox", { name: "Rate", exact: true })).toBeInViewport();
    await expect(page.getByRole("group", { name: "Playback" })).toBeInViewport({ ratio: 1 });
    await expect(playhead(page)).toBeInViewport({ ratio: 1 });
    await expect(stage(page)).toBeInViewport({ ratio: 1 });
    for (const name of ["alpha", "bravo", "charlie", "delta"]) {
      await expect(instance(page, name)).toBeInViewport({ ratio: 1 });
    }
    await expect(stage(page).locator(".sentence")).toBeInViewport({ ratio: 1 });
    const overhang = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
    expect(overhang).toBeLessThanOrEqual(0);
  });
}

async function contents(file: string): Promise<Buffer> {
  const { readFile } = await import("node:fs/promises");
  return readFile(file);
}
