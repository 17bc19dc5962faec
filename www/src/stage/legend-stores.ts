/** What the forms mean that only stores have. */
import { svg } from "lit";
import type { Entry } from "./legend.js";
import type { ServicePlace } from "./layout.js";

const STORES: readonly Entry[] = [
  {
    label: "key on the move",
    shape: svg`<path class="way" d="M3 14C3 7 8 3 14 3" /><circle class="key-1" cx="5.6" cy="6.8" r="3" />`,
  },
  {
    label: "share and even share",
    shape: svg`<rect class="slot" x="0.5" y="5.5" width="15" height="5" /><rect class="key-0" x="0.5" y="5.5" width="6" height="5" /><path class="even" d="M9.5 3v10" />`,
  },
  {
    label: "sent on",
    shape: svg`<path class="onward" d="M4.6 4.6A4.8 4.8 0 1 1 8.8 12.6M12.2 12.6H8.6L9.2 9" />`,
  },
];

/** A query that several shards must answer. */
const GATHERED: readonly Entry[] = [
  { label: "waits for several shards", shape: svg`<circle class="pausing" cx="8" cy="8" r="3.6" />` },
];

export function storeLegend(services: readonly ServicePlace[]): readonly Entry[] {
  return [...STORES, ...(services.some(({ store }) => store?.gathers) ? GATHERED : [])];
}
