import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHdrPayload, HdrFormatError } from '../../src/transport/decode-hdr-payload.js';
import {
  hdrLayout,
  highestOfSlot,
  lowestOfSlot,
  middleOfSlot,
  slotOf,
} from '../../src/transport/hdr-layout.js';
import { encodeHdrPayload, HDR_COOKIE } from '../../src/transport/hdr-payload.js';
import { percentilesOf } from '../../src/transport/percentiles.js';
import {
  decodeFromCompressedBase64,
  doDecode,
  encodeIntoCompressedBase64,
  Float64Histogram,
  Int32Histogram,
} from './hdr-library.js';

const HIGHEST = 4_294_967_295_000;

/** Values of all magnitudes, as durations in µs and sizes in bytes have them. */
const values = fc.array(
  fc.tuple(
    fc.oneof(fc.nat({ max: 1000 }), fc.nat({ max: 10_000_000 }), fc.maxSafeNat()),
    fc.integer({ min: 1, max: 1_000_000 }),
  ),
  { maxLength: 200 },
);
const digits = fc.integer({ min: 1, max: 3 });
const lowest = fc.constantFrom(1, 2, 1000);

function filled(pairs: readonly (readonly [number, number])[], digit = 2, low = 1) {
  const histogram = new Int32Histogram(low, HIGHEST, digit);
  for (const [value, count] of pairs) histogram.recordValueWithCount(value % HIGHEST, count);
  return histogram;
}

function countsOf(histogram: { countsArrayLength: number; getCountAtIndex(i: number): number }) {
  const counts: [number, number][] = [];
  for (let i = 0; i < histogram.countsArrayLength; i++) {
    const count = histogram.getCountAtIndex(i);
    if (count > 0) counts.push([i, count]);
  }
  return counts;
}

function decodedCounts(payload: Uint8Array): [number, number][] {
  const { indexes, counts } = decodeHdrPayload(payload);
  return Array.from(indexes, (index, i) => [index, counts[i]!]);
}

/** The payload inside what hdr-histogram-js writes: cookie, length, deflate. */
function theirPayload(histogram: InstanceType<typeof Int32Histogram>): Uint8Array {
  const compressed = Buffer.from(encodeIntoCompressedBase64(histogram), 'base64');
  return inflateSync(compressed.subarray(8));
}

describe('a histogram payload', () => {
  it('is decoded by hdr-histogram-js to the same counts', () => {
    fc.assert(
      fc.property(values, digits, lowest, (pairs, digit, low) => {
        const histogram = filled(pairs, digit, low);
        const theirs = doDecode(Buffer.from(encodeHdrPayload(histogram)), 32);
        expect(countsOf(theirs)).toEqual(countsOf(histogram));
        expect(theirs.totalCount).toBe(histogram.totalCount);
      }),
    );
  });

  it('that hdr-histogram-js wrote is decoded here to the same counts', () => {
    fc.assert(
      fc.property(values, digits, lowest, (pairs, digit, low) => {
        const histogram = filled(pairs, digit, low);
        expect(decodedCounts(theirPayload(histogram))).toEqual(countsOf(histogram));
      }),
    );
  });

  it('survives its own round trip with layout, total and counts above 32 bits', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 2 ** 44 }), (pairs, large) => {
        const histogram = new Float64Histogram(1, HIGHEST, 2);
        for (const [value] of pairs) histogram.recordValueWithCount(value % HIGHEST, large);
        const decoded = decodeHdrPayload(encodeHdrPayload(histogram));
        expect(decoded.total).toBe(large * pairs.length);
        expect(decoded.layout).toMatchObject({ digits: 2, lowest: 1, highest: HIGHEST });
        expect(Array.from(decoded.indexes, (slot, i) => [slot, decoded.counts[i]])).toEqual(
          countsOf(histogram),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('differs from that of hdr-histogram-js only in the two header fields it gets wrong', () => {
    const histogram = filled([
      [5, 1],
      [123_456, 70],
    ]);
    const ours = Buffer.from(encodeHdrPayload(histogram));
    const theirs = Buffer.from(theirPayload(histogram)).subarray(0, ours.length);
    expect(ours.readInt32BE(8)).toBe(0);
    expect(theirs.readInt32BE(8)).toBe(1);
    expect(ours.readDoubleBE(32)).toBe(1);
    theirs.writeInt32BE(0, 8);
    theirs.writeDoubleBE(1, 32);
    expect(ours.equals(theirs)).toBe(true);
  });

  it('of a histogram that grew on its own is decoded to the same counts', () => {
    fc.assert(
      fc.property(values, digits, (pairs, digit) => {
        const histogram = new Int32Histogram(1, 2, digit);
        histogram.autoResize = true;
        for (const [value, count] of pairs) histogram.recordValueWithCount(value % HIGHEST, count);
        const payload = encodeHdrPayload(histogram);
        expect(decodedCounts(payload)).toEqual(countsOf(histogram));
        expect(countsOf(doDecode(Buffer.from(payload), 32))).toEqual(countsOf(histogram));
      }),
    );
  });

  it('of an empty histogram is 41 bytes and holds no counts', () => {
    const payload = encodeHdrPayload(new Int32Histogram(1, HIGHEST, 2));
    expect(payload.length).toBe(41);
    expect(decodeHdrPayload(payload)).toMatchObject({ total: 0 });
  });

  it('does not change when the next one is encoded', () => {
    const first = encodeHdrPayload(filled([[10, 3]]));
    const copy = Uint8Array.from(first);
    encodeHdrPayload(filled([[99_999, 12]]));
    expect(first).toEqual(copy);
  });

  it('gives the quantiles and slot limits that hdr-histogram-js gives', () => {
    fc.assert(
      fc.property(
        values,
        digits,
        lowest,
        fc.integer({ min: 1, max: 1000 }),
        (pairs, d, low, permille) => {
          fc.pre(pairs.length > 0);
          const histogram = filled(pairs, d, low);
          const decoded = decodeHdrPayload(encodeHdrPayload(histogram));
          for (const index of decoded.indexes) {
            const value = lowestOfSlot(decoded.layout, index);
            expect(histogram.countsArrayIndex(value)).toBe(index);
            expect(histogram.countsArrayIndex(highestOfSlot(decoded.layout, index))).toBe(index);
            expect(middleOfSlot(decoded.layout, index)).toBe(
              histogram.medianEquivalentValue(value),
            );
            expect(slotOf(decoded.layout, value)).toBe(index);
            expect(slotOf(decoded.layout, highestOfSlot(decoded.layout, index))).toBe(index);
          }
          const slot = histogram.countsArrayIndex(percentilesOf(decoded, [permille])[0]!);
          const q = permille / 1000;
          let before = 0;
          for (let i = 0; i < slot; i++) before += histogram.getCountAtIndex(i);
          expect(before).toBeLessThan(q * decoded.total);
          expect(before + histogram.getCountAtIndex(slot)).toBeGreaterThanOrEqual(
            q * decoded.total,
          );
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a damaged histogram payload', () => {
  const whole = encodeHdrPayload(
    filled([
      [3, 1],
      [900, 70_000],
      [5_000_000, 300],
    ]),
  );

  it('is refused when it is cut at any byte', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeHdrPayload(whole.subarray(0, length))).toThrow(HdrFormatError);
    }
  });

  it('is refused when a byte follows', () => {
    expect(() => decodeHdrPayload(Buffer.concat([whole, Buffer.of(2)]))).toThrow(HdrFormatError);
  });

  it.each([
    ['another cookie', 0, HDR_COOKIE + 1],
    ['a length that is not its own', 4, 0x7fff_ffff],
    ['a negative length', 4, -1],
    ['shifted counts', 8, 128],
    ['0 digits', 12, 0],
    ['6 digits', 12, 6],
    ['a negative lowest value', 16, -1],
    ['a highest value above 2^53', 24, 0x7fff_ffff],
    ['a highest value that is negative', 24, -1],
  ])('is refused with %s', (_name, offset, value) => {
    const bytes = Buffer.from(whole);
    bytes.writeInt32BE(value, offset);
    expect(() => decodeHdrPayload(bytes)).toThrow(HdrFormatError);
  });

  it('is refused when a varint has no end, is too long, or leaves the range', () => {
    const header = Buffer.from(whole.subarray(0, 40));
    const withBody = (...body: number[]) => {
      header.writeInt32BE(body.length, 4);
      return Buffer.concat([header, Buffer.from(body)]);
    };
    expect(() => decodeHdrPayload(withBody(0x80))).toThrow('a whole varint');
    expect(() => decodeHdrPayload(withBody(...Array(9).fill(0x80), 1))).toThrow('at most 8 bytes');
    expect(() => decodeHdrPayload(withBody(0xff, 0xff, 0xff, 0x7f, 2))).toThrow('counts');
    const many = Array.from({ length: 30_000 }, () => 2);
    expect(() => decodeHdrPayload(withBody(...many))).toThrow('counts');
    const full = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f];
    expect(() => decodeHdrPayload(withBody(...full, ...full, 2))).toThrow('total');
    expect(decodeHdrPayload(withBody(2, 4)).total).toBe(3);
  });

  it('never makes more than its own length in memory, whatever its bytes say', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const hostile = Buffer.concat([whole.subarray(0, 40), bytes]);
        hostile.writeInt32BE(bytes.length, 4);
        let decoded: ReturnType<typeof decodeHdrPayload> | undefined;
        try {
          decoded = decodeHdrPayload(hostile);
        } catch (error) {
          expect(error).toBeInstanceOf(HdrFormatError);
        }
        expect(decoded?.indexes.length ?? 0).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });

  it('cannot be written from a histogram with a negative or broken count', () => {
    const broken = new Float64Histogram(1, 1000, 2);
    broken.recordValue(5);
    broken._counts[5] = Number.NaN;
    expect(() => encodeHdrPayload(broken)).toThrow('got NaN');
    broken._counts[5] = -1;
    expect(() => encodeHdrPayload(broken)).toThrow('got -1');
  });
});

describe('a histogram layout', () => {
  it('has the slots that hdr-histogram-js has', () => {
    fc.assert(
      fc.property(
        digits,
        lowest,
        fc.integer({ min: 2000, max: Number.MAX_SAFE_INTEGER }),
        (d, low, high) => {
          const histogram = new Int32Histogram(low, high, d);
          expect(hdrLayout(d, low, high).slots).toBe(histogram.countsArrayLength);
        },
      ),
    );
  });

  it('is refused when the highest value is not twice the lowest', () => {
    expect(() => hdrLayout(2, 10, 19)).toThrow('from 20');
  });
});

it('is read back by the package entry after compression by the package itself', () => {
  const histogram = filled([[42, 7]]);
  const decoded = decodeFromCompressedBase64(encodeIntoCompressedBase64(histogram));
  expect(decoded.totalCount).toBe(decodeHdrPayload(encodeHdrPayload(histogram)).total);
});
