/** What is under the pointer. */
import { REQUEST, REQUEST_STATE, REQUEST_STRIDE } from "../model/views.js";
import type { Cells } from "./layout/cells.js";
import { compartments } from "./layout/compartments.js";
import { type Scene, cellsAt, locate, newPlace, requestCount } from "./draw/scene.js";

const place = newPlace();

function isHeld({ frame }: Scene, at: number): boolean {
  const state = frame.requests[at + REQUEST.state];
  return (
    state === REQUEST_STATE.waiting ||
    state === REQUEST_STATE.working ||
    state === REQUEST_STATE.pooled ||
    // At a router it stands for itself.
    (state === REQUEST_STATE.calling && (frame.requests[at + REQUEST.instance] ?? 0) >= 0)
  );
}

/** The request on the move that is nearest to (x, y), no farther than `reach`; null if there is none. */
export function movingRequestAt(scene: Scene, x: number, y: number, reach: number): number | null {
  const { requests } = scene.frame;
  let best: number | null = null;
  let bestDistance = reach * reach;
  for (let row = 0; row < requestCount(scene.frame); row += 1) {
    if (isHeld(scene, row * REQUEST_STRIDE)) continue;
    locate(scene, row, place);
    const distance = (place.x - x) ** 2 + (place.y - y) ** 2;
    if (!place.shown || distance > bestDistance) continue;
    bestDistance = distance;
    best = requests[row * REQUEST_STRIDE + REQUEST.id] ?? null;
  }
  return best;
}

/** The request whose slot or waiting place contains (x, y); null if there is none. */
export function heldRequestAt(scene: Scene, x: number, y: number): number | null {
  const { requests } = scene.frame;
  for (let row = 0; row < requestCount(scene.frame); row += 1) {
    const at = row * REQUEST_STRIDE;
    if (!isHeld(scene, at)) continue;
    locate(scene, row, place);
    const cells = cellsOf(scene, at, requests[at + REQUEST.state]);
    if (!place.shown || !cells) continue;
    if (Math.abs(place.x - x) <= cells.w / 2 && Math.abs(place.y - y) <= cells.h / 2) {
      return requests[at + REQUEST.id] ?? null;
    }
  }
  return null;
}

function cellsOf({ layout, frame }: Scene, at: number, state: number | undefined): Cells | null {
  if (state === REQUEST_STATE.pooled) {
    const station = layout.stations[layout.stationsOf[frame.requests[at + REQUEST.call] ?? 0]?.bulkhead ?? -1];
    return station ? compartments(frame, station).places : null;
  }
  const own = cellsAt(layout, frame.requests[at + REQUEST.instance] ?? 0);
  return (state === REQUEST_STATE.waiting ? own?.queue : own?.slots) ?? null;
}

/** The instance whose box contains (x, y), or -1. */
export function instanceAt(scene: Scene, x: number, y: number): number {
  const { boxes, topology } = scene.layout;
  for (let index = 0; index < topology.instances; index += 1) {
    const dx = x - (boxes[index * 4] ?? 0);
    const dy = y - (boxes[index * 4 + 1] ?? 0);
    if (dx >= 0 && dy >= 0 && dx <= (boxes[index * 4 + 2] ?? 0) && dy <= (boxes[index * 4 + 3] ?? 0)) return index;
  }
  return -1;
}
