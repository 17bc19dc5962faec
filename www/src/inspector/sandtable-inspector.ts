import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { spoken } from "../model/names.js";
import type { RunView } from "../model/views.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import "../briefing/log-card.js";
import "./inspect-balancer.js";
import "./inspect-call.js";
import "./inspect-client.js";
import "./inspect-instance.js";
import "./inspect-key.js";
import "./inspect-map.js";
import "./inspect-request.js";
import "./inspect-sides.js";

/** What is known of whatever is picked: a request, an instance, shard or side, a balancer or map, a log, a key, a call or the clients. */
export class SandtableInspector extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["selection", "run"];

  #opener: HTMLElement | undefined;
  #open = false;

  /** To the heading, so that a screen reader begins with what is picked. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    // Its code may come only when something has been picked already.
    if (changed.has("store")) this.#note();
  }

  protected override storeChanged(changed: ReadonlySet<StateKey>): void {
    if (changed.has("selection")) this.#note();
  }

  #note(): void {
    const picked = (this.store?.state.selection ?? null) !== null;
    if (picked && !this.#open) this.#opener = focused();
    this.#open = picked;
  }

  protected override render(): TemplateResult | typeof nothing {
    const title = this.#title();
    if (title === undefined) return nothing;
    return html`<section aria-labelledby="title" @keydown=${this.#onKey}>
      <header>
        <h2 id="title" tabindex="-1">${title}</h2>
        <button class="icon" aria-label="Close the inspector" @click=${this.#close}>✕</button>
      </header>
      ${this.#body()}
    </section>`;
  }

  #title(): string | undefined {
    const { selection, run } = this.store?.state ?? {};
    switch (selection?.kind) {
      case "request":
        return `Request ${selection.id}`;
      case "instance":
        return spoken(run?.instanceNames[selection.index] ?? "Instance");
      case "balancer":
        return balancerTitle(run, selection.service ?? 0);
      case "client":
        return "Clients";
      case "call":
        return `Call: ${run?.calls[selection.call]?.name ?? ""}`;
      case "key":
        return `Key ${selection.key}`;
      case "log":
        return `Log of ${run?.services.find(({ cqrs }) => cqrs === selection.cqrs)?.name ?? ""}`;
      case undefined:
        return undefined;
    }
  }

  #body(): TemplateResult | typeof nothing {
    const selection = this.store?.state.selection;
    switch (selection?.kind) {
      case "request":
        return html`<inspect-request .store=${this.store} .request=${selection.id}></inspect-request>`;
      case "instance":
        return html`<inspect-instance .store=${this.store} .index=${selection.index}></inspect-instance>`;
      case "balancer":
        if (isMap(this.store?.state.run, selection.service ?? 0))
          return html`<inspect-map .store=${this.store} .station=${selection.service ?? 0}></inspect-map>`;
        if (isPair(this.store?.state.run, selection.service ?? 0)) return this.#sides(selection.service ?? 0);
        return html`<inspect-balancer .store=${this.store} .service=${selection.service ?? 0}></inspect-balancer>`;
      case "client":
        return html`<inspect-client .store=${this.store}></inspect-client>`;
      case "call":
        return html`<inspect-call .store=${this.store} .call=${selection.call}></inspect-call>`;
      case "key":
        return html`<inspect-key .store=${this.store} .of=${selection.store} .key=${selection.key}></inspect-key>`;
      case "log":
        return html`<log-card bare .store=${this.store} .pair=${selection.cqrs}></log-card>`;
      case undefined:
        return nothing;
    }
  }

  #sides(station: number): TemplateResult {
    return html`<inspect-sides .store=${this.store} .station=${station}></inspect-sides>`;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#close();
  }

  /** The focus goes back to where it was when something was picked. */
  #close(): void {
    const inside = this.matches(":focus-within");
    this.store?.select(null);
    if (inside && this.#opener?.isConnected === true) this.#opener.focus();
    this.#opener = undefined;
  }

  static override styles = [
    controls,
    css`
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        margin-bottom: 6px;
      }
      h2 {
        font-size: 1rem;
        overflow-wrap: anywhere;
      }
      h2:focus {
        outline: none;
      }
      .icon {
        min-width: 28px;
        min-height: 28px;
      }
    `,
  ];
}

function isMap(run: RunView | null | undefined, station: number): boolean {
  return (run?.services[station]?.store ?? null) !== null;
}

function isPair(run: RunView | null | undefined, station: number): boolean {
  return (run?.services[station]?.cqrs ?? null) !== null;
}

function balancerTitle(run: RunView | null | undefined, service: number): string {
  const services = run?.services ?? [];
  if (isMap(run, service)) return `Map of ${services[service]?.name ?? ""}`;
  if (isPair(run, service)) return services[service]?.name ?? "";
  return services.length > 1 ? `Balancer of ${services[service]?.name ?? ""}` : "Balancer";
}

/** The focused element, through shadow roots. */
function focused(): HTMLElement | undefined {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement ? element : undefined;
}

customElements.define("sandtable-inspector", SandtableInspector);
