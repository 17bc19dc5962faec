import type { Briefing, Deed, Source } from "./briefing.js";

const CLIENT = ["clients", 0] as const;
const SIDES = ["cqrs", 0] as const;
const PICTURE = "Operations and intelligence";

type Path = readonly (string | number)[];

const set = (path: Path, value: string | number | boolean): Deed => ({ does: "set", path, value });
const layout = (name: "shared" | "apart"): Deed => set([...SIDES, "layout"], name);
const locks = (value: boolean): Deed => set([...SIDES, "shared", "locks"], value);
const model = (number: number, ...path: readonly string[]): Path => [...SIDES, "models", number, ...path];
const seek = (t_ms: number): Deed => ({ does: "seek", t_ms });

const YOUNG: Source = {
  title: "Greg Young: CQRS Documents (2010)",
  address: "https://cqrs.files.wordpress.com/2010/11/cqrs_documents.pdf",
};
const FOWLER: Source = {
  title: "Martin Fowler: CQRS, and when not to use it (2011)",
  address: "https://martinfowler.com/bliki/CQRS.html",
};
const SOURCING: Source = {
  title: "Martin Fowler: Event Sourcing (2005)",
  address: "https://martinfowler.com/eaaDev/EventSourcing.html",
};
const HELLAND: Source = {
  title: "Helland: Immutability changes everything (CIDR 2015)",
  address: "https://queue.acm.org/detail.cfm?id=2884038",
};
const KLEPPMANN: Source = {
  title: "Kleppmann: Designing Data-Intensive Applications (2017), on replication lag and on event streams",
  address: "https://dataintensive.net/",
};
const SESSIONS: Source = {
  title: "Terry and others: Session guarantees for weakly consistent replicated data (PDIS 1994)",
  address: "https://doi.org/10.1109/PDIS.1994.331722",
};

const ABSENT = [
  "A query reads what the model holds when its work is done; it locks nothing there.",
  "Events of several soldiers in one step: each command is about one soldier, and each soldier has a stream.",
  "What it takes to keep the log: disks, and old forms of events that have to be read for ever.",
];

const SLOTS = { commands: [...SIDES, "commands", "concurrency"], queries: model(0, "concurrency") } as const;
const slots = (each: number): Deed[] => [set(SLOTS.commands, each), set(SLOTS.queries, each)];

/** One model for both, under nine queries for each command: what the lock and the joins cost. */
export const personnelShared: Briefing = {
  picture: PICTURE,
  title: "CQRS: one model first",
  lead: [
    "Operations gives orders, intelligence answers questions: two desks with two books. Here both still work with one. Soldiers are assigned to companies, transferred and released by commands; queries ask where a soldier is. Nine of ten requests are queries.",
    "What one model costs is said openly. A command takes 20 ms and locks the model: all who read have to be done before it begins, and nobody reads until it is done. A query takes 20 ms too, since a model that is kept for writing has to be joined together for each answer.",
  ],
  comparison: {
    title: "One model with a lock, without, and two models",
    variants: [
      { label: "locks", deeds: [layout("shared"), locks(true)] },
      { label: "no lock", deeds: [layout("shared"), locks(false)] },
      { label: "two models", deeds: [layout("apart"), locks(true)] },
    ],
  },
  steps: [
    {
      title: "See them wait.",
      text: "All of the requests are work for 58 % of the model’s four slots. Does anybody have to wait?",
      buttons: [{ label: "Go to 13.2 s", deeds: [seek(13_200)] }],
      watch:
        "At 13.5 s more than sixty wait, and some are turned away: the queue is full. While a command works, three slots of four stand empty, and while it waits for its turn nobody who came later may begin. One query in twenty takes longer than 0.6 s, for 20 ms of work.",
    },
    {
      title: "Take the lock away.",
      text: "Commands no longer need the model for themselves.",
      buttons: [
        { label: "No lock", deeds: [locks(false)] },
        { label: "Lock again", deeds: [locks(true)] },
      ],
      watch:
        "Nobody is turned away, and nineteen queries of twenty are answered within 130 ms. The lock was the queue. Two commands about one soldier can now read the same state: the second finds that out when it writes, and is refused as a conflict.",
    },
    {
      title: "Give each side a model of its own.",
      text: "Commands write events to a log. A read model is made of the log, in the form in which it is asked for: a query then takes 5 ms.",
      buttons: [
        { label: "Two models", deeds: [layout("apart")] },
        { label: "One model", deeds: [layout("shared")] },
      ],
      watch:
        "The same requests: nineteen queries of twenty are answered within 76 ms, most of it the way there and back. The price stands under «Both sides of personnel»: 14 answers of 3 160 were stale, the oldest by 67 ms, since an event is on its way for a moment.",
    },
    {
      title: "Was it just more slots?",
      text: "Two models have four slots each. Give them two each: together no more than the one had.",
      buttons: [
        { label: "2 slots each", deeds: [layout("apart"), ...slots(2)] },
        { label: "4 slots each", deeds: [layout("apart"), ...slots(4)] },
        { label: "One model, 4 slots", deeds: [layout("shared"), ...slots(4)] },
      ],
      watch:
        "Hardly a millisecond is lost: with 2 slots each, the queries’ p95 is 77 ms. What helps is that nobody waits for the other side, and that a question is answered by the form made for it.",
    },
    {
      title: "Twice the requests.",
      text: "240 a second instead of 120. Then compare side by side, below.",
      buttons: [
        { label: "240 a second", deeds: [set([...CLIENT, "rate_per_s"], 240)] },
        { label: "120 again", deeds: [set([...CLIENT, "rate_per_s"], 120)] },
      ],
      watch:
        "With the lock half of the requests succeed, without it 85 %: the joins fill all four slots. Two models don’t notice.",
    },
    {
      title: "When one model is enough.",
      text: "A sixth of the requests: 20 a second.",
      buttons: [
        { label: "20 a second", deeds: [set([...CLIENT, "rate_per_s"], 20)] },
        { label: "120 again", deeds: [set([...CLIENT, "rate_per_s"], 120)] },
      ],
      watch:
        "All succeed, no answer is ever stale, and there is no log, no projection and no lag to look after. Two models are for those who feel the pain of one.",
    },
  ],
  absent: ABSENT,
  sources: [YOUNG, FOWLER],
};

const both = (...path: readonly string[]) => ({
  set: (value: string | number): Deed[] => [set(model(0, ...path), value), set(model(1, ...path), value)],
});
const DELAY = both("delay_ms");
const DELIVERY = both("projection", "delivery");
const HOT = [set([...CLIENT, "keys", "kind"], "hot_key"), set([...CLIENT, "keys", "hot_percent"], 30)];
const RETRIES = [...SIDES, "commands", "rule", "conflict_retries"] as const;
const VALIDATED = [...SIDES, "commands", "rule", "validated"] as const;

/** The whole pattern, with nothing wrong: a command, its event, and two read models a moment later. */
export const personnel: Briefing = {
  picture: PICTURE,
  title: "Two models, and a log between them",
  lead: [
    "A command says what somebody wants: transfer soldier_17 to Bravo Company. The side that writes checks it against what has happened to that soldier so far. If it fits, what happened is written down: soldier_17 was transferred from Alpha Company to Bravo Company. That is an event, and events are never changed.",
    "Two read models follow the log, each at its own pace. One answers where a soldier is; it gets four queries of five. The other counts how many are in a company.",
  ],
  comparison: {
    title: "How long an event is on its way",
    variants: [
      { label: "50 ms", deeds: [...DELAY.set(50), ...DELIVERY.set("asynchronous")] },
      { label: "500 ms", deeds: [...DELAY.set(500), ...DELIVERY.set("asynchronous")] },
      { label: "same step", deeds: [...DELAY.set(50), ...DELIVERY.set("inline")] },
    ],
  },
  steps: [
    {
      title: "Open an event.",
      text: "What was asked for, what happened, and when did each read model have it?",
      buttons: [{ label: "Open the newest at 5 s", deeds: [seek(5_000), { does: "open_event" }] }],
      watch:
        "Under «Log of personnel» the event is open: its command, by which request it came, and the moment at which it was in each read model. Let it play: the log grows, and each read model takes its events in.",
    },
    {
      title: "Look at a later log.",
      text: "The log is what the past was. Go there.",
      buttons: [
        { label: "Go to 20 s", deeds: [seek(20_000)] },
        { label: "Back to 5 s", deeds: [seek(5_000)] },
      ],
      watch:
        "At 20 s the log is longer, and what stood in it at 5 s stands in it still, word by word. Go back, and it is as short as it was.",
    },
    {
      title: "Make events late.",
      text: "Half a second on the way, instead of a twentieth.",
      buttons: [
        { label: "500 ms", deeds: DELAY.set(500) },
        { label: "50 ms", deeds: DELAY.set(50) },
      ],
      watch:
        "From 9 % the stale reads go up to 24 %, and half of them are older than 0.4 s. A count is stale more often than the place of one soldier: many more events concern a company.",
    },
    {
      title: "Write the read models in the same step.",
      text: "A command is done when both read models have its event.",
      buttons: [
        { label: "In the same step", deeds: DELIVERY.set("inline") },
        { label: "Afterwards", deeds: DELIVERY.set("asynchronous") },
      ],
      watch: "Nothing is stale any more. Each command takes 20 ms longer: 10 ms for each of the two read models.",
    },
    {
      title: "Everybody wants soldier_0.",
      text: "Three of ten requests are about one soldier. Two commands then read the same state more often.",
      buttons: [
        { label: "Make one soldier hot", deeds: HOT },
        { label: "Decide anew, 3 tries", deeds: [set(RETRIES, 3)] },
        {
          label: "All alike again",
          deeds: [set([...CLIENT, "keys", "kind"], "uniform"), set(RETRIES, 0)],
        },
      ],
      watch:
        "Who writes second is refused: its event would follow from a state that is no longer so. With tries left the command is decided anew on the newer state; then nothing conflicts, and what no longer makes sense is rejected with a reason.",
    },
    {
      title: "As in the manual.",
      text: "Its class turns every command into an event without a check, and its read model is filled by hand.",
      buttons: [
        { label: "As in the manual", deeds: [set(VALIDATED, false), ...DELIVERY.set("by_hand")] },
        { label: "Back", deeds: [set(VALIDATED, true), ...DELIVERY.set("asynchronous")] },
      ],
      watch:
        "No event reaches a read model: both answer all the time what was so at the start, and nine answers of ten are stale. And no command is rejected, also none that makes no sense.",
    },
  ],
  absent: ABSENT,
  sources: [YOUNG, SOURCING, HELLAND, KLEPPMANN],
};

const EVENT_TIME = model(0, "event_ms");
const LAG_DELIVERY = model(0, "projection", "delivery");
const taking = (event_ms: number, delivery: string): Deed[] => [set(EVENT_TIME, event_ms), set(LAG_DELIVERY, delivery)];

/** A projection that is slower than a burst of commands, and one that is stopped. */
export const lag: Briefing = {
  picture: PICTURE,
  title: "Lag",
  lead: [
    "To bring an event into the read model takes 30 ms, so it takes in at most 33 a second. Headquarters gives 15 orders a second, and all is well. From 5 s to 9 s it gives four times as many; at 18 s the projection is stopped for 3 s.",
    "What the read model hasn’t yet, it can’t tell. It goes on answering, as fast as ever, from what it has: these answers are stale, and each is marked with its age, the time for which it had no longer been so.",
  ],
  comparison: {
    title: "How long it takes to bring an event in",
    variants: [
      { label: "10 ms", deeds: taking(10, "asynchronous") },
      { label: "30 ms", deeds: taking(30, "asynchronous") },
      { label: "70 ms", deeds: taking(70, "asynchronous") },
    ],
  },
  steps: [
    {
      title: "Let the burst begin.",
      text: "Sixty orders a second, and the read model takes little more than half of them.",
      buttons: [
        { label: "Go to 4.8 s", deeds: [seek(4_800)] },
        { label: "Go to 9 s", deeds: [seek(9_000)] },
      ],
      watch:
        "The lag grows as long as more is written than taken in: at 9 s some sixty events are missing, the oldest for more than a second. And it goes on ageing after the burst: it takes until 12 s to make up.",
    },
    {
      title: "Stop the projection.",
      text: "The read model still serves. Look at the queries just before the projection goes on.",
      buttons: [{ label: "Go to 20.9 s", deeds: [seek(20_900)] }],
      watch:
        "Queries are as quick as before, and what they tell is up to 3 s old. A count of failures shows nothing of this: the lag has to be watched.",
    },
    {
      title: "Stale reads make wrong orders.",
      text: "Who orders looks where a soldier is. See what was rejected with the faults, and without.",
      buttons: [
        { label: "No faults", deeds: [{ does: "mend" }] },
        {
          label: "Faults again",
          deeds: [
            { does: "mend" },
            { does: "fault", kind: "traffic", target: "headquarters", at_ms: 5_000, for_ms: 4_000, factor: 4 },
            { does: "fault", kind: "stop_projection", target: "by_person", at_ms: 18_000, for_ms: 3_000 },
          ],
        },
      ],
      watch:
        "62 orders are rejected with the faults and 2 without: to release a soldier who is no longer there makes no sense. The side that writes is never behind, so a stale answer leads to a rejection and not to a wrong book.",
    },
    {
      title: "Too slow for good.",
      text: "At 70 ms for each event it takes in fourteen a second, and fifteen orders come.",
      buttons: [
        { label: "70 ms", deeds: [set(EVENT_TIME, 70)] },
        { label: "10 ms", deeds: [set(EVENT_TIME, 10)] },
        { label: "30 ms", deeds: [set(EVENT_TIME, 30)] },
      ],
      watch:
        "It never comes to the end of the log again: half of the answers are stale, the oldest by 13 s. A projection needs to be quicker than what is written on average, with something to spare for making up.",
    },
    {
      title: "In the same step.",
      text: "A command is done when the read model has its event. What happens while the projection is stopped?",
      buttons: [
        { label: "In the same step", deeds: [set(LAG_DELIVERY, "inline")] },
        { label: "Afterwards", deeds: [set(LAG_DELIVERY, "asynchronous")] },
      ],
      watch:
        "Nothing is ever stale, and for 3 s nothing can be written either: the log refuses 35 commands. Apart, the sides also fail apart; in one step, they fail together.",
    },
  ],
  absent: ABSENT,
  sources: [KLEPPMANN, FOWLER, HELLAND],
};

const QUERIES = [...SIDES, "queries"] as const;
const asking = (consistency: string, wait_ms: number, then: string): Deed[] => [
  set([...QUERIES, "consistency"], consistency),
  set([...QUERIES, "wait_ms_max"], wait_ms),
  set([...QUERIES, "on_timeout"], then),
];
const EVENTUAL = asking("eventual", 1_000, "answer_stale");
const WAIT = asking("read_your_writes", 1_000, "answer_stale");
const WAIT_BRIEFLY = asking("read_your_writes", 100, "answer_stale");
const REFUSE = asking("read_your_writes", 100, "refuse");

/** Who has just written asks; the read model is 300 ms behind. */
export const ownWrites: Briefing = {
  picture: PICTURE,
  title: "Read your own writes",
  lead: [
    "«You are in Bravo Company now.» «Where am I?» «In Alpha Company.» Nothing is broken: the order is in the log, and the read model will have it 300 ms later. But to have written something and not to find it is the stale read that people mind most.",
    "A guarantee for this has a name: read your writes. Whoever has written takes the position of their event along. A query with such a position waits until the read model has come so far, and no longer than it may.",
  ],
  comparison: {
    title: "Don’t wait, wait, or refuse",
    variants: [
      { label: "no wait", deeds: EVENTUAL },
      { label: "wait 1 s", deeds: WAIT },
      { label: "refuse", deeds: REFUSE },
    ],
  },
  steps: [
    {
      title: "Whatever is there.",
      text: "Nobody waits. Look at «stale reads» below.",
      buttons: [{ label: "Whatever is there", deeds: EVENTUAL }],
      watch: "19 % of the answers are stale, by up to 0.3 s. Popular soldiers are asked about, and transferred, most.",
    },
    {
      title: "Wait for your own writes.",
      text: "A query waits for its asker’s last event, at most 1 s.",
      buttons: [{ label: "Wait up to 1 s", deeds: WAIT }],
      watch:
        "2.2 % are still stale: what was written after they had asked. For that the queries’ p95 goes from 76 ms to 294 ms: some wait for the whole way of an event.",
    },
    {
      title: "Wait, but not so long.",
      text: "At most 100 ms, which is less than an event takes.",
      buttons: [
        { label: "Then answer stale", deeds: WAIT_BRIEFLY },
        { label: "Then refuse", deeds: REFUSE },
      ],
      watch:
        "An answer after all is a stale one, and says so: 14 % are. A refusal is honest, and 317 queries go without an answer, «not caught up». Which is better depends on what the answer is for.",
    },
    {
      title: "And if it can’t come in time?",
      text: "The projection is stopped from 15 s to 19 s. Then choose again above.",
      buttons: [
        {
          label: "Stop it for 4 s",
          deeds: [
            { does: "mend" },
            { does: "fault", kind: "stop_projection", target: "by_person", at_ms: 15_000, for_ms: 4_000 },
            seek(15_500),
          ],
        },
        { label: "Don’t stop it", deeds: [{ does: "mend" }] },
      ],
      watch:
        "Those who wait stand beside the read model, and no slot is taken by them. A longest wait keeps that crowd small: without one, a stopped projection stops every reader who wrote.",
    },
  ],
  absent: [
    "Sessions: whoever asks about a soldier counts as the one who wrote about that soldier last.",
    "Who gives an order looks where the soldier is without waiting for it; so as many commands are rejected as before.",
    ...ABSENT,
  ],
  sources: [SESSIONS, KLEPPMANN],
};

const GUARANTEE = both("projection", "guarantee");
const CHECKPOINT = both("projection", "checkpoint_every");
const rebuildAt = (target: string): Deed[] => [
  { does: "mend", kinds: ["rebuild"] },
  { does: "fault", kind: "rebuild", target, at_ms: 28_000, for_ms: null },
  seek(27_800),
];

/** Deliveries that go wrong, a crash before the position was stored, and a read model made again from nothing. */
export const rebuild: Briefing = {
  picture: PICTURE,
  title: "Crash, replay, rebuild",
  lead: [
    "A read model is nothing but what the log says, so it can always be made again. Two of them follow the log here: where each soldier is, and how many are in each company. The position of each is stored after every fifty events.",
    "From 3 s on the second gets some events twice, and from 10 s on some come to it out of order. At 19.3 s both go down after an event has taken effect and before the position is stored, and go on from the last one that was.",
  ],
  comparison: {
    title: "What holds when the projection goes down",
    variants: [
      { label: "at least once", deeds: [...GUARANTEE.set("at_least_once"), ...CHECKPOINT.set(50)] },
      { label: "each noted", deeds: [...GUARANTEE.set("at_least_once"), ...CHECKPOINT.set(1)] },
      { label: "exactly once", deeds: [...GUARANTEE.set("exactly_once"), ...CHECKPOINT.set(50)] },
    ],
  },
  steps: [
    {
      title: "Twice, and out of order.",
      text: "Half of the events come twice, then half come late. Does it do harm?",
      buttons: [
        { label: "Go to 3 s", deeds: [seek(3_000)] },
        { label: "Go to 10 s", deeds: [seek(10_000)] },
      ],
      watch:
        "No: a position tells what was taken in already and what is still missing. What came again is passed over, what comes too early is kept until its turn. That takes time: the lag goes up to 0.2 s.",
    },
    {
      title: "Go down at the worst moment.",
      text: "See both fall back to their last stored position.",
      buttons: [{ label: "Go to 19.2 s", deeds: [seek(19_200)] }],
      watch:
        "From 487 their positions fall back to 450, and nearly forty events are taken in again. Where a soldier is, is as right as before: to set it twice is to set it. How many are in a company is wrong from now on: to count twice is to miscount. «Equal to a replay» says so below.",
    },
    {
      title: "Note each position, or note it with the effect.",
      text: "A checkpoint after every event; or the position stored in the same step as the effect.",
      buttons: [
        { label: "After every event", deeds: [...GUARANTEE.set("at_least_once"), ...CHECKPOINT.set(1)] },
        { label: "Exactly once in effect", deeds: GUARANTEE.set("exactly_once") },
        { label: "After fifty again", deeds: [...GUARANTEE.set("at_least_once"), ...CHECKPOINT.set(50)] },
      ],
      watch:
        "Even with a checkpoint after every event one is counted twice: the one whose effect was there and whose note wasn’t. Only where both are stored together does each take effect once.",
    },
    {
      title: "Rebuild what is wrong.",
      text: "At 28 s throw the count away, and make it of the whole log again.",
      buttons: [
        { label: "Rebuild strength at 28 s", deeds: rebuildAt("strength") },
        { label: "Don’t rebuild", deeds: [{ does: "mend", kinds: ["rebuild"] }] },
      ],
      watch:
        "Its position falls back to 0 and climbs through nearly 700 events; after 6.5 s it has caught up, and is equal to a replay. Until then some of its answers are nearly 29 s old. The other read model doesn’t notice.",
    },
    {
      title: "Rebuild in the open?",
      text: "Now the read model by which soldiers are found, and which those look at who give orders.",
      buttons: [
        { label: "Rebuild by person at 28 s", deeds: rebuildAt("by_person") },
        { label: "Don’t rebuild", deeds: [{ does: "mend", kinds: ["rebuild"] }] },
      ],
      watch:
        "While it is made again it says of most soldiers what was so long ago, or nothing, and 49 commands are rejected instead of 6. In practice the new one is built beside the old one, and takes its place when it has caught up.",
    },
  ],
  absent: ["A rebuilt read model beside the old one: here the old one is thrown away at once.", ...ABSENT],
  sources: [SOURCING, HELLAND, KLEPPMANN, YOUNG],
};
