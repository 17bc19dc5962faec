/** Whether the scenario on the page is still the one whose name it bears. */
import type { Changed, ChangeEvent, Store } from "../model/store.js";
import type { Scenario } from "../model/views.js";
import { OFFERS, type Offer } from "./scenarios.js";

export function offerOf(scenario: Scenario | null): Offer | undefined {
  return OFFERS.find(({ name }) => name === scenario?.name);
}

export class Origin {
  readonly #store: Store;
  readonly #told: () => void;
  /** The offers as the model writes them, with all defaults left out. */
  readonly #offers = new Map<Offer, Promise<string>>();
  #edited = false;
  #looking = false;
  #again = false;

  constructor(store: Store, told: () => void, signal: AbortSignal) {
    this.#store = store;
    this.#told = told;
    const onChange = (changed: Changed): void => {
      if (changed.has("run")) void this.#look();
    };
    store.addEventListener("change", (event) => onChange((event as ChangeEvent).detail.changed), { signal });
  }

  /** Always false for a scenario that is none of those that come with the page. */
  get edited(): boolean {
    return this.#edited;
  }

  /** One look at a time: while a slider is dragged there is a run for each frame. */
  async #look(): Promise<void> {
    this.#again = true;
    if (this.#looking) return;
    this.#looking = true;
    while (this.#again) {
      this.#again = false;
      await this.#compare().catch(() => {
        // The model broke down; the run that is built again makes us look again.
      });
    }
    this.#looking = false;
  }

  async #compare(): Promise<void> {
    const scenario = this.#store.state.run?.scenario;
    const offer = offerOf(scenario ?? null);
    const edited = scenario !== undefined && offer !== undefined && !(await this.#same(scenario, offer));
    if (edited === this.#edited) return;
    this.#edited = edited;
    this.#told();
  }

  async #same(scenario: Scenario, offer: Offer): Promise<boolean> {
    // No offer has a recording, and a long one need not be written out to know that.
    if (scenario.clients.some(({ trace }) => trace.counts.length > 0)) return false;
    return (await this.#store.compact(scenario)) === (await this.#compactOffer(offer));
  }

  #compactOffer(offer: Offer): Promise<string> {
    const known = this.#offers.get(offer);
    if (known) return known;
    const coming = this.#store.compact(offer.scenario);
    coming.catch(() => this.#offers.delete(offer));
    this.#offers.set(offer, coming);
    return coming;
  }
}
