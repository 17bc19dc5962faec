import { svg, html, type SVGTemplateResult, type TemplateResult } from "lit";

function icon(shape: SVGTemplateResult): TemplateResult {
  return html`<svg viewBox="0 0 16 16" width="16" height="16" fill="currentColor" aria-hidden="true">${shape}</svg>`;
}

const bar = (x: number): SVGTemplateResult => svg`<rect x=${x} y="3" width="2" height="10" />`;
const left = (x: number): SVGTemplateResult => svg`<path d=${`M${x + 7} 3v10l-7-5z`} />`;
const right = (x: number): SVGTemplateResult => svg`<path d=${`M${x} 3v10l7-5z`} />`;
const dot = (x: number): SVGTemplateResult => svg`<circle cx=${x} cy="8" r="2.2" />`;

/** An event is a bar, a request is a dot, as on the stage. */
export const icons = {
  toStart: icon(svg`${bar(3)}${left(6)}`),
  previousRequest: icon(svg`${left(7)}${dot(4)}`),
  previousEvent: icon(svg`${left(4)}`),
  play: icon(svg`<path d="M4 2.5v11l9-5.5z" />`),
  pause: icon(svg`<path d="M4 3h3v10h-3zM9 3h3v10h-3z" />`),
  nextEvent: icon(svg`${right(5)}`),
  nextRequest: icon(svg`${right(2)}${dot(12)}`),
  toEnd: icon(svg`${right(3)}${bar(11)}`),
};
