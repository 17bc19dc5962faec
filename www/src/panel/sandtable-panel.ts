import { css, html, nothing, type TemplateResult } from "lit";
import { controls } from "./controls.js";
import { messageFor } from "./mistakes.js";
import { counted } from "./number.js";
import { getAt, pathText, setAt, type Path } from "./path.js";
import { changed, fieldsOf, formFor, type Field, type Node } from "./schema.js";
import type { FieldEdit } from "./sandtable-field.js";
import { StoreElement, type StateKey } from "./store-element.js";
import "./sandtable-field.js";

/** The groups of the form, in their order; what is in them comes from the schema. */
const GROUPS: readonly { title: string; path: Path }[] = [
  { title: "Traffic", path: ["clients", 0] },
  { title: "Balancer", path: ["services", 0, "balancer"] },
  { title: "Instances", path: ["services", 0, "instances"] },
  { title: "Run", path: [] },
];
/** Two parameters have a control of their own beside the schema's: a drawn seed, and the choice of a recording. */
const SEED = "seed";
const ARRIVALS = "clients[0].arrivals";
const RECORDED = "trace";

interface Group {
  readonly title: string;
  readonly nodes: Node[];
}

/** The parameters, as a form made from the scenario's schema. */
export class SandtablePanel extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["scenario", "schema", "mistakes", "run"];

  readonly #pending = new Map<string, FieldEdit>();
  #frame: number | undefined;
  #more = false;

  override disconnectedCallback(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const groups = this.#groups();
    const fields = groups.flatMap((group) => fieldsOf(group.nodes));
    const further = fields.filter((field) => field.level === "more").length;
    return html`<form @submit=${this.#onSubmit} @field-edit=${this.#onEdit}>
      ${groups.map((group) => this.#group(group))}
      <div class="foot">
        ${
          further === 0
            ? nothing
            : html`<button type="button" class="link" aria-expanded=${this.#more} @click=${this.#toggleMore}>
                ${this.#more ? "Show fewer parameters" : `Show ${counted(further, "more parameter")}`}
              </button>`
        }
        ${this.#resetAll(fields)}
      </div>
    </form>`;
  }

  #groups(): Group[] {
    const state = this.store?.state;
    if (!state?.schema || !state.scenario) return [];
    const { schema, scenario } = state;
    return GROUPS.map(({ title, path }) => {
      const nodes = formFor(schema, scenario, path);
      // The run's own parameters stand at the root, beside the lists of those who take part.
      return { title, nodes: path.length === 0 ? nodes.filter(isScalar) : nodes };
    });
  }

  #group(group: Group): TemplateResult | typeof nothing {
    const nodes = group.nodes.filter((node) => this.#visible(node));
    if (nodes.length === 0) return nothing;
    return html`<fieldset>
      <legend class="small">${group.title}</legend>
      ${nodes.map((node) => this.#node(node))}
    </fieldset>`;
  }

  #visible(node: Node): boolean {
    if (node.node === "section") return node.children.some((child) => this.#visible(child));
    return this.#more || node.level === "basic" || this.#message(node) !== undefined;
  }

  #node(node: Node): TemplateResult {
    if (node.node === "field") return this.#field(node);
    const children = node.children.filter((child) => this.#visible(child));
    const [head, ...rest] = children;
    if (node.headed && head !== undefined) {
      return html`${this.#node(head)}${rest.length === 0 ? nothing : html`<div class="section">${rest.map((child) => this.#node(child))}</div>`}`;
    }
    return html`<div class="section" role="group" aria-label=${node.title}>
      <h3>${node.title}</h3>
      ${children.map((child) => this.#node(child))}
    </div>`;
  }

  #field(field: Field): TemplateResult {
    const state = this.store?.state;
    const recorded = field.key === ARRIVALS && getAt(state?.scenario, field.path) === RECORDED;
    return html`<sandtable-field
        .field=${field}
        .value=${getAt(state?.scenario, field.path)}
        .names=${state?.run?.instanceNames ?? []}
        .message=${this.#message(field)}
        .extra=${field.key === SEED ? this.#seedButton() : undefined}
      ></sandtable-field
      >${recorded ? this.#recording() : nothing}`;
  }

  #recording(): TemplateResult {
    return html`<p>
      «${this.#trace?.name ?? ""}»
      <button type="button" class="link" @click=${this.#openTraffic}>Choose another</button>
    </p>`;
  }

  get #trace(): { name: string; counts: readonly unknown[] } | undefined {
    return this.store?.state.scenario?.clients[0]?.trace;
  }

  #openTraffic(): void {
    this.dispatchEvent(new CustomEvent("open-traffic", { bubbles: true, composed: true }));
  }

  #seedButton(): TemplateResult {
    return html`<button
      type="button"
      class="icon"
      title="New seed"
      aria-label="New seed"
      @click=${() => this.#newSeed()}
    >
      ⟳
    </button>`;
  }

  #message(field: Field): string | undefined {
    return messageFor(field.key, this.store?.state.mistakes ?? []);
  }

  #resetAll(fields: readonly Field[]): TemplateResult | typeof nothing {
    const edited = fields.filter((field) => changed(field, this.store?.state.scenario));
    if (edited.length === 0) return nothing;
    const onClick = (): void => {
      this.store?.edit((draft) => {
        for (const field of edited) setAt(draft, field.path, structuredClone(field.initial));
      });
    };
    return html`<button type="button" class="link" @click=${onClick}>
      Reset ${counted(edited.length, "changed parameter")}
    </button>`;
  }

  #onSubmit(event: Event): void {
    event.preventDefault();
  }

  #onEdit(event: CustomEvent<FieldEdit>): void {
    const edit = event.detail;
    if (pathText(edit.path) === ARRIVALS && edit.value === RECORDED && !this.#trace?.counts.length) {
      // Without a recording there is nothing to replay yet; the dialog puts both in place.
      this.#openTraffic();
      this.requestUpdate();
      return;
    }
    this.#pending.set(edit.path.join("."), edit);
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#apply();
    });
  }

  /** One edit, and so one run, for all that was changed within a frame. */
  #apply(): void {
    const edits = [...this.#pending.values()];
    this.#pending.clear();
    this.store?.edit((draft) => {
      for (const { path, value } of edits) setAt(draft, path, value);
    });
  }

  #newSeed(): void {
    void this.store?.reseed();
  }

  #toggleMore(): void {
    this.#more = !this.#more;
    this.requestUpdate();
  }

  static override styles = [
    controls,
    css`
      form {
        display: grid;
        gap: 20px;
      }
      fieldset {
        display: grid;
        gap: 4px;
        min-width: 0;
      }
      legend {
        margin-bottom: 6px;
      }
      .section {
        display: grid;
        gap: 4px;
        padding-inline-start: 10px;
        border-inline-start: 1px solid var(--line);
      }
      h3 {
        color: var(--muted);
        font-size: 0.75rem;
        font-weight: 600;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 4px 16px;
      }
    `,
  ];
}

function isScalar(node: Node): boolean {
  return node.node === "field" && node.control.kind !== "list" && node.control.kind !== "text";
}

customElements.define("sandtable-panel", SandtablePanel);
