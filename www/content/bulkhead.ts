import type { Briefing, Deed, Source } from "./briefing.js";

const CLIENT = ["clients", 0] as const;
const POOL = [...CLIENT, "shared_pool"] as const;
const MAPS = [...CLIENT, "calls", 0] as const;
const RADIO = [...CLIENT, "calls", 1] as const;
const INSTANCES = ["services", 0, "instances"] as const;
const PICTURE = "Compartments of a ship";

const set = (path: readonly (string | number)[], value: string | number | boolean): Deed => ({
  does: "set",
  path,
  value,
});

const pools = (shared: boolean): readonly Deed[] => [
  set([...POOL, "enabled"], shared),
  set([...MAPS, "bulkhead", "enabled"], !shared),
  set([...RADIO, "bulkhead", "enabled"], !shared),
];

const SOURCES: readonly Source[] = [
  { title: "M. Nygard: Release It! (2007), which named the pattern", address: "https://pragprog.com/titles/mnee2/" },
  { title: "resilience4j: Bulkhead", address: "https://resilience4j.readme.io/docs/bulkhead" },
  { title: "Netflix: concurrency-limits", address: "https://github.com/Netflix/concurrency-limits" },
];

/** Two dependencies, of which one turns slow. */
export const twoServices: Briefing = {
  picture: PICTURE,
  title: "Bulkhead",
  lead: [
    "A ship is divided by bulkheads, so that one leak floods one compartment and the rest stays afloat. For calls, a compartment is a number of slots: so many may be under way at a time, and when all are taken the next one is refused.",
    "Clients call two services, maps and radio, half of the time each, out of one pool of 64 slots. From 12 s to 32 s radio works twenty times slower. Its calls come back late, so they hold their slots; soon they hold all of them, and maps, which is well, gets none.",
  ],
  comparison: {
    title: "One pool, or a pool for each",
    variants: [
      { label: "shared", deeds: pools(true) },
      { label: "for each", deeds: pools(false) },
    ],
  },
  steps: [
    {
      title: "See it flood.",
      text: "Go to the moment at which radio turns slow.",
      buttons: [{ label: "Go to 11.9 s", deeds: [{ does: "seek", t_ms: 11_900 }] }],
      watch: "The slots fill with calls to radio within two seconds, and calls to maps are refused for twenty.",
    },
    {
      title: "Close the doors.",
      text: "A pool for each: the same 64 slots, 32 for maps and 32 for radio. The same requests.",
      buttons: [
        { label: "A pool for each", deeds: pools(false) },
        { label: "One pool again", deeds: pools(true) },
      ],
      watch: "Radio’s compartment is flooded as before. Maps stays afloat: nearly every call to it succeeds.",
    },
    {
      title: "A larger pool?",
      text: "Three times the slots, shared.",
      buttons: [
        { label: "200 slots, shared", deeds: [...pools(true), set([...POOL, "rule", "max_concurrent"], 200)] },
        { label: "64 again", deeds: [set([...POOL, "rule", "max_concurrent"], 64)] },
      ],
      watch: "It floods a second later, and more of those who got in wait longer for an answer.",
    },
    {
      title: "Don’t wait so long.",
      text: "A timeout gives a slot back sooner: radio gets 0.6 s to answer.",
      buttons: [
        { label: "Timeout for radio", deeds: [...pools(true), set([...RADIO, "timeout_ms"], 600)] },
        { label: "None again", deeds: [set([...RADIO, "timeout_ms"], 0)] },
      ],
      watch:
        "Even the shared pool hardly fills: 80 calls a second, 0.6 s each, are 48 slots. A timeout and a bulkhead do the same sum from two sides.",
    },
    {
      title: "A place to wait.",
      text: "Let a hundred calls wait for a slot of the shared pool.",
      buttons: [
        { label: "100 waiting places", deeds: [...pools(true), set([...POOL, "rule", "max_waiting"], 100)] },
        { label: "None again", deeds: [set([...POOL, "rule", "max_waiting"], 0)] },
      ],
      watch:
        "Hardly fewer are refused, and those who wait do so for seconds. Waiting places smooth a burst; they don’t mend a leak.",
    },
  ],
  absent: [
    "A client without a bulkhead has no limit here, while real ones run out of threads, memory or connections: that is the pool that one shares without knowing it.",
  ],
  sources: SOURCES,
};

/** A bulkhead where Erlang's formula holds. */
export const erlang: Briefing = {
  picture: PICTURE,
  title: "How many slots? Erlang’s formula",
  lead: [
    "Agner Krarup Erlang asked in 1917 how many lines a telephone exchange needs. A bulkhead without waiting places is the same question: calls come at random, each keeps a slot for a while, and who finds all taken is refused.",
    "Offered load is how many slots would be taken on average if there were enough: 100 calls a second for 0.13 s each are 13 erlangs. The formula tells the share refused with 16 slots, and the run measures it.",
  ],
  comparison: {
    title: "8, 16 or 24 slots",
    variants: [8, 16, 24].map((slots) => ({
      label: `${slots} slots`,
      deeds: [set([...MAPS, "bulkhead", "rule", "max_concurrent"], slots)],
    })),
  },
  steps: [
    {
      title: "Half the slots.",
      text: "Eight slots for 13 erlangs: fewer than are needed on average.",
      buttons: [
        { label: "8 slots", deeds: [set([...MAPS, "bulkhead", "rule", "max_concurrent"], 8)] },
        { label: "16 again", deeds: [set([...MAPS, "bulkhead", "rule", "max_concurrent"], 16)] },
      ],
      watch:
        "Nearly half is refused. And with 16, more than needed on average, one in twelve still is: calls don’t come evenly.",
    },
    {
      title: "Other work, same mean.",
      text: "Let the work of every request take exactly 50 ms, instead of many short and few long ones.",
      buttons: [
        { label: "Constant service time", deeds: [set([...INSTANCES, "service_time", "kind"], "constant")] },
        { label: "Exponential again", deeds: [set([...INSTANCES, "service_time", "kind"], "exponential")] },
      ],
      watch: "The share refused stays. Only the mean matters to Erlang’s formula, which is why it is still in use.",
    },
    {
      title: "Let some wait.",
      text: "Sixteen waiting places in front of the slots.",
      buttons: [
        { label: "16 waiting places", deeds: [set([...MAPS, "bulkhead", "rule", "max_waiting"], 16)] },
        {
          label: "Work instead of ways",
          deeds: [
            set(["clients", 0, "hop", "time_ms"], 0),
            set([...INSTANCES, "hop", "time_ms"], 0),
            set([...INSTANCES, "service_time", "mean_ms"], 130),
          ],
        },
        {
          label: "All as before",
          deeds: [
            set([...MAPS, "bulkhead", "rule", "max_waiting"], 0),
            set(["clients", 0, "hop", "time_ms"], 25),
            set([...INSTANCES, "hop", "time_ms"], 15),
            set([...INSTANCES, "service_time", "mean_ms"], 50),
          ],
        },
      ],
      watch:
        "Hardly anything is refused, for a few milliseconds of waiting, and the card has no formula any more: M/M/c/K expects exponential times, and ways vary far less. Let the work take all of the 130 ms, and it holds.",
    },
    {
      title: "Break the assumptions.",
      text: "Double the traffic for a minute.",
      buttons: [
        {
          label: "Twice the traffic here",
          deeds: [{ does: "fault", kind: "traffic", target: "clients", factor: 2, for_ms: 60_000 }],
        },
      ],
      watch: "No closed form applies any more, and the card says why. The measurement goes on.",
    },
  ],
  sources: [
    {
      title: "A. K. Erlang: Solution of some problems in the theory of probabilities (1917)",
      address: "https://en.wikipedia.org/wiki/Erlang_(unit)#Erlang_B_formula",
    },
    ...SOURCES,
  ],
};
