/** What the forms mean that only stores, or two sides, have. */
import { svg } from "lit";
import type { Entry } from "./legend.js";
import type { ServicePlace } from "./layout/layout.js";

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

const WRITE: Entry = {
  label: "write; reads are round",
  shape: svg`<rect class="work" x="4" y="4" width="8" height="8" />`,
};

const STALE: Entry = {
  label: "stale answer, with its age",
  shape: svg`<circle class="late" cx="8" cy="8" r="3.6" /><circle class="late" stroke-dasharray="3 2.4" cx="8" cy="8" r="6.6" />`,
};

const COMMAND: Entry = {
  label: "command; queries are round",
  shape: svg`<rect class="work" x="4" y="4" width="8" height="8" />`,
};

const REJECTED: Entry = {
  label: "rejected, or in conflict",
  shape: svg`<rect class="late" x="3.6" y="3.6" width="8.8" height="8.8" />`,
};

const NOT_CAUGHT_UP: Entry = {
  label: "not caught up",
  shape: svg`<circle class="late" cx="8" cy="8" r="5.5" /><path class="late" d="M8 4.8V8l2.6 1.6" />`,
};

const LOGGED: readonly Entry[] = [
  {
    label: "assigned, transferred, released",
    shape: svg`<path class="even" d="M1 8h4M3 6v4M6.5 8h4M9 6.2L10.8 8 9 9.8M12 8h3.4" />`,
  },
  {
    label: "a read model has it, lacks it",
    shape: svg`<rect class="soft" x="0" y="5" width="9" height="6" /><rect class="shed" x="9" y="6.5" width="7" height="3" />`,
  },
];

const LOCKED: Entry = {
  label: "locked by a command",
  shape: svg`<rect class="shed" x="3" y="7" width="10" height="7" /><path class="late" d="M5 7V5.5a3 3 0 0 1 6 0V7" />`,
};

export function sidesLegend(services: readonly ServicePlace[]): readonly Entry[] {
  const logged = services.some(({ sides }) => sides?.log);
  const locks = services.some(({ sides }) => sides?.locks);
  const apart = services.some(({ sides }) => sides?.shared === false);
  const waits = services.some(({ sides }) => sides?.waits);
  return [
    COMMAND,
    REJECTED,
    ...(apart ? [STALE] : []),
    ...(waits ? [NOT_CAUGHT_UP] : []),
    ...(logged ? LOGGED : []),
    ...(locks ? [LOCKED] : []),
  ];
}

/** A query that several shards must answer. */
const GATHERED: readonly Entry[] = [
  { label: "waits for several shards", shape: svg`<circle class="pausing" cx="8" cy="8" r="3.6" />` },
];

export function storeLegend(services: readonly ServicePlace[]): readonly Entry[] {
  const copied = services.some(({ store }) => (store?.copies ?? 1) > 1);
  return [
    WRITE,
    ...STORES,
    ...(services.some(({ store }) => store?.gathers) ? GATHERED : []),
    ...(copied ? [STALE] : []),
  ];
}
