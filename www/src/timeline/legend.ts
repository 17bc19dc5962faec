import { css, html, nothing, svg, type TemplateResult } from "lit";

/** The sample beside a name: the same form as in the chart. */
export type Sample =
  | { readonly kind: "area" | "hatched" | "dotted"; readonly tone: string }
  | { readonly kind: "line"; readonly tone: string; readonly width?: number; readonly dash?: readonly number[] };

export interface Entry {
  readonly name: string;
  readonly sample: Sample;
  /** At the playhead. */
  readonly value: string;
}

export function entry(one: Entry): TemplateResult {
  return html`<span class="entry">${sample(one.sample)}<span>${one.name}</span> <b>${one.value}</b></span>`;
}

export function sample(of: Sample): TemplateResult {
  return html`<svg
    class="sample"
    viewBox="0 0 18 10"
    width="18"
    height="10"
    aria-hidden="true"
    style="color: var(${of.tone})"
  >
    ${
      of.kind === "line"
        ? svg`<path d="M0 5h18" stroke="currentColor" stroke-width=${of.width ?? 1.5} stroke-dasharray=${of.dash?.join(" ") ?? nothing} />`
        : areaSample(of.kind)
    }
  </svg>`;
}

function areaSample(kind: "area" | "hatched" | "dotted"): TemplateResult | ReturnType<typeof svg> {
  const base = svg`<rect width="18" height="10" fill="currentColor" opacity="0.55" />`;
  if (kind === "area") return base;
  const marks =
    kind === "hatched"
      ? svg`<path d="M-2 10 8 0M4 10 14 0M10 10 20 0" stroke="currentColor" stroke-width="2" />`
      : svg`<path d="M2 2h3v3h-3zM8 5h3v3h-3zM13 2h3v3h-3z" fill="currentColor" />`;
  return svg`${base}${marks}`;
}

export const legendStyles = css`
  .legend {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 14px;
    color: var(--muted);
    font-size: 0.6875rem;
  }
  .legend .name {
    color: var(--text);
    font-size: 0.6875rem;
    font-weight: 600;
  }
  .entry {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    white-space: nowrap;
  }
  .entry b {
    min-width: 4ch;
    color: var(--text);
    font-weight: 600;
  }
  .sample {
    flex: none;
    overflow: hidden;
  }
`;
