/** A wasm module in which one exported function traps, made from one that works. */

const SECTION = { import: 2, export: 7, code: 10 } as const;
const FUNCTION = 0;
const UNREACHABLE = 0x00;

class Reader {
  at: number;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new Error("the module ends too soon");
    this.at += 1;
    return value;
  }

  /** Unsigned LEB128. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  take(length: number): Uint8Array {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text(): string {
    return new TextDecoder().decode(this.take(this.number()));
  }
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

/** The bytes of `module`, with `unreachable` as the first instruction of the function that it exports as `name`. */
export function trapping(module: Uint8Array, name: string): Buffer {
  const reader = new Reader(module);
  const pieces: Uint8Array[] = [reader.take(8)];
  let imported = 0;
  let wanted = -1;
  while (reader.at < module.length) {
    const id = reader.byte();
    const body = reader.take(reader.number());
    if (id === SECTION.import) imported = importedFunctions(new Reader(body));
    if (id === SECTION.export) wanted = exported(new Reader(body), name);
    const changed = id === SECTION.code ? withTrap(new Reader(body), wanted - imported) : body;
    pieces.push(Uint8Array.from([id, ...leb(changed.length)]), changed);
  }
  return Buffer.concat(pieces);
}

/** Only functions are imported by what wasm-bindgen makes. */
function importedFunctions(section: Reader): number {
  const count = section.number();
  for (let index = 0; index < count; index += 1) {
    section.text();
    section.text();
    if (section.byte() !== FUNCTION) throw new Error("something else than a function is imported");
    section.number();
  }
  return count;
}

function exported(section: Reader, name: string): number {
  for (let left = section.number(); left > 0; left -= 1) {
    const found = section.text();
    const kind = section.byte();
    const index = section.number();
    if (found === name && kind === FUNCTION) return index;
  }
  throw new Error(`no function is exported as «${name}»`);
}

function withTrap(section: Reader, which: number): Uint8Array {
  const count = section.number();
  const pieces: Uint8Array[] = [Uint8Array.from(leb(count))];
  for (let index = 0; index < count; index += 1) {
    const body = section.take(section.number());
    const changed = index === which ? trappingBody(body) : body;
    pieces.push(Uint8Array.from(leb(changed.length)), changed);
  }
  return Buffer.concat(pieces);
}

function trappingBody(body: Uint8Array): Uint8Array {
  const reader = new Reader(body);
  for (let groups = reader.number(); groups > 0; groups -= 1) {
    reader.number();
    reader.byte();
  }
  return Buffer.concat([body.subarray(0, reader.at), Uint8Array.of(UNREACHABLE), body.subarray(reader.at)]);
}
