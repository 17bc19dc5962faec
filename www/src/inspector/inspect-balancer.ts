import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { clock, count, counted } from "../panel/number.js";
import { getAt, type Path } from "../panel/path.js";
import { resolve, schemaAt } from "../panel/schema.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { ServiceView, TransitionView } from "../model/views.js";
import { fact, facts } from "./styles.js";
import { instanceNow } from "./words.js";

/** More lines than this are no longer read. */
const MOST_SHOWN = 200;

export class InspectBalancer extends StoreElement {
  static override properties: PropertyDeclarations = { service: { attribute: false } };
  declare service: number;
  protected override readonly watched: readonly StateKey[] = ["run"];
  protected override readonly flowing: readonly StateKey[] = ["frame"];

  constructor() {
    super();
    this.service = 0;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run, frame = null } = this.store?.state ?? {};
    const service = run?.services[this.service];
    if (!run || !service) return nothing;
    const policy = this.#policy();
    const own = Array.from({ length: service.instances }, (_, index) => service.first_instance + index);
    const taking = own.filter((index) => instanceNow(frame, index)?.takes_traffic === true).length;
    const panics = instanceNow(frame, service.first_instance)?.panic === true;
    const refuses = run.scenario.services[this.service]?.balancer.refuse_in_panic === true;
    const panic = panics ? `yes: all are ${refuses ? "refused" : "used"}` : "no";
    return html`<p><strong>${policy.title}.</strong> ${policy.help}</p>
      <dl>
        ${fact("instances that take traffic", `${count(taking)} of ${count(service.instances)}`)}
        ${fact("panic", panic)}
      </dl>
      ${this.#log(run.transitions.filter((one) => belongs(one, service)))}`;
  }

  #policy(): { title: string; help: string } {
    const { schema, run } = this.store?.state ?? {};
    const path: Path = ["services", this.service, "balancer", "policy"];
    const value = getAt(run?.scenario, path);
    const field = schema ? schemaAt(schema, path) : undefined;
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

function belongs({ instance }: TransitionView, { first_instance: first, instances }: ServiceView): boolean {
  return instance >= first && instance < first + instances;
}

customElements.define("inspect-balancer", InspectBalancer);
