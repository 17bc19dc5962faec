/** What the forms mean. Colour says it too, but never alone. */
import { type TemplateResult, html, svg } from "lit";

const ENTRIES: readonly { label: string; shape: TemplateResult }[] = [
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

export function legend(): TemplateResult {
  return html`<ul class="legend" aria-label="What the shapes mean">
    ${ENTRIES.map(
      ({ label, shape }) =>
        html`<li><svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">${shape}</svg>${label}</li>`,
    )}
  </ul>`;
}
