import type { Briefing, Deed, Source } from "./briefing.js";

const CLIENT = ["clients", 0] as const;
const STORE = ["stores", 0] as const;
const SHARDING = [...STORE, "sharding"] as const;
const PICTURE = "Territory division";

const set = (path: readonly (string | number)[], value: string | number | boolean | readonly number[]): Deed => ({
  does: "set",
  path,
  value,
});
const placement = (name: string): Deed => set([...SHARDING, "placement"], name);
const addShard: Deed = { does: "fault", kind: "add_shard", store: 0, for_ms: null };

const KEYS = {
  even: [set([...CLIENT, "keys", "kind"], "uniform"), set([...CLIENT, "rate_per_s"], 150)],
  hotKey: [
    set([...CLIENT, "keys", "kind"], "hot_key"),
    set([...CLIENT, "keys", "hot_percent"], 60),
    set([...CLIENT, "rate_per_s"], 300),
  ],
  hotRange: [
    set([...CLIENT, "keys", "kind"], "hot_range"),
    set([...CLIENT, "keys", "hot_percent"], 60),
    set([...CLIENT, "rate_per_s"], 300),
    placement("range"),
  ],
} satisfies Record<string, readonly Deed[]>;

const RING: Source = {
  title: "Karger and others: Consistent hashing and random trees (STOC 1997)",
  address: "https://www.cs.princeton.edu/courses/archive/fall09/cos518/papers/chash.pdf",
};
const DYNAMO: Source = {
  title: "DeCandia and others: Dynamo (SOSP 2007)",
  address: "https://www.allthingsdistributed.com/files/amazon-dynamo-sosp2007.pdf",
};
const JUMP: Source = {
  title: "Lamping and Veach: A fast, minimal memory, consistent hash algorithm (2014)",
  address: "https://arxiv.org/abs/1406.2294",
};
const SLOTS: Source = {
  title: "Redis Cluster specification: hash slots",
  address: "https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/",
};

const ABSENT = [
  "The router knows the map that holds at every moment; nobody works from an old one.",
  "Disks and memory: a shard that holds more is no slower, and never full.",
  "Transactions over several shards, and indexes that don’t begin with the key.",
];

/** Three sectors, to which a fourth is added: what modulo costs, and what a ring does about it. */
export const sectors: Briefing = {
  picture: PICTURE,
  title: "Database sharding",
  lead: [
    "Territory is divided so that each unit answers for its own sector and works without asking the others. Shards do so for data: each holds a part of the keys, and all read and write at the same time.",
    "The manual’s ShardManager takes a hash of the key and divides it by the number of shards; the remainder is the shard. That spreads keys evenly and needs no list. At 10 s a fourth sector joins, and nearly every remainder is another one.",
  ],
  comparison: {
    title: "Modulo, ring, hash slots",
    variants: [
      { label: "modulo", deeds: [placement("hash_modulo")] },
      { label: "ring", deeds: [placement("ring")] },
      { label: "slots", deeds: [placement("slots")] },
    ],
  },
  steps: [
    {
      title: "A fourth sector joins.",
      text: "Go to the moment before, and let it play.",
      buttons: [{ label: "Go to 9.9 s", deeds: [{ does: "seek", t_ms: 9_900 }] }],
      watch:
        "Three keys of four travel. A key stays only where its hash leaves the same remainder by 3 as by 4, and that is a quarter of all. The least possible is a quarter that moves: delta’s fair share, 1/n of the keys with n shards. Moving takes seconds, and slows those who send and those who get.",
    },
    {
      title: "Put the sectors on a ring.",
      text: "Each sector gets a hundred points on a ring of all hashes. A key belongs to the next point.",
      buttons: [
        { label: "Ring", deeds: [placement("ring")] },
        { label: "Modulo again", deeds: [placement("hash_modulo")] },
      ],
      watch:
        "One key of four moves, and each of them to delta: only what lies before one of delta’s new points has another owner. Among alpha, bravo and charlie nothing changes hands.",
    },
    {
      title: "Look a key up.",
      text: "Where is soldier_17, and why there? Ask on both sides of 10 s, or paste a list of your own below.",
      buttons: [
        {
          label: "Before",
          deeds: [
            { does: "seek", t_ms: 9_900 },
            { does: "look_up", keys: "soldier_17" },
          ],
        },
        {
          label: "While keys move",
          deeds: [
            { does: "seek", t_ms: 11_000 },
            { does: "look_up", keys: Array.from({ length: 12 }, (_, key) => `soldier_${key + 210}`).join("\n") },
          ],
        },
      ],
      watch:
        "A key on the move is still its old owner’s: reads and writes go there until it has arrived, and what was written meanwhile is sent after it. Who comes a moment too late is sent on.",
    },
    {
      title: "Change the map yourself.",
      text: "Add a sector where the playhead stands, or lose one.",
      buttons: [
        { label: "Add a sector here", deeds: [addShard] },
        { label: "Crash bravo here", deeds: [{ does: "fault", kind: "crash", instance: 1, for_ms: 10_000 }] },
      ],
      watch:
        "A sector that is down takes its keys with it: nobody else has them, so its share of the requests fails. A balancer could send them elsewhere; a shard can’t be replaced without a copy. And moves to and from it wait.",
    },
    {
      title: "Not every key is equal.",
      text: "Twice the requests, and 60 % of them for one key, or for a tenth of the keys that lie side by side in ranges.",
      buttons: [
        { label: "Make one key hot", deeds: KEYS.hotKey },
        {
          label: "Salt it",
          deeds: [
            set([...STORE, "salted_keys"], [0]),
            set([...STORE, "sub_keys"], 16),
            set([...SHARDING, "salted_reads"], "pick"),
          ],
        },
        { label: "Make a range hot", deeds: [set([...STORE, "salted_keys"], []), ...KEYS.hotRange] },
        {
          label: "All even again",
          deeds: [...KEYS.even, set([...STORE, "salted_keys"], []), placement("hash_modulo")],
        },
      ],
      watch:
        "Keys lie evenly, load doesn’t: one shard’s queue overflows while the others idle. Under «Keys of sectors» compare the shares of keys with those of requests. The scenarios «One key that everybody asks for» and «A hot range» go on from here.",
    },
    {
      title: "As in the manual.",
      text: "The manual’s own rule, with a hash that gives the same number everywhere: Python’s own gives a text another one with each start.",
      buttons: [
        {
          label: "Place as in the manual",
          deeds: [{ does: "preset", path: SHARDING, of: "sharding", name: "as_in_manual" }],
        },
      ],
      watch: "Another hash, other shards for single keys, and again three keys of four that move: it is the division.",
    },
  ],
  absent: ABSENT,
  sources: [RING, DYNAMO, JUMP, SLOTS],
};

/** The same change of map on a ring. */
export const sectorsRing: Briefing = {
  picture: PICTURE,
  title: "The ring",
  lead: [
    "The same three sectors, the same keys, the same fourth sector at 10 s. Now hashes lie on a ring, and each sector has a hundred points on it: from a key’s hash on, the next point says whose it is.",
    "One point for each sector would cut the ring into very unequal arcs. Many points even them out, as many small fields are shared out more evenly than three large ones.",
  ],
  comparison: {
    title: "How many points a sector",
    variants: [1, 10, 100].map((points) => ({
      label: points === 1 ? "1 point" : `${points} points`,
      deeds: [placement("ring"), set([...SHARDING, "virtual_nodes"], points)],
    })),
  },
  steps: [
    {
      title: "See delta take its arcs.",
      text: "Go to the moment at which its points appear.",
      buttons: [{ label: "Go to 9.9 s", deeds: [{ does: "seek", t_ms: 9_900 }] }],
      watch:
        "Keys travel to delta alone, a quarter of them. It takes a third of the time that modulo took, and a third of the load.",
    },
    {
      title: "Fewer points.",
      text: "What do the hundred points buy?",
      buttons: [
        { label: "One point each", deeds: [set([...SHARDING, "virtual_nodes"], 1)] },
        { label: "A hundred again", deeds: [set([...SHARDING, "virtual_nodes"], 100)] },
      ],
      watch:
        "With one point each some sector has far more than its share, and delta takes all it gets from a single neighbour. «Fullest ÷ mean» in the report says how uneven it is.",
    },
    {
      title: "Others that move little.",
      text: "Jump, rendezvous and Maglev move about 1/n too, each at another price.",
      buttons: [
        { label: "Jump", deeds: [placement("jump")] },
        { label: "Rendezvous", deeds: [placement("rendezvous")] },
        { label: "Maglev", deeds: [placement("maglev")] },
        { label: "Ring", deeds: [placement("ring")] },
      ],
      watch:
        "Jump keeps nothing in memory, but only the last shard can leave. Rendezvous asks every shard for a score. Maglev looks into one table, and moves a few keys more than it had to. «Compare 8 placements» below puts them side by side.",
    },
  ],
  absent: ABSENT,
  sources: [
    RING,
    DYNAMO,
    JUMP,
    { title: "Maglev: a fast and reliable software load balancer", address: "https://research.google/pubs/pub44824/" },
  ],
};

const SALTED = [...STORE, "salted_keys"] as const;
const COUNT = [...STORE, "shards", "count"] as const;

/** One key with 40 % of the requests. */
export const hotKey: Briefing = {
  picture: PICTURE,
  title: "A hot key",
  lead: [
    "Four in ten requests ask for the same key: the one report that every unit wants. Whatever the placement, a key has one shard, and that shard has the whole of it.",
    "The cure is to make several keys of it. A salted key is kept under sixteen sub-keys, which the placement spreads like any others: a read asks one of them, a write goes to all.",
  ],
  comparison: {
    title: "More shards, or salt",
    variants: [
      { label: "4 shards", deeds: [set(COUNT, 4), set(SALTED, [])] },
      { label: "8 shards", deeds: [set(COUNT, 8), set(SALTED, [])] },
      { label: "4, salted", deeds: [set(COUNT, 4), set(SALTED, [0])] },
    ],
  },
  steps: [
    {
      title: "Add shards.",
      text: "Twice as many shards ought to carry twice the load.",
      buttons: [
        { label: "8 shards", deeds: [set(COUNT, 8)] },
        { label: "4 again", deeds: [set(COUNT, 4)] },
      ],
      watch: "One still overflows, and there are more that idle. Only its neighbours’ keys have gone elsewhere.",
    },
    {
      title: "Another placement.",
      text: "Does a ring help, or a table?",
      buttons: [
        { label: "Ring", deeds: [placement("ring")] },
        { label: "Maglev", deeds: [placement("maglev")] },
        { label: "Modulo again", deeds: [placement("hash_modulo")] },
      ],
      watch: "The key has one shard under each of them. In «Compare 8 placements» no load is even.",
    },
    {
      title: "Salt it.",
      text: "Sixteen sub-keys of soldier_0; a read asks one of them.",
      buttons: [
        { label: "Salt soldier_0", deeds: [set(SALTED, [0]), set([...SHARDING, "salted_reads"], "pick")] },
        { label: "No salt", deeds: [set(SALTED, [])] },
      ],
      watch: "All four shards share its reads, and hardly anything is shed. Each of its writes costs sixteen.",
    },
    {
      title: "Salt it the other way.",
      text: "For keys that are written hard: a write goes to one sub-key, and a read asks all.",
      buttons: [
        { label: "Write one, read all", deeds: [set(SALTED, [0]), set([...SHARDING, "salted_reads"], "gather")] },
        { label: "Write all, read one", deeds: [set(SALTED, [0]), set([...SHARDING, "salted_reads"], "pick")] },
      ],
      watch:
        "This key is read twenty times as often as it is written, so this way makes it worse: each read is sixteen. Know which of the two your key is.",
    },
  ],
  absent: ABSENT,
  sources: [DYNAMO, SLOTS],
};

const SPLIT = { by: [...SHARDING, "split_by"], above: [...SHARDING, "split_above"] } as const;

const split = (place: string, by: string, above: number): Deed[] => [
  placement(place),
  set(SPLIT.by, by),
  set(SPLIT.above, above),
];

/** A tenth of the keys with 60 % of the requests, side by side in one range. */
export const hotRange: Briefing = {
  picture: PICTURE,
  title: "A hot range",
  lead: [
    "Ranges keep neighbours together, so that «all of Alpha Company» is one question to one shard. That is their worth, and their weakness: what is asked for together lies together. Here a tenth of the keys, side by side, has 60 % of the requests.",
    "Each range holds as many keys as the next one. By size all is well; by load one of the four shards does two thirds of the work.",
  ],
  comparison: {
    title: "By size, by load, by hash",
    variants: [
      { label: "by size", deeds: split("range", "size", 200) },
      { label: "by load", deeds: split("range", "load", 300) },
      { label: "hashed", deeds: split("hash_modulo", "size", 0) },
    ],
  },
  steps: [
    {
      title: "Split by size.",
      text: "A range with more than 200 keys is split, and all are dealt out again.",
      buttons: [{ label: "Split by size", deeds: split("range", "size", 200) }],
      watch: "Nothing gets better: sizes were even before.",
    },
    {
      title: "Split by load.",
      text: "Every two seconds, a range with more than 300 reads and writes is split, and load is dealt out evenly.",
      buttons: [
        { label: "Split by load", deeds: split("range", "load", 300) },
        { label: "Don’t split", deeds: split("range", "size", 0) },
      ],
      watch:
        "At 2 s the hot range is cut up, and a fifth of the keys moves. From then on one shard has a few busy keys and another many quiet ones, and each does a quarter of the work.",
    },
    {
      title: "Or give up the order.",
      text: "By hash, neighbours are strewn over all shards.",
      buttons: [
        { label: "Hash modulo", deeds: split("hash_modulo", "size", 0) },
        { label: "Ranges again", deeds: split("range", "size", 0) },
      ],
      watch:
        "Load is even from the beginning, without any splitting. But a question for a range is now a question to all shards; see «Queries of all shards».",
    },
  ],
  absent: ABSENT,
  sources: [
    {
      title: "Chang and others: Bigtable (OSDI 2006), whose tablets are split as they grow",
      address: "https://research.google/pubs/pub27898/",
    },
    {
      title: "CockroachDB: load-based splitting",
      address: "https://www.cockroachlabs.com/docs/stable/load-based-splitting",
    },
  ],
};

const GATHER = [...STORE, "gather"] as const;

/** A fifth of the queries needs an answer from each of eight shards. */
export const gather: Briefing = {
  picture: PICTURE,
  title: "Ask every sector",
  lead: [
    "«How many are fit for duty?» no sector knows alone: each is asked, and the answers are put together. A fifth of the queries here is of that kind.",
    "One read in fifty is slow: a quarter of a second instead of ten milliseconds. A query of one shard meets that once in fifty times. A query of eight shards takes as long as the slowest, and that is slow in 1 − 0.98⁸ of all cases: fifteen in a hundred.",
  ],
  comparison: {
    title: "Whose answers are waited for",
    variants: [
      { label: "all", deeds: [set(GATHER, "all")] },
      { label: "most", deeds: [set(GATHER, "quorum")] },
      { label: "first", deeds: [set(GATHER, "first")] },
    ],
  },
  steps: [
    {
      title: "Fewer, more shards.",
      text: "How does the number of shards matter to the slowest of them?",
      buttons: [
        { label: "2 shards", deeds: [set(COUNT, 2)] },
        { label: "16 shards", deeds: [set(COUNT, 16)] },
        { label: "8 again", deeds: [set(COUNT, 8)] },
      ],
      watch:
        "With two shards one such query in twenty-five is slow, with sixteen more than one in four. See «queries of all shards» in the report: dividing the territory further made each question slower.",
    },
    {
      title: "Don’t wait for all.",
      text: "More than half of the answers will do.",
      buttons: [
        { label: "More than half", deeds: [set(GATHER, "quorum")] },
        { label: "All again", deeds: [set(GATHER, "all")] },
      ],
      watch:
        "Four of eight would have to be slow at once, which never happens. An answer from five sectors of eight is an estimate, of course: whether that is good enough is for the one who asks.",
    },
    {
      title: "Lose one sector.",
      text: "Crash bravo for ten seconds.",
      buttons: [{ label: "Crash bravo here", deeds: [{ does: "fault", kind: "crash", instance: 1, for_ms: 10_000 }] }],
      watch:
        "Of the queries of one key an eighth fails. Of those that need all shards, every one does, as long as all must answer.",
    },
  ],
  absent: ABSENT,
  sources: [
    {
      title: "Dean and Barroso: The tail at scale (2013)",
      address: "https://research.google/pubs/pub40801/",
    },
  ],
};

const REPLICATION = [...SHARDING, "replication"] as const;
const READS = [...SHARDING, "read_preference"] as const;

/** Three copies of each shard, two of which follow half a second later. */
export const copies: Briefing = {
  picture: PICTURE,
  title: "Copies, and what is no longer so",
  lead: [
    "Each sector keeps three copies of its book. Orders are written into the first, the primary; the others copy them half a second later. Any copy may be read, so reads are shared by three.",
    "Who reads a copy that hasn’t followed yet reads what is no longer so: a stale read. Each is counted, with its age: how long ago it ceased to be true.",
  ],
  comparison: {
    title: "Who is read, and when copies follow",
    variants: [
      { label: "any copy", deeds: [set(REPLICATION, "asynchronous"), set(READS, "any")] },
      { label: "primary", deeds: [set(REPLICATION, "asynchronous"), set(READS, "primary")] },
      { label: "in step", deeds: [set(REPLICATION, "synchronous"), set(READS, "any")] },
    ],
  },
  steps: [
    {
      title: "Read the primary.",
      text: "Only the copy that takes the writes.",
      buttons: [
        { label: "Primary", deeds: [set(READS, "primary")] },
        { label: "Any copy", deeds: [set(READS, "any")] },
      ],
      watch: "Nothing is stale, and two of three copies stand by and do nothing.",
    },
    {
      title: "Write all copies at once.",
      text: "A write is answered when all three have it.",
      buttons: [
        { label: "Synchronous", deeds: [set(REPLICATION, "synchronous")] },
        { label: "Asynchronous", deeds: [set(REPLICATION, "asynchronous")] },
      ],
      watch:
        "Nothing is stale either, and reads are shared. But each write is work for three, and as slow as the slowest of them.",
    },
    {
      title: "Follow later, or sooner.",
      text: "How far behind are the copies?",
      buttons: [
        { label: "2 s behind", deeds: [set([...STORE, "replication_ms"], 2_000)] },
        { label: "50 ms behind", deeds: [set([...STORE, "replication_ms"], 50)] },
        { label: "500 ms again", deeds: [set([...STORE, "replication_ms"], 500)] },
      ],
      watch: "No stale read is older than the lag. The popular keys, which are written often too, are stale most.",
    },
    {
      title: "Lose a primary.",
      text: "Crash alpha’s primary for ten seconds.",
      buttons: [{ label: "Crash alpha here", deeds: [{ does: "fault", kind: "crash", instance: 0, for_ms: 10_000 }] }],
      watch:
        "Its other copies go on answering reads; a third of the reads and all writes fail. Nobody takes the primary’s place.",
    },
  ],
  absent: [...ABSENT, "Failover: when a primary is down, none of its copies is promoted."],
  sources: [
    DYNAMO,
    {
      title: "Terry: Replicated data consistency explained through baseball (2013)",
      address:
        "https://www.microsoft.com/en-us/research/publication/replicated-data-consistency-explained-through-baseball/",
    },
  ],
};
