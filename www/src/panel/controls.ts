import { css } from "lit";

/** How controls look in every panel: square, quiet, one gold focus ring. Colours come from the page's palette. */
export const controls = css`
  :host {
    --ground: var(--st-field);
    --surface: var(--st-raised);
    --line: var(--st-line);
    --text: var(--st-text);
    --muted: var(--st-muted);
    --accent: var(--st-accent);
    --on-accent: var(--st-accent-text);
    --link: var(--st-link);
    --broken: var(--st-red-text);
    --late: var(--st-amber-text);
    --waiting: var(--st-wait);
    --gold: var(--st-gold);
    display: block;
    /* Holds what is hidden from view: else it would lie outside of a panel that scrolls, and make the page longer. */
    position: relative;
    color: var(--text);
    font: inherit;
    font-size: 0.8125rem;
    line-height: 1.45;
    font-variant-numeric: tabular-nums;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
  }
  h2.small,
  summary.small {
    padding: 0;
    color: var(--muted);
    font-size: 0.6875rem;
    font-weight: 700;
    letter-spacing: 0.1em;
    text-transform: uppercase;
  }
  .muted {
    color: var(--muted);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :focus-visible {
    outline: 3px solid var(--st-focus);
    outline-offset: 1px;
    box-shadow: 0 0 0 1px var(--st-focus-inner);
  }
  button {
    min-height: 28px;
    padding: 3px 10px;
    border: 1px solid var(--line);
    border-radius: 0;
    background: transparent;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  button:hover:not(:disabled) {
    border-color: var(--accent);
  }
  button:disabled {
    color: var(--muted);
    cursor: default;
  }
  button.primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }
  button.link {
    min-height: 24px;
    padding: 0;
    border: 0;
    color: var(--link);
    text-align: start;
  }
  button.link:hover {
    text-decoration: underline;
  }
  button.icon {
    min-width: 24px;
    min-height: 24px;
    padding: 0;
    border-color: transparent;
    color: var(--muted);
    line-height: 1;
  }
  button.icon:hover {
    color: var(--text);
  }
  a {
    color: var(--link);
  }
  select,
  input[type="text"],
  textarea {
    min-height: 30px;
    padding: 4px 8px;
    border: 1px solid var(--line);
    border-radius: 0;
    background: var(--ground);
    color: inherit;
    font: inherit;
    font-variant-numeric: tabular-nums;
  }
  select {
    appearance: none;
    width: 100%;
    padding-inline-end: 26px;
    background-image:
      linear-gradient(45deg, transparent 50%, currentcolor 50%),
      linear-gradient(-45deg, transparent 50%, currentcolor 50%);
    background-position:
      right 15px center,
      right 10px center;
    background-size: 5px 5px;
    background-repeat: no-repeat;
  }
  select option {
    background: var(--ground);
    color: var(--text);
  }
  input[aria-invalid="true"],
  textarea[aria-invalid="true"] {
    border-color: var(--broken);
  }
  input[type="checkbox"] {
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--accent);
  }
  input[type="range"] {
    appearance: none;
    width: 100%;
    height: 20px;
    margin: 0;
    background: transparent;
    cursor: pointer;
  }
  input[type="range"]::-webkit-slider-runnable-track {
    height: 4px;
    background: linear-gradient(to right, var(--accent) var(--fill, 0%), var(--line) var(--fill, 0%));
  }
  input[type="range"]::-moz-range-track {
    height: 4px;
    background: linear-gradient(to right, var(--accent) var(--fill, 0%), var(--line) var(--fill, 0%));
  }
  input[type="range"]::-webkit-slider-thumb {
    appearance: none;
    width: 9px;
    height: 16px;
    margin-top: -6px;
    border: 2px solid var(--surface);
    background: var(--accent);
    box-shadow: 0 0 0 1px var(--accent);
  }
  input[type="range"]::-moz-range-thumb {
    width: 5px;
    height: 12px;
    border: 2px solid var(--surface);
    border-radius: 0;
    background: var(--accent);
    box-shadow: 0 0 0 1px var(--accent);
  }
  .error {
    color: var(--broken);
  }
  .error::before {
    content: "✕ ";
  }
  @media (forced-colors: active) {
    button.primary {
      border: 2px solid;
    }
  }
`;
