/** What stands on the picture and carries the words: clients, stations, balancers, instances. */
import { css } from "lit";

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
  /* Left of the clients the stage ends. */
  .client .caption {
    width: max-content;
    max-width: 6.4rem;
    transform: translateX(max(-50%, -40px));
  }
  .client .caption .name {
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
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
  /* Clear of the words, which begin at the edge. */
  .station:hover,
  .station[aria-pressed="true"] {
    outline: 1.5px solid var(--st-accent);
    outline-offset: 3px;
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
  /* There may be several things wrong. */
  .card.hurt .glyph {
    display: none;
  }
  .card.hurt .status {
    font-size: 0.6875rem;
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

const shards = css`
  /* The map itself is on the canvas. */
  .map.ring {
    border-radius: 50%;
  }
  .map:hover {
    outline: 1.5px solid var(--st-accent);
    outline-offset: 2px;
  }
  .map[aria-pressed="true"] {
    outline: 2.5px solid var(--st-accent);
    outline-offset: 2px;
  }
  .log {
    box-shadow: inset 0 0 0 1.5px var(--st-card-line);
  }
  .log:hover {
    box-shadow: inset 0 0 0 2.5px var(--st-accent);
  }
  .log[aria-pressed="true"] {
    box-shadow: inset 0 0 0 3px var(--st-accent);
  }
  .shard .keys {
    position: absolute;
    left: 14px;
    top: 27px;
    /* Up to the bar beside it (layout/grid.ts). */
    max-width: max(55% - 18px, 114px);
    overflow: hidden;
    text-overflow: ellipsis;
    font-size: 0.75rem;
    line-height: 1.3;
    white-space: nowrap;
  }
  .shard.compact .keys {
    max-width: max(55% - 13px, 97px);
    left: 10px;
    top: 23px;
    font-size: 0.6875rem;
  }
  /* A shared model has no bar beside it, but a lock. */
  .shard.whole .keys {
    max-width: calc(100% - 42px);
  }
  /* Side by side, read models have room for less. */
  @container (max-width: 249px) {
    .side .status .short.short {
      display: inline;
    }
    .side .status .state.state {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }
  @container (max-width: 164px) {
    .side .status .short.short,
    .side .glyph {
      display: none;
    }
    .side .tiny {
      display: inline;
    }
    .side.compact .head .name {
      font-size: 0.75rem;
    }
    .side.compact .head .status {
      font-size: 0.625rem;
    }
  }
  /* Here there is room for a name and its keys alone; how busy it is its slots show. */
  @container (max-width: 100px) {
    .shard:not([data-look="down"]) .status {
      visibility: hidden;
    }
  }
  /* Narrower, there is no bar beside it. */
  @container (max-width: 143px) {
    .shard .keys.keys {
      max-width: calc(100% - 16px);
    }
  }
  /* There is room for how busy it is, too. */
  @container (min-width: 196px) {
    .shard .status .short {
      display: none;
    }
    .shard .status .state {
      position: static;
      width: auto;
      height: auto;
      clip-path: none;
    }
  }
  .shard[data-presence="leaving"]:is(.card, .compact) {
    box-shadow: none;
    outline: 1.5px dashed var(--st-card-line);
    outline-offset: -1.5px;
  }
  .shard:is([data-presence="yetToJoin"], [data-presence="gone"]):is(.card, .compact) {
    box-shadow: inset 0 0 0 1px var(--st-slot-line);
  }
  .shard:is([data-presence="yetToJoin"], [data-presence="gone"]) .name {
    color: var(--st-muted);
    font-weight: 400;
  }
`;

export const nodeStyles = [nodes, stations, cards, shards];
