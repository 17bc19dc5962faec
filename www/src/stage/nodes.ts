/**
 * The clients, the stations of the calls, the balancers and the instances as real buttons over the canvas: they carry the words, take the focus
 * and open the inspector. Made and moved by hand, not by templates: their words change many times a second, and there
 * may be a thousand of them.
 */
import type { Selection } from "../model/store.js";
import { type Moment, balancerWords, instanceWords, lookOf, tileName } from "./words/describe.js";
import type { Box } from "./layout/cells.js";
import { type StationWords, eachWords, stationWords } from "./words/describe-calls.js";
import { rate } from "./words/format.js";
import type { Layout, ServicePlace } from "./layout/layout.js";
import { serviceOf } from "./draw/scene.js";
import { isStore, shardAt } from "./reading/shards.js";
import { watchesEach } from "./layout/topology.js";
import { CALL, CALL_STRIDE, SCALAR } from "../model/views.js";

/** Where services stand this close above each other, their words have one line each. */
const LOW = 124;

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
  #clients: HTMLButtonElement[] = [];
  #stations: HTMLButtonElement[] = [];
  #balancers: HTMLButtonElement[] = [];
  #instances: HTMLButtonElement[] = [];
  /** One for each service; none where it has no log. */
  #logs: (HTMLButtonElement | null)[] = [];
  #layout: Layout | null = null;
  /** What the nodes were made for; another structure gets other nodes. */
  #made = "";
  /** Of each service, the tile that Tab reaches; the arrow keys move it. */
  #roving: number[] = [];

  constructor(root: HTMLElement) {
    this.#root = root;
    root.addEventListener("keydown", (event) => this.#onKey(event));
    root.addEventListener("focusin", (event) => {
      const index = this.indexOf(event.target);
      if (index !== null) this.#rove(index);
    });
  }

  /** The instance that `target` is, or is part of; null for anything else. */
  indexOf(target: EventTarget | null): number | null {
    return numberOf(target, "index");
  }

  /** What a click on `node` selects. */
  selectionOf(node: HTMLElement): Selection {
    const call = numberOf(node, "call");
    if (call !== null) return { kind: "call", call };
    const service = numberOf(node, "service");
    if (service !== null) return service === 0 ? { kind: "balancer" } : { kind: "balancer", service };
    const log = numberOf(node, "log");
    if (log !== null) return { kind: "log", cqrs: log };
    const index = this.indexOf(node);
    return index === null ? { kind: "client" } : { kind: "instance", index };
  }

  element(selection: Selection): HTMLButtonElement | null {
    switch (selection?.kind) {
      case "client":
        return this.#clients[0] ?? null;
      case "balancer":
        return this.#balancers[selection.service ?? 0] ?? null;
      case "instance":
        return this.#instances[selection.index] ?? null;
      case "call":
        return this.#stations.find((node) => numberOf(node, "call") === selection.call) ?? null;
      case "key":
        return (
          this.#balancers[this.#layout?.services.findIndex(({ store }) => store?.number === selection.store) ?? -1] ??
          null
        );
      case "log":
        return this.#logs.find((node) => numberOf(node, "log") === selection.cqrs) ?? null;
      case "request":
      case undefined:
        return null;
    }
  }

  place(layout: Layout): void {
    this.#layout = layout;
    this.#make(layout);
    layout.clients.forEach((box, index) => put(this.#clients[index], box));
    layout.services.forEach(({ balancer, room, store }, index) => {
      const node = this.#balancers[index];
      put(node, balancer);
      // Beside a balancer there is no room for words where services stand close together.
      node?.classList.toggle("close", layout.direction === "down" && (room < 300 || store !== undefined));
      node?.classList.toggle("low", layout.direction === "across" && room < LOW);
      node?.style.setProperty("--room", `${Math.round(room)}px`);
    });
    layout.stations.forEach(({ box, wordsAt }, index) => {
      put(this.#stations[index], box);
      this.#stations[index]?.style.setProperty("--words-at", `${wordsAt}px`);
    });
    watched(layout).forEach((call, place) => {
      const { balancer } = layout.services[layout.calls[call]?.to ?? 0] ??
        layout.services[0] ?? { balancer: layout.balancer };
      const { x, y, w, h } = balancer;
      // Above the balancer; where lines come from above, below its words.
      const box =
        layout.direction === "down"
          ? { x: x + w + 8, y: y + h - 4 + 32 * place, w: 90, h: 30 }
          : { x: x + w / 2 - 45, y: y - 38 - 34 * place, w: 90, h: 30 };
      put(this.#stations[layout.stations.length + place], box);
    });
    layout.services.forEach(({ sides }, index) => {
      if (sides?.log) put(this.#logs[index] ?? undefined, sides.log);
    });
    const { boxes } = layout;
    this.#instances.forEach((node, index) => {
      const at = index * 4;
      put(node, { x: boxes[at] ?? 0, y: boxes[at + 1] ?? 0, w: boxes[at + 2] ?? 0, h: boxes[at + 3] ?? 0 });
    });
  }

  select(selection: Selection): void {
    const chosen = this.element(selection);
    const call = selection?.kind === "call" ? selection.call : -1;
    for (const node of [...this.#clients, ...this.#stations, ...this.#balancers, ...this.#instances, ...this.#logs]) {
      if (!node) continue;
      const pressed = String(node === chosen || numberOf(node, "call") === call);
      if (node.ariaPressed !== pressed) node.ariaPressed = pressed;
    }
  }

  describe(moment: Moment, policies: readonly string[]): void {
    const layout = this.#layout;
    if (!layout) return;
    this.#clients.forEach((node, index) => describeClient(node, moment, index));
    this.#balancers.forEach((node, index) => describeBalancer(node, moment, index, policies[index] ?? ""));
    layout.stations.forEach(({ policy, calls, call }, index) => {
      const shape = layout.calls[call];
      if (shape) describeStation(this.#stations[index], stationWords(moment, policy, calls, shape));
    });
    watched(layout).forEach((call, place) => {
      const shape = layout.calls[call];
      if (shape) describeStation(this.#stations[layout.stations.length + place], eachWords(moment, call, shape));
    });
    this.#logs.forEach((node, station) => {
      const label = moment.part?.logLabel(moment, station) ?? "Log";
      if (node && node.ariaLabel !== label) node.ariaLabel = label;
    });
    this.#instances.forEach((node, index) => {
      if (this.#isTile(index)) this.#describeTile(node, moment, index);
      else describeCard(node, moment, index);
    });
  }

  #isTile(index: number): boolean {
    return this.#layout !== null && serviceOf(this.#layout, index)?.detail === "tile";
  }

  #describeTile(node: HTMLButtonElement, moment: Moment, index: number): void {
    const look = seenOf(moment, index);
    // A thousand names a few times a second would be work for nothing: a name follows what can be seen of it.
    if (node.dataset["look"] === look && !this.#roving.includes(index)) return;
    node.dataset["look"] = look;
    node.ariaLabel = tileName(moment, index);
    node.title = moment.run.instanceNames[index] ?? "";
  }

  /** In the order in which a request comes to them, which is the keyboard's too. */
  #make(layout: Layout): void {
    const { services, stations } = layout;
    const structure = JSON.stringify([
      layout.clients.length,
      stations.map(({ policy, call, words }) => [policy, call, words]),
      watched(layout),
      services.map(({ count, detail, store, sides }) =>
        services.length === 1 && !store && !sides
          ? detail
          : [count, detail, store?.map, sides?.number, Boolean(sides?.log)],
      ),
    ]);
    const made = this.#made !== structure;
    const focused = made ? this.#focused() : null;
    if (made) this.#makeAll(layout);
    this.#made = structure;
    const count = layout.topology.instances;
    for (const node of this.#instances.splice(count)) node.remove();
    while (this.#instances.length < count) this.#instances.push(this.#instance(layout, this.#instances.length));
    this.#roving = services.map(({ first, count: own }, index) => {
      const before = this.#roving[index] ?? first;
      return Math.min(Math.max(before, first), first + own - 1);
    });
    for (const index of this.#roving) this.#rove(index);
    // The log stands between the side that writes and the read models, for the keyboard, too.
    services.forEach(({ first }, index) => {
      const log = this.#logs[index];
      const commands = this.#instances[first];
      if (log && commands && commands.nextElementSibling !== log) commands.after(log);
    });
    // Whoever stands on a node with the keyboard stays there when it is made anew in another size.
    if (focused) this.element(focused)?.focus({ preventScroll: true });
  }

  /** What is picked by the node that has the focus. */
  #focused(): Selection {
    const root = this.#root.getRootNode();
    const active = root instanceof ShadowRoot ? root.activeElement : null;
    return active instanceof HTMLElement && this.#root.contains(active) ? this.selectionOf(active) : null;
  }

  #makeAll(layout: Layout): void {
    this.#root.replaceChildren();
    this.#instances = [];
    this.#roving = [];
    this.#clients = layout.clients.map(() => button("client", `<span class="icon">${CLIENT_ICON}</span>${captions()}`));
    this.#stations = [
      ...layout.stations.map(({ policy, call, calls, words }) =>
        station(`${policy} ${words === "title" ? "title-only" : words}${calls.length > 1 ? " shared" : ""}`, call),
      ),
      ...watched(layout).map((call) => station("each rows", call)),
    ];
    this.#balancers = layout.services.map(({ store }, index) => {
      const node = store
        ? button(`balancer map ${store.map}`, captions())
        : button("balancer", `<span class="icon">${BALANCER_ICON}</span>${captions()}`);
      node.dataset["service"] = String(index);
      return node;
    });
    this.#logs = layout.services.map(({ sides }) => {
      if (!sides?.log) return null;
      const node = button("log", "");
      node.dataset["log"] = String(sides.number);
      return node;
    });
    this.#root.append(...this.#clients, ...this.#stations, ...this.#balancers);
  }

  #instance(layout: Layout, index: number): HTMLButtonElement {
    const { detail = "card", store, sides } = serviceOf(layout, index) ?? {};
    const card = store || sides ? `${CARD}<span class="keys"></span>` : CARD;
    const kind = store ? " shard" : sides ? ` shard ${sides.shared ? "whole" : "side"}` : "";
    const node = button(`instance ${detail}${kind}`, detail === "tile" ? "" : card);
    node.dataset["index"] = String(index);
    this.#root.append(node);
    return node;
  }

  #rove(index: number): void {
    const { layout, service } = this.#owner(index);
    if (!layout || !service) return;
    this.#roving[layout.owner[index] ?? 0] = Math.max(0, index);
    for (let each = service.first; each < service.first + service.count; each += 1) {
      const tabIndex = service.detail === "tile" && each !== index ? -1 : 0;
      const node = this.#instances[each];
      if (node && node.tabIndex !== tabIndex) node.tabIndex = tabIndex;
    }
  }

  #owner(index: number): { layout: Layout | null; service: ServicePlace | undefined } {
    return { layout: this.#layout, service: this.#layout ? serviceOf(this.#layout, index) : undefined };
  }

  #onKey(event: KeyboardEvent): void {
    const index = this.indexOf(event.target);
    if (index === null || !this.#isTile(index)) return;
    const { service } = this.#owner(index);
    if (!service) return;
    const { columns, first, count } = service;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const next = index + step;
    if (next >= first && next < first + count) this.#instances[next]?.focus();
  }
}

/** The calls with a breaker for each instance called: one button stands for all of these. */
function watched({ calls }: Layout): number[] {
  return calls.flatMap((call, index) => (watchesEach(call) ? [index] : []));
}

function numberOf(target: EventTarget | null, what: string): number | null {
  const node = target instanceof Element ? target.closest<HTMLElement>(`[data-${what}]`) : null;
  return node ? Number(node.dataset[what]) : null;
}

function describeClient(node: HTMLButtonElement, { run, frame }: Moment, index: number): void {
  const { clients } = run.scenario;
  const own = run.calls.flatMap(({ client }, call) => (client === index ? [call] : []));
  const made = own.reduce((sum, call) => sum + (frame.calls[call * CALL_STRIDE + CALL.callsPerS] ?? 0), 0);
  write(node.querySelector(".name"), clients[index]?.name ?? "clients");
  write(node.querySelector(".state"), rate(clients.length > 1 ? made : (frame.scalars[SCALAR.arrivalsPerS] ?? NaN)));
}

/** Of several services each goes by its name; a single one by what its balancer does. */
function describeBalancer(node: HTMLButtonElement, moment: Moment, index: number, policy: string): void {
  const several = moment.run.services.length > 1;
  if (isStore(moment.run, index)) {
    describeMap(node, moment, index, policy);
    return;
  }
  const { state, panic } = balancerWords(moment, index);
  write(node.querySelector(".name"), several ? (moment.run.services[index]?.name ?? "") : policy);
  write(node.querySelector(".state"), several ? `${policy} · ${state}` : state);
  node.classList.toggle("panic", panic);
}

/** A map, which is a store's balancer. */
function describeMap(node: HTMLButtonElement, moment: Moment, index: number, placement: string): void {
  const { part, run } = moment;
  const several = run.services.length > 1;
  const short = part ? `${placement} · ${part.mapWordsShort(moment, index)}` : placement;
  write(node.querySelector(".name"), several ? (run.services[index]?.name ?? "") : placement);
  write(node.querySelector(".state"), several ? short : (part?.mapWords(moment, index) ?? ""));
  const label = part?.mapLabel(moment, index, placement) ?? `Map of ${run.services[index]?.name ?? ""}: ${placement}`;
  if (node.ariaLabel !== label) node.ariaLabel = label;
}

function describeStation(node: HTMLButtonElement | undefined, words: StationWords): void {
  if (!node) return;
  write(node.querySelector(".title"), words.title);
  write(node.querySelector(".state"), words.state);
  if (node.dataset["tone"] !== words.tone) node.dataset["tone"] = words.tone;
  if (node.ariaLabel !== words.label) node.ariaLabel = words.label;
}

function describeCard(node: HTMLButtonElement, moment: Moment, index: number): void {
  const words = instanceWords(moment, index);
  if (node.dataset["look"] !== words.look) node.dataset["look"] = words.look;
  if (words.presence !== null && node.dataset["presence"] !== words.presence) node.dataset["presence"] = words.presence;
  const own = node.querySelector(".own");
  write(node.querySelector(".whose"), words.of === "" ? "" : words.name);
  write(own, words.own);
  // Heard is the whole name, or the own one, and never both.
  if (own) own.ariaHidden = words.of === "" ? null : "true";
  write(node.querySelector(".glyph"), words.glyph);
  write(node.querySelector(".state"), words.state);
  write(node.querySelector(".short"), words.short);
  write(node.querySelector(".tiny"), words.tiny);
  write(node.querySelector(".working"), words.working);
  write(node.querySelector(".waiting"), words.waiting);
  write(node.querySelector(".keys"), words.keys);
  node.classList.toggle("hurt", words.hurt);
}

/** What of an instance can be seen on a tile. */
function seenOf(moment: Moment, index: number): string {
  const presence = shardAt(moment, index)?.presence;
  return presence === undefined || presence === "inMap" ? lookOf(moment, index) : presence;
}

const CARD =
  '<span class="head"><span class="name"><span class="whose"></span><span class="own"></span></span><span class="status"><span class="glyph" aria-hidden="true"></span> ' +
  '<span class="state"></span><span class="short" aria-hidden="true"></span><span class="tiny" aria-hidden="true"></span></span></span>' +
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

function station(className: string, call: number): HTMLButtonElement {
  const node = button(
    `station ${className}`,
    '<span class="words"><span class="title"></span> <span class="state"></span></span>',
  );
  node.dataset["call"] = String(call);
  return node;
}

function put(node: HTMLElement | undefined, { x, y, w, h }: Box): void {
  if (!node) return;
  node.style.transform = `translate(${x}px, ${y}px)`;
  node.style.width = `${w}px`;
  node.style.height = `${h}px`;
}
