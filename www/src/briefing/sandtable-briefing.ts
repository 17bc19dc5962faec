import { css, html, nothing, type TemplateResult } from "lit";
import type { Briefing, Step } from "../../content/briefing.js";
import { isRead, type ReadRun } from "../model/views.js";
import { controls } from "../panel/controls.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { briefingFor } from "./choose.js";
import { carryOut, onlyLooks } from "./deeds.js";
import "./compare-card.js";
import "./cqrs-card.js";
import type { KeyLookup } from "./key-lookup.js";
import "./key-lookup.js";
import type { LogCard } from "./log-card.js";
import "./log-card.js";
import "./placements-card.js";
import "./report-card.js";
import "./side-by-side.js";
import "./store-card.js";
import "./theory-card.js";

/** The manual's text on the pattern, steps to try, and what the run says beside what theory says. */
export class SandtableBriefing extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run"];

  /** The steps whose button was pressed. */
  readonly #done = new Set<Step>();
  #current = 0;
  #briefing: Briefing | undefined;

  protected override render(): TemplateResult {
    const { run } = this.store?.state ?? {};
    const briefing = briefingFor(run?.scenario ?? null);
    if (briefing !== this.#briefing) this.#current = 0;
    this.#briefing = briefing;
    const { picture, title, lead, steps } = briefing;
    return html`<article>
      <p class="picture">${picture}</p>
      <h2>${title}</h2>
      ${lead.map((text) => html`<p>${text}</p>`)}
      <ol class="steps" aria-label="Steps to try">
        ${steps.map((step, index) => this.#step(step, index))}
      </ol>
      ${isRead(run) ? this.#ofTheRun(run, briefing) : nothing}
    </article>`;
  }

  /** What needs the run to be read comes with it, and all that stands below: nothing moves when it comes. */
  #ofTheRun(run: ReadRun, { comparison, absent = [], sources }: Briefing): TemplateResult {
    const { store } = this;
    const balanced = run.scenario.services.length > 0;
    return html`${
        run.stores.length === 0
          ? nothing
          : html`<key-lookup .store=${store}></key-lookup>
              <store-card .store=${store}></store-card>
              <placements-card .store=${store}></placements-card>`
      }
      ${run.cqrs.map((_, pair) => html`<log-card .store=${store} .pair=${pair}></log-card>`)}
      ${run.cqrs.length === 0 ? nothing : html`<cqrs-card .store=${store}></cqrs-card>`}
      ${comparison === undefined ? nothing : html`<side-by-side .store=${store} .comparison=${comparison}></side-by-side>`}
      ${balanced ? html`<theory-card .store=${store}></theory-card>` : nothing}
      ${balanced && comparison === undefined ? html`<compare-card .store=${store}></compare-card>` : nothing}
      <report-card .store=${this.store}></report-card>
      <section aria-labelledby="absent">
        <h2 class="small" id="absent">What isn’t modelled</h2>
        <ul class="plain muted">
          ${[...absent, ...run.report.not_modelled].map((one) => html`<li>${one}</li>`)}
        </ul>
      </section>
      <section aria-labelledby="sources">
        <h2 class="small" id="sources">Sources</h2>
        <ul class="plain">
          <li class="muted">VetsWhoCode, Strategic System Design Patterns (the field manual)</li>
          ${sources.map((source) => html`<li><a href=${source.address} rel="noreferrer">${source.title}</a></li>`)}
        </ul>
      </section>`;
  }

  #step(step: Step, index: number): TemplateResult {
    const current = index === this.#current;
    const onToggle = (): void => {
      this.#current = index;
      this.requestUpdate();
    };
    return html`<li class=${current ? "current" : ""}>
      <button class="title" aria-expanded=${current} @click=${onToggle}><span>${index + 1}</span> ${step.title}</button>
      <div ?hidden=${!current}>
        <p>${step.text}</p>
        <div class="buttons">
          ${step.buttons.map(
            ({ label, deeds }) => html`<button @click=${() => this.#do(step, deeds)}>${label}</button>`,
          )}
        </div>
        <p class="watch" role="status">${this.#done.has(step) ? step.watch : ""}</p>
      </div>
    </li>`;
  }

  #do(step: Step, deeds: Step["buttons"][number]["deeds"]): void {
    this.#done.add(step);
    this.requestUpdate();
    if (deeds.some((deed) => deed.does === "traffic")) {
      this.dispatchEvent(new CustomEvent("open-traffic", { bubbles: true, composed: true }));
      return;
    }
    const { run, playhead_ms } = this.store?.state ?? {};
    const seek = deeds.find((deed) => deed.does === "seek");
    if (seek !== undefined) this.store?.seek(seek.t_ms);
    const asked = deeds.find((deed) => deed.does === "look_up");
    if (asked !== undefined) this.renderRoot.querySelector<KeyLookup>("key-lookup")?.ask(asked.keys);
    if (deeds.some((deed) => deed.does === "open_event")) {
      this.renderRoot.querySelector<LogCard>("log-card")?.openNewest(seek?.t_ms ?? playhead_ms ?? 0);
    }
    if (onlyLooks(deeds)) return;
    const stores = run?.stores.map(({ name }) => name) ?? [];
    const situation = { names: run?.instanceNames ?? [], stores, playhead_ms: playhead_ms ?? 0 };
    this.store?.edit((draft) => {
      carryOut(draft, deeds, situation);
    });
  }

  static override styles = [
    controls,
    css`
      article {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
      }
      .picture {
        color: var(--muted);
        font-size: 0.6875rem;
        font-weight: 700;
        letter-spacing: 0.1em;
        text-transform: uppercase;
      }
      article > h2:not(.small) {
        margin-top: -10px;
        color: var(--st-heading);
        font-size: 1.375rem;
        line-height: 1.2;
      }
      .steps {
        display: grid;
        gap: 6px;
        list-style: none;
      }
      .steps li {
        padding-inline-start: 10px;
        border-inline-start: 3px solid var(--line);
      }
      .steps li.current {
        border-inline-start-color: var(--gold);
      }
      .title {
        width: 100%;
        padding: 2px 0;
        border: 0;
        color: var(--muted);
        font-weight: 600;
        text-align: start;
      }
      .title:hover,
      .current .title {
        color: var(--text);
      }
      .title span {
        display: inline-block;
        min-width: 1.2em;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-block: 6px 4px;
      }
      .watch {
        color: var(--muted);
      }
      .watch:not(:empty) {
        padding-block: 2px 4px;
      }
      section {
        display: grid;
        gap: 6px;
        margin-top: 8px;
      }
      .plain {
        display: grid;
        gap: 4px;
        font-size: 0.75rem;
        list-style: none;
      }
    `,
  ];
}

customElements.define("sandtable-briefing", SandtableBriefing);
