/** What the forms mean. Colour says it too, but never alone. Forms that a run can't show are left out. */
import { type TemplateResult, html, svg } from "lit";
import type { CallShape, Policy } from "./layout/topology.js";

export interface Entry {
  label: string;
  shape: TemplateResult;
}

const ENTRIES: readonly Entry[] = [
  { label: "on its way", shape: svg`<circle class="work" cx="8" cy="8" r="4.5" />` },
  { label: "waiting", shape: svg`<rect class="wait" x="2" y="5" width="12" height="7" />` },
  {
    label: "in work, draining",
    shape: svg`<rect class="slot" x="2.5" y="2.5" width="11" height="11" /><rect class="work" x="4" y="8" width="8" height="4" />`,
  },
  {
    label: "answer",
    shape: svg`<circle class="answer" cx="8" cy="8" r="4.5" /><path class="answer" d="M5.8 8l1.6 1.9 3-3.8" />`,
  },
];

/** What leaves, by its reason (draw/reasons.ts). */
const LEAVING: readonly Entry[] = [
  { label: "error", shape: svg`<path class="broken" d="M8 1l2 5 5 2-5 2-2 5-2-5-5-2 5-2Z" />` },
  { label: "crash", shape: svg`<path class="crashed" d="M4 4l8 8m0-8l-8 8" />` },
  { label: "queue full", shape: svg`<path class="shed" d="M8 2l6 6-6 6-6-6Z" />` },
];

const BALANCED: readonly Entry[] = [
  { label: "no instance", shape: svg`<path class="late" d="M8 2.6l5.4 5.4-5.4 5.4-5.4-5.4Z" />` },
];

const CALL_FAILED: readonly Entry[] = [
  { label: "its call failed", shape: svg`<path class="crashed thin" d="M8 1l2 5 5 2-5 2-2 5-2-5-5-2 5-2Z" />` },
];

const RETRY: readonly Entry[] = [
  {
    label: "retry",
    shape: svg`<circle class="work" cx="8" cy="8" r="3.2" /><circle class="answer" cx="8" cy="8" r="6" />`,
  },
  { label: "pausing before a retry", shape: svg`<circle class="pausing" cx="8" cy="8" r="3.6" />` },
];

const TIMEOUT: readonly Entry[] = [
  {
    label: "given up",
    shape: svg`<circle class="late" cx="8" cy="8" r="5.5" /><path class="late" d="M8 4.8V8l2.6 1.6" />`,
  },
  {
    label: "in work for nobody",
    shape: svg`<rect class="slot" x="2.5" y="2.5" width="11" height="11" /><rect class="nobody" x="4.6" y="6.6" width="6.8" height="4.8" />`,
  },
];

const REFUSED_BY_BREAKER: readonly Entry[] = [
  {
    label: "refused by the breaker",
    shape: svg`<path class="late" d="M3 11L11 4" /><circle class="shed" cx="3" cy="11" r="1.8" /><circle class="shed" cx="13" cy="11" r="1.8" />`,
  },
];

const TRIAL: readonly Entry[] = [
  {
    label: "trial call",
    shape: svg`<circle class="work" cx="8" cy="8" r="3.6" /><circle class="late" cx="8" cy="8" r="6.4" />`,
  },
];

const BULKHEAD: readonly Entry[] = [
  { label: "refused by the bulkhead", shape: svg`<rect class="shed" x="3" y="3" width="10" height="10" />` },
];

const BREAKER: readonly Entry[] = [
  {
    label: "window: succeeded, failed, slow",
    shape: svg`<rect class="soft" x="0" y="3" width="4.6" height="10" /><rect class="broken" x="5.6" y="3" width="4.6" height="10" /><path class="cross" d="M6.4 6.4l3 3m0-3l-3 3" /><rect class="soft" x="11.2" y="3" width="4.6" height="10" /><path class="late" d="M11.2 9l4.6-4m-4.6 8l4.6-4" />`,
  },
];

const CALLING: readonly Entry[] = [
  {
    label: "keeps its slot while it calls",
    shape: svg`<rect class="slot" x="2.5" y="2.5" width="11" height="11" /><path class="answer" d="M6 4.8L10 8l-4 3.2" />`,
  },
];

const SHARED: readonly Entry[] = [
  {
    label: "of the second call",
    shape: svg`<rect class="work" opacity="0.35" x="3" y="3" width="10" height="10" /><path class="work" d="M3 13L13 3v10Z" />`,
  },
];

function entriesFor(calls: readonly CallShape[], balanced: boolean): readonly Entry[] {
  const some = (has: (call: CallShape) => boolean): boolean => calls.some(has);
  const pools = calls.filter(({ pool }) => pool >= 0).map(({ pool }) => pool);
  const has = (policy: Policy): boolean => some(({ policies }) => policies.includes(policy));
  const calling = some(({ service }) => service !== null);
  return [
    ...ENTRIES,
    ...(has("retry") ? RETRY : []),
    ...LEAVING,
    ...(balanced ? BALANCED : []),
    ...(calling ? CALL_FAILED : []),
    ...(has("breaker") ? REFUSED_BY_BREAKER : []),
    ...(has("bulkhead") ? BULKHEAD : []),
    ...(has("timeout") ? TIMEOUT : []),
    ...(some(({ policies, breakersEach }) => policies.includes("breaker") && breakersEach === 1)
      ? [...TRIAL, ...BREAKER]
      : []),
    ...(calling ? CALLING : []),
    ...(new Set(pools).size < pools.length ? SHARED : []),
  ];
}

/** `balanced`: whether there is a balancer, which may have nobody to send a request to. */
export function legend(calls: readonly CallShape[], balanced: boolean, more: readonly Entry[]): TemplateResult {
  return html`<ul class="legend" aria-label="What the shapes mean">
    ${[...entriesFor(calls, balanced), ...more].map(
      ({ label, shape }) =>
        html`<li><svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">${shape}</svg>${label}</li>`,
    )}
  </ul>`;
}
