import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHdrPayload } from '../../src/transport/decode-hdr-payload.js';
import { hdrLayout } from '../../src/transport/hdr-layout.js';
import { encodeHdrPayload } from '../../src/transport/hdr-payload.js';
import { MergedHistogram } from '../../src/transport/merged-histogram.js';
import { exactPercentile, payloadOf } from '../collector/make-batch.js';

const require = createRequire(import.meta.url);
const { decodeFromCompressedBase64 } = require('hdr-histogram-js') as {
  decodeFromCompressedBase64(text: string): {
    totalCount: number;
    getValueAtPercentile(p: number): number;
  };
};

const PERMILLES = [500, 900, 950, 990, 999];
const values = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 2 ** 41 })),
  { minLength: 1, maxLength: 300 },
);

/** What a sender may send: any slot of any layout, filled as often as can be written. */
const odd = fc.record({
  digits: fc.integer({ min: 1, max: 3 }),
  highest: fc.integer({ min: 2, max: 2 ** 41 }),
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  count: fc.constantFrom(1, 2 ** 52, Number.MAX_SAFE_INTEGER),
});

interface Odd {
  readonly digits: number;
  readonly highest: number;
  readonly place: number;
  readonly count: number;
}

function oddPayload({ digits, highest, place, count }: Odd): Uint8Array {
  const slot = Math.floor(place * (hdrLayout(digits, 1, highest).slots - 1));
  const _counts = new Float64Array(slot + 1);
  _counts[slot] = count;
  return encodeHdrPayload({
    numberOfSignificantValueDigits: digits,
    lowestDiscernibleValue: 1,
    highestTrackableValue: highest,
    maxValue: slot,
    _counts,
    countsArrayIndex: (value) => value,
  });
}

describe('a merged histogram', () => {
  it('gives every percentile within 0.4 % of the exact value', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const merged = new MergedHistogram();
        merged.add(payloadOf(sample));
        merged.percentiles(PERMILLES).forEach((value, i) => {
          const exact = exactPercentile(sample, PERMILLES[i] as number);
          expect(Math.abs(value - exact)).toBeLessThanOrEqual(exact * 0.004);
        });
      }),
    );
  });

  it('equals the histogram of all values, however they were split', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 8 }), (parts) => {
        const merged = new MergedHistogram();
        for (const part of parts) merged.add(payloadOf(part));
        expect(merged.encode()).toEqual(payloadOf(parts.flat()));
        expect(merged.count).toBe(parts.flat().length);
      }),
    );
  });

  it('is decoded by hdr-histogram-js', () => {
    const sample = Array.from({ length: 1000 }, (_, i) => i * i);
    const merged = new MergedHistogram();
    merged.add(payloadOf(sample));
    const decoded = decodeFromCompressedBase64(merged.encodeBase64() as string);
    expect(decoded.totalCount).toBe(1000);
    const exact = exactPercentile(sample, 950);
    expect(Math.abs(decoded.getValueAtPercentile(95) - exact)).toBeLessThanOrEqual(exact * 0.008);
  });

  it('takes histograms of another precision, at the error of one slot', () => {
    const sample = Array.from({ length: 500 }, (_, i) => 1000 + i * 97);
    const merged = new MergedHistogram();
    merged.add(payloadOf(sample, 2));
    merged.add(payloadOf(sample, 3));
    expect(merged.count).toBe(1000);
    const exact = exactPercentile([...sample, ...sample], 990);
    expect(Math.abs((merged.percentiles([990])[0] as number) - exact)).toBeLessThan(exact * 0.008);
  });

  it('counts past 32 bits', () => {
    let payload = payloadOf([5]);
    for (let doubled = 0; doubled < 33; doubled++) {
      const merged = new MergedHistogram();
      merged.add(payload);
      merged.add(payload);
      payload = merged.encode() as Uint8Array;
    }
    const merged = new MergedHistogram();
    merged.add(payload);
    expect(merged.count).toBe(2 ** 33);
  });

  it('can be read again, whatever was merged that can be read', () => {
    fc.assert(
      fc.property(fc.array(odd, { minLength: 1, maxLength: 5 }), (parts) => {
        const merged = new MergedHistogram();
        for (const part of parts) merged.add(oddPayload(part));
        expect(decodeHdrPayload(merged.encode() as Uint8Array).total).toBe(merged.count);
      }),
    );
  });

  it('is empty again after clear', () => {
    const merged = new MergedHistogram();
    merged.add(payloadOf([1, 2, 3_000_000]));
    merged.clear();
    expect(merged.encode()).toBeUndefined();
    merged.add(payloadOf([7]));
    expect(merged.encode()).toEqual(payloadOf([7]));
  });
});
