/**
 * Every test gets its `test` and `expect` from here: one fails if the page wrote an error or a warning to the console,
 * threw, or asked another host for anything.
 */
import { expect, test as base } from "@playwright/test";

interface Options {
  /** Messages that the test itself provokes. Name them as narrowly as can be. */
  expectedComplaints: readonly RegExp[];
}

interface Guards {
  noComplaints: undefined;
}

export const test = base.extend<Options & Guards>({
  expectedComplaints: [[], { option: true }],
  noComplaints: [
    async ({ context, baseURL, expectedComplaints }, use) => {
      const complaints: string[] = [];
      const home = baseURL === undefined ? undefined : new URL(baseURL).origin;
      context.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") {
          complaints.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
        }
      });
      context.on("weberror", (error) => complaints.push(`uncaught: ${String(error.error())}`));
      context.on("request", (request) => {
        const { origin } = new URL(request.url());
        // "null" is the origin of data: and blob: addresses, which embedding hosts block as well.
        if (origin !== home) complaints.push(`asked another host: ${request.url().slice(0, 200)}`);
      });
      await use(undefined);
      const unexpected = complaints.filter(
        (complaint) => !expectedComplaints.some((expected) => expected.test(complaint)),
      );
      expect(unexpected, "the page's console, uncaught errors and foreign requests").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
