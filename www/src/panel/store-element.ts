import { LitElement, type PropertyDeclarations, type PropertyValues } from "lit";
import type { State, Store } from "../model/store.js";

export type StateKey = keyof State;

/** Numbers that change with every frame are shown this often: faster can't be read. */
const FLOW_INTERVAL_MS = 125;

/** An element that shows the store: it renders when something that it shows has changed, and not otherwise. */
export abstract class StoreElement extends LitElement {
  static override properties: PropertyDeclarations = { store: { attribute: false } };
  declare store: Store | undefined;

  /** What is shown at once when it changes. */
  protected abstract readonly watched: readonly StateKey[];
  /** What changes with every frame while the run plays, and is shown a few times a second. */
  protected readonly flowing: readonly StateKey[] = [];

  #listening: AbortController | undefined;
  #flowTimer: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    this.#listening?.abort();
    this.#listening = undefined;
    clearTimeout(this.#flowTimer);
    this.#flowTimer = undefined;
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("store")) this.#listen();
  }

  /** For what must follow every frame without a render, such as the playhead. */
  protected storeChanged?(changed: ReadonlySet<StateKey>): void;

  #listen(): void {
    this.#listening?.abort();
    if (this.store === undefined || !this.isConnected) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const onChange = (event: Event): void => {
      this.#onChange((event as CustomEvent<{ changed: ReadonlySet<StateKey> }>).detail.changed);
    };
    this.store.addEventListener("change", onChange, { signal });
  }

  #onChange(changed: ReadonlySet<StateKey>): void {
    this.storeChanged?.(changed);
    if (this.watched.some((key) => changed.has(key))) this.requestUpdate();
    else if (this.flowing.some((key) => changed.has(key))) this.#flow();
  }

  #flow(): void {
    if (this.#flowTimer !== undefined) return;
    this.#flowTimer = window.setTimeout(() => {
      this.#flowTimer = undefined;
      this.requestUpdate();
    }, FLOW_INTERVAL_MS);
  }
}
