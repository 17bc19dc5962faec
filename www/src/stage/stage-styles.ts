import { css } from "lit";
import { focus, hidden } from "../style/controls.js";

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
    /* Up to where the instances may begin (layout.ts). */
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
  .legend .broken {
    fill: var(--st-red);
  }
  .legend .shed {
    fill: var(--st-amber);
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
    .below {
      padding-block: 0.25rem 0.4rem;
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

const nodes = css`
  .node {
    position: absolute;
    left: 0;
    top: 0;
    margin: 0;
    padding: 0;
    border: 0;
    border-radius: 0;
    background: none;
    color: inherit;
    font: inherit;
    text-align: start;
    cursor: pointer;
  }
  .node:focus-visible {
    z-index: 1;
  }
  .icon svg {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    fill: none;
    stroke: var(--st-card-line);
    stroke-width: 1.6;
    overflow: visible;
  }
  .client {
    background: var(--st-card);
    box-shadow: inset 0 0 0 1.5px var(--st-card-line);
  }
  .diamond {
    fill: var(--st-card);
  }
  .panic .diamond {
    stroke: var(--st-amber);
    stroke-width: 3;
  }
  .node[aria-pressed="true"]:is(.client, .instance) {
    box-shadow: inset 0 0 0 3px var(--st-accent);
  }
  .balancer[aria-pressed="true"] .diamond {
    stroke: var(--st-accent);
    stroke-width: 3;
  }
  .caption {
    position: absolute;
    top: calc(100% + 0.5rem);
    left: 50%;
    transform: translateX(-50%);
    display: grid;
    justify-items: center;
    white-space: nowrap;
    font-size: 0.8125rem;
    line-height: 1.4;
  }
  .caption .name {
    font-weight: 600;
  }
  .caption .state {
    color: var(--st-muted);
    font-size: 0.75rem;
  }
  .panic .state {
    color: var(--st-amber-text);
    font-weight: 600;
  }
  .field:not(.down) .caption span {
    padding-inline: 0.25rem;
    background: color-mix(in srgb, var(--st-bg) 75%, transparent);
  }
  /* Where services stand close together on a phone, words go below. */
  .low .caption {
    top: calc(100% + 1px);
    grid-auto-flow: column;
    align-items: baseline;
  }
  .down .close .caption {
    white-space: normal;
    top: calc(100% + 0.15rem);
    left: 50%;
    width: var(--room);
    padding: 0;
    transform: translateX(-50%);
    justify-items: center;
    text-align: center;
    line-height: 1.2;
  }
  .down .close .caption span {
    padding-inline: 0.25rem;
    background: color-mix(in srgb, var(--st-bg) 75%, transparent);
  }
  .down .node:not(.close) .caption {
    top: 50%;
    left: calc(100% + 0.75rem);
    width: 8rem;
    white-space: normal;
    transform: translateY(-50%);
    justify-items: start;
  }
`;

const stations = css`
  .station {
    font-size: 0.6875rem;
    line-height: 1.25;
    color: var(--st-muted);
    white-space: nowrap;
  }
  .station .words {
    position: absolute;
    inset: var(--words-at, 0) 0 auto;
    display: flex;
    flex-direction: column;
    align-items: center;
  }
  .station .title {
    font-weight: 600;
    color: var(--st-text);
  }
  .station.row .words {
    flex-direction: row;
    justify-content: space-between;
    gap: 0.25rem;
  }
  .station.title-only .state,
  .station.none .words {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .down .station .words {
    left: 46px;
    align-items: flex-start;
  }
  .down .station.each .words {
    left: 0;
  }
  .down .station.row .words {
    justify-content: flex-start;
    gap: 0.5rem;
    padding: 2px 0 0;
  }
  .station[data-tone="red"] .state {
    color: var(--st-red-text);
    font-weight: 600;
  }
  .station[data-tone="amber"] .state {
    color: var(--st-amber-text);
    font-weight: 600;
  }
  .station:hover,
  .station[aria-pressed="true"] {
    box-shadow: inset 0 0 0 1.5px var(--st-accent);
  }
`;

const cards = css`
  .card,
  .compact {
    box-shadow: inset 0 0 0 1.5px var(--st-card-line);
  }
  .instance:hover {
    box-shadow: inset 0 0 0 2.5px var(--st-accent);
  }
  .head,
  .load {
    position: absolute;
    inset-inline: 14px;
    display: flex;
    justify-content: space-between;
    gap: 0.5rem;
    white-space: nowrap;
  }
  .head {
    top: 6px;
    align-items: baseline;
    line-height: 1.3;
  }
  .head .name {
    font-weight: 600;
    font-size: 0.9375rem;
  }
  /* The service is named at its balancer; whoever hears the page gets it with each instance. */
  .head .whose {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .status {
    font-size: 0.75rem;
    color: var(--st-muted);
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .load {
    bottom: 7px;
    line-height: 1.3;
    font-size: 0.75rem;
    color: var(--st-muted);
  }
  .compact .head {
    inset-inline: 9px;
    top: 6px;
    gap: 0.25rem;
  }
  /* What is wrong is worth more than a sign that says that the balancer sees nothing. */
  .compact.hurt .glyph {
    display: none;
  }
  .compact .status {
    font-size: 0.6875rem;
  }
  .compact .head .name {
    font-size: 0.8125rem;
  }
  .card .short,
  .tiny {
    display: none;
  }
  .compact {
    container-type: inline-size;
  }
  @container (max-width: 124px) {
    .short,
    .glyph {
      display: none;
    }
    .tiny {
      display: inline;
    }
    .compact .head .name {
      font-size: 0.75rem;
    }
  }
  /* A compact card shows less, and says as much. */
  .compact .state,
  .compact .load {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .hurt .status {
    color: var(--st-text);
    font-weight: 600;
  }
  .instance[data-look="down"]:is(.card, .compact) {
    box-shadow: none;
    outline: 1.5px dashed var(--st-red);
    outline-offset: -1.5px;
  }
  [data-look="down"] .status {
    color: var(--st-red-text);
    font-weight: 600;
  }
  [data-look="down"] .name {
    color: var(--st-muted);
  }
  .instance:is([data-look="unhealthy"], [data-look="ejected"], [data-look="draining"]):is(.card, .compact) {
    box-shadow: inset 0 0 0 2px var(--st-amber);
  }
  :is([data-look="unhealthy"], [data-look="ejected"], [data-look="draining"]) .status {
    color: var(--st-amber-text);
  }
  .instance[aria-pressed="true"][data-look]:is(.card, .compact, .tile) {
    box-shadow: inset 0 0 0 3px var(--st-accent);
  }
  .node.node:focus-visible {
    outline: 3px solid var(--st-focus);
    outline-offset: 2px;
  }
  @media (forced-colors: active) {
    .card,
    .compact,
    .client {
      border: 1px solid ButtonText;
    }
  }
`;

export const stageStyles = [focus, hidden, frame, narrow, nodes, stations, cards];
