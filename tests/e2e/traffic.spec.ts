/** Recorded traffic: samples and files, what was rejected, and that a refused file leaves the run alone. */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { addressOf } from "./address.js";
import { expect, test } from "./fixtures.js";

const dialog = (page: Page): Locator => page.getByRole("dialog", { name: "Use recorded traffic" });
const about = (page: Page): Locator => page.getByText(/\d requests ·/);
const arrivals = (page: Page): Locator => page.getByRole("combobox", { name: "Arrivals" });

const line = (second: string, address: string): string =>
  `${address} - - [17/May/2015:10:05:${second} +0000] "GET /index.html HTTP/1.1" 200 1024`;

test.beforeEach(async ({ page }) => {
  await page.goto(addressOf({}));
  await expect(about(page)).toBeVisible();
  await page.getByRole("button", { name: /Bring your own traffic/ }).click();
  await page.getByRole("button", { name: "Use recorded traffic" }).first().click();
  await expect(dialog(page)).toBeVisible();
});

test("a sample is shown with its source and replayed", async ({ page }) => {
  await dialog(page)
    .getByRole("button", { name: /access log/ })
    .click();
  await expect(dialog(page).getByText(/^\s*10.000 requests over 3.d/)).toBeVisible();
  await expect(dialog(page).getByText(/Licence: Apache-2\.0/)).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await dialog(page).getByRole("button", { name: "Replay it" }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(about(page)).toContainText(/^\s*10.000 requests/);
  await expect(arrivals(page)).toHaveValue("trace");
});

test("to choose recorded traffic without a recording asks for one, and closing changes nothing", async ({ page }) => {
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await arrivals(page).selectOption("trace");
  await expect(dialog(page)).toBeVisible();
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await expect(arrivals(page)).toHaveValue("poisson");
});

test("broken lines of a log are counted and listed, and the rest is replayed", async ({ page }) => {
  const log = [line("01", "10.0.0.1"), "this is no line", line("02", "10.0.0.2"), line("09", "10.0.0.1")].join("\n");
  await dialog(page)
    .getByLabel("A file of yours")
    .setInputFiles({
      name: "access.log",
      mimeType: "text/plain",
      buffer: Buffer.from(log),
    });
  await expect(dialog(page).getByText(/^\s*3 requests over/)).toBeVisible();
  await dialog(page).getByText("1 line of 4 rejected").click();
  await expect(dialog(page).getByText(/^line 2: /)).toBeVisible();
  await dialog(page).getByRole("button", { name: "Replay it" }).click();
  await expect(about(page)).toContainText(/^\s*3 requests/);
});

test("a file without a good line is refused, says why, and the run stays", async ({ page }) => {
  const before = await about(page).textContent();
  await dialog(page)
    .getByLabel("A file of yours")
    .setInputFiles({
      name: "poem.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("Roses are red\nviolets are blue\n"),
    });
  await expect(dialog(page).getByRole("alert")).toContainText("The run stays as it is.");
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await expect(about(page)).toHaveText(before ?? "");
});

test("of several groups of clients one is chosen to send it, and a link brings it back", async ({ page }) => {
  const clients = [{ name: "patrol" }, { name: "base", rate_per_s: 5 }];
  await page.goto(addressOf({ clients }));
  await expect(page.getByText(/\d requests ·/)).toBeVisible();
  const panel = page.getByRole("region", { name: "Parameters" });
  const base = panel.getByRole("group", { name: "Traffic: base" });
  if (!(await base.isVisible())) await panel.getByText("Traffic: base").click();
  await base.getByRole("combobox", { name: "Arrivals" }).selectOption("trace");
  const sender = dialog(page).getByRole("combobox", { name: "Sent by" });
  await dialog(page)
    .getByRole("button", { name: /access log/ })
    .click();
  await expect(sender).toHaveValue("1");
  await sender.selectOption({ label: "patrol" });
  await sender.selectOption({ label: "base" });
  await dialog(page).getByRole("button", { name: "Replay it" }).click();
  await expect(base.getByRole("combobox", { name: "Arrivals" })).toHaveValue("trace");
  await expect(base.getByText(/^\s*«.+»/)).toBeVisible();
  await expect(page).toHaveURL(/x=sample\.apache-access-2015\.1$/);
  const [requests = ""] = /^\s*[\d\s]+requests/.exec((await about(page).textContent()) ?? "") ?? [];
  await page.reload();
  await expect(about(page)).toContainText(requests.trim());
});
