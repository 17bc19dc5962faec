import { css, html, nothing, type TemplateResult } from "lit";
import { controls } from "./controls.js";
import { namesFor } from "./list-names.js";
import { messageFor } from "./mistakes.js";
import { groupsOf, type Change, type Group } from "./groups.js";
import { counted } from "./number.js";
import { getAt, pathText, setAt, type Path } from "./path.js";
import { matches, optionsOf, presetsOf, withOptions, type PresetOf } from "./presets.js";
import { changed, fieldsOf, type Field, type Node } from "./schema.js";
import type { FieldEdit } from "./sandtable-field.js";
import { StoreElement, type StateKey } from "./store-element.js";
import "./sandtable-field.js";

/** Two parameters have a control of their own beside the schema's: a drawn seed, and the choice of a recording. */
const SEED = "seed";
const ARRIVALS = /^clients\[(\d+)\]\.arrivals$/;
const RECORDED = "trace";
/** Rules that may be set as a whole. */
const RULES: readonly { of: PresetOf; key: RegExp }[] = [
  { of: "breaker", key: /\.breaker\.rule$/ },
  { of: "bulkhead", key: /\.(bulkhead|shared_pool)\.rule$/ },
];

/** The parameters, as a form made from the scenario's schema. */
export class SandtablePanel extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["scenario", "schema", "mistakes", "run"];

  readonly #pending = new Map<string, FieldEdit>();
  #frame: number | undefined;
  #more = false;
  /** Whose groups the two below are: with another scenario they begin anew. */
  #shown = "";
  /** The groups that somebody opened or closed. */
  readonly #toggled = new Map<string, boolean>();
  /** The groups that were open once: what they are about may cease, and nothing closes by itself. */
  readonly #opened = new Set<string>();

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

  #groups(): readonly Group[] {
    const state = this.store?.state;
    if (!state?.schema || !state.scenario) return [];
    const { schema, scenario } = state;
    const { name, clients, services, stores } = scenario;
    const shown = JSON.stringify([name, ...clients, ...services, ...stores].map(nameOf));
    if (shown !== this.#shown) {
      this.#toggled.clear();
      this.#opened.clear();
    }
    this.#shown = shown;
    return groupsOf(schema, scenario);
  }

  #group(group: Group): TemplateResult | typeof nothing {
    const nodes = group.nodes.filter((node) => this.#visible(node));
    if (nodes.length === 0) return nothing;
    const open = this.#isOpen(group);
    const onClick = (event: Event): void => {
      event.preventDefault();
      this.#toggled.set(group.key, !open);
      this.requestUpdate();
    };
    return html`<details ?open=${open}>
      <summary class="small" @click=${onClick}>${group.title}</summary>
      <div class="group" role="group" aria-label=${group.title}>
        ${group.about === undefined ? nothing : html`<p class="about muted">${group.about}</p>`}
        ${open && group.preset !== undefined ? this.#presets(group.preset.of, group.preset.path) : nothing}
        ${open ? nodes.map((node) => this.#node(node)) : nothing}
        ${open ? group.changes?.map((change) => this.#change(change)) : nothing}
      </div>
    </details>`;
  }

  #change({ label, change }: Change): TemplateResult {
    return html`<button type="button" class="link" @click=${() => this.store?.edit(change)}>${label}</button>`;
  }

  #isOpen(group: Group): boolean {
    if (group.open) this.#opened.add(group.key);
    const refused = fieldsOf(group.nodes).some((field) => this.#message(field) !== undefined);
    return refused || (this.#toggled.get(group.key) ?? this.#opened.has(group.key));
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
    const of = RULES.find(({ key }) => key.test(node.key))?.of;
    return html`<div class="section" role="group" aria-label=${node.title}>
      <h3>${node.title}</h3>
      ${of === undefined ? nothing : this.#presets(of, node.path)} ${children.map((child) => this.#node(child))}
    </div>`;
  }

  /** All options of a rule at once, as a library that people know has them. */
  #presets(of: PresetOf, path: Path): TemplateResult {
    const presets = presetsOf(of);
    const rule = getAt(this.store?.state.scenario, path);
    const chosen = presets.find((preset) => matches(preset, rule));
    const onChange = (event: Event): void => {
      const value = optionsOf(of, (event.target as HTMLSelectElement).value);
      if (value !== undefined) this.#edit({ path, value: withOptions(rule, value) });
    };
    return html`<label class="preset"
      ><span>As in</span>
      <select @change=${onChange}>
        ${chosen === undefined ? html`<option value="" .selected=${true}>own</option>` : nothing}
        ${presets.map((one) => html`<option value=${one.name} .selected=${one === chosen}>${one.title}</option>`)}
      </select></label
    >`;
  }

  /** What a list has a number for each of. */
  #namesFor(field: Field): readonly string[] {
    const run = this.store?.state.run;
    return run ? namesFor(run, field.path) : [];
  }

  #field(field: Field): TemplateResult {
    const state = this.store?.state;
    const group = groupOf(field.path);
    const recorded = group !== null && getAt(state?.scenario, field.path) === RECORDED;
    return html`<sandtable-field
        .field=${field}
        .value=${getAt(state?.scenario, field.path)}
        .names=${field.control.kind === "list" ? this.#namesFor(field) : []}
        .message=${this.#message(field)}
        .extra=${field.key === SEED ? this.#seedButton() : undefined}
      ></sandtable-field
      >${recorded ? this.#recording(group) : nothing}`;
  }

  #recording(group: number): TemplateResult {
    return html`<p>
      «${this.#trace(group)?.name ?? ""}»
      <button type="button" class="link" @click=${() => this.#openTraffic(group)}>Choose another</button>
    </p>`;
  }

  #trace(group: number): { name: string; counts: readonly unknown[] } | undefined {
    return this.store?.state.scenario?.clients[group]?.trace;
  }

  #openTraffic(group: number): void {
    this.dispatchEvent(new CustomEvent("open-traffic", { detail: { group }, bubbles: true, composed: true }));
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
    const group = groupOf(edit.path);
    if (group !== null && edit.value === RECORDED && !this.#trace(group)?.counts.length) {
      // Without a recording there is nothing to replay yet; the dialog puts both in place.
      this.#openTraffic(group);
      this.requestUpdate();
      return;
    }
    this.#edit(edit);
  }

  #edit(edit: FieldEdit): void {
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
        gap: 12px;
      }
      summary {
        padding-block: 3px;
        cursor: pointer;
        overflow-wrap: anywhere;
      }
      .group {
        display: grid;
        gap: 4px;
        min-width: 0;
        padding-top: 6px;
      }
      .about {
        font-size: 0.75rem;
      }
      .preset {
        display: grid;
        grid-template-columns: auto 1fr;
        align-items: center;
        gap: 8px;
        padding-block: 2px;
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

function nameOf(named: string | { readonly name: string }): string {
  return typeof named === "string" ? named : named.name;
}

/** The group of clients whose kind of arrivals stands at `path`; null where something else does. */
function groupOf(path: Path): number | null {
  const [, group] = ARRIVALS.exec(pathText(path)) ?? [];
  return group === undefined ? null : Number(group);
}

customElements.define("sandtable-panel", SandtablePanel);
