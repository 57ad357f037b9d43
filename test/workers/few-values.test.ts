import fc from 'fast-check';
import { Int32Histogram } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { decodeHdrPayload } from '../../src/transport/decode-hdr-payload.js';
import { encodeHdrPayload, HdrPayloads } from '../../src/transport/hdr-payload.js';
import { QuickHistogram } from '../../src/transport/quick-histogram.js';
import { FEW_MAX, FewValues } from '../../src/workers/few-values.js';

function byTheLibrary(digits: number, values: readonly number[]): Uint8Array {
  const histogram = new Int32Histogram(1, 2, digits);
  histogram.autoResize = true;
  for (const value of values) histogram.recordValue(value);
  return encodeHdrPayload(histogram);
}

function kept(values: readonly number[]): FewValues {
  const few = new FewValues();
  for (const value of values) expect(few.add(value)).toBe(true);
  return few;
}

describe('few values', () => {
  const value = fc.oneof(
    fc.nat(600),
    fc.nat(2 ** 31 - 1),
    fc.integer({ min: 2 ** 31, max: 2 ** 42 }),
    // Where slots and buckets begin and end.
    fc.tuple(fc.nat(41), fc.integer({ min: -1, max: 1 })).map(([n, d]) => Math.max(0, 2 ** n + d)),
  );
  const values = fc.array(value, { minLength: 1, maxLength: FEW_MAX });

  it.each([1, 2, 3])('of %i digits have the payload of a histogram of the library', (digits) => {
    fc.assert(
      fc.property(values, (some) => {
        const payload = kept(some).payload(digits, new HdrPayloads());
        expect(payload).toEqual(byTheLibrary(digits, some));
      }),
    );
  });

  it('are refused when there is no room for another, which changes nothing', () => {
    const some = Array.from({ length: FEW_MAX }, (_, i) => i * 1000);
    const few = kept(some);
    expect(few.add(5)).toBe(false);
    expect(few.payload(2, new HdrPayloads())).toEqual(byTheLibrary(2, some));
  });

  it('leave themselves to a histogram, and are none then', () => {
    const few = kept([9, 70_000, 9]);
    const histogram = new QuickHistogram(2);
    few.moveTo(histogram);
    expect(histogram.payload(70_000, new HdrPayloads())).toEqual(byTheLibrary(2, [9, 70_000, 9]));
    expect(few.add(3)).toBe(true);
    expect(few.payload(2, new HdrPayloads())).toEqual(byTheLibrary(2, [3]));
  });

  it('begin anew when they are cleared', () => {
    const few = kept([1_000_000]);
    few.clear();
    few.add(7);
    const { total, indexes } = decodeHdrPayload(few.payload(2, new HdrPayloads()));
    expect(total).toBe(1);
    expect([...indexes]).toEqual([7]);
  });
});
