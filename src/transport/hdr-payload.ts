/**
 * A histogram as a standard HdrHistogram V2 payload, uncompressed. Runs in the agent's worker, once
 * for each series and window, into one buffer that grows to the largest payload and is reused.
 *
 * hdr-histogram-js can write this format only inside deflate and base64, fifteen times slower, and
 * fills two header fields with what no other port writes (an offset of 1, a ratio of 5e-324). So the
 * bytes are written here; docs/reference/wire-format.md has the layout.
 */

/** V2, with the word size nibble that says "ZigZag LEB128". */
export const HDR_COOKIE: number = 0x1c849303 | 0x10;
export const HDR_HEADER_BYTES = 40;
/** Each count takes at most 5 bytes as 32 bits, 8 as 53 bits; zeros before it at most 4. */
const SLOT_BYTES_MAX = 8;

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

let scratch = Buffer.alloc(4096);

/**
 * The payload of a histogram. The returned bytes are the caller's to keep.
 * @throws {RangeError} when a count is negative or not a whole number: the histogram is damaged.
 */
export function encodeHdrPayload(histogram: HdrSource): Uint8Array {
  const counts = histogram._counts;
  const limit = histogram.countsArrayIndex(histogram.maxValue) + 1;
  const bytesMax = HDR_HEADER_BYTES + limit * SLOT_BYTES_MAX;
  if (scratch.length < bytesMax) scratch = Buffer.alloc(2 ** Math.ceil(Math.log2(bytesMax)));

  let position = HDR_HEADER_BYTES;
  for (let index = 0; index < limit; ) {
    const count = counts[index++]!;
    if (count !== 0) {
      position = writeCount(position, count);
      continue;
    }
    let zeros = 1;
    while (index < limit && counts[index] === 0) {
      zeros++;
      index++;
    }
    // A single zero is written as itself, a run as a negative number.
    position = writeVarint(position, zeros === 1 ? 0 : zeros * 2 - 1);
  }

  scratch.writeInt32BE(HDR_COOKIE, 0);
  scratch.writeInt32BE(position - HDR_HEADER_BYTES, 4);
  scratch.writeInt32BE(0, 8); // normalizing index offset
  scratch.writeInt32BE(histogram.numberOfSignificantValueDigits, 12);
  scratch.writeBigInt64BE(BigInt(histogram.lowestDiscernibleValue), 16);
  scratch.writeBigInt64BE(BigInt(histogram.highestTrackableValue), 24);
  scratch.writeDoubleBE(1, 32); // integer to double conversion ratio
  return new Uint8Array(scratch.subarray(0, position));
}

function writeCount(position: number, count: number): number {
  if (!(count > 0 && Number.isSafeInteger(count))) {
    throw new RangeError(`histogram: expected counts from 0 to 2^53 - 1, got ${count}`);
  }
  // Doubling 2^53 - 1 stays exact: it only moves the exponent.
  return writeVarint(position, count * 2);
}

/** LEB128 of a ZigZag value below 2^54: seven bits a byte, the lowest first. */
function writeVarint(start: number, zigzag: number): number {
  let position = start;
  let rest = zigzag;
  while (rest >= 0x80) {
    scratch[position++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  scratch[position++] = rest;
  return position;
}
