import { css, html, nothing, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { clock } from "../panel/number.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { KeyPlace } from "../model/views.js";
import { movingWords, readKeys, summary } from "./lookup.js";

/** Typing, dragging the playhead: what is asked last is answered, when it rests. */
const REST_MS = 120;

interface Found {
  readonly places: readonly KeyPlace[];
  readonly at_ms: number;
}

/** Where a key is at the playhead's time, and why; or a list of them. */
export class KeyLookup extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run", "playing"];

  #text = "soldier_17";
  #number = 0;
  #found: Found | undefined;
  #problem = "";
  #rest: number | undefined;
  /** What was asked last: an answer to something older is dropped. */
  #asked = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ask();
  }

  override disconnectedCallback(): void {
    clearTimeout(this.#rest);
    super.disconnectedCallback();
  }

  /** Asks for these, as if they had been typed. */
  ask(keys: string): void {
    this.#text = keys;
    this.requestUpdate();
    this.#ask();
    const field = this.renderRoot.querySelector<HTMLTextAreaElement>("#keys");
    field?.focus({ preventScroll: true });
    // The answer stands below the field.
    field?.closest("section")?.scrollIntoView({ block: "nearest" });
  }

  protected override storeChanged(changed: ReadonlySet<StateKey>): void {
    // While the run plays the answer stays that of its moment: sentences that change with each frame can't be read.
    const moved = changed.has("playhead_ms") && this.store?.state.playing !== true;
    if (moved || changed.has("run") || changed.has("playing")) this.#ask();
  }

  #ask(): void {
    clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => void this.#look(), REST_MS);
  }

  async #look(): Promise<void> {
    const { run, playhead_ms } = this.store?.state ?? {};
    const stores = run?.stores.length ?? 0;
    if (this.#number >= stores) this.#number = 0;
    this.#asked += 1;
    const own = this.#asked;
    const asked = readKeys(this.#text);
    this.#problem = "problem" in asked ? asked.problem : "";
    this.requestUpdate();
    if ("problem" in asked || stores === 0 || playhead_ms === undefined) return;
    const places = await this.store?.locate(this.#number, asked.keys).catch(() => undefined);
    if (own !== this.#asked || places === undefined) return;
    this.#found = { places, at_ms: playhead_ms };
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const stores = this.store?.state.run?.stores ?? [];
    return html`<section aria-labelledby="title">
      <h2 class="small" id="title">Where is a key?</h2>
      ${stores.length > 1 ? this.#stores(stores.map(({ name }) => name)) : nothing}
      <label for="keys">Keys, one a line or between commas</label>
      <textarea
        id="keys"
        rows="2"
        spellcheck="false"
        autocomplete="off"
        .value=${this.#text}
        aria-describedby="problem"
        aria-invalid=${this.#problem === "" ? "false" : "true"}
        @input=${this.#onInput}
      ></textarea>
      <p id="problem" role="alert" class=${this.#problem === "" ? "" : "error"}>${this.#problem}</p>
      ${this.#answer(this.#problem === "" ? this.#found : undefined)}
    </section>`;
  }

  #stores(names: readonly string[]): TemplateResult {
    const onChange = (event: Event): void => {
      this.#number = (event.target as HTMLSelectElement).selectedIndex;
      this.#ask();
    };
    return html`<label for="store">Store</label>
      <select id="store" @change=${onChange}>
        ${names.map((name, number) => html`<option .selected=${number === this.#number}>${name}</option>`)}
      </select>`;
  }

  /** The place of the answer stays where there is none: what comes to stand in it is then announced. */
  #answer(found: Found | undefined): TemplateResult {
    if (found === undefined) return html`<p role="status"></p>`;
    const { places, at_ms } = found;
    const [only] = places;
    const said = places.length === 1 && only !== undefined ? sentence(only) : summary(places);
    return html`<p role="status">${said} <span class="muted">At ${clock(at_ms)}.</span></p>
      ${places.length > 1 ? this.#list(places) : nothing}`;
  }

  #list(places: readonly KeyPlace[]): TemplateResult {
    return html`<div class="list" tabindex="0" role="region" aria-label="Keys and their shards">
      <table>
        <thead>
          <tr>
            <th scope="col">key</th>
            <th scope="col">shard</th>
          </tr>
        </thead>
        <tbody>
          ${places.map(
            (place) =>
              html`<tr title=${place.why}>
                <th scope="row">${place.key}</th>
                <td>
                  <strong>${place.holder_name}</strong>
                  <span class="moving">${movingWords(place)}</span>
                  <span class="why muted">${place.why}</span>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #onInput(event: Event): void {
    this.#text = (event.target as HTMLTextAreaElement).value;
    this.#ask();
  }

  static override styles = [
    controls,
    css`
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 6px;
        margin-top: 8px;
      }
      textarea {
        width: 100%;
        resize: vertical;
      }
      p {
        overflow-wrap: anywhere;
      }
      .list {
        max-height: 320px;
        overflow: auto;
        font-size: 0.75rem;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th {
        color: var(--muted);
        font-weight: 400;
        text-align: start;
        overflow-wrap: anywhere;
      }
      th {
        width: 35%;
      }
      th,
      td {
        padding: 2px 8px 2px 0;
        vertical-align: top;
      }
      tbody tr {
        border-top: 1px solid var(--line);
      }
      .why {
        display: block;
        overflow-wrap: anywhere;
      }
      .moving {
        color: var(--late);
      }
    `,
  ];
}

function sentence(place: KeyPlace): TemplateResult {
  const away = movingWords(place);
  return html`<strong>${place.holder_name}</strong>: ${place.why}.${away === "" ? "" : ` It is ${away}.`}`;
}

customElements.define("key-lookup", KeyLookup);
