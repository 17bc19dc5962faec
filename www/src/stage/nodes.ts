/**
 * The clients, the balancer and the instances as real buttons over the canvas: they carry the words, take the focus
 * and open the inspector. Made and moved by hand, not by templates: their words change many times a second, and there
 * may be a thousand of them.
 */
import type { Selection } from "../model/store.js";
import { type Moment, balancerWords, instanceWords, lookOf, tileName } from "./describe.js";
import type { Layout } from "./layout.js";
import { rate } from "./format.js";
import { SCALAR } from "../model/views.js";

const CLIENT_ICON =
  '<svg viewBox="0 0 52 68" aria-hidden="true"><circle cx="26" cy="25" r="8"/><path d="M12 50a14 12 0 0 1 28 0"/></svg>';
const BALANCER_ICON =
  '<svg viewBox="0 0 74 74" aria-hidden="true"><path class="diamond" d="M37 1 73 37 37 73 1 37Z"/>' +
  '<path d="M25 37h24M31 37l14-11M31 37l14 11"/></svg>';

/** Text is written only where it has changed: most words stay from one frame to the next. */
function write(element: Element | null | undefined, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

export class Nodes {
  readonly #root: HTMLElement;
  readonly #client: HTMLButtonElement;
  readonly #balancer: HTMLButtonElement;
  #instances: HTMLButtonElement[] = [];
  #detail: Layout["detail"] | null = null;
  #columns = 1;
  /** The tile that Tab reaches; the arrow keys move it. */
  #roving = 0;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#client = button("client", `<span class="icon">${CLIENT_ICON}</span>${captions()}`);
    this.#balancer = button("balancer", `<span class="icon">${BALANCER_ICON}</span>${captions()}`);
    root.append(this.#client, this.#balancer);
    root.addEventListener("keydown", (event) => this.#onKey(event));
    root.addEventListener("focusin", (event) => {
      const index = this.indexOf(event.target);
      if (index !== null) this.#rove(index);
    });
  }

  /** The instance that `target` is, or is part of; null for anything else. */
  indexOf(target: EventTarget | null): number | null {
    const node = target instanceof Element ? target.closest<HTMLElement>("[data-index]") : null;
    return node ? Number(node.dataset["index"]) : null;
  }

  element(selection: Selection): HTMLButtonElement | null {
    if (selection?.kind === "client") return this.#client;
    if (selection?.kind === "balancer") return this.#balancer;
    return selection?.kind === "instance" ? (this.#instances[selection.index] ?? null) : null;
  }

  place(layout: Layout): void {
    this.#make(layout);
    this.#columns = layout.columns;
    put(this.#client, layout.client.x, layout.client.y, layout.client.w, layout.client.h);
    put(this.#balancer, layout.balancer.x, layout.balancer.y, layout.balancer.w, layout.balancer.h);
    const { boxes } = layout;
    this.#instances.forEach((node, index) => {
      const at = index * 4;
      put(node, boxes[at] ?? 0, boxes[at + 1] ?? 0, boxes[at + 2] ?? 0, boxes[at + 3] ?? 0);
    });
  }

  select(selection: Selection): void {
    const chosen = this.element(selection);
    for (const node of [this.#client, this.#balancer, ...this.#instances]) {
      const pressed = String(node === chosen);
      if (node.ariaPressed !== pressed) node.ariaPressed = pressed;
    }
  }

  describe(moment: Moment, policy: string): void {
    this.#describeEnds(moment, policy);
    if (this.#detail === "tile") this.#describeTiles(moment);
    else this.#instances.forEach((node, index) => this.#describeCard(node, moment, index));
  }

  #describeEnds(moment: Moment, policy: string): void {
    const { state, panic } = balancerWords(moment);
    write(this.#client.querySelector(".name"), moment.run.scenario.clients[0]?.name ?? "clients");
    write(this.#client.querySelector(".state"), rate(moment.frame.scalars[SCALAR.arrivalsPerS] ?? NaN));
    write(this.#balancer.querySelector(".name"), policy);
    write(this.#balancer.querySelector(".state"), state);
    this.#balancer.classList.toggle("panic", panic);
  }

  #describeCard(node: HTMLButtonElement, moment: Moment, index: number): void {
    const words = instanceWords(moment, index);
    if (node.dataset["look"] !== words.look) node.dataset["look"] = words.look;
    write(node.querySelector(".name"), words.name);
    write(node.querySelector(".glyph"), words.glyph);
    write(node.querySelector(".state"), words.state);
    write(node.querySelector(".short"), words.short);
    write(node.querySelector(".working"), words.working);
    write(node.querySelector(".waiting"), words.waiting);
    node.classList.toggle("hurt", words.hurt);
  }

  #describeTiles(moment: Moment): void {
    this.#instances.forEach((node, index) => {
      const look = lookOf(moment, index);
      const wasLook = node.dataset["look"];
      // A thousand names a few times a second would be work for nothing: a name follows what can be seen of it.
      if (wasLook === look && index !== this.#roving) return;
      node.dataset["look"] = look;
      node.ariaLabel = tileName(moment, index);
      node.title = moment.run.instanceNames[index] ?? "";
    });
  }

  #make(layout: Layout): void {
    const count = layout.topology.instances;
    if (this.#detail === layout.detail && this.#instances.length === count) return;
    if (this.#detail !== layout.detail) {
      for (const node of this.#instances) node.remove();
      this.#instances = [];
      this.#detail = layout.detail;
    }
    for (const node of this.#instances.splice(count)) node.remove();
    while (this.#instances.length < count) this.#instances.push(this.#instance(this.#instances.length, layout.detail));
    this.#rove(Math.min(this.#roving, count - 1));
  }

  #instance(index: number, detail: Layout["detail"]): HTMLButtonElement {
    const node = button(`instance ${detail}`, detail === "tile" ? "" : CARD);
    node.dataset["index"] = String(index);
    this.#root.append(node);
    return node;
  }

  #rove(index: number): void {
    const tiles = this.#detail === "tile";
    this.#roving = Math.max(0, index);
    this.#instances.forEach((node, each) => {
      const tabIndex = tiles && each !== this.#roving ? -1 : 0;
      if (node.tabIndex !== tabIndex) node.tabIndex = tabIndex;
    });
  }

  #onKey(event: KeyboardEvent): void {
    const index = this.indexOf(event.target);
    if (this.#detail !== "tile" || index === null) return;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.#columns, ArrowDown: this.#columns }[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#instances[index + step]?.focus();
  }
}

const CARD =
  '<span class="head"><span class="name"></span><span class="status"><span class="glyph" aria-hidden="true"></span> ' +
  '<span class="state"></span><span class="short" aria-hidden="true"></span></span></span>' +
  '<span class="load"><span class="working"></span> <span class="waiting"></span></span>';

function captions(): string {
  return '<span class="caption"><span class="name"></span> <span class="state"></span></span>';
}

function button(className: string, content: string): HTMLButtonElement {
  const node = document.createElement("button");
  node.type = "button";
  node.className = `node ${className}`;
  node.ariaPressed = "false";
  // Constant mark-up of this file; words are only ever written as text.
  node.innerHTML = content;
  return node;
}

function put(node: HTMLElement, x: number, y: number, w: number, h: number): void {
  node.style.transform = `translate(${x}px, ${y}px)`;
  node.style.width = `${w}px`;
  node.style.height = `${h}px`;
}
