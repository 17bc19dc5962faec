import { css, html, type TemplateResult } from "lit";

/** Pairs of a name and a value, as every inspector shows them. */
export const facts = css`
  dl {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 2px 12px;
    margin-block: 8px;
  }
  dt {
    color: var(--muted);
  }
  dd {
    font-weight: 600;
    text-align: end;
  }
  h3 {
    margin-top: 14px;
    color: var(--muted);
    font-size: 0.6875rem;
    font-weight: 700;
    letter-spacing: 0.1em;
    text-transform: uppercase;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin-block: 6px;
  }
  ul {
    list-style: none;
  }
  ol.steps {
    display: grid;
    max-height: 320px;
    overflow-y: auto;
    list-style: none;
  }
  ol.steps button {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 10px;
    width: 100%;
    padding: 4px 6px;
    border: 0;
    border-inline-start: 3px solid var(--line);
    text-align: start;
  }
  ol.steps button:hover {
    border-inline-start-color: var(--accent);
  }
  ol.steps button.past {
    border-inline-start-color: var(--accent);
  }
  ol.steps .at {
    color: var(--muted);
  }
`;

export function fact(name: string, value: string): TemplateResult {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

/** A table of figures under a small title. */
export const figuresTable = css`
  table {
    width: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  caption {
    margin-top: 14px;
    color: var(--muted);
    font-size: 0.6875rem;
    font-weight: 700;
    letter-spacing: 0.1em;
    text-align: start;
    text-transform: uppercase;
  }
  th {
    font-weight: 400;
    text-align: start;
  }
  thead th {
    color: var(--muted);
  }
  td,
  thead th:not(:first-child) {
    text-align: end;
  }
`;
