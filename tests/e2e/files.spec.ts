/** Files dropped on the page, as a person's hand does it, and where a recording stays that is too long for an address. */
import { writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { Locator, Page, TestInfo } from "@playwright/test";
import { addressOf } from "./address.js";
import { expect, test } from "./fixtures.js";

const dialog = (page: Page): Locator => page.getByRole("dialog", { name: "Use recorded traffic" });
const about = (page: Page): Locator => page.getByText(/\d requests ·/);
const replay = (page: Page): Promise<void> => dialog(page).getByRole("button", { name: "Replay it" }).click();

const pad = (value: number): string => String(value).padStart(2, "0");

/** A line of an access log, so many seconds into a morning. */
function line(second: number, address: string): string {
  const clock = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60].map(pad).join(":");
  return `${address} - - [17/May/2015:${clock} +0000] "GET /index.html HTTP/1.1" 200 1024`;
}

const SHORT_LOG = [line(1, "10.0.0.1"), line(2, "10.0.0.2"), line(9, "10.0.0.1")].join("\n");

/** So many visitors in no order that no compression makes it fit an address. */
function longLog(lines: number): string {
  let state = 1;
  const address = (): string => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return `10.${(state >>> 24) & 255}.${(state >>> 16) & 255}.${(state >>> 8) & 255}`;
  };
  return Array.from({ length: lines }, (_, index) => line(Math.floor(index / 4), address())).join("\n");
}

/** Through the browser's own handling of a drag that comes from outside. */
async function drop(page: Page, testInfo: TestInfo, name: string, contents: string | Buffer): Promise<void> {
  const file = testInfo.outputPath(name);
  await writeFile(file, contents);
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver"] as const) {
    await devtools.send("Input.dispatchDragEvent", { type, x: 500, y: 300, data });
  }
  await expect(page.getByText("Drop an access log, a CSV or a scenario")).toBeVisible();
  await devtools.send("Input.dispatchDragEvent", { type: "drop", x: 500, y: 300, data });
  await expect(page.getByText("Drop an access log, a CSV or a scenario")).toBeHidden();
}

test.beforeEach(async ({ page }) => {
  await page.goto(addressOf({}, 1_000));
  await expect(about(page)).toBeVisible();
});

test("an access log dropped on the page is shown and replayed", async ({ page }, testInfo) => {
  await drop(page, testInfo, "access.log", SHORT_LOG);
  await expect(dialog(page).getByText(/^\s*3 requests over 9.*, 2 keys/)).toBeVisible();
  await replay(page);
  await expect(about(page)).toContainText(/^\s*3 requests/);
});

test("so is one that is gzipped", async ({ page }, testInfo) => {
  await drop(page, testInfo, "access.log.gz", gzipSync(SHORT_LOG));
  await expect(dialog(page).getByText(/^\s*3 requests over 9/)).toBeVisible();
  await replay(page);
  await expect(about(page)).toContainText(/^\s*3 requests/);
});

test("so are counts per second", async ({ page }, testInfo) => {
  await drop(page, testInfo, "counts.csv", "second,requests\n0,10\n1,20\n2,5\n");
  await expect(dialog(page).getByText(/^\s*35 requests over 3/)).toBeVisible();
  await replay(page);
  await expect(about(page)).toContainText(/^\s*35 requests/);
});

test("a scenario dropped on the page is opened", async ({ page }, testInfo) => {
  await drop(page, testInfo, "mine.json", JSON.stringify({ seed: 99 }));
  await expect(page.getByRole("textbox", { name: "Seed", exact: true })).toHaveValue("99");
});

for (const [name, contents] of [
  ["a text that is no log", "Roses are red\nviolets are blue\n"],
  ["an archive that ends too soon", gzipSync(SHORT_LOG).subarray(0, 40)],
  ["a file without a byte", ""],
] as const) {
  test(`${name} is refused, and the run stays`, async ({ page }, testInfo) => {
    const before = await about(page).textContent();
    await drop(page, testInfo, "file.log", contents);
    await expect(dialog(page).getByRole("alert")).toContainText("The run stays as it is.");
    await dialog(page).getByRole("button", { name: "Close" }).click();
    await expect(about(page)).toHaveText(before ?? "");
  });
}

test("a recording too long for an address is found again by this browser, and by no other", async ({
  page,
  browser,
}, testInfo) => {
  await drop(page, testInfo, "access.log", longLog(30_000));
  await expect(dialog(page).getByText(/^\s*30.000 requests over/)).toBeVisible();
  await replay(page);
  await expect(about(page)).toContainText(/^\s*30.000 requests/);
  await expect(page.getByText(/^This link leaves out the recorded traffic/)).toBeVisible();
  await expect(page).toHaveURL(/&x=local\.[0-9a-f]{16}/);
  expect(page.url().length).toBeLessThan(2_000);

  await page.reload();
  await expect(about(page)).toContainText(/^\s*30.000 requests/);
  await expect(page.getByText("«access.log»")).toBeVisible();

  const elsewhere = await browser.newContext();
  const stranger = await elsewhere.newPage();
  await stranger.goto(page.url());
  await expect(stranger.getByText(/its recorded traffic is kept only in the browser that made the link/)).toBeVisible();
  await elsewhere.close();
});
