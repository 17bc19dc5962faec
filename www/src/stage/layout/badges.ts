/** Where badges stand: at what let go, where little else is, and always on the stage. */
import { BADGE_NODE } from "../../model/views.js";
import type { Box } from "./cells.js";
import type { Layout, Size } from "./layout.js";
import { letGoBy } from "../draw/reasons.js";
import type { Station } from "./stations.js";

export interface Anchor {
  /** Badges with the same key stack up. */
  key: number;
  box: Box;
  /**
   * Left of the box, on its upper edge or the right end of that, above it, below it, under its words beside a line that runs down, or as a bin under what
   * falls: within the room beside its middle where there is not as much on either side.
   */
  side: "left" | "edge" | "corner" | "above" | "below" | "words" | "bin";
  /** How wide it may be; where the reason in words doesn't fit, its form is drawn alone. */
  room: number;
  /** A bin's room across, where it isn't the same on both sides. */
  from?: number;
  to?: number;
  /** Where there is little room around it, it stays small however many it counts. */
  small?: boolean;
}

/** Beside a line that runs down, words begin so far from the edge of their station. */
const WORDS_DOWN = 46;
/** The words under a balancer. */
const CAPTION = 124;
const WIDE = 220;
/** Less room than this between a balancer and its instances is little. */
const CLOSE = 60;
/** Free of its station, by how much is drawn of it: what falls is seen before it comes to the badge. */
const BIN: Record<Station["detail"], number> = { full: 36, small: 16, icon: 6 };

export function anchorOf(layout: Layout, node: number, reason: number): Anchor {
  const call = BADGE_NODE.callers - node;
  if (node >= 0) return atInstance(layout, node);
  if (call >= 0) return atCaller(layout, call, node, reason);
  const balancer = layout.services[BADGE_NODE.balancers - node]?.balancer ?? layout.balancer;
  return { key: node, box: balancer, side: "above", room: WIDE };
}

function atInstance({ boxes, services, owner, direction }: Layout, node: number): Anchor {
  const at = node * 4;
  const box = { x: boxes[at] ?? 0, y: boxes[at + 1] ?? 0, w: boxes[at + 2] ?? 0, h: boxes[at + 3] ?? 0 };
  const service = services[owner[node] ?? 0];
  if (!service || service.detail === "tile") return { key: node, box, side: "edge", room: WIDE };
  // What falls there must be seen beside it.
  if (direction === "down") return { key: node, box, side: "corner", room: box.w * 0.55, small: true };
  // Above the read models is the log, and left of all but the first of a row is another one.
  const beside = service.sides?.log && box.x > service.grid.x + 1;
  if (beside) return { key: node, box, side: "below", room: Math.max(WIDE, box.w) };
  if (service.columns > 1 && !service.sides?.log) return { key: node, box, side: "edge", room: Math.max(WIDE, box.w) };
  // Between a balancer and its instances there may be no room for words.
  const room = box.x - (service.balancer.x + service.balancer.w) - 16;
  return { key: node, box, side: "left", room, small: room < CLOSE };
}

function atCaller(layout: Layout, call: number, node: number, reason: number): Anchor {
  const policy = letGoBy(reason);
  const number = policy === undefined ? -1 : (layout.stationsOf[call]?.[policy] ?? -1);
  const station = layout.stations[number];
  // Another kind of key, for a call may have several stations.
  const key = node * 1_000 - number - 1;
  const client = layout.clients[layout.calls[call]?.client ?? 0] ?? layout.client;
  if (!station) return { key, box: client, side: "above", room: WIDE };
  const down = layout.direction === "down";
  const door = station.calls.length > 1 ? station.doors[station.calls.indexOf(call)] : undefined;
  if (!door) {
    const { x, y, w, h } = station.box;
    if (down) return { key, box: station.box, side: "words", room: w - WORDS_DOWN, small: true };
    const [from, to] = besides(layout, station, call);
    const box = { x, y, w, h: h + BIN[station.detail] };
    return { key, box, side: "bin", room: to - from, from, to };
  }
  // Before the door of a pool there is no room for words, but the pool itself shows that it is full.
  return down
    ? { key, box: { x: door.x - 36, y: door.y - 7, w: 0, h: 0 }, side: "words", room: 0, small: true }
    : { key, box: { x: door.x - 26, y: door.y + 44, w: 0, h: 0 }, side: "bin", room: 0, from: 0, to: door.x - 5 };
}

/** Between the middles of the gaps to what stands before and behind it on the line of its call. */
function besides(layout: Layout, station: Station, call: number): [number, number] {
  const { client, service, to } = layout.calls[call] ?? {};
  const boxes = layout.stations.filter(({ calls }) => calls.includes(call)).map(({ box }) => box);
  const before = boxes.filter(({ x }) => x < station.box.x).map(({ x, w }) => x + w);
  const behind = boxes.filter(({ x }) => x > station.box.x).map(({ x }) => x);
  const grid = layout.services[service ?? -1]?.grid;
  const caller = grid ?? layout.clients[client ?? 0] ?? layout.client;
  const balancer = layout.services[to ?? 0]?.balancer ?? layout.balancer;
  // Under client and balancer stand words, wider than these.
  const first = caller.x + caller.w + (grid ? 16 : 2);
  const last = Math.max(station.box.x + station.box.w, balancer.x + balancer.w / 2 - CAPTION / 2);
  return [
    before.length > 0 ? (Math.max(...before) + station.box.x) / 2 + 2 : first,
    behind.length > 0 ? (Math.min(...behind) + station.box.x + station.box.w) / 2 - 2 : last,
  ];
}

/** The corner of a badge of this size, clear of what is `taken` by others in its place: the first is the nearest. */
export function cornerOf(
  size: Size,
  { box, side, from, to, small }: Anchor,
  width: number,
  height: number,
  taken: number,
): { x: number; y: number } {
  const centred = box.x + box.w / 2 - width / 2;
  const inside = (x: number, y: number): { x: number; y: number } => ({
    x: Math.min(size.width - width - 2, Math.max(2, x)),
    y: Math.min(size.height - height - 2, Math.max(2, y)),
  });
  switch (side) {
    case "left":
      return inside(box.x - width - (small ? 6 : 12), box.y + (small ? -4 : 6) + taken);
    case "corner":
      return inside(box.x + box.w - width, box.y - height - taken);
    case "edge":
      return inside(centred, box.y - height + 1 - taken);
    case "above":
      return inside(centred, box.y - height - 8 - taken);
    case "below":
      return inside(centred, box.y + box.h + 2 + taken);
    case "bin":
      return inside(Math.max(from ?? 0, Math.min(centred, (to ?? Infinity) - width)), box.y + box.h + 1 + taken);
    case "words":
      return inside(box.x + WORDS_DOWN + taken, box.y + box.h - 14);
  }
}
