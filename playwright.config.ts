import { defineConfig } from "@playwright/test";
import { launchOptions } from "./scripts/setup/browser.mjs";

const port = 4173;
const address = `http://127.0.0.1:${port}/`;

export default defineConfig({
  testDir: "tests/e2e",
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  workers: 2,
  // A test that passes at the second try hides something: at the desk there is none. A shared machine that stops for a
  // second is no mistake of the page, so CI tries once more, and names what needed it.
  retries: process.env.CI === undefined ? 0 : 1,
  timeout: 30_000,
  reporter: "list",
  use: {
    baseURL: address,
    actionTimeout: 10_000,
    viewport: { width: 1280, height: 800 },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: launchOptions(),
  },
  webServer: {
    command: `vite preview --host 127.0.0.1 --port ${port} --strictPort`,
    url: address,
    reuseExistingServer: false,
  },
});
