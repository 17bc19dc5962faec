/** Unpacked, a log may not be larger than this: a small file can unpack to more than the machine has. */
const MOST_BYTES = 512 * 1024 * 1024;

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

export async function gunzipped(
  bytes: Uint8Array<ArrayBuffer>,
  most_bytes = MOST_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!isGzip(bytes)) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return collected(stream, most_bytes);
}

/** All of a stream's bytes; throws rather than take more than `most_bytes`. */
export async function collected(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  most_bytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > most_bytes) {
      await reader.cancel();
      throw new RangeError(`unpacked it is larger than ${Math.round(most_bytes / 1024 / 1024)} MB`);
    }
    chunks.push(next.value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
