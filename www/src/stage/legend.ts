/** What the forms mean. Colour says it too, but never alone. Forms that a run can't show are left out. */
import { type TemplateResult, html, svg } from "lit";
import type { CallShape } from "./topology.js";

interface Entry {
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
  { label: "broken", shape: svg`<path class="broken" d="M8 1l2 5 5 2-5 2-2 5-2-5-5-2 5-2Z" />` },
  { label: "shed", shape: svg`<path class="shed" d="M8 2l6 6-6 6-6-6Z" />` },
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
    shape: svg`<path class="work" d="M3 13L13 3v10Z" /><rect class="answer" x="3" y="3" width="10" height="10" />`,
  },
];

function entriesFor(calls: readonly CallShape[]): readonly Entry[] {
  const some = (has: (call: CallShape) => boolean): boolean => calls.some(has);
  const pools = calls.filter(({ pool }) => pool >= 0).map(({ pool }) => pool);
  return [
    ...ENTRIES,
    ...(some(({ policies }) => policies.includes("retry")) ? RETRY : []),
    ...(some(({ policies }) => policies.includes("timeout")) ? TIMEOUT : []),
    ...(some(({ policies, breakersEach }) => policies.includes("breaker") && breakersEach === 1) ? BREAKER : []),
    ...(some(({ service }) => service !== null) ? CALLING : []),
    ...(new Set(pools).size < pools.length ? SHARED : []),
  ];
}

export function legend(calls: readonly CallShape[]): TemplateResult {
  return html`<ul class="legend" aria-label="What the shapes mean">
    ${entriesFor(calls).map(
      ({ label, shape }) =>
        html`<li><svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">${shape}</svg>${label}</li>`,
    )}
  </ul>`;
}
