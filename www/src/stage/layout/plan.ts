/** How the length of the stage is shared out: between the stations of the calls, the balancers and the instances. */
import type { Box } from "./cells.js";
import type { Parts, Size } from "./layout.js";
import { CAPTION, mapSize } from "./map-shape.js";
import { standing } from "./rooms.js";
import { type Zone, lengthAcross, lengthDown, policiesBefore, sharesPool } from "./stations.js";
import type { StoreShape } from "./topology.js";

export interface Plan {
  direction: "across" | "down";
  size: Size;
  clients: Box[];
  balancers: Box[];
  /** For the instances of each service. */
  rooms: Box[];
  /** Before each level. */
  zones: Zone[];
  tight: boolean;
}

const MARGIN = 16;
/** Of a bracket that gathers what the instances of a service call. */
const BRACKET = 22;
const TURN = 40;
const STRAIGHT = 10;

/** One service and one group of clients without policies: as roomy as can be. */
function isPlain({ services, clients, calls }: Parts): boolean {
  return services.length === 1 && clients === 1 && calls.every(({ policies }) => policies.length === 0);
}

// ---- across

export function planAcross(parts: Parts): Plan {
  const { size, services, levels } = parts;
  const clients = clientsAcross(parts);
  const plain = isPlain(parts);
  const routers = routersAcross(parts, plain);
  const sides = sidesOf(parts, routers, plain);
  const broad = services.some((service) => service.sides?.shared === false);
  const lengths = plain ? plainLengths(size, sides[0] ?? SIDE, broad) : shared(parts, sides, broad);
  const zones: Zone[] = [];
  const ends: number[] = [];
  const starts: number[] = [];
  let at = MARGIN + 8 + 52;
  for (const { zone, turn, side, room } of lengths.levels) {
    zones.push({ from: at, to: at + zone, turn });
    starts.push(at + zone + side + lengths.gap);
    at += zone + side + lengths.gap + room;
    ends.push(at);
    at += BRACKET;
  }
  const balancers = services.map((_, index): Box => {
    const level = (levels.of[index] ?? 1) - 1;
    const { from, to } = levels.bands[index] ?? { from: 0, to: 0 };
    const { w, h } = routers[index] ?? { w: 0, h: 0 };
    const middle = Math.round((from + to) / 2);
    const side = lengths.levels[level]?.side ?? w;
    return { x: Math.round(zones[level]?.to ?? 0) + (side - w) / 2, y: middle - h / 2, w, h };
  });
  const rooms = services.map((_, index): Box => {
    const level = (levels.of[index] ?? 1) - 1;
    const { from, to } = levels.bands[index] ?? { from: 0, to: 0 };
    const left = starts[level] ?? 0;
    const inset = services.length > 1 ? 4 : 0;
    return { x: left, y: from + inset, w: (ends[level] ?? 0) - left, h: to - from - 2 * inset };
  });
  return { direction: "across", size, clients, balancers, rooms, zones, tight: !plain };
}

function clientsAcross({ clients, size }: Parts): Box[] {
  return Array.from({ length: clients }, (_, index) => {
    const each = size.height / clients;
    const h = Math.min(68, Math.max(20, each - 44));
    const middle = Math.round(each * (index + 0.5));
    return { x: MARGIN + 8, y: middle - h / 2 - (clients > 1 ? 12 : 0), w: 52, h };
  });
}

/** Between balancer and instances, by the side of a balancer. */
const SIDE = 74;
const SIDE_TIGHT = 66;
const SIDE_LEVELS = 58;

function sideOf({ levels }: Parts, plain: boolean): number {
  return plain ? SIDE : levels.count > 1 ? SIDE_LEVELS : SIDE_TIGHT;
}

/** What sends on to the instances: a balancer, or the map of a store, which is as large as there is room for. */
function routersAcross(parts: Parts, plain: boolean): { w: number; h: number }[] {
  const { services, levels, size } = parts;
  const part = plain ? 0.25 : levels.count > 1 ? 0.15 : 0.2;
  return services.map(({ store }, index) => {
    const { from, to } = levels.bands[index] ?? { from: 0, to: 0 };
    if (store) return mapSize(store.map, { w: size.width * part, h: to - from });
    const side = Math.min(sideOf(parts, plain), Math.max(28, (to - from) * 0.5));
    return { w: side, h: side };
  });
}

/** Of each level, how long the widest of these is. */
function sidesOf(parts: Parts, routers: readonly { w: number }[], plain: boolean): number[] {
  const { services, levels } = parts;
  return Array.from({ length: levels.count }, (_, index) => {
    const here = routers.filter((_router, service) => levels.of[service] === index + 1);
    const least = services.some(({ store }, service) => !store && levels.of[service] === index + 1);
    return Math.max(least ? sideOf(parts, plain) : 0, ...here.map(({ w }) => w));
  });
}

interface Lengths {
  gap: number;
  levels: { zone: number; turn: number; side: number; room: number }[];
}

/** `broad`: the log between two sides wants room for its events. */
function plainLengths(size: Size, side: number, broad: boolean): Lengths {
  const gap = 84;
  const start = MARGIN + 8 + 52;
  const zone = Math.max(56, Math.round(size.width * (broad ? 0.25 : 0.32)) - side / 2 - start);
  const room = size.width - MARGIN - start - zone - side - gap;
  return { gap, levels: [{ zone, turn: STRAIGHT, side, room }] };
}

/** Everyone gets the least that it can do with, then up to what it wants; what is left goes to all. */
function shared({ size, levels, calls, clients }: Parts, sides: readonly number[], broad: boolean): Lengths {
  const gap = levels.count > 1 ? 46 : 52;
  const routers = sides.reduce((all, side) => all + side + gap, 0);
  const total = size.width - 2 * MARGIN - 60 - routers - (levels.count - 1) * BRACKET;
  const needs = Array.from({ length: levels.count }, (_, index) => {
    const policies = policiesBefore(index + 1, calls, levels);
    const bends = clients > 1 || calls.length > 1;
    const turn = bends ? TURN : STRAIGHT;
    const { least, wanted } = lengthAcross(policies);
    const line = policies.length === 0 ? 56 : 0;
    return {
      turn,
      leastZone: Math.max(line, least + 2 * Math.min(turn, 24)),
      wantedZone: Math.max(line * 2, wanted + 2 * turn),
      leastRoom: 88,
      wantedRoom: levels.count > 1 ? 158 : broad ? 380 : 248,
    };
  });
  const sum = (of: (need: (typeof needs)[number]) => number): number => needs.reduce((all, need) => all + of(need), 0);
  const least = sum((need) => need.leastZone + need.leastRoom);
  const wanted = sum((need) => need.wantedZone + need.wantedRoom);
  const share = Math.min(1, Math.max(0, (total - least) / (wanted - least)));
  const scale = Math.min(1, total / least);
  const left = Math.max(0, total - wanted) / levels.count;
  return {
    gap,
    levels: needs.map(({ turn, leastZone, wantedZone, leastRoom, wantedRoom }, index) => ({
      turn: turn === TURN ? 24 + (TURN - 24) * share : turn,
      side: sides[index] ?? 0,
      zone: (leastZone + (wantedZone - leastZone) * share) * scale + left * 0.4,
      room: (leastRoom + (wantedRoom - leastRoom) * share) * scale + left * 0.6,
    })),
  };
}

// ---- down

const SIDE_DOWN = 64;
const MAP_DOWN = 148;

export function planDown(parts: Parts): Plan {
  const { size, services, levels, calls } = parts;
  const plain = isPlain(parts);
  const clients = clientsDown(parts);
  const balancers: Box[] = [];
  const rooms: Box[] = [];
  const zones: Zone[] = [];
  let at = 60;
  let end = at;
  for (let level = 1; level <= levels.count; level += 1) {
    const policies = policiesBefore(level, calls, levels);
    const turn = parts.clients > 1 || services.length > 1 || policies.length > 0 ? TURN : STRAIGHT;
    const length =
      plain || policies.length === 0 ? 58 : 2 * turn + lengthDown(policies, sharesPool(level, calls, levels)) - 8;
    zones.push({ from: at, to: at + length, turn });
    const sizes = services.map(({ store }, index) => routerDown(store, levels.bands[index]));
    const highest = Math.max(SIDE_DOWN, ...sizes.filter((_, index) => levels.of[index] === level).map(({ h }) => h));
    const top = at + length + highest + 48;
    let bottom = top;
    services.forEach((shape, index) => {
      if (levels.of[index] !== level) return;
      const { from, to } = levels.bands[index] ?? { from: 0, to: 0 };
      const middle = Math.round((from + to) / 2);
      const { w, h } = sizes[index] ?? { w: SIDE_DOWN, h: SIDE_DOWN };
      balancers[index] = { x: middle - w / 2, y: at + length, w, h };
      const inset = to - from < size.width / 2 ? 5 : 0;
      const most = plain ? Math.max(240, size.height - top - 8) : 240;
      const room = { x: from + inset, y: top, w: to - from - 2 * inset, h: most };
      rooms[index] = room;
      const { grid, boxes } = standing(shape, room, { down: true, narrow: !plain });
      bottom = Math.max(bottom, ...boxes.map(({ y, h }) => y + h + grid.gapY));
    });
    end = bottom;
    at = bottom + BRACKET;
  }
  const height = Math.max(size.height, Math.ceil(end));
  return { direction: "down", size: { ...size, height }, clients, balancers, rooms, zones, tight: !plain };
}

function routerDown(store: StoreShape | undefined, band?: { from: number; to: number }): { w: number; h: number } {
  if (!store) return { w: SIDE_DOWN, h: SIDE_DOWN };
  return mapSize(store.map, { w: ((band?.to ?? 0) - (band?.from ?? 0)) * 0.75, h: MAP_DOWN + 2 * CAPTION });
}

function clientsDown({ clients, size }: Parts): Box[] {
  const each = (size.width - (clients > 1 ? 2 * MARGIN : 0)) / clients;
  const from = clients > 1 ? MARGIN : 0;
  return Array.from({ length: clients }, (_, index) => {
    const middle = Math.round(from + each * (index + 0.5));
    return { x: middle - 22, y: 8, w: 44, h: 52 };
  });
}
