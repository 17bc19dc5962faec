import type { Briefing, Deed, Source } from "./briefing.js";

const CALL = ["clients", 0, "calls", 0] as const;
const BREAKER = [...CALL, "breaker"] as const;
const RULE = [...BREAKER, "rule"] as const;
const PICTURE = "Tactical retreat";

const set = (path: readonly (string | number)[], value: string | number | boolean): Deed => ({
  does: "set",
  path,
  value,
});

const SOURCES: readonly Source[] = [
  { title: "M. Nygard: Release It! (2007), which named the pattern", address: "https://pragprog.com/titles/mnee2/" },
  { title: "resilience4j: CircuitBreaker", address: "https://resilience4j.readme.io/docs/circuitbreaker" },
  { title: "sony/gobreaker", address: "https://github.com/sony/gobreaker" },
  { title: "failsafe-go: circuit breaker", address: "https://failsafe-go.dev/circuit-breaker/" },
  { title: "Polly: circuit breaker", address: "https://www.pollydocs.org/strategies/circuit-breaker.html" },
];

/** A service that fails as a whole, and what stopping to call it is worth. */
export const failingService: Briefing = {
  picture: PICTURE,
  title: "Circuit breaker",
  lead: [
    "A unit that takes losses at a position it can’t hold falls back, regroups, and sends scouts before it returns. A circuit breaker does so for a call: closed, it lets calls through and watches how they end; open, it refuses them at once; half-open, it lets a few trial calls through and judges by them.",
    "From 10 s to 25 s the service maps works five times slower and answers nothing but errors. Each call gives up after half a second; the work it asked for goes on.",
  ],
  comparison: {
    title: "With and without the breaker",
    variants: [
      { label: "without", deeds: [set([...BREAKER, "enabled"], false)] },
      { label: "with", deeds: [set([...BREAKER, "enabled"], true)] },
    ],
  },
  steps: [
    {
      title: "See it trip.",
      text: "Go to the moment at which the service begins to fail. The window on the call fills with failures, cell by cell, up to the threshold.",
      buttons: [{ label: "Go to 9.9 s", deeds: [{ does: "seek", t_ms: 9_900 }] }],
      watch:
        "Ten failures among the last twenty calls, a quarter of a second later, and calls are refused at the switch.",
    },
    {
      title: "Hold the position.",
      text: "Switch the breaker off. The same requests arrive, and every one of them is sent.",
      buttons: [
        { label: "Without the breaker", deeds: [set([...BREAKER, "enabled"], false)] },
        { label: "With it again", deeds: [set([...BREAKER, "enabled"], true)] },
      ],
      watch:
        "Queues fill with work that nobody waits for any more. When the fault ends at 25 s they must be worked off first, and requests fail for seconds more. See «wasted work» in the report.",
    },
    {
      title: "Send scouts sooner.",
      text: "How long is it open before it tries again?",
      buttons: [
        { label: "Wait 0.5 s", deeds: [set([...RULE, "wait_ms"], 500)] },
        { label: "Wait 8 s", deeds: [set([...RULE, "wait_ms"], 8_000)] },
      ],
      watch:
        "A short wait notices the recovery soon and spends more trial calls on the way; a long one may stay away from a service that is well.",
    },
    {
      title: "As in the manual.",
      text: "The manual’s breaker counts five failures in a row, and after the reset time lets everything through again, without a trial.",
      buttons: [
        {
          label: "Trip as in the manual",
          deeds: [
            { does: "preset", path: RULE, of: "breaker", name: "as_in_manual" },
            set([...RULE, "wait_ms"], 2_000),
          ],
        },
      ],
      watch:
        "After each wait a whole wave goes out and fails before it opens again. Five in a row is also soon reached by chance where a few calls always fail.",
    },
  ],
  absent: [
    "Clients have no answer to fall back on when the breaker refuses: what a cached or a poorer answer is worth isn’t counted.",
  ],
  sources: SOURCES,
};

/** A fault of five seconds whose retries never let the service recover. */
export const retryStorm: Briefing = {
  picture: PICTURE,
  title: "Retries that hold a service down",
  lead: [
    "A second try is right for a stray failure and wrong for an overloaded service: it adds load where there is too much. Here clients try up to four times. From 10 s to 15 s the service is ten times slower.",
    "Fifteen seconds in, the fault is over, and nothing gets better: each answer comes too late, each late answer makes another attempt, and attempts keep the queues full. That is a metastable failure: the cause has gone, the effect feeds itself.",
  ],
  comparison: {
    title: "Retries, with a budget, with a breaker",
    variants: [
      { label: "retries", deeds: [set([...CALL, "retry", "budget"], false), set([...BREAKER, "enabled"], false)] },
      { label: "budget", deeds: [set([...CALL, "retry", "budget"], true), set([...BREAKER, "enabled"], false)] },
      { label: "breaker", deeds: [set([...CALL, "retry", "budget"], false), set([...BREAKER, "enabled"], true)] },
    ],
  },
  steps: [
    {
      title: "Don’t try again.",
      text: "One attempt for each request, and no more.",
      buttons: [
        { label: "One attempt", deeds: [set([...CALL, "retry", "attempts"], 1)] },
        { label: "Four again", deeds: [set([...CALL, "retry", "attempts"], 4)] },
      ],
      watch: "The queues drain once the fault is over. So it was the retries alone that held the service down.",
    },
    {
      title: "A budget.",
      text: "Retries may be a tenth of the requests, all clients together. A stray failure is still tried again; a general one can’t multiply the load.",
      buttons: [{ label: "Budget of 10 %", deeds: [set([...CALL, "retry", "budget"], true)] }],
      watch:
        "What the quiet seconds before have saved up is spent at first; then retries are a tenth of the arrivals (the dashed line under «Per second») and no more, and the service comes back.",
    },
    {
      title: "Retreat instead.",
      text: "A breaker inside the retries: what it refuses is not tried again.",
      buttons: [
        {
          label: "A breaker, no budget",
          deeds: [set([...CALL, "retry", "budget"], false), set([...BREAKER, "enabled"], true)],
        },
      ],
      watch:
        "It keeps nearly everything away while the service is slow, so that no backlog builds up, and it closes within half a second after the fault.",
    },
    {
      title: "Short queues.",
      text: "Without budget and breaker, but with eight places to wait at each instance instead of two hundred.",
      buttons: [
        {
          label: "Queues of eight",
          deeds: [
            set([...CALL, "retry", "budget"], false),
            set([...BREAKER, "enabled"], false),
            set(["services", 0, "instances", "queue_limit"], 8),
          ],
        },
      ],
      watch:
        "What can’t be answered in time is refused at once, and what is accepted is answered in time. A long queue is a promise that nobody can keep.",
    },
  ],
  absent: ["Clients don’t go away: a person who gives up, or who presses reload, is neither subtracted nor added."],
  sources: [
    {
      title: "Bronson and others: Metastable failures in distributed systems (HotOS 2021)",
      address: "https://sigops.org/s/conferences/hotos/2021/papers/hotos21-s11-bronson.pdf",
    },
    {
      title: "M. Brooker: Timeouts, retries and backoff with jitter",
      address: "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/",
    },
    ...SOURCES,
  ],
};

/** A partial failure that trips everything. */
export const partialFailure: Briefing = {
  picture: PICTURE,
  title: "One breaker for all, or one for each",
  lead: [
    "When one of four squads is in trouble, the other three needn’t retreat. From 10 s to 30 s bravo fails every request; alpha, charlie and delta are well.",
    "One breaker watches the call as a whole and opens at 20 % of failures. A quarter fails, so it opens, and refuses what three healthy instances could have answered.",
  ],
  comparison: {
    title: "One for all, one for each",
    variants: [
      {
        label: "none",
        deeds: [set([...BREAKER, "enabled"], false), set([...BREAKER, "scope"], "call")],
      },
      { label: "for all", deeds: [set([...BREAKER, "enabled"], true), set([...BREAKER, "scope"], "call")] },
      { label: "for each", deeds: [set([...BREAKER, "enabled"], true), set([...BREAKER, "scope"], "instance")] },
    ],
  },
  steps: [
    {
      title: "One for each.",
      text: "Give each instance a breaker of its own, kept where the balancer chooses.",
      buttons: [{ label: "A breaker for each", deeds: [set([...BREAKER, "scope"], "instance")] }],
      watch: "Bravo’s opens and the balancer passes bravo over. Nothing is refused; only trial calls still fail.",
    },
    {
      title: "A higher threshold.",
      text: "Could one breaker for all not simply put up with more?",
      buttons: [
        {
          label: "One for all, at 50 %",
          deeds: [set([...BREAKER, "scope"], "call"), set([...RULE, "failure_rate_percent"], 50)],
        },
      ],
      watch:
        "Turns are fair, so bravo has a quarter of every window: it doesn’t open at all, and the quarter goes on failing. Below the threshold a quarter fails, above it everything does.",
    },
    {
      title: "And try elsewhere.",
      text: "A breaker for each, and a second attempt on another instance for what fails before it opens.",
      buttons: [
        {
          label: "For each, two attempts",
          deeds: [
            set([...BREAKER, "scope"], "instance"),
            set([...RULE, "failure_rate_percent"], 20),
            set([...CALL, "retry", "attempts"], 2),
          ],
        },
      ],
      watch: "Now nothing fails at all, for a few dozen attempts more.",
    },
    {
      title: "Too few left.",
      text: "200 requests a second instead of 120, a breaker for each. When bravo is out, three have to carry what four did.",
      buttons: [
        {
          label: "200 a second",
          deeds: [
            set([...BREAKER, "scope"], "instance"),
            set([...RULE, "failure_rate_percent"], 20),
            set([...CALL, "retry", "attempts"], 1),
            set(["clients", 0, "rate_per_s"], 200),
          ],
        },
        { label: "120 again", deeds: [set(["clients", 0, "rate_per_s"], 120)] },
      ],
      watch:
        "Their queues overflow, a full queue counts as a failure, and the next breaker opens; each one leaves more to the rest. They trip in turns, long after bravo is well again. Without any breaker nine of ten would succeed: busy is not broken.",
    },
  ],
  absent: ["Health checks are off here: bravo would pass them, as it answers; it is the answers that are wrong."],
  sources: [
    {
      title: "M. Brooker: Will circuit breakers solve my problems?",
      address: "https://brooker.co.za/blog/2022/02/16/circuit-breakers.html",
    },
    ...SOURCES,
  ],
};
