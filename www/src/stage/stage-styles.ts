/** The stage around its picture: the numbers above, the legend, the sentence below. */
import { css } from "lit";
import { focus, hidden } from "../style/controls.js";
import { nodeStyles } from "./node-styles.js";

const frame = css`
  :host {
    display: flex;
    flex-direction: column;
    min-width: 0;
    background: var(--st-bg);
    color: var(--st-text);
    font-variant-numeric: tabular-nums;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0.5rem 1.5rem;
    padding: 0.9rem 1.25rem 0.25rem;
  }
  .numbers {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1.5rem;
    margin: 0;
  }
  .numbers div {
    display: flex;
    flex-direction: column-reverse;
    /* Wide enough for any value, so that nothing beside it moves when the figures change. */
    min-width: 4.75rem;
  }
  dt {
    font-size: var(--st-small);
    color: var(--st-muted);
    white-space: nowrap;
  }
  dd {
    margin: 0;
    font-size: 1.25rem;
    font-weight: 600;
    line-height: 1.3;
    white-space: nowrap;
  }
  .of {
    opacity: 0.95;
  }
  .of::before {
    content: "· ";
  }
  .field {
    position: relative;
    flex: 1 1 auto;
    min-height: 300px;
    overflow: hidden;
    touch-action: manipulation;
  }
  canvas {
    position: absolute;
    left: 0;
    top: 0;
  }
  .nodes {
    position: absolute;
    inset: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .key p {
    margin: 0 0 0.25rem;
    font-size: var(--st-small);
    color: var(--st-amber-text);
  }
  /* Under clients and balancer there is always room on a wide stage. */
  .field:not(.down) .key {
    position: absolute;
    left: 1.25rem;
    bottom: 0.1rem;
    /* Up to where the instances may begin (layout/layout.ts). */
    max-width: var(--legend-room, min(21rem, calc(32% + 95px)));
  }
  .below .key {
    margin-bottom: 0.35rem;
  }
  .field.down .key {
    position: absolute;
    inset: auto 1rem 0;
  }
  .below {
    padding: 0.35rem 1.25rem 0.75rem;
  }
  .sentence {
    margin: 0;
    /* Room for a long one: what is above and below must not jump when a sentence is longer than the one before. */
    min-height: 2.7em;
    line-height: 1.35;
    font-size: 0.8125rem;
    color: var(--st-muted);
  }
  /* Where there is more to tell, it has a room of its own: the stage must not change its height with a sentence. */
  .below.full .sentence {
    height: 4.05em;
    overflow-y: auto;
    scrollbar-width: thin;
  }
  sandtable-actions {
    position: absolute;
    z-index: 2;
    max-width: 100%;
  }
  .mode {
    margin: 0;
    font-size: var(--st-small);
    color: var(--st-muted);
  }
`;

const legend = css`
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.1rem 0.75rem;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 0.75rem;
    color: var(--st-muted);
  }
  .legend li {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
  }
  .legend .work {
    fill: var(--st-accent);
  }
  .legend .wait {
    fill: var(--st-wait);
  }
  .legend .slot {
    fill: none;
    stroke: var(--st-line-strong);
  }
  .legend .answer {
    fill: none;
    stroke: var(--st-accent);
    stroke-width: 1.4;
  }
  .legend .soft {
    fill: var(--st-accent-soft);
  }
  .legend .pausing {
    fill: var(--st-wait);
    stroke: var(--st-text);
  }
  .legend .late {
    fill: none;
    stroke: var(--st-amber);
    stroke-width: 1.5;
  }
  .legend .nobody {
    fill: none;
    stroke: var(--st-muted);
    stroke-width: 1.25;
  }
  .legend .cross {
    stroke: var(--st-on-red);
  }
  .legend .crashed {
    fill: none;
    stroke: var(--st-red);
    stroke-width: 2;
  }
  .legend .thin {
    stroke-width: 1.3;
  }
  .legend .key-0 {
    fill: var(--st-shard-0);
  }
  .legend .key-1 {
    fill: var(--st-shard-1);
  }
  .legend .way {
    fill: none;
    stroke: var(--st-shard-1);
    opacity: 0.5;
    stroke-width: 1.5;
  }
  .legend .even {
    stroke: var(--st-text);
    stroke-width: 1.5;
  }
  .legend .onward {
    fill: none;
    stroke: var(--st-muted);
    stroke-width: 1.6;
  }
  .legend .broken {
    fill: var(--st-red);
  }
  .legend .shed {
    fill: var(--st-amber);
  }
`;

const narrow = css`
  .below {
    container-type: inline-size;
  }
  @container (max-width: 800px) {
    .sentence {
      min-height: 4.05em;
    }
  }
  @container (max-width: 480px) {
    .sentence {
      min-height: 6.75em;
    }
  }
  @media (max-width: 599px) {
    /* As high as they are for a few instances, so that nothing jumps when the first run is there. */
    .top {
      min-height: 98px;
      align-content: start;
    }
    .field {
      min-height: 438px;
    }
  }
  @media (min-width: 1180px) and (min-height: 640px) and (max-height: 879px) {
    .top {
      padding-block: 0.6rem 0;
    }
    .field {
      min-height: 268px;
    }
    /* What is told comes first: of the legend the last row is the least loss. */
    .below {
      display: flex;
      flex-direction: column;
      padding-block: 0.15rem 0.25rem;
    }
    .legend {
      gap: 0 0.6rem;
      font-size: 0.6875rem;
    }
    .sentence {
      order: -1;
    }
  }
  @media (max-width: 640px) {
    .top,
    .below {
      padding-inline: 0.75rem;
    }
    .numbers {
      gap: 0.5rem 1rem;
    }
  }
`;

export const stageStyles = [focus, hidden, frame, legend, narrow, nodeStyles];
