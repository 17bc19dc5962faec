import {
  LitElement,
  css,
  html,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { controls } from "./controls.js";
import { numbersOf, parseList, parseTexts, textsOf, withItem } from "./list-values.js";
import { parseNumber, plain } from "./number.js";
import { same } from "./path.js";
import type { Field } from "./schema.js";
import type { FieldEdit } from "./sandtable-field.js";

/** With more instances than this, one text of numbers is quicker to read and to edit than a row for each. */
const MOST_ROWS = 16;
/** What was typed, as a list; `undefined` where it is none. */
type Read = (typed: string) => readonly (number | string)[] | undefined;
/** As for single numbers: the list is applied when the typing rests. */
const TYPING_REST_MS = 250;

/** One number for each of those named; or, with no names, a free list of numbers or texts. */
export class SandtableListField extends LitElement {
  static override properties: PropertyDeclarations = {
    field: { attribute: false },
    value: { attribute: false },
    names: { attribute: false },
    invalid: { attribute: false },
  };
  declare field: Field | undefined;
  declare value: unknown;
  declare names: readonly string[];
  declare invalid: boolean;

  /** Typed text that isn't applied (yet), by row; the single text is row 0. */
  readonly #drafts = new Map<number, string>();
  #typing: number | undefined;

  constructor() {
    super();
    this.names = [];
    this.invalid = false;
  }

  override disconnectedCallback(): void {
    clearTimeout(this.#typing);
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("value") && !same(changed.get("value"), this.value) && !this.matches(":focus-within"))
      this.#drafts.clear();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { field } = this;
    if (field?.control.kind !== "list") return nothing;
    const { itemDefault, texts } = field.control;
    if (texts) return this.#single(field, textsOf(this.value).join(", "), parseTexts);
    const values = numbersOf(this.value);
    if (this.names.length === 0 || this.names.length > MOST_ROWS) return this.#single(field, listed(values), parseList);
    return html`<div class="rows" role="group" aria-label=${field.title}>
      ${this.names.map((name, index) => this.#row(field, name, index, values[index] ?? itemDefault))}
    </div>`;
  }

  #row(field: Field, name: string, index: number, value: number): TemplateResult {
    const text = this.#drafts.get(index) ?? plain(value);
    const wrong = parseNumber(text) === undefined || (this.invalid && this.#drafts.has(index));
    return html`<label
      ><span>${name}</span
      ><input
        type="text"
        inputmode="decimal"
        autocomplete="off"
        aria-label="${field.title}: ${name}"
        .value=${text}
        aria-invalid=${wrong ? "true" : "false"}
        @input=${(event: Event) => {
          this.#onType(event, index, (typed) => this.#rowEdit(typed, index));
        }}
        @blur=${this.#onBlur}
    /></label>`;
  }

  #single(field: Field, value: string, read: Read): TemplateResult {
    const free = this.names.length === 0;
    const text = this.#drafts.get(0) ?? value;
    const wrong = read(text) === undefined || (this.invalid && this.#drafts.has(0));
    return html`<textarea
      rows="2"
      aria-label="${field.title}, ${free ? "" : "in the order of the instances, "}separated by commas"
      spellcheck="false"
      .value=${text}
      placeholder=${free ? "none" : "all equal"}
      aria-invalid=${wrong ? "true" : "false"}
      @input=${(event: Event) => {
        this.#onType(event, 0, read);
      }}
      @blur=${this.#onBlur}
    ></textarea>`;
  }

  #rowEdit(typed: string, index: number): number[] | undefined {
    const value = parseNumber(typed);
    const control = this.field?.control;
    if (value === undefined || control?.kind !== "list") return undefined;
    return withItem(numbersOf(this.value), index, value, control.itemDefault);
  }

  #onType(event: Event, row: number, read: Read): void {
    const typed = (event.target as HTMLInputElement).value;
    this.#drafts.set(row, typed);
    this.requestUpdate();
    clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => {
      const value = read(typed);
      if (value !== undefined && this.field !== undefined) this.#emit({ path: this.field.path, value });
    }, TYPING_REST_MS);
  }

  #onBlur(): void {
    if (!this.invalid) this.#drafts.clear();
    this.requestUpdate();
  }

  #emit(detail: FieldEdit): void {
    this.dispatchEvent(new CustomEvent<FieldEdit>("field-edit", { detail, bubbles: true, composed: true }));
  }

  static override styles = [
    controls,
    css`
      .rows {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(112px, 1fr));
        gap: 2px 16px;
      }
      label {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 6px;
        color: var(--muted);
      }
      label span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      label input {
        width: 7ch;
        min-height: 24px;
        padding: 1px 4px;
        color: var(--text);
        text-align: end;
      }
      textarea {
        width: 100%;
        resize: vertical;
      }
    `,
  ];
}

function listed(values: readonly number[]): string {
  return values.map((value) => plain(value).replace(/\u202f/g, "")).join(", ");
}

customElements.define("sandtable-list-field", SandtableListField);
