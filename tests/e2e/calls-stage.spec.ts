/** Calls with policies on the stage: what is on the line, what it says, and what can be picked. */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { addressOf } from "./address.js";
import { expect, test } from "./fixtures.js";

const stage = (page: Page): Locator => page.getByRole("region", { name: "Stage" });
const button = (page: Page, name: string | RegExp): Locator => stage(page).getByRole("button", { name });

const NO_CHECKS = { active_checks: { enabled: false } };

/** Five failures in a row open it at 1.04 s; half-open 500 ms later, when the instance is still down. */
const TRIPPING = {
  duration_ms: 3_000,
  clients: [
    {
      arrivals: "constant",
      rate_per_s: 100,
      hop: { time_ms: 0 },
      calls: [
        {
          timeout_ms: 250,
          retry: { attempts: 2 },
          breaker: {
            enabled: true,
            rule: { trip_rule: "consecutive", failures: 5, wait_ms: 500, trials: 2, trial_successes: 2 },
          },
          bulkhead: { enabled: true, rule: { max_concurrent: 10, max_waiting: 5 } },
        },
      ],
    },
  ],
  services: [
    {
      balancer: NO_CHECKS,
      instances: { count: 1, concurrency: 100, hop: { time_ms: 0 }, service_time: { kind: "constant", mean_ms: 1 } },
    },
  ],
  faults: [{ kind: "crash", at_ms: 1_000, for_ms: 600 }],
};

/** Two dependencies, of which one turns slow. */
const DEPENDENCIES = {
  duration_ms: 10_000,
  clients: [
    {
      rate_per_s: 200,
      shared_pool: { enabled: true, rule: { max_concurrent: 40, max_waiting: 0 } },
      calls: [
        { to: "maps", share_percent: 50 },
        { to: "radio", share_percent: 50 },
      ],
    },
  ],
  services: [{ name: "maps" }, { name: "radio" }],
  faults: [{ kind: "slow", target: "radio", at_ms: 3_000, factor: 40 }],
};

const CHAIN = {
  duration_ms: 5_000,
  clients: [{ rate_per_s: 60 }],
  services: [
    { name: "front", calls: [{ to: "back", timeout_ms: 300 }], instances: { count: 2 } },
    { name: "back", instances: { count: 2, service_time: { mean_ms: 30 } } },
  ],
};

async function left(locator: Locator): Promise<number> {
  const box = await locator.boundingBox();
  if (!box) throw new Error("it is on the stage");
  return box.x;
}

test("the policies of a call stand on its line in the order in which they wrap", async ({ page }) => {
  await page.goto(addressOf(TRIPPING, 500));
  const places = [];
  for (const name of [
    /^clients/,
    /^Retry of/,
    /^Breaker of/,
    /^Bulkhead of/,
    /^Timeout of/,
    /^round robin/,
    /^alpha/,
  ]) {
    places.push(await left(button(page, name)));
  }
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test("a call without policies has nothing on its line", async ({ page }) => {
  await page.goto(addressOf({ duration_ms: 1_000 }, 500));
  await expect(button(page, /^alpha/)).toBeVisible();
  await expect(button(page, /^(Retry|Breaker|Bulkhead|Timeout|Shared)/)).toHaveCount(0);
});

test("the breaker says how it stands: closed, nearing, open with the time left, closed again", async ({ page }) => {
  const at = async (t_ms: number): Promise<void> => {
    // The address alone changes: the run stays the same one.
    await page.goto(addressOf(TRIPPING, t_ms));
  };
  await at(900);
  await expect(button(page, /^Breaker of clients → service: closed, 0 failures in a row, opens at 5$/)).toBeVisible();
  await at(1_025);
  await expect(button(page, /closed, 3 failures in a row, opens at 5$/)).toBeVisible();
  await at(1_240);
  await expect(button(page, /^Breaker of .*: open, tries again in 0\.3\ss, \d+ refused$/)).toBeVisible();
  await at(2_900);
  await expect(button(page, /^Breaker of .*: closed/)).toBeVisible();
});

test("a station is picked by click and by keyboard, and left with Escape", async ({ page }) => {
  await page.goto(addressOf(TRIPPING, 1_240));
  const breaker = button(page, /^Breaker of/);
  const bulkhead = button(page, /^Bulkhead of/);
  await breaker.click();
  await expect(breaker).toHaveAttribute("aria-pressed", "true");
  // It is the call that is picked: all of its stations are.
  await expect(bulkhead).toHaveAttribute("aria-pressed", "true");
  await stage(page).press("Escape");
  await expect(breaker).toHaveAttribute("aria-pressed", "false");
  await bulkhead.focus();
  await page.keyboard.press("Enter");
  await expect(bulkhead).toHaveAttribute("aria-pressed", "true");
});

test("one pool for two calls is one station, which tells whose attempts fill it", async ({ page }) => {
  await page.goto(addressOf(DEPENDENCIES, 6_000));
  const pool = button(page, /^Bulkhead shared by/);
  await expect(pool).toHaveCount(1);
  await expect(pool).toHaveAccessibleName(
    /^Bulkhead shared by clients → maps and clients → radio: 40 of 40 slots taken, \d+ for maps, \d+ for radio$/,
  );
});

test("a pool for each call is a station for each", async ({ page }) => {
  const [client] = DEPENDENCIES.clients;
  const own = { enabled: true, rule: { max_concurrent: 20, max_waiting: 0 } };
  const calls = client?.calls.map((call) => ({ ...call, bulkhead: own }));
  await page.goto(addressOf({ ...DEPENDENCIES, clients: [{ rate_per_s: 200, calls }] }, 6_000));
  await expect(button(page, /^Bulkhead of clients → maps: \d+ of 20 slots taken/)).toBeVisible();
  await expect(button(page, /^Bulkhead of clients → radio: 20 of 20 slots taken/)).toBeVisible();
});

test("of several services each is named, and one that calls stands before the one called", async ({ page }) => {
  await page.goto(addressOf(CHAIN, 2_000));
  const front = button(page, /^front round robin · 2 of 2/);
  const back = button(page, /^back round robin · 2 of 2/);
  await expect(front).toBeVisible();
  const places = [front, button(page, /^front\/alpha/), button(page, /^Timeout of front → back/), back];
  const across = await Promise.all(places.map(left));
  expect(across).toEqual([...across].sort((a, b) => a - b));
  await expect(button(page, /^back\/bravo/)).toBeVisible();
});

test("a fault can strike a whole service, and is brought back for all of it", async ({ page }) => {
  await page.goto(addressOf(CHAIN, 2_000));
  await button(page, /^back round robin/).click();
  const actions = stage(page).getByRole("group", { name: "Do to back, now" });
  await expect(actions.getByRole("button")).toHaveText(["Crash", "Slow down", "Fail requests", "Bring back"]);
  await actions.getByRole("button", { name: "Crash" }).click();
  await expect(button(page, /^back\/alpha.*down/)).toBeVisible();
  await expect(button(page, /^back\/bravo.*down/)).toBeVisible();
  await expect(button(page, /^front\/alpha/)).not.toContainText("down");
  await actions.getByRole("button", { name: "Bring back" }).click();
  await expect(button(page, /^back\/alpha.*down/)).toHaveCount(0);
});

test("a fault on a whole service ends for all of it, from an instance too, and the instance says so", async ({
  page,
}) => {
  const faults = [
    { kind: "crash", target: "back", at_ms: 1_000 },
    { kind: "slow", target: "back/bravo", at_ms: 1_000, factor: 5 },
  ];
  await page.goto(addressOf({ ...CHAIN, faults }, 2_000));
  await button(page, /^back\/alpha.*down/).click();
  const actions = stage(page).getByRole("group", { name: "Do to back/alpha, now" });
  await actions.getByRole("button", { name: "Bring back all of back" }).click();
  await expect(button(page, /^back\/(alpha|bravo).*down/)).toHaveCount(0);
  await expect(button(page, /^back\/bravo.*slow ×5/)).toBeVisible();
  await page.keyboard.press("Escape");
  await button(page, /^back round robin/).click();
  await stage(page).getByRole("group", { name: "Do to back, now" }).getByRole("button", { name: "Bring back" }).click();
  await expect(button(page, /^back\/bravo.*slow/)).toHaveCount(0);
});

test("with a breaker for each instance a switch stands before each, and one is told of all", async ({ page }) => {
  const scenario = {
    duration_ms: 6_000,
    services: [{ balancer: NO_CHECKS }],
    clients: [
      {
        rate_per_s: 120,
        calls: [
          { breaker: { enabled: true, scope: "instance", rule: { failure_rate_percent: 20, window_calls: 20 } } },
        ],
      },
    ],
    faults: [{ kind: "errors", target: "bravo", at_ms: 1_000, percent: 100 }],
  };
  await page.goto(addressOf(scenario, 5_000));
  await expect(button(page, /^Breakers of .*, one for each instance: 1 of 4 not closed$/)).toBeVisible();
});

test("the headline tells by how much retries multiply the load, where calls are retried", async ({ page }) => {
  await page.goto(addressOf(TRIPPING, 900));
  await expect(stage(page).getByText("load amplification")).toBeVisible();
  await page.goto(addressOf(CHAIN, 900));
  await expect(stage(page).getByText("load amplification")).toHaveCount(0);
});

for (const [name, scenario] of Object.entries({ TRIPPING, DEPENDENCIES, CHAIN })) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`${name}, ${colorScheme}: no flaw that axe can find, at 1440 and at 390 px, and nothing scrolls sideways`, async ({
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      for (const width of [1_440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(addressOf(scenario, 1_240));
        await expect(stage(page).locator(".sentence")).not.toBeEmpty();
        const { violations } = await new AxeBuilder({ page })
          .include({ fromShadowDom: ["sandtable-app", "sandtable-stage"] })
          .analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
        const wider = await page.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        );
        expect(wider).toBe(false);
      }
    });
  }
}
