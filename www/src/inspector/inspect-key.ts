import { html, type PropertyDeclarations, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { KeyPlace } from "../model/views.js";
import { mapAt, nowOf, shardsOf } from "../stage/reading/shards.js";
import { keySentence } from "./shard-words.js";
import { fact, facts } from "./styles.js";

/** Where a key is, and why. */
export class InspectKey extends StoreElement {
  static override properties: PropertyDeclarations = { of: { attribute: false }, key: { attribute: false } };
  /** The number of its store. */
  declare of: number;
  declare key: string;
  protected override readonly watched: readonly StateKey[] = ["run"];
  protected override readonly flowing: readonly StateKey[] = ["frame", "playhead_ms"];

  #place: KeyPlace | undefined;
  /** The run, the key and the moment that the place is of, or is being asked for. */
  #asked = "";
  #failed = "";

  constructor() {
    super();
    this.of = 0;
    this.key = "";
  }

  protected override updated(): void {
    const { run, frame } = this.store?.state ?? {};
    const details = run?.stores[this.of];
    if (!run || !frame || !details) return;
    // The answer changes with the map, and while keys move.
    const map = mapAt(details.maps, nowOf(frame));
    const moves = shardsOf(frame, details).some(({ sending }) => sending > 0) ? nowOf(frame) : 0;
    const wanted = JSON.stringify([run.epoch, this.of, this.key, map, moves]);
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    void this.#locate(wanted);
  }

  async #locate(wanted: string): Promise<void> {
    try {
      const [place] = (await this.store?.locate(this.of, [this.key])) ?? [];
      if (wanted !== this.#asked) return;
      this.#place = place;
      this.#failed = "";
    } catch (error) {
      if (wanted !== this.#asked) return;
      this.#place = undefined;
      this.#failed = error instanceof Error ? error.message : String(error);
    }
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const place = this.#place;
    const details = this.store?.state.run?.stores[this.of];
    if (place?.key !== this.key || !details) return html`<p class="muted" role="status">${this.#failed}</p>`;
    return html`<p>${keySentence(place)}</p>
      <p>${place.why}.</p>
      <dl>${fact("store", details.name)} ${fact("by the map", place.name)}</dl>`;
  }

  static override styles = [controls, facts];
}

customElements.define("inspect-key", InspectKey);
