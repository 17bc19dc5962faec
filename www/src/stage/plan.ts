/** How the length of the stage is shared out: between the stations of the calls, the balancers and the instances. */
import type { Box } from "./cells.js";
import { gridDown } from "./grid.js";
import type { Parts, Size } from "./layout.js";
import { type Zone, lengthAcross, lengthDown, policiesBefore, sharesPool } from "./stations.js";

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
  const lengths = plain ? plainLengths(size) : shared(parts);
  const zones: Zone[] = [];
  const ends: number[] = [];
  const starts: number[] = [];
  let at = MARGIN + 8 + 52;
  for (const { zone, turn, room } of lengths.levels) {
    zones.push({ from: at, to: at + zone, turn });
    starts.push(at + zone + lengths.side + lengths.gap);
    at += zone + lengths.side + lengths.gap + room;
    ends.push(at);
    at += BRACKET;
  }
  const balancers = services.map((_, index): Box => {
    const zone = zones[(levels.of[index] ?? 1) - 1];
    const { from, to } = levels.bands[index] ?? { from: 0, to: 0 };
    const side = Math.min(lengths.side, Math.max(28, (to - from) * 0.5));
    const middle = Math.round((from + to) / 2);
    return { x: Math.round(zone?.to ?? 0) + (lengths.side - side) / 2, y: middle - side / 2, w: side, h: side };
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

interface Lengths {
  side: number;
  gap: number;
  levels: { zone: number; turn: number; room: number }[];
}

function plainLengths(size: Size): Lengths {
  const side = 74;
  const gap = 84;
  const zone = Math.round(size.width * 0.32) - side / 2 - (MARGIN + 8 + 52);
  const room = size.width - MARGIN - (MARGIN + 8 + 52) - zone - side - gap;
  return { side, gap, levels: [{ zone, turn: STRAIGHT, room }] };
}

/** Everyone gets the least that it can do with, then up to what it wants; what is left goes to all. */
function shared({ size, levels, calls, clients }: Parts): Lengths {
  const [side, gap] = levels.count > 1 ? [58, 46] : [66, 52];
  const total = size.width - 2 * MARGIN - 60 - levels.count * (side + gap) - (levels.count - 1) * BRACKET;
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
      wantedRoom: levels.count > 1 ? 158 : 248,
    };
  });
  const sum = (of: (need: (typeof needs)[number]) => number): number => needs.reduce((all, need) => all + of(need), 0);
  const least = sum((need) => need.leastZone + need.leastRoom);
  const wanted = sum((need) => need.wantedZone + need.wantedRoom);
  const share = Math.min(1, Math.max(0, (total - least) / (wanted - least)));
  const scale = Math.min(1, total / least);
  const left = Math.max(0, total - wanted) / levels.count;
  return {
    side,
    gap,
    levels: needs.map(({ turn, leastZone, wantedZone, leastRoom, wantedRoom }) => ({
      turn: turn === TURN ? 24 + (TURN - 24) * share : turn,
      zone: (leastZone + (wantedZone - leastZone) * share) * scale + left * 0.4,
      room: (leastRoom + (wantedRoom - leastRoom) * share) * scale + left * 0.6,
    })),
  };
}

// ---- down

const SIDE_DOWN = 64;

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
    const top = at + length + SIDE_DOWN + 48;
    let bottom = top;
    services.forEach(({ count }, index) => {
      if (levels.of[index] !== level) return;
      const { from, to } = levels.bands[index] ?? { from: 0, to: 0 };
      const middle = Math.round((from + to) / 2);
      balancers[index] = { x: middle - SIDE_DOWN / 2, y: at + length, w: SIDE_DOWN, h: SIDE_DOWN };
      const inset = to - from < size.width / 2 ? 5 : 0;
      const most = plain ? Math.max(240, size.height - top - 8) : 240;
      const room = { x: from + inset, y: top, w: to - from - 2 * inset, h: most };
      rooms[index] = room;
      const grid = gridDown(count, room);
      bottom = Math.max(bottom, grid.top + grid.rows * (grid.h + grid.gapY));
    });
    end = bottom;
    at = bottom + BRACKET;
  }
  const height = Math.max(size.height, Math.ceil(end));
  return { direction: "down", size: { ...size, height }, clients, balancers, rooms, zones, tight: !plain };
}

function clientsDown({ clients, size }: Parts): Box[] {
  const each = (size.width - (clients > 1 ? 2 * MARGIN : 0)) / clients;
  const from = clients > 1 ? MARGIN : 0;
  return Array.from({ length: clients }, (_, index) => {
    const middle = Math.round(from + each * (index + 0.5));
    return { x: middle - 22, y: 8, w: 44, h: 52 };
  });
}
