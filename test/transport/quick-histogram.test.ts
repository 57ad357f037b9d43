import fc from 'fast-check';
import { Int32Histogram } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { decodeHdrPayload } from '../../src/transport/decode-hdr-payload.js';
import { encodeHdrPayload, HdrPayloads } from '../../src/transport/hdr-payload.js';
import { QuickHistogram } from '../../src/transport/quick-histogram.js';

/** The library's own way, value by value. */
function byTheLibrary(digits: number, values: readonly number[]): Uint8Array {
  const histogram = new Int32Histogram(1, 2, digits);
  histogram.autoResize = true;
  for (const value of values) histogram.recordValue(value);
  return encodeHdrPayload(histogram);
}

function quickly(digits: number, values: readonly number[]): Uint8Array {
  const histogram = new QuickHistogram(digits);
  for (const value of values) histogram.record(value);
  return histogram.payload(Math.max(0, ...values), new HdrPayloads());
}

describe('a quick histogram', () => {
  const value = fc.oneof(
    fc.nat(600),
    fc.nat(2 ** 31 - 1),
    fc.integer({ min: 2 ** 31, max: 2 ** 42 }),
    // Where slots and buckets begin and end.
    fc.tuple(fc.nat(41), fc.integer({ min: -1, max: 1 })).map(([n, d]) => Math.max(0, 2 ** n + d)),
  );

  it.each([1, 2, 3])('of %i digits has the payload that the library makes', (digits) => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (values) => {
        expect(quickly(digits, values)).toEqual(byTheLibrary(digits, values));
      }),
    );
  });

  it('begins anew after a reset, and keeps nothing of what was', () => {
    const histogram = new QuickHistogram(2);
    histogram.record(1_000_000);
    histogram.record(7);
    histogram.reset();
    histogram.record(9);
    const { total, indexes } = decodeHdrPayload(histogram.payload(9, new HdrPayloads()));
    expect(total).toBe(1);
    expect([...indexes]).toEqual([9]);
  });
});
