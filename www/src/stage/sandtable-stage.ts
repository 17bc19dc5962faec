/** The stage: what moves. It draws the store's frame, and turns what is picked on it into a selection. */
import { LitElement, type PropertyValues, html, nothing } from "lit";
import { lingerMs } from "../model/clock.js";
import type { ChangeEvent, Changed, Selection, State, Store } from "../model/store.js";
import { SCALAR } from "../model/views.js";
import { count } from "../panel/number.js";
import { needs } from "../parts.js";
import { type Moment, lookOf } from "./describe.js";
import { draw } from "./draw.js";
import { headline } from "./headline.js";
import { heldRequestAt, instanceAt, movingRequestAt } from "./hit.js";
import { type Layout, type Topology, between, layout } from "./layout.js";
import { legend } from "./legend.js";
import { Nodes } from "./nodes.js";
import { popoverAt } from "./popover.js";
import type { Scene } from "./scene.js";
import { stageStyles } from "./stage-styles.js";
import { type Theme, readTheme } from "./theme.js";

/** Words change this often while playing: faster could not be read. */
const WORDS_MS = 125;
/** What is read aloud while playing comes no closer together than this. */
const HEARD_MS = 6_000;
const TWEEN_MS = 220;
/** A finger needs some room; so does a mouse on something that moves. */
const REACH = 12;
const DPR_MAX = 2;
/** Room for the legend, below the cards of a narrow stage. */
const LEGEND_HEIGHT = 56;

interface Tween {
  from: Layout;
  startedAt: number;
}

export class SandtableStage extends LitElement {
  static override properties = { store: { attribute: false } };
  static override styles = stageStyles;

  declare store: Store | null;

  #listening: AbortController | null = null;
  #observer: ResizeObserver | null = null;
  #theme: Theme | null = null;
  #nodes: Nodes | null = null;
  readonly #actions = document.createElement("sandtable-actions");
  #layout: Layout | null = null;
  #tween: Tween | null = null;
  #dirty = true;
  #wordsAt = -Infinity;
  #heard = "";
  #heardAt = -Infinity;
  #looks = "";

  constructor() {
    super();
    this.store = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#attach();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening?.abort();
    this.#listening = null;
    this.#observer?.disconnect();
  }

  /** The colours have changed. */
  restyle(): void {
    this.#theme = null;
    this.#touch();
  }

  override firstUpdated(): void {
    const nodes = this.renderRoot.querySelector<HTMLElement>(".nodes");
    if (nodes) this.#nodes = new Nodes(nodes);
  }

  override updated(changed: PropertyValues): void {
    if (changed.has("store")) this.#attach();
  }

  override render(): unknown {
    const state = this.store?.state;
    const moment = this.#moment();
    const every = moment?.frame.scalars[SCALAR.drawnEvery] ?? 1;
    return html`
      <div class="top">${headline(moment)}</div>
      <div class="field" @click=${this.#onClick} @keydown=${this.#onKey}>
        <canvas aria-hidden="true"></canvas>
        <div class="nodes" role="group" aria-label="Clients, balancer and instances"></div>
        <div class="key" ?hidden=${!moment}>
          ${every > 1 ? html`<p>1 request in ${count(every)} drawn; a brighter lane is a busier one</p>` : nothing}
          ${legend()}
        </div>
      </div>
      <div class="below">
        <p class="sentence">${state?.narration ?? ""}</p>
        ${prefersStillness() ? html`<p class="mode">Reduced motion: while it plays, the picture moves in steps.</p>` : nothing}
        <p class="heard" aria-live="polite">${this.#heard}</p>
      </div>
    `;
  }

  // ---- following the store

  #attach(): void {
    this.#listening?.abort();
    const { store } = this;
    if (!store || !this.isConnected) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    store.addEventListener("change", (event) => this.#onChange((event as ChangeEvent).detail.changed), { signal });
    store.addEventListener("frame", () => this.#onFrame(), { signal });
    this.#observer?.disconnect();
    this.#observer = new ResizeObserver(() => this.#relayout(false));
    const field = this.#field();
    if (field) this.#observer.observe(field);
    this.#actions.store = store;
    this.#relayout(false);
  }

  #onChange(changed: Changed): void {
    if (changed.has("run")) this.#relayout(true);
    if (changed.has("selection")) this.#showSelection();
    if (["frame", "run", "selection", "speed"].some((key) => changed.has(key as keyof State))) this.#dirty = true;
    if (changed.has("playing") || changed.has("run")) this.#wordsAt = -Infinity;
  }

  #onFrame(): void {
    const { store } = this;
    if (!store || !this.#dirty) return;
    const now = performance.now();
    const glides = this.#draw(now);
    this.#words(now);
    store.drawn();
    // A change of layout glides to its end also while the run is paused.
    if (glides) this.#touch();
  }

  #touch(): void {
    this.#dirty = true;
    this.store?.wake();
  }

  #moment(): Moment | null {
    const { frame, run } = this.store?.state ?? {};
    return frame && run ? { frame, run } : null;
  }

  // ---- layout

  #field(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(".field");
  }

  #topology(): Topology | null {
    const instances = this.store?.state.run?.scenario.services[0]?.instances;
    return instances
      ? { instances: instances.count, concurrency: instances.concurrency, queueLimit: instances.queue_limit }
      : null;
  }

  #relayout(glide: boolean): void {
    const field = this.#field();
    const topology = this.#topology();
    if (!field || !topology || field.clientWidth === 0) return;
    const narrow = field.clientWidth < 600;
    // A narrow stage is as high as its content; a wide one fills the room that the page gives it.
    const next = layout(topology, { width: field.clientWidth, height: narrow ? 0 : field.clientHeight });
    field.style.minHeight = narrow ? `${next.size.height + LEGEND_HEIGHT}px` : "";
    field.classList.toggle("down", next.direction === "down");
    const old = this.#layout;
    const moves = glide && old !== null && old.topology.instances !== topology.instances;
    this.#tween =
      moves && !prefersStillness()
        ? { from: this.#current(performance.now()) ?? old, startedAt: performance.now() }
        : null;
    this.#layout = next;
    this.#nodes?.place(next);
    this.#resizeCanvas(next);
    this.#showSelection();
    this.#wordsAt = -Infinity;
    this.#touch();
  }

  #resizeCanvas({ size }: Layout): void {
    const canvas = this.renderRoot.querySelector("canvas");
    if (!canvas) return;
    const dpr = Math.min(DPR_MAX, devicePixelRatio);
    canvas.style.width = `${size.width}px`;
    canvas.style.height = `${size.height}px`;
    const width = Math.round(size.width * dpr);
    const height = Math.round(size.height * dpr);
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
  }

  #current(now: number): Layout | null {
    if (!this.#layout || !this.#tween) return this.#layout;
    const share = Math.min(1, (now - this.#tween.startedAt) / TWEEN_MS);
    const eased = 1 - (1 - share) ** 3;
    return between(this.#tween.from, this.#layout, eased);
  }

  // ---- drawing

  #scene(now: number): Scene | null {
    const moment = this.#moment();
    const current = this.#current(now);
    const state = this.store?.state;
    if (!moment || !current || !state) return null;
    return {
      layout: current,
      frame: moment.frame,
      old_ms: moment.run.report?.latency.successes.p95_ms ?? 1_000,
      linger_ms: lingerMs(state.speed),
      followed: state.selection?.kind === "request" ? state.selection.id : null,
    };
  }

  /** Returns whether another drawing must follow although the frame stays the same. */
  #draw(now: number): boolean {
    const canvas = this.renderRoot.querySelector("canvas");
    const ctx = canvas?.getContext("2d");
    const scene = this.#scene(now);
    if (!canvas || !ctx || !scene) return false;
    this.#theme ??= readTheme(this);
    const dpr = canvas.width / scene.layout.size.width;
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    draw(ctx, scene, this.#theme);
    if (this.#tween) {
      this.#nodes?.place(scene.layout);
      if (now - this.#tween.startedAt >= TWEEN_MS) this.#tween = null;
    }
    this.#dirty = false;
    return this.#tween !== null;
  }

  // ---- words

  #words(now: number): void {
    const moment = this.#moment();
    const state = this.store?.state;
    if (!moment || !state) return;
    if (state.playing && now - this.#wordsAt < WORDS_MS) return;
    this.#wordsAt = now;
    this.#nodes?.describe(moment, this.#policy());
    this.#actions.t_ms = state.playhead_ms;
    this.#actions.faults = state.scenario?.faults ?? [];
    this.#say(moment, state, now);
    this.requestUpdate();
  }

  /** Aloud is said what a pause, a step or a change of state shows; not every sentence of a run that plays. */
  #say(moment: Moment, state: Readonly<State>, now: number): void {
    let looks = "";
    for (let index = 0; index < moment.run.instanceNames.length; index += 1) looks += lookOf(moment, index).charAt(0);
    const changed = looks !== this.#looks && this.#looks !== "";
    if (!state.playing || (changed && now - this.#heardAt > HEARD_MS)) {
      this.#heard = state.narration;
      this.#heardAt = now;
      this.#looks = looks;
    } else if (this.#looks === "") {
      this.#looks = looks;
    }
  }

  #policy(): string {
    const { schema, run } = this.store?.state ?? {};
    const policy = run?.scenario.services[0]?.balancer.policy ?? "";
    const title = schema?.$defs?.["Policy"]?.oneOf?.find((each) => each.const === policy)?.title;
    return (title ?? policy.replaceAll("_", " ")).toLowerCase();
  }

  // ---- picking

  #showSelection(): void {
    const { store } = this;
    const nodes = this.#nodes;
    if (!store || !nodes || !this.#layout) return;
    const { selection } = store.state;
    nodes.select(selection);
    const node = selection?.kind === "instance" ? nodes.element(selection) : null;
    if (selection?.kind !== "instance" || !node) {
      this.#actions.remove();
      return;
    }
    this.#actions.target = store.state.run?.instanceNames[selection.index] ?? "";
    void this.#placeActions(node, selection.index);
  }

  async #placeActions(node: HTMLElement, index: number): Promise<void> {
    if (!(await needs(this, "actions on an instance"))) return;
    const selected = this.store?.state.selection;
    // Something else may have been picked while they were fetched.
    if (selected?.kind !== "instance" || selected.index !== index || !node.isConnected) return;
    // After its node in the order of the keyboard, too.
    if (node.nextElementSibling !== this.#actions) node.after(this.#actions);
    await this.#actions.updateComplete;
    const current = this.#layout;
    if (!current) return;
    const { boxes } = current;
    const at = index * 4;
    const box = { x: boxes[at] ?? 0, y: boxes[at + 1] ?? 0, w: boxes[at + 2] ?? 0, h: boxes[at + 3] ?? 0 };
    const size = { width: this.#actions.offsetWidth, height: this.#actions.offsetHeight };
    const field = { width: current.size.width, height: this.#field()?.clientHeight ?? current.size.height };
    const { x, y } = popoverAt(box, size, field);
    this.#actions.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  readonly #onClick = (event: MouseEvent): void => {
    const { store } = this;
    const field = this.#field();
    if (!store || !field || event.composedPath().includes(this.#actions)) return;
    const path = event.composedPath();
    const node = path.find((each): each is HTMLElement => each instanceof HTMLElement && each.matches(".node"));
    if (node) {
      store.select(this.#picked(node, event, store.state.selection));
      return;
    }
    const scene = this.#scene(performance.now());
    const bounds = field.getBoundingClientRect();
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
    const request = scene && instanceAt(scene, x, y) < 0 ? movingRequestAt(scene, x, y, REACH) : null;
    store.select(request === null ? null : { kind: "request", id: request });
  };

  #picked(node: HTMLElement, event: MouseEvent, before: Selection): Selection {
    if (node.matches(".client")) return { kind: "client" };
    if (node.matches(".balancer")) return { kind: "balancer" };
    const index = this.#nodes?.indexOf(node) ?? 0;
    // The first click takes the instance; on a selected one, a click on a slot takes the request in it.
    const again = before?.kind === "instance" && before.index === index && event.detail > 0;
    const scene = again ? this.#scene(performance.now()) : null;
    const bounds = this.#field()?.getBoundingClientRect();
    if (scene && bounds) {
      const request = heldRequestAt(scene, event.clientX - bounds.left, event.clientY - bounds.top);
      if (request !== null) return { kind: "request", id: request };
    }
    return { kind: "instance", index };
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const selection = this.store?.state.selection ?? null;
    if (event.key !== "Escape" || selection === null) return;
    event.preventDefault();
    const node = this.#nodes?.element(selection);
    this.store?.select(null);
    node?.focus();
  };
}

function prefersStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

customElements.define("sandtable-stage", SandtableStage);
