/** Dark or light: the system's choice until the reader makes one, which this browser then keeps. */

export type Tone = "dark" | "light";

const KEY = "sandtable-theme";
const dark = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

function chosen(): Tone | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === "dark" || value === "light" ? value : null;
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
    return null;
  }
}

export function tone(): Tone {
  return document.documentElement.dataset["theme"] === "dark" ? "dark" : "light";
}

export function choose(next: Tone): void {
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // See `chosen`.
  }
  apply(next);
}

/** Applies the choice or the system's tone, and follows the system while there is no choice. */
export function followSystem(signal: AbortSignal): void {
  const system = dark();
  const follow = (): void => apply(chosen() ?? (system.matches ? "dark" : "light"));
  system.addEventListener("change", follow, { signal });
  follow();
}

function apply(next: Tone): void {
  if (document.documentElement.dataset["theme"] === next) return;
  document.documentElement.dataset["theme"] = next;
  window.dispatchEvent(new Event("sandtable-theme"));
}
