/** The key that is picked: where it lies on the map of its store at a moment, and who has it then. */
import type { Selection, Store } from "../../model/store.js";
import type { KeyPlace, StoreDetails } from "../../model/views.js";
import type { MarkedKey, Scene } from "./scene.js";
import { geometryOf, nearestKey, placesAt, scatterOf } from "../layout/shard-map.js";
import { type Moment, mapAt, nowOf } from "../reading/shards.js";
import { ownersAt, travelsOf } from "../reading/travels.js";

/** A finger needs some room. */
const REACH = 10;

type KeySelection = Extract<Selection, { kind: "key" }>;

/** The drawn key under (x, y), if that is on a map and close to one. */
export function keySelectionAt(scene: Scene, x: number, y: number): KeySelection | null {
  for (const { store, balancer: box } of scene.layout.services) {
    const details = store && scene.stores?.[store.number];
    if (!details || x < box.x || y < box.y || x > box.x + box.w || y > box.y + box.h) continue;
    const t_ms = nowOf(scene.frame);
    const places = placesAt(details.maps, mapAt(details.maps, t_ms), t_ms);
    const key = nearestKey(geometryOf(store.map, box), places, details.keys.numbers, { x, y, reach: REACH });
    const number = details.keys.numbers[key];
    return number === undefined ? null : { kind: "key", store: store.number, key: `${details.key_prefix}${number}` };
  }
  return null;
}

/** The number of a key, by its text; null for one that isn't made of the prefix and a number. */
function numberOf({ key_prefix }: StoreDetails, text: string): number | null {
  const rest = text.startsWith(key_prefix) ? text.slice(key_prefix.length) : "";
  return /^(0|[1-9]\d{0,8})$/.test(rest) ? Number(rest) : null;
}

/** A drawn key, as the picture has it at `t_ms`; null for any other. */
export function drawnKey(details: StoreDetails, store: number, text: string, t_ms: number): MarkedKey | null {
  const number = numberOf(details, text);
  const index = number === null ? -1 : details.keys.numbers.indexOf(number);
  if (number === null || index < 0) return null;
  const places = placesAt(details.maps, mapAt(details.maps, t_ms), t_ms);
  const shard = ownersAt(travelsOf(details.keys), t_ms)[index] ?? 0;
  return { store, text, number, place: places[index] ?? 0, shard, owner: "" };
}

/** Of those that aren't drawn the model is asked, once for each map. */
export class Marks {
  readonly #answered: () => void;
  #store: Store | null = null;
  #asked = "";
  #found: KeyPlace | null = null;

  constructor(answered: () => void) {
    this.#answered = answered;
  }

  follow(store: Store | null): void {
    this.#store = store;
  }

  /** The mark at a moment; null where no key is picked, or where it is isn't known yet. */
  at(moment: Moment, selection: Selection): MarkedKey | null {
    if (selection?.kind !== "key") return null;
    const details = moment.run.stores[selection.store];
    if (!details) return null;
    const t_ms = nowOf(moment.frame);
    const drawn = drawnKey(details, selection.store, selection.key, t_ms);
    const mark = drawn ?? this.#asks(moment, selection, details);
    return mark && { ...mark, owner: ownerOf(moment, details, mark.shard) };
  }

  #asks({ run, frame }: Moment, { store, key }: KeySelection, { maps }: StoreDetails): MarkedKey | null {
    const wanted = JSON.stringify([run.epoch, store, key, mapAt(maps, nowOf(frame))]);
    if (wanted !== this.#asked) {
      this.#asked = wanted;
      this.#found = null;
      this.#store?.locate(store, [key]).then(
        ([found]) => {
          if (wanted !== this.#asked) return;
          this.#found = found ?? null;
          this.#answered();
        },
        // The inspector asks the same, and tells.
        () => undefined,
      );
    }
    const found = this.#found;
    return found && { store, text: key, number: hashOf(key), place: found.place, shard: found.shard, owner: "" };
  }
}

function ownerOf({ run }: Moment, { first_instance, copies }: StoreDetails, shard: number): string {
  const name = run.instanceNames[first_instance + shard * copies] ?? "";
  return name.slice(name.lastIndexOf("/") + 1);
}

/** Any number that stays the same: how far from the edge the mark of a key stands that isn't drawn. */
function hashOf(text: string): number {
  return Math.floor(scatterOf(text.length * 31 + (text.codePointAt(text.length - 1) ?? 0)) * 1_000);
}
