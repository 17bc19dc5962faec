/** The keys that work anywhere on the page, unless something that has the focus uses them itself. */
import type { Store } from "../model/store.js";

export interface Shortcut {
  keys: string;
  does: string;
}

/** As the help lists them; `onKey` is what makes them true. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: "Space", does: "play or pause" },
  { keys: "← / →", does: "to the previous or next event" },
  { keys: "Shift ← / →", does: "to the previous or next request’s arrival" },
  { keys: "Home / End", does: "to the start or the end of the run" },
  { keys: "Esc", does: "close what is open, drop the selection" },
  { keys: "?", does: "this help" },
];

/** True where the key was used. */
export function onKey(event: KeyboardEvent, store: Store, help: () => void): boolean {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return false;
  const target = event.composedPath()[0];
  if (target instanceof Element && usesKeys(target, event)) return false;
  switch (event.key) {
    case " ":
      if (store.state.playing) store.pause();
      else store.play();
      return true;
    case "ArrowLeft":
    case "ArrowRight":
      void store.step(event.shiftKey ? "request" : "event", event.key === "ArrowLeft" ? -1 : 1);
      return true;
    case "Home":
      store.seek(0);
      return true;
    case "End":
      store.seek(store.state.run?.end_ms ?? 0);
      return true;
    case "Escape":
      if (store.state.selection === null) return false;
      store.select(null);
      return true;
    case "?":
      help();
      return true;
    default:
      return false;
  }
}

/** Whether the focused element has a use of its own for the key. */
function usesKeys(target: Element, event: KeyboardEvent): boolean {
  if (event.composedPath().some((node) => node instanceof HTMLDialogElement)) return true;
  if (target.matches("select, textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])")) {
    return true;
  }
  if (target.matches("input[type=radio]")) return event.key !== "?";
  const presses = event.key === " ";
  return presses && target.matches("button, summary, a, input");
}
