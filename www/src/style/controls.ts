/** Styles that several shadow roots share. */
import { css } from "lit";

/** Gold is the focus: a ring of 3 px, with a dark line inside that keeps it visible on any ground. */
export const focus = css`
  :focus-visible {
    outline: 3px solid var(--st-focus);
    outline-offset: 1px;
    box-shadow: 0 0 0 1px var(--st-focus-inner);
  }
`;

export const buttons = css`
  ${focus}
  button {
    font: inherit;
    color: inherit;
    background: var(--st-field);
    border: 1px solid var(--st-line-strong);
    border-radius: 0;
    min-height: var(--st-control-height);
    padding: 0.3rem 0.7rem;
    cursor: pointer;
  }
  button:hover:not(:disabled, [aria-disabled="true"]) {
    border-color: var(--st-accent);
    color: var(--st-link);
  }
  button:is(:disabled, [aria-disabled="true"]) {
    cursor: default;
    color: var(--st-muted);
    border-color: var(--st-line);
  }
`;

export const hidden = css`
  .heard {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
    border: 0;
  }
`;
