/**
 * Where everything stands: a pure function of how much there is to show and how much room. Across on a wide stage
 * (clients, then for each service its balancer and instances, from left to right), down on a phone. Clients and
 * balancers keep their places whatever the number of instances, and cards give way to compact cards and these to tiles
 * before anything could overlap.
 */
import type { Box, Cells } from "./cells.js";
import { type Detail, type Grid, cellsOf, fillBoxes, lineOf, shareOf } from "./grid.js";
import { fillLanes } from "./lanes.js";
import { type Levels, levelsOf } from "./levels.js";
import { LANE_POINTS, LANE_STRIDE } from "./path.js";
import { type Plan, planAcross, planDown } from "./plan.js";
import { standing } from "./rooms.js";
import type { Point } from "./sides-grid.js";
import { LINE_DOWN, type Station, roomDown, stands, stationsBefore } from "./stations.js";
import type { CallShape, Policy, ServiceShape, SidesShape, StoreShape, Topology } from "./topology.js";
import { fillTrunks } from "./trunks.js";

export type { Topology } from "./topology.js";

export interface Size {
  width: number;
  height: number;
}

export interface ServicePlace {
  first: number;
  count: number;
  /** Its store, and where on a card the share of its shard is drawn; both left out for a service. */
  store?: StoreShape;
  share?: Box | null;
  /** Its two sides, with the log between them and the ways from there to the read models; left out for all others. */
  sides?: SidesPlace;
  /** The square around the diamond, or the map of a store. */
  balancer: Box;
  /** All its instances. */
  grid: Box;
  detail: Detail;
  columns: number;
  rows: number;
  slots: Cells;
  queue: Cells;
  /** Where its nodes differ: those of each. */
  cells?: readonly { slots: Cells; queue: Cells }[];
  /** How much room across the way words under its balancer have. */
  room: number;
  calls: boolean;
}

export interface SidesPlace extends SidesShape {
  log: Box | null;
  feeds: readonly Point[][];
}

/** Of a call, the number of the station of each policy; -1 without. */
type StationsOf = Record<Policy, number>;

export interface Layout {
  topology: Topology;
  /** The height may be more than was asked for: a narrow stage grows downwards. */
  size: Size;
  direction: "across" | "down";
  /** These of the first group of clients and the first service. */
  detail: Detail;
  client: Box;
  balancer: Box;
  columns: number;
  rows: number;
  slots: Cells;
  queue: Cells;
  clients: readonly Box[];
  services: readonly ServicePlace[];
  calls: readonly CallShape[];
  stations: readonly Station[];
  /** For each call. */
  stationsOf: readonly StationsOf[];
  /** Of each instance, the number of its service. */
  owner: Uint16Array;
  /** Four numbers an instance: x, y, w, h. */
  boxes: Float32Array;
  /** From each caller to the balancer that it calls, `LANE_STRIDE` numbers each. */
  trunks: Float32Array;
  /** For each call, how far along its trunk attempts leave: 0, or at the bulkhead in which they may wait. */
  leave: Float32Array;
  /** From the balancers to each instance, `LANE_STRIDE` numbers each. */
  lanes: Float32Array;
}

/** Below this width the stage is laid out downwards. */
const NARROW = 600;
const MARGIN = 16;

export function layout(topology: Topology, size: Size): Layout {
  const { calls, services, clients } = full(topology);
  const down = size.width < NARROW;
  const levels = down
    ? shifted(levelsOf(services.length, calls, MARGIN, size.width - MARGIN), calls)
    : levelsOf(services.length, calls, 6, size.height - 6);
  const plan = (down ? planDown : planAcross)({ calls, services, clients, levels, size });
  return assemble(topology, plan, { calls, services, clients, levels, size });
}

/** On a line that runs down, words are to the right of it: together they stand in the middle. */
function shifted(levels: Levels, calls: readonly CallShape[]): Levels {
  const rows = levels.rows.map((row, index) =>
    hasStations(calls[index]) ? { ...row, middle: row.middle - roomDown(row) / 2 + LINE_DOWN } : row,
  );
  return { ...levels, rows };
}

function hasStations(call: CallShape | undefined): boolean {
  return call?.policies.some((policy) => stands(call, policy)) ?? false;
}

const PLAIN_CALL: CallShape = {
  client: 0,
  service: null,
  to: 0,
  policies: [],
  breaker: -1,
  breakers: 0,
  breakersEach: 1,
  trip: "failure_rate",
  windowCells: 0,
  pool: -1,
  waits: false,
};

function full(topology: Topology): { calls: readonly CallShape[]; services: readonly ServiceShape[]; clients: number } {
  const { instances: count, concurrency, queueLimit } = topology;
  return {
    calls: topology.calls ?? [PLAIN_CALL],
    services: topology.services ?? [{ first: 0, count, concurrency, queueLimit }],
    clients: topology.clients ?? 1,
  };
}

/** What is to be laid out. */
export interface Parts {
  calls: readonly CallShape[];
  services: readonly ServiceShape[];
  clients: number;
  levels: Levels;
  size: Size;
}

function assemble(topology: Topology, plan: Plan, parts: Parts): Layout {
  const { calls, services, levels } = parts;
  const down = plan.direction === "down";
  const boxes = new Float32Array(topology.instances * 4);
  const lanes = new Float32Array(topology.instances * LANE_STRIDE);
  const owner = new Uint16Array(topology.instances);
  const places = services.map((shape, index): ServicePlace => {
    const room = plan.rooms[index] ?? NOWHERE;
    const { grid, boxes: own, log, feeds } = standing(shape, room, { down, narrow: plan.tight });
    const balancer = plan.balancers[index] ?? NOWHERE;
    fillBoxes(boxes, shape.first, own);
    fillLanes(lanes, boxes, {
      first: shape.first,
      count: shape.count,
      down,
      balancer,
      grid,
      // The other side is where the read models are fed.
      ...(log && down ? { near: true } : {}),
    });
    owner.fill(index, shape.first, shape.first + shape.count);
    const { detail, columns, rows } = grid;
    const band = levels.bands[index] ?? { from: 0, to: 0 };
    return {
      first: shape.first,
      count: shape.count,
      balancer,
      grid: around(grid),
      detail,
      columns,
      rows,
      ...cellsOf(shape, grid),
      ...(shape.store ? { store: shape.store, share: shareOf(grid) } : {}),
      ...(shape.sides ? { sides: { ...shape.sides, log, feeds }, share: shareOf(grid) ?? lineOf(grid) } : {}),
      ...(shape.sizes
        ? { cells: shape.sizes.map((sizes, node) => cellsOf(sizes, { ...grid, w: own[node]?.w ?? 0 })) }
        : {}),
      room: band.to - band.from,
      calls: calls.some((call) => call.service === index),
    };
  });
  const stations = plan.zones.flatMap((zone, index) => stationsBefore(index + 1, calls, levels, zone, down));
  const trunks = new Float32Array(calls.length * LANE_STRIDE);
  fillTrunks(trunks, { calls, levels, plan, places, down });
  const stationsOf = calls.map((_, call) => numbersOf(stations, call));
  const [first] = places;
  if (!first) throw new Error("a scenario has a service");
  return {
    topology,
    size: plan.size,
    direction: plan.direction,
    detail: first.detail,
    client: plan.clients[0] ?? NOWHERE,
    balancer: first.balancer,
    columns: first.columns,
    rows: first.rows,
    slots: first.slots,
    queue: first.queue,
    clients: plan.clients,
    services: places,
    calls,
    stations,
    stationsOf,
    owner,
    boxes,
    trunks,
    leave: leaving({ calls, stations, stationsOf, trunks, down }),
    lanes,
  };
}

const NOWHERE: Box = { x: 0, y: 0, w: 0, h: 0 };

function around(grid: Grid): Box {
  return {
    x: grid.left,
    y: grid.top,
    w: grid.columns * (grid.w + grid.gapX) - grid.gapX,
    h: grid.rows * (grid.h + grid.gapY) - grid.gapY,
  };
}

function numbersOf(stations: readonly Station[], call: number): StationsOf {
  const number = (policy: Policy): number =>
    stations.findIndex((station) => station.policy === policy && station.calls.includes(call));
  return {
    retry: number("retry"),
    breaker: number("breaker"),
    bulkhead: number("bulkhead"),
    timeout: number("timeout"),
  };
}

/** Attempts that may have waited go on from where they waited; all others come from their caller. */
function leaving({ calls, stations, stationsOf, trunks, down }: Leaving): Float32Array {
  return Float32Array.from(calls, (call, index) => {
    const station = stations[stationsOf[index]?.bulkhead ?? -1];
    if (!station || !call.waits) return 0;
    const along = down ? station.y : station.x;
    const off = (at: number): number => Math.abs((trunks[index * LANE_STRIDE + at * 2 + Number(down)] ?? 0) - along);
    let best = 0;
    for (let at = 1; at < LANE_POINTS; at += 1) if (off(at) < off(best)) best = at;
    return best / (LANE_POINTS - 1);
  });
}

interface Leaving extends Pick<Layout, "calls" | "stations" | "stationsOf" | "trunks"> {
  down: boolean;
}

/** A layout on the way from `from` to `to`: what stays moves there, what is new stands where it will be. */
export function between(from: Layout, to: Layout, share: number): Layout {
  const alike =
    from.direction === to.direction &&
    from.services.length === to.services.length &&
    from.calls.length === to.calls.length;
  if (share >= 1 || !alike || from.services.some(({ detail }, index) => detail !== to.services[index]?.detail))
    return to;
  const services = to.services.map((place, index) => ({
    ...place,
    balancer: blendBox(from.services[index]?.balancer, place.balancer, share),
  }));
  const stations = to.stations.map((station) => {
    const old = from.stations.find(({ policy, call }) => policy === station.policy && call === station.call);
    return old ? blendStation(old, station, share) : station;
  });
  return {
    ...to,
    services,
    stations,
    balancer: services[0]?.balancer ?? to.balancer,
    boxes: sameStarts(from, to) ? blend(from.boxes, to.boxes, share) : to.boxes,
    lanes: sameStarts(from, to) ? blend(from.lanes, to.lanes, share) : to.lanes,
    trunks: blend(from.trunks, to.trunks, share),
  };
}

/** With another number of instances in an earlier service, an index means another instance. */
function sameStarts(from: Layout, to: Layout): boolean {
  return from.services.every(({ first }, index) => first === to.services[index]?.first);
}

function blendStation(from: Station, to: Station, share: number): Station {
  const box = blendBox(from.box, to.box, share);
  return {
    ...to,
    box,
    area: blendBox(from.area, to.area, share),
    doors: to.doors.map((door, index) => {
      const old = from.doors[index] ?? door;
      return { x: mix(old.x, door.x, share), y: mix(old.y, door.y, share) };
    }),
    x: mix(from.x, to.x, share),
    y: mix(from.y, to.y, share),
  };
}

function blendBox(from: Box | undefined, to: Box, share: number): Box {
  if (!from) return to;
  return {
    x: mix(from.x, to.x, share),
    y: mix(from.y, to.y, share),
    w: mix(from.w, to.w, share),
    h: mix(from.h, to.h, share),
  };
}

function mix(from: number, to: number, share: number): number {
  return from * (1 - share) + to * share;
}

function blend(from: Float32Array, to: Float32Array, share: number): Float32Array {
  const common = Math.min(from.length, to.length);
  return to.map((value, index) => (index < common ? mix(from[index] ?? value, value, share) : value));
}
