import { css, html, nothing, type TemplateResult } from "lit";
import { controls } from "../panel/controls.js";
import { problemOf } from "../panel/mistakes.js";
import { getAt, setAt } from "../panel/path.js";
import { fieldsOf, formFor, type Choice, type Field } from "../panel/schema.js";
import type { FieldEdit, SandtableField } from "../panel/sandtable-field.js";
import "../panel/sandtable-field.js";
import { StoreElement, type StateKey } from "../panel/store-element.js";
import type { Fault } from "../model/views.js";
import { kindsFor, targetsFor } from "./fault-targets.js";

/** Longer than a button is held down. */
const REST_MS = 300;

/** A fault as a form, for keyboards and for exact times: a new one, or one that is there. */
export class SandtableFaultDialog extends StoreElement {
  protected override readonly watched: readonly StateKey[] = ["schema"];

  /** A scenario of one fault, so that the schema's paths fit. */
  #draft: { faults: Fault[] } = { faults: [] };
  /** What is wrong with it, by the field; told once somebody has tried to put it in place. */
  #problems: ReadonlyMap<string, string> = new Map();
  #rest: number | undefined;
  /** The fault that is edited; none when one is added. */
  #index: number | undefined;

  /** Opens on a new fault, at the playhead and on the instance that is picked. */
  add(): void {
    const state = this.store?.state;
    const index = state?.selection?.kind === "instance" ? state.selection.index : 0;
    const target = state?.run?.instanceNames[index] ?? "alpha";
    const at_ms = Math.round(state?.playhead_ms ?? 0);
    this.#show({ kind: "crash", target, at_ms, for_ms: null, factor: 4, percent: 50 }, undefined);
  }

  open(index: number): void {
    const fault = this.store?.state.scenario?.faults[index];
    if (fault !== undefined) this.#show(structuredClone(fault), index);
  }

  #show(fault: Fault, index: number | undefined): void {
    this.#draft = { faults: [fault] };
    this.#index = index;
    this.#problems = new Map();
    this.requestUpdate();
    void this.updateComplete.then(() => {
      const dialog = this.#dialog;
      if (dialog?.open !== false) return;
      dialog.showModal();
      this.renderRoot.querySelector<HTMLElement>("sandtable-field")?.focus();
    });
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  protected override render(): TemplateResult {
    const editing = this.#index !== undefined;
    return html`<dialog aria-labelledby="title">
      <form method="dialog" @submit=${this.#submit} @field-edit=${this.#onEdit}>
        <h2 id="title">${editing ? "Change the fault" : "Add a fault"}</h2>
        ${this.#fields().map((field) => this.#field(field))}
        <div class="buttons">
          <button type="submit" class="primary">${editing ? "Change" : "Add"}</button>
          <button type="button" @click=${this.#close}>Cancel</button>
          ${editing ? html`<button type="button" class="remove" @click=${this.#remove}>Remove</button>` : nothing}
        </div>
      </form>
    </dialog>`;
  }

  #fields(): Field[] {
    const schema = this.store?.state.schema;
    if (!schema || this.#draft.faults.length === 0) return [];
    return fieldsOf(formFor(schema, this.#draft, ["faults", 0])).map((field) => this.#offered(field));
  }

  /** Of the kinds those that can strike somebody here, and that of the fault that is edited. */
  #offered(field: Field): Field {
    const { run, scenario } = this.store?.state ?? {};
    if (field.control.kind !== "choice" || !run || !scenario) return field;
    const own = field.control.choices.filter(({ value }) => value === this.#draft.faults[0]?.kind);
    const able = kindsFor(field.control.choices, run, scenario);
    const choices = field.control.choices.filter((choice) => able.includes(choice) || own.includes(choice));
    return { ...field, control: { ...field.control, choices } };
  }

  #field(field: Field): TemplateResult {
    const options = field.control.kind === "text" ? this.#targets() : undefined;
    return html`<sandtable-field
      .field=${field}
      .value=${getAt(this.#draft, field.path)}
      .options=${options}
      .resettable=${false}
      .message=${this.#problems.get(field.key)}
    ></sandtable-field>`;
  }

  #targets(): Choice[] {
    const { run, scenario } = this.store?.state ?? {};
    const fault = this.#draft.faults[0];
    return run && scenario && fault ? targetsFor(fault.kind, run, scenario) : [];
  }

  #onEdit(event: CustomEvent<FieldEdit>): void {
    setAt(this.#draft, event.detail.path, event.detail.value);
    const fault = this.#draft.faults[0];
    const targets = this.#targets();
    if (fault !== undefined && !targets.some((target) => target.value === fault.target)) {
      fault.target = targets[0]?.value ?? fault.target;
    }
    this.requestUpdate();
    if (this.#problems.size === 0) return;
    // Not at once: what is mended is edited when a button is pressed, which would move away before it is let go.
    clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => {
      this.#problems = this.#found();
      this.requestUpdate();
    }, REST_MS);
  }

  /** Out of its bounds, or behind the end of the run, where it would never happen. */
  #found(): ReadonlyMap<string, string> {
    const end_ms = this.store?.state.scenario?.duration_ms ?? Infinity;
    return new Map(
      this.#fields().flatMap((field) => {
        const value = getAt(this.#draft, field.path);
        const problem = problemOf(field, value, field.path.at(-1) === "at_ms" ? end_ms : Infinity);
        return problem === undefined ? [] : [[field.key, problem] as const];
      }),
    );
  }

  #submit(event: Event): void {
    const fields = [...this.renderRoot.querySelectorAll<SandtableField>("sandtable-field")];
    for (const one of fields) one.settle();
    const fault = this.#draft.faults[0];
    const index = this.#index;
    if (fault === undefined) return;
    clearTimeout(this.#rest);
    this.#problems = this.#found();
    const [wrong] = this.#problems.keys();
    if (wrong !== undefined) {
      // What was typed stays.
      event.preventDefault();
      this.requestUpdate();
      fields.find((one) => one.field?.key === wrong)?.focus();
      return;
    }
    if (index === undefined) this.store?.addFault(structuredClone(fault));
    else this.store?.edit((draft) => draft.faults.splice(index, 1, structuredClone(fault)));
  }

  #remove(): void {
    if (this.#index !== undefined) this.store?.removeFault(this.#index);
    this.#close();
  }

  #close(): void {
    this.#dialog?.close();
  }

  static override styles = [
    controls,
    css`
      dialog {
        width: min(380px, calc(100vw - 24px));
        padding: 20px;
        border: 1px solid var(--line);
        background: var(--surface);
        color: var(--text);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      form {
        display: grid;
        gap: 8px;
      }
      h2 {
        font-size: 1rem;
      }
      .buttons {
        display: flex;
        gap: 8px;
        margin-top: 8px;
      }
      .remove {
        margin-inline-start: auto;
        color: var(--broken);
      }
    `,
  ];
}

customElements.define("sandtable-fault-dialog", SandtableFaultDialog);
