import { css } from "lit";

/** A table of figures beside their names; one too wide for its column scrolls in a `.wide`. */
export const figureTable = css`
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    padding: 1px 0;
    color: var(--muted);
    font-weight: 400;
    text-align: start;
  }
  thead th {
    font-size: 0.75rem;
  }
  td,
  thead th:not(:first-child) {
    padding-inline-start: 8px;
    text-align: end;
    white-space: nowrap;
  }
  td {
    font-weight: 600;
  }
  .wide {
    overflow-x: auto;
    font-size: 0.75rem;
  }
`;
