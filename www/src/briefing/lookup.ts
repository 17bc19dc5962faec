/** Which keys somebody asks for, as typed or pasted; and where they are, in words. */
import type { KeyPlace } from "../model/views.js";
import { counted, count } from "../panel/number.js";

/** More keys at a time are not looked up. */
const MOST_KEYS = 200;
/** A longer key is nobody's, and would fill the screen. */
const MOST_LETTERS = 200;

export type Asked = { readonly keys: string[] } | { readonly problem: string };

/** One key a line, or several between commas; what is empty is passed over. */
export function readKeys(text: string): Asked {
  const keys = text
    .split(/[,\r\n]/)
    .map((key) => key.trim())
    .filter((key) => key !== "");
  if (keys.length > MOST_KEYS) {
    return {
      problem: `These are ${counted(keys.length, "key")}; at most ${count(MOST_KEYS)} are looked up at a time.`,
    };
  }
  const long = keys.findIndex((key) => key.length > MOST_LETTERS);
  if (long >= 0) {
    const letters = count(keys[long]?.length);
    return { problem: `Key ${count(long + 1)} has ${letters} letters; a key may have ${count(MOST_LETTERS)}.` };
  }
  return { keys };
}

/** What there is to say beyond the shard by the map; empty of a key that is there. */
export function movingWords({ holder, shard, holder_name, leaving }: KeyPlace): string {
  if (holder === shard) return "";
  return leaving === null ? `still with ${holder_name}, and has yet to move` : `on its way from ${holder_name}`;
}

/** «12 keys on 4 shards; 4 of them on the move, 3 have yet to move». */
export function summary(places: readonly KeyPlace[]): string {
  if (places.length === 0) return "No key is asked for.";
  const away = places.filter(({ holder, shard }) => holder !== shard);
  const moving = away.filter(({ leaving }) => leaving !== null).length;
  const waiting = away.length - moving;
  const shards = new Set(places.map(({ holder }) => holder)).size;
  const parts = [
    ...(moving > 0 ? [`${count(moving)} on the move`] : []),
    ...(waiting > 0 ? [`${count(waiting)} with a move to come`] : []),
  ];
  const told = parts.length === 0 ? "none of them on the move" : `of them ${parts.join(" and ")}`;
  return `${counted(places.length, "key")} on ${counted(shards, "shard")}, ${told}.`;
}
