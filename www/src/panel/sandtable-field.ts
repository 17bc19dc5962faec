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
import { parseNumber, plain, span, THIN } from "./number.js";
import { same, type Path } from "./path.js";
import { beyond, nudge, scaleFor, toPosition, toValue, type Scale } from "./scale.js";
import type { Choice, Field } from "./schema.js";
import "./sandtable-list-field.js";

export interface FieldEdit {
  readonly path: Path;
  readonly value: unknown;
}

/** Positions of the native slider, fine enough for one per pixel. */
const SLIDER_STEPS = 1_000;
/**
 * Typed text is applied when the typing rests: on its way to 30 000 a duration is 3, then 30, and each would be
 * simulated and would pull the playhead to the front.
 */
const TYPING_REST_MS = 250;

/** One parameter: its name, value, unit and bounds, its meaning, and the way back to its default. */
export class SandtableField extends LitElement {
  static override properties: PropertyDeclarations = {
    field: { attribute: false },
    value: { attribute: false },
    names: { attribute: false },
    options: { attribute: false },
    message: { attribute: false },
    extra: { attribute: false },
    resettable: { attribute: false },
  };
  declare field: Field | undefined;
  declare value: unknown;
  /** Names of the instances, for lists with one number for each. */
  declare names: readonly string[];
  /** For a text that must be one of some names. */
  declare options: readonly Choice[] | undefined;
  /** Why the value was refused. */
  declare message: string | undefined;
  /** A control of the caller's beside the value. */
  declare extra: TemplateResult | undefined;
  /** Whether the way back to the default is offered; a form that is sent off has none. */
  declare resettable: boolean;

  /** What stands in the control while it isn't (yet) what holds: typed text, or a slider's value under way. */
  #draft: string | number | undefined;
  #active = false;
  #helpShown = false;
  #typing: number | undefined;
  /** The slider's reach while it is worked on: it may grow, never shrink under the pointer. */
  #reach: Scale | undefined;

  constructor() {
    super();
    this.names = [];
    this.resettable = true;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("#control")?.focus();
  }

  override disconnectedCallback(): void {
    clearTimeout(this.#typing);
    super.disconnectedCallback();
  }

  /**
   * A draft stays while it is worked on, and after it was refused, so that what was typed isn't lost. It goes when
   * something else comes to hold, or when the complaint about it is gone.
   */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.#active || this.message !== undefined) return;
    const overruled = changed.has("value") && this.#drafted !== this.value;
    const forgiven = changed.has("message") && changed.get("message") !== undefined;
    if (overruled || forgiven) this.#draft = undefined;
  }

  /** The draft as a value. */
  get #drafted(): number | undefined {
    return typeof this.#draft === "string" ? parseNumber(this.#draft) : this.#draft;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { field } = this;
    if (field === undefined) return nothing;
    return html`<div class="field" @pointerdown=${this.#enter} @focusin=${this.#enter} @focusout=${this.#leave}>
      ${this.#body(field)} ${this.#atEnd(field)}
      ${this.#helpShown ? html`<p class="help muted">${this.#about(field)}</p>` : nothing}
      <span class="hidden" id="help">${this.#about(field)}</span>
      <p id="error" class=${this.#problem === undefined ? "" : "error"}>${this.#problem ?? nothing}</p>
    </div>`;
  }

  get #problem(): string | undefined {
    if (this.field?.control.kind !== "number" || typeof this.#draft !== "string") return this.message;
    const blank = this.field.control.optional && this.#draft.trim() === "";
    return blank || this.#drafted !== undefined ? this.message : "This is not a number.";
  }

  #body(field: Field): TemplateResult {
    switch (field.control.kind) {
      case "number":
        return this.#number(field);
      case "choice":
        return this.#choice(field, field.control.choices);
      case "switch":
        return this.#switch(field);
      case "list":
        return this.#list(field);
      case "text":
        return this.options === undefined ? this.#text(field) : this.#choice(field, this.options);
    }
  }

  #head(field: Field, label: TemplateResult, value: TemplateResult | typeof nothing): TemplateResult {
    const isDefault = !this.resettable || same(this.value, field.initial);
    return html`<div class="head">
      ${label}
      <button
        class="icon quiet"
        aria-expanded=${this.#helpShown}
        aria-label="About ${field.title}"
        @click=${this.#toggleHelp}
      >
        ?
      </button>
      ${
        isDefault
          ? nothing
          : html`<button
              class="icon reset"
              aria-label="Reset ${field.title}"
              title="Back to ${this.#worded(field, field.initial)}"
              @click=${() => {
                this.#reset(field);
              }}
            >
              ↺
            </button>`
      }
      <span class="gap"></span>${this.extra ?? nothing}${value}
    </div>`;
  }

  #number(field: Field): TemplateResult {
    const value = typeof this.#draft === "number" ? this.#draft : this.value;
    const number = typeof value === "number" ? value : undefined;
    const settled = !this.#active && this.#drafted === number;
    const text = typeof this.#draft === "string" && !settled ? this.#draft : plain(number, 6, "");
    const optional = field.control.kind === "number" && field.control.optional;
    const input = html`<span class="value"
      ><input
        id="control"
        type="text"
        inputmode="decimal"
        autocomplete="off"
        spellcheck="false"
        .value=${text}
        style="width: ${Math.max(text === "" ? 7 : 3, text.length) + 2}ch"
        placeholder=${optional ? "none" : nothing}
        aria-describedby="help error"
        aria-invalid=${this.#problem === undefined ? "false" : "true"}
        @input=${this.#onType}
        @change=${this.#onTyped}
        @keydown=${this.#onKey}
      /><span class="unit">${optional && number === undefined ? nothing : field.unit}</span
      >${optional && number !== undefined ? this.#none(field) : nothing}</span
    >`;
    const label = html`<label for="control">${field.title}</label>`;
    return html`${this.#head(field, label, input)}${this.#slider(field, number)}`;
  }

  /** A number that need not be there can be taken away. */
  #none(field: Field): TemplateResult {
    const onClick = (): void => {
      clearTimeout(this.#typing);
      this.#draft = undefined;
      this.#emit(null);
      this.focus();
    };
    return html`<button type="button" class="icon" title="None" aria-label="${field.title}: none" @click=${onClick}>
      ✕
    </button>`;
  }

  #slider(field: Field, value: number | undefined): TemplateResult | typeof nothing {
    const scale = value === undefined ? undefined : this.#scale(field, value);
    if (scale === undefined || value === undefined) return nothing;
    const position = toPosition(scale, value);
    return html`<input
      type="range"
      min="0"
      max=${SLIDER_STEPS}
      step="1"
      .value=${String(Math.round(position * SLIDER_STEPS))}
      style="--fill: ${(position * 100).toFixed(2)}%"
      aria-label=${field.title}
      aria-valuetext=${this.#worded(field, value)}
      aria-describedby="help"
      @input=${(event: Event) => {
        this.#onSlide(event, scale);
      }}
      @change=${this.#onSlid}
      @keydown=${this.#onKey}
    />`;
  }

  #choice(field: Field, choices: readonly Choice[]): TemplateResult {
    const chosen = choices.find((choice) => choice.value === this.value);
    return html`${this.#head(field, html`<label for="control">${field.title}</label>`, nothing)}
      <select id="control" aria-describedby="help chosen" @change=${this.#onChoose}>
        ${choices.map((choice) => html`<option value=${choice.value} .selected=${choice === chosen}>${choice.title}</option>`)}
      </select>
      <p id="chosen" class="chosen muted">${chosen?.help ?? ""}</p>`;
  }

  #switch(field: Field): TemplateResult {
    const label = html`<label class="switch"
      ><input
        id="control"
        type="checkbox"
        aria-describedby="help"
        .checked=${this.value === true}
        @change=${this.#onSwitch}
      />
      ${field.title}</label
    >`;
    return this.#head(field, label, nothing);
  }

  #list(field: Field): TemplateResult {
    const label = html`<span class="label">${field.title}</span>`;
    return html`${this.#head(field, label, nothing)}<sandtable-list-field
        .field=${field}
        .value=${this.value}
        .names=${this.names}
        .invalid=${this.message !== undefined}
      ></sandtable-list-field>`;
  }

  #text(field: Field): TemplateResult {
    const onInput = (event: Event): void => {
      this.#emit((event.target as HTMLInputElement).value);
    };
    return html`${this.#head(field, html`<label for="control">${field.title}</label>`, nothing)}
      <input
        id="control"
        class="wide"
        type="text"
        aria-describedby="help error"
        .value=${typeof this.value === "string" ? this.value : ""}
        @input=${onInput}
      />`;
  }

  #scale(field: Field, value: number): Scale | undefined {
    const { control, min, max } = field;
    if (control.kind !== "number" || min === undefined || max === undefined) return undefined;
    const usual = typeof field.initial === "number" ? field.initial : value;
    // A number without a usual size, such as a seed, has no use for a slider.
    if (max - min > 1e9 && !control.log) return undefined;
    const scale = scaleFor({ min, max, log: control.log, integer: control.integer, usual }, value);
    if (!this.#active) return scale;
    const { min: low, max: high } = this.#reach ?? scale;
    this.#reach = { ...scale, min: Math.min(low, scale.min), max: Math.max(high, scale.max) };
    return this.#reach;
  }

  #about(field: Field): string {
    return [field.help, this.#bounds(field), this.#span(field)].filter((text) => text !== "").join(" ");
  }

  /** How far the slider goes, where that is less far than the bounds. */
  #span(field: Field): string {
    const scale = typeof this.value === "number" ? this.#scale(field, this.value) : undefined;
    if (scale === undefined || field.min === undefined || field.max === undefined) return "";
    const { below, above } = beyond(scale, { min: field.min, max: field.max });
    if (!below && !above) return "";
    return `The slider goes from ${plain(scale.min)} to ${plain(scale.max)}; what lies beyond can be typed.`;
  }

  /** At an end of the slider that is no bound, what to do is said without being asked. */
  #atEnd(field: Field): TemplateResult | typeof nothing {
    const value = typeof this.#draft === "number" ? this.#draft : this.value;
    const scale = typeof value === "number" ? this.#scale(field, value) : undefined;
    if (scale === undefined || field.min === undefined || field.max === undefined) return nothing;
    const { below, above } = beyond(scale, { min: field.min, max: field.max });
    if (above && value === scale.max) return this.#further("up", field, field.max);
    return below && value === scale.min ? this.#further("down", field, field.min) : nothing;
  }

  #further(way: "up" | "down", field: Field, bound: number): TemplateResult {
    return html`<p class="help muted">
      The slider ends here; the number can be typed, ${way} to ${this.#worded(field, bound)}.
    </p>`;
  }

  #bounds(field: Field): string {
    if (field.min === undefined || field.max === undefined || field.control.kind === "text") return "";
    const unit = field.unit === "" ? "" : THIN + field.unit;
    return `From ${plain(field.min)} to ${plain(field.max)}${unit}.`;
  }

  #worded(field: Field, value: unknown): string {
    if (field.control.kind === "choice") return field.control.choices.find((one) => one.value === value)?.title ?? "–";
    if (typeof value === "boolean") return value ? "on" : "off";
    if (Array.isArray(value) && value.length === 0) return this.names.length === 0 ? "none" : "all equal";
    if (typeof value !== "number") return "–";
    if (field.unit === "ms" && value >= 10_000) return span(value);
    return field.unit === "" ? plain(value) : plain(value) + THIN + field.unit;
  }

  #emit(value: unknown): void {
    if (this.field === undefined) return;
    const detail: FieldEdit = { path: this.field.path, value };
    this.dispatchEvent(new CustomEvent<FieldEdit>("field-edit", { detail, bubbles: true, composed: true }));
  }

  #put(value: number): void {
    clearTimeout(this.#typing);
    this.#draft = value;
    this.requestUpdate();
    this.#emit(value);
  }

  #onType(event: Event): void {
    this.#draft = (event.target as HTMLInputElement).value;
    this.requestUpdate();
    clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => {
      this.#applyText();
    }, TYPING_REST_MS);
  }

  /** What has been typed is done: told at once, and not only when typing has rested. */
  settle(): void {
    this.#onTyped();
  }

  #onTyped(): void {
    clearTimeout(this.#typing);
    this.#applyText();
  }

  #applyText(): void {
    const { field } = this;
    if (field?.control.kind !== "number" || typeof this.#draft !== "string") return;
    const value = parseNumber(this.#draft);
    if (value !== undefined) this.#emit(value);
    else if (field.control.optional && this.#draft.trim() === "") this.#emit(null);
  }

  #onSlide(event: Event, scale: Scale): void {
    this.#put(toValue(scale, Number((event.target as HTMLInputElement).value) / SLIDER_STEPS));
  }

  /** Not every browser focuses a slider that is dragged, so that no focus leaves it. */
  #onSlid(): void {
    if (!this.matches(":focus-within")) this.#leave();
  }

  #onKey(event: KeyboardEvent): void {
    const { field } = this;
    const up = ["ArrowUp", "PageUp"].includes(event.key);
    const down = ["ArrowDown", "PageDown"].includes(event.key);
    const slider = (event.currentTarget as HTMLInputElement).type === "range";
    const right = slider && event.key === "ArrowRight";
    const left = slider && event.key === "ArrowLeft";
    const value = this.#drafted ?? this.value;
    if (field === undefined || typeof value !== "number" || !(up || down || right || left)) return;
    event.preventDefault();
    const scale = this.#scale(field, value) ?? {
      kind: "linear",
      min: field.min ?? value,
      max: field.max ?? value,
      integer: true,
    };
    // The keys may leave the slider's reach, never the bounds.
    const bounded = { ...scale, min: field.min ?? scale.min, max: field.max ?? scale.max };
    this.#put(nudge(bounded, value, up || right ? 1 : -1, event.key.startsWith("Page") || event.shiftKey));
  }

  #onChoose(event: Event): void {
    const select = event.target as HTMLSelectElement;
    const chosen = select.value;
    // What is shown is what holds; the choice shows once it has been taken over.
    if (typeof this.value === "string") select.value = this.value;
    this.#emit(chosen);
  }

  #onSwitch(event: Event): void {
    this.#emit((event.target as HTMLInputElement).checked);
  }

  #reset(field: Field): void {
    this.#draft = undefined;
    this.#emit(structuredClone(field.initial));
    this.focus();
  }

  #toggleHelp(): void {
    this.#helpShown = !this.#helpShown;
    this.requestUpdate();
  }

  #enter(): void {
    if (this.#active) return;
    this.#active = true;
    if (this.field !== undefined && typeof this.value === "number") this.#reach = this.#scale(this.field, this.value);
  }

  #leave(): void {
    this.#active = false;
    this.#reach = undefined;
    this.requestUpdate();
  }

  static override styles = [
    controls,
    css`
      .head {
        display: flex;
        align-items: center;
        min-height: 26px;
      }
      .head label,
      .head .label {
        padding-block: 2px;
      }
      .gap {
        flex: 1;
      }
      .switch {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .quiet {
        opacity: 0;
      }
      .field:hover .quiet,
      .field:focus-within .quiet {
        opacity: 1;
      }
      @media (hover: none) {
        .quiet {
          opacity: 1;
        }
      }
      .reset {
        color: var(--accent);
        font-size: 1rem;
      }
      .value {
        display: flex;
        align-items: baseline;
        color: var(--muted);
      }
      .value input {
        min-height: 24px;
        max-width: 18ch;
        margin-inline-end: 3px;
        padding: 1px 2px 1px 4px;
        border-color: transparent;
        background: transparent;
        color: var(--text);
        text-align: end;
      }
      .value input:hover,
      .value input:focus,
      .value input[aria-invalid="true"] {
        background: var(--ground);
        border-color: var(--line);
      }
      .value input[aria-invalid="true"] {
        border-color: var(--broken);
      }
      .wide {
        width: 100%;
      }
      .help,
      .chosen,
      .error {
        padding-block: 2px 4px;
        font-size: 0.75rem;
        overflow-wrap: anywhere;
      }
      input[type="range"] {
        display: block;
        margin-top: -4px;
      }
    `,
  ];
}

customElements.define("sandtable-field", SandtableField);
