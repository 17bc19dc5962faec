/**
 * Where the reader was on leaving the page. While a run plays, its address is up to two seconds behind, and a browser
 * doesn't heed an address that is changed while the page is being left. A note in the tab's own storage is kept then,
 * for the reload.
 */
const KEY = "sandtable-left";

interface Note {
  /** The address as it stood, and as it stood before it was written last. */
  shown: readonly string[];
  /** The address as it should have stood. */
  exact: string;
}

export function leave(note: Note): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(note));
  } catch {
    // Storage may be forbidden or full: a reload then begins where the address says.
  }
}

/** The hash to open: after a reload the exact one, where the page that was left has noted it. */
export function hashOnOpening(): string {
  const { hash } = location;
  const note = taken();
  return note?.shown.includes(hash) === true && cameBack() ? note.exact : hash;
}

/** A note is good for one time. */
function taken(): Note | null {
  try {
    const text = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return text === null ? null : (JSON.parse(text) as Note);
  } catch {
    return null;
  }
}

/** A link that happens to be the same as the one that was left is meant as it stands. */
function cameBack(): boolean {
  const [entry] = performance.getEntriesByType("navigation");
  const { type } = (entry as PerformanceNavigationTiming | undefined) ?? {};
  return type === "reload" || type === "back_forward";
}
