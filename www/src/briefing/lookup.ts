/** Which keys somebody asks for, as typed or pasted. */
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
