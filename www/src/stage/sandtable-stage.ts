/** The stage: what moves. It draws the store's frame, and turns what is picked on it into a selection. */
import { LitElement, type PropertyValues, html, nothing } from "lit";
import { lingerMs } from "../model/clock.js";
import type { ChangeEvent, Changed, Selection, State, Store } from "../model/store.js";
import { BREAKER, BREAKER_STRIDE, type Frame, type RunView, SCALAR } from "../model/views.js";
import { count } from "../panel/number.js";
import { needs } from "../parts.js";
import { type Moment, lookOf } from "./words/describe.js";
import { draw } from "./draw/draw.js";
import { headline } from "./headline.js";
import { heldRequestAt, instanceAt, movingRequestAt } from "./hit.js";
import { type Layout, type Topology, between, layout } from "./layout/layout.js";
import { legend } from "./legend.js";
import type { Marks } from "./draw/marks.js";
import type { FaultKind } from "./shard-actions.js";
import { Nodes } from "./nodes.js";
import { popoverAt } from "./popover.js";
import type { Scene } from "./draw/scene.js";
import type { StorePart } from "./reading/shards.js";
import { stageStyles } from "./stage-styles.js";
import { type Theme, readTheme } from "./draw/theme.js";
import { boxOf, differs, groupName, isBalanced, isSimple, routerTitles } from "./standing.js";
import { topologyOf } from "./layout/topology.js";

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
  #shown: { run: RunView; topology: Topology } | null = null;
  #tween: Tween | null = null;
  #simple = true;
  #dirty = true;
  #wordsAt = -Infinity;
  #heard = "";
  #heardAt = -Infinity;
  #looks = "";
  #told: Frame | null = null;
  /** What draws stores; null until a run has one and it is there. */
  #part: StorePart | null = null;
  #marks: Marks | null = null;

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

  /** Not the element itself: with a negative tabindex, the tab key would pass over all that is in it. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>(".field")?.focus(options);
  }

  override render(): unknown {
    const state = this.store?.state;
    const moment = this.#moment();
    const every = moment?.frame.scalars[SCALAR.drawnEvery] ?? 1;
    const key = html`<div class="key" ?hidden=${!moment}>
      ${every > 1 ? html`<p>1 request in ${count(every)} drawn; a brighter lane is a busier one</p>` : nothing}
      ${legend(this.#layout?.calls ?? [], this.#layout?.services.some(isBalanced) ?? true, this.#storeLegend())}
    </div>`;
    return html`
      <div class="top">${headline(moment)}</div>
      <div class="field" tabindex="-1" @click=${this.#onClick} @keydown=${this.#onKey}>
        <canvas aria-hidden="true"></canvas>
        <div class="nodes" role="group" aria-label=${groupName(this.#layout)}></div>
        ${this.#simple ? key : nothing}
      </div>
      <div class="below ${this.#layout?.services.some(({ sides }) => sides) ? "full" : ""}">
        ${this.#simple ? nothing : key}
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
    this.#marks?.follow(store);
    this.#relayout(false);
  }

  #onChange(changed: Changed): void {
    if (changed.has("run")) this.#relayout(true);
    if (changed.has("selection")) this.#showSelection();
    if (["frame", "run", "selection", "speed"].some((key) => changed.has(key as keyof State))) this.#dirty = true;
    if (["playing", "run", "schema"].some((key) => changed.has(key as keyof State))) this.#wordsAt = -Infinity;
    if (changed.has("schema")) this.#touch();
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
    return frame && run ? { frame, run, part: this.#part } : null;
  }

  // ---- layout

  #field(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(".field");
  }

  /** Worked out once a run: it reads the whole scenario. */
  #topology(): Topology | null {
    const run = this.store?.state.run;
    if (!run) return null;
    if (this.#shown?.run !== run) this.#shown = { run, topology: topologyOf(run) };
    return this.#shown.topology;
  }

  #storeLegend(): ReturnType<StorePart["storeLegend"]> {
    const services = this.#layout?.services ?? [];
    const part = this.#part;
    if (!part) return [];
    const stores = services.some(({ store }) => store) ? part.storeLegend(services) : [];
    return services.some(({ sides }) => sides) ? [...stores, ...part.sidesLegend(services)] : stores;
  }

  /** What draws stores comes beside the run that has one, which takes longer. */
  async #fetchPart(): Promise<void> {
    if (this.#part || !(await needs(this, "stores on the stage"))) return;
    const part = await import("./store-part.js");
    this.#part = part;
    this.#marks ??= new part.Marks(() => this.#touch());
    this.#marks.follow(this.store);
    this.#wordsAt = -Infinity;
    this.#touch();
  }

  #relayout(glide: boolean): void {
    const field = this.#field();
    const topology = this.#topology();
    if (!field || !topology || field.clientWidth === 0) return;
    if (topology.services?.some(({ store, sides }) => store ?? sides)) void this.#fetchPart();
    const narrow = field.clientWidth < 600;
    // A narrow stage is as high as its content; a wide one fills the room that the page gives it.
    const next = layout(topology, { width: field.clientWidth, height: narrow ? 0 : field.clientHeight });
    field.style.minHeight = narrow ? `${next.size.height + (isSimple(next) ? LEGEND_HEIGHT : 8)}px` : "";
    field.classList.toggle("down", next.direction === "down");
    field.classList.toggle("across", next.direction === "across");
    // With stations it reaches up to the balancer; below their lines there is room.
    const roomy = next.direction === "across" && next.stations.length > 0;
    field.style.setProperty("--legend-room", roomy ? `${Math.round(next.balancer.x + next.balancer.w)}px` : "");
    const simple = isSimple(next);
    if (this.#simple !== simple) {
      this.#simple = simple;
      this.requestUpdate();
    }
    const old = this.#layout;
    const moves = glide && old !== null && differs(old, next);
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
      told: this.#tells(moment.frame, state.playing, now),
      followed: state.selection?.kind === "request" ? state.selection.id : null,
      stores: moment.run.stores,
      cqrs: moment.run.cqrs,
      part: this.#part,
      marked: this.#marks?.at(moment, state.selection) ?? null,
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

  /** While it plays, what is counted on the picture changes as seldom as the words beside it. */
  #tells(frame: Frame, playing: boolean, now: number): Frame {
    if (!this.#told || !playing || now - this.#wordsAt >= WORDS_MS) this.#told = frame;
    return this.#told;
  }

  #words(now: number): void {
    const moment = this.#moment();
    const state = this.store?.state;
    if (!moment || !state) return;
    if (state.playing && now - this.#wordsAt < WORDS_MS) return;
    this.#wordsAt = now;
    this.#nodes?.describe(moment, routerTitles(moment.run, state.schema));
    this.#actions.t_ms = state.playhead_ms;
    this.#actions.faults = state.scenario?.faults ?? [];
    this.#say(moment, state, now);
    this.requestUpdate();
  }

  /** Aloud is said what a pause, a step or a change of state shows; not every sentence of a run that plays. */
  #say(moment: Moment, state: Readonly<State>, now: number): void {
    let looks = "";
    for (let index = 0; index < moment.run.instanceNames.length; index += 1) looks += lookOf(moment, index).charAt(0);
    // A breaker that changes its state is news, too.
    for (let at = 0; at < moment.frame.breakers.length; at += BREAKER_STRIDE)
      looks += String(moment.frame.breakers[at + BREAKER.state]);
    const changed = looks !== this.#looks && this.#looks !== "";
    if (!state.playing || (changed && now - this.#heardAt > HEARD_MS)) {
      this.#heard = state.narration;
      this.#heardAt = now;
      this.#looks = looks;
    } else if (this.#looks === "") {
      this.#looks = looks;
    }
  }

  // ---- picking

  #showSelection(): void {
    const { store } = this;
    const nodes = this.#nodes;
    if (!store || !nodes || !this.#layout) return;
    const { selection } = store.state;
    nodes.select(selection);
    const node = nodes.element(selection);
    const target = this.#target(selection);
    if (target === null || !node) {
      this.#actions.remove();
      return;
    }
    this.#actions.target = target;
    this.#actions.whole = selection?.kind === "balancer";
    this.#actions.kinds = this.#kinds(selection);
    void this.#placeActions(node, selection);
  }

  /** What can be done where that differs from what can be done to any instance or service. */
  #kinds(selection: Selection): readonly FaultKind[] | null {
    const moment = this.#moment();
    const part = this.#part;
    if (!moment || !part) return null;
    if (selection?.kind === "instance") return part.shardActions(moment, selection.index);
    return selection?.kind === "balancer" ? part.storeActions(moment, selection.service ?? 0) : null;
  }

  /** What faults can strike: an instance, or by its balancer a whole service. */
  #target(selection: Selection): string | null {
    const run = this.store?.state.run;
    // Nothing can be done to a shard that isn't there.
    if (this.#kinds(selection)?.length === 0) return null;
    if (selection?.kind === "instance") return run?.instanceNames[selection.index] ?? null;
    return selection?.kind === "balancer" ? (run?.services[selection.service ?? 0]?.name ?? null) : null;
  }

  async #placeActions(node: HTMLElement, selection: Selection): Promise<void> {
    if (!(await needs(this, "actions on an instance"))) return;
    // Something else may have been picked while they were fetched.
    if (this.store?.state.selection !== selection || !node.isConnected) return;
    // After its node in the order of the keyboard, too.
    if (node.nextElementSibling !== this.#actions) node.after(this.#actions);
    await this.#actions.updateComplete;
    const current = this.#layout;
    const box = current && boxOf(current, selection);
    if (!current || !box) return;
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
    const scene = this.#scene(performance.now());
    const bounds = field.getBoundingClientRect();
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
    if (node) {
      const onMap = scene && node.matches(".map") && event.detail > 0;
      const key = onMap ? this.#part?.keySelectionAt(scene, x, y) : null;
      const written = node.matches(".log") && event.detail > 0 ? this.#logged(scene, x, y) : null;
      store.select(written ?? key ?? this.#picked(node, event, store.state.selection));
      return;
    }
    const request = scene && instanceAt(scene, x, y) < 0 ? movingRequestAt(scene, x, y, REACH) : null;
    store.select(request === null ? this.#logged(scene, x, y) : { kind: "request", id: request });
  };

  /** An event, on the log or on its way, stands for the command that wrote it, and a line under the log for its read model. */
  #logged(scene: Scene | null, x: number, y: number): Selection {
    const picked = scene && this.#part?.pickedAt(scene, x, y);
    if (!scene || !picked) return null;
    if ("node" in picked) return { kind: "instance", index: picked.node };
    const request = scene.cqrs?.[picked.cqrs]?.log.request[picked.event] ?? -1;
    return request < 0 ? { kind: "log", cqrs: picked.cqrs } : { kind: "request", id: request };
  }

  #picked(node: HTMLElement, event: MouseEvent, before: Selection): Selection {
    const selection = this.#nodes?.selectionOf(node) ?? null;
    // The first click takes the instance or the call; on a selected one, a click on a slot takes the request in it.
    const again =
      event.detail > 0 &&
      ((selection?.kind === "instance" && before?.kind === "instance" && before.index === selection.index) ||
        (selection?.kind === "call" && before?.kind === "call" && before.call === selection.call));
    const scene = again ? this.#scene(performance.now()) : null;
    const bounds = this.#field()?.getBoundingClientRect();
    if (scene && bounds) {
      const request = heldRequestAt(scene, event.clientX - bounds.left, event.clientY - bounds.top);
      if (request !== null) return { kind: "request", id: request };
    }
    return selection;
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
