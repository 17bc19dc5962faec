/** Small bars for figures that are compared at a glance. The figure stands beside each: the bar is decoration. */
import { css, html, type TemplateResult } from "lit";

/** How long a bar is, in percent of the longest possible. */
export function barLength(value: number | null | undefined, most: number): number {
  if (value === null || value === undefined || !(most > 0)) return 0;
  return Math.min(100, Math.max(0, (100 * value) / most));
}

export function bar(value: number | null | undefined, most: number, tone = ""): TemplateResult {
  const width = barLength(value, most).toFixed(1);
  return html`<span class="bar ${tone}" aria-hidden="true" style="--part: ${width}%"></span>`;
}

export const bars = css`
  .bar {
    display: block;
    height: 10px;
    background: linear-gradient(to right, var(--bar, var(--accent)) var(--part), transparent var(--part));
    border-inline-start: 1px solid var(--line);
  }
  .bar.thin {
    height: 3px;
  }
  .bar.least {
    --bar: var(--muted);
  }
  .bar.modulo {
    --bar: var(--broken);
  }
  @media (forced-colors: active) {
    .bar {
      --bar: CanvasText;
      forced-color-adjust: none;
    }
  }
`;
