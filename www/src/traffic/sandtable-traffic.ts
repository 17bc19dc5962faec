import { css, html, nothing, svg, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { count, counted, percent, perSecond, span } from "../panel/number.js";
import { fieldsOf, formFor, type Field } from "../panel/schema.js";
import type { FieldEdit } from "../panel/sandtable-field.js";
import "../panel/sandtable-field.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { KeyBy } from "../model/views.js";
import {
  course,
  fittingCompression,
  imported,
  outlook,
  replayed,
  sampled,
  SAMPLES,
  type Recording,
  type Sample,
} from "./recording.js";

const MULTIPLIER = "clients[0].multiplier";
const COMPRESSION = "clients[0].compression";
/** Bars of the little picture of a recording's course. */
const BINS = 120;

/** The dialog in which recorded traffic is chosen, looked at, and put in the place of the clients' arrivals. */
export class SandtableTraffic extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["schema", "run"];

  #recording: Recording | undefined;
  #file: File | undefined;
  #keyBy: KeyBy = "client";
  #multiplier = 1;
  #compression = 1;
  /** The group of clients that is to send it. */
  #group = 0;
  #busy = "";
  #refusal = "";
  /** Only the newest of several readings counts. */
  #reading = 0;

  /** Opens the dialog, for a group of clients and on a file if these are given. */
  open(file?: File, group = 0): void {
    this.#group = group;
    this.#refusal = "";
    this.requestUpdate();
    void this.updateComplete.then(() => {
      const dialog = this.#dialog;
      if (dialog?.open === false) dialog.showModal();
    });
    if (file !== undefined) void this.#import(file);
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  get #duration_ms(): number {
    return this.store?.state.scenario?.duration_ms ?? 60_000;
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @field-edit=${this.#onEdit}>
      <header>
        <h2 id="title">Use recorded traffic</h2>
        <button class="icon" aria-label="Close" @click=${this.#close}>✕</button>
      </header>
      <h3>Recordings that come with the page</h3>
      <div class="samples">
        ${SAMPLES.map((sample) => html`<button @click=${() => this.#fetch(sample)}>${sample.title}</button>`)}
      </div>
      <h3><label for="file">A file of yours</label></h3>
      <p class="muted">
        An access log (Common or Combined Log Format) or a CSV of requests per second, plain or gzipped. It stays on
        this machine.
      </p>
      <input id="file" type="file" accept=".log,.txt,.csv,.gz,text/*,application/gzip" @change=${this.#onFile} />
      ${this.#keys()}
      <p role="status" class="muted">${this.#busy}</p>
      ${this.#refusal === "" ? nothing : html`<p role="alert" class="error">${this.#refusal} The run stays as it is.</p>`}
      ${this.#recording === undefined ? nothing : this.#preview(this.#recording)}
    </dialog>`;
  }

  #keys(): TemplateResult {
    const option = (value: KeyBy, text: string): TemplateResult =>
      html`<label
        ><input type="radio" name="key" value=${value} .checked=${this.#keyBy === value} @change=${this.#onKeyBy} />
        ${text}</label
      >`;
    return html`<fieldset class="keys">
      <legend>A request’s key in a log</legend>
      ${option("client", "who asked (client address)")} ${option("path", "what was asked for (path)")}
    </fieldset>`;
  }

  #preview(recording: Recording): TemplateResult {
    const { lasts_ms, fits, mean_per_s } = outlook(recording, this.#replay, this.#duration_ms);
    const keys = recording.distinct_keys > 0 ? `, ${counted(recording.distinct_keys, "key")}` : ", no keys";
    return html`<section class="preview" aria-label="The recording">
      <h3>${recording.trace.name}</h3>
      <p>
        ${counted(recording.requests, "request")} over ${span(recording.span_s * 1000)}${keys}
        <span class="muted">(${recording.format})</span>
      </p>
      ${sparkline(recording)} ${this.#rejections(recording)}
      ${recording.attribution === "" ? nothing : html`<p class="muted small">${recording.attribution}</p>`}
      ${this.#groups()} ${this.#fields().map((field) => this.#field(field))} ${this.#fitting(recording)}
      <p>
        The replay lasts
        ${span(lasts_ms)}${fits < 0.9995 ? html`; ${percent(fits * 100)} of it fit the run of ${span(this.#duration_ms)}` : nothing};
        about ${perSecond(mean_per_s)} on average.
      </p>
      <button class="primary" @click=${this.#apply}>Replay it</button>
    </section>`;
  }

  /** Who is to send it, where there are several groups of clients. */
  #groups(): TemplateResult | typeof nothing {
    const clients = this.store?.state.scenario?.clients ?? [];
    if (clients.length < 2) return nothing;
    return html`<label class="group"
      >Sent by
      <select @change=${this.#onGroup}>
        ${clients.map(
          ({ name }, index) => html`<option value=${index} .selected=${index === this.#sender}>${name}</option>`,
        )}
      </select></label
    >`;
  }

  /** The chosen group, or the first where it is gone. */
  get #sender(): number {
    return this.#group < (this.store?.state.scenario?.clients.length ?? 1) ? this.#group : 0;
  }

  readonly #onGroup = (event: Event): void => {
    this.#group = Number((event.target as HTMLSelectElement).value);
    this.requestUpdate();
  };

  get #replay(): { multiplier: number; compression: number } {
    return { multiplier: this.#multiplier, compression: this.#compression };
  }

  #fields(): Field[] {
    const schema = this.store?.state.schema;
    if (!schema) return [];
    const fields = fieldsOf(formFor(schema, { clients: [{ arrivals: "trace" }] }, ["clients", 0]));
    return fields.filter((field) => field.key === MULTIPLIER || field.key === COMPRESSION);
  }

  #field(field: Field): TemplateResult {
    const value = field.key === MULTIPLIER ? this.#multiplier : this.#compression;
    return html`<sandtable-field .field=${field} .value=${value} .resettable=${false}></sandtable-field>`;
  }

  #fitting(recording: Recording): TemplateResult | typeof nothing {
    const fitting = fittingCompression(recording.span_s, this.#duration_ms);
    if (fitting === this.#compression) return nothing;
    const onClick = (): void => {
      this.#compression = fitting;
      this.requestUpdate();
    };
    return html`<p>
      <button class="link" @click=${onClick}>Compress time ${count(fitting)}× so that all of it fits the run</button>
    </p>`;
  }

  #rejections(recording: Recording): TemplateResult {
    if (recording.rejected === 0) {
      return html`<p class="muted">
        ${recording.lines === undefined ? nothing : `${counted(recording.lines, "line")}, none rejected`}
      </p>`;
    }
    const rest = recording.rejected - recording.rejections.length;
    return html`<details>
      <summary>${counted(recording.rejected, "line")} of ${count(recording.lines)} rejected</summary>
      <ul class="rejections" tabindex="0" aria-label="Rejected lines">
        ${recording.rejections.map((one) => html`<li>line ${count(one.line)}: ${one.reason}</li>`)}
        ${rest > 0 ? html`<li>and ${counted(rest, "more line")}</li>` : nothing}
      </ul>
    </details>`;
  }

  async #fetch(sample: Sample): Promise<void> {
    this.#file = undefined;
    await this.#read(`Fetching «${sample.title}»…`, async () => {
      const answer = await fetch(new URL(`samples/${sample.file}.json`, document.baseURI));
      if (!answer.ok) throw new Error(`The sample could not be fetched (${answer.status}).`);
      return sampled(await answer.json());
    });
  }

  async #import(file: File): Promise<void> {
    const { store } = this;
    if (store === undefined) return;
    this.#file = file;
    await this.#read(`Reading «${file.name}»…`, async () => imported(await store.importTraffic(file, this.#keyBy)));
  }

  /** Whatever goes wrong is told in the dialog; the scenario isn't touched before «Replay it». */
  async #read(busy: string, read: () => Promise<Recording>): Promise<void> {
    const reading = (this.#reading += 1);
    this.#busy = busy;
    this.#refusal = "";
    this.#recording = undefined;
    this.requestUpdate();
    try {
      const recording = await read();
      if (reading !== this.#reading) return;
      this.#recording = recording;
      this.#multiplier = 1;
      this.#compression = fittingCompression(recording.span_s, this.#duration_ms);
    } catch (error) {
      if (reading !== this.#reading) return;
      this.#refusal = error instanceof Error ? error.message : String(error);
    }
    this.#busy = "";
    this.requestUpdate();
  }

  #onFile(event: Event): void {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file !== undefined) void this.#import(file);
    // The same file can be chosen again, after it was mended.
    input.value = "";
  }

  #onKeyBy(event: Event): void {
    this.#keyBy = (event.target as HTMLInputElement).value === "path" ? "path" : "client";
    if (this.#file !== undefined) void this.#import(this.#file);
    else this.requestUpdate();
  }

  #onEdit(event: CustomEvent<FieldEdit>): void {
    const { path, value } = event.detail;
    if (typeof value !== "number" || !(value > 0)) return;
    if (path.at(-1) === "multiplier") this.#multiplier = value;
    else this.#compression = value;
    this.requestUpdate();
  }

  #apply(): void {
    const recording = this.#recording;
    if (recording === undefined) return;
    this.store?.edit((draft) => {
      replayed(draft, this.#sender, recording.trace, this.#replay);
    });
    this.#close();
  }

  #close(): void {
    this.#dialog?.close();
  }

  static override styles = [
    controls,
    css`
      dialog {
        width: min(520px, calc(100vw - 24px));
        max-height: calc(100vh - 32px);
        padding: 20px;
        border: 1px solid var(--line);
        background: var(--surface);
        color: var(--text);
        overflow-y: auto;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      header {
        display: flex;
        justify-content: space-between;
      }
      h2 {
        font-size: 1rem;
      }
      h3 {
        margin-top: 14px;
        font-size: 0.8125rem;
      }
      .samples {
        display: grid;
        gap: 6px;
        margin-top: 6px;
      }
      .samples button {
        text-align: start;
      }
      input[type="file"] {
        width: 100%;
        margin-block: 6px;
        font: inherit;
      }
      input::file-selector-button {
        min-height: 28px;
        margin-inline-end: 10px;
        padding: 3px 10px;
        border: 1px solid var(--line);
        background: transparent;
        color: inherit;
        font: inherit;
        cursor: pointer;
      }
      .keys {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
      }
      .keys legend {
        padding: 0;
        color: var(--muted);
      }
      .preview {
        display: grid;
        gap: 6px;
        margin-top: 8px;
        padding-top: 2px;
        border-top: 1px solid var(--line);
      }
      .spark {
        width: 100%;
        height: 44px;
        color: var(--accent);
      }
      .group {
        display: flex;
        gap: 8px;
        align-items: center;
      }
      .small,
      .rejections {
        font-size: 0.75rem;
      }
      .rejections {
        max-height: 140px;
        padding-inline-start: 16px;
        overflow-y: auto;
      }
      summary {
        cursor: pointer;
        color: var(--late);
      }
    `,
  ];
}

function sparkline(recording: Recording): TemplateResult {
  const bars = course(recording.trace.counts, recording.span_s, BINS);
  const path = bars.map((share, index) => `M${index + 0.5} 40v${(-share * 40).toFixed(1)}`).join("");
  return html`<svg
    class="spark"
    viewBox="0 0 ${BINS} 40"
    preserveAspectRatio="none"
    role="img"
    aria-label="Requests over the recording’s time"
  >
    ${svg`<path d=${path} stroke="currentColor" stroke-width="0.8" />`}
  </svg>`;
}

customElements.define("sandtable-traffic", SandtableTraffic);
