/**
 * MessagePack as wire format v1 has it, and nothing else: a reader of our own, so that what today's code writes is
 * not judged by the library that wrote it. Bounded by DEPTH_MAX and by the bytes there are.
 */

/** Indexes of strings, numbers, texts, binary and arrays of them. */
export type Value = number | string | Uint8Array | readonly Value[];

const DEPTH_MAX = 16;

/**
 * @throws {Error} when a type occurs that the format does not have, or bytes are missing or left over.
 */
export function readMsgpack(bytes: Uint8Array): Value {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (!reader.isAtEnd) throw new Error('expected the end of the body, got more bytes');
  return value;
}

class Reader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): Value {
    if (depth > DEPTH_MAX) throw new Error('expected at most 16 levels');
    const type = this.#uint(1);
    if (type < 0x80) return type;
    if (type >= 0x90 && type <= 0x9f) return this.#array(type - 0x90, depth);
    if (type >= 0xa0 && type <= 0xbf) return this.#text(type - 0xa0);
    switch (type) {
      case 0xc4:
        return this.#take(this.#uint(1));
      case 0xc5:
        return this.#take(this.#uint(2));
      case 0xc6:
        return this.#take(this.#uint(4));
      case 0xcc:
        return this.#uint(1);
      case 0xcd:
        return this.#uint(2);
      case 0xce:
        return this.#uint(4);
      case 0xd3:
        return this.#int64();
      case 0xd9:
        return this.#text(this.#uint(1));
      case 0xda:
        return this.#text(this.#uint(2));
      case 0xdb:
        return this.#text(this.#uint(4));
      case 0xdc:
        return this.#array(this.#uint(2), depth);
      case 0xdd:
        return this.#array(this.#uint(4), depth);
      default:
        throw new Error(`expected a type of the format, got 0x${type.toString(16)}`);
    }
  }

  #array(length: number, depth: number): Value[] {
    const values: Value[] = [];
    for (let i = 0; i < length; i++) values.push(this.value(depth + 1));
    return values;
  }

  #text(length: number): string {
    return new TextDecoder('utf-8', { fatal: true }).decode(this.#take(length));
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Error('expected more bytes, got the end of the body');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  #uint(width: 1 | 2 | 4): number {
    const bytes = this.#take(width);
    return bytes.reduce((number, byte) => number * 256 + byte, 0);
  }

  #int64(): number {
    const at = this.#at;
    this.#take(8);
    return Number(this.#view.getBigInt64(at));
  }
}
