/** What the page opens with: the address's scenario, or the opening one where there is none or it is no good. */
import { type Address, read } from "../link/address.js";
import { type Opened, opened } from "../link/link.js";
import type { ChangeEvent, Store } from "../model/store.js";
import { mistakeWords } from "../panel/mistakes.js";
import { OPENING } from "./scenarios.js";

export function show(store: Store, what: Opened): void {
  if (what.speed !== null) store.setSpeed(what.speed);
  store.replace(what.scenario, what.t_ms);
}

const STAYED = "What was on the page has stayed.";
const INSTEAD = "This is the opening scenario.";

/** Opens an address. One that is damaged changes nothing but the notice, which says what is there `otherwise`. */
export async function openAddress(store: Store, address: Address, otherwise = STAYED): Promise<boolean> {
  try {
    const what = await opened(address);
    store.pause();
    show(store, what);
    return true;
  } catch (error) {
    store.notify(`The link could not be opened: ${reason(error)}. ${otherwise}`);
    return false;
  }
}

export async function openFirst(store: Store, hash: string, still: boolean): Promise<void> {
  const address = read(hash);
  if (address && (await openAddress(store, address, INSTEAD))) {
    fallBack(store);
    // A link to a moment shows that moment; one to a start plays.
    if (address.t_ms === 0 && !still) store.play();
    return;
  }
  openOpening(store, still);
}

function openOpening(store: Store, still: boolean): void {
  const { notice } = store.state;
  show(store, OPENING);
  if (notice !== null) store.notify(notice);
  if (!still) store.play();
}

/** A link whose scenario is refused leaves a page without a run: then the opening one takes its place. */
function fallBack(store: Store): void {
  const listening = new AbortController();
  const onChange = (event: Event): void => {
    const { changed } = (event as ChangeEvent).detail;
    const { run, mistakes } = store.state;
    if (run) listening.abort();
    if (run || !changed.has("mistakes") || mistakes.length === 0) return;
    listening.abort();
    const list = mistakes.map((one) => mistakeWords(one, store.state.schema)).join("; ");
    show(store, OPENING);
    store.notify(`The link’s scenario was refused (${list}). ${INSTEAD}`);
  };
  store.addEventListener("change", onChange, { signal: listening.signal });
}

function reason(error: unknown): string {
  // What atob, inflate and JSON say is of no help to a reader.
  const technical = error instanceof DOMException || error instanceof TypeError || error instanceof SyntaxError;
  return error instanceof Error && !technical ? error.message : "it is damaged";
}
