/** The page: what stands where, and what belongs to no part alone (address, files, keys, theme, notices). */
import { type TemplateResult, html, nothing } from "lit";
import type { Address } from "../link/address.js";
import { hashOnOpening } from "../link/leaving.js";
import { Link } from "../link/link.js";
import { Model } from "../model/model.js";
import { Store } from "../model/store.js";
import { mistakeWords } from "../panel/mistakes.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { fetchAll, needs, type Part } from "../parts.js";
import type { SandtableStage } from "../stage/sandtable-stage.js";
import type { SandtableTraffic } from "../traffic/sandtable-traffic.js";
import { appStyles } from "./app-styles.js";
import { benchOptions } from "./bench.js";
import { exportScenario, isScenarioFile, readScenario } from "./files.js";
import { type Chosen, type HeaderActions, header } from "./header.js";
import { SHORTCUTS, onKey } from "./keys.js";
import { openAddress, openFirst, show } from "./opening.js";
import { Origin, offerOf } from "./origin.js";
import type { Offer } from "./scenarios.js";
import { choose, followSystem, tone } from "./theme-choice.js";
import "../stage/sandtable-stage.js";
import "../timeline/sandtable-timeline.js";

/** With reduced motion the picture changes twice a second, in steps. */
const STILL_STEP_MS = 500;

/** Named as the parts are, where it could not be fetched. */
const WHOLE = "reports and explanations";

export class SandtableApp extends StoreElement {
  static override styles = appStyles;
  protected override readonly watched: readonly StateKey[] = ["notice", "mistakes", "fatal", "selection", "scenario"];

  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");
  #cleanup: AbortController | null = null;
  #link: Link | null = null;
  #origin: Origin | null = null;
  #dropping = false;
  /** What could not be fetched. */
  readonly #missing = new Set<Part | typeof WHOLE>();

  constructor() {
    super();
    const bench = benchOptions(location.search);
    this.store = new Store(new Model(), {
      stepMs: () => (this.#still.matches ? STILL_STEP_MS : 0),
      ...(bench ?? {}),
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { store } = this;
    if (!store) return;
    this.#cleanup = new AbortController();
    const { signal } = this.#cleanup;
    followSystem(signal);
    this.#link = new Link(store, (address: Address) => void openAddress(store, address));
    this.#origin = new Origin(store, () => this.requestUpdate(), signal);
    window.addEventListener("sandtable-theme", () => this.#onTheme(), { signal });
    window.addEventListener("keydown", (event) => this.#onKey(event, store), { signal });
    window.addEventListener("dragover", (event) => this.#onDrag(event), { signal });
    window.addEventListener("dragleave", (event) => this.#onDragLeave(event), { signal });
    window.addEventListener("drop", (event) => this.#onDrop(event), { signal });
    this.addEventListener("part-missing", (event) => this.#onMissing(event), { signal });
    store.addEventListener("drawn", () => this.#fetchRest(), { signal, once: true });
    if (!store.state.run) void openFirst(store, hashOnOpening(), this.#still.matches);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#cleanup?.abort();
    this.#link?.dispose();
    this.store?.pause();
  }

  protected override storeChanged(changed: ReadonlySet<StateKey>): void {
    if (changed.has("selection") && this.store?.state.selection) void needs(this, "inspector");
  }

  protected override render(): TemplateResult | typeof nothing {
    const { store } = this;
    if (!store) return nothing;
    const { fatal } = store.state;
    return html`
      ${header(this.#actions, this.#chosen(), tone())}
      <div>${this.#told(store)}</div>
      ${fatal === null ? this.#main(store) : broken(fatal)}
      ${this.#dropping ? html`<div class="drop">Drop an access log, a CSV or a scenario</div>` : nothing} ${help()}
      <input
        class="heard"
        type="file"
        accept=".json,application/json"
        tabindex="-1"
        aria-hidden="true"
        @change=${this.#onFile}
      />
    `;
  }

  #main(store: Store): TemplateResult {
    const picked = store.state.selection !== null;
    return html`<main @open-traffic=${this.#onOpenTraffic}>
      <sandtable-stage id="stage" role="region" aria-label="Stage" .store=${store}></sandtable-stage>
      <section class="time" aria-label="Timeline">
        <sandtable-timeline .store=${store}></sandtable-timeline>
      </section>
      <section class="briefing" aria-label="Briefing">
        <sandtable-briefing .store=${store}>${this.#coming("briefing")}</sandtable-briefing>
      </section>
      <section class="side" aria-label="Parameters">
        <sandtable-inspector class=${picked ? "picked" : ""} .store=${store}></sandtable-inspector>
        <sandtable-panel .store=${store}>${this.#coming("parameters")}</sandtable-panel>
      </section>
      <sandtable-traffic .store=${store}></sandtable-traffic>
    </main>`;
  }

  /** What the reader has to know now: a notice, and why the last change was refused. */
  #told(store: Store): TemplateResult {
    const { notice, mistakes, schema } = store.state;
    return html`<div role="status">
        ${this.#missing.size === 0 ? nothing : this.#notFetched()}
        ${
          notice === null
            ? nothing
            : html`<div class="told">
                <p>${notice}</p>
                <button type="button" aria-label="Close the notice" @click=${() => store.notify(null)}>✕</button>
              </div>`
        }
      </div>
      <div role="alert">
        ${
          mistakes.length === 0
            ? nothing
            : html`<div class="told refused">
                <div>
                  <p><strong>That change was refused.</strong> The last good run stays on the stage.</p>
                  <ul>
                    ${mistakes.map((one) => html`<li>${mistakeWords(one, schema)}</li>`)}
                  </ul>
                </div>
                <button type="button" aria-label="Close the list" @click=${() => store.forgetMistakes()}>✕</button>
              </div>`
        }
      </div>`;
  }

  /** In the place of an element whose code isn't there yet. */
  #coming(part: Part): TemplateResult {
    const text = this.#missing.has(part) ? `The ${part} could not be loaded.` : `Loading the ${part}…`;
    return html`<p class="coming">${text}</p>`;
  }

  #notFetched(): TemplateResult {
    const again = (): void => {
      const missing = [...this.#missing];
      this.#missing.clear();
      this.requestUpdate();
      for (const part of missing) {
        if (part === WHOLE) void this.#complete();
        else void needs(this, part);
      }
    };
    const names = [...this.#missing].join(", ");
    return html`<div class="told wraps">
      <p>Not everything of this page could be loaded (${names}). The network may be gone, or the page renewed.</p>
      <div class="ways">
        <button type="button" @click=${again}>Try again</button>
        <button type="button" @click=${() => location.reload()}>Reload the page</button>
      </div>
    </div>`;
  }

  #chosen(): Chosen {
    const offer = offerOf(this.store?.state.scenario ?? null);
    return { offer, edited: offer !== undefined && this.#origin?.edited === true };
  }

  get #traffic(): SandtableTraffic | null {
    return this.renderRoot.querySelector<SandtableTraffic>("sandtable-traffic");
  }

  readonly #actions: HeaderActions = {
    offer: (offer: Offer) => {
      if (this.store) show(this.store, offer);
    },
    back: () => {
      const { offer } = this.#chosen();
      // The reader stays at the moment that the edits were looked at.
      if (this.store && offer) this.store.replace(offer.scenario, this.store.state.playhead_ms);
    },
    traffic: () => void this.#openTraffic(),
    share: () => void this.#share(),
    export: () => {
      if (this.store) void exportScenario(this.store);
    },
    import: () => this.renderRoot.querySelector<HTMLInputElement>("input[type=file].heard")?.click(),
    theme: () => choose(tone() === "dark" ? "light" : "dark"),
    help: () => this.#help(),
    // No link to a place of the page: the hash holds the scenario.
    skip: () => this.renderRoot.querySelector<HTMLElement>("#stage")?.focus(),
  };

  async #openTraffic(file?: File, group?: number): Promise<void> {
    if (await needs(this, "form for recorded traffic")) this.#traffic?.open(file, group);
  }

  /** Asked for a group of clients where its own form asks, and for the first one elsewhere. */
  readonly #onOpenTraffic = (event: CustomEvent<{ group: number } | null>): void => {
    void this.#openTraffic(undefined, event.detail?.group);
  };

  async #share(): Promise<void> {
    const address = await this.#link?.current();
    if (address === undefined) return;
    const before = this.store?.state.notice ?? "";
    try {
      await navigator.clipboard.writeText(address);
      this.store?.notify(`The link to this moment is copied. ${before.startsWith("This link") ? before : ""}`.trim());
    } catch {
      this.store?.notify("The browser did not allow copying. The link to this moment is in the address bar.");
    }
  }

  #help(): void {
    const dialog = this.renderRoot.querySelector<HTMLDialogElement>("dialog.help");
    if (dialog?.open === false) dialog.showModal();
  }

  #onKey(event: KeyboardEvent, store: Store): void {
    if (onKey(event, store, () => this.#help())) event.preventDefault();
  }

  #onTheme(): void {
    this.requestUpdate();
    this.renderRoot.querySelector<SandtableStage>("sandtable-stage")?.restyle();
  }

  // ---- what comes after the first picture

  #fetchRest(): void {
    // When the picture is on the screen, not merely drawn: what is fetched now must not keep it waiting.
    requestAnimationFrame(() => setTimeout(() => void Promise.all([fetchAll(this), this.#complete()])));
  }

  /** The run in numbers and words takes a second module. */
  async #complete(): Promise<void> {
    try {
      await this.store?.complete();
    } catch {
      this.#missing.add(WHOLE);
      this.requestUpdate();
    }
  }

  #onMissing(event: Event): void {
    this.#missing.add((event as CustomEvent<Part>).detail);
    this.requestUpdate();
  }

  // ---- files

  readonly #onFile = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    // The same file chosen again must be heard again.
    input.value = "";
    if (file) void this.#take(file);
  };

  async #take(file: File): Promise<void> {
    if (!isScenarioFile(file)) {
      await this.#openTraffic(file);
      return;
    }
    try {
      this.store?.replace(await readScenario(file));
    } catch (error) {
      this.store?.notify(`${error instanceof Error ? error.message : String(error)}. The run stays as it is.`);
    }
  }

  #onDrag(event: DragEvent): void {
    if (event.dataTransfer?.types.includes("Files") !== true) return;
    event.preventDefault();
    this.#drop(true);
  }

  #onDragLeave(event: DragEvent): void {
    // Leaving the window has no element that is entered instead.
    if (event.relatedTarget === null) this.#drop(false);
  }

  #onDrop(event: DragEvent): void {
    const file = event.dataTransfer?.files[0];
    this.#drop(false);
    if (!file || event.defaultPrevented) return;
    event.preventDefault();
    void this.#take(file);
  }

  #drop(dropping: boolean): void {
    if (this.#dropping === dropping) return;
    this.#dropping = dropping;
    this.requestUpdate();
  }
}

function broken(fatal: string): TemplateResult {
  return html`<main class="fatal" role="alert">
    <h2>The simulation cannot run here</h2>
    <p>
      Sandtable runs as WebAssembly in a worker of your browser, and one of them could not be started. An up-to-date
      browser has both; a strict content policy or an extension may forbid them.
    </p>
    <p><code>${fatal}</code></p>
    <button type="button" @click=${() => location.reload()}>Try again</button>
  </main>`;
}

function help(): TemplateResult {
  const close = (event: Event): void => (event.target as HTMLElement).closest("dialog")?.close();
  return html`<dialog class="help" aria-labelledby="help-title">
    <h2 id="help-title">Keys</h2>
    <dl>
      ${SHORTCUTS.map(
        ({ keys, does }) =>
          html`<dt><kbd>${keys}</kbd></dt>
            <dd>${does}</dd>`,
      )}
    </dl>
    <p>
      Tab reaches everything. Enter on an instance opens what can be done to it: crash it, slow it, bring it back, at
      the playhead’s time.
    </p>
    <button type="button" @click=${close}>Close</button>
  </dialog>`;
}
