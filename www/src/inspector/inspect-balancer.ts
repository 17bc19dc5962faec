import { html, nothing, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { clock, count, counted } from "../panel/number.js";
import { getAt } from "../panel/path.js";
import { resolve, schemaAt } from "../panel/schema.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import { SCALAR, type TransitionView } from "../model/views.js";
import { fact, facts } from "./styles.js";

const POLICY = ["services", 0, "balancer", "policy"] as const;
/** More lines than this are no longer read. */
const MOST_SHOWN = 200;

export class InspectBalancer extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["run"];
  protected override readonly flowing: readonly StateKey[] = ["frame"];

  protected override render(): TemplateResult {
    const state = this.store?.state;
    const policy = this.#policy();
    const taking = state?.frame?.scalars[SCALAR.takingTraffic];
    const panic = state?.frame?.scalars[SCALAR.panic] === 1;
    return html`<p><strong>${policy.title}.</strong> ${policy.help}</p>
      <dl>
        ${fact("instances that take traffic", `${count(taking)} of ${count(state?.run?.instanceNames.length)}`)}
        ${fact("panic", panic ? "yes: all are used" : "no")}
      </dl>
      ${this.#log(state?.run?.transitions ?? [])}`;
  }

  #policy(): { title: string; help: string } {
    const { schema, run } = this.store?.state ?? {};
    const value = getAt(run?.scenario, POLICY);
    const field = schema ? schemaAt(schema, POLICY) : undefined;
    const choice = schema && field ? resolve(schema, field).oneOf?.find((one) => one.const === value) : undefined;
    return { title: choice?.title ?? String(value), help: choice?.description ?? "" };
  }

  #log(transitions: readonly TransitionView[]): TemplateResult {
    if (transitions.length === 0)
      return html`<h3>Changes</h3>
        <p class="muted">None: every instance keeps its status throughout.</p>`;
    const now = this.store?.state.playhead_ms ?? 0;
    const rest = transitions.length - MOST_SHOWN;
    return html`<h3>Changes</h3>
      <ol class="steps" aria-label="Changes">
        ${transitions.slice(0, MOST_SHOWN).map(
          (one) =>
            html`<li>
              <button class=${one.at_ms <= now ? "past" : ""} @click=${() => this.store?.seek(one.at_ms)}>
                <span class="at">${clock(one.at_ms)}</span><span>${this.#worded(one)}</span>
              </button>
            </li>`,
        )}
      </ol>
      ${rest > 0 ? html`<p class="muted">and ${counted(rest, "more change")}</p>` : nothing}`;
  }

  #worded(one: TransitionView): string {
    const name = this.store?.state.run?.instanceNames[one.instance] ?? "";
    return name === "" || one.text.includes(name) ? one.text : `${name}: ${one.text}`;
  }

  static override styles = [controls, facts];
}

customElements.define("inspect-balancer", InspectBalancer);
