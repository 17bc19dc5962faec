import type { Briefing } from "./briefing.js";

const BALANCER = ["services", 0, "balancer"] as const;

export const loadBalancer: Briefing = {
  picture: "Unit distribution",
  title: "Load balancer",
  lead: [
    "Requests arrive in no order. The balancer decides who takes each one, sends nothing to a unit that can’t answer, and keeps the tempo when one falls.",
    "It knows only what it is told: by its checks, by the answers that come back, and by its own count of what is under way. Everything below turns on how late it learns the rest.",
  ],
  steps: [
    {
      title: "Lose a unit.",
      text: "Crash bravo where the playhead stands, for twenty seconds.",
      buttons: [{ label: "Crash bravo here", deeds: [{ does: "fault", kind: "crash", instance: 1, for_ms: 20_000 }] }],
      watch:
        "Requests keep going to bravo, and break, until three checks in a row have failed. It comes back two good checks after it rises.",
    },
    {
      title: "See sooner.",
      text: "Ask twice as often. The same requests arrive at the same instants; only the balancer is quicker.",
      buttons: [
        {
          label: "Halve the check interval",
          deeds: [{ does: "scale", path: [...BALANCER, "active_checks", "interval_ms"], by: 0.5 }],
        },
      ],
      watch: "The red under «Per second» narrows by half. What does each check cost, with a thousand units?",
    },
    {
      title: "Change the order.",
      text: "Slow charlie down four times. It still passes its checks, so turns are still handed to it.",
      buttons: [
        { label: "Slow charlie", deeds: [{ does: "fault", kind: "slow", instance: 2, factor: 4, for_ms: null }] },
        {
          label: "Least outstanding requests",
          deeds: [{ does: "set", path: [...BALANCER, "policy"], value: "least_outstanding" }],
        },
      ],
      watch:
        "In turn, charlie’s queue fills and sheds while the others idle. By least outstanding requests the work goes round it, without a word about its health.",
    },
    {
      title: "As in the manual.",
      text: "The manual’s own rule: take turns by index, and put a unit out for good once its health has dropped below half.",
      buttons: [
        {
          label: "Balance as in the manual",
          deeds: [
            { does: "set", path: [...BALANCER, "policy"], value: "as_in_manual" },
            { does: "fault", kind: "crash", instance: 1, for_ms: 10_000 },
          ],
        },
      ],
      watch: "Bravo stands up again after ten seconds and never gets another request. Who would bring it back?",
    },
    {
      title: "Bring your own traffic.",
      text: "Poisson is polite. Replay a recorded morning, or an access log of yours, through the same balancer.",
      buttons: [{ label: "Use recorded traffic", deeds: [{ does: "traffic" }] }],
      watch: "Bursts fill queues that the same mean rate, spread evenly, would never touch.",
    },
  ],
  sources: [
    { title: "nginx: HTTP load balancing", address: "https://nginx.org/en/docs/http/load_balancing.html" },
    {
      title: "Envoy: load balancing, health checks, outlier detection",
      address: "https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/upstream",
    },
    { title: "Maglev: a fast and reliable software load balancer", address: "https://research.google/pubs/pub44824/" },
    { title: "Consistent hashing with bounded loads", address: "https://arxiv.org/abs/1608.01350" },
    { title: "The power of two choices", address: "https://www.eecs.harvard.edu/~michaelm/postscripts/mythesis.pdf" },
  ],
};
