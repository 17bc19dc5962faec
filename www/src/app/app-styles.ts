import { css } from "lit";
import { buttons, focus, hidden } from "../style/controls.js";

const shell = css`
  :host {
    display: block;
    min-height: 100dvh;
    background: var(--st-bg);
    font-variant-numeric: tabular-nums;
  }
  .skip {
    position: absolute;
    left: 0.5rem;
    top: -4rem;
    z-index: 10;
    padding: 0.5rem 1rem;
    background: var(--st-raised);
    color: var(--st-link);
  }
  .skip:focus {
    top: 0.5rem;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1.25rem;
    padding: 0 1.25rem;
    min-height: 52px;
    background: var(--st-navy);
    color: var(--st-header-text);
  }
  h1 {
    display: flex;
    align-items: center;
    align-self: stretch;
    gap: 0.6rem;
    margin: 0;
    font-size: 0.875rem;
    font-weight: 500;
  }
  .brand {
    font-weight: 700;
    letter-spacing: 0.14em;
    text-transform: uppercase;
    margin-inline-end: 0.75rem;
  }
  .pattern {
    display: flex;
    align-items: center;
    align-self: stretch;
    min-height: 49px;
    padding: 0 0.75rem;
    border-bottom: 3px solid var(--st-gold);
  }
  .offer {
    display: flex;
    align-items: center;
    gap: 0.6rem;
    min-width: 0;
    color: var(--st-header-muted);
    font-size: 0.8125rem;
  }
  header select {
    font: inherit;
    min-width: 0;
    max-width: 16rem;
    min-height: var(--st-control-height);
    padding: 0 0.5rem;
    color: var(--st-header-text);
    background: var(--st-navy);
    border: 1px solid var(--st-header-line);
    border-radius: 0;
  }
  .offer .back {
    flex: none;
    color: var(--st-header-text);
    background: transparent;
    border-color: var(--st-header-line);
    font-size: 1rem;
  }
  .offer .back:hover {
    color: var(--st-header-text);
    border-color: var(--st-header-muted);
  }
  /* Its place is kept, so that nothing moves with the first edit. */
  .offer .none {
    visibility: hidden;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin-inline-start: auto;
  }
  .tools button {
    color: var(--st-header-text);
    background: transparent;
    border-color: var(--st-header-line);
    font-size: 0.8125rem;
  }
  .tools button:hover:not(:disabled) {
    color: var(--st-header-text);
    border-color: var(--st-header-muted);
  }
  .square {
    width: var(--st-control-height);
    padding: 0;
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .briefing,
  .side {
    padding: 1.1rem 1.25rem 2rem;
    box-sizing: border-box;
    min-width: 0;
  }
  .briefing {
    background: var(--st-side);
  }
  .side,
  .time {
    background: var(--st-raised);
  }
  .time {
    padding: 0.7rem 1.25rem 0.5rem;
    border-top: 1px solid var(--st-line);
    min-width: 0;
  }
  sandtable-inspector {
    display: block;
  }
  .picked {
    margin: 0 0 1rem;
    padding-bottom: 1rem;
    border-bottom: 1px solid var(--st-line);
  }
  .coming {
    margin: 0;
    color: var(--st-muted);
    font-size: 0.8125rem;
  }
  /* Until they are there, they keep what follows below them out of view, or it would be pushed away under the eye. */
  sandtable-briefing:not(:defined),
  sandtable-panel:not(:defined) {
    display: block;
    min-height: 100dvh;
  }
  .told {
    display: flex;
    align-items: start;
    justify-content: space-between;
    gap: 1rem;
    padding: 0.5rem 1.25rem;
    border-inline-start: 4px solid var(--st-accent);
    background: var(--st-raised);
    color: var(--st-text);
    font-size: 0.8125rem;
  }
  .told p,
  .told ul {
    margin: 0;
  }
  .told ul {
    padding-inline-start: 1.1rem;
  }
  .told code {
    font-size: 0.8125rem;
    overflow-wrap: anywhere;
  }
  .wraps {
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
  }
  .ways {
    display: flex;
    gap: 0.5rem;
  }
  .refused {
    border-inline-start-color: var(--st-red);
  }
  .told button {
    flex: none;
    min-height: 1.6rem;
    padding: 0 0.5rem;
    background: none;
  }
  .fatal {
    max-width: 40rem;
    margin: 3rem auto;
    padding: 0 1.25rem;
  }
  .fatal code {
    overflow-wrap: anywhere;
  }
  .drop {
    position: fixed;
    inset: 0;
    z-index: 20;
    display: grid;
    place-items: center;
    font-size: 1.25rem;
    background: color-mix(in srgb, var(--st-bg) 80%, transparent);
    border: 4px dashed var(--st-accent);
    pointer-events: none;
  }
  dialog {
    max-width: 30rem;
    padding: 1.25rem 1.5rem;
    color: var(--st-text);
    background: var(--st-raised);
    border: 1px solid var(--st-line-strong);
  }
  dialog::backdrop {
    background: rgb(5 10 20 / 55%);
  }
  dialog h2 {
    margin: 0 0 0.75rem;
    font-size: 1.125rem;
    color: var(--st-heading);
  }
  dialog dl {
    display: grid;
    grid-template-columns: max-content 1fr;
    gap: 0.4rem 1.25rem;
    margin: 0 0 1rem;
  }
  dialog dd {
    margin: 0;
    color: var(--st-muted);
  }
  kbd {
    font: inherit;
    font-weight: 600;
  }
`;

const wide = css`
  @media (min-width: 760px) and (max-width: 1180px) {
    header {
      padding-bottom: 0.5rem;
    }
    .tools {
      margin-inline-start: 0;
    }
    header select {
      max-width: 14rem;
    }
  }
  @media (min-width: 760px) {
    main {
      grid-template-columns: minmax(0, 1fr) 288px;
      grid-template-rows: auto auto 1fr;
      grid-template-areas: "stage side" "time side" "briefing side";
    }
    sandtable-stage {
      grid-area: stage;
      min-height: 560px;
    }
    .time {
      grid-area: time;
    }
    .briefing {
      grid-area: briefing;
      border-top: 1px solid var(--st-line);
    }
    .side {
      grid-area: side;
      border-inline-start: 1px solid var(--st-line);
    }
  }
  @media (min-width: 1120px) {
    main {
      grid-template-columns: 268px minmax(0, 1fr) 300px;
      grid-template-rows: minmax(460px, 1fr) auto;
      grid-template-areas: "briefing stage side" "briefing time side";
    }
    sandtable-stage {
      min-height: 460px;
    }
    /* The outer columns scroll by themselves. */
    .briefing,
    .side {
      position: sticky;
      top: 0;
      max-height: 100dvh;
      overflow-y: auto;
      scrollbar-width: thin;
      scrollbar-color: var(--st-line) transparent;
    }
    .briefing {
      border-top: 0;
      border-inline-end: 1px solid var(--st-line);
    }
  }
  @media (min-width: 1180px) and (min-height: 640px) {
    /* One screen, where the stage is wide enough to be laid out across: the stage takes what the timeline leaves, and a long timeline scrolls rather than take all. */
    :host {
      display: grid;
      grid-template-rows: auto auto minmax(0, 1fr);
      height: 100dvh;
    }
    main {
      min-height: 0;
      grid-template-rows: minmax(var(--stage-least), 1fr) minmax(0, auto);
      --stage-least: 460px;
    }
    sandtable-stage {
      min-height: 0;
    }
    .time {
      max-height: 46dvh;
      box-sizing: border-box;
      overflow-y: auto;
      scrollbar-width: thin;
      scrollbar-color: var(--st-line) transparent;
    }
    .briefing,
    .side {
      position: static;
      max-height: none;
    }
  }
  @media (min-width: 1180px) and (min-height: 640px) and (max-height: 879px) {
    /* A laptop's screen. The stage gives up its margins first, then the timeline scrolls. */
    main {
      --stage-least: 430px;
    }
    .time {
      max-height: none;
      padding-block: 0.4rem 0.2rem;
    }
  }
  @media (max-width: 759px) {
    header {
      padding: 0.25rem 0.75rem 0.6rem;
      gap: 0.35rem 0.75rem;
    }
    .pattern {
      min-height: 40px;
    }
    .offer {
      flex: 1 1 12rem;
    }
    header select {
      flex: 1 1 auto;
      max-width: none;
    }
    .tools {
      margin-inline-start: 0;
      gap: 0.35rem;
    }
    .tools button {
      padding-inline: 0.45rem;
      font-size: 0.75rem;
    }
    .time,
    .briefing,
    .side {
      padding-inline: 0.75rem;
    }
    .side {
      border-top: 1px solid var(--st-line);
    }
  }
`;

export const appStyles = [buttons, focus, hidden, shell, wide];
