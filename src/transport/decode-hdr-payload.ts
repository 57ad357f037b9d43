/**
 * An HdrHistogram V2 payload back into counts, with every field checked: the bytes come from the
 * network or a disk. What is allocated is bounded by the length of the bytes, never by a number that
 * stands in them. For receivers, and for the senders that state percentiles.
 */
import { type HdrLayout, hdrLayout } from './hdr-layout.js';
import { HDR_COOKIE, HDR_HEADER_BYTES } from './hdr-payload.js';

/** A count is at most 2^53 - 1: 54 bits with ZigZag, 8 bytes of seven bits. */
const VARINT_BYTES_MAX = 8;

/** The filled slots of a histogram, ascending. `indexes` and `counts` have the same length. */
export interface HdrCounts {
  readonly layout: HdrLayout;
  readonly total: number;
  readonly indexes: Uint32Array;
  readonly counts: Float64Array;
}

/** The bytes are not a payload that can be believed. */
export class HdrFormatError extends Error {
  override readonly name = 'HdrFormatError';

  constructor(expected: string, came: string | number) {
    super(`histogram payload: expected ${expected}, got ${came}`);
  }
}

/**
 * What is decoded is put here first, and copied: payloads come by the ten thousand, and most have few of their slots filled.
 * Nothing of it outlives a call. 192 KiB a thread.
 */
const SCRATCH_SLOTS = 16_384;
const scratchIndexes = new Uint32Array(SCRATCH_SLOTS);
const scratchCounts = new Float64Array(SCRATCH_SLOTS);

/**
 * Decodes and checks a payload.
 * @throws {HdrFormatError} when the header, a varint or the number of counts is not right.
 */
export function decodeHdrPayload(bytes: Uint8Array): HdrCounts {
  const layout = readHeader(bytes);
  const end = bytes.length;
  // Every filled slot takes a byte at least.
  const room = end - HDR_HEADER_BYTES;
  const isSmall = room <= SCRATCH_SLOTS;
  const indexes = isSmall ? scratchIndexes : new Uint32Array(room);
  const counts = isSmall ? scratchCounts : new Float64Array(room);
  let filled = 0;
  let total = 0;
  let index = 0;

  for (let position = HDR_HEADER_BYTES; position < end; ) {
    const start = position;
    let byte = bytes[position++]!;
    let zigzag = byte & 0x7f;
    for (let factor = 0x80; byte >= 0x80; factor *= 0x80) {
      if (position === end) throw new HdrFormatError('a whole varint', 'its first part');
      if (position - start === VARINT_BYTES_MAX) {
        throw new HdrFormatError(`varints of at most ${VARINT_BYTES_MAX} bytes`, 'a longer one');
      }
      byte = bytes[position++]!;
      zigzag += (byte & 0x7f) * factor;
    }

    // Even: a count. Odd: minus a number of zeros.
    if (zigzag % 2 === 0) {
      const count = zigzag / 2;
      if (count > 0) {
        indexes[filled] = index;
        counts[filled++] = count;
        total += count;
      }
      index++;
    } else {
      index += (zigzag + 1) / 2;
    }
    if (index > layout.slots) throw new HdrFormatError(`at most ${layout.slots} counts`, index);
  }
  if (!Number.isSafeInteger(total)) throw new HdrFormatError('a total below 2^53', total);
  return { layout, total, indexes: indexes.slice(0, filled), counts: counts.slice(0, filled) };
}

function readHeader(bytes: Uint8Array): HdrLayout {
  if (bytes.length < HDR_HEADER_BYTES) {
    throw new HdrFormatError(`a header of ${HDR_HEADER_BYTES} bytes`, bytes.length);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cookie = view.getUint32(0);
  if (cookie !== HDR_COOKIE) {
    throw new HdrFormatError('the cookie of V2, 0x1c849313', `0x${cookie.toString(16)}`);
  }
  const length = view.getInt32(4);
  if (length !== bytes.length - HDR_HEADER_BYTES) {
    throw new HdrFormatError(`a length of ${bytes.length - HDR_HEADER_BYTES}`, length);
  }
  // 1 is what hdr-histogram-js writes by mistake; a histogram that was really shifted has more.
  const offset = view.getInt32(8);
  if (offset !== 0 && offset !== 1) throw new HdrFormatError('no normalizing offset', offset);
  try {
    return hdrLayout(view.getInt32(12), Number(view.getBigInt64(16)), Number(view.getBigInt64(24)));
  } catch (error) {
    throw new HdrFormatError('a usable layout', (error as Error).message);
  }
}
