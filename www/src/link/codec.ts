/** A scenario as text for an address: JSON, deflated, in the letters that addresses allow. */
import { collected } from "../model/gunzip.js";

/** Unpacked, a link may not be larger than this: a short one can unpack to more than the machine has. */
const MOST_BYTES = 64 * 1024 * 1024;

export async function packed(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return toBase64Url(await collected(stream, MOST_BYTES));
}

/** Throws where `letters` is nothing that `packed` has made. */
export async function unpacked(letters: string): Promise<string> {
  const bytes = fromBase64Url(letters);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new TextDecoder("utf-8", { fatal: true }).decode(await collected(stream, MOST_BYTES));
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  // In pieces: a call takes a limited number of arguments.
  const piece = 8_192;
  for (let at = 0; at < bytes.length; at += piece) binary += String.fromCharCode(...bytes.subarray(at, at + piece));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(letters: string): Uint8Array<ArrayBuffer> {
  const binary = atob(letters.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}
