/**
 * Parts of the page that traffic can move without. They are fetched once the first picture is on the screen, or when
 * somebody asks for them, whichever is sooner. Their elements stand on the page from the start, and wake when their
 * code is there.
 */

const FETCH = {
  parameters: () => import("./panel/sandtable-panel.js"),
  briefing: () => import("./briefing/sandtable-briefing.js"),
  charts: () => import("./timeline/sandtable-charts.js"),
  inspector: () => import("./inspector/sandtable-inspector.js"),
  "stores on the stage": () => import("./stage/store-part.js"),
  "actions on an instance": () => import("./stage/sandtable-actions.js"),
  "form for faults": () => import("./timeline/sandtable-fault-dialog.js"),
  "form for recorded traffic": () => import("./traffic/sandtable-traffic.js"),
} satisfies Record<string, () => Promise<unknown>>;

/** Named as a reader would call it: the name is in the notice where it could not be fetched. */
export type Part = keyof typeof FETCH;

/** What stands on the page at rest, and so is fetched first. */
const SEEN: readonly Part[] = ["parameters", "briefing", "charts"];
/** What comes into view when it is asked for. */
const ASKED_FOR: readonly Part[] = [
  "inspector",
  "stores on the stage",
  "actions on an instance",
  "form for faults",
  "form for recorded traffic",
];

const coming = new Map<Part, Promise<unknown>>();

function fetched(part: Part): Promise<unknown> {
  const known = coming.get(part);
  if (known) return known;
  const asked = FETCH[part]();
  // A failure is not kept: the next time may do better.
  asked.catch(() => coming.delete(part));
  coming.set(part, asked);
  return asked;
}

/**
 * Whether the part is there, once that is known. Where it can't be had, a "part-missing" event goes up from `host`:
 * the page then says so, and offers to try again.
 */
export async function needs(host: EventTarget, part: Part): Promise<boolean> {
  try {
    await fetched(part);
    return true;
  } catch {
    host.dispatchEvent(new CustomEvent<Part>("part-missing", { detail: part, bubbles: true, composed: true }));
    return false;
  }
}

/** All of them: what is seen at once, then, when the browser has nothing better to do, what may be asked for. */
export async function fetchAll(host: EventTarget): Promise<void> {
  await Promise.all(SEEN.map((part) => needs(host, part)));
  whenIdle(() => {
    // Nobody has asked for them yet: a failure is told when somebody does.
    for (const part of ASKED_FOR) fetched(part).catch(() => undefined);
  });
}

function whenIdle(work: () => void): void {
  // Not every browser can tell when it is idle.
  if ("requestIdleCallback" in globalThis) requestIdleCallback(work, { timeout: 2_000 });
  else setTimeout(work, 200);
}
