/**
 * Histograms as standard HdrHistogram V2 payloads, uncompressed. Runs in the agent's worker, for each
 * series and second. Owns one buffer, which grows to the largest sum of payloads and is used again: a
 * payload of its own for each series and second outlived the young generation, and made a heap that
 * needed nothing grow by megabytes an hour (docs/internals/performance.md).
 *
 * hdr-histogram-js can write this format only inside deflate and base64, fifteen times slower, and
 * fills two header fields with what no other port writes (an offset of 1, a ratio of 5e-324). So the
 * bytes are written here; docs/reference/wire-format.md has the layout.
 */
import { type HdrLayout, slotOf } from './hdr-layout.js';

/** V2, with the word size nibble that says "ZigZag LEB128". */
export const HDR_COOKIE: number = 0x1c849303 | 0x10;
export const HDR_HEADER_BYTES = 40;
/** Each count takes at most 5 bytes as 32 bits, 8 as 53 bits; zeros before it at most 4. */
const SLOT_BYTES_MAX = 8;
const FIRST_BYTES = 4096;

/**
 * What is read of a histogram: the public members of hdr-histogram-js's JavaScript histograms. Their
 * counts are read straight from the array, twice as fast as through `getCountAtIndex`.
 */
export interface HdrSource {
  readonly numberOfSignificantValueDigits: number;
  readonly lowestDiscernibleValue: number;
  readonly highestTrackableValue: number;
  readonly maxValue: number;
  readonly _counts: ArrayLike<number>;
  countsArrayIndex(value: number): number;
}

/** Payloads one after the other. What it returns is valid until it is cleared. */
export class HdrPayloads {
  #bytes: Buffer = Buffer.alloc(FIRST_BYTES);
  #end = 0;

  clear(): void {
    this.#end = 0;
  }

  /** @throws {RangeError} when a count is negative or not a whole number: the histogram is damaged. */
  add(histogram: HdrSource): Uint8Array {
    const counts = histogram._counts;
    const limit = histogram.countsArrayIndex(histogram.maxValue) + 1;
    const bytes = this.#reserve(limit);
    let position = this.#end + HDR_HEADER_BYTES;
    for (let index = 0; index < limit; ) {
      const count = counts[index++]!;
      if (count !== 0) {
        position = writeCount(bytes, position, count);
        continue;
      }
      const from = index - 1;
      while (index < limit && counts[index] === 0) index++;
      position = writeZeros(bytes, position, index - from);
    }
    const { numberOfSignificantValueDigits: digits, lowestDiscernibleValue: lowest } = histogram;
    return this.#finish(position, digits, lowest, histogram.highestTrackableValue);
  }

  /** The first `count` of `values`, which are ascending. */
  addValues(values: ArrayLike<number>, count: number, layout: HdrLayout): Uint8Array {
    // Each may have a run of zeros before it.
    const bytes = this.#reserve(2 * count);
    let position = this.#end + HDR_HEADER_BYTES;
    let end = 0;
    for (let index = 0; index < count; ) {
      const slot = slotOf(layout, values[index]!);
      const from = index++;
      while (index < count && slotOf(layout, values[index]!) === slot) index++;
      if (slot > end) position = writeZeros(bytes, position, slot - end);
      position = writeCount(bytes, position, index - from);
      end = slot + 1;
    }
    return this.#finish(position, layout.digits, layout.lowest, layout.highest);
  }

  /** Earlier payloads stay where they are, in the buffer that is replaced. */
  #reserve(slots: number): Buffer {
    const bytesMax = HDR_HEADER_BYTES + slots * SLOT_BYTES_MAX;
    if (this.#end + bytesMax > this.#bytes.length) {
      const bytes = Math.max(bytesMax, this.#bytes.length * 2);
      this.#bytes = Buffer.alloc(2 ** Math.ceil(Math.log2(bytes)));
      this.#end = 0;
    }
    return this.#bytes;
  }

  #finish(end: number, digits: number, lowest: number, highest: number): Uint8Array {
    const [bytes, start] = [this.#bytes, this.#end];
    bytes.writeInt32BE(HDR_COOKIE, start);
    bytes.writeInt32BE(end - start - HDR_HEADER_BYTES, start + 4);
    bytes.writeInt32BE(0, start + 8); // normalizing index offset
    bytes.writeInt32BE(digits, start + 12);
    writeInt53(bytes, lowest, start + 16);
    writeInt53(bytes, highest, start + 24);
    bytes.writeDoubleBE(1, start + 32); // integer to double conversion ratio
    this.#end = end;
    return new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
  }
}

const single = new HdrPayloads();

/**
 * The payload of one histogram. The returned bytes are the caller's to keep.
 * @throws {RangeError} when a count is negative or not a whole number: the histogram is damaged.
 */
export function encodeHdrPayload(histogram: HdrSource): Uint8Array {
  single.clear();
  return new Uint8Array(single.add(histogram));
}

/** A single zero is written as itself, a run as a negative number. */
function writeZeros(bytes: Buffer, position: number, zeros: number): number {
  return writeVarint(bytes, position, zeros === 1 ? 0 : zeros * 2 - 1);
}

function writeCount(bytes: Buffer, position: number, count: number): number {
  if (!(count > 0 && Number.isSafeInteger(count))) {
    throw new RangeError(`histogram: expected counts from 0 to 2^53 - 1, got ${count}`);
  }
  // Doubling 2^53 - 1 stays exact: it only moves the exponent.
  return writeVarint(bytes, position, count * 2);
}

/** LEB128 of a ZigZag value below 2^54: seven bits a byte, the lowest first. */
function writeVarint(bytes: Buffer, start: number, zigzag: number): number {
  let position = start;
  let rest = zigzag;
  while (rest >= 0x80) {
    bytes[position++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  bytes[position++] = rest;
  return position;
}

/** A whole number from 0 to 2^53 - 1 as 64 bits. */
function writeInt53(bytes: Buffer, value: number, position: number): void {
  bytes.writeUInt32BE(Math.floor(value / 2 ** 32), position);
  bytes.writeUInt32BE(value % 2 ** 32, position + 4);
}
